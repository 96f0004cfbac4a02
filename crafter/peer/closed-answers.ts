import { takesNumber } from '../../dissectors/channel/dissect.js';
import { CODES } from '../../dissectors/channel/messages.js';
import { distance, plus } from '../../dissectors/channel/sequence.js';
import type { Closed, Core } from './channel.js';
import { type Message, numberIn, type Packet } from './read.js';
import type { Address } from './settings.js';

const DONE = 0;

/**
 * Takes a packet on a closed channel. As long as that is new enough it is answered: the other peer may not know of the
 * end, or not know that we do.
 * Source: protocol page, section 6 "CHANNEL_CLOSE".
 */
export function answerClosed(core: Core, closed: Closed, packet: Packet, from: Address, now: number): void {
  if (from !== closed.address || !core.dialect.numbered) return;
  if (!packet.messages.some(({ code }) => takesNumber(code))) takeReport(core, closed, packet);
  else if (now < closed.until) answerNumbered(core, closed, packet, now);
}

/** A report past our CLOSE ends its repeats. */
function takeReport(core: Core, { own, repeats }: Closed, packet: Packet): void {
  const progress = packet.messages.find(({ code }) => code === CODES.DATA_PROGRESS);
  if (!progress || !own) return;
  if (numberIn(core.dialect, packet, progress, 'next') === plus(own.number, 1)) repeats?.stop();
}

function answerNumbered(core: Core, closed: Closed, packet: Packet, now: number): void {
  const close = packet.messages.find(({ code }) => code === CODES.CHANNEL_CLOSE);
  core.hadTrouble = true;
  if (close) {
    if (now - closed.answeredAt < core.settings.progressDelay) return;
    closed.answeredAt = now;
  }
  if (closed.own && (!close || isDone(core, packet, close))) {
    core.send(closed.address, closed.own.bytes);
    return;
  }
  if (close && distance(closed.past, packet.sequence) >= 0) closed.past = plus(packet.sequence, 1);
  if (close || closed.resend) sendPast(core, closed);
}

const isDone = (core: Core, packet: Packet, close: Message): boolean =>
  numberIn(core.dialect, packet, close, 'reason') === DONE;

/** Sends a DATA_PROGRESS past all that came, the other peer's CLOSE included. */
export function sendPast({ writer, effects }: Core, { remote, id, next, past, window, address }: Closed): void {
  writer.start(remote.id, id, next);
  writer.add('DATA_PROGRESS', { next: past, received: 0 });
  writer.add('DATA_WINDOW', { window });
  effects.push({ type: 'send', to: address, bytes: writer.finish() });
}
