#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { isatty } from 'node:tty';
import { setFlagsFromString } from 'node:v8';
import { limitReached } from './commands/limit-reached.js';
import { loadInTurn } from './load-in-turn.js';
import { mindOutput } from './lost-output.js';
import { version } from './version.js';

const [, , word = '', ...more] = process.argv;
// Scripts ask for nothing but the version, and should not wait for everything else to load.
if ((word === '--version' || word === '-v') && more.length === 0) {
  mindOutput(process, (problem) => process.stderr.write(`handshark: ${problem}\n`));
  process.stdout.write(`${version()}\n`);
} else if (word !== 'extcap' || !(await isAnswered(more))) {
  // How far the heap grows before it is collected whole, in percent of what was alive. V8 lets it grow to four times as
  // much: the channels of a flood, which live for a while, took 420 MB where 75 MB were alive.
  setFlagsFromString('--heap-growing-percent=60');
  await loadInTurn();
  // The screen will most likely be opened on a file: it is read in a thread that starts while the rest is loaded.
  const last = more.at(-1) ?? '';
  const isFileNamed = existsSync(word) || (word.startsWith('-') && existsSync(last));
  if (isFileNamed && isatty(1)) {
    const { expectScan } = await import('./index/scan-thread.js');
    expectScan(new URL('./scan-worker.js', import.meta.url));
  }
  try {
    const { runCommandLine } = await import('./command-line.js');
    await runCommandLine(process);
  } catch (error) {
    // The files of the program itself could not be opened.
    process.stderr.write(`handshark: ${limitReached(error) ?? `internal error: ${error}`}\n`);
    process.exitCode = 1;
  }
}

/** Wireshark asks a process for each interface, one after the other: it gets its answer before all else is loaded. */
async function isAnswered(words: readonly string[]): Promise<boolean> {
  const { answerTo, questionIn } = await import('./extcap/answers.js');
  const question = questionIn(words);
  const lines = question && answerTo(question, version());
  if (!lines) return false;
  mindOutput(process, (problem) => process.stderr.write(`handshark: ${problem}\n`));
  process.stdout.write(lines.map((line) => `${line}\n`).join(''));
  return true;
}
