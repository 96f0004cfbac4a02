import { closeSync, openSync, renameSync, writeSync } from 'node:fs';
import { pcapFileHeader, pcapRecord } from '../../dissectors/file/pcap-writer.js';

const START = 1_767_323_045;
/** Packets that are gathered before they are written. */
const GATHERED = 4096;
/** Microseconds between two packets. */
const BETWEEN = 20;

/** Starts the next flow of a lane: the frames of it. */
export type Flows = (lane: number) => Generator<Uint8Array>;

/** How the frames of a capture are made. */
export interface Recipe {
  readonly linkType: number;
  readonly lanes: number;
  readonly flows: () => Flows;
}

/** The frames of the first `count` packets: those of all lanes in turn. */
export function* framesOf({ lanes, flows }: Recipe, count: number): Generator<Uint8Array> {
  const next = flows();
  const running = Array.from({ length: lanes }, (_, lane) => next(lane));
  for (let made = 0, lane = 0; made < count; lane = (lane + 1) % lanes) {
    const step = running[lane]?.next();
    if (!step || step.done) {
      running[lane] = next(lane);
      continue;
    }
    yield step.value;
    made++;
  }
}

/**
 * Writes a pcap file of `count` packets. The same arguments make the same file, and more packets one that starts with it.
 * The file has its name only once it is whole.
 */
export function makeCapture(path: string, count: number, recipe: Recipe): void {
  const unfinished = `${path}.unfinished`;
  const file = openSync(unfinished, 'w');
  const { linkType } = recipe;
  let pieces: Uint8Array[] = [pcapFileHeader({ linkType, snapLength: 262_144, nanoseconds: false })];
  let made = 0;
  for (const bytes of framesOf(recipe, count)) {
    const micros = made++ * BETWEEN;
    const seconds = START + Math.floor(micros / 1_000_000);
    pieces.push(pcapRecord({ seconds, nanos: (micros % 1_000_000) * 1000, bytes, wire: bytes.length }));
    if (pieces.length < GATHERED) continue;
    writeSync(file, Buffer.concat(pieces));
    pieces = [];
  }
  writeSync(file, Buffer.concat(pieces));
  closeSync(file);
  renameSync(unfinished, path);
}
