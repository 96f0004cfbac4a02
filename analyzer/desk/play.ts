import { randomInt } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { BARE_LINK_TYPE } from '../../crafter/commands/craft-layers.js';
import { endpointText } from '../../crafter/endpoint.js';
import { recordPlays } from '../../crafter/io/record-plays.js';
import { isRefusal, systemReason } from '../../crafter/io/system-reason.js';
import { playOverUdp } from '../../crafter/io/udp-play.js';
import { check } from '../../crafter/script/check.js';
import { parse } from '../../crafter/script/parser.js';
import type { Play, PlayedPacket } from '../../crafter/script/play.js';
import { failureText, notesOf, verdictLine } from '../../crafter/script/report.js';
import type { Script } from '../../crafter/script/script.js';
import { ScriptError } from '../../crafter/script/script-error.js';
import { playVirtually } from '../../crafter/script/virtual-play.js';
import { verdictOf } from '../store/craft/verdict.js';
import type { RunLine, RunNews } from '../store/state/craft.js';

/** A script is read only up to this size, in bytes. */
const MOST_SCRIPT = 1 << 20;
/** Packets that are told of; all are recorded. */
const MOST_TOLD = 10_000;

type Tell = (news: RunNews) => void;

/**
 * Plays a script, as `handshark run` does: against the built-in peer, or over UDP, as the script says. Never throws:
 * what goes wrong is the last news.
 * @param recording where the packets are recorded
 */
export async function play(path: string, recording: string, signal: AbortSignal, tell: Tell): Promise<void> {
  const told = (status: string, more: Partial<RunNews> = {}): void =>
    tell({ restart: false, lines: [], status, severity: 'chat', done: false, recording: undefined, ...more });
  try {
    const script = check(parse(path, await scriptAt(path)), {});
    const began = Date.now();
    const played = await playOne(script, signal, told);
    const kept = record(recording, played, began);
    told(signal.aborted ? endedText(path) : verdictLine(played), {
      restart: true,
      lines: [...storyOf(played), ...failureLines(played), ...(kept === undefined ? [] : [line(kept, 'warn')])],
      severity: signal.aborted ? 'note' : played.outcome.verdict === 'pass' ? 'chat' : 'error',
      done: true,
      recording: kept === undefined ? recording : undefined,
    });
  } catch (error) {
    if (signal.aborted) told(endedText(path), { severity: 'note', done: true });
    else told(`cannot play: ${problemOf(error, path)}`, { severity: 'error', done: true });
  }
}

const endedText = (path: string): string => `ended: playing ${path}`;

const line = (text: string, severity: 'chat' | 'warn' | 'error'): RunLine => ({ type: 'text', text, severity });

function problemOf(error: unknown, path: string): string {
  if (error instanceof ScriptError) return error.message.split('\n')[0] ?? path;
  if (isRefusal(error)) return `${path}: ${systemReason(error)}`;
  return error instanceof Error ? error.message : String(error);
}

async function scriptAt(path: string): Promise<string> {
  const { size } = await stat(path);
  if (size > MOST_SCRIPT) throw new Error(`${path}: larger than ${MOST_SCRIPT} bytes`);
  return readFile(path, 'utf8');
}

async function playOne(
  script: Script,
  signal: AbortSignal,
  told: (status: string, more?: Partial<RunNews>) => void,
): Promise<Play> {
  const { target } = script;
  const seed = script.seed ?? randomInt(2 ** 31);
  if (target.kind === 'peer') return playVirtually(script, seed);
  let packets = 0;
  try {
    return await playOverUdp(script, seed, {
      signal,
      onListening: (address) => told(`waiting at ${address} for the first packet`),
      onCommand: (name) => told(`now the other peer should ${name} its channel`),
      onPacket: (packet) => {
        packets += 1;
        if (packets <= MOST_TOLD) told(`playing with ${endpointText(target)}`, { lines: [packetLine(packet, '')] });
      },
    });
  } catch (error) {
    if (isRefusal(error)) throw new Error(`${endpointText(target)}: ${systemReason(error)}`);
    throw error;
  }
}

function packetLine({ at, way, bytes }: PlayedPacket, note: string): RunLine {
  const { info, severity } = verdictOf(bytes, BARE_LINK_TYPE);
  return { type: 'packet', at, way, info, severity, bytes, note };
}

/** All packets, with the lines of the script that they belong to. */
function storyOf(played: Play): readonly RunLine[] {
  const notes = notesOf(played);
  return played.packets.slice(0, MOST_TOLD).map((packet) => packetLine(packet, notes.get(packet.bytes) ?? ''));
}

/** Why it failed, in the words of `handshark run`. */
const failureLines = (played: Play): readonly RunLine[] =>
  failureText(played)
    .split('\n')
    .filter((text) => text.trim() !== '')
    .map((text) => line(text, 'error'));

/** @returns why it was not recorded; undefined if it was */
function record(path: string, played: Play, began: number): string | undefined {
  try {
    recordPlays(path, [played], [began]);
    return undefined;
  } catch (error) {
    return `not recorded: ${path}: ${systemReason(error)}`;
  }
}
