import { channelPacket, cookiesOf, leastSize, message } from '../../../crafter/channel-part.js';
import { build, type Part } from '../../../crafter/part.js';
import type { Channel } from '../../../crafter/peer/channel.js';
import type { Effect } from '../../../crafter/peer/effects.js';
import { Peer } from '../../../crafter/peer/peer.js';
import type { Settings } from '../../../crafter/peer/settings.js';
import { bitsOf, type Mode } from '../../../dissectors/channel/capabilities.js';
import { type Dialect, type DialectName, dialectNamed } from '../../../dissectors/channel/dialects.js';
import type { ChannelPacket } from '../../../dissectors/channel/dissect.js';
import { dissect, randomOf, text } from './pair.js';

/** The peer under test, and the one that the test plays by hand. */
export const OURS = new Uint8Array(16).fill(0x11);
export const THEIRS = new Uint8Array(16).fill(0x22);
export const THERE = '192.0.2.1:1000';
export const ELSEWHERE = '192.0.2.9:9000';

/** A packet that the peer sent. */
export interface Answer {
  readonly to: string;
  readonly bytes: Uint8Array;
  readonly packet: ChannelPacket;
  /** `NEW`, `DATA CLOSE`, … */
  readonly names: string;
}

/** The value of a field of the first message of a kind. */
export function fieldOf({ packet }: Answer, name: string, key: string): number | string {
  const found = packet.messages.find(({ kind }) => kind?.name === name);
  const value = found?.kind?.body.fields[key]?.read(packet.view, found.body);
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  return Number(value);
}

/** The bytes of a field of the first message of a kind. */
export const bytesOfField = (answer: Answer, name: string, key: string): Uint8Array =>
  Uint8Array.from(Buffer.from(String(fieldOf(answer, name, key)), 'hex'));

/** One peer by itself, on a clock made of numbers; packets go in by hand. */
export class Lone {
  readonly peer: Peer;
  readonly dialect: Dialect;
  /** Everything but packets, in order. */
  readonly told: Exclude<Effect, { type: 'send' }>[] = [];
  /** What was read, as text. */
  readonly read: string[] = [];
  now = 0;

  constructor(settings: Partial<Settings> = {}, secret?: Uint8Array) {
    this.dialect = dialectNamed(settings.dialect ?? 'hmac');
    this.peer = new Peer({ id: OURS, random: randomOf(7), now: 0, settings, ...(secret && { secret }) });
  }

  /** Gives the peer a packet at a time, and tells what it sent. */
  receive(packet: Uint8Array, now = this.now, from = THERE): readonly Answer[] {
    this.now = now;
    this.peer.receive(packet, from, now);
    return this.take();
  }

  /** Lets time pass, with a tick whenever the peer wants one; what was sent, with the times. */
  until(now: number): readonly (Answer & { readonly at: number })[] {
    const sent: (Answer & { readonly at: number })[] = [];
    for (let next = this.peer.nextTimeout(); next !== undefined && next <= now; next = this.peer.nextTimeout()) {
      this.peer.tick(next);
      this.now = next;
      const at = next;
      sent.push(...this.take().map((answer) => ({ ...answer, at })));
    }
    this.now = now;
    return sent;
  }

  open(mode: Mode, more: { early?: boolean; padTo?: number } = {}): Channel {
    const channel = this.peer.open(THEIRS, THERE, { capabilities: bitsOf(mode), ...more }, this.now);
    if (!channel) throw new Error('no room for the channel');
    return channel;
  }

  send(channel: Channel, given: string | Uint8Array): readonly Answer[] {
    this.peer.send(channel, typeof given === 'string' ? new TextEncoder().encode(given) : given, this.now);
    return this.take();
  }

  close(channel: Channel): readonly Answer[] {
    this.peer.close(channel, this.now);
    return this.take();
  }

  /** Reads everything there is. */
  readAll(channel: Channel): readonly Answer[] {
    for (let data = this.peer.read(channel, this.now); data; data = this.peer.read(channel, this.now)) {
      this.read.push(text(data));
    }
    return this.take();
  }

  /** What the peer sent since the last call. */
  take(): readonly Answer[] {
    const sent: Answer[] = [];
    for (const effect of this.peer.drain()) {
      if (effect.type !== 'send') {
        this.told.push(effect);
        continue;
      }
      const packet = dissect(effect.bytes);
      const names = packet.messages
        .map(({ kind, code }) => kind?.name.replace('CHANNEL_', '') ?? String(code))
        .join(' ');
      sent.push({ to: effect.to, bytes: effect.bytes, packet, names });
    }
    return sent;
  }

  /** What the application was told, without logs and secrets. */
  get news(): readonly string[] {
    return this.told.flatMap((effect) => {
      if (effect.type === 'secret' || effect.type === 'log') return [];
      if (effect.type === 'closed') return [`closed ${effect.reason} by ${effect.by}`];
      return effect.type === 'failed' ? [`failed: ${effect.why}`] : [effect.type];
    });
  }

  /** The channels that were established, in order. */
  get channels(): readonly Channel[] {
    return this.told.flatMap((effect) => (effect.type === 'established' ? [effect.channel] : []));
  }
}

/** The other peer, played by hand: it writes whatever it is told to. */
export class Puppet {
  readonly id: Uint8Array;
  readonly secret: Uint8Array;
  readonly dialect: Dialect;

  constructor(dialect: DialectName = 'hmac', id = THEIRS) {
    this.dialect = dialectNamed(dialect);
    this.id = id;
    this.secret = new Uint8Array(32).fill(0x77);
  }

  /** A packet with messages, padded to `paddedTo`. */
  packet(id: number, sequence: number, parts: readonly Part[], paddedTo = 0): Uint8Array {
    const given = { sender: this.id, recipient: OURS, id, sequence };
    return build(channelPacket(this.dialect, given, parts, { paddedTo }));
  }

  /** A packet on the default channel. */
  handshake(parts: readonly Part[], paddedTo = 0): Uint8Array {
    return this.packet(0xf0f0f0f0, 0, parts, paddedTo);
  }

  /** CHANNEL_NEW, padded as it must be. */
  opening(c1: number, caps = 0): Uint8Array {
    // In `channeler` the answer is as large as all packets of the peer under test.
    return this.handshake([this.newPart(c1, caps)], this.dialect.numbered ? leastSize(this.dialect, 1) : 20_000);
  }

  newPart(c1: number, caps = 0): Part {
    return message(this.dialect, 'CHANNEL_NEW', { c1, cookie1: this.cookie1(c1), s1: 1000, caps });
  }

  /** The cookie of a channel that this one opens. */
  cookie1(c1: number): Uint8Array {
    const roles = { initiator: this.id, responder: OURS, initiatorSecret: this.secret };
    return cookiesOf(this.dialect, roles, (c1 << 16) >>> 0).cookie1 ?? new Uint8Array(0);
  }

  /** The cookie of a channel that the peer under test opens. */
  cookie2(id: number): Uint8Array {
    const roles = { initiator: OURS, responder: this.id, responderSecret: this.secret };
    return cookiesOf(this.dialect, roles, id).cookie2 ?? new Uint8Array(0);
  }

  /** CHANNEL_ACKNOWLEDGE for a CHANNEL_NEW of the peer under test, with a `c2` of one's own. */
  acknowledge(opening: Answer, c2 = 0x2222): { readonly id: number; readonly packet: Uint8Array } {
    const id = ((Number(fieldOf(opening, 'CHANNEL_NEW', 'c1')) << 16) | c2) >>> 0;
    const cookie1 = this.dialect.cookieSize > 0 ? bytesOfField(opening, 'CHANNEL_NEW', 'cookie1') : new Uint8Array(0);
    const ack = (Number(fieldOf(opening, 'CHANNEL_NEW', 's1')) + 1) & 0xffff;
    const values = { id, cookie1, cookie2: this.cookie2(id), ack, s2: 2000 };
    return { id, packet: this.handshake([message(this.dialect, 'CHANNEL_ACKNOWLEDGE', values)]) };
  }

  finalizePart(acknowledged: Answer, mode: Mode): Part {
    const id = Number(fieldOf(acknowledged, 'CHANNEL_ACKNOWLEDGE', 'id'));
    const caps = bitsOf(mode);
    if (this.dialect.cookieSize === 0) {
      const ack = (Number(fieldOf(acknowledged, 'CHANNEL_ACKNOWLEDGE', 's2')) + 1) & 0xffff;
      return message(this.dialect, 'CHANNEL_FINALIZE', { id, ack });
    }
    const cookie2 = bytesOfField(acknowledged, 'CHANNEL_ACKNOWLEDGE', 'cookie2');
    return message(this.dialect, 'CHANNEL_FINALIZE', { id, cookie2, caps });
  }

  /** CHANNEL_FINALIZE for an acknowledgement of the peer under test. */
  finalize(acknowledged: Answer, mode: Mode): Uint8Array {
    return this.handshake([this.finalizePart(acknowledged, mode)], leastSize(this.dialect, 0, 1));
  }

  data(content: string): Part {
    return message(this.dialect, 'DATA', { data: new TextEncoder().encode(content) });
  }

  closing(reason: number): Part {
    return message(this.dialect, 'CHANNEL_CLOSE', { reason });
  }

  progress(next: number, received = 0): Part {
    return message(this.dialect, 'DATA_PROGRESS', { next: next & 0xffff, received });
  }

  window(window: number): Part {
    return message(this.dialect, 'DATA_WINDOW', { window });
  }

  cookiePart(cookie: Uint8Array, mode: Mode): Part {
    return message(this.dialect, 'CHANNEL_COOKIE', { cookie, caps: bitsOf(mode) });
  }
}

/** A channel that the puppet opened to the peer under test, with the numbers both start with. */
export interface Answered {
  readonly lone: Lone;
  readonly puppet: Puppet;
  readonly id: number;
  readonly channel: Channel;
  /** The first number of the puppet, and of the peer under test. */
  readonly theirs: number;
  readonly ours: number;
  /** The CHANNEL_FINALIZE that was sent, for replays. */
  readonly proof: Uint8Array;
  readonly cookie2: Uint8Array;
  /** Sends numbered packets: the `offset`-th of the puppet's direction, from 0. */
  readonly say: (offset: number, parts: readonly Part[], now?: number) => readonly Answer[];
  /** Sends control messages. */
  readonly tell: (parts: readonly Part[], now?: number) => readonly Answer[];
}

/** The peer under test as responder of an established channel. */
export const answered = (mode: Mode, settings: Partial<Settings> = {}): Answered =>
  openedBy(new Puppet(settings.dialect), new Lone(settings), mode);

/** One more channel of the puppet to the peer under test, with a half of its own. */
export function openedBy(puppet: Puppet, lone: Lone, mode: Mode, c1 = 0x1a2b): Answered {
  const [acknowledged] = lone.receive(puppet.opening(c1, bitsOf(mode)));
  if (!acknowledged) throw new Error('no acknowledgement');
  const proof = puppet.finalize(acknowledged, mode);
  lone.receive(proof);
  const channel = lone.channels.at(-1);
  if (!channel) throw new Error('not established');
  const id = Number(fieldOf(acknowledged, 'CHANNEL_ACKNOWLEDGE', 'id'));
  const cookie2 =
    puppet.dialect.cookieSize > 0 ? bytesOfField(acknowledged, 'CHANNEL_ACKNOWLEDGE', 'cookie2') : new Uint8Array(0);
  const [theirs, ours] = startsOf(cookie2, acknowledged, puppet);
  const say = (offset: number, parts: readonly Part[], now = lone.now) =>
    lone.receive(puppet.packet(id, (theirs + offset) & 0xffff, parts), now);
  const tell = (parts: readonly Part[], now = lone.now) => lone.receive(puppet.packet(id, theirs, parts), now);
  return { lone, puppet, id, channel, theirs, ours, proof, cookie2, say, tell };
}

function startsOf(cookie2: Uint8Array, acknowledged: Answer, { dialect }: Puppet): readonly [number, number] {
  if (dialect.name === 'seqno')
    return [1001, (Number(fieldOf(acknowledged, 'CHANNEL_ACKNOWLEDGE', 's2')) + 1) & 0xffff];
  const view = new DataView(cookie2.buffer, cookie2.byteOffset);
  return dialect.numbered ? [view.getUint16(2), view.getUint16(0)] : [0, 0];
}

/** A channel that the peer under test opened to the puppet, confirmed. */
export interface Opened {
  readonly lone: Lone;
  readonly puppet: Puppet;
  readonly id: number;
  readonly channel: Channel;
  readonly theirs: number;
  readonly ours: number;
  readonly say: Answered['say'];
  readonly tell: Answered['tell'];
}

/** The peer under test as initiator of an established channel. */
export function opened(mode: Mode, settings: Partial<Settings> = {}, isConfirmed = true): Opened {
  const lone = new Lone(settings);
  const puppet = new Puppet(settings.dialect);
  const channel = lone.open(mode);
  const [opening] = lone.take();
  if (!opening) throw new Error('no CHANNEL_NEW');
  const { id, packet } = puppet.acknowledge(opening);
  lone.receive(packet);
  const cookie2 = puppet.cookie2(id);
  const view = new DataView(cookie2.buffer, cookie2.byteOffset, cookie2.byteLength);
  const theirs = cookie2.length > 4 ? view.getUint16(0) : 2001;
  const ours = cookie2.length > 4 ? view.getUint16(2) : channel.start;
  const say = (offset: number, parts: readonly Part[], now = lone.now) =>
    lone.receive(puppet.packet(id, (theirs + offset) & 0xffff, parts), now);
  const tell = (parts: readonly Part[], now = lone.now) => lone.receive(puppet.packet(id, theirs, parts), now);
  if (isConfirmed) tell([puppet.window(16)]);
  return { lone, puppet, id, channel, theirs, ours, say, tell };
}
