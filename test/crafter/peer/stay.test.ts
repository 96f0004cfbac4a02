import { expect, test } from 'vitest';
import { Stay } from '../../../crafter/peer/stay.js';
import type { Mode } from '../../../dissectors/channel/capabilities.js';
import { answered } from './lone.js';

/** A channel that ends at 1000, after what `before` did. */
function ended(mode: Mode, before: (target: ReturnType<typeof answered>) => void = () => {}) {
  const target = answered(mode);
  const { lone, puppet, say, tell, ours } = target;
  const stay = new Stay(lone.peer);
  before(target);
  say(2, [puppet.closing(0)], 700);
  say(1, [puppet.data('b')], 700);
  say(0, [puppet.data('a')], 700);
  lone.until(990);
  tell([puppet.progress(ours + 1), puppet.window(16)], 1000);
  stay.arrived(1000);
  expect(lone.news.at(-1)).toBe('closed 0 by us');
  return { ...target, stay };
}

const inOrder = ({ puppet, say }: ReturnType<typeof answered>): void => {
  say(0, [puppet.data('a')], 500);
  say(1, [puppet.data('b')], 500);
};

test('a program stays for 0.3 s after the last packet where nothing was lost, and for 2 s where something was', () => {
  const smooth = answered('tcp');
  const stay = new Stay(smooth.lone.peer);
  inOrder(smooth);
  smooth.say(2, [smooth.puppet.closing(0)], 600);
  smooth.tell([smooth.puppet.progress(smooth.ours + 1), smooth.puppet.window(16)], 1000);
  stay.arrived(1000);
  expect(smooth.lone.news.at(-1)).toBe('closed 0 by us');
  expect(stay.until(1000)).toBe(1300);
  // Gaps, and what came twice.
  expect(ended('tcp').stay.until(1000)).toBe(3000);
  expect(ended('y').stay.until(1000)).toBe(3000);
  const twice = ended('streaming-1', ({ lone, proof }) => lone.receive(proof, 400));
  expect(twice.stay.until(1000)).toBe(3000);
});

test('what is answered after the end makes a program stay longer', () => {
  const { lone, puppet, say, tell, ours } = answered('x');
  const stay = new Stay(lone.peer, 50);
  say(0, [puppet.closing(0)], 500);
  tell([puppet.progress(ours + 1), puppet.window(16)], 600);
  stay.arrived(600);
  expect(stay.until(600)).toBe(950);
  say(0, [puppet.closing(0)], 800);
  stay.arrived(800);
  expect(stay.until(800)).toBe(2850);
});

test('a program stays until its CLOSE is answered or its repeats are over', () => {
  const { lone, puppet, channel } = answered('tcp');
  const stay = new Stay(lone.peer);
  stay.arrived(0);
  lone.peer.abort(channel, 1, 0);
  const asked: number[] = [];
  for (let at = stay.until(0); at > lone.now && asked.length < 10; at = stay.until(at)) {
    asked.push(at);
    lone.until(at);
  }
  expect(asked).toEqual([200, 600, 1400, 3000, 6200, 12_600]);
  const heard = answered('tcp');
  const other = new Stay(heard.lone.peer);
  heard.lone.peer.abort(heard.channel, 1, 0);
  heard.tell([puppet.progress(heard.ours + 1), puppet.window(16)], 100);
  other.arrived(100);
  expect(other.until(100)).toBe(400);
});
