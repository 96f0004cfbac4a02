import { expect, test } from 'vitest';
import { CLAIMS } from '../../../crafter/simulation/claims.js';
import { rangesText } from '../../../crafter/simulation/ranges.js';
import { type Run, simulate } from '../../../crafter/simulation/simulate.js';

/** Each claim holds for every seed, not only for the one that the page shows. */
const SEEDS = [1, 2, 3];

const runsOf = (name: keyof typeof CLAIMS, seed: number): readonly Run[] =>
  CLAIMS[name].plans.map((plan) => simulate({ ...plan, seed }, true));

const receivedIn = ({ channels }: Run): readonly string[] =>
  channels.map(({ deliveries }) => rangesText(deliveries.responder.order));

const eventsIn = ({ happenings }: Run, type: string) => happenings.filter(({ event }) => event.type === type);

test.each(SEEDS)('flood: state is what a flood takes, and cookies keep none (seed %d)', (seed) => {
  const [seqno, hmac] = runsOf('flood', seed);
  if (!seqno || !hmac) throw new Error('two runs');
  expect([seqno.held.pending, hmac.held.pending]).toEqual([1024, 0]);
  expect([receivedIn(seqno), receivedIn(hmac)]).toEqual([[''], ['1-10']]);
  expect(hmac.flood.answerBytes).toBeLessThanOrEqual(hmac.flood.bytes);
});

test.each(SEEDS)('caps-in-new: a cookie saves no state while NEW must be remembered (seed %d)', (seed) => {
  const [before, after] = runsOf('caps-in-new', seed);
  if (!before || !after) throw new Error('two runs');
  expect([before.held.pending, after.held.pending]).toEqual([1024, 0]);
  expect([receivedIn(before), receivedIn(after)]).toEqual([[''], ['1-10']]);
});

test.each(SEEDS)('spurious: three guesses are dropped, and the attempt goes on (seed %d)', (seed) => {
  for (const run of runsOf('spurious', seed)) {
    expect(eventsIn(run, 'dropped')).toHaveLength(3);
    expect(receivedIn(run)).toEqual(['1']);
    expect(run.channels[0]?.ends.initiator.establishedAt).toBe(40);
  }
});

test.each(SEEDS)('early-loss: the second packet establishes the channel (seed %d)', (seed) => {
  const [run] = runsOf('early-loss', seed);
  if (!run) throw new Error('a run');
  expect(run.channels[0]?.ends.responder.establishedAt).toBe(60);
  expect(receivedIn(run)).toEqual(['1-12']);
  expect(eventsIn(run, 'resent')).toMatchObject([{ side: 'initiator', event: { packet: 1 } }]);
});

test.each(SEEDS)('bundle: three packets for any number of channels (seed %d)', (seed) => {
  const lines = CLAIMS.bundle.report(runsOf('bundle', seed)).slice(1);
  expect(lines.map((line) => line.trim().split(/\s+/).slice(0, 6))).toEqual(
    ['1', '2', '5', '10'].map((count) => [count, count, '3', count, count, count]),
  );
});

test.each(SEEDS)('numbers: the first of each direction are those in cookie 2 (seed %d)', (seed) => {
  const [, responder, initiator, cookie] = CLAIMS.numbers.report(runsOf('numbers', seed));
  const [, first = ''] = /^responder +([0-9a-f]{4}) +bytes 0-1: \1$/.exec(responder ?? '') ?? [];
  const [, other = ''] = /^initiator +([0-9a-f]{4}) +bytes 2-3: \1$/.exec(initiator ?? '') ?? [];
  expect(cookie).toMatch(new RegExp(`^cookie 2: ${first}${other}[0-9a-f]{24}$`));
  expect(first + other).toHaveLength(8);
});

test.each(SEEDS)('skip: N+2 comes 200 ms later, and what follows with it (seed %d)', (seed) => {
  const [run] = runsOf('skip', seed);
  if (!run) throw new Error('a run');
  expect(receivedIn(run)).toEqual(['1 2 4-10']);
  // Message 4 is the first beyond the gap: it arrives at 0.130.
  expect(eventsIn(run, 'skipped')).toMatchObject([{ at: 330, event: { packets: 1 } }]);
  expect(eventsIn(run, 'received').map(({ at }) => at)).toEqual([100, 330]);
});

test.each(SEEDS)('xyz: three modes without a name (seed %d)', (seed) => {
  const runs = runsOf('xyz', seed);
  const reasons = runs.map(({ channels: [channel] }) => channel?.ends.responder.outcome);
  expect(runs.flatMap(receivedIn)).toEqual(['1 2 4-7', '1 2', '1 2 4-6 3 7-10']);
  expect(reasons).toEqual([
    { reason: 1, by: 'us' },
    { reason: 1, by: 'us' },
    { reason: 0, by: 'us' },
  ]);
});
