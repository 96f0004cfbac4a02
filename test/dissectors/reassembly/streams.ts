import { DIALECTS } from '../../../dissectors/channel/dialects.js';
import type { Piece, Segment } from '../../../dissectors/layer.js';
import type { Streamed, StreamPacket } from '../../../dissectors/reassembly/answers.js';
import { TcpStreams } from '../../../dissectors/reassembly/tcp.js';
import { crc32c } from '../../../dissectors/wire/checksum.js';
import { slice, viewOf } from '../../../dissectors/wire/view.js';

/** The first dialect's id. */
export const ID = DIALECTS[0]?.protocolId ?? 0;

/** A channel packet of so many bytes: one DATA that fills it, and whose bytes all are `mark`. */
export function packet(mark: number, size = 60): Uint8Array {
  const bytes = new Uint8Array(size);
  const view = viewOf(bytes);
  view.setUint32(0, ID);
  view.setUint32(36, 0x1a2b3c4d);
  view.setUint16(42, size);
  view.setUint16(44, mark);
  const payload = size - 52;
  view.setUint16(46, payload);
  if (payload >= 2) {
    const long = payload - 2 > 127;
    const length = payload - (long ? 3 : 2);
    bytes.fill(mark, 48, 48 + payload);
    bytes[48] = 20;
    if (long) view.setUint16(49, (0x80 << 8) | (((length >> 7) - 1) << 8) | (length & 0x7f));
    else bytes[49] = length;
  }
  view.setUint32(size - 4, crc32c(view, 0, size - 4));
  return bytes;
}

/** Bytes that are the start of a packet that claims to be `size` bytes long, and are none. */
export function falseStart(size: number, length = 48, payload = 0xffff): Uint8Array {
  const bytes = new Uint8Array(length);
  const view = viewOf(bytes);
  view.setUint32(0, ID);
  view.setUint16(42, size);
  if (length >= 48) view.setUint16(46, payload);
  return bytes;
}

export const join = (...parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));

/** What a segment is, besides its bytes. */
export interface Sent {
  readonly from?: 'client' | 'server';
  readonly flags?: string;
  readonly acknowledgement?: number;
  /** Bytes that the capture kept. */
  readonly kept?: number;
  /** The conversation, where there are several. */
  readonly port?: number;
}

/** Plays segments to streams; offsets of bytes count from the first after SYN. */
export class Play {
  readonly streams: TcpStreams;
  /** The frames as they were captured. */
  readonly frames: Uint8Array[] = [];
  private readonly start: number;

  constructor(streams = new TcpStreams(), start = 1000) {
    this.streams = streams;
    this.start = start;
  }

  /** Adds a segment; its bytes lie at offset 5 of a frame. */
  send(offset: number, bytes: Uint8Array = new Uint8Array(0), sent: Sent = {}): Seen {
    const { from = 'client', flags = 'A', acknowledgement = 0, kept = bytes.length, port = 1 } = sent;
    const frame = join(new Uint8Array(5), bytes.subarray(0, kept));
    this.frames.push(frame);
    const ends = [`${port}>`, `<${port}`] as const;
    const segment: Segment = {
      key: from === 'client' ? ends[0] : ends[1],
      reverse: from === 'client' ? ends[1] : ends[0],
      sequence: (this.start + 1 + offset) >>> 0,
      acknowledgement: (this.start + 1 + acknowledgement) >>> 0,
      acknowledges: flags.includes('A'),
      syn: flags.includes('S'),
      fin: flags.includes('F'),
      reset: flags.includes('R'),
    };
    const piece: Piece = { packet: this.frames.length, at: 5, length: kept };
    const limit = { captured: 5 + kept, wire: 5 + bytes.length };
    return this.seen(this.streams.add([piece], viewOf(frame), 5, limit, segment), frame);
  }

  private seen({ packets, remarks, facts }: Streamed, frame: Uint8Array): Seen {
    return {
      packets: packets.map((packet) => this.bytesOf(packet, frame)),
      sizes: packets.map(({ captured, wire }) => [captured, wire]),
      remarks: remarks.map(({ code, given }) => [code, ...given].join(' ')),
      stream: facts.number,
      sequence: facts.sequence,
      acknowledgement: facts.acknowledgement,
    };
  }

  /** The mark of a packet of `packet()`, 0 where it was cut before; what its pieces say of it must be the same bytes. */
  private bytesOf({ source, at, captured }: StreamPacket, frame: Uint8Array): number {
    if (!source) return captured < 46 ? 0 : viewOf(frame).getUint16(5 + at + 44);
    const own = slice(source.view, at, at + captured);
    const again = (source.pieces ?? []).map((piece) =>
      (this.frames[piece.packet - 1] ?? new Uint8Array(0)).subarray(piece.at, piece.at + piece.length),
    );
    if (Buffer.compare(Buffer.concat(again), own) !== 0) throw new Error('the pieces of a packet are other bytes');
    return captured < 46 ? 0 : viewOf(own).getUint16(44);
  }
}

/** What a segment brought to light. */
export interface Seen {
  /** The marks of the packets. */
  readonly packets: readonly number[];
  /** Their bytes, captured and sent. */
  readonly sizes: readonly (readonly [number, number])[];
  readonly remarks: readonly string[];
  readonly stream: number;
  readonly sequence: number;
  readonly acknowledgement: number;
}
