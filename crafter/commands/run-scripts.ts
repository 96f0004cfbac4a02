import { randomInt } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { text as textOf } from 'node:stream/consumers';
import { endpointText } from '../endpoint.js';
import { recordPlays } from '../io/record-plays.js';
import { isRefusal, systemReason } from '../io/system-reason.js';
import { playOverUdp } from '../io/udp-play.js';
import { check } from '../script/check.js';
import type { Overrides } from '../script/check-settings.js';
import { parse } from '../script/parser.js';
import type { Play } from '../script/play.js';
import { failureText, storyText, verdictLine } from '../script/report.js';
import { playJson } from '../script/report-json.js';
import type { Script, Target } from '../script/script.js';
import { ScriptError } from '../script/script-error.js';
import { playVirtually } from '../script/virtual-play.js';
import type { RunIo } from './run-io.js';

/** What `run` is told. */
export interface RunOptions {
  readonly target?: Target;
  readonly listen?: Target;
  readonly peerId?: Uint8Array;
  readonly remoteId?: Uint8Array;
  readonly secret?: Uint8Array;
  readonly seed?: number;
  readonly timeout?: number;
  readonly verbose?: boolean;
  readonly json?: boolean;
  readonly write?: string;
}

const overridesOf = ({ target, listen, peerId, remoteId, secret, seed, timeout }: RunOptions): Overrides => {
  const where = target ?? listen;
  return {
    ...(where && { target: where }),
    ...(peerId && { local: peerId }),
    ...(remoteId && { remote: remoteId }),
    ...(secret && { secret }),
    ...(seed !== undefined && { seed }),
    ...(timeout !== undefined && { timeout }),
  };
};

/** Reads and checks all scripts, then plays them one after the other. */
export async function run(files: readonly string[], options: RunOptions, io: RunIo): Promise<void> {
  try {
    const scripts: Script[] = [];
    // All are read before the first packet leaves.
    for (const file of files) scripts.push(check(parse(file, await sourceOf(file)), overridesOf(options)));
    const plays: Play[] = [];
    const times: number[] = [];
    const signal = io.interrupted();
    for (const script of scripts) {
      if (signal.aborted) break;
      times.push(Date.now());
      const play = await playOne(script, signal, options.json ? () => {} : (text) => io.stdout.write(`# ${text}\n`));
      plays.push(play);
      io.stdout.write(textFor(play, options));
      complainAbout(play, io);
    }
    if (options.write !== undefined) record(options.write, plays, times);
  } catch (error) {
    if (error instanceof ScriptError || error instanceof UnreadableScript) io.complain(`run: ${error.message}`, 2);
    else if (error instanceof Refused) io.complain(`run: ${error.message}`, 1);
    else throw error;
  }
}

function textFor(play: Play, { json, verbose }: RunOptions): string {
  if (json) return `${JSON.stringify(playJson(play))}\n`;
  return `${verdictLine(play)}\n${verbose ? storyText(play) : ''}${failureText(play)}`;
}

/** The line on standard error, and the exit status. */
function complainAbout(play: Play, io: RunIo): void {
  const { outcome, script } = play;
  if (outcome.verdict === 'fail') io.complain(`run: ${verdictLine(play).replace(/^FAIL /, '')}`, 1);
  else if (outcome.verdict === 'unreachable') io.complain(`run: ${script.file}: ${placeText(script)}${outcome.why}`, 1);
}

const placeText = ({ target }: Script): string => (target.kind === 'peer' ? '' : `${endpointText(target)}: `);

async function playOne(script: Script, signal: AbortSignal, tell: (text: string) => void): Promise<Play> {
  const seed = script.seed ?? randomInt(2 ** 31);
  const { target } = script;
  if (target.kind === 'peer') return playVirtually(script, seed);
  try {
    return await playOverUdp(script, seed, {
      signal,
      onListening: (address) => tell(`waiting at ${address} for the first packet`),
      onCommand: (name) => tell(`now the other peer should ${name} its channel`),
    });
  } catch (error) {
    if (isRefusal(error)) throw new Refused(`${endpointText(target)}: ${systemReason(error)}`);
    throw error;
  }
}

function record(path: string, plays: readonly Play[], times: readonly number[]): void {
  try {
    recordPlays(path, plays, times);
  } catch (error) {
    if (isRefusal(error)) throw new Refused(`${path}: ${systemReason(error)}`);
    throw error;
  }
}

/** A script that is not there. */
class UnreadableScript extends Error {}

/** What the system would not do. */
class Refused extends Error {}

async function sourceOf(file: string): Promise<string> {
  try {
    return file === '-' ? await textOf(process.stdin) : await readFile(file, 'utf8');
  } catch (error) {
    if (isRefusal(error)) throw new UnreadableScript(`${file}: ${systemReason(error)}`);
    throw error;
  }
}
