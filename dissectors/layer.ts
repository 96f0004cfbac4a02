import type { ChannelPacket } from './channel/dissect.js';
import type { Announced } from './named/announced.js';
import type { Opened } from './quic/keys.js';
import type { QuicPacket } from './quic/packet.js';
import type { QuicTold } from './quic/told.js';
import type { Field, Value } from './wire/field.js';
import type { Finding } from './wire/finding.js';
import type { Layout } from './wire/layout.js';
import type { FieldSink } from './wire/sink.js';
import type { Limit, Stop } from './wire/stop.js';

/**
 * The name of a layer, as `layers`, filters and the tree show it: that of its dissector, or `chan` for a channel packet,
 * or `data` for bytes that no dissector takes.
 */
export type LayerName = string;

/** The tables of the registry that lead from one layer to the next. */
export type Table =
  | 'link'
  | 'ethertype'
  | 'ip.proto'
  | 'gre.proto'
  | 'mpls.pfn'
  | 'ppp'
  | 'udp.port'
  | 'udp.tunnel'
  | 'tcp.port'
  | 'pdu'
  | 'flow'
  | 'tls.handshake'
  | 'payload'
  | 'none';

/**
 * What a dissector answers where the bytes are not of its protocol, whatever led to it: the walk goes on to the next
 * dissector that the table names, then to heuristics, then to plain data.
 */
export const NOT_MINE = undefined;

/** What a dissector has found: where the payload of its layer is, and what leads on. */
export interface Payload {
  readonly ok: true;
  /** Where the payload starts; the header ends here. */
  readonly at: number;
  /** How far the payload may be read. */
  readonly limit: Limit;
  /** The table and key under which the next dissector is found; `none` ends the packet here. */
  readonly table: Table;
  readonly key: number;
  /** A second key for where the first leads nowhere: the higher of two ports. */
  readonly otherKey?: number | undefined;
  readonly findings?: readonly Finding[] | undefined;
  readonly facts?: Facts | undefined;
  /** Where this datagram stands in a larger one, when it is a fragment. */
  readonly fragment?: Fragment | undefined;
  /** Where this segment stands in its stream, when the payload is part of one. */
  readonly segment?: Segment | undefined;
  /** What the packet says of its association, where it belongs to one. */
  readonly association?: Association | undefined;
  /** All payloads in their order, where some are pieces of messages: those are in neither this one nor in `more`. */
  readonly messages?: readonly Payload[] | undefined;
  /** Where this payload stands in a message, when it is a piece of one. */
  readonly piece?: MessagePiece | undefined;
  /** What the payload says of other addresses and ports. */
  readonly announced?: readonly Announced[] | undefined;
  /** The packets of a datagram of QUIC, whose connection must tell what is in them. */
  readonly packets?: readonly QuicPacket[] | undefined;
  /** Payloads after the first, for layers that carry several (SCTP). */
  readonly more?: readonly Payload[] | undefined;
  /** Set when the payload is a packet quoted by an error message: dissected, but it was not sent here. */
  readonly quoted?: true | undefined;
  /** Set where the layer is told to the reader of its flow: its facts are what that answers. */
  readonly inFlow?: true | undefined;
}

/** A payload while its dissector makes it. What only few dissectors tell of is not set in one that a walk lends. */
export type GrowingPayload = { -readonly [Key in Exclude<keyof Payload, Rare>]: Payload[Key] } & Pick<Payload, Rare>;
type Rare = 'announced' | 'association' | 'messages' | 'packets' | 'piece' | 'more' | 'quoted' | 'inFlow';

/** A stop in a header whose start still tells something of the packet. */
export interface CutHeader extends Stop {
  /** Where the segment stands in its stream: the capture kept the header without its options. */
  readonly segment?: Segment | undefined;
  readonly findings?: readonly Finding[] | undefined;
}

/** A piece of an IP datagram. */
export interface Fragment {
  /** What the pieces of one datagram share: addresses, identification and protocol, and the networks around them. */
  readonly key: string;
  /** In bytes, from the start of the datagram's payload. */
  readonly offset: number;
  readonly more: boolean;
}

/** What the datagrams of one flow share, in one direction and in the other: addresses and ports. */
export interface FlowKeys {
  readonly key: string;
  readonly reverse: string;
}

/** What the reader of a flow says of a datagram. */
export interface FlowAnswer {
  /** 32 bits each; only the application knows what they mean. */
  readonly numbers: readonly number[];
  /** What was put together from this datagram and those before it, in order. */
  readonly wholes: readonly Source[];
}

/** What the datagrams of a flow before this one say of it, and what it completes. */
export interface FlowFacts extends FlowAnswer {
  /** The number of the flow among those that applications follow, from 0. */
  readonly flow: number;
}

/** Follows the datagrams of one flow for an application, in capture order. What it keeps is bounded. */
export interface FlowReader {
  /** Bytes that wait for others. */
  readonly bytes: number;
  /** Whether a datagram is of the application, though its bytes alone do not tell. Pure. */
  readonly expects?: (view: DataView, at: number, limit: Limit, isBack: boolean) => boolean;
  /**
   * Takes the datagram whose payload is `[at, limit.captured)` of a view.
   * @param pieces where the payload came from
   * @param isBack whether it goes against the direction of the flow's first
   */
  readonly take: (pieces: readonly Piece[], view: DataView, at: number, limit: Limit, isBack: boolean) => FlowAnswer;
}

/** A piece of a byte stream. */
export interface Segment {
  /** What the segments of one direction share: addresses and ports. */
  readonly key: string;
  /** What the segments of the other direction share. */
  readonly reverse: string;
  /** The sequence number of the first byte of the payload, after SYN. */
  readonly sequence: number;
  readonly acknowledgement: number;
  /** Whether `acknowledgement` means anything: the flag ACK. */
  readonly acknowledges: boolean;
  readonly syn: boolean;
  readonly fin: boolean;
  readonly reset: boolean;
  /** The lower of the two ports and the higher, as hints at what the stream carries; −1 where they are not known. */
  readonly port?: number;
  readonly otherPort?: number;
}

/** A piece of a message. */
export interface MessagePiece {
  /** What the pieces of one message share. */
  readonly key: string;
  /** Those of the pieces of a message follow each other, modulo 2^32. */
  readonly number: number;
  /** Whether it is the first piece, and the last one. */
  readonly first: boolean;
  readonly last: boolean;
}

/** What a packet says of its association. */
export interface Association {
  /** What the packets in its direction share: ports and verification tag; undefined where it has no tag. */
  readonly key: string | undefined;
  /** The endpoint that it comes from, and the one that it goes to, each with the other's port. */
  readonly from: string;
  readonly to: string;
  /** The transmission sequence number of its first piece of data. */
  readonly tsn: number | undefined;
  /** What its sender asks for, where it opens the association. */
  readonly opening: Opening | undefined;
  /** The finding on its checksum of zero, unless the other side accepts that. */
  readonly zero: Finding | undefined;
}

/** What a side that opens an association says of the packets that it wants to receive. */
export interface Opening {
  /** What they share: their `Association.key`. */
  readonly key: string;
  /** Whether their checksum may be zero. Source: RFC 9653, section 4. */
  readonly acceptsZero: boolean;
}

/** What the layers above need from the network layer: for pseudo-headers, and for the list's columns. */
export interface Network {
  readonly version: 4 | 6;
  /** Which of the packet's byte sources it lies in, and where its header starts in `view`. */
  readonly source: number;
  readonly at: number;
  /** The bytes that `layer` lies in; a reassembled payload lies in others. */
  readonly view: DataView;
  /** Where the destination stands in `view`: of an IPv4 packet that is source-routed, the final one, among its options. */
  readonly destination: number;
  /** The unfolded sum of the address words, for pseudo-headers. */
  readonly addressSum: number;
  readonly protocol: number;
}

/** Facts of a layer that are not in its own bytes, or that cost too much to read twice. */
export type Facts =
  | { readonly type: 'network'; readonly network: Network }
  /** IPv6 extension headers that follow a fragment header: the layer starts with the one of this protocol. */
  | { readonly type: 'extension'; readonly protocol: number }
  /** Which of the two cooked headers a layer is, for the link type alone tells. */
  | { readonly type: 'cooked'; readonly version: 1 | 2 }
  /** Of a frame that is data as a whole: the link type, which nothing here dissects. */
  | { readonly type: 'link'; readonly linkType: number }
  /** The key that led to a layer of which several forms have one name: a link type, with or without a check sequence. */
  | { readonly type: 'form'; readonly key: number }
  | { readonly type: 'checksum'; readonly status: ChecksumStatus; readonly expected: number }
  | {
      readonly type: 'stream';
      readonly status: ChecksumStatus;
      readonly expected: number;
      readonly stream: StreamFacts;
    }
  | {
      readonly type: 'association';
      readonly status: ChecksumStatus;
      readonly expected: number;
      readonly association: AssociationFacts;
    }
  /** A datagram of a flow; `wholes` are places of sources. */
  | {
      readonly type: 'flow';
      readonly flow: number;
      readonly numbers: readonly number[];
      readonly wholes: readonly Whole[];
    }
  /** A PDU of a byte stream. */
  | { readonly type: 'pdu'; readonly state: PduState }
  /** A datagram of QUIC: its packets, what those before say of them, and what of them was opened, by their places. */
  | {
      readonly type: 'quic';
      readonly packets: readonly QuicPacket[];
      readonly told: QuicTold;
      readonly opened: readonly (OpenedPacket | undefined)[];
      /** The handshake messages that it completes, in their order. */
      readonly messages: readonly DataView[];
    }
  | { readonly type: 'channel'; readonly packet: ChannelPacket };

/** A packet of QUIC without its protection: its frames are in a source of their own. */
export interface OpenedPacket extends Opened {
  readonly source: number;
}

/** What the packets before this one say about an SCTP packet. Transmission sequence numbers are shown relative to these. */
export interface AssociationFacts {
  /** The first one seen in its direction; undefined where the packet belongs to none. */
  readonly tsn: number | undefined;
  /** The first one seen in the other direction; 0 where none has been seen, undefined where that direction is unknown. */
  readonly acknowledged: number | undefined;
  /** Whether the other side accepts a checksum of zero. */
  readonly acceptsZero: boolean;
}

/** What the packets before this one say about a TCP segment. */
export interface StreamFacts {
  /** The number of the conversation, from 0, as Wireshark's `tcp.stream`. */
  readonly number: number;
  /** Sequence and acknowledgement relative to the first ones seen; as they stand where the other side has not been seen. */
  readonly sequence: number;
  readonly acknowledgement: number;
  /** Set where the segment holds a part of a PDU that it does not complete, and no other. */
  readonly isPart?: true | undefined;
}

/** Bytes that were put together, and which of the packet's byte sources they are. */
export interface Whole {
  readonly source: number;
  readonly view: DataView;
}

/**
 * What the PDUs of a stream before this one say: a number for each direction, whose bits only the application knows.
 * Source: `StreamApplication.learn`.
 */
export interface PduState {
  /** Of the direction that the PDU was sent in, and of the other. */
  readonly own: number;
  readonly other: number;
}

/**
 * `good`, `bad`, `unverified` (not captured whole), `absent` (zero: none was sent), `illegal` (zero where one must be
 * sent), `offloaded`.
 */
export type ChecksumStatus = 'good' | 'bad' | 'unverified' | 'absent' | 'illegal' | 'offloaded';

/** One layer of a packet: where its header is, and how far it may be read. */
export interface Layer {
  readonly name: LayerName;
  /** Which of the packet's byte sources it lies in: 0 is the frame. */
  readonly source: number;
  readonly at: number;
  /** Where the header ends. */
  readonly end: number;
  readonly limit: Limit;
  readonly facts: Facts | undefined;
  readonly stop: Stop | undefined;
  readonly quoted: true | undefined;
}

/** Bytes that layers lie in: the frame, or what was put together from several. */
export interface Source {
  readonly name: string;
  readonly view: DataView;
  /** Where the bytes came from, when they were put together. */
  readonly pieces?: readonly Piece[];
}

/** A run of bytes of an earlier or the same packet. */
export interface Piece {
  /** The packet's number, from 1. */
  readonly packet: number;
  /** In bytes from the start of that packet's frame. */
  readonly at: number;
  readonly length: number;
}

/** What a dissector may know about the layers around its own. */
export interface Context {
  /** Which of the packet's byte sources `view` is. */
  readonly source: number;
  /** The key that led here: an EtherType, an IP protocol, a port, a link type; of a heuristic, the first that led nowhere. */
  readonly key: number;
  /** The innermost network layer so far. */
  readonly network: Network | undefined;
  /** Set inside a quoted packet, which may be cut anywhere: its lengths and checksums are not judged. */
  readonly quoted: true | undefined;
  /** Set in the first fragment of a datagram that cannot be put together: its lengths reach beyond the fragment. */
  readonly partial: true | undefined;
  /** Set where nobody asks what checksums turn out to be. */
  readonly unjudged?: true | undefined;
  /** Set where the datagrams before this one say that it is of the dissector's protocol. */
  readonly expected?: true | undefined;
  /** What the PDUs before this one say, where the bytes are a PDU of a byte stream. */
  readonly state?: PduState | undefined;
  /** What `payloadAt` fills; left out where there is no walk. */
  readonly payload?: GrowingPayload | undefined;
}

/** Tells the fields of a layer to whoever listens. */
export type Tell = (view: DataView, layer: Layer, sink: FieldSink) => void;

/** What a header is written from, where its layouts tell all of it. */
export interface Form {
  /** The layouts that a header with these values is made of, back to back. Values go by the keys of fields. */
  readonly layoutsOf: (given: Readonly<Record<string, Value>>) => readonly Layout[];
  /** Every layout that a header may be made of. */
  readonly layouts: readonly Layout[];
  /**
   * The values of fields that are not given: lengths, counts, and numbers that are always the same.
   * @param size of the header and all that follows it, in bytes
   */
  readonly filled: (size: number, given?: Readonly<Record<string, Value>>) => Readonly<Record<string, Value>>;
  /**
   * Writes what follows from the bytes of the header and all behind it, `[at, end)`: a checksum that is not given.
   * @param addressSum the unfolded sum of the addresses around it, for pseudo-headers
   */
  readonly sealed?: (
    view: DataView,
    at: number,
    end: number,
    given: Readonly<Record<string, Value>>,
    addressSum: number,
  ) => void;
}

/** How a protocol cuts a byte stream into its PDUs (protocol data units), each of which its dissector is given whole. */
export interface StreamApplication {
  /**
   * How long the PDU at `at` is, in bytes, its header counted; where the bytes up to `limit.captured` do not tell, a
   * negative number: at least so many must be at hand from `at` on; or `NOT_MINE`. Total and pure: it is asked again about
   * the same bytes when more have come. A length may be longer than what is at hand.
   */
  readonly length: (view: DataView, at: number, limit: Limit, state: PduState) => number | typeof NOT_MINE;
  /**
   * What the PDU `[at, end)` adds to what is known of its direction: the new `own` of `state`, 32 bits, 0 at first. It is
   * called once for each PDU that is captured whole, in their order.
   */
  readonly learn?: (view: DataView, at: number, end: number, state: PduState) => number;
  /**
   * Whether the start of a segment is known so well that it tells the protocol on any port: asked of the first bytes of
   * segments in streams that nothing else is known of.
   */
  readonly startsOnAnyPort?: (view: DataView, at: number, limit: Limit) => boolean;
}

/** A protocol over UDP or TCP, and what leads to it. */
export interface Application {
  readonly dissector: Dissector;
  readonly udpPorts?: readonly number[];
  readonly tcpPorts?: readonly number[];
  /** How its PDUs are cut out of TCP streams; without it each segment is given to its dissector as it is. */
  readonly stream?: StreamApplication;
  /** Makes what follows a flow of its datagrams; without it each is read alone. */
  readonly followFlow?: () => FlowReader;
  /** Whether its dissector knows its own bytes so well that it is asked on every other UDP port as well. */
  readonly onAnyUdpPort?: true;
}

/** One protocol: finds its payload, and explains itself. All of it comes from the layouts it declares. */
export interface Dissector {
  readonly name: LayerName;
  /** As the tree heads it: `User Datagram Protocol`. */
  readonly title: string;
  /** What the list calls it, where its name in capitals will not do: `VXLAN-GPE`. */
  readonly label?: string;
  /** The same of one layer, where its bytes tell more: `TLSv1.3`. */
  readonly labelOf?: ((view: DataView, layer: Layer) => string) | undefined;
  /** What tells one network from another with the same addresses, for layers that know: a VNI, a label. */
  readonly networkOf?: ((view: DataView, layer: Layer) => string) | undefined;
  /** The layout that stands at the start of every layer, where its fields stand nowhere else: they are read in place. */
  readonly layout?: Layout | undefined;
  /** What its header is written from; undefined where that takes more than layouts. */
  readonly form?: Form | undefined;
  /** Every field a filter can name. */
  readonly fields: readonly (Field & { readonly path: string })[];
  /** Total: every input gives a payload, a stop, or `NOT_MINE`. `at` may lie at the limit. */
  readonly dissect: (
    view: DataView,
    at: number,
    limit: Limit,
    context: Context,
  ) => Payload | CutHeader | typeof NOT_MINE;
  /** Tells the fields of a layer that `dissect` found, in one group. */
  readonly tell: Tell;
  /** The layer in one line, for the list: `4242 → 4242 Len=87`. */
  readonly summary: (view: DataView, layer: Layer) => string;
}
