import type { Step } from '../../../analyzer/print/ladder.js';
import type { ChannelCounts, ChannelKey, ChannelRow, ChannelSnapshot } from '../../../analyzer/store/capture-view.js';

const counts = (packets: number): ChannelCounts => ({
  packets,
  bytes: packets * 100,
  dataPackets: packets >> 1,
  dataBytes: packets * 40,
  duplicates: 0,
  lost: packets % 3,
  reordered: 0,
  resent: packets % 2,
});

const ALICE = 'a1'.repeat(16);
const BOB = 'b0'.repeat(16);

const channel = (number: number, more: Partial<ChannelRow> = {}): ChannelRow => ({
  number,
  id: `1a2b000${number}`,
  dialect: 'hmac',
  initiator: ALICE,
  responder: BOB,
  initiatorAddress: '10.0.0.1:4242',
  responderAddress: '10.0.0.2:4242',
  state: 'established',
  reason: undefined,
  mode: 'tcp',
  cookie1: 'valid',
  cookie2: 'valid',
  rttNewAcknowledge: 0.001 * number,
  rttAcknowledgeFinalize: 0.002 * number,
  first: number,
  last: number + 100,
  begun: number / 10,
  ended: number / 10 + 10,
  fromInitiator: counts(10 * number),
  fromResponder: counts(5 * number),
  findings: 0,
  severity: 'none',
  ...more,
});

/** Five channels, one of each kind of fate. */
export const CHANNELS: readonly ChannelRow[] = [
  channel(1),
  channel(2, { id: '1a2c', state: 'timed-out', mode: undefined, cookie2: undefined, findings: 1, severity: 'warn' }),
  channel(3, { state: 'closed', reason: 0, initiator: BOB, responder: ALICE }),
  channel(4, { state: 'refused', reason: 4, cookie2: 'invalid', findings: 2, severity: 'error' }),
  channel(5, { state: 'new', id: '1a2d', mode: undefined, cookie1: 'unknown', cookie2: undefined }),
];

/** The channel that a packet belongs to. */
export const channelOf = (packet: number): number => ((packet - 1) % CHANNELS.length) + 1;

const sortValue = (row: ChannelRow, key: ChannelKey): string | number => {
  switch (key) {
    case 'packets':
    case 'bytes':
    case 'lost':
    case 'resent':
      return row.fromInitiator[key] + row.fromResponder[key];
    case 'rtt':
      return row.rttNewAcknowledge ?? 0;
    default:
      return row[key] ?? '';
  }
};

const NO_CHANNEL = channel(0);

export function fakeSnapshot(rows: readonly ChannelRow[] = CHANNELS): ChannelSnapshot {
  return {
    count: rows.length,
    forgotten: 0,
    at: (place) => rows[place] ?? NO_CHANNEL,
    placeOf: (number) => rows.findIndex((row) => row.number === number),
    order: (key, descending, words) => {
      const places = rows
        .map((_, place) => place)
        .filter((place) => words.every((word) => JSON.stringify(rows[place]).includes(word)));
      const compare = (one: number, other: number): number => {
        const [a, b] = [one, other].map((place) => sortValue(rows[place] ?? NO_CHANNEL, key));
        return (a ?? 0) < (b ?? 0) ? -1 : (a ?? 0) > (b ?? 0) ? 1 : one - other;
      };
      places.sort(compare);
      return Uint32Array.from(descending ? places.reverse() : places);
    },
  };
}

/** The first packets of a channel are its handshake; the others carry data, back and forth. */
export function fakeSteps(packet: number): readonly Step[] {
  const row = CHANNELS[channelOf(packet) - 1] ?? NO_CHANNEL;
  const nth = Math.floor((packet - 1) / CHANNELS.length);
  const text = ['CHANNEL_NEW', 'CHANNEL_ACKNOWLEDGE', 'CHANNEL_FINALIZE'][nth] ?? `DATA ${packet}`;
  const [from, to] = nth % 2 === 0 ? [row.initiator, row.responder] : [row.responder, row.initiator];
  const notes = nth === 4 ? [{ severity: 'warn', text: 'resent' } as const] : [];
  return [
    {
      type: 'arrow',
      packet,
      seconds: 1_700_000_000,
      nanos: packet * 1_000_000,
      from,
      to,
      channel: row.number,
      text,
      fate: nth === 4 ? 'again' : 'taken',
      notes,
    },
  ];
}
