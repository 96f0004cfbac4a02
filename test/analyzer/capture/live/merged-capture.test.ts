import { expect, test } from 'vitest';
import { openCapture } from '../../../../analyzer/capture/capture.js';
import type { EngineCounts } from '../../../../analyzer/capture/engine.js';
import { CaptureRefused } from '../../../../analyzer/capture/engine.js';
import { MergedCapture, type SingleCapture } from '../../../../analyzer/capture/merged-capture.js';
import { pcapFileHeader, pcapRecord } from '../../../../dissectors/file/pcap-writer.js';
import { rowsOf } from '../files.js';
import { FilledSource } from './blocks.js';

/** One of several captures, which a test plays. */
class Played implements SingleCapture {
  readonly tap;
  readonly source = new FilledSource();
  readonly ended: Promise<void>;
  stops = 0;
  why: string | undefined;
  given: EngineCounts;
  #end: () => void = () => {};

  constructor(name: string, given: EngineCounts = {}) {
    this.tap = { name, filter: 'udp' };
    this.given = given;
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
  }

  begin(linkType = 1): this {
    this.source.push(pcapFileHeader({ linkType, nanoseconds: true, snapLength: 500 }));
    return this;
  }

  packet(number: number): void {
    this.source.push(pcapRecord({ seconds: 1, nanos: number, bytes: new Uint8Array(4).fill(number), wire: 9 }, true));
  }

  /** Ends, on its own account if there is a reason. */
  end(why?: string): void {
    this.why = why;
    this.source.end();
    this.#end();
  }

  counts = () => this.given;
  stop = () => {
    this.stops += 1;
    this.end(this.why);
  };
  refusal = () => ({ kind: 'failed', where: this.tap.name, why: 'no' }) as const;
  failure = () => this.why;
}

const open = (...children: readonly Played[]) => MergedCapture.open('tcpdump', 'of a test', children);
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

test('packets come in the order in which they arrive, each from its interface', async () => {
  const [one, two] = [new Played('one', { received: 2, dropped: 1 }), new Played('two', { received: 1, dropped: 4 })];
  one.begin();
  two.begin(113);
  const merged = await open(one, two);
  const capture = await openCapture('-', { source: merged });
  expect(capture.interfaces).toMatchObject([
    { name: 'one', linkType: 1, filter: 'udp', snapLength: 500 },
    { name: 'two', linkType: 113, filter: 'udp', snapLength: 500 },
  ]);
  const reading = rowsOf(capture);
  for (const [child, number] of [
    [one, 1],
    [two, 2],
    [one, 3],
  ] as const) {
    child.packet(number);
    await turn();
    await turn();
  }
  merged.stop();
  const rows = await reading;
  expect(
    rows.map(([number, , bytes, wire, seconds, nanos, from]) => [number, bytes, wire, seconds, nanos, from]),
  ).toEqual([
    [1, '01010101', 9, 1, 1, 0],
    [2, '02020202', 9, 1, 2, 1],
    [3, '03030303', 9, 1, 3, 0],
  ]);
  expect(await merged.ended).toBeUndefined();
  expect(merged.counts()).toEqual({ received: 3, dropped: 5 });
  const statistics = capture.log.events.filter((event) => event.type === 'statistics');
  expect(statistics).toMatchObject([
    { interfaceId: 0, received: 2, dropped: 1 },
    { interfaceId: 1, received: 1, dropped: 4 },
  ]);
});

test('what one does not know is unknown of all', async () => {
  const merged = await open(new Played('one', { received: 2 }).begin(), new Played('two', { dropped: 1 }).begin());
  expect(merged.counts()).toEqual({});
  await merged.close();
});

test('when one ends, all do, and it is told which', async () => {
  const [one, two] = [new Played('one').begin(), new Played('two').begin()];
  const merged = await open(one, two);
  two.end('the interface went away');
  expect(await merged.ended).toBe('two: the interface went away');
  expect(one.stops).toBeGreaterThan(0);
});

test('if one cannot begin, none does', async () => {
  const [one, two] = [new Played('one').begin(), new Played('two')];
  const opening = open(one, two);
  two.end();
  await expect(opening).rejects.toEqual(new CaptureRefused({ kind: 'failed', where: 'two', why: 'no' }));
  expect([one.stops, one.source.isClosed]).toEqual([1, true]);
});

test('nothing is read of who captures while much waits', async () => {
  const one = new Played('one').begin();
  const merged = await open(one);
  const record = pcapRecord({ seconds: 1, nanos: 1, bytes: new Uint8Array(60_000), wire: 60_000 }, true);
  for (let count = 0; count < 400; count++) one.source.push(record);
  for (let turns = 0; turns < 2000; turns++) await turn();
  const taken = 400 - one.source.waiting;
  // Some four megabytes, and what is on its way.
  expect(taken).toBeGreaterThan(60);
  expect(taken).toBeLessThan(90);
  const into = new Uint8Array(8 * 1024 * 1024);
  let size = 0;
  one.source.end();
  for (let count = await merged.read(into); count > 0; count = await merged.read(into)) {
    size += count;
    one.stop();
  }
  expect(size).toBeGreaterThan(400 * 60_000);
});
