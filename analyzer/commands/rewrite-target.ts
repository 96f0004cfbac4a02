import type { Writable } from 'node:stream';
import type { Outgoing } from '../../crafter/rewrite/ordering.js';
import type { Time } from '../../crafter/rewrite/packet-times.js';
import type { CaptureInterface } from '../../dissectors/file/records.js';
import { CaptureError } from '../capture/capture-error.js';
import { JoinedCaptures } from '../capture/joined-captures.js';
import { PacketFile } from '../capture/packet-file.js';
import type { RawRecord } from '../capture/record-walk.js';
import { type FileChanges, VerbatimFile } from '../capture/verbatim-file.js';
import type { Reading } from './reading.js';

/** A packet that is to be written. */
export interface TargetPacket extends Outgoing {
  readonly bytes: Uint8Array;
  readonly wire: number;
  readonly from: CaptureInterface;
  /** The record that it came in, where that is kept. */
  readonly record: RawRecord | undefined;
  /** Its own comments, and those that are added. */
  readonly comments: readonly string[];
  readonly added: readonly string[];
}

/** What a capture is written to. */
export interface RewriteTarget {
  /** Called before anything is written that is no packet, where packets must not be put behind it. */
  beforeBlock: () => Promise<void>;
  /** The record of the next packet of a capture that is read. */
  record(reading: Reading, bytes: Uint8Array): Promise<RawRecord | undefined>;
  write(packet: TargetPacket, time: Time): Promise<void> | undefined;
  close(): Promise<void>;
  abandon(): Promise<void>;
  /** What the file does not say as it should. */
  readonly problem: string | undefined;
}

export interface TargetSettings extends Omit<FileChanges, 'linkType' | 'address'> {
  readonly linkType: number | undefined;
  readonly address: FileChanges['address'] | undefined;
  /** Whether packets are put into the order of their times. */
  readonly sorts: boolean;
  /** Whether every packet keeps the time that its record tells. */
  readonly keepsTimes: boolean;
  readonly stdout: Writable;
}

/**
 * Opens the capture to be written. One that is written in the format of the only capture that is read has its records,
 * but for what has changed.
 */
export async function openRewriteTarget(
  path: string,
  readings: readonly Reading[],
  settings: TargetSettings,
): Promise<RewriteTarget> {
  const [only] = readings;
  const format = path.toLowerCase().endsWith('.pcap') ? 'pcap' : path === '-' ? only?.capture.format : 'pcapng';
  if (readings.length === 1 && only && !settings.sorts && format && only.capture.format === format) {
    const { descriptor } = only.capture;
    if (descriptor !== undefined) return openVerbatim(path, descriptor, format, settings);
  }
  return openAnew(path, readings, settings);
}

async function openVerbatim(
  path: string,
  descriptor: number,
  format: 'pcap' | 'pcapng',
  { linkType, address, keepsTimes, stdout, ...changes }: TargetSettings,
): Promise<RewriteTarget> {
  const file = await VerbatimFile.open(
    path,
    descriptor,
    format,
    { ...changes, ...(linkType !== undefined && { linkType }), ...(address && { address }) },
    stdout,
  );
  const target: RewriteTarget = {
    beforeBlock: async () => {},
    record: async (_, bytes) => file.next(bytes, () => target.beforeBlock()),
    write: ({ record, bytes, wire, from, added }, time) =>
      record && file.packet(record, { bytes, wire, from, comments: added, ...(!keepsTimes && { time }) }),
    close: () => file.close(),
    abandon: () => file.abandon(),
    problem: undefined,
  };
  return target;
}

/** Bytes of packets that wait to be sorted, at most. */
const MOST_SORTED = 1 << 30;
/** What a packet costs besides its bytes. */
const PER_PACKET = 256;

async function openAnew(path: string, readings: readonly Reading[], settings: TargetSettings): Promise<RewriteTarget> {
  const { secrets, dropSecrets, dropComments, stdout, linkType, sorts } = settings;
  const captures = readings.map(({ capture }) => capture);
  const together = new JoinedCaptures(captures, linkType, settings.dropNames);
  together.take();
  const inside = dropSecrets ? [] : readings.flatMap((reading) => reading.inside);
  const how = { discardSecrets: dropSecrets, stdout };
  const file = await PacketFile.open(path, together, [...inside, ...secrets], how);
  const waiting: { readonly packet: TargetPacket; readonly time: Time }[] = [];
  let size = 0;
  const write = ({ bytes, wire, from, comments, added }: TargetPacket, { seconds, nanos }: Time) => {
    if (together.take()) file.takeEvents();
    const all = dropComments ? added : [...added, ...comments];
    return file.frame({ from: together.interfaceOf(from), seconds, nanos, bytes, wire, comments: all });
  };
  return {
    beforeBlock: async () => {},
    record: async () => undefined,
    write: (packet, time) => {
      if (!sorts) return write(packet, time);
      size += packet.bytes.length + PER_PACKET;
      if (size > MOST_SORTED) throw new CaptureError('cannot write', path, `more than ${MOST_SORTED} bytes to sort`);
      waiting.push({ packet, time });
      return undefined;
    },
    close: async () => {
      // The sort is stable: packets of one time keep their order.
      waiting.sort(({ time: one }, { time: other }) => one.seconds - other.seconds || one.nanos - other.nanos);
      for (const { packet, time } of waiting) await write(packet, time);
      together.take();
      await file.close();
    },
    abandon: () => file.abandon(),
    get problem() {
      return file.problem;
    },
  };
}
