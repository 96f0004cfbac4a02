import type { Packet } from '../../print/packet.js';
import type { Batch } from './batch.js';
import type { ColumnSpec } from './column.js';
import type { CommunityIds } from './community-id.js';

/** Where a row comes from, and when: what every table has. */
export interface Origin {
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
  { name: 'file', type: 'string', about: 'The capture, as it was named.' },
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

/** Where a packet comes from. */
export const originOf = (packet: Packet, flows: CommunityIds): Origin => ({
  number: packet.number,
  seconds: packet.seconds,
  nanos: packet.nanos,
  isTimed: packet.isTimed !== false,
  interfaceName: packet.on?.name,
  flow: flows.of(packet.dissection),
});

/** Fills these columns of a row. */
export function setBase(batch: Batch, row: number, file: string, origin: Origin, channel: number | undefined): void {
  batch.setText(row, FILE, file);
  batch.setNumber(row, NUMBER, origin.number);
  if (origin.isTimed) {
    batch.setTime(row, TIME, origin.seconds, origin.nanos);
    batch.setTime(row, TIME_NS, origin.seconds, origin.nanos);
  }
  batch.setText(row, INTERFACE, origin.interfaceName);
  batch.setText(row, FLOW, origin.flow);
  batch.setNumber(row, CHANNEL, channel);
}
