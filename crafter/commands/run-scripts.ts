import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import { text as textOf } from 'node:stream/consumers';
import { endpointText } from '../endpoint.js';
import type { ForgedEnd } from '../frames/forged-end.js';
import { recordPlays } from '../io/record-plays.js';
import { isRefusal, systemReason } from '../io/system-reason.js';
import { check, type Defines } from '../script/check.js';
import type { Overrides } from '../script/check-settings.js';
import { type Included, parse } from '../script/parser.js';
import type { Play } from '../script/play.js';
import { failureText, storyText, verdictLine } from '../script/report.js';
import { playJson } from '../script/report-json.js';
import type { Script, Target } from '../script/script.js';
import { ScriptError } from '../script/script-error.js';
import { playVirtually } from '../script/virtual-play.js';
import { CraftError } from './craft-error.js';
import { forgedEnd } from './forge-end.js';
import { interfacePlayer, type PlayOnNetwork, udpPlayer } from './network-players.js';
import type { InterfaceIo, RunIo } from './run-io.js';

/** What `run` is told. */
export interface RunOptions {
  readonly target?: Target;
  readonly listen?: Target;
  readonly interface?: string;
  readonly layer: readonly string[];
  readonly yes?: boolean;
  readonly peerId?: Uint8Array;
  readonly remoteId?: Uint8Array;
  readonly secret?: Uint8Array;
  readonly seed?: number;
  readonly define: Defines;
  readonly timeout?: number;
  readonly verbose?: boolean;
  readonly json?: boolean;
  readonly write?: string;
}

const overridesOf = (options: RunOptions, end: ForgedEnd | undefined): Overrides => {
  const { target, listen, peerId, remoteId, secret, seed, timeout } = options;
  const where: Target | undefined = end ? { kind: 'udp', ...end.remote } : (target ?? listen);
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
export async function run(
  files: readonly string[],
  options: RunOptions,
  io: RunIo,
  interfaceIo: InterfaceIo,
): Promise<void> {
  try {
    const end = endOf(options);
    const scripts: Script[] = [];
    // All are read before the first packet leaves.
    for (const file of files) {
      const tree = parse(file, await sourceOf(file), includedFrom);
      scripts.push(check(tree, overridesOf(options, end), options.define));
    }
    checkDefines(scripts, options.define);
    const plays: Play[] = [];
    const times: number[] = [];
    const signal = io.interrupted();
    const out = options.write === '-' ? io.stderr : io.stdout;
    if (options.write !== undefined && options.write !== '-') io.outlast?.();
    const tell = options.json ? () => {} : (text: string) => void out.write(`# ${text}\n`);
    const player =
      end && options.interface !== undefined
        ? await interfacePlayer(scripts, end, options.interface, {
            ...interfaceIo,
            yes: options.yes ?? false,
            signal,
            tell,
          })
        : udpPlayer(signal, tell);
    for (const script of scripts) {
      if (signal.aborted) break;
      times.push(Date.now());
      const play = await playOne(script, player);
      plays.push(play);
      out.write(textFor(play, options));
      complainAbout(play, io);
    }
    if (options.write !== undefined) record(options.write, plays, times, io);
  } catch (error) {
    if (error instanceof ScriptError || error instanceof UnreadableScript) io.complain(`run: ${error.message}`, 2);
    else if (error instanceof CraftError) io.complain(`run: ${error.message}`, error.status);
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

async function playOne(script: Script, onNetwork: PlayOnNetwork): Promise<Play> {
  const seed = script.seed ?? randomInt(2 ** 31);
  return script.target.kind === 'peer' ? playVirtually(script, seed) : onNetwork(script, seed);
}

/** The end that scripts are on an interface. */
function endOf({ interface: name, layer }: RunOptions): ForgedEnd | undefined {
  if (name !== undefined) return forgedEnd(layer);
  if (layer.length > 0) throw new CraftError('--layer: goes with -i, otherwise the system makes the layers');
  return undefined;
}

function record(path: string, plays: readonly Play[], times: readonly number[], { stdout }: RunIo): void {
  try {
    recordPlays(path, plays, times, stdout);
  } catch (error) {
    if (isRefusal(error)) throw new CraftError(`${path}: ${systemReason(error)}`, 1);
    throw error;
  }
}

/** A script that is not there. */
class UnreadableScript extends Error {}

/** Reads what a script includes; names are relative to the file that says them, for standard input to the own folder. */
function includedFrom(name: string, from: string): Included {
  const file = isAbsolute(name) || from === '-' ? name : join(dirname(from), name);
  try {
    return { file, text: readFileSync(file, 'utf8') };
  } catch (error) {
    if (isRefusal(error)) throw new UnreadableScript(`${file}: ${systemReason(error)}`);
    throw error;
  }
}

/** @throws {CraftError} if a variable was given a value that no script asks for: most often it is a misspelling */
function checkDefines(scripts: readonly Script[], defines: Defines): void {
  for (const name of defines.keys()) {
    if (scripts.every(({ unused }) => unused.includes(name)))
      throw new CraftError(`--define ${name}: no script asks for it`);
  }
}

async function sourceOf(file: string): Promise<string> {
  try {
    return file === '-' ? await textOf(process.stdin) : await readFile(file, 'utf8');
  } catch (error) {
    if (isRefusal(error)) throw new UnreadableScript(`${file}: ${systemReason(error)}`);
    throw error;
  }
}
