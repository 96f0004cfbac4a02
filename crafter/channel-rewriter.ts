import { type CookieKey, cookieKey } from '../dissectors/channel/cookie.js';
import type { Dialect } from '../dissectors/channel/dialects.js';
import type { ChannelPacket, Message } from '../dissectors/channel/dissect.js';
import { footer } from '../dissectors/channel/packet.js';
import { crc32c } from '../dissectors/wire/checksum.js';
import type { Value } from '../dissectors/wire/field.js';
import { toHex } from '../dissectors/wire/view.js';

/** What is to become of channel packets. */
export interface ChannelChanges {
  /** New peer ids by the hex of the old ones. */
  readonly ids: ReadonlyMap<string, Uint8Array>;
  /** The secrets that cookies are computed anew with, by the role of the peer that makes them. */
  readonly initiatorSecret?: Uint8Array;
  readonly responderSecret?: Uint8Array;
}

/** Channels whose initiators are remembered. */
const KEPT = 65_536;

interface Keys {
  readonly initiator: CookieKey | undefined;
  readonly responder: CookieKey | undefined;
}

/** One packet that is being rewritten: where it lies now, and who it is from and to. */
interface Place {
  readonly packet: ChannelPacket;
  readonly view: DataView;
  /** How far its bytes lie from where they were dissected. */
  readonly shift: number;
  readonly sender: Uint8Array;
  readonly recipient: Uint8Array;
  /** The channel and the peers, as they were. */
  readonly name: string;
}

/**
 * Gives captured packets new peer ids, and cookies that a known secret makes, in place. A checksum that was right is
 * right afterwards; one that was wrong stays as it is. Packets come in the order they were sent: who began a channel is
 * learned from its handshake.
 */
export class ChannelRewriter {
  readonly #changes: ChannelChanges;
  readonly #keys = new Map<Dialect, Keys>();
  /** Whether the sender is the initiator, by channel and peers. */
  readonly #initiators = new Map<string, boolean>();
  readonly isIdle: boolean;

  constructor(changes: ChannelChanges) {
    this.#changes = changes;
    this.isIdle = changes.ids.size === 0 && !changes.initiatorSecret && !changes.responderSecret;
  }

  /** Rewrites a packet whose bytes lie at `at` of a view, which may be another than it was dissected in. */
  rewrite(packet: ChannelPacket, view: DataView, at: number): void {
    const { dialect, id, checksumStatus, size = 0 } = packet;
    if (this.isIdle || id === undefined) return;
    const { fields } = dialect.header;
    const before = { sender: fields.sender.read(view, at), recipient: fields.recipient.read(view, at) };
    const [from, to] = [toHex(before.sender), toHex(before.recipient)];
    const sender = this.#changes.ids.get(from) ?? before.sender.slice();
    const recipient = this.#changes.ids.get(to) ?? before.recipient.slice();
    fields.sender.write(view, at, sender);
    fields.recipient.write(view, at, recipient);
    const place: Place = { packet, view, shift: at - packet.at, sender, recipient, name: `${from} ${to}` };
    for (const message of packet.messages) if (message.kind && !message.stop) this.#cookies(place, message);
    if (checksumStatus !== 'good') return;
    const end = at + size - footer.size;
    footer.fields.checksum.write(view, end, crc32c(view, at, end));
  }

  #cookies(place: Place, message: Message): void {
    const { kind } = message;
    switch (kind?.name) {
      case 'CHANNEL_NEW':
        return this.#write(place, message, 'cookie1', true, numberIn(place, message, 'c1'));
      case 'CHANNEL_ACKNOWLEDGE': {
        const id = numberIn(place, message, 'id');
        this.#learn(place, id, false);
        this.#write(place, message, 'cookie1', false, id >>> 16);
        return this.#write(place, message, 'cookie2', false, id >>> 16, id & 0xffff);
      }
      case 'CHANNEL_FINALIZE': {
        const id = numberIn(place, message, 'id');
        this.#learn(place, id, true);
        return this.#write(place, message, 'cookie2', true, id >>> 16, id & 0xffff);
      }
      case 'CHANNEL_COOKIE': {
        const id = place.packet.id ?? 0;
        const isInitiator = this.#initiators.get(`${place.name} ${id}`) ?? true;
        const c2 = isInitiator ? [id & 0xffff] : [];
        return this.#write(place, message, 'cookie', isInitiator, id >>> 16, ...c2);
      }
      default:
    }
  }

  /** Writes a cookie: cookie 1 where there is no `c2`. Nothing if its maker's secret is not known. */
  #write(place: Place, { kind, body }: Message, key: string, isInitiator: boolean, c1: number, c2?: number): void {
    const keys = this.#keysOf(place.packet.dialect);
    const make = c2 === undefined ? keys.initiator : keys.responder;
    const field = kind?.body.fields[key];
    if (!make || !field) return;
    const roles = isInitiator
      ? { initiator: place.sender, responder: place.recipient }
      : { initiator: place.recipient, responder: place.sender };
    field.write(place.view, body + place.shift, make({ ...roles, c1, ...(c2 !== undefined && { c2 }) }));
  }

  #learn({ name }: Place, id: number, isSender: boolean): void {
    if (this.#initiators.size >= KEPT) this.#initiators.clear();
    const [from, to] = name.split(' ');
    this.#initiators.set(`${from} ${to} ${id}`, isSender);
    this.#initiators.set(`${to} ${from} ${id}`, !isSender);
  }

  #keysOf(dialect: Dialect): Keys {
    const known = this.#keys.get(dialect);
    if (known) return known;
    const { initiatorSecret, responderSecret } = this.#changes;
    const keys = {
      initiator: initiatorSecret && cookieKey(dialect, initiatorSecret),
      responder: responderSecret && cookieKey(dialect, responderSecret),
    };
    this.#keys.set(dialect, keys);
    return keys;
  }
}

function numberIn({ view, shift }: Place, { kind, body }: Message, key: string): number {
  const value: Value | undefined = kind?.body.fields[key]?.read(view, body + shift);
  return typeof value === 'number' ? value : 0;
}
