import { CODES } from '../../dissectors/channel/messages.js';
import { DEFAULT_CHANNEL, ENVELOPE, RESERVED_HALF } from '../../dissectors/channel/packet.js';
import { plus } from '../../dissectors/channel/sequence.js';
import { type Arrival, senderIn } from './arrival.js';
import type { Core, Remote } from './channel.js';
import { sendEarly } from './early-data.js';
import { keyOf } from './expiring.js';
import { collide } from './initiator.js';
import { bytesIn, type Message, numberIn } from './read.js';
import type { Address } from './settings.js';

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

/** The bytes of CHANNEL_NEW's packet that one answer costs beside the first. */
const step = (core: Core): number => core.answerSizes.of('CHANNEL_NEW', 2) - core.answerSizes.of('CHANNEL_NEW', 1);

/**
 * Answers the CHANNEL_NEW of a packet, all or none. Stores nothing, in dialects that allow it.
 * Source: protocol page, section 4, step 2.
 */
export function acknowledgeAll(core: Core, arrival: Arrival): void {
  const { packet, from, budget, now } = arrival;
  const remote = senderIn(core, packet);
  const asked: { readonly message: Message; readonly c1: number }[] = [];
  let collisions = 0;
  for (const message of packet.messages) {
    if (message.code !== CODES.CHANNEL_NEW) continue;
    const c1 = numberIn(core.dialect, packet, message, 'c1');
    if (c1 === RESERVED_HALF) continue;
    const attempt = remote?.attempts.get(c1);
    if (attempt) {
      const isFirst = collisions === 0 || attempt.address !== from;
      collide(attempt, budget.spend(isFirst ? core.answerSizes.of('CHANNEL_NEW', 1) : step(core)), now);
      collisions += 1;
    } else {
      asked.push({ message, c1 });
    }
  }
  const size = sizeOfAnswers(core, asked.length);
  if (asked.length === 0) return;
  // Before anything is computed: what cannot be answered should cost nothing.
  if (size > budget.left) {
    core.log(now, 'not answered', { why: 'larger than what it answers', size: packet.size, answer: size });
    return;
  }
  const answers: Answer[] = [];
  for (const { message, c1 } of asked) {
    const answer = answerTo(core, arrival, remote, message, c1);
    if (answer) answers.push(answer);
  }
  if (answers.length > 0) sendAnswers(core, arrival, answers);
}

/** How many answers share a packet. */
const mostIn = (core: Core): number =>
  Math.max(1, Math.floor((core.settings.packetSize - core.answerSizes.of('CHANNEL_NEW', 1)) / step(core)) + 1);

/** The bytes of so many answers, in all their packets. */
function sizeOfAnswers(core: Core, count: number): number {
  const packets = Math.ceil(count / mostIn(core));
  if (!core.dialect.numbered) return packets * core.settings.packetSize;
  return packets * ENVELOPE + count * (core.answerSizes.of('CHANNEL_NEW', 1) - ENVELOPE);
}

function answerTo(
  core: Core,
  { packet, initiator, from, now }: Arrival,
  remote: Remote | undefined,
  message: Message,
  c1: number,
): Answer | undefined {
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

function sendAnswers(core: Core, { initiator, from, budget, now }: Arrival, answers: readonly Answer[]): void {
  const { settings, writer } = core;
  const most = mostIn(core);
  budget.spend(sizeOfAnswers(core, answers.length));
  for (let first = 0; first < answers.length; first += most) {
    writer.start(initiator, DEFAULT_CHANNEL, 0);
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
