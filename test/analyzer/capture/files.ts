import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Capture, type CaptureOptions, openCapture } from '../../../analyzer/capture/capture.js';
import { pcapFileHeader, pcapRecord } from '../../../dissectors/file/pcap-writer.js';
import { hexOf } from '../../../dissectors/wire/view.js';

/** A folder for one test file's captures. */
export interface Folder {
  readonly path: (name: string) => string;
  readonly write: (name: string, bytes: Uint8Array | string) => string;
  readonly remove: () => void;
}

export function makeFolder(): Folder {
  const folder = mkdtempSync(join(tmpdir(), 'handshark-test-'));
  const path = (name: string) => join(folder, name);
  return {
    path,
    write: (name, bytes) => {
      writeFileSync(path(name), bytes);
      return path(name);
    },
    remove: () => rmSync(folder, { recursive: true }),
  };
}

/** Packets of different sizes; the first byte counts. */
export const packetBytes = (number: number): Uint8Array => new Uint8Array(1 + ((number * 37) % 90)).fill(number % 256);

export const packetRecord = (number: number): Uint8Array => {
  const bytes = packetBytes(number);
  return pcapRecord({ seconds: number, nanos: 5000, bytes, wire: bytes.length + number });
};

/** A pcap file of `count` packets. */
export const pcapOf = (count: number): Buffer =>
  Buffer.concat([pcapFileHeader({ linkType: 1 }), ...Array.from({ length: count }, (_, index) => packetRecord(index))]);

/** A packet as tests read it: where it lies, and what it is. */
export type Row = readonly [
  number: number,
  offset: number,
  bytes: string,
  wire: number,
  seconds: number,
  nanos: number,
  from: number,
];

/** All packets that are left in a capture. */
export async function rowsOf(capture: Capture): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const { view, records, base, first } of capture.batches()) {
    for (let row = 0; row < records.count; row++) {
      const at = records.at[row] ?? 0;
      rows.push([
        first + row,
        base + at,
        hexOf(view, at, at + (records.captured[row] ?? 0)),
        records.wire[row] ?? 0,
        records.seconds[row] ?? 0,
        records.nanos[row] ?? 0,
        records.interfaceId[row] ?? 0,
      ]);
    }
  }
  return rows;
}

/** Opens, reads and closes a capture. */
export async function readCapture(path: string, options: CaptureOptions = {}) {
  const capture = await openCapture(path, options);
  const rows = await rowsOf(capture);
  await capture.close();
  return { rows, damage: capture.damage, format: capture.format, compression: capture.compression };
}

/** A zstd frame of uncompressed blocks, with the checksum given, if one is. Source: RFC 8878, section 3.1.1. */
export function zstdFrame(bytes: Uint8Array, checksum?: Uint8Array): Buffer {
  const blocks: Uint8Array[] = [];
  for (let from = 0; from === 0 || from < bytes.length; from += 1000) {
    const size = Math.min(1000, bytes.length - from);
    const word = (size << 3) | (from + size >= bytes.length ? 1 : 0);
    blocks.push(Uint8Array.of(word & 0xff, (word >> 8) & 0xff, word >> 16), bytes.subarray(from, from + size));
  }
  // The descriptor's bit 2 announces a checksum; a window of 1 MiB.
  const header = Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, checksum ? 4 : 0, 0x50);
  return Buffer.concat([header, ...blocks, checksum ?? new Uint8Array(0)]);
}

/** Whether a program is installed. */
export function has(program: string): boolean {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
