import { expect, test } from 'vitest';
import { dropFrom } from '../../../crafter/simulation/drops.js';
import { type Plan, USUAL } from '../../../crafter/simulation/plan.js';
import { rangesText } from '../../../crafter/simulation/ranges.js';
import { runJson } from '../../../crafter/simulation/report-json.js';
import { type Run, simulate } from '../../../crafter/simulation/simulate.js';
import { MODES, type Mode } from '../../../dissectors/channel/capabilities.js';
import { processorTime } from '../../processor-time.js';
import { dissect } from '../peer/pair.js';

const plan = (given: Partial<Plan> = {}, loss = 0, ...drops: readonly string[]): Plan => ({
  ...USUAL,
  conditions: { ...USUAL.conditions, loss },
  drops: drops.flatMap((text) => dropFrom(text) ?? []),
  ...given,
});

const first = ({ channels }: Run) => {
  const [channel] = channels;
  if (!channel) throw new Error('no channel');
  return channel;
};

const orderOf = (run: Run): string => rangesText(first(run).deliveries.responder.order);
const endsOf = (run: Run) => [first(run).ends.initiator.outcome, first(run).ends.responder.outcome];
const DONE = { reason: 0, by: 'us' };

test('the same plan makes the same run, another seed another', () => {
  const rough = plan({ mode: 'tcp', seed: 7, isEarly: true, answers: 5, channels: 3 }, 0.2);
  expect(runJson(simulate(rough))).toEqual(runJson(simulate(rough)));
  const bytes = (run: Run) =>
    run.packets.map(({ at, bytes: packet }) => `${at} ${Buffer.from(packet).toString('hex')}`);
  expect(bytes(simulate(rough, true))).toEqual(bytes(simulate(rough, true)));
  expect(bytes(simulate({ ...rough, seed: 8 }, true))).not.toEqual(bytes(simulate(rough, true)));
});

const LOST = [
  { reason: 1, by: 'them' },
  { reason: 1, by: 'us' },
];
const BOTH_DONE = [DONE, DONE];

test.each([
  ['udp', '1 2 4-10', 20, BOTH_DONE],
  ['x', '1 2 4-10', 20, LOST],
  ['streaming-1', '1 2 4-10', 220, BOTH_DONE],
  ['y', '1 2', 20, LOST],
  ['z', '1 2 4-9 3 10', 90, BOTH_DONE],
  ['sctp', '1 2 4-9 3 10', 90, BOTH_DONE],
  ['streaming-2', '1-10', 90, BOTH_DONE],
  ['tcp', '1-10', 90, BOTH_DONE],
] as const)('a lost message in %s: received %s, the longest wait %d ms', (mode, order, wait, ends) => {
  // NEW and FINALIZE go before the messages: the fifth packet holds the third of them.
  const run = simulate(plan({ mode }, 0, 'initiator:5'));
  expect(orderOf(run)).toBe(order);
  expect(first(run).deliveries.responder.longestWait).toBe(wait);
  expect(endsOf(run)).toEqual(ends);
});

test('the nth packet of a direction meets the same fate in every mode', () => {
  const lost = (mode: Mode): readonly number[] => {
    const { packets } = simulate(plan({ mode, seed: 3 }, 0.3), true);
    const sent = packets.filter(({ from }) => from.startsWith('10.0.0.1'));
    return sent.slice(0, 8).flatMap(({ comment }, place) => (comment === 'lost' ? place + 1 : []));
  };
  expect(lost('udp')).not.toEqual([]);
  for (const mode of MODES) expect(lost(mode)).toEqual(lost('udp'));
});

test.each(MODES.map((mode) => [mode] as const))('%s keeps what it promises in 40 rough networks', (mode) => {
  for (let seed = 1; seed <= 40; seed++) {
    const conditions = { loss: 0.2, delay: 20, reorder: 0.1, reorderDelay: 25, duplicate: 0.05 };
    const run = simulate(plan({ mode, seed, conditions }));
    const { deliveries, ends, sentBy } = first(run);
    const { responder: delivery } = deliveries;
    const isOrdered = ['streaming-1', 'streaming-2', 'y', 'tcp'].includes(mode);
    if (isOrdered) expect(delivery.isInOrder).toBe(true);
    if (mode !== 'udp') expect(delivery.twice).toBe(0);
    const isDone = JSON.stringify(ends.responder.outcome) === JSON.stringify(DONE);
    if (isDone && ['tcp', 'sctp', 'x', 'y'].includes(mode)) expect(delivery.received).toBe(sentBy.initiator);
    // Handshake, messages, and idling: a peer that said all and knows that waits for the other no longer.
    expect(run.duration).toBeLessThan(2 * 12_600 + 100 + 60_000 + 12_600);
    expect(delivery.torn).toBe(0);
  }
});

const namesIn = (run: Run): readonly string[] =>
  run.packets.map(({ bytes }) =>
    dissect(bytes)
      .messages.map(({ kind }) => kind?.name.replace('CHANNEL_', ''))
      .join(' '),
  );

test('five channels take the three packets of one', () => {
  const run = simulate(plan({ channels: 5, messages: 1 }), true);
  const five = (name: string) => Array.from({ length: 5 }, () => name).join(' ');
  expect(namesIn(run).slice(0, 3)).toEqual([five('NEW'), five('ACKNOWLEDGE'), five('FINALIZE')]);
  expect(run.channels.map(({ deliveries }) => deliveries.responder.received)).toEqual([1, 1, 1, 1, 1]);
});

test('early data arrives with the proof, and that of the responder before it', () => {
  const usual = simulate(plan({ answers: 3 }));
  const early = simulate(plan({ answers: 3, isEarly: true }));
  const firsts = (run: Run) => [first(run).deliveries.initiator.firstAt, first(run).deliveries.responder.firstAt];
  expect([firsts(usual), firsts(early)]).toEqual([
    [80, 100],
    [40, 60],
  ]);
});

test.each([
  ['hmac', 0, 10],
  ['hmac-newcaps', 1024, 0],
  ['seqno', 1024, 0],
] as const)('a flood leaves %s with %d entries, and %d messages come through', (dialect, pending, received) => {
  const run = simulate(plan({ dialect, flood: 50_000 }));
  expect(run.held.pending).toBe(pending);
  expect(first(run).deliveries.responder.received).toBe(received);
  expect(run.flood.packets).toBe(50_000);
  expect(run.flood.answerBytes).toBeLessThanOrEqual(run.flood.bytes);
});

test('a stream that is cut anywhere is put together, message by message', () => {
  const run = simulate(plan({ mode: 'tcp', messages: 3000, bytes: 100, interval: 0 }));
  expect(orderOf(run)).toBe('1-3000');
  expect(endsOf(run)).toEqual([DONE, DONE]);
});

test('100,000 packets take about a second', { timeout: 60_000 }, () => {
  const before = processorTime();
  const run = simulate(plan({ mode: 'udp', messages: 100_000, interval: 0.1 }));
  const taken = processorTime() - before;
  expect(orderOf(run)).toBe('1-100000');
  expect(run.loads.initiator.packets).toBe(100_004);
  // Room for a machine that is busy with other tests, and for their instrumentation.
  expect(taken).toBeLessThan(8000);
});
