import type { Dialect } from './channel/dialects.js';
import { type ChannelPacket, dissectChannel, isChannelPacket } from './channel/dissect.js';
import type {
  Fragment,
  Layer,
  LayerName,
  Network,
  Payload,
  Piece,
  Segment,
  Source,
  StreamFacts,
  Table,
} from './layer.js';
import { dissectorFor } from './registry.js';
import { type Finding, finding } from './wire/finding.js';
import type { Limit, Stop } from './wire/stop.js';

/** What a packet turned out to be. Offsets of source 0 count from the start of the view given, not of the frame. */
export interface Dissection {
  /** From 1, in capture order. */
  readonly number: number;
  /** Where the frame starts in the view of source 0. */
  readonly start: number;
  readonly sources: Source[];
  readonly layers: Layer[];
  readonly findings: Finding[];
  /** The channel packets that were sent in this frame or completed by it, in order. */
  readonly channels: ChannelPacket[];
  /** The channel packets that an error message quotes. */
  readonly quoted: ChannelPacket[];
  /** The innermost network layer that is not quoted, if there is one. */
  network?: Network;
}

/** What the packets before this one contribute. Called in the order of the layers of one packet. */
export interface Reassembly {
  /** Adds a fragment; returns the whole datagram once this fragment completes it. */
  fragment(
    piece: Piece,
    view: DataView,
    at: number,
    limit: Limit,
    fragment: Fragment,
  ): { readonly source?: Source; readonly findings: readonly Finding[] };
  /** Adds a segment; returns what it completes. */
  segment(piece: Piece, view: DataView, at: number, limit: Limit, segment: Segment): Streamed;
}

/** What a segment of a byte stream brings to light. */
export interface Streamed {
  readonly facts: StreamFacts;
  readonly findings: readonly Finding[];
  /** The channel packets that are complete now: in the segment itself, or in a source of their own. */
  readonly packets: readonly StreamPacket[];
  /** Whether the stream carries channel packets, as far as is known. */
  readonly channel: boolean;
}

export type StreamPacket =
  | { readonly at: number; readonly limit: Limit }
  | { readonly source: Source; readonly at: number; readonly limit: Limit };

/** How a capture is to be read. */
export interface DissectOptions {
  /** Read every channel packet as this dialect, known protocol id or not. */
  readonly dialect?: Dialect;
}

/** More layers than this are a trick. */
const DEPTH = 32;

/** What a layer needs to know of those around it. */
interface Place {
  readonly view: DataView;
  readonly source: number;
  readonly network?: Network;
  readonly quoted?: true;
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
  options: DissectOptions = {},
): Dissection {
  const into: Dissection = {
    number,
    start: at,
    sources: [{ name: 'Frame', view }],
    layers: [],
    findings: [],
    channels: [],
    quoted: [],
  };
  follow(into, { view, source: 0 }, at, limit, 'link', linkType, reassembly, options);
  return into;
}

function follow(
  into: Dissection,
  place: Place,
  start: number,
  reach: Limit,
  first: Table,
  firstKey: number,
  reassembly: Reassembly,
  options: DissectOptions,
): void {
  let { view, source, network, quoted } = place as Place & { network: Network | undefined; quoted: true | undefined };
  let at = start;
  let limit = reach;
  let table = first;
  let key = firstKey;
  for (;;) {
    if (table === 'none') return;
    const dissector = table === 'payload' ? undefined : dissectorFor(table, key);
    const here = { view, source, ...(network && { network }), ...(quoted && { quoted }) };
    if (!dissector) return carry(into, here, at, limit, options);
    if (into.layers.length >= DEPTH) {
      into.findings.push(finding('too-deep', at, limit.captured, [DEPTH], source));
      return;
    }
    const found = dissector.dissect(view, at, limit, { ...here, key });
    if (!found.ok) return stopped(into, here, dissector.name, at, limit, found);
    const layer = layerOf(dissector.name, here, at, limit, found);
    into.layers.push(layer);
    if (found.findings) into.findings.push(...found.findings);
    if (found.facts?.type === 'network') {
      network = { layer, ...found.facts.network };
      if (!quoted) into.network = network;
    }
    if (found.quoted) quoted = found.quoted;
    if (found.segment && !quoted) {
      return stream(
        into,
        { view, source, ...(network && { network }) },
        layer,
        found,
        found.segment,
        reassembly,
        options,
      );
    }
    for (const more of found.more ?? []) {
      // Payloads beside the first go first in the list of layers only if they stood first: SCTP gives them in order.
      if (more === found.more?.[0])
        follow(into, here, found.at, found.limit, found.table, found.key, reassembly, options);
      follow(into, here, more.at, more.limit, more.table, more.key, reassembly, options);
    }
    if (found.more && found.more.length > 0) return;
    ({ at, limit, table, key } = found);
    if (found.fragment && !quoted) {
      const piece = { packet: into.number, at: at - (source === 0 ? into.start : 0), length: limit.captured - at };
      const { source: whole, findings } = reassembly.fragment(piece, view, at, limit, found.fragment);
      into.findings.push(...findings);
      if (!whole) return carryData(into, { view, source }, at, limit);
      source = into.sources.push(whole) - 1;
      view = whole.view;
      at = 0;
      limit = { captured: view.byteLength, wire: view.byteLength };
    } else if (found.fragment && found.fragment.offset > 0) {
      return carryData(into, { view, source, quoted: true }, at, limit);
    }
  }
}

const layerOf = (name: LayerName, { source, quoted }: Place, at: number, limit: Limit, found: Payload): Layer => ({
  name,
  source,
  at,
  end: found.at,
  limit,
  ...(found.facts && { facts: found.facts }),
  ...(quoted && { quoted }),
});

function stopped(
  into: Dissection,
  { source, quoted }: Place,
  name: LayerName,
  at: number,
  limit: Limit,
  stop: Stop,
): void {
  into.layers.push({ name, source, at, end: limit.captured, limit, stop, ...(quoted && { quoted }) });
  noteStop(into, stop, source, limit);
}

function noteStop(into: Dissection, stop: Stop, source: number, limit: Limit): void {
  const { why, what, at, need, have } = stop;
  into.findings.push(finding(why, Math.min(at, limit.captured), limit.captured, [what, need, have], source));
}

/** A payload that no table leads on from: a channel packet if it looks like one, else plain data. */
function carry(into: Dissection, place: Place, at: number, limit: Limit, options: DissectOptions): void {
  if (isChannelPacket(place.view, at, limit, options.dialect)) {
    pushChannel(into, place, at, limit, options);
  } else {
    carryData(into, place, at, limit);
  }
}

function carryData(into: Dissection, { source, quoted }: Place, at: number, limit: Limit): void {
  if (at < limit.captured) {
    into.layers.push({ name: 'data', source, at, end: limit.captured, limit, ...(quoted && { quoted }) });
  }
  if (limit.captured < limit.wire && !quoted) {
    const need = limit.wire - at;
    const have = Math.max(0, limit.captured - at);
    into.findings.push(
      finding('truncated', Math.min(at, limit.captured), limit.captured, ['data', need, have], source),
    );
  }
}

function pushChannel(into: Dissection, place: Place, at: number, limit: Limit, options: DissectOptions): void {
  const { view, source, quoted } = place;
  const packet = dissectChannel(view, at, limit, source, options.dialect);
  const facts = { type: 'channel', packet } as const;
  const { stop, end } = packet;
  into.layers.push({ name: 'chan', source, at, end, limit, facts, ...(stop && { stop }), ...(quoted && { quoted }) });
  // An error message quotes the start of a packet: that it is cut is no news, and its faults were told before.
  if (quoted) {
    into.quoted.push(packet);
    return;
  }
  into.channels.push(packet);
  into.findings.push(...packet.findings);
  if (stop) noteStop(into, stop, source, limit);
}

/** Hands a segment to its stream, and dissects the channel packets that it completes. */
function stream(
  into: Dissection,
  place: Place,
  layer: Layer,
  found: Payload,
  segment: Segment,
  reassembly: Reassembly,
  options: DissectOptions,
): void {
  const { at, limit } = found;
  const piece = {
    packet: into.number,
    at: at - (place.source === 0 ? into.start : 0),
    length: Math.max(0, limit.captured - at),
  };
  const streamed = reassembly.segment(piece, place.view, at, limit, segment);
  into.findings.push(...streamed.findings);
  const checksum = layer.facts?.type === 'checksum' ? layer.facts : { status: 'unverified' as const, expected: 0 };
  const { status, expected } = checksum;
  into.layers[into.layers.length - 1] = {
    ...layer,
    facts: { type: 'stream', status, expected, stream: streamed.facts },
  };
  for (const packet of streamed.packets) {
    if ('source' in packet) {
      const source = into.sources.push(packet.source) - 1;
      pushChannel(into, { ...place, view: packet.source.view, source }, packet.at, packet.limit, options);
    } else {
      pushChannel(into, place, packet.at, packet.limit, options);
    }
  }
  if (streamed.packets.length === 0) carryData(into, place, at, limit);
}
