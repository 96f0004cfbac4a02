import type { Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { toHex } from '../../dissectors/wire/view.js';
import { endpointFrom } from '../endpoint.js';
import type { Run, UsedSecret } from '../simulation/simulate.js';
import type { SentPacket } from '../simulation/watch.js';
import type { Moment } from './clock.js';
import { PcapSink } from './pcap-sink.js';

/** When virtual time begins: 2026-01-01T00:00:00Z, in seconds since 1970, so that the same run makes the same file. */
const EPOCH = 1_767_225_600;
/** Runs in one file begin so many seconds after each other's end. */
const APART = 1;

const MS = 1000;
const NANOS = 1_000_000;

/**
 * Writes the packets of simulations as a capture: each as it was sent, with a comment if it did not arrive.
 *
 * @param withSecrets whether the secrets that judge the cookies are in the file
 * @param stdout what the path `-` stands for
 * @throws what the system says if the file cannot be written
 */
export function recordSimulation(path: string, runs: readonly Run[], withSecrets: boolean, stdout: Writable): void {
  const sink = new PcapSink(path, stdout, true);
  try {
    for (const { run, start } of placed(runs)) {
      if (withSecrets) sink.secrets(secretLines(run, start));
      for (const packet of run.packets) recordPacket(sink, packet, start);
    }
  } catch (error) {
    sink.abandon();
    throw error;
  }
  sink.close();
}

/** A run in a recording, and when it starts there, in seconds since 1970. */
interface Placed {
  readonly run: Run;
  readonly start: number;
}

/** Runs one after the other. */
function* placed(runs: readonly Run[]): Generator<Placed> {
  let start = EPOCH;
  for (const run of runs) {
    yield { run, start };
    start += Math.ceil(run.duration / MS) + APART;
  }
}

function recordPacket(sink: PcapSink, { at, from, to, bytes, comment }: SentPacket, start: number): void {
  const [source, target] = [endpointFrom(from), endpointFrom(to)];
  if (source && target) sink.datagram(bytes, source, target, momentAt(start, at), comment);
}

const secretLines = ({ secrets }: Run, start: number): string =>
  secrets.map((secret) => secretLine(secret, start)).join('');

/** How long between two packets, in milliseconds: as long as it was, but no longer than can be watched. */
const LONGEST_PAUSE = 300;
/** How long a whole recording grows, in milliseconds, at most. */
const LONGEST = 15_000;

/**
 * Writes the packets of simulations as `recordSimulation` does, with the secrets, but each when its time comes, so that
 * whoever reads the file as it grows sees the runs happen. Long pauses are made short.
 *
 * @param path a new file, which has its first bytes when this returns
 * @param signal writes the rest at once
 * @returns fulfilled when all is written
 * @throws what the system says if the file cannot be written
 */
export function growSimulation(path: string, runs: readonly Run[], signal: AbortSignal): Promise<void> {
  const sink = new PcapSink(path);
  const all = [...placed(runs)];
  for (const { run, start } of all) sink.secrets(secretLines(run, start));
  sink.flush();
  return writeSlowly(sink, all, signal).finally(() => sink.close());
}

async function writeSlowly(sink: PcapSink, all: readonly Placed[], signal: AbortSignal): Promise<void> {
  const steps = all.flatMap(({ run, start }) => run.packets.map((packet) => ({ packet, start })));
  const times = steps.map(({ packet, start }) => start * MS + packet.at);
  const pauses = times.map((time, place) => Math.min(LONGEST_PAUSE, Math.max(0, time - (times[place - 1] ?? time))));
  const total = pauses.reduce((sum, pause) => sum + pause, 0);
  const speed = Math.max(1, total / LONGEST);
  let owed = 0;
  for (const [place, { packet, start }] of steps.entries()) {
    owed += (pauses[place] ?? 0) / speed;
    if (owed >= TICK && !signal.aborted) {
      sink.flush();
      // Rejects when the rest is wanted at once.
      await delay(owed, undefined, { signal }).catch(() => {});
      owed = 0;
    }
    recordPacket(sink, packet, start);
  }
}

/** Shorter pauses are put together, in milliseconds. */
const TICK = 20;

/** A line of a secrets file. Source: protocol page, "Secrets file". */
const secretLine = ({ peer, secret, from, until }: UsedSecret, start: number): string =>
  `PEER_SECRET ${toHex(peer)} ${toHex(secret)} ${epochText(start, from)} ${epochText(start, until)}\n`;

const epochText = (start: number, ms: number): string => (start + ms / MS).toFixed(3);

function momentAt(start: number, ms: number): Moment {
  const seconds = Math.floor(ms / MS);
  return { seconds: start + seconds, nanos: Math.floor((ms - seconds * MS) * NANOS) };
}
