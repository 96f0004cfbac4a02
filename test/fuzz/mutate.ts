import type { Seeded } from '../../crafter/seeded.js';
import type { Conversation, FuzzFrame } from './frames.js';

/** A run of bytes of a frame that a field or a layer takes. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Where a frame has its fields, and where its layers begin: what mutations aim at. */
export interface Anatomy {
  readonly fields: readonly Span[];
  readonly layers: readonly number[];
}

/** What mutations choose from. */
export interface Given {
  readonly chance: Seeded;
  /** Frames of other conversations. */
  readonly others: Conversation;
  /** The anatomy of a frame, by looking at it. */
  readonly anatomyOf: (frame: FuzzFrame) => Anatomy;
}

/** The most frames of a conversation after mutation, and the most bytes of one. */
const MOST_FRAMES = 200;
const MOST_BYTES = 66_000;

type Change = (frame: FuzzFrame, given: Given) => FuzzFrame;

const pick = <T>(list: readonly T[], { integer }: Seeded): T | undefined => list[integer(list.length)];

const withBytes = (frame: FuzzFrame, bytes: Uint8Array): FuzzFrame => ({
  ...frame,
  bytes,
  wire: Math.max(bytes.length, frame.wire - frame.bytes.length + bytes.length),
});

/** Changes a few bits anywhere. */
const flip: Change = (frame, { chance }) => {
  const bytes = frame.bytes.slice();
  for (let count = 1 + chance.integer(4); count > 0; count--) {
    const at = chance.integer(bytes.length);
    bytes[at] = (bytes[at] ?? 0) ^ (1 << chance.integer(8));
  }
  return { ...frame, bytes };
};

/** Gives a field a value that programs stumble over: nothing, all bits, one more, one less, a length that lies. */
const setField: Change = (frame, given) => {
  const { chance } = given;
  const span = pick(given.anatomyOf(frame).fields, chance);
  if (!span || span.end > frame.bytes.length) return flip(frame, given);
  const bytes = frame.bytes.slice();
  const { start, end } = span;
  const last = end - 1;
  switch (chance.integer(8)) {
    case 0:
      bytes.fill(0, start, end);
      break;
    case 1:
      bytes.fill(0xff, start, end);
      break;
    case 2:
      bytes[last] = (bytes[last] ?? 0) + 1;
      break;
    case 3:
      bytes[last] = (bytes[last] ?? 0) - 1;
      break;
    case 4:
      bytes[start] = (bytes[start] ?? 0) ^ 0x80;
      break;
    case 5:
      bytes.set(chance.bytes(Math.min(64, end - start)), start);
      break;
    case 6:
      bytes.fill(0, start, end);
      bytes[last] = chance.integer(9);
      break;
    default:
      bytes[start] = chance.integer(256);
  }
  return { ...frame, bytes };
};

/** The capture kept less than was sent, to a border of a field or anywhere. */
const snap: Change = (frame, given) => {
  const { chance } = given;
  const span = chance.chance(0.5) ? pick(given.anatomyOf(frame).fields, chance) : undefined;
  const size = Math.min(frame.bytes.length, span ? span.end : chance.integer(frame.bytes.length + 1));
  return { ...frame, bytes: frame.bytes.subarray(0, size) };
};

/** The frame itself is shorter: its lengths lie. */
const shorten: Change = (frame, { chance }) => {
  const bytes = frame.bytes.subarray(0, chance.integer(frame.bytes.length + 1));
  return { ...frame, bytes, wire: bytes.length };
};

const lengthen: Change = (frame, { chance }) => {
  const more = chance.chance(0.5) ? chance.bytes(1 + chance.integer(64)) : frame.bytes;
  return withBytes(frame, Buffer.concat([frame.bytes, more]));
};

/** Takes out a run of bytes, or puts some in. */
const shift: Change = (frame, given) => {
  const { chance } = given;
  const span = pick(given.anatomyOf(frame).fields, chance) ?? { start: 0, end: 1 };
  const { bytes } = frame;
  if (chance.chance(0.5))
    return withBytes(frame, Buffer.concat([bytes.subarray(0, span.start), bytes.subarray(span.end)]));
  const more = chance.chance(0.5) ? bytes.subarray(span.start, span.end) : chance.bytes(1 + chance.integer(16));
  return withBytes(frame, Buffer.concat([bytes.subarray(0, span.start), more, bytes.subarray(span.start)]));
};

/** A layer of another frame in the place of one of this frame: protocols inside each other that never were. */
const graft: Change = (frame, given) => {
  const { chance, others } = given;
  const other = pick(others, chance);
  const cut = pick(given.anatomyOf(frame).layers, chance);
  const from = other && pick(given.anatomyOf(other).layers, chance);
  if (!other || cut === undefined || from === undefined) return flip(frame, given);
  const bytes = Buffer.concat([frame.bytes.subarray(0, cut), other.bytes.subarray(from)]);
  return withBytes(frame, bytes);
};

/** The same frame inside itself again, some times: tunnels in tunnels. */
const nest: Change = (frame, given) => {
  const { chance } = given;
  const { layers } = given.anatomyOf(frame);
  const cut = pick(layers, chance);
  if (cut === undefined || cut === 0) return flip(frame, given);
  const from = layers.findLast((at) => at < cut) ?? 0;
  const layer = frame.bytes.subarray(from, cut);
  const copies = Array.from({ length: 1 + chance.integer(40) }, () => layer);
  return withBytes(frame, Buffer.concat([frame.bytes.subarray(0, cut), ...copies, frame.bytes.subarray(cut)]));
};

const retime: Change = (frame, { chance }) => {
  const seconds = chance.chance(0.5) ? chance.integer(0x1_0000_0000) : frame.seconds + chance.integer(200) - 100;
  return { ...frame, seconds: Math.max(0, seconds), nanos: chance.integer(1_000_000_000) };
};

const relink: Change = (frame, { chance, others }) => ({ ...frame, linkType: pick(others, chance)?.linkType ?? 1 });

const CHANGES: readonly (readonly [weight: number, change: Change])[] = [
  [6, flip],
  [12, setField],
  [3, snap],
  [2, shorten],
  [2, lengthen],
  [3, shift],
  [4, graft],
  [2, nest],
  [1, retime],
  [1, relink],
];
/** Each change as often as its weight says. */
const DRAWN = CHANGES.flatMap(([weight, one]) => new Array<Change>(weight).fill(one));

function change(frame: FuzzFrame, given: Given): FuzzFrame {
  const changed = (DRAWN[given.chance.integer(DRAWN.length)] ?? flip)(frame, given);
  return changed.bytes.length <= MOST_BYTES ? changed : frame;
}

/** Repeats, drops, swaps, or brings in frames. */
function reorder(frames: Conversation, { chance, others }: Given): Conversation {
  const at = chance.integer(frames.length);
  const frame = frames[at];
  if (!frame) return frames;
  switch (chance.integer(5)) {
    case 0:
      return frames.toSpliced(at, 1);
    case 1:
      return frames.toSpliced(at, 0, ...Array.from({ length: 1 + chance.integer(20) }, () => frame));
    case 2:
      return frames.toSpliced(at, 1).toSpliced(chance.integer(frames.length), 0, frame);
    case 3:
      return frames.toReversed();
    default:
      return frames.toSpliced(at, 0, pick(others, chance) ?? frame);
  }
}

/** A conversation with one to eight things changed. */
export function mutated(frames: Conversation, given: Given): Conversation {
  const { chance } = given;
  let changed: Conversation = frames;
  for (let count = 1 + chance.integer(8); count > 0; count--) {
    if (changed.length === 0) return frames;
    if (chance.chance(0.15)) {
      changed = reorder(changed, given).slice(0, MOST_FRAMES);
      continue;
    }
    const at = chance.integer(changed.length);
    const frame = changed[at];
    if (frame && frame.bytes.length > 0) changed = changed.with(at, change(frame, given));
  }
  return changed;
}
