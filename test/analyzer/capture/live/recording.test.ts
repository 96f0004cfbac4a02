import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { afterAll, afterEach, expect, test } from 'vitest';
import { handshark } from '../../../built-program.js';
import { makeNetwork, type Network, namespacesMissing } from '../../../net/namespaces.js';
import { type RunningProgram, textOf } from '../../../running-program.js';
import { has, makeFolder, readCapture } from '../files.js';
import { capturing, outcomeOf, saidBy, sending, until } from './capturing.js';

const folder = makeFolder();
const missing = namespacesMissing() ?? (has('dumpcap') ? undefined : 'dumpcap is not installed');
let network: Network | undefined;
afterEach(async () => {
  await network?.remove();
  network = undefined;
});
afterAll(() => folder.remove());

const cable = () => {
  network = makeNetwork(2);
  return network.join(0, 1);
};

/** The numbers in the datagrams of some files, one after the other. */
async function numbersIn(files: readonly string[]): Promise<readonly number[]> {
  const numbers: number[] = [];
  for (const file of files) {
    const { rows, damage } = await readCapture(file);
    expect(damage).toBeUndefined();
    // Behind the headers of Ethernet, IPv4 and UDP.
    numbers.push(...rows.map(([, , bytes]) => Number.parseInt(bytes.slice(84, 92), 16)));
  }
  return numbers;
}

const countTo = (end: number, from = 0): readonly number[] =>
  Array.from({ length: end - from }, (_, index) => from + index);

/** The files of a ring buffer, in the order of their numbers. */
const filesIn = (path: string): readonly string[] =>
  readdirSync(path)
    .sort()
    .map((name) => `${path}/${name}`);

test('a ring buffer of twenty files keeps the newest packets, each file whole', async ({ skip }) => {
  if (missing) skip(missing);
  const [near, far] = cable();
  const ring = folder.path('ring');
  mkdirSync(ring);
  const conditions = ['-b', 'packets:10', '-b', 'files:20', '-b', `printname:${folder.path('names')}`];
  const words = ['-i', near.name, '-f', 'udp port 4545', '-c', '295', ...conditions, '-w', `${ring}/t.pcapng`];
  const program = await capturing(near.namespace, 'capture', ...words);
  const [{ status, err }] = await Promise.all([program.ended(), sending(near, far, 320)]);
  expect(status).toBe(0);
  expect(outcomeOf({ err }).at(-1)).toMatch(/^295 packets captured, 0 dropped on \S+, in 30 files$/);
  const files = filesIn(ring);
  expect(files.map((file) => /_(\d{5})_\d{14}\.pcapng$/.exec(file)?.[1])).toEqual(
    countTo(31, 11).map((number) => String(number).padStart(5, '0')),
  );
  // Twenty files, the last of them with the five that were left.
  expect(await numbersIn(files)).toEqual(countTo(295, 100));
  const names = readFileSync(folder.path('names'), 'utf8').split('\n').slice(0, -1);
  expect(names).toHaveLength(30);
  expect(names.slice(10)).toEqual(files);
});

test('files go on after so many bytes, and the capture ends after so many files', async ({ skip }) => {
  if (missing) skip(missing);
  const [near, far] = cable();
  const ring = folder.path('sizes');
  mkdirSync(ring);
  const conditions = ['-b', 'filesize:20', '-a', 'files:3', '-b', 'nametimenum:1'];
  const words = ['-i', near.name, '-f', 'udp port 4545', ...conditions, '-w', `${ring}/t.pcap`];
  const program = await capturing(near.namespace, 'capture', ...words);
  const [{ status }] = await Promise.all([program.ended(), sending(near, far, 300, { size: 1000 })]);
  expect(status).toBe(0);
  const files = filesIn(ring);
  expect(files.map((file) => /t_\d{14}_(\d{5})\.pcap$/.exec(file)?.[1])).toEqual(['00001', '00002', '00003']);
  // A header of 24 bytes, and records of 16 bytes and a frame of 1042: the first that reaches 20,000 bytes is the last.
  expect(files.map((file) => statSync(file).size)).toEqual([20_126, 20_126, 20_126]);
  expect(await numbersIn(files)).toEqual(countTo(57));
});

test('a signal completes a file, the next begins with the next packet, Ctrl-C ends all with counts', async ({
  skip,
}) => {
  if (missing) skip(missing);
  const [near, far] = cable();
  const parts = folder.path('parts');
  mkdirSync(parts);
  const words = ['-i', near.name, '-f', 'udp port 4545', '-w', `${parts}/t.pcapng`];
  const program = await capturing(near.namespace, 'capture', ...words);
  await sending(near, far, 3);
  await until('packets are on disk', async () => (await readCapture(`${parts}/t.pcapng`)).rows.length === 3);
  process.kill(pidOf(program), 'SIGUSR1');
  await until('the file is complete', () => !hasOpen(program, `${parts}/t.pcapng`));
  expect(readdirSync(parts)).toEqual(['t.pcapng']);
  await sending(near, far, 4);
  const { status, err } = await program.stop('SIGINT');
  expect(status).toBe(0);
  expect(outcomeOf({ err })).toEqual([
    `capturing on ${near.name} with dumpcap, to ${parts}/t.pcapng`,
    `7 packets captured, 0 dropped on ${near.name}, in 2 files`,
  ]);
  const [first = '', second = ''] = filesIn(parts);
  expect(second).toMatch(/t_00002_\d{14}\.pcapng$/);
  expect(await numbersIn([first])).toEqual(countTo(3));
  expect(await numbersIn([second])).toEqual(countTo(4));
});

/** Whether a program has a file open. */
const hasOpen = (program: RunningProgram, path: string): boolean => {
  const folder = `/proc/${pidOf(program)}/fd`;
  return readdirSync(folder).some((fd) => existsSync(`${folder}/${fd}`) && readlinkSync(`${folder}/${fd}`) === path);
};

/** `ip netns exec` becomes the program. */
const pidOf = (program: RunningProgram): number => program.child.pid ?? 0;

test('where no file can be created nothing is captured, and one line says so', async ({ skip }) => {
  if (missing) skip(missing);
  const [near] = cable();
  const file = folder.path('nowhere/t.pcapng');
  const { status, err } = await near.namespace.start(handshark('capture', '-i', near.name, '-w', file), '').ended();
  expect(saidBy({ err })).toEqual([`cannot write: ${file}: no such file`]);
  expect(status).toBe(1);
});

test('a full disk is told in one line, and the file ends with a whole packet', async ({ skip }) => {
  if (missing) skip(missing);
  const [near, far] = cable();
  const disk = folder.path('disk');
  mkdirSync(disk);
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', disk]);
  try {
    const file = `${disk}/t.pcapng`;
    const program = await capturing(near.namespace, 'capture', '-i', near.name, '-f', 'udp', '-w', file);
    const [{ status, err }] = await Promise.all([program.ended(), sending(near, far, 400, { size: 977 })]);
    expect(saidBy({ err }).at(-1)).toBe(`cannot write: ${file}: no space left on the device`);
    expect(status).toBe(1);
    const numbers = await numbersIn([file]);
    // A block of a packet has 1052 bytes; what is not full is less than one more.
    expect(numbers).toEqual(countTo(numbers.length));
    expect(outcomeOf({ err }).at(-2)).toMatch(new RegExp(`^${numbers.length} packets captured, `));
    expect(statSync(file).size).toBeGreaterThan(64 * 1024 - 1052 - 4096);
  } finally {
    execFileSync('umount', [disk]);
  }
});

test('packets are printed while they are written, those that a filter passes', async ({ skip }) => {
  if (missing) skip(missing);
  const [near, far] = cable();
  const file = folder.path('printed.pcapng');
  const shown = ['-e', 'udp.length', '-Y', 'udp.length == 58'];
  const words = ['-i', near.name, '-f', 'udp port 4545', '-c', '7', '-w', file, ...shown];
  const program = await capturing(near.namespace, 'capture', ...words);
  await sending(near, far, 4);
  await sending(near, far, 3, { size: 50 });
  const run = await program.ended();
  expect(textOf(run)).toBe('58\n58\n58\n');
  expect((await readCapture(file)).rows).toHaveLength(7);
});

test('a capture goes to standard output, and its packets come at once', async ({ skip }) => {
  if (missing) skip(missing);
  const [near, far] = cable();
  // Of the engines, tcpdump and cap do not wait; dumpcap looks for packets four times a second.
  const words = ['-i', near.name, '-f', 'udp port 4545', '--engine', 'tcpdump', '-q', '-w', '-'];
  const program = near.namespace.start(handshark('capture', ...words));
  await program.wrote(100);
  const waits: number[] = [];
  let size = 0;
  let arrived = () => {};
  program.child.stdout.on('data', (bytes: Uint8Array) => {
    size += bytes.length;
    arrived();
  });
  const asking = far.namespace.start([process.execPath, '-e', ASKED(far.ipv4, near.ipv4)]);
  await asking.said(/ready/);
  // Until five have come at once: most of those that wait do so only because the machine is busy.
  for (let sent = 0; sent < 40 && waits.filter((wait) => wait < 200).length < 5; sent++) {
    const came = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const start = performance.now();
    asking.child.stdin.write('\n');
    await came;
    waits.push(performance.now() - start);
  }
  await asking.stop('SIGKILL');
  expect((await program.stop('SIGINT')).status).toBe(0);
  expect(size).toBeGreaterThanOrEqual(5 * 96);
  expect(waits.filter((wait) => wait < 200)).toHaveLength(5);
}, 60_000);

/** Sends a datagram whenever it is asked to. */
const ASKED = (from: string, to: string) =>
  `const s = require('dgram').createSocket('udp4');
   process.stdin.on('data', () => s.send('x'.repeat(40), 4545, '${to}'));
   s.bind(0, '${from}', () => console.error('ready'));`;

test('a long capture takes no more memory, and disk as packets take it', async ({ skip }) => {
  if (missing) skip(missing);
  const [near, far] = cable();
  const file = folder.path('long.pcapng');
  const program = await capturing(near.namespace, 'capture', '-i', near.name, '-f', 'udp port 4545', '-w', file);
  const measured: (readonly [megabytes: number, size: number])[] = [];
  // Three times 10,000 packets, as fast as 5,000 a second.
  for (let round = 1; round <= 3; round++) {
    await sending(near, far, 10_000, { size: 300, pause: 2 });
    await until('all are on disk', () => statSync(file).size >= round * 10_000 * BLOCK);
    measured.push([residentOf(pidOf(program)), statSync(file).size]);
  }
  const { status, err } = await program.stop('SIGINT');
  expect(status).toBe(0);
  expect(outcomeOf({ err }).at(-1)).toBe(`30000 packets captured, 0 dropped on ${near.name}, in 1 file`);
  const [first, , last] = measured;
  if (!first || !last) return;
  expect(last[0] - first[0]).toBeLessThan(24);
  // Only the section and interface blocks come on top.
  expect(last[1] - 30_000 * BLOCK).toBe(first[1] - 10_000 * BLOCK);
}, 60_000);

/** Bytes of a block with a packet of 342 bytes. */
const BLOCK = 32 + 344;

/** What a process has in memory, in megabytes. */
const residentOf = (pid: number): number =>
  Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
