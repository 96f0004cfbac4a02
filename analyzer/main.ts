#!/usr/bin/env node
import { mindOutput } from './lost-output.js';
import { version } from './version.js';

const [, , word, ...more] = process.argv;
// Scripts ask for nothing but the version, and should not wait for everything else to load.
if ((word === '--version' || word === '-v') && more.length === 0) {
  mindOutput(process, (problem) => process.stderr.write(`handshark: ${problem}\n`));
  process.stdout.write(`${version()}\n`);
} else {
  const { runCommandLine } = await import('./command-line.js');
  await runCommandLine(process);
}
