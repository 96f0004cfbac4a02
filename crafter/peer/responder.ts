import { CODES, REFUSED } from '../../dissectors/channel/messages.js';
import { DEFAULT_CHANNEL, ENVELOPE, RESERVED_HALF } from '../../dissectors/channel/packet.js';
import { plus } from '../../dissectors/channel/sequence.js';
import { viewOf } from '../../dissectors/wire/view.js';
import type { Budget } from './budget.js';
import { Channel } from './channel.js';
import { confirm } from './channel-steps.js';
import type { Core, EarlyData, Pending } from './core.js';
import { keyOf } from './expiring.js';
import { collide } from './initiator.js';
import { answerSize } from './outbox.js';
import { bytesIn, type Message, numberIn, type Packet, SENDER, senderOf } from './read.js';
import type { Remote } from './remotes.js';
import type { Address } from './settings.js';

/** A packet, where it came from and when. */
export interface Arrival {
  readonly packet: Packet;
  readonly from: Address;
  readonly now: number;
  /** What may be sent in answer. */
  readonly budget: Budget;
  /** Channels that the packet has proven, and that are confirmed. */
  readonly proven: Channel[];
  readonly wake: (channel: Channel, now: number) => void;
}

/** The values of an answer to a CHANNEL_NEW, for whatever dialect. */
type Answer = {
  readonly id: number;
  readonly cookie1: Uint8Array;
  readonly cookie2: Uint8Array;
  readonly ack: number;
  readonly s2: number;
  /** Those of CHANNEL_NEW. */
  readonly caps: number;
};

/** The sender of a packet, if there is anything to remember of it. */
export const senderIn = (core: Core, { view }: Packet): Remote | undefined => core.remotes.find(view, SENDER);

/** The bytes of CHANNEL_NEW's packet that one answer costs beside the first. */
const step = (core: Core): number =>
  answerSize(core.dialect, 'CHANNEL_NEW', 2) - answerSize(core.dialect, 'CHANNEL_NEW', 1);

/**
 * Answers the CHANNEL_NEW of a packet, all or none. Stores nothing, in dialects that allow it.
 * Source: protocol page, section 4, step 2.
 */
export function acknowledgeAll(core: Core, arrival: Arrival): void {
  const { packet, from, budget, now } = arrival;
  const remote = senderIn(core, packet);
  const answers: Answer[] = [];
  let collisions = 0;
  for (const message of packet.messages) {
    if (message.code !== CODES.CHANNEL_NEW) continue;
    const c1 = numberIn(core.dialect, packet, message, 'c1');
    if (c1 === RESERVED_HALF) continue;
    const attempt = remote?.attempts.get(c1);
    if (attempt) {
      const cost = collisions > 0 && attempt.address === from ? step(core) : answerSize(core.dialect, 'CHANNEL_NEW', 1);
      collide(attempt, budget.spend(cost), now);
      collisions += 1;
      continue;
    }
    const answer = answerTo(core, arrival, remote, message, c1);
    if (answer) answers.push(answer);
  }
  if (answers.length > 0) sendAnswers(core, arrival, answers);
}

function answerTo(
  core: Core,
  { packet, from, now }: Arrival,
  remote: Remote | undefined,
  message: Message,
  c1: number,
): Answer | undefined {
  const initiator = senderOf(packet);
  const c2 = core.responderHalf.choose(from, initiator, c1, (id) => core.isTaken(remote, id));
  if (c2 === undefined) return undefined;
  const id = ((c1 << 16) | c2) >>> 0;
  const caps = numberIn(core.dialect, packet, message, 'caps');
  const cookie1 = bytesIn(core.dialect, packet, message, 'cookie1');
  if (core.dialect.mac !== 'none') {
    // Early data is numbered by the cookie that it was sent with.
    const early = core.early.size > 0 ? core.early.get(keyOf(initiator, id), now) : undefined;
    const cookie2 = early?.cookie2 ?? core.secrets.cookie({ initiator, responder: core.id, c1, c2 });
    return { id, cookie1, cookie2, ack: 0, s2: 0, caps };
  }
  const s1 = numberIn(core.dialect, packet, message, 's1');
  const known = core.pending.get(keyOf(initiator, id), now);
  const s2 = known?.s1 === s1 ? known.s2 : core.half();
  return { id, cookie1, cookie2: cookie1, ack: plus(s1, 1), s2, caps };
}

function sendAnswers(core: Core, { packet, from, budget, now }: Arrival, answers: readonly Answer[]): void {
  const { dialect, settings, writer } = core;
  const initiator = senderOf(packet);
  const size = answerSize(dialect, 'CHANNEL_NEW', 1) - ENVELOPE;
  const most = Math.max(1, Math.floor((settings.packetSize - ENVELOPE) / size));
  const packets = Math.ceil(answers.length / most);
  const total = dialect.numbered ? packets * ENVELOPE + answers.length * size : packets * settings.packetSize;
  if (!budget.spend(total)) {
    core.log(now, 'not answered', { why: 'larger than what it answers', size: packet.size, answer: total });
    return;
  }
  const header = writer.header(initiator, DEFAULT_CHANNEL);
  for (let first = 0; first < answers.length; first += most) {
    writer.start(header, 0);
    for (const answer of answers.slice(first, first + most)) {
      if (core.settings.log) core.log(now, 'acknowledged', { to: from }, answer.id);
      writer.add('CHANNEL_ACKNOWLEDGE', answer);
    }
    core.send(from, writer.finish());
  }
  for (const answer of answers) remember(core, initiator, from, answer, now);
  if (settings.greet) for (const answer of answers) sendEarly(core, initiator, from, answer, budget, now);
}

/** What the dialects before the addendum cannot do without. */
function remember(core: Core, initiator: Uint8Array, from: Address, answer: Answer, now: number): void {
  if (core.dialect.capabilitiesIn !== 'CHANNEL_NEW') return;
  const { id, caps, s2, ack } = answer;
  core.pending.set(keyOf(initiator, id), { capabilities: caps, from, s1: plus(ack, -1), s2 }, now);
}

/** Sends early data along, if there is any, it fits, and there is room to remember it. */
function sendEarly(
  core: Core,
  initiator: Uint8Array,
  from: Address,
  answer: Answer,
  budget: Budget,
  now: number,
): void {
  if (core.dialect.mac !== 'hmac-sha-256') return;
  const { id, cookie1, cookie2 } = answer;
  const key = keyOf(initiator, id);
  const known = core.early.get(key, now);
  if (known) {
    if (budget.spend(known.packet.length)) core.send(from, known.packet);
    return;
  }
  const data = core.settings.greet?.(initiator, from);
  if (!data || data.length === 0 || core.early.size >= core.settings.earlyAttempts) return;
  const packet = writeEarly(core, initiator, id, cookie1, cookie2, data, budget.left);
  if (!packet || !budget.spend(packet.length)) return;
  core.early.set(key, { cookie2, data, packet }, now);
  core.log(now, 'early data', { bytes: data.length }, id);
  core.send(from, packet);
}

function writeEarly(
  core: Core,
  initiator: Uint8Array,
  id: number,
  cookie1: Uint8Array,
  cookie2: Uint8Array,
  data: Uint8Array,
  room: number,
): Uint8Array | undefined {
  const { writer, settings } = core;
  const most = Math.min(room, settings.packetSize);
  // Beside the bytes: the envelope, the cookie and the head of DATA, which is no larger than this.
  if (data.length + ENVELOPE + cookie1.length + 8 > most) return undefined;
  writer.start(writer.header(initiator, id), viewOf(cookie2).getUint16(0));
  writer.add('CHANNEL_COOKIE', { cookie: cookie1, caps: 0 });
  writer.block.set(data, writer.addData(data.length));
  return writer.finish().slice();
}

/** A CHANNEL_FINALIZE, or a COOKIE in its place. */
export interface Proof {
  readonly id: number;
  /** Empty in `seqno`. */
  readonly cookie2: Uint8Array;
  readonly ack: number;
  readonly caps: number;
}

/** Takes a CHANNEL_FINALIZE, and confirms it if it is right. */
export function finalize(core: Core, arrival: Arrival, message: Message): void {
  const { packet } = arrival;
  const channel = prove(core, arrival, {
    id: numberIn(core.dialect, packet, message, 'id'),
    cookie2: bytesIn(core.dialect, packet, message, 'cookie2'),
    ack: numberIn(core.dialect, packet, message, 'ack'),
    caps: numberIn(core.dialect, packet, message, 'caps'),
  });
  if (!channel || arrival.proven.includes(channel)) return;
  arrival.proven.push(channel);
  // Nothing confirms in `channeler`. What does not fit waits for the repeat.
  if (!core.dialect.numbered || !arrival.budget.spend(answerSize(core.dialect, 'CHANNEL_FINALIZE', 1))) return;
  confirm(channel, arrival.now);
}

/**
 * The channel of a proof: the one it is for, or a new one. Undefined if the proof is wrong, for a closed channel, or
 * refused.
 */
export function prove(core: Core, arrival: Arrival, proof: Proof): Channel | undefined {
  const { packet, from, now } = arrival;
  const { id } = proof;
  const c1 = id >>> 16;
  if (c1 === RESERVED_HALF) return undefined;
  const initiator = senderOf(packet);
  const remote = senderIn(core, packet);
  const known = remote?.channels.get(id);
  const generation =
    known && core.dialect.mac === 'none' ? repeated(known, proof) : rightGeneration(core, arrival, proof);
  if (generation < 0) {
    core.log(now, 'dropped', { why: 'wrong proof', from }, id);
    return undefined;
  }
  if (known) return known.role === 'responder' && known.address === from ? known : undefined;
  if (remote?.closed.has(id)) {
    core.log(now, 'dropped', { why: 'closed before', from }, id);
    return undefined;
  }
  const pending =
    core.dialect.capabilitiesIn === 'CHANNEL_NEW' ? core.pending.get(keyOf(initiator, id), now) : undefined;
  if (core.dialect.capabilitiesIn === 'CHANNEL_NEW' && !pending) return undefined;
  const attempt = remote?.attempts.get(c1);
  // The proof is one of the address, too.
  if (attempt) collide(attempt, attempt.address === from, now);
  const caps = core.dialect.numbered ? (pending?.capabilities ?? proof.caps) & 7 : 0;
  const [own, other] = starts(core, proof, pending);
  if (
    core.open >= core.settings.channels ||
    !core.settings.accept({ remoteId: initiator, from, id, capabilities: caps })
  ) {
    refuse(core, arrival, id, own);
    return undefined;
  }
  return establish(core, arrival, proof, generation, caps, own, other);
}

/** The first numbers of both directions. */
function starts(
  { dialect }: Core,
  { cookie2 }: Proof,
  pending: Pending | undefined,
): readonly [own: number, other: number] {
  if (dialect.mac === 'none') return pending ? [plus(pending.s2, 1), plus(pending.s1, 1)] : [0, 0];
  const view = viewOf(cookie2);
  return dialect.numbered ? [view.getUint16(0), view.getUint16(2)] : [0, 0];
}

/** The generation of secrets that a proof proves, or −1 if it is wrong. */
function rightGeneration(core: Core, { packet, from, now }: Arrival, { id, cookie2, ack }: Proof): number {
  const initiator = senderOf(packet);
  const [c1, c2] = [id >>> 16, id & 0xffff];
  if (core.dialect.mac === 'none') {
    const pending = core.pending.get(keyOf(initiator, id), now);
    const isRight = pending && ack === plus(pending.s2, 1) && (!core.settings.bindAddress || pending.from === from);
    return isRight ? core.secrets.generation : -1;
  }
  const generation = core.secrets.check({ initiator, responder: core.id, c1, c2 }, cookie2);
  if (generation < 0 || !core.settings.bindAddress) return generation;
  return core.responderHalf.gives(from, initiator, c1, c2) ? generation : -1;
}

/** Whether a CHANNEL_FINALIZE of `seqno` is the one that an established channel was proven with. */
const repeated = (channel: Channel, { ack }: Proof): number => (ack === channel.start ? channel.generation : -1);

/** Refuses a channel; stores nothing. */
function refuse(core: Core, { packet, from, budget, now }: Arrival, id: number, start: number): void {
  core.log(now, 'refused', { to: from }, id);
  if (!core.dialect.numbered) return;
  const { writer } = core;
  writer.start(writer.header(senderOf(packet), id), start);
  writer.add('CHANNEL_CLOSE', { reason: REFUSED });
  const bytes = writer.finish();
  if (budget.spend(bytes.length)) core.send(from, bytes);
}

function establish(
  core: Core,
  { packet, from, now, wake }: Arrival,
  { id, cookie2 }: Proof,
  generation: number,
  capabilities: number,
  own: number,
  other: number,
): Channel {
  const initiator = senderOf(packet);
  const remote = core.remotes.of(initiator);
  const channel = new Channel(core, 'responder', remote, from, id, capabilities, wake);
  core.remotes.take(remote, channel.c1);
  remote.channels.set(id, channel);
  channel.generation = generation;
  channel.start = own;
  channel.arrivedAt = now;
  channel.line.header = core.writer.header(remote.id, id);
  channel.receiver.begin(other);
  const early = takeEarly(core, initiator, from, id, now);
  const wasSent = early?.cookie2 !== undefined && isStart(early.cookie2, cookie2);
  channel.sender.begin(own, wasSent && early?.packet ? [early.packet] : [], now);
  if (early && !wasSent) channel.queue.push(early.data);
  channel.sender.confirm(now);
  core.pending.delete(keyOf(initiator, id));
  core.log(now, 'established', { role: 'responder', from, caps: capabilities }, id);
  core.emit({ type: 'established', channel });
  return channel;
}

const isStart = (one: Uint8Array, other: Uint8Array): boolean => one[0] === other[0] && one[1] === other[1];

/** What the application wants to say first on a channel, and how it was sent if it was. */
function takeEarly(
  core: Core,
  initiator: Uint8Array,
  from: Address,
  id: number,
  now: number,
): (Partial<EarlyData> & Pick<EarlyData, 'data'>) | undefined {
  if (!core.settings.greet) return undefined;
  const key = keyOf(initiator, id);
  const early = core.early.get(key, now);
  core.early.delete(key);
  if (early) return early;
  const data = core.settings.greet(initiator, from);
  return data && data.length > 0 ? { data } : undefined;
}
