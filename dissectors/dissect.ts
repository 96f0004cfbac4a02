import type { Dialect } from './channel/dialects.js';
import { type ChannelPacket, dissectChannel, isChannelPacket } from './channel/dissect.js';
import type { DecodeAs } from './decode-as.js';
import {
  type Association,
  type AssociationFacts,
  type ChecksumStatus,
  type Dissector,
  type Facts,
  type FlowFacts,
  type FlowKeys,
  type Fragment,
  type Layer,
  type LayerName,
  type MessagePiece,
  type Network,
  NOT_MINE,
  type Payload,
  type PduState,
  type Piece,
  type Segment,
  type Source,
  type Table,
} from './layer.js';
import { linkTypeText } from './link-types.js';
import type { Announced } from './named/announced.js';
import { emptyPayload } from './payload.js';
import { openAll } from './quic/connections.js';
import { cryptoIn, messageIn } from './quic/crypto-stream.js';
import { KeyRing } from './quic/keys.js';
import type { QuicPacket } from './quic/packet.js';
import type { QuicAnswer } from './quic/told.js';
import type { Defragmented, Remark, Streamed } from './reassembly/answers.js';
import { cutPieces } from './reassembly/pieces.js';
import { limitOfPacket } from './reassembly/plausible.js';
import { surroundingsOf } from './reassembly/surroundings.js';
import { dissectorFor, flowPlaceOf } from './registry.js';
import { isPorts, type Place, take, takeBy } from './take.js';
import { flowKeys } from './tcp/flow-keys.js';
import { udpHeader } from './udp/layout.js';
import { type Finding, finding } from './wire/finding.js';
import type { Limit, Stop } from './wire/stop.js';
import { viewOf } from './wire/view.js';

/** What a packet turned out to be. Offsets of source 0 count from the start of the view given, not of the frame. */
export interface Dissection {
  /** From 1, in capture order. */
  readonly number: number;
  /** Where the frame starts in the view of source 0. */
  readonly start: number;
  readonly sources: readonly Source[];
  readonly layers: readonly Layer[];
  readonly findings: readonly Finding[];
  /** The channel packets that were sent in this frame or completed by it, in order. */
  readonly channels: readonly ChannelPacket[];
  /** The channel packets that an error message quotes. */
  readonly quoted: readonly ChannelPacket[];
  /** The innermost network layer that is not quoted, if there is one. */
  readonly network: Network | undefined;
}

/** A dissection while it grows. */
interface Draft extends Dissection {
  sources: readonly Source[];
  readonly layers: GrowingLayer[];
  findings: Finding[];
  channels: ChannelPacket[];
  quoted: ChannelPacket[];
  network: Network | undefined;
}

/** A layer of which reassembly may still tell more. */
interface GrowingLayer extends Layer {
  facts: Facts | undefined;
}

/** What the packets before this one contribute. Called in the order of the layers of one packet. */
export interface Reassembly {
  /**
   * Adds the fragment whose payload is `[at, limit.captured)` of a view; returns the whole datagram once this fragment
   * completes it.
   * @param pieces where the payload came from
   */
  fragment(pieces: readonly Piece[], view: DataView, at: number, limit: Limit, fragment: Fragment): Defragmented;
  /** Adds the segment whose payload is `[at, limit.captured)` of a view; returns what it completes. */
  segment(pieces: readonly Piece[], view: DataView, at: number, limit: Limit, segment: Segment): Streamed;
  /**
   * Adds the piece of a message that is `[at, limit.captured)` of a view; returns the whole message once this piece
   * completes it.
   */
  message(pieces: readonly Piece[], view: DataView, at: number, limit: Limit, piece: MessagePiece): Defragmented;
  /** Adds the datagram whose payload is `[at, limit.captured)` of a view to a flow of an application. */
  datagram(
    pieces: readonly Piece[],
    view: DataView,
    at: number,
    limit: Limit,
    keys: FlowKeys,
    application: number,
  ): FlowFacts;
  /**
   * The application whose flow expects a datagram, by its place in the registry; −1 where none does.
   * @param place that of the datagram's layer in its packet, which may hold other datagrams around it
   */
  expecting(view: DataView, at: number, limit: Limit, keys: FlowKeys, place: number): number;
  /** Adds what a packet says of its association; returns what those before it have said. */
  associate(association: Association): AssociationFacts;
  /** The same of a segment that nothing else takes: what the start of its stream has told. */
  expectingStream(keys: FlowKeys, place: number): number;
  /** Adds what a message of a flow says of other addresses and ports. */
  announce(keys: FlowKeys, announced: readonly Announced[]): void;
  /**
   * Adds a datagram of QUIC with these packets; returns what those before it have said of its connection.
   * @param isAnswer whether its ports tell that a service has sent it
   */
  connect(keys: FlowKeys, view: DataView, packets: readonly QuicPacket[], isAnswer: boolean): QuicAnswer;
}

/** How a capture is to be read. */
export interface DissectOptions {
  /** Read every channel packet as this dialect, known protocol id or not. */
  readonly dialect?: Dialect;
  /**
   * Whether only channel packets are looked for: what is over UDP or TCP and holds no other packets, such as DNS and TLS,
   * is left as data.
   */
  readonly channelsOnly?: boolean;
  /** What the user has the payload behind some keys read as. */
  readonly decodeAs?: readonly DecodeAs[];
  /** Whether checksums are left unjudged, those of channel packets too: for who asks for nothing that comes of them. */
  readonly unjudged?: boolean;
}

/** More layers within each other than this are a trick. */
const DEPTH = 32;
/** More layers in all are one as well: a frame that aggregates the smallest packets has about half as many. */
const MOST_LAYERS = 2048;

const NO_OPTIONS: DissectOptions = {};
const NO_VIEW = new DataView(new ArrayBuffer(0));

/** What most packets share: they have no findings, and quote none. Nothing is added to these. */
const NO_FINDINGS: Finding[] = [];
const NO_PACKETS: ChannelPacket[] = [];

function addFinding(into: Draft, found: Finding): void {
  if (into.findings === NO_FINDINGS) into.findings = [found];
  else into.findings.push(found);
}

/** Adds a source to those of a packet; returns its place among them. */
function addSource(into: Draft, source: Source): number {
  into.sources = [...into.sources, source];
  return into.sources.length - 1;
}

const draftOf = (sources: readonly Source[], start: number, number: number): Draft => ({
  number,
  start,
  sources,
  layers: [],
  findings: NO_FINDINGS,
  channels: NO_PACKETS,
  quoted: NO_PACKETS,
  network: undefined,
});

const placeFor = ({ unjudged, decodeAs }: DissectOptions): Place => ({
  view: NO_VIEW,
  source: 0,
  key: 0,
  otherKey: undefined,
  depth: 0,
  dissector: undefined,
  network: undefined,
  quoted: undefined,
  partial: undefined,
  unjudged: unjudged ? true : undefined,
  expected: undefined,
  state: undefined,
  payload: emptyPayload(),
  decodeAs,
});

/** Walks through the layers of packets, one packet after the other; what it needs besides them is made once. */
export class Walk {
  readonly reassembly: Reassembly;
  readonly options: DissectOptions;
  /** The keys of QUIC packets that are opened again. */
  readonly ring = new KeyRing();
  /** Of the packet that is walked through. */
  into: Draft = draftOf([], 0, 0);
  private frame: readonly Source[] = [];
  private readonly place: Place;

  constructor(reassembly: Reassembly, options: DissectOptions = NO_OPTIONS) {
    this.reassembly = reassembly;
    this.options = options;
    this.place = placeFor(options);
  }

  /** As the function `dissect`. */
  dissect(view: DataView, at: number, limit: Limit, linkType: number, number: number): Dissection {
    const { place } = this;
    const into = draftOf(this.frameIn(view), at, number);
    this.into = into;
    place.view = view;
    place.source = 0;
    place.key = linkType;
    place.otherKey = undefined;
    place.depth = 0;
    place.network = undefined;
    place.quoted = undefined;
    place.partial = undefined;
    place.expected = undefined;
    place.state = undefined;
    follow(this, place, at, limit, 'link');
    return into;
  }

  /** The sources of a frame in this view: frames lie in one view by the thousand, and few have sources besides. */
  private frameIn(view: DataView): readonly Source[] {
    if (this.frame[0]?.view !== view) this.frame = [{ name: 'Frame', view }];
    return this.frame;
  }
}

/**
 * Dissects the frame `[at, limit.captured)` of a view, layer by layer. Total: every input gives a dissection.
 *
 * @param limit how far the frame reaches, as captured and on the wire, in offsets of `view`
 * @param linkType the link type of the interface, as registered for pcap
 */
export function dissect(
  view: DataView,
  at: number,
  limit: Limit,
  linkType: number,
  number: number,
  reassembly: Reassembly,
  options: DissectOptions = NO_OPTIONS,
): Dissection {
  return new Walk(reassembly, options).dissect(view, at, limit, linkType, number);
}

function follow(walk: Walk, place: Place, startAt: number, reach: Limit, first: Table): void {
  const { into } = walk;
  let at = startAt;
  let limit = reach;
  let table = first;
  while (table !== 'none') {
    if (isPorts(table) && takesChannels(table, place) && isChannel(walk, place, at, limit)) {
      return pushChannel(walk, place, at, limit);
    }
    const found = mostOf(walk, place) === undefined ? takeNext(walk, place, at, limit, table) : NOT_MINE;
    const { dissector } = place;
    if (!found || !dissector) return leave(walk, place, at, limit, table);
    if (!found.ok) {
      // An error message quotes no more of a packet than it likes: of this layer nothing that could be shown.
      if (place.quoted && limit.captured - at < leastShown(dissector)) return;
      stopped(into, place, dissector.name, at, limit, found);
      if (found.findings) for (const one of found.findings) addFinding(into, one);
      if (found.segment) streamCut(walk, place, limit, found, found.segment);
      return;
    }
    const layer: GrowingLayer = layerOf(dissector.name, place, at, limit, found);
    into.layers.push(layer);
    place.depth++;
    if (found.findings) for (const one of found.findings) addFinding(into, one);
    if (found.inFlow && !place.quoted) joinFlow(walk, place, layer, limit);
    if (found.association && !place.quoted) associate(walk, layer, found.association);
    enter(place, found);
    if (place.network && !place.quoted) into.network = place.network;
    if (found.segment && !place.quoted) return stream(walk, place, layer, found, found.segment);
    if (found.messages) return carryMessages(walk, place, found.messages);
    if (found.announced) announce(walk, place, found.announced);
    if (found.packets) return connect(walk, place, layer, found.packets);
    if (found.more && found.more.length > 0) {
      follow(walk, { ...place }, found.at, found.limit, found.table);
      for (const { key, otherKey, at, limit, table } of found.more) {
        follow(walk, { ...place, key, otherKey }, at, limit, table);
      }
      return;
    }
    at = found.at;
    limit = found.limit;
    table = found.table;
    if (!found.fragment) continue;
    // A quoted fragment is not put together again; only the first has the header of the next layer.
    if (place.quoted) {
      if (found.fragment.offset > 0) return carryData(into, place, at, limit);
      continue;
    }
    const whole = defragment(walk, place, at, limit, found.fragment);
    if (!whole) {
      // What the capture kept of a datagram's start can be read, though the rest of it can never be put behind it.
      if (found.fragment.offset > 0 || limit.captured >= limit.wire) return carryData(into, place, at, limit);
      place.partial = true;
      continue;
    }
    place.view = whole.view;
    place.source = addSource(into, whole);
    at = 0;
    limit = { captured: whole.view.byteLength, wire: whole.view.byteLength };
  }
}

/** Dissects the next layer; one that is expected in its flow by what follows that. */
function takeNext(walk: Walk, place: Place, at: number, limit: Limit, table: Table) {
  if (walk.options.channelsOnly && isPorts(table)) {
    return table === 'udp.port' && at < limit.wire ? take(place, at, limit, 'udp.tunnel') : NOT_MINE;
  }
  if (table === 'udp.port' && !place.quoted && at < limit.captured) {
    const keys = keysAround(walk, place);
    const application = keys ? walk.reassembly.expecting(place.view, at, limit, keys, walk.into.layers.length) : -1;
    if (application >= 0) {
      place.expected = true;
      const found = takeBy(place, at, limit, 'flow', application);
      place.expected = undefined;
      if (found) return found;
    }
  }
  const found = take(place, at, limit, table);
  return found || table !== 'tcp.port' || place.quoted ? found : takeInStream(walk, place, at, limit);
}

/** Takes a segment of a stream whose start has told what it carries. */
function takeInStream(walk: Walk, place: Place, at: number, limit: Limit) {
  const keys = at < limit.captured ? keysAround(walk, place, 'tcp') : undefined;
  const application = keys ? walk.reassembly.expectingStream(keys, walk.into.layers.length) : -1;
  return application < 0 ? NOT_MINE : takeBy(place, at, limit, 'flow', application);
}

/** The keys of the flow of the datagram whose header is the last layer. */
function keysAround({ into }: Walk, { network }: Place, name = 'udp'): FlowKeys | undefined {
  const header = into.layers.at(-1);
  const view = header && into.sources[header.source]?.view;
  return network && view && header.name === name ? flowKeys(network, view, header.at) : undefined;
}

/** Tells a flow of the datagram that the last layer is. */
function joinFlow(walk: Walk, place: Place, layer: GrowingLayer, limit: Limit): void {
  const { into, reassembly } = walk;
  const { network, dissector } = place;
  const header = into.layers.at(-2);
  const view = header && into.sources[header.source]?.view;
  const application = dissector && flowPlaceOf(dissector);
  if (!network || !view || header.name !== 'udp' || application === undefined) return;
  const keys = flowKeys(network, view, header.at);
  const { at } = layer;
  const pieces = piecesOf(into, place, at, limit);
  const { flow, numbers, wholes } = reassembly.datagram(pieces, place.view, at, limit, keys, application);
  const added = wholes.map((whole) => ({ source: addSource(into, whole), view: whole.view }));
  layer.facts = { type: 'flow', flow, numbers, wholes: added };
}

/** Notes what the last layer says of other addresses and ports. */
function announce({ into, reassembly }: Walk, { network, quoted }: Place, announced: readonly Announced[]): void {
  const header = into.layers.at(-2);
  const outer = header && into.sources[header.source]?.view;
  if (quoted || !network || !outer || !(header.name === 'udp' || header.name === 'tcp')) return;
  // What comes later in a stream is no start: a message in the middle of other bytes says nothing of the rest.
  const isStart = header.name === 'udp' || (header.facts?.type === 'stream' && header.facts.stream.sequence === 1);
  const told = isStart ? announced : announced.filter(({ endpoint }) => endpoint !== undefined);
  reassembly.announce(flowKeys(network, outer, header.at), told);
}

/** Ports of services; those above are given to clients. Source: RFC 6335, section 6. */
const LAST_SERVICE = 1023;

/** Asks the connection of a datagram of QUIC what is in its packets, and follows the handshake messages that end in it. */
function connect(walk: Walk, place: Place, layer: GrowingLayer, packets: readonly QuicPacket[]): void {
  const { into, reassembly, ring } = walk;
  const { view, network, quoted } = place;
  const header = into.layers.at(-2);
  const outer = header && into.sources[header.source]?.view;
  if (quoted || !network || !outer || header.name !== 'udp') return;
  const { srcport, dstport } = udpHeader.fields;
  const isAnswer = srcport.read(outer, header.at) <= LAST_SERVICE && dstport.read(outer, header.at) > LAST_SERVICE;
  const keys = flowKeys(network, outer, header.at);
  const { told, opened } = reassembly.connect(keys, view, packets, isAnswer);
  const plain = (opened ?? openAll(view, packets, told, ring)).map(
    (one) => one && { ...one, source: addSource(into, { name: 'Decrypted QUIC packet', view: one.view }) },
  );
  const messages = told.messages.flatMap(({ packet, from, bytes }) => {
    const own = bytes ?? messageIn(cryptoIn(plain[packet]?.view ?? NO_VIEW), from);
    return own ? [viewOf(own)] : [];
  });
  layer.facts = { type: 'quic', packets, told, opened: plain, messages };
  for (const message of messages) {
    const source = addSource(into, { name: 'Handshake message', view: message });
    const whole = { captured: message.byteLength, wire: message.byteLength };
    follow(walk, { ...place, key: 0, otherKey: undefined, view: message, source }, 0, whole, 'tls.handshake');
  }
}

/**
 * Whether a payload of a table may be a channel packet as it stands. What is in a stream is found by its stream, but for
 * segments that are quoted, or of which the rest is in fragments.
 */
const takesChannels = (table: Table, { quoted, partial }: Place): boolean =>
  table !== 'tcp.port' || quoted === true || partial === true;

/** The bound that a walk has come to, if it has. */
const mostOf = ({ into }: Walk, { depth }: Place): number | undefined =>
  depth >= DEPTH ? DEPTH : into.layers.length >= MOST_LAYERS ? MOST_LAYERS : undefined;

/** Files have 16 bits for link types. Keys above are those of forms of a layer, such as frames with a check sequence. */
const MOST_LINK_TYPE = 0xffff;

/** The bytes of a layer's first field, or 1 where they are told elsewhere. */
function leastShown({ fields: [first] }: Dissector): number {
  return typeof first?.size === 'number' ? Math.max(1, first.size) : 1;
}

/** The link type of what no interface captured, such as a block of the file that is counted as a packet. */
const NO_LINK_TYPE = -1;

/** Ends the walk at bytes that no dissector takes, or that lie too deep. */
function leave(walk: Walk, place: Place, at: number, limit: Limit, table: Table): void {
  const { into } = walk;
  const most = mostOf(walk, place);
  if (most !== undefined && dissectorFor(table, place.key, place.view, at)) {
    addFinding(into, finding('too-deep', at, limit.captured, [most], place.source));
  } else if (isPorts(table) || (table === 'link' && place.key === NO_LINK_TYPE)) carryData(into, place, at, limit);
  else if (table === 'link' && place.key <= MOST_LINK_TYPE && !isChannel(walk, place, at, limit))
    carryFrame(into, place, at, limit);
  else carry(walk, place, at, limit);
}

/** A place with a key of its own: what is followed from it leaves the other where it is. */
const placeIn = (
  { depth, dissector, network, quoted, partial, unjudged, payload, decodeAs }: Place,
  view: DataView,
  source: number,
  key: number,
  state: PduState | undefined,
): Place => ({
  view,
  source,
  key,
  otherKey: undefined,
  depth,
  dissector,
  network,
  quoted,
  partial,
  unjudged,
  expected: undefined,
  state,
  payload,
  decodeAs,
});

/** Goes on to what a layer carries. */
function enter(place: Place, { key, otherKey, facts, quoted }: Payload): void {
  place.key = key;
  place.otherKey = otherKey;
  if (facts?.type === 'network') place.network = facts.network;
  if (quoted) place.quoted = quoted;
}

function defragment({ into, reassembly }: Walk, place: Place, at: number, limit: Limit, fragment: Fragment) {
  // The last layer is the fragment's own.
  const around = surroundingsOf(into.layers.slice(0, -1), into.sources);
  const inside = around === '' ? fragment : { ...fragment, key: around + fragment.key };
  const { source, remarks } = reassembly.fragment(piecesOf(into, place, at, limit), place.view, at, limit, inside);
  note(into, remarks, place, at, limit);
  return source;
}

/** Where the captured bytes from `at` on came from. */
function piecesOf(
  { number, start, sources }: Dissection,
  { source }: Place,
  at: number,
  limit: Limit,
): readonly Piece[] {
  const length = Math.max(0, limit.captured - at);
  if (source === 0) return [{ packet: number, at: at - start, length }];
  return cutPieces(sources[source]?.pieces ?? [], at, length);
}

function note(into: Draft, remarks: readonly Remark[], { source }: Place, at: number, limit: Limit): void {
  const end = Math.max(at, limit.captured);
  for (const { code, given } of remarks) addFinding(into, finding(code, at, end, given, source));
}

const layerOf = (
  name: LayerName,
  { source, quoted }: Place,
  at: number,
  limit: Limit,
  found: Payload,
): GrowingLayer => ({
  name,
  source,
  at,
  end: found.at,
  limit,
  facts: found.facts,
  stop: undefined,
  quoted,
});

function stopped(into: Draft, place: Place, name: LayerName, at: number, limit: Limit, stop: Stop): void {
  const { source, quoted } = place;
  into.layers.push({ name, source, at, end: limit.captured, limit, facts: undefined, stop, quoted });
  // An error message quotes the start of a packet: that it ends early is no news.
  if (!quoted) noteStop(into, stop, source, limit);
}

function noteStop(into: Draft, stop: Stop, source: number, limit: Limit): void {
  const { why, what, at, need, have } = stop;
  addFinding(into, finding(why, Math.min(at, limit.captured), limit.captured, [what, need, have], source));
}

/** A payload that no table leads on from: a channel packet if it looks like one, else plain data. */
function carry(walk: Walk, place: Place, at: number, limit: Limit): void {
  if (isChannel(walk, place, at, limit)) pushChannel(walk, place, at, limit);
  else carryData(walk.into, place, at, limit);
}

const isChannel = ({ options }: Walk, place: Place, at: number, limit: Limit): boolean =>
  isChannelPacket(place.view, at, limitOf(place, at, limit), options.dialect);

/** How far a channel packet may reach: in the first fragment of a datagram, as far as it says itself. */
const limitOf = ({ view, partial }: Place, at: number, limit: Limit): Limit =>
  partial ? limitOfPacket(view, at, limit) : limit;

/** A frame of a link type that is not dissected. */
function carryFrame(into: Draft, place: Place, at: number, limit: Limit): void {
  const { key: linkType, source } = place;
  addFinding(into, finding('link-type-unknown', at, limit.captured, [linkTypeText(linkType)], source));
  carryData(into, place, at, limit, { type: 'link', linkType });
}

function carryData(into: Draft, place: Place, at: number, limit: Limit, facts?: Facts): void {
  const { captured } = limit;
  const { source, quoted } = place;
  if (at < captured) {
    into.layers.push({ name: 'data', source, at, end: captured, limit, facts, stop: undefined, quoted });
  }
  noteCut(into, place, at, limit);
}

/** Tells of data that the capture cut. */
function noteCut(into: Draft, { source, quoted }: Place, at: number, limit: Limit): void {
  const { captured } = limit;
  if (captured < limit.wire && !quoted) {
    const given = ['data', limit.wire - at, Math.max(0, captured - at)];
    addFinding(into, finding('truncated', Math.min(at, captured), captured, given, source));
  }
}

function pushChannel({ into, options }: Walk, place: Place, at: number, inside: Limit, proven = false): void {
  const { view, source, quoted } = place;
  const limit = limitOf(place, at, inside);
  const packet = dissectChannel(view, at, limit, source, options.dialect, proven || options.unjudged);
  const { stop, end } = packet;
  into.layers.push({ name: 'chan', source, at, end, limit, facts: { type: 'channel', packet }, stop, quoted });
  // An error message quotes the start of a packet: that it is cut is no news, and its faults were told before.
  if (quoted) {
    if (into.quoted === NO_PACKETS) into.quoted = [packet];
    else into.quoted.push(packet);
    return;
  }
  if (into.channels === NO_PACKETS) into.channels = [packet];
  else into.channels.push(packet);
  for (const one of packet.findings) addFinding(into, one);
  if (stop) noteStop(into, stop, source, limit);
}

/** Follows the messages of a packet, in order: those that are whole, and those that a piece completes. */
function carryMessages(walk: Walk, place: Place, messages: readonly Payload[]): void {
  const { into, reassembly } = walk;
  for (const { key, at, limit, table, piece } of messages) {
    if (!piece) {
      follow(walk, { ...place, key }, at, limit, table);
      continue;
    }
    // Messages that are quoted are not put together again.
    if (place.quoted) continue;
    const { source, remarks } = reassembly.message(piecesOf(into, place, at, limit), place.view, at, limit, piece);
    note(into, remarks, place, at, limit);
    if (!source) continue;
    const whole = { captured: source.view.byteLength, wire: source.view.byteLength };
    follow(walk, { ...place, key, view: source.view, source: addSource(into, source) }, 0, whole, table);
  }
}

/** Notes what the packets before this one say of the packet whose header is the last layer. */
function associate({ into, reassembly }: Walk, layer: GrowingLayer, association: Association): void {
  const facts = reassembly.associate(association);
  const { zero } = association;
  const accepted = zero !== undefined && facts.acceptsZero;
  if (zero && !accepted) addFinding(into, zero);
  const { status, expected } = layer.facts?.type === 'checksum' ? layer.facts : UNVERIFIED;
  layer.facts = { type: 'association', status: accepted ? 'absent' : status, expected, association: facts };
}

/** Hands a segment to its stream, and dissects the channel packets that it completes. */
function stream(walk: Walk, place: Place, layer: Layer, found: Payload, segment: Segment): void {
  const { into, reassembly } = walk;
  const { at, limit } = found;
  const streamed = reassembly.segment(piecesOf(into, place, at, limit), place.view, at, limit, segment);
  const checksum = layer.facts?.type === 'checksum' ? layer.facts : UNVERIFIED;
  bring(walk, place, at, limit, streamed, checksum);
  if (streamed.packets.length > 0) return;
  if (streamed.facts.isPart) noteCut(walk.into, place, at, limit);
  else follow(walk, place, at, limit, found.table);
}

/** Tells a stream of a segment of which the capture kept not even the whole header. */
function streamCut(walk: Walk, place: Place, limit: Limit, { at, need }: Stop, segment: Segment): void {
  const missing = { captured: 0, wire: Math.max(0, limit.wire - at - need) };
  bring(walk, place, limit.captured, limit, walk.reassembly.segment([], NO_VIEW, 0, missing, segment), UNVERIFIED);
}

const UNVERIFIED = { status: 'unverified', expected: 0 } as const;

/** Notes what a stream says of the segment of the last layer, whose payload starts at `at`, and what that completes. */
function bring(
  walk: Walk,
  place: Place,
  at: number,
  limit: Limit,
  { facts, remarks, packets }: Streamed,
  { status, expected }: { readonly status: ChecksumStatus; readonly expected: number },
): void {
  const { into } = walk;
  note(into, remarks, place, at, limit);
  const layer = into.layers.at(-1);
  if (layer) layer.facts = { type: 'stream', status, expected, stream: facts };
  for (const { source, at: offset, captured, wire, proven, pdu, state } of packets) {
    const start = source ? offset : at + offset;
    const reach = { captured: start + captured, wire: start + wire };
    const view = source ? source.view : place.view;
    const own = source ? addSource(into, source) : place.source;
    const inside = placeIn(place, view, own, pdu ?? place.key, state);
    if (pdu === undefined) pushChannel(walk, inside, start, reach, proven);
    else follow(walk, inside, start, reach, 'pdu');
  }
}
