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
import { type Cost, median, run } from './measure.js';
import { peerBench } from './peer-bench.js';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    packets: { type: 'string', default: '1000000' },
    only: { type: 'string' },
  },
});
const rounds = Number(values.rounds);
const packets = Number(values.packets);

const PARTS = ['files', 'filters', 'rows', 'peer', 'handshakes', 'flood', 'craft', 'live'];
const wanted = values.only?.split(',') ?? PARTS;
for (const part of wanted) if (!PARTS.includes(part)) throw new Error(`no part ${part}: there are ${PARTS.join(', ')}`);

const FOLDER = 'bench-data';
const SECRETS = `${FOLDER}/bench.secrets`;
const PROGRAM = 'dist/handshark.js';

/** One program on one file. */
interface Contender {
  readonly name: string;
  readonly command: readonly string[];
}

const has = (tool: string): boolean => {
  try {
    execFileSync('sh', ['-c', `command -v ${tool}`], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

function captureOf(mix: Mix): string {
  const path = `${FOLDER}/${mix}-${packets}.pcap`;
  if (!existsSync(path)) makeCapture(path, packets, mix);
  return path;
}

/** Runs contenders in turn, so that a machine that slows down slows them all; prints medians and ratios to the first. */
async function race(title: string, contenders: readonly Contender[]): Promise<void> {
  console.log(`\n${title}`);
  const costs = new Map<string, Cost[]>(contenders.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const { name, command } of contenders) costs.get(name)?.push(await run(command));
  }
  const first = medianOf(costs.get(contenders[0]?.name ?? '') ?? []);
  for (const { name } of contenders) {
    const { wall, cpu, memory } = medianOf(costs.get(name) ?? []);
    const ratio = (first.wall / wall).toFixed(3);
    const line = `${wall.toFixed(2).padStart(8)} s ${cpu.toFixed(2).padStart(8)} s cpu ${(memory / 1e6).toFixed(0).padStart(6)} MB`;
    console.log(`  ${name.padEnd(36)}${line}   ours/this ${ratio}`);
  }
}

const medianOf = (costs: readonly Cost[]): Omit<Cost, 'status'> => ({
  wall: median(costs.map(({ wall }) => wall)),
  cpu: median(costs.map(({ cpu }) => cpu)),
  memory: median(costs.map(({ memory }) => memory)),
});

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

const tool = (name: string, title: string, command: readonly string[]): readonly Contender[] =>
  has(name) ? [{ name: title, command: [name, ...command] }] : [];

mkdirSync(FOLDER, { recursive: true });
writeFileSync(SECRETS, benchSecrets());
for (const mix of wanted.includes('files') ? (['bulk', 'handshakes'] as const) : []) {
  const path = captureOf(mix);
  console.log(`\n== ${path}: ${packets} packets, ${(statSync(path).size / 1e6).toFixed(0)} MB, ${rounds} rounds`);
  compareCounts(path);
  const ours = (name: string, ...args: readonly string[]): Contender => ({
    name: `handshark ${name}`,
    command: ['node', PROGRAM, ...args],
  });
  await race('index with dissection, checksums, tracking and cookie verdicts', [
    ours('channels', 'channels', path, '--secrets', SECRETS),
    ...tool('capinfos', 'capinfos -c', ['-c', path]),
    ...tool('tshark', 'tshark -n -r', ['-n', '-r', path]),
  ]);
  if (mix === 'handshakes') continue;
  await race('text list', [
    ours('decode', 'decode', path),
    ...tool('tcpdump', 'tcpdump -nn -r', ['-nn', '-r', path]),
    ...tool('tshark', 'tshark -n -r', ['-n', '-r', path]),
  ]);
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
console.log(`\n${readFileSync('/proc/cpuinfo', 'utf8').match(/model name.*/)?.[0] ?? 'processor unknown'}`);
