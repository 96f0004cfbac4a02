import { type DialectName, dialectNamed, messageOf } from '../../dissectors/channel/dialects.js';
import { PAYLOAD } from '../../dissectors/channel/packet.js';
import { crc32c } from '../../dissectors/wire/checksum.js';
import { viewOf } from '../../dissectors/wire/view.js';
import { channelPacket, leastSize, message } from '../channel-part.js';
import type { Network, Place } from '../link/network.js';
import { build } from '../part.js';
import { seeded } from '../seeded.js';
import { FLOOD_MS } from './plan.js';

/** Where the sender's id is in a packet, and how long it is. */
const SENDER = { at: 4, size: 16 };
const CHECKSUM_SIZE = 4;
const WORD = 2 ** 32;

/** Makes packets with one CHANNEL_NEW each, every one from another peer that does not exist, at an address that is nobody's. */
class Forger {
  readonly #template: Uint8Array;
  readonly #body: number;
  readonly #integer: (below: number) => number;

  constructor(name: DialectName, target: Uint8Array, packetSize: number, seed: number) {
    const dialect = dialectNamed(name);
    const least = dialect.numbered ? leastSize(dialect, 1) : packetSize;
    const given = { recipient: target };
    this.#template = build(channelPacket(dialect, given, [message(dialect, 'CHANNEL_NEW')], { paddedTo: least }));
    this.#body = messageOf(dialect, 'CHANNEL_NEW')?.body.size ?? 0;
    this.#integer = seeded(seed).integer;
  }

  /** An address for tests of networks. Source: RFC 2544, appendix C.2.2. */
  address(): Place {
    const host = this.#integer(0x2_0000);
    return `198.${18 + (host >>> 16)}.${(host >>> 8) & 0xff}.${host & 0xff}:${1024 + this.#integer(0xfc00)}`;
  }

  packet(): Uint8Array {
    const bytes = this.#template.slice();
    const view = viewOf(bytes);
    this.#scramble(view, SENDER.at, SENDER.size);
    this.#scramble(view, PAYLOAD + 1, this.#body);
    const end = bytes.length - CHECKSUM_SIZE;
    view.setUint32(end, crc32c(view, 0, end));
    return bytes;
  }

  #scramble(view: DataView, at: number, size: number): void {
    let place = at;
    for (; place + 4 <= at + size; place += 4) view.setUint32(place, this.#integer(WORD));
    for (; place < at + size; place++) view.setUint8(place, this.#integer(256));
  }
}

/** A CHANNEL_ACKNOWLEDGE of somebody who saw the CHANNEL_NEW's `c1` and not its cookie, or its number. */
export function forgedAcknowledge(
  name: DialectName,
  { initiator, responder }: { readonly initiator: Uint8Array; readonly responder: Uint8Array },
  c1: number,
  seed: number,
): Uint8Array {
  const dialect = dialectNamed(name);
  const { integer, bytes } = seeded(seed);
  const id = ((c1 << 16) | integer(0xf000)) >>> 0;
  const cookie = () => bytes(dialect.cookieSize);
  const given = { id, cookie1: cookie(), cookie2: cookie(), ack: integer(0x1_0000), s2: integer(0x1_0000) };
  const packet = { sender: responder, recipient: initiator };
  return build(channelPacket(dialect, packet, [message(dialect, 'CHANNEL_ACKNOWLEDGE', given)]));
}

/** Sends forged CHANNEL_NEW to a place, evenly spread over the time of a flood. */
export function flood(
  network: Network,
  to: Place,
  target: Uint8Array,
  { count, dialect, packetSize, seed }: { count: number; dialect: DialectName; packetSize: number; seed: number },
): void {
  const forger = new Forger(dialect, target, packetSize, seed);
  const next = (place: number): void => {
    if (place >= count) return;
    network.at((place * FLOOD_MS) / count, () => {
      network.inject(forger.address(), to, forger.packet());
      next(place + 1);
    });
  };
  next(0);
}
