import type { Packet } from '../../print/packet.js';
import { channelIdText } from '../../track/channel.js';
import type { Touched } from '../../track/facts.js';
import type { Batch } from './batch.js';
import type { ColumnSpec } from './column.js';
import type { CommunityIds } from './community-id.js';

/** Where a row comes from, and when: what every table has. */
export interface Origin {
  /** The capture, where several are read as one. */
  readonly file: string | undefined;
  readonly number: number;
  readonly seconds: number;
  readonly nanos: number;
  /** Whether the capture gives it a time. */
  readonly isTimed: boolean;
  readonly interfaceName: string | undefined;
  readonly flow: string | undefined;
}

/** The columns that every table begins with. */
export const BASE: readonly ColumnSpec[] = [
  { name: 'frame.file', type: 'string', about: 'The capture, as it was named.' },
  {
    name: 'frame.number',
    type: 'int64',
    bounded: true,
    about: 'The packet, from 1; of a channel or a handshake its first.',
  },
  { name: 'time', type: 'timestamp', bounded: true, about: 'When it was captured, in UTC, to the microsecond.' },
  { name: 'time_ns', type: 'nanoseconds', bounded: true, about: 'The same in nanoseconds since 1970.' },
  { name: 'frame.interface_name', type: 'string', about: 'The interface, where the capture names it.' },
  {
    name: 'communityid',
    type: 'string',
    bounded: true,
    about: 'The flow, the same in both directions and at every probe, as Zeek, Suricata and Wireshark name it.',
  },
  {
    name: 'channel.number',
    type: 'int64',
    bounded: true,
    about: 'The channel, as the tracker numbers it in this capture.',
  },
];

const [FILE, NUMBER, TIME, TIME_NS, INTERFACE, FLOW, CHANNEL] = BASE.keys() as Iterable<number> as [
  number,
  number,
  number,
  number,
  number,
  number,
  number,
];

/** Where a packet comes from: one for all packets, filled for each, since they come by the million. */
export type PacketOrigin = { -readonly [Key in keyof Origin]: Origin[Key] };

export const newOrigin = (): PacketOrigin => ({
  file: undefined,
  number: 0,
  seconds: 0,
  nanos: 0,
  isTimed: false,
  interfaceName: undefined,
  flow: undefined,
});

/** Tells where a packet comes from. */
export function fillOrigin(origin: PacketOrigin, packet: Packet, flows: CommunityIds): void {
  origin.file = packet.on?.file;
  origin.number = packet.number;
  origin.seconds = packet.seconds;
  origin.nanos = packet.nanos;
  origin.isTimed = packet.isTimed !== false;
  origin.interfaceName = packet.on?.name;
  origin.flow = flows.of(packet.dissection);
}

/** Fills these columns of a row. @param file the only capture, unless several are read as one */
export function setBase(batch: Batch, row: number, file: string, origin: Origin, channel: number | undefined): void {
  batch.setText(row, FILE, origin.file ?? file);
  batch.setNumber(row, NUMBER, origin.number);
  if (origin.isTimed) {
    batch.setTime(row, TIME, origin.seconds, origin.nanos);
    batch.setTime(row, TIME_NS, origin.seconds, origin.nanos);
  }
  batch.setText(row, INTERFACE, origin.interfaceName);
  batch.setText(row, FLOW, origin.flow);
  batch.setNumber(row, CHANNEL, channel);
}

/** Halves of an id have 16 bits; one that is not known yet counts as one more than any. */
const HALVES = 0x10001;

/** Sets the id of a channel that a packet touches. */
export function setChannelId(batch: Batch, row: number, place: number, { c1, c2 = HALVES - 1 }: Touched): void {
  batch.setNumbered(row, place, c1 * HALVES + c2, idText);
}

function idText(number: number): string {
  const c2 = number % HALVES;
  return channelIdText(Math.floor(number / HALVES), c2 === HALVES - 1 ? undefined : c2);
}
