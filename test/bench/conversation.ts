import { channelPacket, data, leastSize, message } from '../../crafter/channel-part.js';
import type { Part } from '../../crafter/part.js';
import { bitsOf } from '../../dissectors/channel/capabilities.js';
import { cookieKey } from '../../dissectors/channel/cookie.js';
import { dialectNamed } from '../../dissectors/channel/dialects.js';
import { DEFAULT_CHANNEL } from '../../dissectors/channel/packet.js';
import { toHex } from '../../dissectors/wire/view.js';

const dialect = dialectNamed('hmac');

/** Two peers that talk to each other, and the number that their addresses follow from. */
export interface Pair {
  readonly initiator: Uint8Array;
  readonly responder: Uint8Array;
  readonly host: number;
}

/** A channel packet, and which of the two peers sends it. */
export interface Sent {
  readonly fromInitiator: boolean;
  readonly packet: Part;
}

const idOf = (place: number, role: number): Uint8Array =>
  Uint8Array.from({ length: 16 }, (_, at) => (place * 31 + role * 101 + at * 7) & 0xff);
const secretOf = (place: number, role: number): Uint8Array =>
  Uint8Array.from({ length: 32 }, (_, at) => (place * 17 + role * 89 + at * 13) & 0xff);

/** All peers of the benchmark: sixteen pairs. */
export const PAIRS: readonly Pair[] = Array.from({ length: 16 }, (_, host) => ({
  initiator: idOf(host, 1),
  responder: idOf(host, 2),
  host,
}));
const KEYS = PAIRS.map(
  ({ host }) => [cookieKey(dialect, secretOf(host, 1)), cookieKey(dialect, secretOf(host, 2))] as const,
);

/** The secrets of all peers of the benchmark, as a secrets file. */
export const benchSecrets = (): string =>
  PAIRS.flatMap(({ initiator, responder, host }) => [
    `PEER_SECRET ${toHex(initiator)} ${toHex(secretOf(host, 1))}`,
    `PEER_SECRET ${toHex(responder)} ${toHex(secretOf(host, 2))}`,
  ]).join('\n');

/** What a channel is to hold besides its six packets of handshake and end. */
export interface Talk {
  readonly c1: number;
  readonly c2: number;
  /** Packets of data and of reports on them, and the bytes of data in each. */
  readonly count: number;
  readonly size: number;
}

/** The packets of one channel: its handshake with cookies that are right, `count` packets of data, its end. */
export function* conversation({ initiator, responder, host }: Pair, { c1, c2, count, size }: Talk): Generator<Sent> {
  const id = ((c1 << 16) | c2) >>> 0;
  const [first, second] = KEYS[host] as (typeof KEYS)[number];
  const roles = { initiator, responder };
  const cookie1 = first({ ...roles, c1 }).slice();
  const cookie2 = second({ ...roles, c1, c2 }).slice();
  const there = { sender: initiator, recipient: responder };
  const back = { sender: responder, recipient: initiator };
  yield* handshake(there, back, id, cookie1, cookie2);
  let own = ((cookie2[2] ?? 0) << 8) | (cookie2[3] ?? 0);
  const other = ((cookie2[0] ?? 0) << 8) | (cookie2[1] ?? 0);
  const sent = (part: Part): Sent => ({
    fromInitiator: true,
    packet: channelPacket(dialect, { ...there, id, sequence: own }, [part]),
  });
  const answered = (...parts: readonly Part[]): Sent => ({
    fromInitiator: false,
    packet: channelPacket(dialect, { ...back, id, sequence: other }, parts),
  });
  const window = message(dialect, 'DATA_WINDOW', { window: 64 });
  const close = message(dialect, 'CHANNEL_CLOSE', { reason: 0 });
  yield answered(window);
  const payload = new Uint8Array(size).map((_, at) => (at * 31 + c1) & 0xff);
  for (let at = 0; at < count; at++) {
    if (at % 3 === 2) yield answered(message(dialect, 'DATA_PROGRESS', { next: own, received: 0 }), window);
    else {
      yield sent(data(dialect, payload));
      own = (own + 1) & 0xffff;
    }
  }
  yield sent(close);
  yield answered(close);
}

type Ends = { readonly sender: Uint8Array; readonly recipient: Uint8Array };

/** NEW, ACKNOWLEDGE and FINALIZE. */
function* handshake(there: Ends, back: Ends, id: number, cookie1: Uint8Array, cookie2: Uint8Array): Generator<Sent> {
  const onDefault = { id: DEFAULT_CHANNEL, sequence: 0 };
  const opening = [message(dialect, 'CHANNEL_NEW', { c1: id >>> 16, cookie1 })];
  const answer = [message(dialect, 'CHANNEL_ACKNOWLEDGE', { id, cookie1, cookie2 })];
  const end = [message(dialect, 'CHANNEL_FINALIZE', { id, cookie2, caps: bitsOf('tcp') })];
  const packetOf = (ends: Ends, messages: readonly Part[], paddedTo: number) =>
    channelPacket(dialect, { ...ends, ...onDefault }, messages, { paddedTo });
  yield { fromInitiator: true, packet: packetOf(there, opening, leastSize(dialect, 1)) };
  yield { fromInitiator: false, packet: packetOf(back, answer, 0) };
  yield { fromInitiator: true, packet: packetOf(there, end, leastSize(dialect, 0, 1)) };
}
