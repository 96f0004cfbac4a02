import { expect, test } from 'vitest';
import { FRAGMENT_BOUNDS, Fragments } from '../../../dissectors/reassembly/fragments.js';
import { hexOf, viewOf } from '../../../dissectors/wire/view.js';
import { processorTime } from '../../processor-time.js';

/** A fragment: where it starts, its bytes as text, and whether others follow. */
type Part = readonly [offset: number, text: string, more: boolean, cut?: number];

/** Adds fragments, each a packet of its own with 3 bytes before the payload; what each of them brings. */
function play(fragments: Fragments, parts: readonly Part[], key = 'a') {
  const frames: Uint8Array[] = [];
  return parts.map(([offset, text, more, cut = 0]) => {
    const frame = new TextEncoder().encode(`---${text}`);
    frames.push(frame);
    const captured = frame.length - cut;
    const pieces = [{ packet: frames.length, at: 3, length: captured - 3 }];
    const limit = { captured, wire: frame.length };
    const { source, remarks } = fragments.add(pieces, viewOf(frame), 3, limit, { key, offset, more });
    const told = remarks.map(({ code }) => code);
    if (!source) return told;
    const { view, pieces: from = [] } = source;
    // The pieces tell the same bytes.
    const again = Buffer.concat(
      from.map(({ packet, at, length }) => (frames[packet - 1] ?? new Uint8Array(0)).subarray(at, at + length)),
    );
    expect(again.toString('hex')).toBe(hexOf(view, 0, view.byteLength));
    return [again.toString(), ...told];
  });
}

test.each<[string, readonly Part[], readonly (readonly string[])[]]>([
  [
    'in order',
    [
      [0, 'abcdefgh', true],
      [8, 'ijkl', false],
    ],
    [[], ['abcdefghijkl']],
  ],
  [
    'out of order',
    [
      [8, 'ijklmnop', true],
      [16, 'q', false],
      [0, 'abcdefgh', true],
    ],
    [[], [], ['abcdefghijklmnopq']],
  ],
  [
    'one twice',
    [
      [0, 'abcdefgh', true],
      [0, 'abcdefgh', true],
      [8, 'i', false],
    ],
    [[], ['fragment-overlap'], ['abcdefghi']],
  ],
  [
    'the same start, and more',
    [
      [0, 'abcdefgh', true],
      [0, 'abcdefghijklmnop', true],
      [16, 'q', false],
    ],
    [[], ['fragment-overlap'], ['abcdefghijklmnopq']],
  ],
  [
    'overlapping, alike',
    [
      [0, 'abcdefghijkl', true],
      [8, 'ijklmnop', true],
      [16, 'q', false],
    ],
    [[], ['fragment-overlap'], ['abcdefghijklmnopq']],
  ],
  [
    'overlapping, not alike: the one that starts first wins',
    [
      [8, 'IJKLmnop', true],
      [0, 'abcdefghijkl', true],
      [16, 'q', false],
    ],
    [[], ['fragment-conflict'], ['abcdefghijklmnopq']],
  ],
  [
    'one inside another',
    [
      [8, 'IJ', true],
      [0, 'abcdefghijklmnop', true],
      [16, 'q', false],
    ],
    [[], ['fragment-conflict'], ['abcdefghijklmnopq']],
  ],
  [
    'beyond the last',
    [
      [0, 'ab', false],
      [8, 'x', true],
    ],
    [['ab'], []],
  ],
  [
    'beyond the last, which is known',
    [
      [8, 'ij', false],
      [16, 'x', true],
      [0, 'abcdefgh', true],
    ],
    [[], ['fragment-too-long'], ['abcdefghij']],
  ],
  [
    'a last one before others',
    [
      [16, 'x', true],
      [8, 'ij', false],
      [0, 'abcdefgh', true],
    ],
    [[], ['fragment-too-long'], []],
  ],
  ['beyond the longest datagram', [[65_528, 'abcdefgh', true]], [['fragment-too-long']]],
  ['up to the longest datagram', [[65_528, 'abcdefg', false]], [[]]],
  [
    'cut by the capture: never whole',
    [
      [0, 'abcdefgh', true, 1],
      [8, 'i', false],
    ],
    [[], []],
  ],
  [
    'nothing in it',
    [
      [0, '', true],
      [0, 'ab', false],
    ],
    [[], ['ab']],
  ],
])('puts datagrams together: %s', (_, parts, brought) => {
  expect(play(new Fragments(), parts)).toEqual(brought);
});

test('keeps datagrams apart, and starts anew when one is whole', () => {
  const fragments = new Fragments();
  expect(play(fragments, [[0, 'abcdefgh', true]], 'one')).toEqual([[]]);
  expect(play(fragments, [[8, 'XX', false]], 'two')).toEqual([[]]);
  expect(
    play(
      fragments,
      [
        [0, 'ABCDEFGH', true],
        [8, 'YY', false],
        [0, 'ABCDEFGH', true],
      ],
      'three',
    ),
  ).toEqual([[], ['ABCDEFGHYY'], []]);
});

test('forgets the oldest datagram where too many wait', () => {
  const fragments = new Fragments({ ...FRAGMENT_BOUNDS, datagrams: 2 });
  for (const key of ['one', 'two', 'three']) play(fragments, [[0, 'abcdefgh', true]], key);
  expect(fragments.forgotten).toBe(1);
  expect(play(fragments, [[8, 'x', false]], 'one')).toEqual([[]]);
  expect(fragments.forgotten).toBe(2);
});

test('forgets the oldest datagrams where too many bytes wait', () => {
  const fragments = new Fragments({ ...FRAGMENT_BOUNDS, bytes: 20 });
  for (const key of ['one', 'two', 'three']) play(fragments, [[0, 'abcdefgh', true]], key);
  expect(fragments.forgotten).toBe(1);
});

test('gives a datagram up that overlaps too often, or has too many fragments', () => {
  const fragments = new Fragments({ ...FRAGMENT_BOUNDS, overlaps: 3, fragments: 10 });
  for (let turn = 0; turn < 4; turn++) play(fragments, [[8, `abcdefg${turn}`, true]]);
  expect(fragments.forgotten).toBe(0);
  play(fragments, [[8, 'abcdefg4', true]]);
  expect(fragments.forgotten).toBe(1);
  for (let turn = 0; turn < 10; turn++) play(fragments, [[16 * turn, 'abcdefgh', true]], 'b');
  expect(fragments.forgotten).toBe(1);
  play(fragments, [[160, 'abcdefgh', true]], 'b');
  expect(fragments.forgotten).toBe(2);
});

test.each<[string, (turn: number) => readonly [offset: number, size: number]]>([
  ['the same fragment for ever', () => [8, 1400]],
  ['fragments that overlap all others', (turn) => [8 * (turn % 8000), 60_000 - 8 * (turn % 8000)]],
  ['the smallest fragments from behind', (turn) => [65_504 - 8 * (turn % 8188), 8]],
  ['nothing, over and over', () => [8, 0]],
])('a flood costs no more than its packets: %s', (_, fragmentOf) => {
  const fragments = new Fragments();
  const bytes = new Uint8Array(65_535);
  const view = viewOf(bytes);
  const before = processorTime();
  for (let turn = 0; turn < 30_000; turn++) {
    const [offset, size] = fragmentOf(turn);
    // Other bytes each time, but for the first.
    bytes[1] = turn > 0 && size > 1000 ? turn & 0xff : 0;
    const pieces = [{ packet: turn + 1, at: 0, length: size }];
    fragments.add(pieces, view, 0, { captured: size, wire: size }, { key: 'x', offset, more: true });
  }
  expect(processorTime() - before).toBeLessThan(10_000);
});
