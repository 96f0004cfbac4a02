import { dissectChannel } from '../../dissectors/channel/dissect.js';
import { viewOf } from '../../dissectors/wire/view.js';
import { ASKER, DELAY_MS, type Measures, measure } from '../models/contest.js';
import { type Model, UDP_HEADER } from '../models/model.js';
import { paxos, paxosColliding } from '../models/paxos.js';
import { sctp } from '../models/sctp.js';
import { tcp, tcpCookies } from '../models/tcp.js';
import { tls, tlsCookie } from '../models/tls.js';
import { aligned } from './aligned.js';
import { type Plan, USUAL } from './plan.js';
import { PLACES, type Run, simulate } from './simulate.js';

/** First messages of a flood, within 0.2 s: enough to turn a table of 1024 entries over within a round trip. */
const FLOOD = 8000;
/** What the responder remembers of a NEW in `seqno` and `hmac-newcaps`: ids, address, both numbers, capabilities. */
const PENDING = 20 + 6 + 2 + 2 + 2;

const MODELS: readonly Model[] = [tcp, tcpCookies, sctp, tls, tlsCookie, paxos, paxosColliding(ASKER)];

const CHANNELS: readonly (readonly [name: string, given: Partial<Plan>])[] = [
  ['seqno', { dialect: 'seqno' }],
  ['hmac-newcaps', { dialect: 'hmac-newcaps' }],
  ['hmac', {}],
  ['hmac, early data', { isEarly: true }],
];

/** What to look for in the comparison. */
export const COMPARISON = {
  says: 'a cookie that goes there and back saves the responder all state, and early data saves the round trip that it costs',
  look: 'entries and state are 0, and the honest one arrives, where a cookie proves the address; hmac with early data has the first data after one round trip and with as few packets as TCP',
};

/** All handshakes, side by side. */
export function compare(seed: number): readonly Measures[] {
  return [
    ...MODELS.map((model) => measure(model, FLOOD, seed)),
    ...CHANNELS.map(([name, given]) => channelMeasures(name, { ...USUAL, ...given, messages: 1, seed })),
  ];
}

function channelMeasures(name: string, plan: Plan): Measures {
  const calm = simulate(plan, true);
  const busy = simulate({ ...plan, flood: FLOOD });
  const { flood, held, channels } = busy;
  return {
    name,
    ...untilData(calm),
    entries: held.pending,
    state: held.pending * PENDING,
    amplification: flood.answerBytes / flood.bytes,
    isReached: channels.some(({ deliveries }) => deliveries.responder.received > 0),
  };
}

/** The packets of both up to the first one with data. */
function untilData({ packets }: Run): Pick<Measures, 'messages' | 'packets' | 'bytes' | 'roundTrips'> {
  let messages = 0;
  let bytes = 0;
  for (const [place, { at, from, bytes: packet }] of packets.entries()) {
    const read = dissectChannel(viewOf(packet), 0, { captured: packet.length, wire: packet.length });
    messages += read.messages.length;
    bytes += packet.length + UDP_HEADER;
    const hasData = from === PLACES.initiator && read.messages.some(({ kind }) => kind?.name === 'DATA');
    if (hasData) return { messages, packets: place + 1, bytes, roundTrips: at / (2 * DELAY_MS) };
  }
  return { messages, packets: packets.length, bytes, roundTrips: Number.NaN };
}

/** The comparison as a table. */
export function comparisonText(all: readonly Measures[]): readonly string[] {
  const heads = [
    'handshake',
    'messages',
    'packets',
    'bytes',
    'round trips',
    'entries',
    'state',
    'out/in',
    'honest one',
  ];
  const rows = all.map(({ name, messages, packets, bytes, roundTrips, entries, state, amplification, isReached }) => [
    name,
    `${messages}`,
    `${packets}`,
    `${bytes}`,
    roundTrips.toFixed(1),
    `${entries}`,
    `${state}`,
    amplification.toFixed(2),
    isReached ? 'arrives' : 'is lost',
  ]);
  return aligned([heads, ...rows]);
}

/** The comparison as objects of JSON. */
export const comparisonJson = (all: readonly Measures[]): readonly object[] =>
  all.map(({ name, messages, packets, bytes, roundTrips, entries, state, amplification, isReached }) => ({
    handshake: name,
    messages,
    packets,
    bytes,
    round_trips: roundTrips,
    flood: { entries, state, amplification: Math.round(amplification * 1000) / 1000, honest: isReached },
  }));
