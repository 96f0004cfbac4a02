import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { handshark } from '../built-program.js';
import { RunningProgram, textOf } from '../running-program.js';
import { cableForEachTest, handsharkAt, withoutRights } from './cable.js';
import { cameIn, type Interface } from './namespaces.js';
import { rawFramesMissing } from './raw-frames.js';

const folder = mkdtempSync(join(tmpdir(), 'handshark-net-inject-'));
afterAll(() => rmSync(folder, { recursive: true }));

const missing = await rawFramesMissing();
const cable = cableForEachTest();

/** Captures what comes in, with tcpdump, until stopped; gives a capture file. */
async function capturing({ namespace, name }: Interface, filter = 'udp') {
  const program = namespace.start(['tcpdump', '-i', name, '-Q', 'in', '-U', '--immediate-mode', '-w', '-', filter], '');
  await program.said(/listening on/);
  return program;
}

const layersTo = ({ ipv4, mac }: Interface) => [
  ...['--layer', `eth:src=02:00:00:00:00:09,dst=${mac}`],
  ...['--layer', `ip:src=192.0.2.9,dst=${ipv4},ttl=3,checksum=0xbad`],
  ...['--layer', 'udp:srcport=7,dstport=4242,checksum=0xbad'],
];

describe('crafted frames', () => {
  test('arrive with forged addresses and checksums', async ({ skip }) => {
    if (missing) skip(missing);
    const [near, far] = cable();
    const capture = await capturing(far);
    const crafting = await handsharkAt(
      near,
      ...['craft', 'new', '--c1', '1a2b', '--from', 'mallory', ...layersTo(far), '-i', near.name, '--count', '3'],
    ).ended();
    expect(crafting).toMatchObject({ status: 0, err: '' });
    expect(textOf(crafting)).toBe('sent 3 packets, 131 bytes each\n');
    await capture.wrote(24 + 3 * (16 + 131));
    const { out } = await capture.stop('SIGINT');
    const fields = ['eth.src', 'ip.src', 'ip.dst', 'ip.ttl', 'ip.checksum', 'udp.checksum', 'chan.c1'];
    const words = ['decode', '-', '-E', 'header=n', ...fields.flatMap((field) => ['-e', field])];
    const decoded = await new RunningProgram(handshark(...words), out).ended();
    const line = ['02:00:00:00:00:09', '192.0.2.9', far.ipv4, '3', '0x0bad', '0x0bad', '1a2b'].join('\t');
    expect(textOf(decoded)).toBe(`${line}\n`.repeat(3));
  });
});

describe('frames of a capture', () => {
  /** A capture of one NEW from 10.0.0.1 to 10.0.0.2, crafted. */
  async function captureFile(link = 'eth:dst=ff:ff:ff:ff:ff:ff'): Promise<string> {
    const file = join(folder, `${link.split(':')[0]}.pcap`);
    const layers = ['--layer', link, '--layer', 'ip:src=10.0.0.1,dst=10.0.0.2', '--layer', 'udp:srcport=7,dstport=9'];
    const crafting = handshark('craft', 'new', '--c1', '1', ...layers, '-w', file);
    expect(await new RunningProgram(crafting, '').ended()).toMatchObject({ status: 0 });
    return file;
  }

  test('arrive at top speed, all of them', async ({ skip }) => {
    if (missing) skip(missing);
    const [near, far] = cable();
    const file = await captureFile();
    const before = cameIn(far);
    const run = await handsharkAt(near, 'inject', file, '-i', near.name, '--topspeed', '--loop', '20000').ended();
    expect(run).toMatchObject({ status: 0, err: '' });
    expect(textOf(run)).toMatch(/^sent 20000 packets, 2620000 bytes in \d/);
    expect(cameIn(far) - before).toBeGreaterThanOrEqual(20_000);
  });

  test('wait for an interface that is slower than they are', async ({ skip }) => {
    if (missing) skip(missing);
    const [near, far] = cable();
    const file = await captureFile();
    const slow = ['qdisc', 'add', 'dev', near.name, 'root', 'tbf', 'rate', '8mbit', 'burst', '5k', 'limit', '10k'];
    const shaping = await near.namespace.start(['tc', ...slow], '').ended();
    if (shaping.status !== 0) skip(`no slow interface can be made here: ${shaping.err}`);
    const before = cameIn(far);
    const run = await handsharkAt(near, 'inject', file, '-i', near.name, '--topspeed', '--loop', '2000').ended();
    expect(run).toMatchObject({ status: 0, err: '' });
    // What the interface has no room for at once is not lost: at 131 bytes each, that takes a quarter of a second.
    const waited = () => cameIn(far) - before >= 2000;
    for (let looks = 0; looks < 100 && !waited(); looks++);
    expect(waited()).toBe(true);
  });

  test.for([
    ['sll', 'Linux cooked'],
    ['null', 'BSD loopback'],
  ])('of another link type (%s) do not leave', async ([link = '', words = ''], { skip }) => {
    if (missing) skip(missing);
    const [near] = cable();
    const run = await handsharkAt(near, 'inject', await captureFile(link), '-i', near.name, '--topspeed').ended();
    expect(run).toMatchObject({
      status: 1,
      err: `handshark: inject: ${near.name}: frames of ${words} do not fit, the interface takes Ethernet\n`,
    });
  });

  /** Sends for ever, does something once frames have arrived, and tells how it ended. */
  async function sendingUntil(
    pace: readonly string[],
    happens: (near: Interface, program: RunningProgram) => void | Promise<void>,
  ) {
    const [near, far] = cable();
    const before = cameIn(far);
    const program = handsharkAt(near, 'inject', await captureFile(), ...['-i', near.name, '--loop', '0', ...pace]);
    for (let looks = 0; looks < 500 && cameIn(far) - before < 20; looks++);
    await happens(near, program);
    const run = await program.ended();
    return { ...run, text: textOf(run), near };
  }

  test.for([
    ['set down at top speed', ['--topspeed'], 'down'],
    ['set down between frames', ['--rate', '50'], 'down'],
    ['deleted at top speed', ['--topspeed'], 'delete'],
    ['deleted between frames', ['--rate', '50'], 'delete'],
  ] as const)('end with counts when the interface is %s', async ([, pace, what], { skip }) => {
    if (missing) skip(missing);
    const { status, text, err } = await sendingUntil(pace, ({ namespace, name }) => {
      if (what === 'down') namespace.ip('link', 'set', name, 'down');
      else namespace.ip('link', 'delete', name);
    });
    expect(text).toMatch(/^sent \d+ packets in \d+\.\d{3} s \(\d+ packets\/s\); not sent \d+\n$/);
    const why = '(network is down|no such device or address|the interface went down|the interface is gone)';
    expect(err).toMatch(new RegExp(`^handshark: inject: cable1a: \\d+ packets were not sent: ${why}\\n$`));
    expect(status).toBe(1);
  });

  test('end with counts when the process that sends is killed', async ({ skip }) => {
    if (missing) skip(missing);
    const { status, err } = await sendingUntil(['--topspeed'], async ({ namespace }, program) => {
      const pids = namespace.pids().filter((pid) => pid !== program.child.pid);
      for (const pid of pids) process.kill(pid, 'SIGKILL');
    });
    expect(err).toMatch(/: \d+ packets were not sent: the process that sends frames ended \(SIGKILL\)\n$/);
    expect(status).toBe(1);
  });

  test.for(['SIGINT', 'SIGTERM'] as const)(
    'end with counts on %s, with nobody left behind',
    async (signal, { skip }) => {
      if (missing) skip(missing);
      const { status, text, err, near } = await sendingUntil(['--topspeed'], ({ namespace }) => {
        // To the group, as Ctrl-C does.
        for (const pid of namespace.pids()) process.kill(pid, signal);
      });
      expect([status, err]).toEqual([0, '']);
      expect(text).toMatch(/^sent \d+ packets, \d+ bytes in /);
      expect(near.namespace.pids()).toEqual([]);
    },
  );

  test('leave nobody behind when the program is killed', async ({ skip }) => {
    if (missing) skip(missing);
    const { near } = await sendingUntil(['--topspeed'], (_, program) => void program.child.kill('SIGKILL'));
    const left = () => near.namespace.pids();
    for (let looks = 0; looks < 500 && left().length > 0; looks++) await new Promise(setImmediate);
    expect(left()).toEqual([]);
  });
});

describe('what is in the way is told in one line', () => {
  const layers = ['--layer', 'eth', '--layer', 'ip', '--layer', 'udp'];

  test('an interface that is down', async ({ skip }) => {
    if (missing) skip(missing);
    const [near] = cable();
    near.namespace.ip('link', 'set', near.name, 'down');
    const run = await handsharkAt(near, 'craft', 'new', ...layers, '-i', near.name).ended();
    expect(run).toMatchObject({ status: 1, err: 'handshark: craft: cable1a: the interface is down\n' });
  });

  test('no such interface', async ({ skip }) => {
    if (missing) skip(missing);
    const [near] = cable();
    const run = await handsharkAt(near, 'craft', 'new', ...layers, '-i', 'nosuch0').ended();
    expect(run).toMatchObject({ status: 1, err: 'handshark: craft: nosuch0: no such interface\n' });
  });

  test('no permission', async ({ skip }) => {
    if (missing) skip(missing);
    const [near] = cable();
    const run = await withoutRights(near, 'craft', 'new', ...layers, '-i', near.name);
    if (!run) skip('a user without rights cannot run the program here');
    expect(run).toMatchObject({
      status: 1,
      err: expect.stringMatching(
        /^handshark: craft: cable1a: not permitted; run as root, or allow it: sudo setcap cap_net_raw\+ep \S+; [^\n]*UDP\n$/,
      ),
    });
  });
});
