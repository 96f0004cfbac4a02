import { readVarint, varintSize } from './varint.js';

/** A frame of an Initial packet. Places are offsets of the packet's plain bytes. */
export interface Frame {
  readonly type: number;
  readonly at: number;
  readonly end: number;
  /** Where each of its numbers stands, behind its type, and how they are read. */
  readonly numbers: readonly number[];
  /** The bytes that its numbers lead to: of CRYPTO, or the reason of a CONNECTION_CLOSE. */
  readonly data: number;
  readonly dataEnd: number;
}

/** Types of frames. Source: RFC 9000, section 19; those that an Initial may hold, by section 17.2.2. */
export const PADDING = 0;
export const PING = 1;
export const ACK = 2;
export const ACK_ECN = 3;
export const CRYPTO = 6;
export const CONNECTION_CLOSE = 0x1c;
export const CONNECTION_CLOSE_APPLICATION = 0x1d;

export const FRAME_NAMES: Readonly<Record<number, string>> = {
  [PADDING]: 'PADDING',
  [PING]: 'PING',
  [ACK]: 'ACK',
  [ACK_ECN]: 'ACK_ECN',
  [CRYPTO]: 'CRYPTO',
  [CONNECTION_CLOSE]: 'CONNECTION_CLOSE',
  [CONNECTION_CLOSE_APPLICATION]: 'CONNECTION_CLOSE',
};

/** Frames of a packet that are looked at: more than one that is not there to be split into crumbs. */
const MOST_FRAMES = 512;
/** Numbers of a frame that are kept: ranges of an ACK beyond them are passed over. */
const MOST_NUMBERS = 128;

/** Reads numbers one behind the other, as far as there are bytes. */
class Numbers {
  readonly places: number[] = [];
  at: number;
  isBroken = false;
  private readonly view: DataView;

  constructor(view: DataView, at: number) {
    this.view = view;
    this.at = at;
  }

  next(): number {
    const { view, at } = this;
    if (this.isBroken || at >= view.byteLength || at + varintSize(view, at) > view.byteLength) {
      this.isBroken = true;
      return 0;
    }
    if (this.places.length < MOST_NUMBERS) this.places.push(at);
    this.at += varintSize(view, at);
    return readVarint(view, at);
  }
}

/** The frames of a packet, in order; `broken` is where the first stands that contradicts itself or is none of an Initial. */
export function framesIn(view: DataView): { frames: readonly Frame[]; broken: number | undefined } {
  const frames: Frame[] = [];
  for (let at = 0; at < view.byteLength && frames.length < MOST_FRAMES; ) {
    const frame = frameAt(view, at);
    if (!frame) return { frames, broken: at };
    frames.push(frame);
    at = frame.end;
  }
  return { frames, broken: undefined };
}

function frameAt(view: DataView, at: number): Frame | undefined {
  const type = view.getUint8(at);
  switch (type) {
    case PADDING: {
      let end = at;
      while (end < view.byteLength && view.getUint8(end) === 0) end++;
      return { type, at, end, numbers: [], data: end, dataEnd: end };
    }
    case PING:
      return { type, at, end: at + 1, numbers: [], data: at + 1, dataEnd: at + 1 };
    case ACK:
    case ACK_ECN:
      return acknowledgement(view, type, at);
    case CRYPTO:
    case CONNECTION_CLOSE:
    case CONNECTION_CLOSE_APPLICATION:
      return withData(view, type, at);
    default:
      return undefined;
  }
}

/** Source: RFC 9000, section 19.3. */
function acknowledgement(view: DataView, type: number, at: number): Frame | undefined {
  const numbers = new Numbers(view, at + 1);
  numbers.next();
  numbers.next();
  const ranges = numbers.next();
  numbers.next();
  for (let range = 0; range < 2 * ranges && !numbers.isBroken; range++) numbers.next();
  if (type === ACK_ECN) for (let count = 0; count < 3; count++) numbers.next();
  if (numbers.isBroken) return undefined;
  return { type, at, end: numbers.at, numbers: numbers.places, data: numbers.at, dataEnd: numbers.at };
}

/** A frame whose last number is the length of what follows. Source: RFC 9000, sections 19.6 and 19.19. */
function withData(view: DataView, type: number, at: number): Frame | undefined {
  const numbers = new Numbers(view, at + 1);
  numbers.next();
  if (type === CONNECTION_CLOSE) numbers.next();
  const length = numbers.next();
  const end = numbers.at + length;
  if (numbers.isBroken || end > view.byteLength) return undefined;
  return { type, at, end, numbers: numbers.places, data: numbers.at, dataEnd: end };
}

/** The offset of a CRYPTO frame's bytes in its stream, or the error code of a CONNECTION_CLOSE. */
export const firstNumber = (view: DataView, { numbers }: Frame): number => readVarint(view, numbers[0] ?? 0);
