import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { LOOK, YES } from '../../../analyzer/filter/answer.js';
import { filterRuns, planLeaf } from '../../../analyzer/filter/columns.js';
import { type Filter, readFilter } from '../../../analyzer/filter/compile.js';
import { PacketIndex } from '../../../analyzer/index/packet-index.js';
import { replay } from '../../../analyzer/index/replay.js';
import { RowCursor } from '../../../analyzer/index/row-cursor.js';
import { FIXTURES, indexed, secretsBeside, streamed } from '../pipeline/pipeline.js';

/** What people ask of channels and of what carries them; most of it columns know. */
const OWN: readonly string[] = readFileSync(new URL('./column-filters.txt', import.meta.url), 'utf8')
  .split('\n')
  .filter(Boolean);

/** The legal filters that are compared with Wireshark's, whatever they are about. */
const WIRESHARK: readonly string[] = readFileSync(new URL('./wireshark-table.txt', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('illegal'))
  .map((line) => line.slice(line.indexOf('\t') + 1));

const FILTERS: readonly Filter[] = [...OWN, ...WIRESHARK].map((text) => readFilter(text));

/** Of the filters that are compared with Wireshark's a fixture is asked a third, all of them by three fixtures. */
const asked = (fixture: number): readonly Filter[] =>
  FILTERS.filter((_, place) => place < OWN.length || (place + fixture) % 3 === 0);

test.each(FIXTURES)('columns of %s never tell what its packets would not', async (name) => {
  const { secrets } = await streamed(`fixtures/${name}`, secretsBeside(name), new Set());
  const capture = await indexed(`fixtures/${name}`, secrets, 13);
  const count = capture.index.length;
  const packets = Array.from({ length: count }, (_, row) => replay(capture, row + 1));
  const wrong: string[] = [];
  for (const { text, checked, passes } of asked(FIXTURES.indexOf(name))) {
    const answers = new Uint8Array(count);
    const fill = filterRuns(checked, capture);
    // Rows are answered in several steps, as they are while others wait.
    const half = count >> 1;
    for (const run of capture.index.runs(1, half)) fill(run, answers);
    for (const run of capture.index.runs(half + 1, count)) fill(run, answers.subarray(half));
    for (const [row, packet] of packets.entries()) {
      if (answers[row] !== LOOK && (answers[row] === YES) !== passes(packet)) wrong.push(`${text}: packet ${row + 1}`);
    }
  }
  await capture.close();
  expect(wrong).toEqual([]);
});

test('columns answer for each row of common filters, but where a packet has several of its layers', async () => {
  const name = 'demo.pcapng';
  const { secrets } = await streamed(`fixtures/${name}`, secretsBeside(name), new Set());
  const capture = await indexed(`fixtures/${name}`, secrets);
  const several = readFilter('icmp or icmpv6 or chan#2').passes;
  const left = OWN.flatMap((text) => {
    const answers = new Uint8Array(capture.index.length);
    for (const run of capture.index.runs(1, answers.length))
      filterRuns(readFilter(text).checked, capture)(run, answers);
    const open = [...answers.keys()].filter((row) => answers[row] === LOOK && !several(replay(capture, row + 1)));
    return open.length === 0 ? [] : [`${text}: ${open}`];
  });
  await capture.close();
  expect(left).toEqual([]);
});

test('a test that needs a layer or a message leaves open only packets that have them', async () => {
  const capture = await indexed('fixtures/demo.pcapng');
  const openTo = (text: string) => {
    const answers = new Uint8Array(capture.index.length);
    for (const run of capture.index.runs(1, answers.length))
      filterRuns(readFilter(text).checked, capture)(run, answers);
    return [...answers.keys()].filter((row) => answers[row] === LOOK).map((row) => row + 1);
  };
  const passing = (text: string) => {
    const { passes } = readFilter(text);
    const numbers = Array.from({ length: capture.index.length }, (_, row) => row + 1);
    return numbers.filter((number) => passes(replay(capture, number)));
  };
  expect(openTo('chan.cookie1 contains 00')).toEqual(passing('chan.msg.type in {NEW, ACKNOWLEDGE}'));
  expect(openTo('ipv6.flow > 0')).toEqual(passing('ipv6'));
  expect(openTo('chan.cookie1 contains 00 and frame.number > 4')).toEqual(
    passing('chan.msg.type in {NEW, ACKNOWLEDGE} and frame.number > 4'),
  );
  expect(openTo('chan.cookie1 contains 00 or frame.number > 4').every((number) => number <= 4)).toBe(true);
  await capture.close();
});

test('a plan says what columns answer', () => {
  const source = { index: new RowCursor(new PacketIndex()), interfaces: [], comments: new Map() };
  const originOf = (text: string) => {
    const { checked } = readFilter(text);
    if (checked?.kind !== 'compare' && checked?.kind !== 'exists' && checked?.kind !== 'contains')
      throw new Error(text);
    return planLeaf(checked, source).origin;
  };
  expect(originOf('udp.port == 53')).toBe('columns');
  expect(originOf('tcp')).toBe('columns');
  expect(originOf('tcp.flags.syn == 1')).toBe('columns and packets');
  expect(originOf('frame contains "x"')).toBe('packets');
});
