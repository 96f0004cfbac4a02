import type { Value } from '../../dissectors/wire/field.js';
import { fromHex } from '../../dissectors/wire/view.js';
import { build, nothing, type Part, raw } from '../part.js';
import { CraftError } from './craft-error.js';
import { type AnyLayer, wrapped } from './craft-layers.js';

/** A run of bytes `[from, to)` of a payload, in the order in which it is sent. */
export interface Range {
  readonly from: number;
  readonly to: number;
  /** Other bytes instead of those of the payload. */
  readonly bytes?: Uint8Array;
}

/** How a payload is cut: into pieces of one size, or as listed, in any order, with overlaps and gaps. */
export type Cut = { readonly size: number } | { readonly ranges: readonly Range[] };

/** What a packet is sent in. */
export interface Pieces {
  readonly fragments?: Cut;
  readonly segments?: Cut;
  /** Whether segments are sent on a connection: opened before them, and closed after them. */
  readonly session?: true;
}

/** Pieces that one packet may become. */
const MOST_PIECES = 65_536;

/**
 * What a text such as `64` or `8-16,0-12,12-=deadbeef` asks for.
 * @throws {RangeError} if it is none
 */
export function cutFrom(text: string): Cut {
  if (/^\d{1,5}$/.test(text)) {
    if (Number(text) === 0) throw new RangeError('pieces have at least one byte');
    return { size: Number(text) };
  }
  const ranges = text.split(',').map((piece): Range => {
    const [, from, to = '', hex] = /^(\d{1,7})-(\d{0,7})(?:=((?:[0-9a-f]{2})+))?$/i.exec(piece) ?? [];
    if (from === undefined) throw new RangeError(`"${piece}" is not FROM-TO, such as 0-64, 64- or 8-16=ff`);
    const end = to === '' ? Number.POSITIVE_INFINITY : Number(to);
    if (end <= Number(from)) throw new RangeError(`"${piece}" holds nothing`);
    return { from: Number(from), to: end, ...(hex !== undefined && { bytes: fromHex(hex) }) };
  });
  return { ranges };
}

/** A packet in its layers. */
interface Wrapped {
  readonly layers: readonly AnyLayer[];
  readonly inside: Part;
}

/**
 * The packets that a packet is sent in, in order.
 * @throws {CraftError} where it has no layer that could be cut
 */
export function piecesOf(layers: readonly AnyLayer[], packet: Part, plan: Pieces): readonly Wrapped[] {
  const whole: readonly Wrapped[] = [{ layers, inside: packet }];
  const { segments, session, fragments } = plan;
  const sent = segments || session ? whole.flatMap((one) => segmented(one, segments, session === true)) : whole;
  const pieces = fragments ? sent.flatMap((one) => fragmented(one, fragments)) : sent;
  if (pieces.length > MOST_PIECES) throw new CraftError(`a packet in ${pieces.length} pieces: at most ${MOST_PIECES}`);
  return pieces;
}

function cutBytes(
  bytes: Uint8Array,
  cut: Cut,
): readonly { readonly from: number; readonly to: number; readonly bytes: Uint8Array }[] {
  const ranges = 'ranges' in cut ? cut.ranges : evenly(bytes.length, cut.size);
  return ranges.map((range) => {
    const to = Math.min(range.to, bytes.length);
    const piece = range.bytes ?? bytes.subarray(Math.min(range.from, to), to);
    return { from: range.from, to: range.from + piece.length, bytes: piece };
  });
}

function evenly(length: number, size: number): readonly Range[] {
  if (Math.ceil(length / size) > MOST_PIECES) throw new CraftError(`more than ${MOST_PIECES} pieces of ${size} bytes`);
  return Array.from({ length: Math.max(1, Math.ceil(length / size)) }, (_, place) => ({
    from: place * size,
    to: (place + 1) * size,
  }));
}

const numberIn = (given: AnyLayer['given'], key: string, other: number): number => {
  const value = given[key];
  return typeof value === 'number' ? value : other;
};

/** The segments that a payload of TCP is sent in. */
function segmented({ layers, inside }: Wrapped, cut: Cut | undefined, isSession: boolean): readonly Wrapped[] {
  const place = layers.findLastIndex(({ name }) => name === 'tcp');
  const tcp = layers[place];
  if (!tcp) throw new CraftError(`${cut ? '--segment' : '--session'}: there is no layer tcp`);
  const payload = build(wrapped(layers.slice(place + 1), inside));
  const first = numberIn(tcp.given, 'seq_raw', 1);
  const flags = tcp.given.flags === undefined ? { 'flags.ack': true, 'flags.push': true } : {};
  const answer = numberIn(tcp.given, 'ack_raw', 1);
  const around = layers.slice(0, place);
  const segment = (more: Readonly<Record<string, Value>>, bytes: Uint8Array): Wrapped => ({
    layers: [...around, { name: 'tcp', given: { ...flags, ack_raw: answer, ...tcp.given, ...more } }],
    inside: raw(bytes),
  });
  const data = cutBytes(payload, cut ?? { size: Math.max(1, payload.length) })
    .filter(({ bytes }) => bytes.length > 0 || !isSession)
    .map(({ from, bytes }) => segment({ seq_raw: (first + from) >>> 0 }, bytes));
  return isSession ? onConnection(around, tcp, first, answer, payload.length, data) : data;
}

/** Segments with what opens their connection before them, and what closes it behind them. */
function onConnection(
  around: readonly AnyLayer[],
  { given }: AnyLayer,
  first: number,
  answer: number,
  length: number,
  data: readonly Wrapped[],
): readonly Wrapped[] {
  const { options, ...bare } = given;
  const own = (flags: number, seq: number, ack: number, more = bare): Wrapped => ({
    layers: [...around, { name: 'tcp', given: { ...more, flags, seq_raw: seq >>> 0, ack_raw: ack >>> 0 } }],
    inside: nothing,
  });
  const other = (...given: Parameters<typeof own>): Wrapped => {
    const { layers, inside } = own(...given);
    return { layers: layers.map(turned), inside };
  };
  const end = first + length;
  return [
    own(SYN, first - 1, 0, given),
    other(SYN | ACK, answer - 1, first, given),
    own(ACK, first, answer),
    ...data,
    own(FIN | ACK, end, answer),
    other(FIN | ACK, answer, end + 1),
    own(ACK, end + 1, answer + 1),
  ];
}

const [FIN, SYN, ACK] = [0x01, 0x02, 0x10];
const OTHER: Readonly<Record<string, string>> = { src: 'dst', dst: 'src', srcport: 'dstport', dstport: 'srcport' };

/** The layer as the other side sends it. */
const turned = ({ name, given }: AnyLayer): AnyLayer => ({
  name,
  given: Object.fromEntries(Object.entries(given).map(([key, value]) => [OTHER[key] ?? key, value])),
});

/** Fragment offsets count words of 8 bytes. */
const UNIT = 8;
/** Headers of IPv6 that stand before a fragment header, in every fragment. */
const BEFORE: ReadonlySet<string> = new Set(['hopopts', 'routing']);
const NO_NEXT_HEADER = 59;

/** The fragments of a packet, by its innermost IP layer. */
function fragmented({ layers, inside }: Wrapped, cut: Cut): readonly Wrapped[] {
  const place = layers.findLastIndex(({ name }) => name === 'ip' || name === 'ipv6');
  const network = layers[place];
  if (!network) throw new CraftError('--fragment: there is no layer ip or ipv6');
  let end = place + 1;
  while (network.name === 'ipv6' && BEFORE.has(layers[end]?.name ?? '')) end++;
  const content = wrapped(layers.slice(end), inside);
  // Its checksums are those of the whole.
  const whole = build(wrapped(layers.slice(place), inside));
  const payload = whole.subarray(whole.length - content.size);
  return cutBytes(payload, cut).map(({ from, to, bytes }) => {
    if (from % UNIT !== 0) throw new CraftError(`--fragment: ${from}: fragments begin at multiples of ${UNIT} bytes`);
    const more = to < payload.length;
    const offset = from / UNIT;
    if (network.name === 'ipv6') {
      const given = { nxt: content.protocol ?? NO_NEXT_HEADER, offset, more, ident: 1 };
      return { layers: [...layers.slice(0, end), { name: 'fraghdr', given }], inside: raw(bytes) };
    }
    const given = { proto: content.protocol ?? 0, id: 1, ...network.given, frag_offset: offset, 'flags.mf': more };
    return { layers: [...layers.slice(0, place), { name: 'ip', given }], inside: raw(bytes) };
  });
}
