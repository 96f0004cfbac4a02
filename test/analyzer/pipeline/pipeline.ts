import { readdirSync } from 'node:fs';
import { openCapture } from '../../../analyzer/capture/capture.js';
import { openReading, packetsOf } from '../../../analyzer/commands/reading.js';
import { type ChannelColumns, channelColumns } from '../../../analyzer/index/channel-columns.js';
import { NewsOfCapture } from '../../../analyzer/index/news-of-capture.js';
import { scan, scannerOf } from '../../../analyzer/index/scan.js';
import { ScannedCapture } from '../../../analyzer/index/scanned-capture.js';
import { writeHexDump } from '../../../analyzer/print/hex-dump.js';
import { JsonPackets } from '../../../analyzer/print/json.js';
import type { Packet } from '../../../analyzer/print/packet.js';
import { PacketLines, treeText } from '../../../analyzer/print/text.js';
import { packetTree } from '../../../analyzer/print/tree.js';
import { Utf8Text } from '../../../analyzer/print/utf8-text.js';
import type { Secret } from '../../../analyzer/secrets/secrets.js';
import { Examiner } from '../../../analyzer/track/examine.js';

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
  json: written((text) => new JsonPackets().write(packet, text)),
  line: written((text) => new PacketLines('r', false).write(packet, text)),
  tree: treeText(packetTree(packet)).replace(SINCE_SHOWN, ''),
  hex: written((text) => writeHexDump(packet, text)),
});

/** Only who prints a capture from its start to its end can tell which packet was shown before. */
const SINCE_SHOWN = / +Time since the packet shown before: .*\n/;

function written(write: (text: Utf8Text) => void): string {
  const text = new Utf8Text();
  write(text);
  return text.toString();
}

const READING = { secrets: [], track: true, color: 'never' } as const;

/** A capture whose packets were examined one after the other. */
export interface Streamed {
  /** All that is printed of the packets that were wanted, by number. */
  readonly printed: ReadonlyMap<number, Printed>;
  readonly packets: number;
  readonly secrets: readonly Secret[];
}

/**
 * What the packets of a capture are when they are examined one after the other.
 * @param wanted the numbers of the packets to print; all, if left out
 */
export async function streamed(
  path: string,
  secrets: readonly string[] = [],
  wanted?: ReadonlySet<number>,
): Promise<Streamed> {
  const reading = await openReading(path, { ...READING, secrets });
  const all = new Map<number, Printed>();
  try {
    for await (const next of packetsOf(reading)) {
      for (let packet = next(); packet; packet = next()) {
        if (!wanted || wanted.has(packet.number)) all.set(packet.number, printed(packet));
      }
    }
  } finally {
    await reading.capture.close();
  }
  return { printed: all, packets: reading.capture.packets, secrets: reading.secrets };
}

export interface Indexed extends ScannedCapture {
  readonly close: () => Promise<void>;
}

/** A capture as a worker would tell it, and what is known of its channels in the end. */
export interface Scanned {
  readonly capture: ScannedCapture;
  readonly channels: ChannelColumns;
  readonly close: () => Promise<void>;
}

/**
 * A capture that was scanned as the UI scans it, but for its thread.
 * @param step packets that are scanned at once
 */
export async function scanned(
  path: string,
  secrets: readonly Secret[] = [],
  step = Number.POSITIVE_INFINITY,
): Promise<Scanned> {
  const capture = await openCapture(path, { randomAccess: true });
  const examiner = new Examiner({ secrets, converse: true });
  const scanner = scannerOf(examiner, 7);
  const news = new NewsOfCapture(capture, scanner);
  const into = new ScannedCapture(false);
  into.open({ descriptor: capture.descriptor ?? -1, dialect: undefined });
  for await (const { view, records, base, first } of capture.batches()) {
    const linkTypes = (row: number) => capture.interfaces[records.interfaceId[row] ?? 0]?.linkType ?? -1;
    for (let from = 0; from < records.count; from += step) {
      const to = Math.min(records.count, from + step);
      scan(scanner, { view, records, linkTypes }, base, first, from, to);
      into.apply(news.take());
    }
  }
  const channels = channelColumns(examiner.tracker.table);
  return { capture: into, channels, close: () => capture.close() };
}

/** The same, as one thing. */
export async function indexed(
  path: string,
  secrets: readonly Secret[] = [],
  step = Number.POSITIVE_INFINITY,
): Promise<Indexed> {
  const { capture, close } = await scanned(path, secrets, step);
  return Object.assign(capture, { close });
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
