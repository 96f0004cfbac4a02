/**
 * `npm run bench [-- --only PART,PART] [--mix MIX,MIX] [--packets N] [--rounds N] [--seed N] [--write]`: makes captures, runs
 * this program and every peer tool that is installed on the same files, in turn, several times, and prints medians and
 * ratios. It compares what they print. It never fails on time: these numbers are to be read. `--write` puts those of the
 * mixes into `docs/performance.md`.
 */
import { randomInt } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { benchSecrets } from './conversation.js';
import { craftBench } from './craft-bench.js';
import { filterBench } from './filter-bench.js';
import { firstRows } from './first-rows.js';
import { floodBench } from './flood-bench.js';
import { handshakeBench } from './handshake-bench.js';
import { liveBench } from './live-bench.js';
import { machine } from './machine.js';
import { mixBench } from './mix-bench.js';
import { type Measured, worstLines } from './mix-ratios.js';
import { captureOf, FOLDER, isMix, MIXES } from './mixes.js';
import { filteredBench, startBench } from './output-bench.js';
import { peerBench } from './peer-bench.js';
import { withFigures } from './performance-page.js';
import { PROGRAM } from './race.js';
import { uiBench } from './ui-bench.js';
import { uiLiveBench } from './ui-live-bench.js';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    packets: { type: 'string', default: '1000000' },
    only: { type: 'string' },
    mix: { type: 'string' },
    seed: { type: 'string' },
    write: { type: 'boolean', default: false },
  },
});
const rounds = Number(values.rounds);
const packets = Number(values.packets);
const seed = values.seed === undefined ? randomInt(1_000_000) : Number(values.seed);

const PARTS = [
  'mixes',
  'filtered',
  'start',
  'filters',
  'rows',
  'peer',
  'handshakes',
  'flood',
  'craft',
  'live',
  'hour',
  'ui',
];
const wanted = values.only?.split(',') ?? PARTS;
for (const part of wanted) if (!PARTS.includes(part)) throw new Error(`no part ${part}: there are ${PARTS.join(', ')}`);

const PAGE = 'docs/performance.md';

/** Races all on each mix that is wanted. */
async function mixes(): Promise<void> {
  const about = machine();
  const secrets = `${FOLDER}/bench.secrets`;
  writeFileSync(secrets, benchSecrets());
  const all: Measured[] = [];
  for (const name of values.mix?.split(',') ?? Object.keys(MIXES)) {
    if (!isMix(name)) throw new Error(`no mix ${name}: there are ${Object.keys(MIXES).join(', ')}`);
    all.push(await mixBench(name, { packets, rounds, seed, secrets }));
  }
  console.log(`\n== how many times as fast as its peers, at least`);
  for (const line of worstLines(all)) console.log(`  ${line}`);
  if (values.write) writeFileSync(PAGE, withFigures(readFileSync(PAGE, 'utf8'), all, { rounds, seed, machine: about }));
}

mkdirSync(FOLDER, { recursive: true });
if (wanted.includes('mixes')) await mixes();
if (wanted.includes('filtered')) {
  console.log(`\n== a filter over ${packets} packets`);
  await filteredBench(captureOf('bulk', packets), rounds);
}
if (wanted.includes('start')) {
  console.log('\n== start');
  await startBench(captureOf('bulk', 10), rounds);
}
if (wanted.includes('filters')) {
  console.log('\n== filters over the columns of an index');
  console.log(await filterBench(captureOf('bulk', packets), rounds));
}
if (wanted.includes('rows')) {
  console.log('\n== first rows on screen, 160x50');
  console.log(await firstRows(captureOf('bulk', packets), rounds));
}
if (wanted.includes('peer')) await peerBench(PROGRAM, FOLDER, rounds);
if (wanted.includes('handshakes')) handshakeBench(rounds);
if (wanted.includes('flood')) floodBench();
if (wanted.includes('craft')) craftBench(rounds);
if (wanted.includes('live')) await liveBench(PROGRAM);
if (wanted.includes('hour'))
  console.log(`\n== an hour of live traffic on the screen, 5,000 packets/s\n${await uiLiveBench()}`);
if (wanted.includes('ui')) {
  for (const mix of ['bulk', 'many'] as const) await uiBench(PROGRAM, captureOf(mix, packets), rounds);
}
console.log(`\n${machine().join('\n')}`);
