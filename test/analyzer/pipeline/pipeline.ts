import { readdirSync } from 'node:fs';
import { Readable, Writable } from 'node:stream';
import { openCapture } from '../../../analyzer/capture/capture.js';
import { readSecrets } from '../../../analyzer/capture/read-secrets.js';
import { type DecodeOptions, decode } from '../../../analyzer/commands/decode.js';
import type { Io } from '../../../analyzer/commands/io.js';
import { openReading, packetsOf, secretsFrom } from '../../../analyzer/commands/reading.js';
import { Examiner } from '../../../analyzer/index/examine.js';
import { PacketIndex } from '../../../analyzer/index/packet-index.js';
import { type Replayable, replay } from '../../../analyzer/index/replay.js';
import { scan } from '../../../analyzer/index/scan.js';
import { packetJson } from '../../../analyzer/print/json.js';
import type { Packet } from '../../../analyzer/print/packet.js';
import { hexText, packetLine, treeText } from '../../../analyzer/print/text.js';
import { packetTree } from '../../../analyzer/print/tree.js';
import { parseSecrets } from '../../../analyzer/track/secrets.js';

/** The captures in `fixtures/`, by their names there. */
export const FIXTURES: readonly string[] = readdirSync('fixtures').filter((name) => /\.pcap(ng)?(\.\w+)?$/.test(name));

/** The secrets file beside a fixture. */
export function secretsBeside(name: string): readonly string[] {
  const secrets = name.replace(/\.pcap.*$/, '.secrets');
  return readdirSync('fixtures').includes(secrets) ? [`fixtures/${secrets}`] : [];
}

/** All that is printed of a packet, in every way there is. */
export interface Printed {
  readonly json: string;
  readonly line: string;
  readonly tree: string;
  readonly hex: string;
}

export const printed = (packet: Packet): Printed => ({
  json: packetJson(packet),
  line: packetLine(packet, '', false),
  tree: treeText(packetTree(packet)),
  hex: hexText(packet),
});

const READING = { secrets: [], track: true, color: 'never' } as const;

/** What the packets of a capture are when they are examined one after the other. */
export async function streamed(path: string, secrets: readonly string[] = []): Promise<readonly Printed[]> {
  const reading = await openReading(path, { ...READING, secrets });
  const all: Printed[] = [];
  try {
    for await (const next of packetsOf(reading)) {
      for (let packet = next(); packet; packet = next()) all.push(printed(packet));
    }
  } finally {
    await reading.capture.close();
  }
  return all;
}

/** A capture that was scanned as the UI scans it, but for its thread. */
export async function indexed(
  path: string,
  files: readonly string[] = [],
  step = Number.POSITIVE_INFINITY,
): Promise<Replayable & { readonly close: () => Promise<void> }> {
  const secrets = [...secretsFrom(files), ...parseSecrets((await readSecrets(path)).join('\n'), path)];
  const capture = await openCapture(path, { randomAccess: true });
  const examiner = new Examiner({ secrets });
  const index = new PacketIndex();
  for await (const { view, records, base, first } of capture.batches()) {
    const linkTypes = (row: number) => capture.interfaces[records.interfaceId[row] ?? 0]?.linkType ?? -1;
    for (let from = 0; from < records.count; from += step) {
      const to = Math.min(records.count, from + step);
      const { columns, rows, pool } = scan(examiner, { view, records, linkTypes }, base, first, from, to);
      index.append(columns, rows, pool);
    }
  }
  return {
    index,
    interfaces: capture.interfaces,
    comments: capture.log.comments,
    secrets,
    dialect: undefined,
    bytesAt: (offset, length) => {
      const bytes = new Uint8Array(length);
      bytes.set(capture.readAt(offset, length));
      return bytes;
    },
    close: () => capture.close(),
  };
}

/** What packets of a scanned capture are when they are shown, in this order. */
export const replayed = (capture: Replayable, numbers: readonly number[]): readonly Printed[] =>
  numbers.map((number) => printed(replay(capture, number)));

/** What a command has printed and said, and the exit status it has earned. */
export interface Outcome {
  readonly stdout: string;
  readonly complaints: readonly string[];
  readonly status: number;
}

/** Runs `decode` in this process. */
export async function decoded(path: string, options: Partial<DecodeOptions> = {}): Promise<Outcome> {
  const pieces: Buffer[] = [];
  const complaints: string[] = [];
  let status = 0;
  const stdout = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      pieces.push(chunk);
      done();
    },
  });
  const io: Io = {
    stdout,
    isTerminal: false,
    columns: undefined,
    env: {},
    complain: (problem, worse) => {
      complaints.push(problem);
      status = Math.max(status, worse);
    },
    interrupted: () => new AbortController().signal,
  };
  await decode(path, { ...READING, field: [], fieldOption: [], time: 'r', ...options }, io);
  return { stdout: Buffer.concat(pieces).toString(), complaints, status };
}

/** The packets that can be read from bytes that come through a pipe. */
export async function packetsInPipe(bytes: Uint8Array): Promise<number> {
  const capture = await openCapture('-', { stdin: Readable.from([Buffer.from(bytes)]) });
  try {
    for await (const { records } of capture.batches()) void records;
    return capture.packets;
  } finally {
    await capture.close();
  }
}

/** Chance that is the same in every run. */
export function seeded(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    // xorshift32 of a number that is never 0.
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}
