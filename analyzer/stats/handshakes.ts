import type { Message } from '../../dissectors/channel/dissect.js';
import { CODES } from '../../dissectors/channel/messages.js';
import type { FindingCode } from '../../dissectors/wire/finding.js';
import { hexOf } from '../../dissectors/wire/view.js';
import type { Packet } from '../print/packet.js';
import { microsIf } from '../text/elapsed.js';
import { type Channel, STATES, type State } from '../track/channel.js';
import { Bounded } from './bounded.js';
import { OTHERS } from './endpoints.js';
import type { Cell, Column, Sheet } from './sheet.js';

/** Handshake messages that a peer has sent in one role. */
interface Sent {
  messages: number;
  /** Of these, those sent again. */
  repeats: number;
}

/** What became of the channels of a peer in one role. */
interface Outcomes {
  channels: number;
  readonly states: Map<State, number>;
  /** NEW to ACKNOWLEDGE, and ACKNOWLEDGE to FINALIZE, in seconds. */
  readonly answers: number[];
  readonly proofs: number[];
}

const ROLES = ['initiator', 'responder'] as const;
type Role = (typeof ROLES)[number];

/** Which role sends a message, and what tells that it is sent again. */
const MESSAGES: ReadonlyMap<number, readonly [Role, FindingCode]> = new Map([
  [CODES.CHANNEL_NEW, ['initiator', 'new-repeated']],
  [CODES.CHANNEL_ACKNOWLEDGE, ['responder', 'acknowledge-repeated']],
  [CODES.CHANNEL_FINALIZE, ['initiator', 'finalize-repeated']],
]);

const noneSent = (): Sent => ({ messages: 0, repeats: 0 });
const noOutcomes = (): Outcomes => ({ channels: 0, states: new Map(), answers: [], proofs: [] });

/** What became of a channel. */
export type Outcome = Pick<Channel, 'number' | 'state' | 'rttNewAcknowledge' | 'rttAcknowledgeFinalize'> & {
  readonly initiator: { readonly id: string };
  readonly responder: { readonly id: string };
};

/** What the tracker knows in the end. */
export interface Tracked {
  readonly channels: ReadonlyMap<number, Outcome>;
  /** Channels dropped to stay within bounds. */
  readonly forgotten: number;
}

/**
 * What became of the handshakes, how long they took and what was sent again: of all, and of each peer in each role.
 * Outcomes and round trips are the tracker's; a channel counts if a packet of it was taken.
 */
export class Handshakes {
  private readonly sent: Bounded<Sent>;
  private readonly touched = new Set<number>();
  private readonly most: number | undefined;

  constructor(most?: number) {
    this.most = most;
    this.sent = new Bounded(noneSent, most);
  }

  /** Notes that a packet of a channel was taken. */
  touch(number: number): void {
    this.touched.add(number);
  }

  /** Counts the next packet. */
  take({ dissection, facts }: Packet): void {
    for (const { number } of facts.channels) this.touched.add(number);
    for (const { view, at, dialect, messages, id } of dissection.channels) {
      if (id === undefined) continue;
      const shift = view === dissection.sources[0]?.view ? dissection.start : 0;
      for (const message of messages) {
        const [role, again] = MESSAGES.get(message.code) ?? [];
        if (!role || !message.kind || message.stop) continue;
        const place = at + dialect.header.fields.sender.offset;
        const sent = this.sent.at(`${hexOf(view, place, place + 16)} ${role}`);
        sent.messages++;
        if (facts.findings.some(({ code, start }) => code === again && start === startOf(message, shift)))
          sent.repeats++;
      }
    }
  }

  /** The table, from what the tracker knows in the end. */
  sheets({ channels, forgotten }: Tracked): readonly Sheet[] {
    const all = noOutcomes();
    const byPeer = new Bounded(noOutcomes, this.most);
    for (const channel of channels.values()) {
      if (!this.touched.has(channel.number)) continue;
      count(all, channel);
      count(byPeer.at(`${channel.initiator.id} initiator`), channel);
      count(byPeer.at(`${channel.responder.id} responder`), channel);
    }
    const rows = [rowOf('(all)', undefined, all, this.total())];
    const busiest = [...byPeer.known].sort(([, one], [, other]) => other.channels - one.channels).map(([key]) => key);
    for (const key of new Set([...busiest, ...this.sent.known.keys()])) {
      const [peer = '', role] = key.split(' ');
      rows.push(rowOf(peer, role, byPeer.known.get(key), this.sent.known.get(key)));
    }
    if (byPeer.others ?? this.sent.others) rows.push(rowOf(OTHERS, undefined, byPeer.others, this.sent.others));
    const notes =
      forgotten === 0 ? [] : [`${forgotten} channels forgotten to stay within bounds: they are not counted`];
    return [{ title: 'Handshakes', columns: COLUMNS, rows, notes }];
  }

  private total(): Sent {
    const total = noneSent();
    for (const { messages, repeats } of [...this.sent.known.values(), this.sent.others ?? noneSent()]) {
      total.messages += messages;
      total.repeats += repeats;
    }
    return total;
  }
}

const startOf = ({ at }: Message, shift: number): number => at - shift;

function count(into: Outcomes, { state, rttNewAcknowledge, rttAcknowledgeFinalize }: Outcome): void {
  into.channels++;
  into.states.set(state, (into.states.get(state) ?? 0) + 1);
  if (rttNewAcknowledge !== undefined) into.answers.push(rttNewAcknowledge);
  if (rttAcknowledgeFinalize !== undefined) into.proofs.push(rttAcknowledgeFinalize);
}

const PERCENTILES = [50, 90, 99] as const;

/** The value below or at which so many percent of the values are: the nearest rank. */
export function percentile(sorted: readonly number[], percent: number): number | undefined {
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)];
}

function roundTrips(times: readonly number[]): readonly Cell[] {
  const sorted = times.toSorted((one, other) => one - other);
  return [
    times.length,
    ...PERCENTILES.map((percent) => microsIf(percentile(sorted, percent))),
    microsIf(sorted.at(-1)),
  ];
}

const rowOf = (
  peer: string,
  role: string | undefined,
  { channels, states, answers, proofs }: Outcomes = noOutcomes(),
  { messages, repeats }: Sent = noneSent(),
): readonly Cell[] => [
  peer,
  role,
  channels,
  ...STATES.map((state) => states.get(state) ?? 0),
  messages,
  repeats,
  ...roundTrips(answers),
  ...roundTrips(proofs),
];

const OUTCOMES = 'Outcomes, messages sent and sent again';

/** The states in few letters, and how soon each can be missed: what ended badly is what one looks for. */
const IN_SHORT: Readonly<Record<State, readonly [short: string, spare: number]>> = {
  new: ['new', 2],
  acknowledged: ['ackn', 2],
  established: ['estab', 1],
  early: ['early', 3],
  closed: ['closed', 1],
  refused: ['refus', 1],
  'timed-out': ['timed', 1],
  collided: ['colli', 3],
};

const stateColumn = (state: State): Column => {
  const [short, spare] = IN_SHORT[state];
  return { key: state.replace('-', '_'), head: state, part: OUTCOMES, short, spare };
};

const roundTripColumns = (key: string, part: string): readonly Column[] => [
  { key: `${key}_count`, head: 'Count', part },
  ...PERCENTILES.map((percent) => ({
    key: `${key}_p${percent}_us`,
    head: `p${percent}`,
    show: 'millis' as const,
    part,
  })),
  { key: `${key}_max_us`, head: 'max', show: 'millis', part },
];

const COLUMNS: readonly Column[] = [
  { key: 'peer', head: 'Peer', isPeer: true },
  { key: 'role', head: 'Role' },
  { key: 'channels', head: 'Channels', part: OUTCOMES, short: 'Chan' },
  ...STATES.map(stateColumn),
  { key: 'messages', head: 'Sent', part: OUTCOMES },
  { key: 'repeats', head: 'Again', part: OUTCOMES },
  ...roundTripColumns('rtt_new_ack', 'Round trip NEW to ACKNOWLEDGE, ms'),
  ...roundTripColumns('rtt_ack_final', 'Round trip ACKNOWLEDGE to FINALIZE, ms'),
];
