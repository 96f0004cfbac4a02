import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runsFor } from '../../../crafter/commands/simulate.js';
import { simulationFrom } from '../../../crafter/commands/simulate-options.js';
import { growSimulation, recordSimulation } from '../../../crafter/io/record-simulation.js';

let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'grow-'));
});

afterAll(() => rmSync(folder, { recursive: true }));

const runsOf = (line: string) => runsFor(simulationFrom(line.split(' ')));

test('a recording that grows has all at its end, and the rest at once when that is wanted', async () => {
  const runs = runsOf('--mode y --loss 0.2 --messages 40 --interval 1000');
  const [slow, whole] = [join(folder, 'slow.pcapng'), join(folder, 'whole.pcapng')];
  const ending = new AbortController();
  const grown = growSimulation(slow, runs, ending.signal);
  const began = readFileSync(slow).length;
  ending.abort();
  await grown;
  recordSimulation(whole, runs, true, process.stdout);
  expect(readFileSync(slow)).toEqual(readFileSync(whole));
  expect(began).toBeLessThan(readFileSync(whole).length);
});

test.each([
  ['--mod y', /unknown option '--mod' \(Did you mean --mode\?\)/],
  ['--loss 7', /'--loss <p>'/],
  ['-w x.pcapng', /--write: not here/],
  ['skip --loss 0.1', /--loss: skip: a claim says itself/],
  ['comparison', /no packets to show/],
  ['--messages 200000', /more than 100000 messages/],
  ['--help', /--help lists the options/],
])('a screen refuses "%s" in one line', (line, why) => {
  expect(() => runsOf(line)).toThrow(why);
});

test('a claim is one run or more', () => {
  expect(runsOf('xyz').map(({ plan }) => plan.mode)).toEqual(['x', 'y', 'z']);
});
