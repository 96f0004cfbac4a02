import { describe, expect, test } from 'vitest';
import type { Arrow, Step } from '../../../analyzer/print/ladder.js';
import {
  groupItems,
  itemsFrom,
  LAST_ROW,
  type LadderItem,
  type LadderSource,
  moveSpot,
  neededPackets,
  revealSpot,
} from '../../../analyzer/store/screens/ladder-items.js';
import { matchesOf } from '../ui/fake-capture.js';

const arrow = (packet: number, more: Partial<Arrow> = {}): Arrow => ({
  type: 'arrow',
  packet,
  seconds: 0,
  nanos: packet,
  from: 'a1'.repeat(16),
  to: 'b0'.repeat(16),
  channel: 1,
  messages: ['DATA'],
  text: `DATA ${packet}`,
  missing: 0,
  verdicts: [],
  fate: 'taken',
  notes: [],
  ...more,
});

/** Packets of a channel, by number; a list of steps for each. */
function source(packets: Readonly<Record<number, readonly Step[]>>, collapsed = false): LadderSource {
  const numbers = Object.keys(packets).map(Number);
  const steps = new Map(numbers.map((number) => [number, packets[number] ?? []]));
  return { matches: matchesOf(numbers), steps, channels: new Set([1]), collapsed };
}

/** A row in a word: what it is, and of which packet. */
const word = (item: LadderItem): string => {
  if (item.type === 'run') return `run ${item.packet}-${item.last} (${item.packets})`;
  return item.type === 'step' && item.step.type === 'arrow' ? item.step.text : `${item.type} ${item.packet}`;
};
const words = (items: readonly LadderItem[]) => items.map(word);

const START = { place: 0, nth: 0 };

describe('the rows of a ladder', () => {
  test('are one for each message, and one for what is missing before it', () => {
    const two = [arrow(4, { text: 'NEW' }), arrow(4, { text: 'FINALIZE' })];
    const rows = itemsFrom(source({ 2: [arrow(2)], 4: two, 7: [arrow(7, { missing: 3 })] }), START, 10);
    expect(words(rows)).toEqual(['DATA 2', 'NEW', 'FINALIZE', 'loss 7', 'DATA 7']);
    expect(rows.map(({ at }) => [at.place, at.nth])).toEqual([
      [0, 0],
      [1, 0],
      [1, 1],
      [2, 0],
      [2, 1],
    ]);
  });

  test('leave out messages of other channels, unless there are no others', () => {
    const other = arrow(2, { channel: 9, text: 'other' });
    expect(words(itemsFrom(source({ 2: [other, arrow(2)], 3: [other] }), START, 9))).toEqual(['DATA 2', 'other']);
  });

  test('stand for packets that are not known yet, or have no message', () => {
    const known = source({ 2: [arrow(2)], 3: [] });
    const unknown: LadderSource = { ...known, steps: new Map() };
    expect(words(itemsFrom(known, START, 9))).toEqual(['DATA 2', 'unknown 3']);
    expect(words(itemsFrom(unknown, START, 9))).toEqual(['unknown 2', 'unknown 3']);
  });

  test('collapse runs of data, but nothing that there is something to tell of', () => {
    const odd = [
      arrow(3, { fate: 'again' }),
      arrow(6, { notes: [{ severity: 'warn', text: 'bad' }] }),
      arrow(9, { messages: ['DATA', 'CHANNEL_CLOSE'] }),
    ];
    const all = Array.from(
      { length: 10 },
      (_, place) => odd.find(({ packet }) => packet === place + 1) ?? arrow(place + 1),
    );
    const packets = Object.fromEntries(all.map((one) => [one.packet, [one]]));
    expect(words(groupItems(source(packets, true), 0))).toEqual([
      'run 1-2 (2)',
      'DATA 3',
      'run 4-5 (2)',
      'DATA 6',
      'run 7-8 (2)',
      'DATA 9',
      'DATA 10',
    ]);
  });

  test('of a long run are one for 64 packets, wherever the window is', () => {
    const long = source(
      Object.fromEntries(Array.from({ length: 200 }, (_, place) => [place + 1, [arrow(place + 1)]])),
      true,
    );
    const all = ['run 1-64 (64)', 'run 65-128 (64)', 'run 129-192 (64)', 'run 193-200 (8)'];
    expect(words(itemsFrom(long, START, 10))).toEqual(all);
    expect(words(itemsFrom(long, { place: 100, nth: 0 }, 10))).toEqual(all.slice(1));
  });
});

describe('moving in a ladder', () => {
  const three = source({
    2: [arrow(2)],
    4: [arrow(4, { text: 'NEW' }), arrow(4, { text: 'FINALIZE' })],
    7: [arrow(7, { missing: 3 })],
  });

  test.each([
    [[0, 0], 1, [1, 0]],
    [[1, 0], 1, [1, 1]],
    [[1, 1], 1, [2, 0]],
    [[2, 1], 1, [2, 1]],
    [[2, 0], -1, [1, 1]],
    [[2, 1], -4, [0, 0]],
    [[0, 0], -9, [0, 0]],
    [[0, 0], 99, [2, 1]],
    [[2, LAST_ROW], 0, [2, 1]],
  ] as const)('from %j by %i rows leads to %j', ([place, nth], by, [toPlace, toNth]) => {
    expect(moveSpot(three, { place, nth }, by)).toEqual({ place: toPlace, nth: toNth });
  });

  test('moves the window no further than it must', () => {
    const at = { place: 2, nth: 1 };
    expect(revealSpot(three, START, at, 5)).toEqual(START);
    expect(revealSpot(three, START, at, 2)).toEqual({ place: 2, nth: 0 });
    expect(revealSpot(three, at, START, 2)).toEqual(START);
  });

  test('asks for a page around the window, in a channel of a million packets', () => {
    const million: LadderSource = {
      matches: { count: 1_000_000, at: (place) => place + 1, placeOf: (number) => number - 1 },
      steps: new Map(),
      channels: new Set([1]),
      collapsed: false,
    };
    const needed = neededPackets(million, { place: 500_000, nth: 0 }, 20);
    expect([needed[0], needed.at(-1), needed.length]).toEqual([499_981, 500_040, 60]);
    const collapsed = neededPackets({ ...million, collapsed: true }, { place: 500_000, nth: 0 }, 20);
    expect(collapsed.length).toBeLessThanOrEqual(128);
    expect(neededPackets(source({}), START, 20)).toEqual([]);
  });
});
