import { parseSecrets, type Secret } from '../../../analyzer/secrets/secrets.js';
import { type Channel, channelIdText, type Direction } from '../../../analyzer/track/channel.js';
import type { PacketFacts } from '../../../analyzer/track/facts.js';
import type { Bounds } from '../../../analyzer/track/table.js';
import { Tracker } from '../../../analyzer/track/tracker.js';
import {
  channelPacket,
  cookiesOf,
  type MessageGiven,
  message,
  type PacketGiven,
  type Room,
} from '../../../crafter/channel-part.js';
import { build, type Part } from '../../../crafter/part.js';
import { bitsOf, type Mode, modeOf } from '../../../dissectors/channel/capabilities.js';
import { type DialectName, dialectNamed } from '../../../dissectors/channel/dialects.js';
import type { MessageName } from '../../../dissectors/channel/messages.js';
import { DEFAULT_CHANNEL } from '../../../dissectors/channel/packet.js';
import { plus } from '../../../dissectors/channel/sequence.js';
import { type Dissection, dissect } from '../../../dissectors/dissect.js';
import { liveReassembly } from '../../../dissectors/reassembly/reassembly.js';
import { textOf } from '../../../dissectors/wire/finding.js';
import { viewOf } from '../../../dissectors/wire/view.js';
import {
  acknowledgeMessage,
  cookieMessage,
  finalizeMessage,
  type Handshake,
  newMessage,
} from '../../../fixtures/handshake-messages.js';

export const ALICE = new Uint8Array(16).fill(0xa1);
export const BOB = new Uint8Array(16).fill(0xb0);
export const ALICE_SECRET = new Uint8Array(32).fill(0x0a);
export const BOB_SECRET = new Uint8Array(32).fill(0x0b);
/** The secrets of both, as a secrets file. */
export const BOTH = `
PEER_SECRET ${'a1'.repeat(16)} ${'0a'.repeat(32)}
PEER_SECRET ${'b0'.repeat(16)} ${'0b'.repeat(32)}`;

const START = 1_767_323_045;
const USER0 = 147;

/** Bare packets leave nothing in it. */
const reassembly = liveReassembly();

/** Dissects bytes as one bare channel packet, or as another link type. */
export const dissectBytes = (bytes: Uint8Array, number = 1, kept = bytes.length, linkType = USER0): Dissection =>
  dissect(viewOf(bytes), 0, { captured: kept, wire: bytes.length }, linkType, number, reassembly);

/** A tracker that is fed packets and tells in short lines what it finds. */
export class Watch {
  readonly tracker: Tracker;
  private number = 0;

  constructor(secrets: string | readonly Secret[] = [], bounds?: Bounds) {
    const list = typeof secrets === 'string' ? parseSecrets(secrets, 'test') : secrets;
    this.tracker = new Tracker(list, 7, bounds);
  }

  /** Folds one packet. @param ms since the start of the capture @param kept bytes that the capture kept */
  fold(ms: number, bytes: Uint8Array, kept = bytes.length, linkType = USER0): PacketFacts {
    this.number += 1;
    const micros = Math.round(ms * 1000);
    const seconds = Math.floor(micros / 1e6);
    const dissection = dissectBytes(bytes, this.number, kept, linkType);
    return this.tracker.fold(dissection, START + seconds, (micros - seconds * 1e6) * 1000);
  }

  /** Folds one packet and tells of it: `channels ! findings = verdicts`. */
  see(ms: number, bytes: Uint8Array, kept = bytes.length, linkType = USER0): string {
    const { channels, findings, verdicts } = this.fold(ms, bytes, kept, linkType);
    const parts = [channels.map(({ c1, c2, state }) => `${channelIdText(c1, c2)} ${state}`).join(', ') || '-'];
    if (findings.length > 0) {
      parts.push(`! ${findings.map(({ code, given }) => [code, ...given].join(' ')).join(', ')}`);
      // Whatever is found can be told.
      for (const one of findings) textOf(one);
    }
    if (verdicts.length > 0) parts.push(`= ${verdicts.map(({ status }) => status).join(' ')}`);
    return parts.join(' ');
  }

  /** Lets time pass: a packet that is of no channel. */
  wait(ms: number): void {
    this.fold(ms, new Uint8Array(8));
  }

  get channels(): readonly Channel[] {
    return [...this.tracker.table.channels.values()];
  }

  /** All channels in short. */
  get rows(): readonly Row[] {
    return this.channels.map(rowOf);
  }
}

/** A channel in short: what is not there is left out, and so are counts of zero. */
export interface Row {
  readonly id: string;
  readonly by: string;
  readonly state: string;
  readonly mode?: string;
  readonly cookies?: string;
  /** First and last packet. */
  readonly span: string;
  /** Round trips in microseconds. */
  readonly rtt?: string;
  readonly out?: Counts;
  readonly back?: Counts;
}

type Counts = Partial<Record<'packets' | 'bytes' | 'data' | 'dataBytes' | 'dup' | 'lost' | 'reord' | 'resent', number>>;

const nameOf = (bytes: Uint8Array): string => (bytes[0] === 0xa1 ? 'alice' : bytes[0] === 0xb0 ? 'bob' : 'other');
const micros = (seconds: number | undefined): string => (seconds === undefined ? '-' : `${Math.round(seconds * 1e6)}`);

export function rowOf(channel: Channel): Row {
  const { c1, c2, initiator, state, caps, cookie1Status, cookie2Status, first, last } = channel;
  const { rttNewAcknowledge, rttAcknowledgeFinalize, fromInitiator, fromResponder } = channel;
  const measured = rttNewAcknowledge !== undefined || rttAcknowledgeFinalize !== undefined;
  return {
    id: channelIdText(c1, c2),
    by: nameOf(initiator.bytes),
    state,
    ...(caps !== undefined && { mode: modeOf(caps) }),
    ...((cookie1Status || cookie2Status) && { cookies: `${cookie1Status ?? '-'} ${cookie2Status ?? '-'}` }),
    span: `${first}-${last}`,
    ...(measured && { rtt: `${micros(rttNewAcknowledge)} ${micros(rttAcknowledgeFinalize)}` }),
    ...(fromInitiator && { out: countsOf(fromInitiator) }),
    ...(fromResponder && { back: countsOf(fromResponder) }),
  };
}

export function countsOf(direction: Direction): Counts {
  const { packets, bytes, dataPackets, dataBytes, duplicates, lost, reordered, resent } = direction;
  const all = { packets, bytes, data: dataPackets, dataBytes, dup: duplicates, lost, reord: reordered, resent };
  return Object.fromEntries(Object.entries(all).filter(([, count]) => count !== 0));
}

interface KitGiven {
  readonly dialect?: DialectName;
  readonly id?: number;
  readonly mode?: Mode;
  readonly initiator?: Uint8Array;
  readonly responder?: Uint8Array;
  readonly initiatorSecret?: Uint8Array;
  readonly responderSecret?: Uint8Array;
  readonly s1?: number;
  readonly s2?: number;
}

export type Side = 'initiator' | 'responder';

/** Makes the packets of one channel. */
export class Kit implements Handshake {
  readonly dialect;
  readonly id: number;
  readonly caps: number;
  readonly initiator: Uint8Array;
  readonly responder: Uint8Array;
  readonly cookies;
  readonly s1: number;
  readonly s2: number;

  constructor(given: KitGiven = {}) {
    this.dialect = dialectNamed(given.dialect ?? 'hmac');
    this.id = given.id ?? 0x1a2b3c4d;
    this.caps = bitsOf(given.mode ?? 'tcp');
    this.initiator = given.initiator ?? ALICE;
    this.responder = given.responder ?? BOB;
    this.s1 = given.s1 ?? 0xfff0;
    this.s2 = given.s2 ?? 0x1000;
    const secrets = nameOf(this.initiator) === 'bob' ? [BOB_SECRET, ALICE_SECRET] : [ALICE_SECRET, BOB_SECRET];
    const [initiatorSecret = ALICE_SECRET, responderSecret = BOB_SECRET] = [
      given.initiatorSecret ?? secrets[0],
      given.responderSecret ?? secrets[1],
    ];
    const { initiator, responder } = this;
    this.cookies = cookiesOf(this.dialect, { initiator, responder, initiatorSecret, responderSecret }, this.id);
  }

  message(name: MessageName, given: MessageGiven = {}): Part {
    return message(this.dialect, name, given);
  }

  packet(from: Side, messages: readonly Part[], given: PacketGiven = {}, room: Room = {}): Uint8Array {
    const { initiator, responder, id } = this;
    const [sender, recipient] = from === 'initiator' ? [initiator, responder] : [responder, initiator];
    return build(channelPacket(this.dialect, { sender, recipient, id, ...given }, messages, room));
  }

  newMessage(change: MessageGiven = {}): Part {
    return newMessage(this, change);
  }

  acknowledgeMessage(change: MessageGiven = {}): Part {
    return acknowledgeMessage(this, change);
  }

  finalizeMessage(change: MessageGiven = {}): Part {
    return finalizeMessage(this, change);
  }

  new(change: MessageGiven = {}, given: PacketGiven = {}): Uint8Array {
    return this.packet('initiator', [this.newMessage(change)], { id: DEFAULT_CHANNEL, ...given });
  }

  acknowledge(change: MessageGiven = {}, given: PacketGiven = {}): Uint8Array {
    return this.packet('responder', [this.acknowledgeMessage(change)], { id: DEFAULT_CHANNEL, ...given });
  }

  finalize(change: MessageGiven = {}, given: PacketGiven = {}): Uint8Array {
    return this.packet('initiator', [this.finalizeMessage(change)], { id: DEFAULT_CHANNEL, ...given });
  }

  /** The first number of a direction. */
  start(from: Side): number {
    if (this.dialect.mac === 'none') return plus(from === 'initiator' ? this.s1 : this.s2, 1);
    const [a = 0, b = 0, c = 0, d = 0] = this.cookies.cookie2 ?? [];
    return from === 'initiator' ? (c << 8) | d : (a << 8) | b;
  }

  /** The COOKIE of one side. */
  cookieMessage(from: Side, change: MessageGiven = {}): Part {
    return cookieMessage(this, from, change);
  }

  /** A packet with messages that takes the number `start + offset`. */
  numbered(from: Side, offset: number, ...messages: readonly Part[]): Uint8Array {
    return this.packet(from, messages, { sequence: plus(this.start(from), offset) });
  }

  /** DATA of ten bytes with the number `start + offset`. */
  data(from: Side, offset: number): Uint8Array {
    return this.numbered(from, offset, this.dataMessage());
  }

  dataMessage(size = 10): Part {
    return this.message('DATA', { data: new Uint8Array(size).fill(0x64) });
  }

  early(from: Side, offset: number, change: MessageGiven = {}): Uint8Array {
    return this.numbered(from, offset, this.cookieMessage(from, change), this.dataMessage());
  }

  window(from: Side): Uint8Array {
    return this.packet(from, [this.message('DATA_WINDOW', { window: 16 })], { sequence: this.start(from) });
  }

  /** A report on what came from the other side: all before `start + offset`, and the bits beyond. */
  progress(from: Side, offset: number, received = 0): Uint8Array {
    const next = plus(this.start(from === 'initiator' ? 'responder' : 'initiator'), offset);
    return this.packet(
      from,
      [this.message('DATA_PROGRESS', { next, received }), this.message('DATA_WINDOW', { window: 16 })],
      { sequence: this.start(from) },
    );
  }

  close(from: Side, offset: number, reason = 0): Uint8Array {
    return this.numbered(from, offset, this.message('CHANNEL_CLOSE', { reason }));
  }
}

/** A whole handshake with its confirmation, 20 ms there and back, from `ms` on. */
export function establish(watch: Watch, kit: Kit, ms = 0): void {
  watch.see(ms, kit.new());
  watch.see(ms + 20, kit.acknowledge());
  watch.see(ms + 21, kit.finalize());
  if (kit.dialect.numbered) watch.see(ms + 41, kit.window('responder'));
}

/** One bit of some bytes turned over: a forgery. */
export const wrong = (bytes: Uint8Array | undefined): Uint8Array =>
  (bytes ?? new Uint8Array(16)).map((byte, at) => (at === 1 ? byte ^ 1 : byte));
