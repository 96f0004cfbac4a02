import { expect, test } from 'vitest';
import type { Settings } from '../../../crafter/peer/settings.js';
import type { Mode } from '../../../dissectors/channel/capabilities.js';
import { type Answer, answered } from './lone.js';

/** Numbers relative to the first one of a direction. */
const offsets = (answers: readonly Answer[], start: number): readonly number[] =>
  answers.map(({ packet }) => ((packet.sequence ?? 0) - start) & 0xffff);

/** A channel whose peer under test may send from the beginning. */
function sending(mode: Mode = 'tcp', settings: Partial<Settings> = {}) {
  const made = answered(mode, { packetSize: 100, ...settings });
  const { tell, puppet, ours, lone, channel } = made;
  /** Reports what has arrived: all before `next`, and the offsets in `more`. */
  const report = (now: number, next: number, more: readonly number[] = [], window = 1000) => {
    const received = more.reduce((bits, offset) => (bits | (1 << (offset - next - 1))) >>> 0, 0);
    return offsets(tell([puppet.progress(ours + next, received), puppet.window(window)], now), ours);
  };
  const send = (packets: number) => offsets(lone.send(channel, new Uint8Array(packets * 46)), ours);
  const until = (now: number) =>
    lone.until(now).map(({ at, packet }) => [at, ((packet.sequence ?? 0) - ours) & 0xffff]);
  return { ...made, report, send, until };
}

test('four packets go out at first; each report that acknowledges lets more follow', () => {
  const { send, report } = sending();
  expect(send(100)).toEqual([0, 1, 2, 3]);
  // Slow start: one more for each report, beside those that left.
  expect(report(50, 2)).toEqual([4, 5, 6]);
  expect(report(60, 4)).toEqual([7, 8, 9]);
});

test('before the first report at most 16 packets go out', () => {
  const { send } = sending('tcp', { firstCongestionWindow: 100 });
  expect(send(50)).toHaveLength(16);
});

test('the window is that of a DATA_PROGRESS and a DATA_WINDOW together, and is never taken back', () => {
  const { send, report, tell, puppet, ours } = sending('tcp', { firstCongestionWindow: 100 });
  send(50);
  expect(tell([puppet.window(40)])).toEqual([]);
  expect(report(10, 0, [], 20)).toEqual([16, 17, 18, 19]);
  expect(report(10, 0, [], 4)).toEqual([]);
  expect(report(10, 1, [], 20)).toEqual([20]);
  expect(ours).toBeGreaterThanOrEqual(0);
});

test('a report that is older than the newest, or beyond what was sent, is ignored with its window', () => {
  const { send, report, lone } = sending('tcp', { firstCongestionWindow: 100 });
  send(50);
  report(10, 8, [], 8);
  expect(report(20, 7, [], 30)).toEqual([]);
  expect(report(20, 17, [], 30)).toEqual([]);
  expect(report(20, 8, [], 10)).toEqual([16, 17]);
  expect(lone.news).toEqual(['established']);
});

test('the resend timer starts at 200 ms and doubles up to 2 s; the packet is given up 10 s after it was first sent', () => {
  const { send, until, lone } = sending();
  send(1);
  expect(until(10_000)).toEqual([
    [200, 0],
    [600, 0],
    [1400, 0],
    [3000, 0],
    [5000, 0],
    [7000, 0],
    [9000, 0],
    // The CLOSE.
    [10_000, 1],
  ]);
  expect(lone.news).toEqual(['established', 'closed 1 by us']);
});

test('a packet is given up after 8 sendings', () => {
  const { send, until, lone } = sending('tcp', { firstTimeout: 100 });
  send(1);
  const times = until(9200).map(([at]) => at);
  expect(times).toEqual([100, 300, 700, 1500, 3100, 5100, 7100, 9100]);
  expect(lone.news.at(-1)).toBe('closed 1 by us');
});

test('the timer follows the round trips, from 100 ms up', () => {
  const { send, report, until } = sending();
  send(1);
  // The first round trip of 300 ms: 300 + 4 × 150.
  report(150, 1);
  send(1);
  expect(until(700)).toEqual([[150 + 150 + 4 * 75, 1]]);
});

test('the timer is never below 100 ms', () => {
  const { send, report, until } = sending();
  for (let time = 0; time < 20; time++) {
    send(1);
    report(time, time + 1);
  }
  send(1);
  expect(until(1000)[0]).toEqual([119, 20]);
});

test('round trips are taken from packets that were sent once', () => {
  const { send, report, until } = sending();
  send(1);
  expect(until(200)).toEqual([[200, 0]]);
  report(201, 1);
  send(1);
  // Still the first timeout: a round trip of 1 ms would have made it 100.
  expect(until(1000)[0]).toEqual([401, 1]);
});

test('when the timer runs out the oldest packet goes first, the others as the window allows', () => {
  const { send, until, report } = sending();
  send(4);
  expect(until(250)).toEqual([[200, 0]]);
  expect(report(260, 1)).toEqual([1, 2]);
  expect(report(270, 3)).toEqual([3]);
});

test('a packet is sent again at once when three packets sent after it are reported', () => {
  const { send, report } = sending('tcp', { firstCongestionWindow: 10 });
  send(10);
  expect(report(50, 0, [1])).not.toContain(0);
  expect(report(51, 0, [1, 2])).not.toContain(0);
  expect(report(52, 0, [1, 2, 3])).toEqual([0]);
  expect(report(53, 0, [1, 2, 3, 4, 5])).toEqual([]);
});

test('a resend starts the count again: only packets sent after it matter', () => {
  const { send, report } = sending('tcp', { firstCongestionWindow: 8 });
  send(30);
  expect(report(50, 0, [1, 2, 3])).toContain(0);
  expect(report(51, 0, [1, 2, 3, 4, 5, 6, 7])).not.toContain(0);
  const rest = report(52, 0, [1, 2, 3, 4, 5, 6, 7]);
  expect(rest).not.toContain(0);
});

test('two losses of one flight halve the window once', () => {
  const { send, report, channel } = sending('tcp', { firstCongestionWindow: 12 });
  send(12);
  report(50, 0, [1, 2, 3]);
  const halved = channel.sender.gauges?.congestion;
  expect(halved).toBe(6);
  expect(report(51, 0, [1, 2, 3, 5, 6, 7])).toContain(4);
  expect(channel.sender.gauges?.congestion).toBe(halved);
});

test('only what a report can tell of is taken for lost', () => {
  const { send, report } = sending('tcp', { firstCongestionWindow: 60, window: 64 });
  send(16);
  expect(report(20, 0, [], 60)).toEqual([]);
  send(44);
  // The 33rd number after `next` cannot be reported: nothing says that it is missing.
  const reported = Array.from({ length: 32 }, (_, place) => place + 1);
  expect(report(50, 0, reported, 60)).toEqual([0]);
});

test.each<Mode>(['z', 'streaming-2'])('in %s a number given up is sent again with one DATA of length 0', (mode) => {
  const { send, lone, puppet, tell, ours } = sending(mode);
  send(1);
  const sent = lone.until(20_000);
  const given = sent.find(({ at }) => at > 10_000);
  expect(given?.packet.sequence).toBe(ours);
  expect(
    Buffer.from(given?.bytes ?? [])
      .subarray(46, 50)
      .toString('hex'),
  ).toBe('00021400');
  expect(lone.news).toEqual(['established']);
  // It is repeated until it is acknowledged; then the channel carries on.
  tell([puppet.progress(ours + 1), puppet.window(16)], 20_100);
  expect(lone.until(50_000)).toEqual([]);
  expect(send(1)).toEqual([1]);
});

test('while the window is shut the next number goes out as the timer runs out, and an answer restarts its tries', () => {
  const { send, report, until, lone } = sending('tcp', { firstCongestionWindow: 100 });
  expect(send(20)).toHaveLength(16);
  report(10, 16, [], 0);
  expect(until(100)).toEqual([]);
  const probes: (readonly (number | undefined)[])[] = [];
  for (let at = 200; at <= 60_000; at += 200) {
    const sent = until(at);
    probes.push(...sent);
    for (const [, offset] of sent) expect(offset).toBe(16);
    if (sent.length > 0) expect(report(at, 16, [], 0)).toEqual([]);
  }
  // Far more than 8 tries and 10 s, at 2 s from each other in the end.
  expect(probes.length).toBeGreaterThan(25);
  expect(lone.news).toEqual(['established']);
  expect(report(60_001, 16, [], 100)).toEqual([16, 17, 18, 19]);
});

test('a shut window without any answer is given up', () => {
  const { send, report, lone, until } = sending('tcp', { firstCongestionWindow: 100 });
  send(20);
  report(10, 16, [], 0);
  expect(until(60_000).at(-1)).toEqual([expect.any(Number), 17]);
  expect(lone.news.at(-1)).toBe('closed 1 by us');
});

test('a sender that rested begins again with the first window', () => {
  const { send, report, lone } = sending();
  send(60);
  for (let next = 2; next <= 60; next += 2) report(next, next);
  const grown = send(60).length;
  expect(grown).toBeGreaterThan(15);
  for (let next = 62; next <= 120; next += 2) report(60, next);
  lone.now = 5000;
  expect(send(40)).toHaveLength(4);
});

test('without resend the application sets the pace', () => {
  const { send } = sending('udp');
  expect(send(1)).toHaveLength(1);
  const { send: stream } = sending('streaming-1');
  expect(stream(500)).toHaveLength(500);
});

test('DATA keeps its boundaries except where the mode is ordered', () => {
  const streams = answered('streaming-1', { packetSize: 1200 });
  const messages = answered('z', { packetSize: 1200, firstCongestionWindow: 1 });
  for (const { lone, channel } of [streams, messages]) lone.send(channel, 'first');
  const waiting = ['second', 'third'].flatMap((content) => messages.lone.send(messages.channel, content));
  expect(waiting).toEqual([]);
  const { tell, puppet, ours } = messages;
  const [both] = tell([puppet.progress(ours + 1), puppet.window(16)], 10);
  expect(both?.names).toBe('DATA DATA');
});

test('a message that does not fit a packet is refused, a stream is cut', () => {
  const { lone, channel } = answered('udp', { packetSize: 200 });
  expect(lone.peer.largestMessage).toBe(145);
  expect(lone.send(channel, new Uint8Array(145))[0]?.packet.size).toBe(200);
  expect(() => lone.send(channel, new Uint8Array(146))).toThrow(RangeError);
});

test('what waits to be sent is bounded, and `writable` tells when there is room again', () => {
  const { lone, channel, report } = sending('tcp', { sendBuffer: 1000 });
  expect(lone.peer.send(channel, new Uint8Array(5000), 0)).toBe(1000);
  const taken = lone.peer.send(channel, new Uint8Array(5000), 0);
  expect(taken).toBeLessThanOrEqual(4 * 46);
  expect(lone.news).toEqual(['established']);
  for (let next = 2; next < 20; next += 2) report(next, next);
  expect(lone.news).toEqual(['established', 'writable']);
});

test('a message waits whole or not at all', () => {
  const { lone, channel } = sending('z', { sendBuffer: 300, firstCongestionWindow: 1 });
  const taken = Array.from({ length: 6 }, () => lone.peer.send(channel, new Uint8Array(46), 0));
  expect(taken).toEqual([46, 46, 46, 46, 0, 0]);
});

test('a smaller window does not take back what a larger one allowed', () => {
  const { send, report } = sending('tcp', { firstCongestionWindow: 100 });
  send(10);
  report(10, 0, [], 30);
  report(11, 0, [], 2);
  expect(send(40)).toEqual(Array.from({ length: 20 }, (_, place) => 10 + place));
});

test('resends that are reported do not make losses of what no report can tell of', () => {
  const { send, report } = sending('tcp', { firstCongestionWindow: 60 });
  send(16);
  report(20, 0, [], 60);
  send(44);
  const all = (next: number) => Array.from({ length: 32 }, (_, place) => next + 1 + place);
  expect(report(50, 0, all(0).slice(3), 60)).toEqual([0, 1, 2, 3]);
  // One resend after the other arrives: each was sent after the packets beyond 36, which may have arrived as well.
  for (const next of [1, 2, 3]) expect(report(50 + next, next, all(next).slice(3 - next), 60)).toEqual([]);
});

test('the timer smooths round trips and their variation', () => {
  const { send, report, until } = sending();
  send(1);
  report(200, 1);
  send(1);
  report(200 + 280, 2);
  send(1);
  // 200 and 280: smoothed 210; variation 0.75 × 100 + 0.25 × 80.
  const timeout = 210 + 4 * (0.75 * 100 + 0.25 * 80);
  expect(until(3000)[0]).toEqual([480 + timeout, 2]);
});
