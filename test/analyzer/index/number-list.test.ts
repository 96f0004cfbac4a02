import { expect, test } from 'vitest';
import { NumberList } from '../../../analyzer/index/number-list.js';

/** What a chunk of the list holds. */
const CHUNK = 16_384;

/** The numbers of some packets: 3, 6, 9, … */
function threes(count: number): NumberList {
  const list = new NumberList();
  for (let place = 0; place < count; place++) list.add(3 * (place + 1));
  return list;
}

const bytesOf = (list: NumberList): number =>
  list.everything().chunks.reduce((sum, { byteLength }) => sum + byteLength, 0);

test('numbers are found by place and by number', () => {
  const list = threes(2 * CHUNK);
  expect([list.at(0), list.at(CHUNK), list.at(2 * CHUNK)]).toEqual([3, 3 * (CHUNK + 1), 0]);
  expect([list.placeOf(1), list.placeOf(6), list.placeOf(7), list.placeOf(1e9)]).toEqual([0, 1, 2, 2 * CHUNK]);
});

test('what is forgotten gives its memory back, and all else keeps its place', () => {
  const list = threes(3 * CHUNK);
  const oldest = 3 * (2 * CHUNK + 5);
  list.forgetBefore(oldest);
  expect(bytesOf(list)).toBe(4 * CHUNK);
  expect([list.count, list.placeOf(oldest), list.at(2 * CHUNK + 4)]).toEqual([3 * CHUNK, 2 * CHUNK + 4, oldest]);
  expect([list.at(0), list.at(2 * CHUNK - 1)]).toEqual([0, 0]);
  list.forgetBefore(oldest);
  list.add(9 * CHUNK + 3);
  expect(list.at(3 * CHUNK)).toBe(9 * CHUNK + 3);
});

test('an endless list that forgets takes no more than what it keeps', () => {
  const list = new NumberList();
  for (let number = 1; number <= 20 * CHUNK; number++) {
    list.add(number);
    if (number % 1000 === 0) list.forgetBefore(number - 1000);
  }
  expect(bytesOf(list)).toBeLessThanOrEqual(2 * 4 * CHUNK);
});

test('another thread sees the same, whoever forgets first', () => {
  const [writer, eager, lazy] = [new NumberList(), new NumberList(), new NumberList()];
  const add = (from: number, to: number) => {
    for (let number = from; number <= to; number++) writer.add(number);
    const news = writer.news();
    eager.apply(news);
    lazy.apply(news);
  };
  add(1, CHUNK + 1);
  eager.forgetBefore(CHUNK + 1);
  add(CHUNK + 2, 2 * CHUNK + 1);
  writer.forgetBefore(2 * CHUNK + 1);
  add(2 * CHUNK + 2, 2 * CHUNK + 9);
  // Chunks that were forgotten before they were told of.
  for (let number = 2 * CHUNK + 10; number <= 5 * CHUNK; number++) writer.add(number);
  writer.forgetBefore(4 * CHUNK + 1);
  add(5 * CHUNK + 1, 5 * CHUNK + 2);
  const late = new NumberList();
  late.apply(writer.everything());
  for (const list of [writer, eager, lazy, late]) {
    const { count } = list;
    expect([count, list.at(count - 1), list.at(4 * CHUNK), list.placeOf(count)]).toEqual([
      5 * CHUNK + 2,
      5 * CHUNK + 2,
      4 * CHUNK + 1,
      count - 1,
    ]);
  }
});
