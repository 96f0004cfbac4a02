import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { CaptureError } from '../../analyzer/capture/capture-error.js';
import { openReading, packetsOf } from '../../analyzer/commands/reading.js';
import { replay } from '../../analyzer/index/replay.js';
import type { Secret } from '../../analyzer/secrets/secrets.js';
import { type Seeded, seeded } from '../../crafter/seeded.js';
import { indexed, type Printed, printed } from '../analyzer/pipeline/pipeline.js';
import { Broken } from './play.js';

/** The longest that a damaged file may take to be read, in milliseconds, and the most memory that it may take, in bytes. */
const MOST_MS = 2000;
const MOST_MEMORY = 300 * 1024 * 1024;
/** Packets of a file that are printed and compared: those from the start, where damage often is, and the last ones. */
const MOST_COMPARED = 20;
/** Numbers that programs stumble over. */
const NUMBERS = [
  0, 1, 3, 4, 7, 8, 12, 27, 28, 32, 0x7f, 0xff, 0xffff, 0x7fff_ffff, 0x8000_0000, 0xffff_fff0, 0xffff_ffff,
];

type Edit = (bytes: Uint8Array, chance: Seeded, other: Uint8Array) => Uint8Array;

const aligned = (bytes: Uint8Array, { integer }: Seeded): number => integer(Math.max(1, bytes.length >>> 2)) * 4;

const EDITS: readonly Edit[] = [
  (bytes, chance) => {
    const copy = bytes.slice();
    for (let count = 1 + chance.integer(4); count > 0; count--) {
      const at = chance.integer(copy.length);
      copy[at] = (copy[at] ?? 0) ^ (1 << chance.integer(8));
    }
    return copy;
  },
  // A length, a number of bytes, an option's head.
  (bytes, chance) => {
    const copy = Buffer.from(bytes);
    const at = aligned(copy, chance);
    const value = NUMBERS[chance.integer(NUMBERS.length)] ?? 0;
    if (at + 4 > copy.length) return copy;
    const form = chance.integer(3);
    if (form === 0) copy.writeUInt32LE(value, at);
    else if (form === 1) copy.writeUInt32BE(value, at);
    else copy.writeUInt16LE(value & 0xffff, at + 2 * chance.integer(2));
    return copy;
  },
  (bytes, chance) => bytes.subarray(0, chance.integer(bytes.length + 1)),
  (bytes, chance) => {
    const at = chance.integer(bytes.length);
    return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + chance.integer(64))]);
  },
  (bytes, chance) => {
    const at = aligned(bytes, chance);
    return Buffer.concat([bytes.subarray(0, at), chance.bytes(4 * (1 + chance.integer(16))), bytes.subarray(at)]);
  },
  (bytes, chance) => {
    const at = aligned(bytes, chance);
    const size = 4 * (1 + chance.integer(64));
    return Buffer.concat([bytes.subarray(0, at + size), bytes.subarray(at, at + size), bytes.subarray(at + size)]);
  },
  (bytes, chance, other) =>
    Buffer.concat([bytes.subarray(0, aligned(bytes, chance)), other.subarray(aligned(other, chance))]),
  (bytes, _, other) => Buffer.concat([bytes, other]),
];

/** The files of a folder that captures are made from, read once. */
const files = new Map<string, Uint8Array>();
function load(): readonly [string, Uint8Array][] {
  if (files.size === 0) {
    for (const name of readdirSync('fixtures').sort()) {
      if (/\.pcap(ng)?(\.\w+)?$/.test(name)) files.set(name, readFileSync(`fixtures/${name}`));
    }
  }
  return [...files];
}

/** The damaged file of a seed. */
export function fileCase(seed: number): { readonly from: string; readonly bytes: Uint8Array } {
  const all = load();
  const chance = seeded(seed);
  const [from, original] = all[chance.integer(all.length)] ?? ['', new Uint8Array(0)];
  const [, other] = all[chance.integer(all.length)] ?? ['', original];
  let bytes = original;
  for (let count = 1 + chance.integer(5); count > 0 && bytes.length > 0; count--) {
    bytes = (EDITS[chance.integer(EDITS.length)] ?? (EDITS[0] as Edit))(bytes, chance, other);
  }
  return { from, bytes };
}

const READING = { secrets: [], track: true, color: 'never' } as const;

/** Reads a damaged file in passing and from its index: it ends well, or with an error that says what is wrong. */
export async function checkFile(bytes: Uint8Array): Promise<Broken | undefined> {
  const folder = mkdtempSync(join(tmpdir(), 'handshark-fuzz-'));
  const path = join(folder, 'damaged.pcapng');
  writeFileSync(path, bytes);
  const since = performance.now();
  try {
    const told = await inPassing(path);
    if (told) await fromIndex(path, told);
    const ms = performance.now() - since;
    if (ms > MOST_MS) return new Broken('a file takes little time', `${ms.toFixed(0)} ms`);
    const { rss } = process.memoryUsage();
    if (rss > MOST_MEMORY + base) return new Broken('a file takes little memory', `${Math.round(rss / 2 ** 20)} MB`);
    return undefined;
  } catch (error) {
    if (error instanceof Broken) return error;
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return new Broken('nothing throws', stack.split('\n').slice(0, 3).join(' '));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The memory of the program before it reads anything. */
const base = process.memoryUsage().rss;

interface Told {
  readonly packets: number;
  readonly some: ReadonlyMap<number, Printed>;
  /** Those that travel in it. */
  readonly secrets: readonly Secret[];
}

/** What is told of a file that is read from its start; nothing where it is no capture any more. */
async function inPassing(path: string): Promise<Told | undefined> {
  const some = new Map<number, Printed>();
  try {
    const reading = await openReading(path, READING);
    try {
      for await (const next of packetsOf(reading)) {
        for (let packet = next(); packet; packet = next()) {
          if (some.size < MOST_COMPARED) some.set(packet.number, printed(packet));
        }
      }
      return { packets: reading.capture.packets, some, secrets: reading.secrets };
    } finally {
      await reading.capture.close();
    }
  } catch (error) {
    if (!(error instanceof CaptureError)) throw error;
    if (/\n/.test(error.message)) throw new Broken('an error is one line', error.message);
    return undefined;
  }
}

async function fromIndex(path: string, { packets, some, secrets }: Told): Promise<void> {
  const capture = await indexed(path, secrets);
  try {
    const { length } = capture.index;
    if (length !== packets) throw new Broken('the index has what is read', `${length} packets, ${packets} in passing`);
    for (const [number, expected] of some) {
      const found = printed(replay(capture, number));
      for (const form of ['json', 'line', 'tree', 'hex'] as const) {
        if (found[form] === expected[form]) continue;
        throw new Broken('the index has what is read', `packet ${number}: its ${form} differs`);
      }
    }
  } finally {
    await capture.close();
  }
}
