import { type ChildProcess, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, existsSync, openSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { median } from './measure.js';

const MEGABYTE = 1e6;
/** What is sent to see how fast it goes, long enough that compiling counts little; and through a bad network. */
const SPEED = 400 * MEGABYTE;
const BAD = 100 * MEGABYTE;
/** A listener stops after this long without a packet, in milliseconds. */
const SILENCE = 500;

/** Two sockets without any protocol: what the system and Node can do. The receiver prints bytes and milliseconds. */
const RECEIVER = `
  const socket = require('node:dgram').createSocket({ type: 'udp4', recvBufferSize: 4 << 20 });
  let bytes = 0, first = 0, last = 0, timer;
  const end = () => { console.log(bytes, last - first, process.memoryUsage.rss()); socket.close(); };
  socket.on('message', (packet) => {
    last = performance.now();
    first ||= last;
    bytes += packet.length;
    timer ? timer.refresh() : (timer = setTimeout(end, ${SILENCE}));
  });
  socket.bind(0, '127.0.0.1', () => console.error(socket.address().port));`;
const SENDER = `
  const [port, size, total] = process.argv.slice(1).map(Number);
  const socket = require('node:dgram').createSocket({ type: 'udp4', sendBufferSize: 4 << 20 });
  const packet = Buffer.alloc(size);
  let left = Math.ceil(total / size);
  const go = () => {
    for (let burst = 0; burst < 32 && left > 0; burst++, left--) socket.send(packet);
    left > 0 ? setImmediate(go) : socket.close();
  };
  socket.connect(port, '127.0.0.1', go);`;

/** How fast something was, in MB/s of data, and the most memory that one process had, in bytes. */
interface Speed {
  readonly rate: number;
  readonly memory: number;
}

/** Prints how two peers do on the loopback, beside two bare sockets with packets of the same size, in turn. */
export async function peerBench(program: string, folder: string, rounds: number): Promise<void> {
  const file = noise(folder, SPEED);
  console.log(`\n== two peers over the loopback, mode tcp, ${SPEED / MEGABYTE} MB, ${rounds} rounds`);
  for (const size of [1200, 8192]) {
    const [bare, peers]: [Speed[], Speed[]] = [[], []];
    for (let round = 0; round < rounds; round++) {
      bare.push(await bareSockets(size));
      peers.push(await twoPeers(program, file, ['--packet-size', String(size)]));
    }
    const [base, ours] = [median(bare.map(({ rate }) => rate)), median(peers.map(({ rate }) => rate))];
    const memory = Math.max(...peers.map((one) => one.memory)) / MEGABYTE;
    console.log(
      `  packets of ${size} bytes: ${ours.toFixed(1)} MB/s, ${memory.toFixed(0)} MB of memory; bare sockets ${base.toFixed(1)} MB/s; ours/bare ${(ours / base).toFixed(2)}`,
    );
  }
  const bad = (seed: number) => ['--loss', '5%', '--reorder', '5%', '--duplicate', '1%', '--seed', `${seed}`];
  const [given, output] = [noise(folder, BAD), `${folder}/received`];
  const { rate, memory } = await twoPeers(program, given, bad(1), bad(2), output);
  const same = (await hashOf(given)) === (await hashOf(output));
  console.log(
    `  ${BAD / MEGABYTE} MB, 5 % lost, 5 % reordered, 1 % doubled: ${rate.toFixed(1)} MB/s, ${(memory / MEGABYTE).toFixed(0)} MB of memory, ${same ? 'intact' : 'DAMAGED'}`,
  );
}

/** A file of random bytes. */
function noise(folder: string, size: number): string {
  const file = `${folder}/noise-${size}`;
  if (!existsSync(file) || statSync(file).size !== size) writeFileSync(file, randomBytes(size));
  return file;
}

async function bareSockets(size: number): Promise<Speed> {
  const receiver = spawn(process.execPath, ['-e', RECEIVER], { stdio: ['ignore', 'pipe', 'pipe'] });
  const [, port = ''] = await said(receiver, /^(\d+)\n/);
  const printed = textOf(receiver.stdout);
  spawn(process.execPath, ['-e', SENDER, port, String(size), String(SPEED)], { stdio: 'ignore' });
  const [bytes = 0, ms = 1, memory = 0] = (await printed).trim().split(' ').map(Number);
  return { rate: bytes / MEGABYTE / (ms / 1000), memory };
}

/** From the line that tells of the channel to the one that tells of its end, at the side that receives. */
async function twoPeers(
  program: string,
  file: string,
  listen: readonly string[],
  connect: readonly string[] = listen,
  output?: string,
): Promise<Speed> {
  const sink = output === undefined ? 'ignore' : openSync(output, 'w');
  const words = [program, 'peer', 'listen', '127.0.0.1:0', ...listen];
  const listener = spawn(process.execPath, words, { stdio: ['ignore', sink, 'pipe'] });
  const memory = watched([listener]);
  const [, address = ''] = await said(listener, /listening on (\S+)/);
  const connector = spawn(process.execPath, [program, 'peer', 'connect', address, ...connect], {
    stdio: [openSync(file, 'r'), 'ignore', 'ignore'],
  });
  const ofConnector = watched([connector]);
  await said(listener, /established/);
  const start = performance.now();
  const [, bytes = ''] = await said(listener, /received (\d+) bytes/);
  const seconds = (performance.now() - start) / 1000;
  const all = statSync(file).size;
  if (Number(bytes) !== all) throw new Error(`${bytes} bytes arrived, not ${all}`);
  await new Promise((resolve) => listener.once('exit', resolve));
  return { rate: all / MEGABYTE / seconds, memory: Math.max(memory(), ofConnector()) };
}

/** Waits until a process has said something that matches on standard error. */
function said(child: ChildProcess, wanted: RegExp): Promise<RegExpExecArray> {
  let text = '';
  return new Promise((resolve, reject) => {
    const take = (more: Buffer) => {
      text += more;
      const found = wanted.exec(text);
      if (!found) return;
      child.stderr?.off('data', take);
      resolve(found);
    };
    child.stderr?.on('data', take);
    child.once('exit', (status) => reject(new Error(`ended with ${status}: ${text}`)));
  });
}

async function textOf(stream: AsyncIterable<Buffer>): Promise<string> {
  let text = '';
  for await (const piece of stream) text += piece;
  return text;
}

/** Looks at the memory of processes until they end; gives the most that one had. */
function watched(children: readonly ChildProcess[]): () => number {
  let most = 0;
  const timer = setInterval(() => {
    for (const { pid } of children) most = Math.max(most, peakOf(pid));
  }, 50);
  for (const child of children) child.once('exit', () => clearInterval(timer));
  return () => most;
}

function peakOf(pid: number | undefined): number {
  try {
    return 1024 * Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
