import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { handshark } from '../built-program.js';
import { RunningProgram, textOf } from '../running-program.js';
import { cableForEachTest, handsharkAt, withoutRights } from './cable.js';
import type { Interface } from './namespaces.js';
import { rawFramesMissing } from './raw-frames.js';

const folder = mkdtempSync(join(tmpdir(), 'handshark-net-run-'));
afterAll(() => rmSync(folder, { recursive: true }));

const missing = await rawFramesMissing();
const cable = cableForEachTest();

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const HANDSHAKE = file(
  'handshake.hs',
  `0.0 > new() -> c1
* < ack(id=c1..., cookie1=valid) -> id, cookie2
+0  > finalize(caps=tcp)
* < window(16)
`,
);
/** Waits long enough for whatever a test does meanwhile. */
const WAITING = file('waiting.hs', 'timeout 30\n0.0 > new() -> c1\n* < ack(id=c1...)\n* < close(loss)\n');
const WRONG = file('wrong.hs', '0.0 > new()\n* < close(loss)\n');

/** A peer that waits for channels on the far end. */
async function listening(far: Interface, address: string): Promise<RunningProgram> {
  const peer = handsharkAt(far, 'peer', 'listen', `${address}:4242`, '-k');
  await peer.said(/listening on/);
  return peer;
}

/** The option for an interface, and layers from an address that is nobody's. */
const from = ({ name }: Interface, eth: string, ip: string): readonly string[] => [
  '-i',
  name,
  ...['--layer', eth],
  ...['--layer', ip],
  ...['--layer', 'udp:srcport=7,dstport=4242'],
];

describe('a script on an interface', () => {
  test("shakes hands over IPv4 from an address that is nobody's", async ({ skip }) => {
    if (missing) skip(missing);
    const [near, far] = cable();
    const peer = await listening(far, far.ipv4);
    const record = join(folder, 'record.pcapng');
    const layers = from(near, 'eth', `ip:src=10.77.1.99,dst=${far.ipv4}`);
    const run = await handsharkAt(near, 'run', HANDSHAKE, '-w', record, ...layers).ended();
    expect([run.status, run.err]).toEqual([0, '']);
    // One of the frames asks for the Ethernet address of the peer.
    expect(textOf(run)).toMatch(/^# 3 frames sent on cable1a\nPASS .*handshake\.hs \([\d.]+ s\)\n$/);
    await peer.said(/established with \S+ at 10\.77\.1\.99:7: mode tcp/);
    const fields = ['-E', 'header=n', '-e', 'ip.src', '-e', 'chan.msg.type', '-e', 'chan.cookie1.status'];
    const decoded = await new RunningProgram(handshark('decode', record, ...fields), '').ended();
    expect(textOf(decoded).split('\n').slice(0, 2)).toEqual([
      '10.77.1.99\tCHANNEL_NEW\tvalid',
      `${far.ipv4}\tCHANNEL_ACKNOWLEDGE\tvalid`,
    ]);
  });

  test('shakes hands over IPv6', async ({ skip }) => {
    if (missing) skip(missing);
    const [near, far] = cable();
    const peer = await listening(far, `[${far.ipv6}]`);
    const layers = from(near, 'eth', `ipv6:src=fd77:1::99,dst=${far.ipv6}`);
    const run = await handsharkAt(near, 'run', HANDSHAKE, ...layers).ended();
    expect([run.status, run.err]).toEqual([0, '']);
    await peer.said(/established with \S+ at \[fd77:1::99\]:7: mode tcp/);
  });

  test.for([4, 6])('answers for its forged addresses, of IPv%i and Ethernet', async (version, { skip }) => {
    if (missing) skip(missing);
    const [near, far] = cable();
    await listening(far, version === 4 ? far.ipv4 : `[${far.ipv6}]`);
    // The Ethernet address of the peer is given, so the peer has heard of nobody before it asks.
    const [own, ip] =
      version === 4
        ? ['10.77.1.98', `ip:src=10.77.1.98,dst=${far.ipv4}`]
        : ['fd77:1::98', `ipv6:src=fd77:1::98,dst=${far.ipv6}`];
    const layers = from(near, `eth:src=02:00:00:00:00:09,dst=${far.mac}`, ip);
    const run = await handsharkAt(near, 'run', HANDSHAKE, ...layers).ended();
    expect([run.status, run.err]).toEqual([0, '']);
    expect(far.namespace.ip('neigh', 'show', own)).toContain('lladdr 02:00:00:00:00:09');
  });

  test('fails with the usual report if something else comes', async ({ skip }) => {
    if (missing) skip(missing);
    const [near, far] = cable();
    await listening(far, far.ipv4);
    const run = await handsharkAt(
      near,
      'run',
      WRONG,
      ...from(near, 'eth', `ip:src=10.77.1.99,dst=${far.ipv4}`),
    ).ended();
    expect(run.status).toBe(1);
    expect(run.err).toBe(`handshark: run: ${WRONG}:2: messages is not what was expected\n`);
    expect(textOf(run)).toMatch(
      /FAIL .*wrong\.hs:2: messages is not what was expected\n.*\n.*\n {4}expected {2}CHANNEL_CLOSE\n {4}actual {4}CHANNEL_ACK/,
    );
  });

  test('fails if nothing comes, since its checksum is wrong', async ({ skip }) => {
    if (missing) skip(missing);
    const [near, far] = cable();
    await listening(far, far.ipv4);
    const layers = from(near, 'eth', `ip:src=10.77.1.99,dst=${far.ipv4}`).with(
      -1,
      'udp:srcport=7,dstport=4242,checksum=0xbad',
    );
    const run = await handsharkAt(near, 'run', HANDSHAKE, '--timeout', '1', ...layers).ended();
    expect(run).toMatchObject({ status: 1, err: `handshark: run: ${HANDSHAKE}:2: nothing came\n` });
  });

  test('ends when the interface goes down, and says so', async ({ skip }) => {
    if (missing) skip(missing);
    const [near, far] = cable();
    const peer = await listening(far, far.ipv4);
    const program = handsharkAt(near, 'run', WAITING, ...from(near, 'eth', `ip:src=10.77.1.99,dst=${far.ipv4}`));
    await heard(peer, far);
    near.namespace.ip('link', 'set', near.name, 'down');
    const run = await program.ended();
    expect(run.status).toBe(1);
    expect(run.err).toMatch(/^handshark: run: .*waiting\.hs: 10\.77\.1\.2:4242: cable1a: the interface went down\n$/);
  });

  test('ends on Ctrl-C, with nobody left behind', async ({ skip }) => {
    if (missing) skip(missing);
    const [near, far] = cable();
    const peer = await listening(far, far.ipv4);
    const program = handsharkAt(near, 'run', WAITING, ...from(near, 'eth', `ip:src=10.77.1.99,dst=${far.ipv4}`));
    await heard(peer, far);
    const run = await program.stop('SIGINT');
    expect(run).toMatchObject({ status: 1, err: expect.stringMatching(/: interrupted\n$/) });
    expect(near.namespace.pids()).toEqual([]);
  });
});

/** Waits until the system there knows who sends: then the script plays. */
async function heard(peer: RunningProgram, { namespace }: Interface): Promise<void> {
  const knows = () => /10\.77\.1\.99 .*lladdr/.test(namespace.ip('neigh', 'show'));
  for (let looks = 0; looks < 5000 && !knows(); looks++) await new Promise(setImmediate);
  if (!knows()) throw new Error(`nobody has come: ${peer.err}`);
}

describe('what is in the way is told in one line', () => {
  const told = async (near: Interface, words: readonly string[]) => {
    const { status, err } = await handsharkAt(near, 'run', ...words).ended();
    return [status, err];
  };
  const near99 = (near: Interface, eth = 'eth') => from(near, eth, 'ip:src=10.77.1.99,dst=10.77.1.2');

  test('an interface that is not there, is down, or takes other frames', async ({ skip }) => {
    if (missing) skip(missing);
    const [near] = cable();
    const nowhere = { ...near, name: 'nosuch0' };
    expect(await told(near, [HANDSHAKE, ...near99(nowhere)])).toEqual([
      1,
      'handshark: run: nosuch0: no such interface\n',
    ]);
    const cooked = 'handshark: run: cable1a: frames of Linux cooked do not fit, the interface takes Ethernet\n';
    expect(await told(near, [HANDSHAKE, ...near99(near, 'sll')])).toEqual([1, cooked]);
    near.namespace.ip('link', 'set', near.name, 'down');
    const down = 'handshark: run: cable1a: the interface is down\n';
    expect(await told(near, [HANDSHAKE, ...near99(near)])).toEqual([1, down]);
  });

  test('nobody with the address', async ({ skip }) => {
    if (missing) skip(missing);
    const [near] = cable();
    const why =
      'nobody there has the address 10.77.1.3; give its Ethernet address, or that of the router: --layer eth:dst=…';
    const layers = from(near, 'eth', 'ip:src=10.77.1.99,dst=10.77.1.3');
    expect(await told(near, [HANDSHAKE, ...layers])).toEqual([1, `handshark: run: cable1a: ${why}\n`]);
  });

  test('nobody at the port', async ({ skip }) => {
    if (missing) skip(missing);
    const [near] = cable();
    const why = `handshark: run: ${HANDSHAKE}: 10.77.1.2:4242: port unreachable\n`;
    expect(await told(near, [HANDSHAKE, ...near99(near)])).toEqual([1, why]);
  });

  test('no permission', async ({ skip }) => {
    if (missing) skip(missing);
    const [near] = cable();
    const run = await withoutRights(near, 'run', '-', ...near99(near));
    if (!run) skip('a user without rights cannot run the program here');
    expect(run).toMatchObject({
      status: 1,
      err: expect.stringMatching(/^handshark: run: cable1a: not permitted; run as root, or allow it: [^\n]*\n$/),
    });
  });
});
