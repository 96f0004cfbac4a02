import type { FlowKeys } from '../layer.js';
import { NOT_SHELVED, Shelf, type Shelved } from '../wire/shelf.js';
import { slice } from '../wire/view.js';
import { type CryptoMessage, CryptoStream, cryptoIn } from './crypto-stream.js';
import { judgeRetry, type KeyRing, type Opened, openPacket } from './keys.js';
import type { QuicPacket } from './packet.js';
import { type Openings, type QuicAnswer, type QuicTold, UNKNOWN } from './told.js';
import { keysOfVersion, versionOf } from './versions.js';

interface Connection extends Shelved<Connection> {
  readonly number: number;
  /** The direction in which its client sends, as ports and addresses were at first. */
  readonly flow: FlowKeys;
  /** Of the client's first Initial. */
  readonly original: Uint8Array;
  keyId: Uint8Array;
  retried: boolean;
  /** The connection ids that each side chose, the last one seen. */
  client: Uint8Array;
  server: Uint8Array;
  /** Of both directions, the client's first. */
  readonly largest: [number, number];
  readonly streams: [CryptoStream | undefined, CryptoStream | undefined];
  /** By what it is found. */
  readonly ids: string[];
}

/** Connections that are followed at once; the one that was quiet longest goes first. */
const MOST_CONNECTIONS = 16_384;
/** Connection ids by which one is found: two sides, a Retry, and some that are new. */
const MOST_IDS = 8;
/** Bytes of CRYPTO frames that wait for others, in all connections. */
const MOST_WAITING = 16 * 1024 * 1024;
/** Shorter connection ids are too common to tell a connection without its addresses. */
const LEAST_ID = 8;

/**
 * QUIC connections: which datagrams belong together, the keys of their Initials, and the handshake messages in these.
 * A connection is found by the ids in its packets, and by its addresses and ports. Bounded.
 * Source: RFC 9000, section 5.2 "Matching Packets to Connections".
 */
export class QuicConnections {
  /** Connections given up to stay within bounds. */
  forgotten = 0;
  private readonly byId = new Map<string, { readonly connection: Connection; readonly fromServer: boolean }>();
  private readonly byFlow = new Map<string, Connection>();
  private readonly all = new Shelf<Connection>();
  private readonly ring: KeyRing;
  private readonly most: number;
  /** Flows of connections whose start was not seen. */
  private readonly strangers = new Set<string>();
  private count = 0;
  private waiting = 0;

  /** @param most connections that are followed at once */
  constructor(ring: KeyRing, most = MOST_CONNECTIONS) {
    this.ring = ring;
    this.most = most;
  }

  get size(): number {
    return this.all.size;
  }

  get isEmpty(): boolean {
    return this.all.size === 0 && this.strangers.size === 0;
  }

  /** Whether a datagram of this flow is QUIC's, whatever its first byte. */
  knows({ key, reverse }: FlowKeys): boolean {
    if (this.byFlow.size > 0 && (this.byFlow.has(key) || this.byFlow.has(reverse))) return true;
    return this.strangers.size > 0 && (this.strangers.has(key) || this.strangers.has(reverse));
  }

  /** Adds a datagram with these packets. @param fromLow whether it comes from a port of services to one that is none */
  add(flow: FlowKeys, view: DataView, packets: readonly QuicPacket[], fromLow: boolean): QuicAnswer {
    const [first] = packets;
    const known = first ? this.find(flow, view, first) : undefined;
    const found = known ?? (first ? this.open(flow, view, first, fromLow) : undefined);
    if (!found) {
      this.meet(flow, first);
      return { told: UNKNOWN };
    }
    const { connection, fromServer } = found;
    this.refresh(connection);
    const largest = connection.largest[fromServer ? 1 : 0];
    const messages: (CryptoMessage & { readonly packet: number })[] = [];
    const opened: (Opened | undefined)[] = [];
    let retry: QuicTold['retry'];
    for (const [place, packet] of packets.entries()) {
      if (packet.type === 'retry') retry = this.takeRetry(connection, view, packet);
      const plain = packet.type === 'initial' ? this.unlock(connection, view, packet, fromServer) : undefined;
      opened.push(plain);
      if (plain) for (const one of this.put(connection, plain, fromServer)) messages.push({ ...one, packet: place });
      this.learn(connection, flow, view, packet, fromServer);
    }
    const cidSize = (fromServer ? connection.client : connection.server).length;
    const { number, keyId } = connection;
    return { told: { number, fromServer, keyId, largest, cidSize, retry, messages }, opened };
  }

  private meet({ key, reverse }: FlowKeys, first: QuicPacket | undefined): void {
    if (!first || first.type === 'short' || this.strangers.has(reverse)) return;
    this.strangers.add(key);
    if (this.strangers.size > this.most) this.strangers.clear();
  }

  private find(flow: FlowKeys, view: DataView, packet: QuicPacket) {
    const { type, dcid, dcidEnd, scid, scidEnd } = packet;
    const here = this.byFlow.get(flow.key) ?? this.byFlow.get(flow.reverse);
    if (type === 'short') return here && { connection: here, fromServer: here.flow.key !== flow.key };
    const byId = dcidEnd > dcid ? this.byId.get(idOf(flow, slice(view, dcid, dcidEnd))) : undefined;
    if (byId) return byId;
    if (!here) return undefined;
    const fromServer = here.flow.key !== flow.key;
    // The other side's id may be empty; and a client keeps its own when it starts again after a Retry that was not seen.
    const own = fromServer ? here.client : slice(view, scid, scidEnd);
    if (fromServer ? own.length === dcidEnd - dcid : own.length > 0 && isSame(own, here.client))
      return { connection: here, fromServer };
    return type === 'initial' || type === '0-rtt' ? undefined : { connection: here, fromServer };
  }

  /** A connection that begins with this packet, if it is one that connections begin with. */
  private open(flow: FlowKeys, view: DataView, { type, dcid, dcidEnd, scid, scidEnd }: QuicPacket, fromLow: boolean) {
    if (type !== 'initial' && type !== '0-rtt') return undefined;
    const [to, from] = [slice(view, dcid, dcidEnd).slice(), slice(view, scid, scidEnd).slice()];
    const connection: Connection = {
      number: this.count++,
      flow: fromLow ? { key: flow.reverse, reverse: flow.key } : flow,
      original: to,
      keyId: to,
      retried: false,
      client: fromLow ? to : from,
      server: fromLow ? from : to,
      largest: [-1, -1],
      streams: [undefined, undefined],
      ids: [],
      ...NOT_SHELVED,
    };
    this.all.put(connection);
    this.byFlow.set(connection.flow.key, connection);
    this.remember(connection, flow, to, fromLow);
    this.shrink();
    return { connection, fromServer: fromLow };
  }

  /** Learns the id that the sender of a packet has chosen. */
  private learn(connection: Connection, flow: FlowKeys, view: DataView, packet: QuicPacket, fromServer: boolean): void {
    if (packet.type === 'short' || packet.type === 'negotiation') return;
    const id = slice(view, packet.scid, packet.scidEnd);
    const known = fromServer ? connection.server : connection.client;
    const isNew = !isSame(id, known);
    if (isNew && fromServer) connection.server = id.slice();
    if (isNew && !fromServer) connection.client = id.slice();
    // What is sent to an id comes from the other side.
    if (isNew || connection.ids.length < 2)
      this.remember(connection, { key: flow.reverse, reverse: flow.key }, id, !fromServer);
  }

  private remember(connection: Connection, flow: FlowKeys, id: Uint8Array, fromServer: boolean): void {
    if (id.length === 0 || connection.ids.length >= MOST_IDS) return;
    const key = idOf(flow, id);
    if (this.byId.get(key)?.connection === connection) return;
    this.byId.set(key, { connection, fromServer });
    connection.ids.push(key);
  }

  /** A client takes the first Retry whose tag is right; from then on its Initials have other keys. */
  private takeRetry(connection: Connection, view: DataView, packet: QuicPacket): QuicTold['retry'] {
    const version = versionOf(packet.version);
    const verdict = version ? judgeRetry(view, packet, version, connection.original) : 'unknown';
    if (!connection.retried && verdict !== 'invalid') {
      connection.retried = true;
      connection.keyId = slice(view, packet.scid, packet.scidEnd).slice();
      this.dropStreams(connection);
    }
    return verdict;
  }

  /** Opens an Initial: with the keys of its connection, or with those that its own id makes. */
  private unlock(connection: Connection, view: DataView, packet: QuicPacket, fromServer: boolean): Opened | undefined {
    const side = fromServer ? 1 : 0;
    const { keyId, largest } = connection;
    const opened = openInitial(view, packet, keyId, fromServer, largest[side], this.ring);
    const id = slice(view, packet.dcid, packet.dcidEnd);
    if (opened || fromServer || isSame(id, keyId)) return opened;
    // The Retry that it follows was not seen, or the client has begun again.
    const own = openInitial(view, packet, id, false, largest[0], this.ring);
    if (!own) return undefined;
    connection.keyId = id.slice();
    this.dropStreams(connection);
    return own;
  }

  /** Adds the frames of an Initial to what came before. */
  private put(connection: Connection, opened: Opened, fromServer: boolean): readonly CryptoMessage[] {
    const side = fromServer ? 1 : 0;
    connection.largest[side] = Math.max(connection.largest[side], opened.number);
    const stream = connection.streams[side] ?? new CryptoStream();
    connection.streams[side] = stream;
    const before = stream.bytes;
    const found = stream.add(cryptoIn(opened.view));
    this.waiting += stream.bytes - before;
    this.shrink(connection);
    return found;
  }

  private dropStreams(connection: Connection): void {
    for (const stream of connection.streams) this.waiting -= stream?.bytes ?? 0;
    connection.streams[0] = undefined;
    connection.streams[1] = undefined;
  }

  private refresh(connection: Connection): void {
    this.all.put(connection);
  }

  private shrink(current?: Connection): void {
    while (this.all.size > this.most || this.waiting > MOST_WAITING) {
      const { oldest } = this.all;
      if (!oldest || oldest === current) return;
      this.forget(oldest);
    }
  }

  private forget(connection: Connection): void {
    this.forgotten++;
    this.dropStreams(connection);
    this.all.take(connection);
    if (this.byFlow.get(connection.flow.key) === connection) this.byFlow.delete(connection.flow.key);
    for (const key of connection.ids) if (this.byId.get(key)?.connection === connection) this.byId.delete(key);
  }
}

const isSame = (one: Uint8Array, other: Uint8Array): boolean =>
  one.length === other.length && one.every((byte, place) => byte === other[place]);

/** A connection id as text: only good to compare. Short ones count only between the same addresses and ports. */
const idOf = ({ key }: FlowKeys, id: Uint8Array): string =>
  (id.length < LEAST_ID ? `${key} ` : '') + String.fromCharCode(...id);

/** Opens an Initial with the keys that a connection id makes. */
export function openInitial(
  view: DataView,
  packet: QuicPacket,
  keyId: Uint8Array,
  fromServer: boolean,
  largest: number,
  ring: KeyRing,
): Opened | undefined {
  for (const version of keysOfVersion(packet.version)) {
    const opened = openPacket(view, packet, ring.keysFor(version, keyId, fromServer), largest);
    if (opened) return opened;
  }
  return undefined;
}

/** The Initials of a datagram without their protection, by the places of its packets. */
export function openAll(view: DataView, packets: readonly QuicPacket[], told: QuicTold, ring: KeyRing): Openings {
  let { largest } = told;
  return packets.map((packet) => {
    if (packet.type !== 'initial' || told.number === undefined) return undefined;
    const opened = openInitial(view, packet, told.keyId, told.fromServer, largest, ring);
    if (opened) largest = Math.max(largest, opened.number);
    return opened;
  });
}
