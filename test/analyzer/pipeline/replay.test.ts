import { expect, test } from 'vitest';
import { replay } from '../../../analyzer/index/replay.js';
import { packetTree } from '../../../analyzer/print/tree.js';
import { FIXTURES, indexed, printed, secretsBeside, seeded, streamed } from './pipeline.js';

/** Whole numbers from 1, in an order that chance gives. */
function shuffled(count: number, seed: number): readonly number[] {
  const below = seeded(seed);
  const numbers = Array.from({ length: count }, (_, at) => at + 1);
  for (let at = count - 1; at > 0; at--) {
    const other = below(at + 1);
    [numbers[at], numbers[other]] = [numbers[other] as number, numbers[at] as number];
  }
  return numbers;
}

test('nothing is told of the packet that was shown before, which nobody knows', async () => {
  const capture = await indexed('fixtures/handshake-hmac.pcap', [], 7);
  const [frame] = packetTree(replay(capture, 3));
  expect(frame?.children.map(({ path }) => path).filter((path) => path.startsWith('frame.time_'))).toEqual([
    'frame.time_epoch',
    'frame.time_relative',
    'frame.time_delta',
  ]);
  await capture.close();
});

test.each(FIXTURES)('a packet of %s is the same from the index as in passing, in any order', async (name) => {
  const path = `fixtures/${name}`;
  const inPassing = await streamed(path, secretsBeside(name));
  for (const step of [Number.POSITIVE_INFINITY, 7]) {
    const capture = await indexed(path, inPassing.secrets, step);
    expect(capture.index.length).toBe(inPassing.packets);
    for (const number of shuffled(inPassing.packets, 11)) {
      expect(printed(replay(capture, number))).toEqual(inPassing.printed.get(number));
    }
    await capture.close();
  }
});
