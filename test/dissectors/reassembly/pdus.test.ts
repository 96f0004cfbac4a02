import fc from 'fast-check';
import { expect, test } from 'vitest';
import { NOT_MINE, type Segment, type StreamApplication } from '../../../dissectors/layer.js';
import type { StreamPacket } from '../../../dissectors/reassembly/answers.js';
import { STREAM_BOUNDS, TcpStreams } from '../../../dissectors/reassembly/tcp.js';
import { slice, viewOf } from '../../../dissectors/wire/view.js';
import { join, packet } from './streams.js';

const PORT = 7777;

/** A protocol for tests: 0x7e, a length of 16 bits that counts all, then anything; its state counts the PDUs before. */
const toy: StreamApplication = {
  length: (view, at, { captured }) => {
    if (view.getUint8(at) !== 0x7e) return NOT_MINE;
    if (at + 3 > captured) return -3;
    return Math.max(3, view.getUint16(at + 1));
  },
  learn: (_view, _at, _end, { own }) => own + 1,
  startsOnAnyPort: (view, at, { captured }) => at + 4 <= captured && view.getUint32(at) === 0x7e0008aa,
};
const APPLICATIONS = [{ stream: toy, tcpPorts: [PORT] }];

/** A PDU of so many bytes, all of which are `mark` behind its head. */
function pdu(mark: number, size: number): Uint8Array {
  const bytes = new Uint8Array(size).fill(mark);
  bytes[0] = 0x7e;
  viewOf(bytes).setUint16(1, size);
  return bytes;
}

interface Sent {
  readonly back?: boolean;
  readonly flags?: string;
  readonly kept?: number;
  readonly port?: number;
  readonly acknowledgement?: number;
}

/** Plays segments; offsets count from the first byte after SYN. */
class Play {
  readonly frames: Uint8Array[] = [];
  readonly streams = new TcpStreams(undefined, STREAM_BOUNDS, APPLICATIONS);

  /** @returns what is complete now, and whether the segment is only a part */
  send(offset: number, bytes: Uint8Array, sent: Sent = {}) {
    const { back = false, flags = 'A', kept = bytes.length, port = PORT, acknowledgement = 0 } = sent;
    const frame = join(new Uint8Array(5), bytes.subarray(0, kept));
    this.frames.push(frame);
    const segment: Segment = {
      key: back ? `<${port}` : `${port}>`,
      reverse: back ? `${port}>` : `<${port}`,
      sequence: 1001 + offset,
      acknowledgement: 1001 + acknowledgement,
      acknowledges: flags.includes('A'),
      syn: flags.includes('S'),
      fin: false,
      reset: false,
      port,
      otherPort: 40_000,
    };
    const piece = { packet: this.frames.length, at: 5, length: kept };
    const limit = { captured: 5 + kept, wire: 5 + bytes.length };
    const { packets, facts, remarks } = this.streams.add([piece], viewOf(frame), 5, limit, segment);
    return {
      pdus: packets.map((one) => this.bytesOf(one, frame)),
      states: packets.map(({ state }) => [state?.own, state?.other]),
      isPart: facts.isPart === true,
      remarks: remarks.map(({ code, given }) => [code, ...given].join(' ')),
      of: packets.map(({ pdu: place }) => place),
      wire: packets.map(({ wire }) => wire),
    };
  }

  /** The bytes of a PDU; what its pieces say must be the same. */
  private bytesOf({ source, at, captured }: StreamPacket, frame: Uint8Array): Uint8Array {
    if (!source) return frame.slice(5 + at, 5 + at + captured);
    const own = slice(source.view, at, at + captured).slice();
    const again = (source.pieces ?? []).map((piece) =>
      (this.frames[piece.packet - 1] ?? new Uint8Array(0)).subarray(piece.at, piece.at + piece.length),
    );
    expect(join(...again)).toEqual(own);
    return own;
  }
}

const three = join(pdu(1, 60), pdu(2, 60), pdu(3, 60));
const cut = (start: number, end: number) => [start, three.subarray(start, end)] as const;

test.each<[string, readonly (readonly [number, Uint8Array])[], readonly (readonly number[] | 'part')[]]>([
  ['a PDU a segment', [cut(0, 60), cut(60, 120)], [[1], [2]]],
  ['all in one segment', [cut(0, 180)], [[1, 2, 3]]],
  ['a PDU in three', [cut(0, 1), cut(1, 43), cut(43, 60)], ['part', 'part', [1]]],
  ['PDUs across the border', [cut(0, 50), cut(50, 70), cut(70, 180)], ['part', [1], [2, 3]]],
  ['out of order', [cut(0, 60), cut(120, 180), cut(60, 120)], [[1], 'part', [2, 3]]],
  ['sent again', [cut(0, 60), cut(0, 60), cut(60, 120)], [[1], [], [2]]],
  ['sent again with more', [cut(0, 70), cut(30, 120)], [[1], [2]]],
])('cuts PDUs: %s', (_, segments, expected) => {
  const play = new Play();
  play.send(0, new Uint8Array(0), { flags: 'S' });
  const seen = segments.map(([offset, bytes]) => play.send(offset, bytes));
  expect(seen.map(({ pdus, isPart }) => (isPart ? 'part' : pdus.map((bytes) => bytes[3])))).toEqual(expected);
});

test('tells each PDU what those before it said, of both directions', () => {
  const play = new Play();
  expect(play.send(0, three).states).toEqual([
    [0, 0],
    [1, 0],
    [2, 0],
  ]);
  expect(play.send(0, pdu(4, 9), { back: true }).states).toEqual([[0, 3]]);
  expect(play.send(180, pdu(5, 9)).states).toEqual([[3, 1]]);
});

test('knows a protocol by its port, or by how a segment starts, and follows both directions from then on', () => {
  const play = new Play();
  expect(play.send(0, pdu(0xaa, 9), { port: 1 }).pdus).toEqual([]);
  expect(play.send(9, pdu(0xaa, 8), { port: 1 }).of).toEqual([0]);
  expect(play.send(0, pdu(1, 9), { port: 1, back: true }).of).toEqual([0]);
  const other = play.send(0, Uint8Array.of(1, 2, 3), { port: PORT });
  expect([other.pdus, other.isPart]).toEqual([[], false]);
});

test('goes on behind a gap: at the end of the PDU that it cut, else where a segment starts with one', () => {
  const play = new Play();
  play.send(0, pdu(1, 100).subarray(0, 20));
  play.send(0, new Uint8Array(0), { back: true, acknowledgement: 500 });
  const end = join(pdu(1, 100).subarray(90), pdu(2, 10));
  expect(play.send(90, end)).toMatchObject({ pdus: [pdu(2, 10)], remarks: ['tcp-lost-segment 70'] });
  play.send(110, pdu(3, 100).subarray(0, 20));
  expect(play.send(300, Uint8Array.of(9, 9))).toMatchObject({ pdus: [], isPart: false });
  expect(play.send(302, pdu(4, 9)).pdus).toEqual([pdu(4, 9)]);
});

test('shows what was captured of a PDU, and skips the rest of it', () => {
  const play = new Play();
  const long = pdu(1, 100);
  expect(play.send(0, long.subarray(0, 50), { kept: 10 })).toMatchObject({ pdus: [long.subarray(0, 10)], wire: [100] });
  expect(play.send(50, join(long.subarray(50), pdu(2, 9)))).toMatchObject({ pdus: [pdu(2, 9)] });
});

test('tells of bytes behind a PDU that are none', () => {
  const play = new Play();
  expect(play.send(0, join(pdu(1, 9), Uint8Array.of(1, 2)))).toMatchObject({
    pdus: [pdu(1, 9)],
    remarks: ['stream-unknown 2'],
  });
});

test('leaves streams of channel packets alone, on the port of a protocol as well', () => {
  const play = new Play();
  const channel = packet(7);
  expect(play.send(0, channel.subarray(0, 30))).toMatchObject({ pdus: [], isPart: false });
  expect(play.send(30, channel.subarray(30)).of).toEqual([undefined]);
  expect(play.send(60, pdu(1, 9)).pdus).toEqual([]);
});

test('holds one PDU a direction at most, and forgets the conversation that was quiet longest when all hold too much', () => {
  const bounds = { ...STREAM_BOUNDS, bytes: 100_000 };
  const streams = new TcpStreams(undefined, bounds, APPLICATIONS);
  const start = pdu(1, 60_000).subarray(0, 40_000);
  for (let port = 1; port <= 5; port++) {
    const segment = { key: `${port}>`, reverse: `<${port}`, sequence: 1, acknowledgement: 0, port: PORT, otherPort: 2 };
    const flags = { acknowledges: false, syn: false, fin: false, reset: false };
    streams.add([], viewOf(start), 0, { captured: 40_000, wire: 40_000 }, { ...segment, ...flags });
  }
  expect(streams.forgotten).toBe(3);
});

test('finds the same PDUs in any segments, in any order, with any overlaps', () => {
  const sizes = fc.array(fc.integer({ min: 3, max: 90 }), { minLength: 1, maxLength: 12 });
  const cuts = fc.array(fc.tuple(fc.nat(1000), fc.nat(40), fc.nat(40)), { maxLength: 20 });
  fc.assert(
    fc.property(sizes, cuts, fc.nat(), (lengths, borders, seed) => {
      const sent = lengths.map((size, place) => pdu(place + 1, size));
      const bytes = join(...sent);
      const places = [...new Set([0, bytes.length, ...borders.map(([place]) => place % bytes.length)])].sort(
        (one, other) => one - other,
      );
      const segments = places.slice(1).map((end, place) => {
        const [, before = 0, after = 0] = borders[place] ?? [];
        const from = Math.max(0, (places[place] ?? 0) - before);
        return [from, bytes.subarray(from, Math.min(bytes.length, end + after))] as const;
      });
      const order = segments.map((_, place) => ((place + 1) * (seed + 1) * 7919) % 101);
      const shuffled = segments.map((one, place) => [order[place] ?? 0, one] as const).sort(([a], [b]) => a - b);
      const play = new Play();
      play.send(0, new Uint8Array(0), { flags: 'S' });
      play.streams.lookahead = () => true;
      const found = shuffled.flatMap(([, [offset, part]]) => play.send(offset, part).pdus);
      expect(found).toEqual(sent);
    }),
  );
});
