import { existsSync } from 'node:fs';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { handshark } from '../../../built-program.js';
import { makeNetwork, type Network, namespacesMissing } from '../../../net/namespaces.js';
import { textOf } from '../../../running-program.js';
import { has, makeFolder, readCapture } from '../files.js';
import { capturing, ENGINES, outcomeOf, processIn, saidBy, sending, until } from './capturing.js';

const folder = makeFolder();
afterAll(() => folder.remove());

const missing = namespacesMissing();
let network: Network | undefined;
afterEach(async () => {
  await network?.remove();
  network = undefined;
});

const cables = (count: number) => {
  const made = makeNetwork(2);
  network = made;
  return Array.from({ length: count }, () => made.join(0, 1));
};
const cable = () => {
  const [one] = cables(1);
  if (!one) throw new Error('no cable');
  return one;
};

/** Why an engine cannot be tried here. */
const lacks = (engine: string): string | undefined =>
  missing ?? (engine !== 'cap' && !has(engine) ? `${engine} is not installed` : undefined);

describe.each(ENGINES)('%s', (engine) => {
  test('a handshake is decoded live, and its cookies are judged', async ({ skip }) => {
    const lack = lacks(engine);
    if (lack) skip(lack);
    const [near, far] = cable();
    const secrets = folder.write('peers.secrets', 'PEER_SECRET * 0b0b\n');
    const fields = ['chan.msg.type', 'chan.cookie1.status', 'chan.cookie2.status'].flatMap((name) => ['-e', name]);
    const words = ['-i', near.name, '-f', 'udp port 4242', '--engine', engine, '--secrets', secrets, ...fields];
    const decoding = await capturing(near.namespace, 'decode', ...words);
    const peer = (role: string) => ['peer', role, `${far.ipv4}:4242`, '--secret', '0b0b'];
    const listening = far.namespace.start(handshark(...peer('listen')), '');
    await listening.said(/listening on/);
    await near.namespace.start(handshark(...peer('connect')), 'hello').ended();
    await listening.ended();
    const { status, err, out } = await decoding.stop('SIGINT');
    const lines = textOf({ status, err, out }).split('\n');
    expect(lines.slice(0, 3)).toEqual([
      'CHANNEL_NEW\tvalid\t',
      'CHANNEL_ACKNOWLEDGE\tvalid\tvalid',
      'CHANNEL_FINALIZE\t\tvalid',
    ]);
    expect(lines.filter((line) => line.startsWith('CHANNEL_CLOSE'))).toHaveLength(2);
    const drops = engine === 'cap' ? 'drops unknown' : '0 dropped';
    expect(saidBy({ err })).toEqual([
      `capturing on ${near.name} with ${engine}`,
      `${lines.length - 1} packets captured, ${drops} on ${near.name}`,
    ]);
    expect(status).toBe(0);
  });

  test('two interfaces are one capture', async ({ skip }) => {
    const lack = lacks(engine);
    if (lack) skip(lack);
    const [first, second] = cables(2);
    if (!first || !second) return;
    const file = folder.path(`two-${engine}.pcapng`);
    const names = [first[0].name, second[0].name] as const;
    const taps = ['-i', names[0], '-f', 'udp port 4545', '-i', names[1], '-f', 'udp port 4546'];
    const program = await capturing(first[0].namespace, 'capture', ...taps, '--engine', engine, '-w', file);
    await sending(...first, 3);
    await sending(...second, 4, { port: 4546 });
    // No packet for the other's filter.
    await sending(...second, 2, { port: 4545 });
    const { status } = await program.stop('SIGINT');
    expect(status).toBe(0);
    const listed = await first[0].namespace.start(handshark('decode', file, '-e', 'frame.interface_name'), '').ended();
    // Each interface has its own turn: which comes first is the engine's affair.
    const lines = textOf(listed).trimEnd().split('\n').sort();
    expect(lines).toEqual([...Array(3).fill(names[0]), ...Array(4).fill(names[1])].sort());
  });

  test('what cannot be captured is told before anything starts', async ({ skip }) => {
    const lack = lacks(engine);
    if (lack) skip(lack);
    const [near] = cable();
    const file = folder.path(`never-${engine}.pcapng`);
    const capture = async (...words: readonly string[]) => {
      const all = handshark('capture', '--engine', engine, '-w', file, ...words);
      const { status, err } = await near.namespace.start(all, '').ended();
      return [status, err];
    };
    // A wrong filter, in the words of libpcap.
    expect(await capture('-i', near.name, '-f', 'udp port')).toEqual([
      2,
      "handshark: bad capture filter: udp port: can't parse filter expression: syntax error\n",
    ]);
    expect(await capture('-i', 'nowhere')).toEqual([1, 'handshark: cannot capture: nowhere: no such interface\n']);
    near.namespace.ip('link', 'set', near.name, 'down');
    const down = `handshark: cannot capture: ${near.name}: the interface is down\n`;
    expect(await capture('-i', near.name)).toEqual([1, down]);
    expect(existsSync(file)).toBe(false);
  });

  test('an interface that goes down, comes back and is taken away', async ({ skip }) => {
    const lack = lacks(engine);
    if (lack) skip(lack);
    const [near, far] = cable();
    const file = folder.path(`down-${engine}.pcapng`);
    const words = ['-i', near.name, '-f', 'udp port 4545', '--engine', engine, '-w', file];
    const program = await capturing(near.namespace, 'capture', ...words);
    await sending(near, far, 5);
    await until('packets are on disk', () => onDisk(file, 5));
    near.namespace.ip('link', 'set', near.name, 'down');
    if (engine !== 'cap') {
      near.namespace.ip('link', 'set', near.name, 'up');
      await sending(near, far, 5);
      await until('more packets are on disk', () => onDisk(file, 10));
      near.namespace.ip('link', 'delete', near.name);
    }
    const { status, err } = await program.ended();
    // The library of cap cannot go on without the interface.
    const why = engine === 'cap' ? 'the interface went down' : 'the interface went away';
    expect(saidBy({ err }).at(-1)).toBe(`capture stopped: ${near.name}: ${why}`);
    expect(status).toBe(1);
    expect(await onDisk(file, engine === 'cap' ? 5 : 10)).toBe(true);
  });

  test('a process that is killed ends the capture, with all whole packets on disk', async ({ skip }) => {
    const lack = lacks(engine);
    if (lack) skip(lack);
    const [near, far] = cable();
    const file = folder.path(`killed-${engine}.pcapng`);
    const words = ['-i', near.name, '-f', 'udp port 4545', '--engine', engine, '-w', file];
    const program = await capturing(near.namespace, 'capture', ...words);
    await sending(near, far, 50);
    await until('packets are on disk', () => onDisk(file, 50));
    const child = await processIn(near.namespace, engine === 'cap' ? `node ${childScript()}` : engine);
    if (child === undefined) throw new Error('nothing captures');
    process.kill(child, 'SIGKILL');
    const { status, err } = await program.ended();
    expect(saidBy({ err }).at(-1)).toBe(`capture stopped: ${near.name}: ${engine} was killed (SIGKILL)`);
    expect(outcomeOf({ err }).at(-2)).toBe(`50 packets captured, drops unknown on ${near.name}, in 1 file`);
    expect(status).toBe(1);
    expect(await onDisk(file, 50)).toBe(true);
  });

  test('when the program is killed, what captured for it ends, and the file is whole', async ({ skip }) => {
    const lack = lacks(engine);
    if (lack) skip(lack);
    const [near, far] = cable();
    const file = folder.path(`orphan-${engine}.pcapng`);
    const words = ['-i', near.name, '-f', 'udp port 4545', '--engine', engine, '-w', file];
    const program = await capturing(near.namespace, 'capture', ...words);
    await sending(near, far, 50);
    await until('packets are on disk', () => onDisk(file, 50));
    const capturer = engine === 'cap' ? `node ${childScript()}` : engine;
    expect(await processIn(near.namespace, capturer)).toBeGreaterThan(0);
    await program.stop('SIGKILL');
    await until('the child has ended', async () => (await processIn(near.namespace, capturer)) === undefined);
    expect(await onDisk(file, 50)).toBe(true);
  });
});

/** Whether a file has so many packets, and no damage. */
async function onDisk(file: string, count: number): Promise<boolean> {
  const { rows, damage } = await readCapture(file);
  return rows.length === count && damage === undefined;
}

const childScript = (): string => handshark()[1]?.replace('handshark.js', 'cap-child.js') ?? '';
