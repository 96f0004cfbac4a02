import { mkdirSync, readdirSync } from 'node:fs';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { has, makeFolder, readCapture } from '../analyzer/capture/files.js';
import { capturing, ENGINES, outcomeOf, until } from '../analyzer/capture/live/capturing.js';
import { type RunningProgram, textOf } from '../running-program.js';
import { makeNetwork, type Namespace, type Network, namespacesMissing } from './namespaces.js';

/** What is kept in files, compared with what dumpcap keeps of the same packets under the same conditions. */

const folder = makeFolder();
afterAll(() => folder.remove());

const missing = namespacesMissing() ?? (has('dumpcap') ? undefined : 'dumpcap is not installed');
const lacks = (engine: string): string | undefined =>
  missing ?? (engine !== 'cap' && !has(engine) ? `${engine} is not installed` : undefined);

let network: Network | undefined;
afterEach(async () => {
  await network?.remove();
  network = undefined;
});

const namespace = (): Namespace => {
  network = makeNetwork(1);
  const [made] = network.namespaces;
  if (!made) throw new Error('no namespace');
  return made;
};

/** The bytes of a datagram; the first are its number. */
const SIZE = 20;
const PORT = 4242;
const capturingOn = (port: number): readonly string[] => ['-i', 'lo', '-f', `udp port ${port}`];
/** In MiB: enough, and many can have it. */
const BUFFER = ['-B', '16'];

/** Sends so many numbered datagrams at each line that it reads. */
const sends = (port: number) => `const s = require('dgram').createSocket('udp4');
  let number = 0;
  process.stdin.on('data', (words) => {
    let left = Number(words);
    const next = () => {
      for (let i = 0; i < 5 && left > 0; i++, left--) {
        const packet = Buffer.alloc(${SIZE});
        packet.writeUInt32BE(number++);
        s.send(packet, ${port}, '127.0.0.1');
      }
      if (left > 0) setTimeout(next, 1);
    };
    next();
  });
  s.on('error', () => {});
  s.bind(0, '127.0.0.1', () => console.error('ready'));`;

/** What sends datagrams on the loopback; `send(5)` sends five more. */
async function sender(at: Namespace, port = PORT): Promise<(count: number) => void> {
  const program = at.start([process.execPath, '-e', sends(port)]);
  await program.said(/ready/);
  return (count) => void program.child.stdin.write(`${count}\n`);
}

let folders = 0;
const newFolder = (): string => {
  const path = folder.path(`${folders++}`);
  mkdirSync(path);
  return path;
};

/** The numbers of the packets in each file of a folder, in the order of their names. */
async function packetsIn(path: string): Promise<readonly (readonly number[])[]> {
  const files: number[][] = [];
  for (const name of readdirSync(path).sort()) {
    const { rows, damage } = await readCapture(`${path}/${name}`);
    expect(damage).toBeUndefined();
    // Behind the headers of Ethernet, IPv4 and UDP.
    files.push(rows.map(([, , bytes]) => Number.parseInt(bytes.slice(84, 92), 16)));
  }
  return files;
}

/** A capture and the folder that it fills. */
interface Filling {
  readonly path: string;
  readonly program: RunningProgram;
}

async function dumpcap(at: Namespace, format: string, words: readonly string[], port = PORT): Promise<Filling> {
  const path = newFolder();
  const kind = format === 'pcap' ? '-P' : '-n';
  const program = at.start(['dumpcap', '-q', kind, ...capturingOn(port), ...words, '-w', `${path}/r.${format}`]);
  await program.said(/^File: /m);
  return { path, program };
}

async function handshark(at: Namespace, engine: string, format: string, words: readonly string[]): Promise<Filling> {
  const path = newFolder();
  const options = ['--engine', engine, ...BUFFER, ...capturingOn(PORT), ...words, '-w', `${path}/r.${format}`];
  return { path, program: await capturing(at, 'capture', '-P', '-e', 'udp.length', ...options) };
}

/** What dumpcap kept and counted. */
async function keptBy({ path, program }: Filling) {
  const { err } = await program.ended();
  return { files: await packetsIn(path), count: Number(/^Packets captured: (\d+)$/m.exec(err)?.[1]) };
}

/** The same of ours, which must have printed as many. */
async function keptByOurs({ path, program }: Filling) {
  const run = await program.ended();
  const count = Number(/^(\d+) packets? captured, /.exec(outcomeOf(run).at(-1) ?? '')?.[1]);
  const printed = textOf(run).split('\n').length - 1;
  expect([run.status, printed]).toEqual([0, count]);
  return { files: await packetsIn(path), count };
}

/** Conditions that so many packets meet. */
const PACKETS = 60;
const CONDITIONS = [
  '-a packets:40 -b packets:10 -b files:4',
  '-c 30 -b packets:15 -b files:1',
  '-c 33 -b packets:10 -b files:2',
  '-a files:3 -b packets:5',
  '-a files:3 -b packets:5 -b files:2',
  '-a filesize:1',
  '-a files:3 -b filesize:1',
  '-a packets:40 -b filesize:1 -b files:2',
  '-c 40 -a filesize:1 -b files:2',
  '-c 40 -b packets:10 -b filesize:1 -b duration:60',
];

describe.each(ENGINES)('%s', (engine) => {
  // The sizes of a pcap file are the same, whoever writes it; of pcapng, only the head that dumpcap made has the size of dumpcap's.
  const formats: readonly string[] = engine === 'dumpcap' ? ['pcapng', 'pcap'] : ['pcap'];
  test.for(formats)(
    'keeps, counts and prints the packets that dumpcap keeps, in the same files: %s',
    { timeout: 60_000 },
    async (format, { skip }) => {
      const lack = lacks(engine);
      if (lack) skip(lack);
      const at = namespace();
      const send = await sender(at);
      const words = CONDITIONS.map((conditions) => conditions.split(' '));
      const theirs = await Promise.all(words.map((each) => dumpcap(at, format, each)));
      const ours = await Promise.all(words.map((each) => handshark(at, engine, format, each)));
      send(PACKETS);
      const expected = await Promise.all(theirs.map(keptBy));
      const kept = await Promise.all(ours.map(keptByOurs));
      const named = (list: typeof kept) => Object.fromEntries(CONDITIONS.map((name, row) => [name, list[row]]));
      expect(named(kept)).toEqual(named(expected));
      expect(expected.every(({ count }) => count > 0 && count < PACKETS)).toBe(true);
    },
  );

  test('Ctrl-C at a full file begins no other, and the oldest stays', async ({ skip }) => {
    const lack = lacks(engine);
    if (lack) skip(lack);
    const at = namespace();
    const send = await sender(at);
    const filling = await handshark(at, engine, 'pcapng', ['-b', 'packets:10', '-b', 'files:2']);
    send(20);
    // The head of the first file comes with what the engine says first.
    const onDisk = () => packetsIn(filling.path).catch(() => []);
    await until('all are on disk', async () => (await onDisk()).flat().length === 20);
    filling.program.child.kill('SIGINT');
    const { files, count } = await keptByOurs(filling);
    expect([files.map(({ length }) => length), count]).toEqual([[10, 10], 20]);
  });

  test('an end in time begins no other file, and the oldest stays', async ({ skip }) => {
    const lack = lacks(engine);
    if (lack) skip(lack);
    const at = namespace();
    const words = ['-a', 'duration:3', '-b', 'duration:1.5', '-b', 'files:2'];
    // Each is sent its packets as soon as it captures: its time runs.
    const [expected, kept] = await Promise.all([
      (async () => {
        const send = await sender(at, PORT + 1);
        const filling = await dumpcap(at, 'pcapng', words, PORT + 1);
        send(5);
        return keptBy(filling);
      })(),
      (async () => {
        const send = await sender(at);
        const filling = await handshark(at, engine, 'pcapng', words);
        send(5);
        return keptByOurs(filling);
      })(),
    ]);
    // dumpcap begins a file though there is nothing to be written.
    const filled = ({ files }: typeof kept) => files.filter(({ length }) => length > 0);
    expect([filled(kept), kept.count]).toEqual([[[0, 1, 2, 3, 4]], 5]);
    expect([filled(expected), expected.count]).toEqual([filled(kept), kept.count]);
    expect(kept.files.at(-1)).not.toEqual([]);
  });
});
