import { takesNumber } from '../../dissectors/channel/dissect.js';
import { CODES } from '../../dissectors/channel/messages.js';
import { plus } from '../../dissectors/channel/sequence.js';
import type { Closed } from './closed-channels.js';
import type { Core } from './core.js';
import { numberIn, type Packet } from './read.js';
import type { Address } from './settings.js';

const DONE = 0;

/**
 * Answers a packet on a closed channel, as long as that is new enough: the other peer may not know of the end.
 * Source: protocol page, section 6 "CHANNEL_CLOSE".
 */
export function answerClosed(core: Core, closed: Closed, packet: Packet, from: Address, now: number): void {
  if (now >= closed.until || from !== closed.address || !core.dialect.numbered) return;
  if (!packet.messages.some(({ code }) => takesNumber(code))) return;
  const close = packet.messages.find(({ code }) => code === CODES.CHANNEL_CLOSE);
  if (closed.reason === DONE) {
    if (closed.resend) sendProgress(core, closed, closed.past);
    else if (close && numberIn(core.dialect, packet, close, 'reason') === DONE) sendCloseAgain(core, closed);
  } else if (!close) {
    sendClose(core, closed);
  } else if (closed.resend) {
    sendProgress(core, closed, plus(packet.sequence, 1));
  }
}

function sendProgress({ writer, effects }: Core, closed: Closed, next: number): void {
  writer.start(closed.remote.id, closed.id, closed.next);
  writer.add('DATA_PROGRESS', { next, received: 0 });
  writer.add('DATA_WINDOW', { window: closed.window });
  effects.push({ type: 'send', to: closed.address, bytes: writer.finish() });
}

/**
 * Answers a CLOSE 0 without `resend`. Only as often as the other peer repeats one: where both are closed already, each
 * would answer the other's answer for ever.
 */
function sendCloseAgain(core: Core, closed: Closed): void {
  if (closed.closesSent > core.settings.closeRepeats) return;
  closed.closesSent += 1;
  sendClose(core, closed);
}

function sendClose({ writer, effects }: Core, { remote, id, own, address }: Closed): void {
  // A channel that the other peer ended has no CLOSE of ours.
  if (!own) return;
  writer.start(remote.id, id, own.number);
  writer.add('CHANNEL_CLOSE', { reason: own.reason });
  effects.push({ type: 'send', to: address, bytes: writer.finish() });
}
