import { ENVELOPE } from '../../dissectors/channel/packet.js';
import type { Budget } from './budget.js';
import type { Core } from './channel.js';
import type { EarlyData } from './core.js';
import { keyOf } from './expiring.js';
import { numberAt } from './read.js';
import type { Address } from './settings.js';

/** A CHANNEL_ACKNOWLEDGE that early data may go along with. */
export interface Acknowledged {
  readonly id: number;
  readonly cookie1: Uint8Array;
  readonly cookie2: Uint8Array;
}

/**
 * Sends early data of the responder along, if there is any, it fits, and there is room to remember it.
 * Source: protocol page, section 4 "Early data".
 */
export function sendEarly(
  core: Core,
  initiator: Uint8Array,
  from: Address,
  answer: Acknowledged,
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
  writer.start(initiator, id, numberAt(cookie2, 0));
  writer.add('CHANNEL_COOKIE', { cookie: cookie1, caps: 0 });
  writer.block.set(data, writer.addData(data.length));
  return writer.finish().slice();
}

/** What the application wants to say first on a channel, and how it was sent if it was. */
export function takeEarly(
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
