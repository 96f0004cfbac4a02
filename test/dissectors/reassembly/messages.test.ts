import { expect, test } from 'vitest';
import type { MessagePiece } from '../../../dissectors/layer.js';
import { MESSAGE_BOUNDS, Messages } from '../../../dissectors/reassembly/messages.js';
import { hexOf, viewOf } from '../../../dissectors/wire/view.js';
import { processorTime } from '../../processor-time.js';
import { data, packet as inSctp, play, word } from './sctp-packets.js';
import { packet } from './streams.js';

/** Pieces of messages as text: `[` starts one, `]` ends it. Their numbers count from a start. */
class Feed {
  readonly messages: Messages;
  private readonly start: number;
  private packets = 0;

  constructor(messages = new Messages(), start = 0) {
    this.messages = messages;
    this.start = start;
  }

  /** Adds a piece; returns the message that it completes, or its remarks. */
  add(offset: number, text: string, { key = 'one', kept }: { key?: string; kept?: number } = {}): string {
    const bytes = Buffer.from(text.replace(/[[\]]/g, ''));
    const length = kept ?? bytes.length;
    const piece: MessagePiece = {
      key,
      number: (this.start + offset) >>> 0,
      first: text.startsWith('['),
      last: text.endsWith(']'),
    };
    const limit = { captured: length, wire: bytes.length };
    const from = [{ packet: ++this.packets, at: 0, length }];
    const { source, remarks } = this.messages.add(from, viewOf(new Uint8Array(bytes)), 0, limit, piece);
    if (!source) return remarks.map(({ code }) => code).join(' ');
    const sum = (source.pieces ?? []).reduce((total, { length }) => total + length, 0);
    expect(sum).toBe(source.view.byteLength);
    return Buffer.from(source.view.buffer, source.view.byteOffset, source.view.byteLength).toString();
  }
}

function* permutations<T>(items: readonly T[]): Generator<readonly T[]> {
  if (items.length <= 1) yield items;
  for (const [place, item] of items.entries()) {
    for (const rest of permutations(items.filter((_, other) => other !== place))) yield [item, ...rest];
  }
}

test('every order of the pieces of several messages gives each message once', () => {
  // Three messages of one group, one after the other: of three pieces, of two, and of two again.
  const pieces = ['[a', 'b', 'c]', '[d', 'e]', '[f', 'g]'].map((text, offset) => [offset, text] as const);
  for (const start of [0, 0xffff_fffc, 0x7fff_fffd]) {
    for (const order of permutations(pieces)) {
      const feed = new Feed(new Messages(), start);
      const found = order.map(([offset, text]) => feed.add(offset, text)).filter((text) => text !== '');
      expect(found.toSorted(), JSON.stringify(order)).toEqual(['abc', 'de', 'fg']);
    }
  }
});

test('pieces of other messages, without their start or end, or with a gap, give none', () => {
  const feed = new Feed();
  const order = [
    [0, '[a'],
    [2, 'c]'],
    [5, 'x'],
    [6, 'y]'],
    [8, '[p'],
    [9, '[q'],
    [11, 'r]'],
    [12, 's]'],
  ] as const;
  for (const [offset, text] of order) expect(feed.add(offset, text)).toBe('');
  expect(feed.add(1, 'b', { key: 'other' })).toBe('');
  expect(feed.add(10, '')).toBe('qr');
  expect(feed.add(1, 'b')).toBe('abc');
});

test('a piece that comes again adds nothing, one with other bytes is told', () => {
  const feed = new Feed();
  expect([feed.add(0, '[a'), feed.add(0, '[a'), feed.add(0, '[x'), feed.add(1, 'b]')]).toEqual([
    '',
    '',
    'fragment-conflict',
    'ab',
  ]);
  // What the capture cut is a hole; the same piece again fills it.
  expect([feed.add(5, '[cd', { kept: 1 }), feed.add(6, 'e]'), feed.add(5, '[cd')]).toEqual(['', '', 'cde']);
});

test('gives up the message that was quiet longest where there are too many, or too large', () => {
  const few = new Feed(new Messages({ ...MESSAGE_BOUNDS, groups: 2 }));
  for (const key of ['one', 'two', 'one', 'three']) few.add(few.messages.forgotten + key.length * 7, '[a', { key });
  expect(few.messages.forgotten).toBe(1);
  few.add(1000, '[a', { key: 'one' });
  expect(few.add(1001, 'b]', { key: 'one' })).toBe('ab');

  const small = new Feed(new Messages({ ...MESSAGE_BOUNDS, bytes: 3000 }));
  for (let offset = 0; offset < 100; offset++) small.add(2 * offset, '[a', { key: `${offset}` });
  expect(small.messages.forgotten).toBe(95);

  const long = new Feed(new Messages({ ...MESSAGE_BOUNDS, pieces: 10 }));
  for (let offset = 0; offset < 11; offset++) long.add(offset, 'a');
  expect(long.messages.forgotten).toBe(1);
});

test.each<[string, (turn: number) => readonly [offset: number, text: string, key?: string]]>([
  ['one byte a piece, in order', (turn) => [turn, 'a']],
  ['one byte a piece, backwards', (turn) => [100_000 - turn, 'a']],
  ['every other piece', (turn) => [2 * turn, 'a']],
  ['a start a message', (turn) => [turn, '[a', `${turn}`]],
])('a flood of pieces costs no more than its pieces: %s', (_, pieceOf) => {
  const feed = new Feed();
  const before = processorTime();
  for (let turn = 0; turn < 60_000; turn++) {
    const [offset, text, key = 'one'] = pieceOf(turn);
    feed.add(offset, text, { key });
  }
  expect(feed.messages.forgotten).toBeGreaterThan(0);
  expect(processorTime() - before).toBeLessThan(10_000);
});

const TAG = 0xbbbb;
const WHOLE = hexOf(viewOf(packet(7)), 0, 60);
const [A, B, C] = [WHOLE.slice(0, 40), WHOLE.slice(40, 70), WHOLE.slice(70)];

/** A chunk that holds a piece of a message. */
function piece(
  type: 'data' | 'i-data',
  flags: number,
  tsn: number,
  body: string,
  { stream = 1, order = 0, fsn = 0 } = {},
) {
  const length = body.length / 2;
  const padding = '00'.repeat(-length & 3);
  const head =
    type === 'data' ? `00 ${word(flags, 2)} ${word(16 + length, 4)}` : `40 ${word(flags, 2)} ${word(20 + length, 4)}`;
  const tail = type === 'data' ? `${word(order, 4)} 00000000` : `0000 ${word(order)} ${word(fsn)}`;
  return `${head} ${word(tsn)} ${word(stream, 4)} ${tail} ${body}${padding}`;
}

/** How many channel packets each SCTP packet of these chunks brings; all must be the same one. */
function channels(chunks: readonly (string | readonly [tag: number, chunks: string])[]): readonly number[] {
  const views = chunks.map((one) => (typeof one === 'string' ? inSctp('a', TAG, one) : inSctp('a', ...one)));
  return play(views).map(({ channels, findings }) => {
    expect(
      findings.map(({ code }) => code).filter((code) => /^(sctp|fragment|malformed|truncated)/.test(code)),
    ).toEqual([]);
    for (const { sequence } of channels) expect(sequence).toBe(7);
    return channels.length;
  });
}

const [FIRST, MIDDLE, LAST, UNORDERED] = [2, 0, 1, 4];

test.each<[string, readonly (string | readonly [number, string])[], readonly number[]]>([
  ['in order', [piece('data', FIRST, 1, A), piece('data', MIDDLE, 2, B), piece('data', LAST, 3, C)], [0, 0, 1]],
  ['out of order', [piece('data', LAST, 3, C), piece('data', FIRST, 1, A), piece('data', MIDDLE, 2, B)], [0, 0, 1]],
  [
    'unordered, whose stream sequence numbers mean nothing',
    [
      piece('data', FIRST | UNORDERED, 1, A, { order: 5 }),
      piece('data', LAST | UNORDERED, 3, C, { order: 6 }),
      piece('data', UNORDERED, 2, B, { order: 7 }),
    ],
    [0, 0, 1],
  ],
  [
    'bundled with the end of the one before it and a whole one after it',
    [
      piece('data', FIRST, 1, A) + piece('data', MIDDLE, 2, B),
      piece('data', LAST, 3, C) + piece('data', FIRST | LAST, 4, WHOLE) + piece('data', FIRST, 5, A),
      piece('data', LAST, 6, B + C),
    ],
    [0, 2, 1],
  ],
  [
    'interleaved with one of another stream, by message identifier',
    [
      piece('i-data', FIRST, 1, A, { order: 3 }),
      piece('i-data', FIRST, 2, A, { order: 3, stream: 2 }),
      piece('i-data', MIDDLE, 3, B, { order: 3, fsn: 1 }),
      piece('i-data', LAST, 4, B + C, { order: 3, fsn: 1, stream: 2 }),
      piece('i-data', LAST, 5, C, { order: 3, fsn: 2 }),
    ],
    [0, 0, 0, 1, 1],
  ],
  ['of two associations', [piece('data', FIRST, 1, A), [TAG + 1, piece('data', LAST, 2, B + C)]], [0, 0]],
  ['of two streams', [piece('data', FIRST, 1, A), piece('data', LAST, 2, B + C, { stream: 2 })], [0, 0]],
  ['across the wrap', [piece('data', FIRST, 0xffff_ffff, A), piece('data', LAST, 0, B + C)], [0, 1]],
])('a channel packet in pieces is found: %s', (_, chunks, expected) => {
  expect(channels(chunks)).toEqual(expected);
});

test('a whole message is what it was: no source of its own', () => {
  const [seen] = play([inSctp('a', TAG, data(1))]);
  expect(seen?.sources).toHaveLength(1);
});
