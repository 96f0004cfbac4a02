import { expect, test } from 'vitest';
import { Tracker } from '../../../analyzer/track/tracker.js';
import { seeded } from '../../../crafter/seeded.js';
import type { Dissection } from '../../../dissectors/dissect.js';
import { viewOf } from '../../../dissectors/wire/view.js';
import { BOB, BOTH, dissectBytes, establish, Kit, Watch } from './watch.js';

/** A flood: NEW with random initiators and halves, written over the bytes of one that was dissected before. */
function* flood(count: number): Generator<Dissection> {
  const bytes = new Kit({ responder: BOB }).new();
  const dissection = dissectBytes(bytes);
  const view = viewOf(bytes);
  let word = 1;
  for (let at = 0; at < count; at++) {
    for (let place = 4; place < 20; place += 4) {
      word = (Math.imul(word, 1_664_525) + 1_013_904_223) | 0;
      view.setInt32(place, word);
    }
    // Any half but the reserved one.
    view.setUint16(49, (word >>> 16) % 0xf0f0);
    yield { ...dissection, number: 100 + at };
  }
}

test('200,000 NEW of strangers leave a table at its bound, and the channels of real peers in it', () => {
  const watch = new Watch(BOTH);
  const real = Array.from({ length: 10 }, (_, at) => new Kit({ id: 0x1000_0001 + at * 0x1_0001 }));
  for (const kit of real) establish(watch, kit);
  const { tracker } = watch;
  let tooMany = 0;
  for (const dissection of flood(200_000)) {
    // 9 s in all: no attempt is over by itself.
    tracker.fold(dissection, 1_767_323_046, dissection.number * 45_000);
    if (tracker.table.channels.size > 65_536 + 10) tooMany++;
  }
  expect([tooMany, tracker.table.channels.size, tracker.table.forgotten]).toEqual([0, 65_546, 200_000 - 65_536]);
  expect(watch.rows.filter(({ state }) => state === 'established').map(({ id }) => id)).toEqual(
    real.map(({ id }) => id.toString(16)),
  );
  // The oldest went first: what is left are the newest, in the order in which they came.
  const left = watch.channels.slice(10).map((channel) => channel.number);
  expect([left[0], left.at(-1), left.length]).toEqual([200_010 - 65_535, 200_010, 65_536]);
});

test('attempts and ended channels are forgotten before live ones', () => {
  const watch = new Watch(BOTH, { halfOpen: 100, channels: 4 });
  const kits = [1, 2, 3, 4, 5, 6].map((at) => new Kit({ id: 0x2000_0000 * 0 + (at << 16) + at }));
  for (const kit of kits.slice(0, 4)) establish(watch, kit);
  const [, second] = kits;
  if (second) watch.see(100, second.close('initiator', 0, 3));
  for (const kit of kits.slice(4)) establish(watch, kit, 200);
  expect([watch.tracker.table.forgotten, watch.rows.map(({ id }) => id)]).toEqual([
    2,
    ['00030003', '00040004', '00050005', '00060006'],
  ]);
});

test('a channel that failed and goes on is live again', () => {
  const watch = new Watch(BOTH, { halfOpen: 100, channels: 2 });
  const [first, second, third] = [1, 2, 3].map((at) => new Kit({ id: at * 0x1_0001 })) as [Kit, Kit, Kit];
  establish(watch, first);
  watch.see(100, second.new());
  watch.see(120, second.acknowledge());
  for (const ms of [121, 321, 721]) watch.see(ms, second.finalize());
  watch.wait(13_000);
  expect(watch.rows.map(({ state }) => state)).toEqual(['established', 'timed-out']);
  watch.see(13_001, second.window('responder'));
  establish(watch, third, 13_100);
  expect(watch.rows.map(({ id }) => id)).toEqual(['00020002', '00030003']);
});

test('a channel that is forgotten waits for nothing and is in no chain', () => {
  const watch = new Watch([], { halfOpen: 1, channels: 1 });
  watch.see(0, new Kit().new());
  watch.see(0, new Kit().acknowledge());
  const [channel] = watch.channels;
  expect([channel?.waiting === watch.tracker.attempts, channel?.inIds, channel?.inAttempts]).toEqual([
    true,
    true,
    true,
  ]);
  watch.see(0, new Kit({ id: 0x20000001 }).new());
  expect([channel?.waiting, channel?.shelf, channel?.inIds, channel?.inAttempts]).toEqual([
    undefined,
    undefined,
    false,
    false,
  ]);
});

test('a channel is proven by both peers, also where its roles were guessed wrong', () => {
  const watch = new Watch(BOTH);
  watch.see(0, new Kit().data('responder', 0));
  watch.see(1, new Kit().finalize());
  expect(watch.channels.map(({ proof }) => proof)).toEqual([3]);
});

test('an attempt that was forgotten and goes on is a channel again', () => {
  const watch = new Watch(BOTH, { halfOpen: 2, channels: 10 });
  const kit = new Kit();
  watch.see(0, kit.new());
  for (const id of [0x20000001, 0x30000001]) watch.see(1, new Kit({ id }).new());
  expect(watch.tracker.table.forgotten).toBe(1);
  expect(watch.see(20, kit.acknowledge())).toBe('1a2b3c4d acknowledged ! new-unseen = valid valid');
});

test('a flood that the responder answers is no better', () => {
  const watch = new Watch(BOTH, { halfOpen: 50, channels: 1000 });
  const real = new Kit();
  establish(watch, real);
  const { integer, bytes } = seeded(3);
  for (let at = 0; at < 500; at++) {
    const kit = new Kit({ id: integer(0x7000_0000), initiator: bytes(16) });
    watch.see(100, kit.new());
    watch.see(101, kit.acknowledge());
  }
  expect([watch.channels.length, watch.rows.some(({ state }) => state === 'established')]).toEqual([51, true]);
});

test('answers to one attempt are bounded, and so are numbers that come again', () => {
  const watch = new Watch();
  const kit = new Kit({ dialect: 'seqno' });
  for (let at = 0; at < 1000; at++) {
    watch.see(at / 100, kit.new());
    watch.see(at / 100, new Kit({ dialect: 'seqno', id: 0x1a2b0000 + at }).acknowledge());
  }
  const [channel] = watch.channels;
  expect([watch.channels.length, channel?.answers.length, channel?.cookies1.length]).toEqual([1, 8, 0]);
});

test('one id that is used again and again is found at once, and only the newest', () => {
  const watch = new Watch([], { halfOpen: 5000, channels: 5000 });
  for (let at = 0; at < 5000; at++) {
    const kit = new Kit({ dialect: 'seqno', s1: at });
    watch.fold(at / 1000, kit.new());
    watch.fold(at / 1000, kit.acknowledge());
  }
  expect(watch.see(10, new Kit({ dialect: 'seqno', s1: 4999 }).finalize())).toBe('1a2b3c4d established');
  expect(watch.channels.map(({ state }) => state).lastIndexOf('established')).toBe(4999);
  expect(watch.channels.filter(({ inIds }) => inIds).map(({ state }) => state)).toEqual(['established']);
});

test('what an ended channel does not need is dropped, and late packets of it do no harm', () => {
  const watch = new Watch(BOTH);
  const kit = new Kit();
  establish(watch, kit);
  watch.see(50, kit.data('initiator', 0));
  watch.see(100, kit.close('initiator', 1));
  watch.see(120, kit.close('responder', 0));
  watch.wait(15_119);
  expect(watch.channels[0]?.fromInitiator?.numbers).toBeDefined();
  watch.wait(15_120);
  const [channel] = watch.channels;
  expect([channel?.fromInitiator?.numbers, channel?.settled]).toEqual([undefined, true]);
  expect([
    watch.see(16_000, kit.data('initiator', 9)),
    watch.see(16_001, kit.acknowledge()),
    watch.see(16_002, kit.finalize()),
  ]).toEqual([
    '1a2b3c4d closed',
    '1a2b3c4d closed ! acknowledge-repeated 2 = valid valid',
    '1a2b3c4d closed ! finalize-repeated 3 = valid',
  ]);
  expect(watch.rows.map(({ out }) => out)).toEqual([{ packets: 3, bytes: 183, data: 2, dataBytes: 20 }]);
});

test('a tracker that sees no channel packets keeps nothing', () => {
  const tracker = new Tracker([]);
  expect(tracker.fold(dissectBytes(new Uint8Array(60)), 0, 0)).toEqual({ channels: [], verdicts: [], findings: [] });
  expect(tracker.table.channels.size).toBe(0);
});
