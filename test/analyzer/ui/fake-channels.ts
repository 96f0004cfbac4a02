import type { ChannelCounts, ChannelKey, ChannelRow, ChannelSnapshot } from '../../../analyzer/index/channel-row.js';
import type { Arrow, LadderNote, Step } from '../../../analyzer/print/ladder.js';

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
  channel(2, {
    id: '1a2c',
    state: 'timed-out',
    mode: undefined,
    cookie2: undefined,
    findings: 1,
    severity: 'warn',
    fromInitiator: counts(0),
    fromResponder: counts(0),
  }),
  channel(3, { state: 'closed', reason: 0, initiator: BOB, responder: ALICE }),
  channel(4, { state: 'refused', reason: 4, cookie2: 'invalid', findings: 2, severity: 'error' }),
  channel(5, {
    fromInitiator: counts(0),
    fromResponder: counts(0),
    state: 'new',
    id: '1a2d',
    mode: undefined,
    cookie1: 'unknown',
    cookie2: undefined,
  }),
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
        .filter((place) => words.every((any) => any.some((word) => JSON.stringify(rows[place]).includes(word))));
      const compare = (one: number, other: number): number => {
        const [a, b] = [one, other].map((place) => sortValue(rows[place] ?? NO_CHANNEL, key));
        return (a ?? 0) < (b ?? 0) ? -1 : (a ?? 0) > (b ?? 0) ? 1 : one - other;
      };
      places.sort(compare);
      return Uint32Array.from(descending ? places.reverse() : places);
    },
  };
}

type Message = readonly [fromInitiator: boolean, name: string, text: string, fate?: Arrow['fate'], note?: LadderNote];

const warn = (text: string): LadderNote => ({ severity: 'warn', text });
const NEW: Message = [true, 'CHANNEL_NEW', 'NEW 1a2b (cookie1 valid)'];
const ACKNOWLEDGE: Message = [false, 'CHANNEL_ACKNOWLEDGE', 'ACKNOWLEDGE 1a2b0001 (cookie1 valid, cookie2 valid)'];
const FINALIZE: Message = [true, 'CHANNEL_FINALIZE', 'FINALIZE 1a2b0001 tcp (cookie2 valid)'];

/** What each channel says first; the others carry data, back and forth. */
const BEGINNINGS: readonly (readonly Message[])[] = [
  [
    NEW,
    ACKNOWLEDGE,
    FINALIZE,
    [false, 'DATA_WINDOW', 'WINDOW 64'],
    [true, 'DATA', 'DATA 40', 'again', warn('packet 1 sent again')],
  ],
  [
    NEW,
    ...Array.from(
      { length: 400 },
      (): Message => [
        true,
        'CHANNEL_NEW',
        NEW[2],
        'again',
        { severity: 'note', text: 'CHANNEL_NEW of packet 2 sent again' },
      ],
    ),
  ],
  [NEW, ACKNOWLEDGE, FINALIZE, [true, 'DATA', 'DATA 12'], [false, 'CHANNEL_CLOSE', 'CLOSE done']],
  [
    NEW,
    ACKNOWLEDGE,
    [
      true,
      'CHANNEL_FINALIZE',
      'FINALIZE 1a2b0004 tcp (cookie2 invalid)',
      'dropped',
      warn('cookie 2 is not what any known secret of its creator yields'),
    ],
    [false, 'CHANNEL_CLOSE', 'CLOSE refused'],
  ],
  Array.from({ length: 400 }, (): Message => NEW),
];

/** The messages of a packet: one, or, where a number is missing before it, what tells so. */
export function fakeSteps(packet: number): readonly Step[] {
  const row = CHANNELS[channelOf(packet) - 1] ?? NO_CHANNEL;
  const nth = Math.floor((packet - 1) / CHANNELS.length);
  const data: Message = [nth % 2 === 0, 'DATA', `DATA ${packet}`];
  const [fromInitiator, name, text, fate = 'taken', note] = BEGINNINGS[row.number - 1]?.[nth] ?? data;
  const [from, to] = fromInitiator ? [row.initiator, row.responder] : [row.responder, row.initiator];
  const missing = name === 'DATA' && nth % 10 === 7 ? 2 : 0;
  const gap = missing > 0 ? [warn('2 numbers before this one not seen')] : [];
  return [
    {
      type: 'arrow',
      packet,
      seconds: 1_700_000_000,
      nanos: packet * 1_000_000,
      from,
      to,
      channel: row.number,
      messages: [name],
      text: text.replace(/ \(.*/, ''),
      verdicts: [...text.matchAll(/(cookie.) (valid|invalid)/g)].map(([, key = '', status]) => ({
        key,
        status: status === 'valid' ? 'valid' : 'invalid',
      })),
      missing,
      fate,
      notes: [...(note ? [note] : []), ...gap],
    },
  ];
}
