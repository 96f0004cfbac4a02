/**
 * `npm run bench [-- --rounds N] [-- --packets N] [-- --only PART,PART]`: makes captures, runs this program and every
 * peer tool that is installed on the same files, in turn, several times, and prints medians and ratios. It compares the
 * counts that they report. It never fails on time: these numbers are to be read.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { craftBench } from './craft-bench.js';
import { filterBench } from './filter-bench.js';
import { firstRows } from './first-rows.js';
import { floodBench } from './flood-bench.js';
import { handshakeBench } from './handshake-bench.js';
import { liveBench } from './live-bench.js';
import { benchSecrets, type Mix, makeCapture } from './make-capture.js';
import { outputBench, startBench } from './output-bench.js';
import { peerBench } from './peer-bench.js';
import { has, ours, PROGRAM, race, tool } from './race.js';
import { uiBench } from './ui-bench.js';
import { uiLiveBench } from './ui-live-bench.js';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    packets: { type: 'string', default: '1000000' },
    only: { type: 'string' },
  },
});
const rounds = Number(values.rounds);
const packets = Number(values.packets);

const PARTS = [
  'files',
  'output',
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

const FOLDER = 'bench-data';
const SECRETS = `${FOLDER}/bench.secrets`;
/** Packets of the capture that is printed as JSON several times: other programs take minutes for more. */
const SMALL = 100_000;

function captureOf(mix: Mix, count = packets): string {
  const path = `${FOLDER}/${mix}-${count}.pcap`;
  if (!existsSync(path)) makeCapture(path, count, mix);
  return path;
}

/** The packets that each program counts in a file: all must be equal. */
function compareCounts(path: string): void {
  const ours = execFileSync('node', [PROGRAM, 'decode', path, '-T', 'fields', '-e', 'frame.number'], {
    maxBuffer: 1 << 30,
  }).toString();
  const counts = [`ours ${ours.trimEnd().split('\n').length}`];
  if (has('capinfos')) {
    const told = execFileSync('capinfos', ['-M', '-c', path]).toString();
    counts.push(`capinfos ${/packets\D+(\d+)/.exec(told)?.[1]}`);
  }
  console.log(`packets: ${counts.join(', ')}`);
}

mkdirSync(FOLDER, { recursive: true });
writeFileSync(SECRETS, benchSecrets());
for (const mix of wanted.includes('files') ? (['bulk', 'handshakes'] as const) : []) {
  const path = captureOf(mix);
  console.log(`\n== ${path}: ${packets} packets, ${(statSync(path).size / 1e6).toFixed(0)} MB, ${rounds} rounds`);
  compareCounts(path);
  const index = [
    ours('channels', 'channels', path, '--secrets', SECRETS),
    ...tool('capinfos', 'capinfos -c', ['-c', path]),
    ...tool('tshark', 'tshark -n -r', ['-n', '-r', path]),
  ];
  await race('index with dissection, checksums, tracking and cookie verdicts', index, rounds);
}
if (wanted.includes('output')) {
  console.log(`\n== what is printed of ${packets} packets`);
  await outputBench(captureOf('bulk'), captureOf('bulk', Math.min(packets, SMALL)), FOLDER, rounds);
}
if (wanted.includes('start')) {
  console.log('\n== start');
  await startBench(captureOf('bulk', 10), rounds);
}
if (wanted.includes('filters')) {
  console.log('\n== filters over the columns of an index');
  console.log(await filterBench(captureOf('bulk'), rounds));
}
if (wanted.includes('rows')) {
  console.log('\n== first rows on screen, 160x50');
  console.log(await firstRows(captureOf('bulk'), rounds));
}
if (wanted.includes('peer')) await peerBench(PROGRAM, FOLDER, rounds);
if (wanted.includes('handshakes')) handshakeBench(rounds);
if (wanted.includes('flood')) floodBench();
if (wanted.includes('craft')) craftBench(rounds);
if (wanted.includes('live')) await liveBench(PROGRAM);
if (wanted.includes('hour'))
  console.log(`\n== an hour of live traffic on the screen, 5,000 packets/s\n${await uiLiveBench()}`);
if (wanted.includes('ui')) await uiBench(PROGRAM, captureOf('bulk'), rounds);
console.log(`\n${readFileSync('/proc/cpuinfo', 'utf8').match(/model name.*/)?.[0] ?? 'processor unknown'}`);
