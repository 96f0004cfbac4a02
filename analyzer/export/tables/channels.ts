import { modeOf } from '../../../dissectors/channel/capabilities.js';
import { micros, microsIf } from '../../text/elapsed.js';
import { type Channel, channelIdText, type Direction, newDirection } from '../../track/channel.js';
import { BASE, type Origin, setBase } from './base.js';
import type { Batch } from './batch.js';
import type { ColumnSpec } from './column.js';

/** A column, and what of a channel it holds. */
type ChannelColumn = ColumnSpec & { readonly of: (channel: Channel) => string | number | undefined };

const COUNTS: readonly (readonly [key: string, about: string, of: (direction: Direction) => number])[] = [
  ['packets', 'Packets', ({ packets }) => packets],
  ['bytes', 'Bytes of channel packets', ({ bytes }) => bytes],
  ['data_packets', 'Packets with data', ({ dataPackets }) => dataPackets],
  ['data_bytes', 'Bytes of data', ({ dataBytes }) => dataBytes],
  ['duplicates', 'Packets that came twice', ({ duplicates }) => duplicates],
  ['lost', 'Packets that never came', ({ lost }) => lost],
  ['reordered', 'Packets that came late', ({ reordered }) => reordered],
  ['resent', 'Packets whose data was sent again', ({ resent }) => resent],
];

const DIRECTIONS = [
  ['from_initiator', 'the initiator', ({ fromInitiator }: Channel) => fromInitiator],
  ['from_responder', 'the responder', ({ fromResponder }: Channel) => fromResponder],
] as const;

const OWN: readonly ChannelColumn[] = [
  { name: 'channel.dialect', type: 'string', about: 'Its dialect.', of: ({ dialect }) => dialect.name },
  {
    name: 'channel.id',
    type: 'string',
    about: 'Its id, or the half of the initiator while there is no other.',
    of: ({ c1, c2 }) => channelIdText(c1, c2),
  },
  { name: 'channel.initiator', type: 'string', about: 'The peer that opened it.', of: ({ initiator }) => initiator.id },
  { name: 'channel.responder', type: 'string', about: 'The other peer.', of: ({ responder }) => responder.id },
  { name: 'channel.state', type: 'string', about: 'Its state in the end.', of: ({ state }) => state },
  {
    name: 'channel.mode',
    type: 'string',
    about: 'Its mode.',
    of: ({ caps }) => (caps === undefined ? undefined : modeOf(caps)),
  },
  { name: 'channel.caps', type: 'int32', about: 'Its capability bits.', of: ({ caps }) => caps },
  {
    name: 'channel.cookie1.status',
    type: 'string',
    about: 'The verdict on the cookie of the initiator.',
    of: ({ cookie1Status }) => cookie1Status,
  },
  {
    name: 'channel.cookie2.status',
    type: 'string',
    about: 'The verdict on the cookie of the responder.',
    of: ({ cookie2Status }) => cookie2Status,
  },
  { name: 'channel.last', type: 'int64', about: 'Its last packet.', of: ({ last }) => last },
  {
    name: 'channel.duration_us',
    type: 'double',
    about: 'From its first packet to its last, in microseconds.',
    of: ({ begun, ended }) => micros(ended - begun),
  },
  {
    name: 'channel.rtt_new_ack_us',
    type: 'double',
    about: 'From NEW to ACKNOWLEDGE, in microseconds.',
    of: ({ rttNewAcknowledge }) => microsIf(rttNewAcknowledge),
  },
  {
    name: 'channel.rtt_ack_final_us',
    type: 'double',
    about: 'From ACKNOWLEDGE to FINALIZE, in microseconds.',
    of: ({ rttAcknowledgeFinalize }) => microsIf(rttAcknowledgeFinalize),
  },
  ...DIRECTIONS.flatMap(([direction, who, find]) =>
    COUNTS.map(
      ([key, about, count]): ChannelColumn => ({
        name: `channel.${direction}.${key}`,
        type: 'int64',
        about: `${about}, from ${who}.`,
        of: (channel) => count(find(channel) ?? newDirection()),
      }),
    ),
  ),
];

/** The columns of the table of channels. */
export const CHANNEL_COLUMNS: readonly ColumnSpec[] = [...BASE, ...OWN];

/** Adds a channel as it stands in the end. */
export function addChannel(channel: Channel, origin: Origin, file: string, batch: Batch): void {
  const row = batch.add();
  setBase(batch, row, file, origin, channel.number);
  for (const [at, { of }] of OWN.entries()) batch.setValue(row, BASE.length + at, of(channel));
}
