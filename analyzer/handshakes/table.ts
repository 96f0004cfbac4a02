import { Shelf } from '../../dissectors/wire/shelf.js';
import {
  type Handshake,
  type HandshakeKind,
  type HandshakeState,
  isHalfOpen,
  isPending,
  type MessageEnds,
  type Stateless,
  type When,
} from './handshake.js';
import { Responders } from './responders.js';
import { Waiting } from './waiting.js';

/** How many handshakes are kept. */
export interface HandshakeBounds {
  /** Those that were half-open to the end: what a flood makes. The oldest goes first. */
  readonly halfOpen: number;
  /** All others; the one that was quiet longest goes first. */
  readonly others: number;
}

/** A row takes about 600 bytes, and what its kind keeps of it: 10 MB in a flood, 200 MB at most. */
export const HANDSHAKE_BOUNDS: HandshakeBounds = { halfOpen: 16_384, others: 262_144 };

/** The bounds where only so many packets are kept: a quarter as many handshakes, each of which takes more room than a packet. */
export const handshakeBoundsFor = (packets: number): HandshakeBounds => ({
  halfOpen: Math.min(HANDSHAKE_BOUNDS.halfOpen, Math.max(1024, packets / 4)),
  others: Math.min(HANDSHAKE_BOUNDS.others, Math.max(1024, packets / 4)),
});

/** Messages of a row that are kept: more than a ladder shows at once; resends beyond them are counted. */
export const MOST_MESSAGES = 64;
/** Keys by which a row is found: a handshake over several addresses and connection ids has some. */
const MOST_KEYS = 8;
/** Pieces of evidence and details of a row, and the characters of each text that a row keeps. */
const MOST_EVIDENCE = 8;
/** Details of a row: no kind tells so many of its own accord. */
const MOST_DETAILS = 32;
/** Characters of a text of a row that comes from packets: a name of DNS has no more. */
const MOST_TEXT = 255;
/** How long a handshake that has come to its end keeps its memory, for late packets, in seconds. */
const LINGER_SECONDS = 15;

/** The rows of a kind that wait. */
interface WaitingKind {
  readonly kind: HandshakeKind;
  readonly line: Waiting<Handshake>;
}

/** What a kind wants of the table. */
export interface KindRules {
  readonly kind: HandshakeKind;
  /** How long a row waits for its next message, in seconds; undefined where its kind times rows out itself. */
  readonly seconds: number | undefined;
  /** The row was not answered in time: sets the reason, where the one that every kind gives will not do. */
  readonly expire?: (row: Handshake) => string | undefined;
  /** The row leaves the table, or is settled: whatever else is kept for it goes. */
  readonly release?: (row: Handshake) => void;
}

/** What is known of a handshake when it begins. */
export interface Beginning {
  readonly kind: HandshakeKind;
  readonly initiator: string;
  readonly responder: string;
  readonly id: string;
  /** The number of the channel that it opens; of other kinds it is left out. */
  readonly channel?: number;
  /** By which it is found; there may be more later (`remember`). */
  readonly key?: Key;
}

/** By what a kind finds its rows again: numbers are cheaper. */
export type Key = string | number;

/** What may be said of a message besides its name. */
export interface MessageOptions {
  /** What is special about it, in a few words. */
  readonly note?: string;
  /** It is a first message of the attempt. */
  readonly isFirst?: boolean;
  /** It was sent before. */
  readonly isResent?: boolean;
  /** Who sent it to whom, where more than two take part: the ladder has a column for each. */
  readonly between?: MessageEnds;
}

/** A row as the table changes it. */
type Growing = {
  -readonly [Name in keyof Handshake]: Handshake[Name];
};
interface Row extends Growing {
  details: Record<string, string | number> | undefined;
  keys: readonly Key[];
  /** The packet that touched it last. */
  listed: number;
  /** When it was challenged first. */
  challenged: number | undefined;
}

/** The handshakes of a capture, of all kinds, found by keys of their kinds. Bounded. */
export class HandshakeTable {
  /** In the order of their numbers. */
  readonly rows = new Map<number, Handshake>();
  readonly responders: Responders;
  /** Rows dropped to stay within bounds. */
  forgotten = 0;
  /** Rows that the packet has touched; the tracker empties it. */
  readonly touched: Handshake[] = [];
  private made = 0;
  private readonly bounds: HandshakeBounds;
  private readonly rules = new Map<HandshakeKind, KindRules>();
  private readonly byKey = new Map<HandshakeKind, Map<Key, Handshake>>();
  /** Rows that wait, by kind: of one kind all wait equally long. */
  private readonly waiting = new Map<HandshakeKind, Waiting<Handshake>>();
  /** All of these. */
  private readonly lines: WaitingKind[] = [];
  private readonly lingering = new Waiting<Handshake>(LINGER_SECONDS);
  /** Every row is on one of these. */
  private readonly unproven = new Shelf<Handshake>();
  private readonly others = new Shelf<Handshake>();

  /** @param seed any number; strangers must not know it */
  constructor(rules: readonly KindRules[] = [], seed = 0, bounds: HandshakeBounds = HANDSHAKE_BOUNDS) {
    this.bounds = bounds;
    this.responders = new Responders(seed);
    for (const one of rules) {
      this.rules.set(one.kind, one);
      if (one.seconds !== undefined) this.addLine(one.kind, one.seconds);
    }
  }

  /** The newest row of a kind with this key. */
  find(kind: HandshakeKind, key: Key): Handshake | undefined {
    return this.byKey.get(kind)?.get(key);
  }

  /** Adds a row, which gets the next number, and is `asked`. Its first message is told by `message`. */
  begin(when: When, beginning: Beginning): Handshake {
    const row = newRow(++this.made, beginning, when);
    this.rows.set(row.number, row);
    this.unproven.put(row);
    if (beginning.key !== undefined) this.remember(row, beginning.key);
    this.responders.begin(row, when);
    this.touch(row, when);
    this.await(row, when);
    this.shrink(when);
    return row;
  }

  /** Finds a row by a key from now on, in the place of an older one. */
  remember(row: Handshake, key: Key): void {
    const { keys } = grow(row);
    if (row.isForgotten || keys.length >= MOST_KEYS) return;
    let rows = this.byKey.get(row.kind);
    if (!rows) {
      rows = new Map();
      this.byKey.set(row.kind, rows);
    }
    rows.set(key, row);
    if (!keys.includes(key)) grow(row).keys = [...keys, key];
  }

  /** Finds a row by a key no more. */
  disown(row: Handshake, key: Key): void {
    const growing = grow(row);
    growing.keys = growing.keys.filter((one) => one !== key);
    const rows = this.byKey.get(row.kind);
    if (rows?.get(key) === row) rows.delete(key);
  }

  /** Notes that a packet is one of the handshake's. */
  touch(row: Handshake, { number, now }: When): void {
    const growing = grow(row);
    growing.last = number;
    growing.ended = now;
    if (growing.listed === number) return;
    growing.listed = number;
    this.touched.push(row);
  }

  /** Adds a message to a row. */
  message(when: When, row: Handshake, name: string, fromInitiator: boolean, options: MessageOptions = {}): void {
    const growing = grow(row);
    const { note, isFirst, isResent = false, between } = options;
    this.touch(row, when);
    if (isFirst) growing.attempts++;
    if (isResent) growing.resent++;
    const { number: packet, now: time } = when;
    if (growing.messages.length < MOST_MESSAGES) {
      const words = note === undefined ? undefined : cut(note);
      const message = { packet, time, fromInitiator, isResent, name, note: words, between };
      growing.messages = [...growing.messages, message];
    } else growing.unlisted++;
    this.await(row, when);
  }

  /** Moves a row to a state, or leaves it there for another reason. Measures the round trips that end with it. */
  setState(when: When, row: Handshake, state: HandshakeState, reason: string): void {
    const growing = grow(row);
    growing.reason = cut(reason);
    if (row.state === state) return;
    const was = { kind: row.kind, state: row.state };
    growing.state = state;
    if (!row.isForgotten) this.responders.change(row, was);
    measure(growing, was.state, when);
    this.shelve(row);
    this.await(row, when);
    this.shrink(when);
  }

  /** Corrects between whom a handshake is: who began it was a guess. */
  setEnds(row: Handshake, initiator: string, responder: string): void {
    const growing = grow(row);
    if (!row.isForgotten) this.responders.move(row, { initiator, responder });
    growing.initiator = cut(initiator);
    growing.responder = cut(responder);
  }

  /** Gives another reason for the state that a row is in. */
  explain(row: Handshake, reason: string): void {
    grow(row).reason = cut(reason);
  }

  /** Tells what shows whether the responder keeps state before the echo. The surest word of all evidence holds. */
  addEvidence(when: When, row: Handshake, stateless: Stateless, text: string): void {
    const growing = grow(row);
    const { evidence } = growing;
    if (evidence.length < MOST_EVIDENCE && !evidence.includes(text)) growing.evidence = [...evidence, cut(text)];
    if (SURENESS[stateless] > SURENESS[row.stateless]) growing.stateless = stateless;
    if (stateless === 'yes' || stateless === 'likely') this.responders.noteStateless(row, when);
  }

  /** Sets a fact of the kind; one that is there is replaced. */
  detail(row: Handshake, name: string, value: string | number): void {
    const growing = grow(row);
    growing.details ??= {};
    if (!(name in growing.details) && Object.keys(growing.details).length >= MOST_DETAILS) return;
    growing.details[name] = typeof value === 'string' ? cut(value) : value;
  }

  /** Counts findings for a row. @param worst as a place in `SEVERITIES` */
  countFindings(row: Handshake, count: number, worst: number): void {
    const growing = grow(row);
    growing.findings += count;
    growing.worst = Math.max(growing.worst, worst);
  }

  private addLine(kind: HandshakeKind, seconds: number): void {
    const line = new Waiting<Handshake>(seconds);
    this.waiting.set(kind, line);
    this.lines.push({ kind, line });
  }

  /** Times out rows that waited too long, and lets go what only a handshake that goes on needs. */
  expire(clock: number, now: number): void {
    this.responders.expire(clock);
    // For every packet of a capture: an iterator would be garbage.
    for (let place = 0; place < this.lines.length; place++) {
      const { kind, line } = this.lines[place] as WaitingKind;
      for (let row = line.due(clock); row; row = line.due(clock)) {
        const reason = this.rules.get(kind)?.expire?.(row) ?? `nothing came after ${row.messages.at(-1)?.name ?? 'it'}`;
        const when = { number: row.last, now, clock };
        this.setState(when, row, 'timed-out', reason);
      }
    }
    for (let row = this.lingering.due(clock); row; row = this.lingering.due(clock)) this.release(row);
  }

  /** Drops a row. */
  drop(row: Handshake): void {
    const growing = grow(row);
    if (row.isForgotten) return;
    growing.isForgotten = true;
    this.rows.delete(row.number);
    row.shelf?.take(row);
    row.waiting?.leave(row);
    const rows = this.byKey.get(row.kind);
    for (const key of growing.keys) if (rows?.get(key) === row) rows.delete(key);
    growing.keys = NOTHING;
    this.release(row);
  }

  private release(row: Handshake): void {
    this.rules.get(row.kind)?.release?.(row);
    row.memory = undefined;
  }

  /** A row waits for its next message, or lingers after its last. */
  private await(row: Handshake, { clock }: When): void {
    if (row.isForgotten) return;
    const line = isPending(row) ? this.waiting.get(row.kind) : this.lingering;
    if (line) line.join(row, clock);
    else row.waiting?.leave(row);
  }

  /** What was more than half-open once is kept with the others. */
  private shelve(row: Handshake): void {
    if (row.isForgotten) return;
    if (row.shelf === this.others || !PROVING.has(row.state)) return;
    this.others.put(row);
  }

  private shrink({ clock }: When): void {
    while (this.unproven.size > this.bounds.halfOpen) this.forget(this.unproven.oldest, clock);
    while (this.others.size > this.bounds.others) this.forget(this.others.oldest, clock);
  }

  private forget(row: Handshake | undefined, clock: number): void {
    if (!row) return;
    this.forgotten++;
    if (isHalfOpen(row)) this.responders.drop(row, row.waiting ? row.deadline : clock);
    this.drop(row);
  }
}

/** States in which an initiator has shown that it is where it says it is. */
const PROVING: ReadonlySet<HandshakeState> = new Set(['echoed', 'answered', 'established']);

const SURENESS: Record<Stateless, number> = { unknown: 0, no: 1, likely: 2, yes: 3 };

/** Only the table makes rows: each is one. */
const grow = (row: Handshake): Row => row as Row;

const cut = (text: string): string => (text.length > MOST_TEXT ? `${text.slice(0, MOST_TEXT - 1)}…` : text);

/** Measures the round trip that a change of state ends. */
function measure(row: Row, was: HandshakeState, { now }: When): void {
  switch (row.state) {
    case 'challenged':
      row.challenged ??= now;
      row.rttChallenge ??= between(row.begun, now);
      return;
    case 'echoed':
      row.rttEcho ??= between(row.challenged, now);
      return;
    case 'answered':
      row.rttAnswer ??= between(row.messages.findLast(({ fromInitiator }) => fromInitiator)?.time, now);
      return;
    case 'established':
      if (was === 'challenged') row.rttEcho ??= between(row.challenged, now);
      return;
    default:
      return;
  }
}

const between = (from: number | undefined, to: number): number | undefined =>
  from === undefined || to < from ? undefined : to - from;

/** What a row begins with: a list that grows by one leaves no room, and most rows of a flood have one message. */
const NOTHING: readonly never[] = [];

const newRow = (number: number, { kind, initiator, responder, id, channel = 0 }: Beginning, when: When): Row => ({
  number,
  kind,
  channel,
  initiator: cut(initiator),
  responder: cut(responder),
  id: cut(id),
  state: 'asked',
  cookieStatus: undefined,
  proofStatus: undefined,
  stateless: 'unknown',
  evidence: NOTHING,
  attempts: 0,
  resent: 0,
  first: when.number,
  last: when.number,
  begun: when.now,
  ended: when.now,
  rttChallenge: undefined,
  rttEcho: undefined,
  rttAnswer: undefined,
  messages: NOTHING,
  unlisted: 0,
  reason: 'no answer so far',
  details: undefined,
  findings: 0,
  worst: -1,
  memory: undefined,
  isForgotten: false,
  keys: NOTHING,
  listed: 0,
  challenged: undefined,
  shelf: undefined,
  olderOnShelf: undefined,
  newerOnShelf: undefined,
  waiting: undefined,
  waitsAfter: undefined,
  waitsBefore: undefined,
  deadline: 0,
});
