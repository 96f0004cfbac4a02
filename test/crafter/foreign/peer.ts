import { createHmac } from 'node:crypto';
import { Alarms } from './alarms.js';
import { type Around, Channel, REPEATS } from './channel.js';
import type { Fault } from './faults.js';
import {
  ACKNOWLEDGE,
  CLOSE,
  COOKIE,
  cookieOf,
  DATA,
  DEFAULT_CHANNEL,
  type Dialect,
  FINALIZE,
  type Message,
  NEW,
  type Packet,
  PROGRESS,
  RESERVED_HALF,
  readPacket,
  WINDOW,
  writePacket,
} from './wire.js';

const SECRET_PERIOD = 120_000;
const LEAST_NEW = 89;
const LEAST_FINALIZE = 55;
const FIXED_SIZE = 1200;
const MOST_COLLISIONS = 8;
const MOST_EARLY = 16;
const MOST_ASKED = 4096;

/** The c1 of every attempt, where a peer has no other. */
export const ALWAYS_C1 = 1;

/** How a peer is made. */
export interface Making {
  readonly dialect: Dialect;
  readonly id: Buffer;
  readonly random: (size: number) => Buffer;
  readonly now: number;
  readonly transmit: (to: string, bytes: Buffer) => void;
  readonly faults?: Iterable<Fault>;
  readonly secret?: Buffer;
  readonly refuses?: boolean;
  /** Whether the application sends back what it is given. */
  readonly echoes?: boolean;
  /** Called with the reason when a channel or an attempt is over. */
  readonly over?: (reason: number) => void;
}

/** What an initiator is to do. */
export interface Opening {
  readonly remote: Buffer;
  readonly to: string;
  readonly caps: number;
  /** What it has to say. */
  readonly input: readonly Buffer[];
  /** Whether it ends its direction when it has said that, or when the other peer does. */
  readonly closes: boolean;
}

interface Attempt extends Opening {
  c1: number;
  cookie1: Buffer;
  s1: number;
  sendings: number;
  collisions: number;
  alarm?: symbol;
  readonly early: Packet[];
}

interface Open {
  readonly channel: Channel;
  readonly id: number;
  readonly remote: Buffer;
  readonly to: string;
  readonly isInitiator: boolean;
  readonly secretAt: number;
  finalize?: { readonly bytes: Buffer; sendings: number; alarm?: symbol };
  isConfirmed: boolean;
  opening?: Opening;
  cookie1?: Buffer;
}

interface Asked {
  readonly s1: number;
  readonly caps: number;
  readonly from: string;
  readonly time: number;
}

const low = (value: number): number => value & 0xffff;
const keyOf = (remote: Buffer, id: number): string => `${remote.toString('hex')} ${id}`;

/** A whole peer of the channel protocol, written from the protocol page. It has no sockets and no clock of its own. */
export class ForeignPeer {
  readonly #making: Making;
  readonly #dialect: Dialect;
  readonly #faults: ReadonlySet<Fault>;
  readonly #alarms = new Alarms();
  readonly #halfKey: Buffer;
  #secrets: Buffer[];
  #replacedAt: number;
  #now: number;
  #attempts: Attempt[] = [];
  #open = new Map<string, Open>();
  #closed = new Map<string, number>();
  #asked = new Map<string, Asked>();
  /** What the packet that is read may still be answered with before its sender has proven anything, in bytes. */
  #budget = 0;
  #isUnanswered = false;

  constructor(making: Making) {
    this.#making = making;
    this.#dialect = making.dialect;
    this.#faults = new Set(making.faults ?? []);
    this.#now = making.now;
    this.#halfKey = making.random(32);
    this.#secrets = [making.secret ?? making.random(32)];
    this.#replacedAt = making.now;
  }

  get nextAlarm(): number {
    return this.#alarms.next();
  }

  wake(now: number): void {
    this.#now = now;
    this.#alarms.ring(now);
  }

  #has(fault: Fault): boolean {
    return this.#faults.has(fault);
  }

  // Packets.

  #bytes(remote: Buffer, channel: number, messages: readonly Message[], sequence: number, atLeast = 0): Buffer {
    const { id } = this.#making;
    const isSwapped = this.#has('names the peers the wrong way round');
    return writePacket(this.#dialect, {
      sender: isSwapped ? remote : id,
      recipient: isSwapped ? id : remote,
      channel,
      messages,
      sequence: this.#dialect.numbered ? sequence : 0,
      atLeast: this.#dialect.numbered ? atLeast : FIXED_SIZE,
      flags: this.#has('sets a reserved flag') ? 0x10 : 0,
      isPlain: this.#has('writes lengths without the one for each continuation'),
      isPaddingUnsummed: this.#has('leaves its padding out of the checksum'),
    });
  }

  #onDefault(to: string, remote: Buffer, messages: readonly Message[], atLeast = 0): Buffer {
    const number = this.#has('numbers its packets on the default channel') ? 0x1234 : 0;
    const bytes = this.#bytes(remote, DEFAULT_CHANNEL, messages, number, atLeast);
    this.#making.transmit(to, bytes);
    return bytes;
  }

  // Cookies.

  #rotate(): void {
    while (this.#now - this.#replacedAt >= SECRET_PERIOD) {
      this.#secrets = [this.#making.random(32), ...this.#secrets.slice(0, 1)];
      this.#replacedAt += SECRET_PERIOD;
    }
  }

  #secret(): Buffer {
    return this.#secrets[0] ?? Buffer.alloc(0);
  }

  #cookie2(remote: Buffer, c1: number, c2: number, secret = this.#secret()): Buffer {
    if (this.#has('gives every peer the same cookie2')) {
      return cookieOf(this.#dialect, secret, Buffer.alloc(16), Buffer.alloc(16), 0, 0);
    }
    return cookieOf(this.#dialect, secret, remote, this.#making.id, c1, c2);
  }

  #cookie1(remote: Buffer, c1: number): Buffer {
    return cookieOf(this.#dialect, this.#secret(), this.#making.id, remote, c1);
  }

  /** The number that `seqno` gives an attempt; made again from the same, so that repeats are answered alike. */
  #s2(remote: Buffer, id: number, from: string): number {
    const input = `s2 ${remote.toString('hex')} ${id} ${from}`;
    return createHmac('sha256', this.#halfKey).update(input).digest().readUInt16BE(0);
  }

  #half(remote: Buffer, c1: number, from: string, counter: number): number {
    const place = this.#has('binds c2 to the host, not to the port') ? from.replace(/:\d+$/, '') : from;
    for (let turn = 0; ; turn++) {
      const input = `${place} ${remote.toString('hex')} ${c1} ${counter} ${turn}`;
      const half = createHmac('sha256', this.#halfKey).update(input).digest().readUInt16BE(0);
      if (half !== RESERVED_HALF) return half;
    }
  }

  #isTaken(remote: Buffer, id: number): boolean {
    const key = keyOf(remote, id);
    return this.#open.has(key) || this.#isClosed(key);
  }

  #isClosed(key: string): boolean {
    const until = this.#closed.get(key);
    return until !== undefined && this.#now < until;
  }

  /** The halves that a peer at an address may bring back: those in use, and the first that is free. */
  #halves(remote: Buffer, c1: number, from: string): readonly number[] {
    const halves: number[] = [];
    for (let counter = 0; counter < 1000; counter++) {
      const half = this.#half(remote, c1, from, counter);
      halves.push(half);
      if (!this.#isTaken(remote, c1 * 0x10000 + half)) break;
    }
    return halves;
  }

  // What arrives.

  receive(bytes: Buffer, from: string, now: number): void {
    this.#now = now;
    this.#alarms.ring(now);
    this.#rotate();
    const packet = readPacket(this.#dialect, this.#making.id, bytes);
    if (!packet) return;
    this.#budget = packet.size;
    this.#isUnanswered = false;
    if (packet.channel === DEFAULT_CHANNEL) this.#handshakes(packet, from);
    else this.#onChannel(packet, from);
  }

  #handshakes(packet: Packet, from: string): void {
    const { sender, messages } = packet;
    const asked = messages.filter(({ type, c1 }) => type === NEW && c1 !== RESERVED_HALF);
    const answered = asked.filter(({ c1 = 0 }) => !this.#collides(sender, c1));
    this.#acknowledge(
      packet,
      from,
      this.#has('answers the first CHANNEL_NEW of a packet only') ? answered.slice(0, 1) : answered,
    );
    const confirmed = new Set<number>();
    if (this.#isUnanswered) return;
    for (const message of messages) {
      if (message.type === ACKNOWLEDGE) this.#acknowledged(packet, message, from);
      if (this.#has('takes the first CHANNEL_FINALIZE of a packet only') && confirmed.size > 0) continue;
      if (message.type === FINALIZE) this.#finalized(packet, message, from, confirmed);
    }
  }

  #acknowledge(packet: Packet, from: string, asked: readonly Message[]): void {
    if (asked.length === 0) return;
    const { sender } = packet;
    const answers: Message[] = [];
    for (const { c1 = 0, cookie1, s1 = 0, caps = 0 } of asked) {
      if (this.#has('does not answer for the c1 of an established channel')) {
        if ([...this.#open.values()].some(({ id, remote }) => id >>> 16 === c1 && remote.equals(sender))) continue;
      }
      const c2 = this.#halves(sender, c1, from).at(-1) ?? 0;
      const id = c1 * 0x10000 + c2;
      if (this.#has('remembers one attempt of each peer')) {
        for (const [key, { from: place }] of this.#asked) if (place === from) this.#asked.delete(key);
      }
      this.#asked.set(keyOf(sender, id), { s1, caps, from, time: this.#now });
      if (this.#asked.size > MOST_ASKED)
        for (const key of this.#asked.keys()) {
          this.#asked.delete(key);
          break;
        }
      if (this.#dialect.name === 'seqno')
        answers.push({ type: ACKNOWLEDGE, id, ack: low(s1 + 1), s2: this.#s2(sender, id, from) });
      else {
        let returned = cookie1 ?? Buffer.alloc(0);
        if (this.#has('returns the first 15 bytes of cookie1'))
          returned = Buffer.concat([returned.subarray(0, -1), Buffer.alloc(1)]);
        answers.push({ type: ACKNOWLEDGE, id, cookie1: returned, cookie2: this.#cookie2(sender, c1, c2) });
      }
    }
    if (answers.length === 0) return;
    const padded = this.#has('pads what it acknowledges to 1200 bytes') ? FIXED_SIZE : 0;
    const channel = this.#has('acknowledges on the new channel') ? (answers[0]?.id ?? 0) : DEFAULT_CHANNEL;
    const number = this.#has('numbers its packets on the default channel') ? 0x1234 : 0;
    if (this.#has('answers each CHANNEL_NEW of a packet in a packet of its own')) {
      for (const one of answers) this.#making.transmit(from, this.#bytes(sender, channel, [one], number));
      return;
    }
    const bytes = this.#bytes(sender, channel, answers, number, padded);
    if (bytes.length > this.#budget && padded === 0) return this.#unanswered();
    this.#budget -= bytes.length;
    this.#making.transmit(from, bytes);
    if (this.#has('acknowledges twice')) this.#making.transmit(from, bytes);
  }

  #unanswered(): void {
    this.#isUnanswered = this.#has('drops the proofs beside a CHANNEL_NEW that it does not answer');
  }

  // The responder.

  /** The number that a right proof starts with, both ways; undefined for a wrong one. */
  #proven(
    remote: Buffer,
    id: number,
    proof: Message,
    from: string,
  ): { send: number; receive: number; caps: number } | undefined {
    const [c1, c2] = [id >>> 16, id & 0xffff];
    if (c1 === RESERVED_HALF || c2 === RESERVED_HALF) return undefined;
    const key = keyOf(remote, id);
    if (!this.#halves(remote, c1, from).includes(c2) && !this.#has('gives every peer the same cookie2'))
      return undefined;
    const asked = this.#asked.get(key);
    const needsMemory =
      this.#has('remembers one attempt of each peer') || this.#has('forgets an attempt after a second');
    const open = this.#open.get(key);
    if (!open && needsMemory && !asked) return undefined;
    if (!open && this.#has('forgets an attempt after a second') && asked && this.#now - asked.time > 1000)
      return undefined;
    if (this.#dialect.name === 'seqno') {
      const s2 = this.#s2(remote, id, from);
      if (proof.ack !== low(s2 + 1)) return undefined;
      if (!asked && !open) return undefined;
      return { send: low(s2 + 1), receive: low((asked?.s1 ?? 0) + 1), caps: asked?.caps ?? 0 };
    }
    const { cookie2 } = proof;
    const isRight = this.#secrets.some((secret) => cookie2?.equals(this.#cookie2(remote, c1, c2, secret)));
    if (!isRight || !cookie2) return undefined;
    if (this.#dialect.capsIn === 'new' && !asked && !open) return undefined;
    const caps = this.#dialect.capsIn === 'new' ? asked?.caps : proof.caps;
    const isLong = cookie2.length >= 16;
    return {
      send: isLong ? cookie2.readUInt16BE(0) : 0,
      receive: isLong ? cookie2.readUInt16BE(2) : 0,
      caps: caps ?? 0,
    };
  }

  #finalized(packet: Packet, proof: Message, from: string, confirmed: Set<number>): void {
    const { sender } = packet;
    const { id = 0 } = proof;
    const proven = this.#proven(sender, id, proof, from);
    if (!proven) return;
    this.#collides(sender, id >>> 16);
    const open = this.#establish(sender, id, proven, from);
    if (open && !confirmed.has(id)) this.#confirm(open);
    confirmed.add(id);
  }

  /** The channel of a right proof; undefined where there is none. */
  #establish(
    remote: Buffer,
    id: number,
    proven: { send: number; receive: number; caps: number },
    from: string,
  ): Open | undefined {
    const key = keyOf(remote, id);
    const known = this.#open.get(key);
    if (known) return known.isInitiator || known.to !== from || known.channel.isOver ? undefined : known;
    if (this.#isClosed(key)) return undefined;
    if (this.#making.refuses) {
      const reason = this.#has('refuses with another reason') ? 3 : 4;
      const bytes = this.#bytes(remote, id, [{ type: CLOSE, reason }], proven.send);
      this.#making.transmit(from, bytes);
      if (this.#has('repeats what it refuses with'))
        this.#alarms.at(this.#now + 200, () => this.#making.transmit(from, bytes));
      return undefined;
    }
    return this.#begin(remote, id, from, proven, false);
  }

  #begin(
    remote: Buffer,
    id: number,
    to: string,
    given: { send: number; receive: number; caps: number },
    isInitiator: boolean,
  ): Open {
    const key = keyOf(remote, id);
    const around: Around = {
      faults: this.#faults,
      alarms: this.#alarms,
      canClose: this.#dialect.numbered,
      now: () => this.#now,
      write: (messages, sequence) =>
        this.#bytes(remote, id, messages, sequence, this.#has('sends packets of 1400 bytes') ? 1400 : 0),
      put: (bytes) => this.#making.transmit(to, bytes),
      transmit: (messages, sequence) => this.#making.transmit(to, this.#bytes(remote, id, messages, sequence)),
      received: (data) => {
        if (this.#making.echoes) open.channel.send(data);
      },
      ended: () => {
        if (!isInitiator || !open.opening?.closes) open.channel.close();
      },
      over: (reason) => {
        this.#alarms.cancel(open.finalize?.alarm);
        delete open.finalize;
        const period = this.#has('forgets closed channels after 15 s') ? 15_000 : 2 * SECRET_PERIOD;
        this.#closed.set(key, this.#now + period);
        // What still comes is answered by the channel for a time.
        this.#alarms.at(this.#now + period, () => this.#open.delete(key));
        this.#making.over?.(reason);
      },
    };
    const channel = new Channel(
      around,
      this.#dialect.numbered ? given.caps : 0,
      given.send,
      given.receive,
      !isInitiator,
    );
    const open: Open = { channel, id, remote, to, isInitiator, secretAt: this.#now, isConfirmed: false };
    this.#open.set(key, open);
    return open;
  }

  #confirm(open: Open): void {
    if (!this.#dialect.numbered) return;
    const { channel, remote, id, to } = open;
    const messages: Message[] = [{ type: WINDOW, window: this.#has('tells a window of 0') ? 0 : 256 }];
    if (this.#has('confirms with a report'))
      messages.unshift({ type: PROGRESS, next: channel.nextNumber, received: 0 });
    if (this.#has('confirms with an empty packet')) messages.length = 0;
    const place = this.#has('confirms on the default channel') ? DEFAULT_CHANNEL : id;
    const bytes = this.#bytes(remote, place, messages, channel.nextNumber);
    if (bytes.length > this.#budget) return;
    this.#budget -= bytes.length;
    this.#making.transmit(to, bytes);
    if (this.#has('confirms in a packet that takes a number')) channel.takeNumber();
  }

  #onChannel(packet: Packet, from: string): void {
    const { sender, channel: id } = packet;
    const [first] = packet.messages;
    const cookie = first?.type === COOKIE ? first : undefined;
    // COOKIE counts as the first message only, and the messages of handshakes do not count here.
    const messages = packet.messages.filter(({ type }, place) =>
      type === COOKIE ? place === 0 : type === DATA || type === CLOSE || type === PROGRESS || type === WINDOW,
    );
    let open = this.#open.get(keyOf(sender, id));
    if (!open && cookie) {
      if (this.#holdsEarly(packet, cookie)) return;
      const proven = this.#proven(sender, id, cookie, from);
      if (!proven) return;
      this.#collides(sender, id >>> 16);
      open = this.#establish(sender, id, proven, from);
      if (!open) return;
      this.#confirm(open);
      return open.channel.take(packet, messages);
    }
    if (!open) return;
    if (open.to !== from) {
      if (open.isInitiator && this.#has('takes a confirmation from any address')) this.#isConfirmed(open);
      return;
    }
    if (cookie && !this.#cookieAgain(open, sender, cookie, from, messages)) return;
    const isDropped = this.#has('drops the packet that confirms') && open.isInitiator && !open.isConfirmed;
    if (!isDropped) open.channel.take(packet, messages);
    const isWindow = messages.some(({ type }) => type === WINDOW);
    if (!cookie && (isWindow || !this.#has('is confirmed by DATA_WINDOW only'))) this.#isConfirmed(open);
  }

  /** Whether a packet with a COOKIE on a channel that is there is to be read further. */
  #cookieAgain(open: Open, sender: Buffer, cookie: Message, from: string, messages: readonly Message[]): boolean {
    if (open.isInitiator) return open.cookie1 !== undefined && cookie.cookie2?.equals(open.cookie1) === true;
    const { channel, id } = open;
    if (channel.isOver) {
      return (
        messages.some(({ type }) => type === CLOSE) &&
        this.#secrets.some((secret) => cookie.cookie2?.equals(this.#cookie2(sender, id >>> 16, id & 0xffff, secret)))
      );
    }
    const proven = this.#proven(sender, id, cookie, from);
    if (!proven) return false;
    if (this.#has('lets a later cookie change the capabilities')) open.channel.caps = proven.caps;
    this.#confirm(open);
    return true;
  }

  // The initiator.

  open(opening: Opening, now: number): void {
    this.#now = now;
    const attempt: Attempt = {
      ...opening,
      c1: 0,
      cookie1: Buffer.alloc(0),
      s1: 0,
      sendings: 0,
      collisions: 0,
      early: [],
    };
    this.#attempts.push(attempt);
    this.#start(attempt);
  }

  #start(attempt: Attempt): void {
    this.#rotate();
    attempt.c1 = this.#freeHalf(attempt);
    attempt.s1 = this.#making.random(2).readUInt16BE(0);
    attempt.cookie1 = this.#cookie1(attempt.remote, attempt.c1);
    attempt.sendings = 0;
    attempt.early.length = 0;
    this.#ask(attempt);
  }

  #freeHalf(attempt: Attempt): number {
    if (this.#has('begins each attempt with the same c1') && attempt.collisions === 0) return ALWAYS_C1;
    for (;;) {
      const half = this.#making.random(2).readUInt16BE(0);
      const known = [...this.#open.values()].some(
        ({ id, remote }) => id >>> 16 === half && remote.equals(attempt.remote),
      );
      const pending = this.#attempts.some((one) => one !== attempt && one.c1 === half);
      if (half !== RESERVED_HALF && half !== attempt.c1 && !known && !pending) return half;
    }
  }

  #ask(attempt: Attempt): void {
    const { c1, s1, remote, to, sendings } = attempt;
    if (this.#has('makes another cookie1 for each repeat'))
      attempt.cookie1 = this.#making.random(attempt.cookie1.length);
    const caps = this.#caps(attempt);
    const message: Message =
      this.#dialect.name === 'seqno' ? { type: NEW, c1, s1, caps } : { type: NEW, c1, cookie1: attempt.cookie1, caps };
    this.#onDefault(to, remote, [message], LEAST_NEW);
    attempt.sendings += 1;
    const isSlow = this.#has('waits a second before it asks again') && sendings === 0;
    const wait = isSlow ? 1000 : (REPEATS[sendings] ?? 0);
    attempt.alarm = this.#alarms.at(this.#now + wait, () => {
      const isDeaf =
        this.#has('takes no acknowledgement after its last CHANNEL_NEW') && attempt.sendings === REPEATS.length - 1;
      if (isDeaf) this.#attempts = this.#attempts.filter((one) => one !== attempt);
      if (attempt.sendings < REPEATS.length) return this.#ask(attempt);
      this.#attempts = this.#attempts.filter((one) => one !== attempt);
      this.#making.over?.(-1);
    });
  }

  #caps({ caps }: Opening): number {
    return this.#has('sets a reserved capability') ? caps | 0x100 : caps;
  }

  /** Whether somebody asked for, or proved, a channel with the c1 of an own attempt: then that starts again. */
  #collides(remote: Buffer, c1: number): boolean {
    if (this.#has('starts again for a CHANNEL_NEW after its acknowledgement')) {
      const open = [...this.#open.values()].find((one) => one.isInitiator && !one.isConfirmed && one.id >>> 16 === c1);
      if (open?.opening) {
        open.channel.fail(1);
        this.open(open.opening, this.#now);
        return true;
      }
    }
    const attempt = this.#attempts.find((one) => one.c1 === c1 && one.remote.equals(remote));
    if (!attempt) return false;
    this.#alarms.cancel(attempt.alarm);
    attempt.collisions += 1;
    if (attempt.collisions > (this.#has('starts again after every collision') ? 1000 : MOST_COLLISIONS)) {
      this.#attempts = this.#attempts.filter((one) => one !== attempt);
      this.#making.over?.(-1);
    } else this.#start(attempt);
    return !this.#has('answers a CHANNEL_NEW that collides');
  }

  #acknowledged(packet: Packet, message: Message, from: string): void {
    const { sender } = packet;
    const { id = 0 } = message;
    const [c1, c2] = [id >>> 16, id & 0xffff];
    if (c2 === RESERVED_HALF && !this.#has('takes the reserved half for a c2')) return;
    const attempt = this.#attempts.find((one) => one.c1 === c1 && one.remote.equals(sender) && one.to === from);
    if (!attempt) return this.#acknowledgedAgain(packet, message, from);
    const isRight =
      this.#dialect.name === 'seqno' ? message.ack === low(attempt.s1 + 1) : message.cookie1?.equals(attempt.cookie1);
    if (!isRight || this.#isTaken(sender, id)) return;
    this.#attempts = this.#attempts.filter((one) => one !== attempt);
    this.#alarms.cancel(attempt.alarm);
    this.#connect(attempt, message, from);
    for (const early of attempt.early) if (early.channel === id) this.#onChannel(early, from);
  }

  #connect(attempt: Attempt, message: Message, from: string): void {
    const { id = 0, cookie2, s2 = 0 } = message;
    const { remote } = attempt;
    const isLong = cookie2 !== undefined && cookie2.length >= 16;
    const send = cookie2 ? (isLong ? cookie2.readUInt16BE(2) : 0) : low(attempt.s1 + 1);
    const receive = cookie2 ? (isLong ? cookie2.readUInt16BE(0) : 0) : low(s2 + 1);
    const open = this.#begin(remote, id, from, { send, receive, caps: attempt.caps }, true);
    open.cookie1 = attempt.cookie1;
    open.opening = attempt;
    const proof: Message = cookie2
      ? { type: FINALIZE, id, cookie2, caps: this.#caps(attempt) }
      : { type: FINALIZE, id, ack: low(s2 + 1) };
    const place = this.#has('finalizes on the new channel') ? id : DEFAULT_CHANNEL;
    const number = this.#has('numbers its packets on the default channel') ? 0x1234 : 0;
    open.finalize = { bytes: this.#bytes(remote, place, [proof], number, LEAST_FINALIZE), sendings: 0 };
    this.#finalize(open);
    for (const data of attempt.input) open.channel.send(data);
    if (attempt.closes) open.channel.close();
    if (this.#has('closes before it is confirmed')) {
      this.#making.transmit(from, this.#bytes(remote, id, [{ type: CLOSE, reason: 0 }], send));
    }
    // Nothing confirms in this dialect: what there is to say follows at once.
    if (!this.#dialect.numbered) open.channel.confirm();
  }

  #acknowledgedAgain({ sender }: Packet, message: Message, from: string): void {
    const { id = 0 } = message;
    const open = [...this.#open.values()].find(
      (one) => one.isInitiator && !one.isConfirmed && one.id >>> 16 === id >>> 16,
    );
    if (!open?.finalize || !open.remote.equals(sender)) return;
    if (this.#has('finalizes for every acknowledgement')) this.#making.transmit(open.to, open.finalize.bytes);
    if (this.#has('lets a later acknowledgement replace the first') && open.opening) {
      const { opening } = open;
      open.channel.fail(1);
      const attempt = {
        ...opening,
        c1: id >>> 16,
        cookie1: open.cookie1 ?? Buffer.alloc(0),
        s1: 0,
        sendings: 0,
        collisions: 0,
        early: [],
      };
      this.#connect(attempt, message, from);
    }
  }

  #finalize(open: Open): void {
    const { finalize } = open;
    if (!finalize) return;
    this.#making.transmit(open.to, finalize.bytes);
    finalize.sendings += 1;
    const most = this.#dialect.numbered ? (this.#has('finalizes twice and no more') ? 2 : REPEATS.length) : 3;
    finalize.alarm = this.#alarms.at(this.#now + (REPEATS[finalize.sendings - 1] ?? 0), () => {
      if (finalize.sendings < most) this.#finalize(open);
      else if (this.#dialect.numbered && !this.#has('finalizes twice and no more')) open.channel.fail(1);
    });
  }

  #isConfirmed(open: Open): void {
    if (open.isConfirmed) return;
    open.isConfirmed = true;
    this.#alarms.cancel(open.finalize?.alarm);
    delete open.finalize;
    open.channel.confirm();
  }

  /** Keeps what the responder sends before its acknowledgement has come. */
  #holdsEarly(packet: Packet, cookie: Message): boolean {
    const attempt = this.#attempts.find((one) => one.c1 === packet.channel >>> 16 && one.remote.equals(packet.sender));
    if (!attempt || !cookie.cookie2?.equals(attempt.cookie1)) return false;
    if (attempt.early.length < (this.#has('holds one early packet') ? 1 : MOST_EARLY)) attempt.early.push(packet);
    return true;
  }
}
