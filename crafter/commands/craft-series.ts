import { Fuzz } from '../fuzz.js';
import { build } from '../part.js';
import { takeOption } from './craft-arguments.js';
import { baseOf, type CapturedPacket } from './craft-base.js';
import { CraftError } from './craft-error.js';
import { HEADER_FIELDS, MESSAGE_FIELDS } from './craft-fields.js';
import { type AnyLayer, BARE_LINK_TYPE, layerKind, linkTypeOf } from './craft-layers.js';
import type { CraftArguments, Draft } from './craft-options.js';
import { type Base, type Crafted, craftPacket, framesOf, type Roles } from './craft-packet.js';
import { type Variation, type VariedField, type Vary, variation } from './craft-vary.js';
import { optionOf, valueFrom } from './field-value.js';

/** A captured packet to start from, and where it was found. */
export interface Captured extends CapturedPacket {
  readonly where: string;
}

/** The packets that are made, each when it is asked for. */
export interface Series {
  readonly linkType: number;
  /** Who is who; undefined where that has nothing to do with the packets. */
  readonly roles: Roles | undefined;
  /** Frames, from 0 on. */
  readonly count: number;
  readonly frame: (place: number) => Uint8Array;
  /** What of them goes into datagrams, from 0 on. */
  readonly payloads: number;
  readonly payload: (place: number) => Uint8Array;
  /** All frames. @throws {CraftError} if they are too large together */
  readonly all: () => readonly Uint8Array[];
}

/** The largest frame that is made, and the most that one file takes of all frames, in bytes. */
const MOST = { frame: 1 << 24, file: 1 << 30 };
/** What a record of a file costs besides its packet. */
const PER_RECORD = 32;

/** @throws {CraftError} if the packets cannot be made */
export function seriesOf(given: CraftArguments, captured: Captured | undefined): Series {
  if (given.fuzz !== undefined) return fuzzed(given, given.fuzz, captured);
  const base = captured && baseOf(captured, captured.where, true);
  const varied = given.vary.map((vary) => ({ vary, next: variation(vary, fieldOf(vary, given), given.seed) }));
  return varied.length > 0 ? changing(given, varied, base) : same(given, base);
}

const bytesOf = (frame: Crafted['frame']): Uint8Array => {
  if (frame.size > MOST.frame) {
    throw new CraftError(`the frame would have ${frame.size} bytes; at most ${MOST.frame} can be made`);
  }
  return build(frame);
};

function together(count: number, frame: (place: number) => Uint8Array): readonly Uint8Array[] {
  const frames: Uint8Array[] = [];
  let size = 0;
  for (let place = 0; place < count; place++) {
    const bytes = frame(place);
    size += bytes.length + PER_RECORD;
    if (size > MOST.file) throw new CraftError(`--count: all copies have more than ${MOST.file} bytes`);
    frames.push(bytes);
  }
  return frames;
}

/** Packets that are all the same. */
function same(given: CraftArguments, base: Base | undefined): Series {
  const crafted = craftPacket(given, base);
  const pieces = framesOf(given, crafted);
  const made = new Map<number, Uint8Array>();
  const frame = (place: number): Uint8Array => {
    const which = place % pieces.length;
    const known = made.get(which) ?? bytesOf(pieces[which]?.frame ?? crafted.frame);
    made.set(which, known);
    return known;
  };
  const count = given.count * pieces.length;
  let payload: Uint8Array | undefined;
  return {
    linkType: linkTypeWanted(given, pieces[0]?.layers ?? crafted.layers),
    roles: crafted.roles,
    count,
    frame,
    payloads: given.count,
    payload: () => {
      payload ??= bytesOf(crafted.packet);
      return payload;
    },
    all: () => together(count, frame),
  };
}

/** A layer that comes first in no capture matters only where one is written, or a frame sent. */
const linkTypeWanted = ({ destination }: CraftArguments, layers: readonly AnyLayer[]): number =>
  destination.to === 'hex' || destination.to === 'udp' ? BARE_LINK_TYPE : linkTypeOf(layers);

interface Varied {
  readonly vary: Vary;
  readonly next: Variation;
}

/** Packets of which each has other values. */
function changing(given: CraftArguments, varied: readonly Varied[], base: Base | undefined): Series {
  let current: { readonly place: number; readonly crafted: Crafted } | undefined;
  const crafted = (place: number): Crafted => {
    if (current?.place !== place) {
      const values = varied.map(({ vary, next }) => [vary.name, next(place)] as const);
      current = { place, crafted: craftPacket(withValues(given, values), base) };
    }
    return current.crafted;
  };
  const first = crafted(0);
  const pieces = framesOf(given, first);
  const frame = (place: number): Uint8Array => {
    const one = crafted(Math.floor(place / pieces.length));
    const list = pieces.length === 1 && !hasPieces(given) ? [one] : framesOf(given, one);
    return bytesOf(list[place % pieces.length]?.frame ?? one.frame);
  };
  const count = given.count * pieces.length;
  return {
    linkType: linkTypeWanted(given, pieces[0]?.layers ?? first.layers),
    roles: first.roles,
    count,
    frame,
    payloads: given.count,
    payload: (place) => bytesOf(crafted(place).packet),
    all: () => together(count, frame),
  };
}

const hasPieces = ({ pieces }: CraftArguments): boolean =>
  pieces.fragments !== undefined || pieces.segments !== undefined || pieces.session === true;

/** Damaged copies: of a captured frame as it is, or of what is crafted. */
function fuzzed(given: CraftArguments, copies: number, captured: Captured | undefined): Series {
  const saysMore = given.messages.length > 0 || given.layers.length > 0 || Object.keys(given.common).length > 0;
  const plain = captured && !saysMore ? captured : undefined;
  const crafted = plain ? undefined : craftPacket(given, captured && baseOf(captured, captured.where, true));
  const linkType = plain?.linkType ?? linkTypeOf(crafted?.layers ?? []);
  const frames = new Fuzz(plain?.bytes ?? build(crafted?.frame ?? NOTHING), linkType, given.seed);
  const payloads = crafted && new Fuzz(build(crafted.packet), BARE_LINK_TYPE, given.seed);
  const count = copies * given.count;
  const frame = (place: number): Uint8Array => frames.frame(place);
  return {
    linkType,
    roles: crafted?.roles,
    count,
    frame,
    payloads: count,
    payload: (place) => (payloads ?? frames).frame(place),
    all: () => together(count, frame),
  };
}

const NOTHING = { size: 0, write: () => {} };

/** The field that a name is for, as far as that is known: options of the packet as a whole have none. */
function fieldOf({ name }: Vary, { layers }: CraftArguments): VariedField | undefined {
  const [layer, key] = layerField(name);
  if (key !== undefined) {
    const kind = layerKind(layer);
    if (!kind || !layers.some((one) => one.name === layer))
      throw new CraftError(`--vary ${name}: there is no layer ${layer}`);
    return kind.fields.find((field) => field.key === key);
  }
  if (HEX_OPTIONS.has(name)) return { kind: 'id', size: name === 'c2' ? 2 : 4, mask: 0 };
  return [...HEADER_FIELDS, ...MESSAGE_FIELDS].find((field) => optionOf(field) === name);
}

const HEX_OPTIONS: ReadonlySet<string> = new Set(['id', 'c2', 'channel']);

/** The layer and the field of a name such as `ip.src`. */
function layerField(name: string): readonly [string, string | undefined] {
  const point = name.indexOf('.');
  return point < 0 ? [name, undefined] : [name.slice(0, point), name.slice(point + 1)];
}

/**
 * The arguments with other values for fields, as if they had been said last.
 * @throws {CraftError} if there is no such field, or no such value of it
 */
export function withValues(given: CraftArguments, values: readonly (readonly [string, string])[]): CraftArguments {
  const draft = copyOf(given, values.some(([name]) => name === 'payload') ? [] : given.payload);
  for (const [name, value] of values) {
    const [layer, key] = layerField(name);
    if (key === undefined) takeOption(draft, `${name}=${value}`, []);
    else setInLayer(draft, layer, key, value);
  }
  return draft;
}

function setInLayer({ layers }: Draft, layer: string, key: string, value: string): void {
  const place = layers.findLastIndex(({ name }) => name === layer);
  const one = layers[place];
  const kind = one && layerKind(layer);
  const field = kind?.fields.find((known) => known.key === key);
  const own = kind?.extra && Object.hasOwn(kind.extra, key) ? kind.extra[key] : undefined;
  if (!one || (!field && !own)) throw new CraftError(`${layer}.${key}: there is no such layer, or no such field of it`);
  try {
    const read = own ? own(value) : field ? valueFrom(field, value) : 0;
    layers[place] = { ...one, given: { ...one.given, [key]: read } };
  } catch (error) {
    if (error instanceof RangeError) throw new CraftError(`${layer}.${key}: ${error.message}`);
    throw error;
  }
}

/** A copy that can be added to. A payload that is said anew takes the place of the one before. */
const copyOf = (given: CraftArguments, payload: CraftArguments['payload']): Draft => ({
  ...given,
  messages: given.messages.map((message) => ({ ...message, given: { ...message.given } })),
  header: { ...given.header },
  common: { ...given.common },
  layers: [...given.layers],
  payload: [...payload],
  faults: [...given.faults],
  frameFaults: [...given.frameFaults],
  vary: [...given.vary],
  take: [...given.take],
  when: [...given.when],
});
