import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { seeded } from '../../../crafter/seeded.js';
import { MODES } from '../../../dissectors/channel/capabilities.js';
import { running } from '../../analyzer/commands/running.js';
import { handshark, hasIpv6, listener, Program, talk, textOf } from './peers.js';

const folder = mkdtempSync(join(tmpdir(), 'handshark-peer-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Bytes of every value, the same for the same seed. */
function noise(size: number, seed = 1): Uint8Array {
  const whole = seeded(seed).bytes(65_536);
  return Uint8Array.from({ length: size }, (_, at) => (whole[at & 0xffff] ?? 0) ^ (at >>> 16));
}

const isSame = (one: Uint8Array, other: Uint8Array): boolean => Buffer.compare(one, other) === 0;

describe('netcat', () => {
  test('what goes in at one end comes out at the other, and both end with 0', async () => {
    // The listener's input stays open: the end of the other side ends it.
    const { listener, connector } = await talk({ connectorSays: 'hello' });
    expect([listener.status, textOf(listener)]).toEqual([0, 'hello']);
    expect([connector.status, textOf(connector)]).toEqual([0, '']);
    const id = /channel ([0-9a-f]{8}) established with ([0-9a-f]{32}) at 127\.0\.0\.1:\d+: mode tcp/.exec(listener.err);
    // The first 16 bytes of the SHA-256 of "connector".
    expect(id?.[2]).toBe('c08c6acfff81cafe379f88061e6b71bf');
    expect(connector.err).toContain(`channel ${id?.[1]} established with c4c05d40a8c3ebc0eb0c4edcff5d4e99`);
    expect(listener.err).toMatch(/ended: done; sent 0 bytes in \d+ packets .* received 5 bytes in \d+ packets/);
    expect(connector.err).toMatch(/ended: done; sent 5 bytes in \d+ packets .* received 0 bytes in \d+ packets/);
  });

  test('both sides may talk, and each is heard to its end', async () => {
    const [one, other] = [noise(300_000, 1), noise(200_000, 2)];
    const { listener, connector } = await talk({ connectorSays: one, listenerSays: other });
    expect([listener.status, connector.status]).toEqual([0, 0]);
    expect(isSame(listener.out, one)).toBe(true);
    expect(isSame(connector.out, other)).toBe(true);
  });

  test('no input at all is an empty conversation', async () => {
    const { listener, connector } = await talk({ connectorSays: '', listenerSays: '' });
    expect([listener.status, textOf(listener), connector.status, textOf(connector)]).toEqual([0, '', 0, '']);
  });

  test('a listener whose input is over hears a connector that takes its time', async () => {
    const { program, address } = await listener([], '');
    const connector = new Program(['peer', 'connect', address]);
    await connector.said(/established/);
    connector.child.stdin?.write('one ');
    await program.wrote(4);
    connector.child.stdin?.end('two');
    expect(textOf(await program.ended())).toBe('one two');
    expect((await connector.ended()).status).toBe(0);
  });

  test('a listener whose input was over before a channel began ends its direction after the other one', async () => {
    const { program, address } = await listener(['-k'], '');
    // These expect that the listener says nothing of its own, until it answers CLOSE.
    const only = ['finalize-repeated', 'data-gap', 'close-answered'].flatMap((name) => ['--only', name]);
    const checked = await handshark(['check', address, ...only]);
    expect([checked.status, checked.err]).toEqual([0, '']);
    program.child.kill('SIGTERM');
    await program.ended();
  });

  test.each(MODES)('%s carries bytes', async (mode) => {
    const given = noise(20_000);
    const { listener, connector } = await talk({ connectorSays: given, connect: ['--mode', mode], listenerSays: '' });
    expect([listener.status, connector.status, listener.err, connector.err]).toEqual([
      0,
      0,
      expect.stringContaining(`mode ${mode}`),
      expect.stringContaining('ended: done'),
    ]);
    expect(isSame(listener.out, given)).toBe(true);
  });

  test.each(['hmac-newcaps', 'seqno', 'channeler'])('the dialect %s carries bytes', async (dialect) => {
    const words = ['--dialect', dialect];
    const given = { connectorSays: 'good day', listenerSays: '', listen: words, connect: words };
    const { listener, connector } = await talk(given);
    expect([listener.status, textOf(listener), connector.status]).toEqual([0, 'good day', 0]);
  });

  test('peers find each other by name and over IPv6', async ({ skip }) => {
    if (!(await hasIpv6())) skip('no IPv6 on the loopback');
    const words = { listen: ['--peer-id', 'bob'], connect: ['--peer-id', 'alice', '--remote-id', 'bob'] };
    const { listener, connector } = await talk({ ...words, host: '[::1]', connectorSays: 'hi', listenerSays: 'ho' });
    expect([listener.status, textOf(listener), connector.status, textOf(connector)]).toEqual([0, 'hi', 0, 'ho']);
    expect(listener.err).toMatch(/listening on \[::1\]:\d+ as 81b637d8fcd2c6da6359e6963113a117/);
  });

  test('a port alone listens on all addresses, and what comes over IPv4 is recorded as IPv4', async () => {
    const file = join(folder, 'mapped.pcapng');
    const all = new Program(['peer', 'listen', ':0', '-w', file], '');
    const [, port = ''] = await all.said(/listening on (?:\[::\]|0\.0\.0\.0):(\d+) as/);
    expect((await handshark(['peer', 'connect', `127.0.0.1:${port}`], 'hi')).status).toBe(0);
    expect(textOf(await all.ended())).toBe('hi');
    const { out } = await handshark(['decode', '-e', 'ip.src', '-e', 'ip.dst', '-c', '2', file]);
    expect(new TextDecoder().decode(out)).toBe('127.0.0.1\t0.0.0.0\n0.0.0.0\t127.0.0.1\n');
  });

  test('early data goes both ways with the handshake', async () => {
    const file = join(folder, 'early.pcapng');
    const { listener, connector } = await talk({
      connectorSays: 'early bird',
      listenerSays: 'early worm',
      listen: ['--early-data'],
      connect: ['--early-data', '-w', file],
    });
    expect([listener.status, textOf(listener), connector.status, textOf(connector)]).toEqual([
      0,
      'early bird',
      0,
      'early worm',
    ]);
    const messages = textOf(await handshark(['decode', file, '-T', 'fields', '-e', 'chan.msg.type'])).split('\n');
    expect(messages.slice(0, 2)).toEqual(['CHANNEL_NEW', 'CHANNEL_ACKNOWLEDGE']);
    expect(messages.filter((types) => /^CHANNEL_COOKIE,DATA/.test(types)).length).toBeGreaterThanOrEqual(2);
    expect(messages).not.toContain('CHANNEL_FINALIZE');
  });

  test('several channels each carry the whole input', async () => {
    const { listener, connector } = await talk({
      connectorSays: 'abc',
      connect: ['--channels', '3'],
      listenerSays: '',
    });
    expect([listener.status, textOf(listener), connector.status]).toEqual([0, 'abcabcabc', 0]);
    expect(connector.err.match(/ended: done/g)).toHaveLength(3);
  });

  test('a listener that keeps serving ends when it is told to', async () => {
    const { program, address } = await listener(['-k'], '');
    for (const word of ['one', 'two']) expect((await handshark(['peer', 'connect', address], word)).status).toBe(0);
    await program.wrote(6);
    program.child.kill('SIGTERM');
    const { status, out } = await program.ended();
    expect([status, new TextDecoder().decode(out)]).toEqual([0, 'onetwo']);
  });

  test('a signal ends a channel as the end of its input does', async () => {
    const { program, address } = await listener();
    const connector = new Program(['peer', 'connect', address]);
    await connector.said(/established/);
    connector.child.stdin?.write('last words');
    await program.wrote(10);
    connector.child.kill('SIGINT');
    expect((await connector.ended()).status).toBe(0);
    const { status, out } = await program.ended();
    expect([status, new TextDecoder().decode(out)]).toEqual([0, 'last words']);
  });
});

test('who reads the output may go away: the peer ends with 0, and the other one is told', async () => {
  const { program, address } = await listener();
  const connector = new Program(['peer', 'connect', address], noise(5_000_000));
  await program.wrote(1);
  program.child.stdout?.destroy();
  expect((await program.ended()).status).toBe(0);
  const { status, err } = await connector.ended();
  expect([status, err]).toEqual([1, expect.stringContaining('ended: loss, by the other peer')]);
});

test('a connector with more to say learns soon that the listener was killed', async () => {
  const { program, address } = await listener([], '');
  const connector = new Program(['peer', 'connect', address]);
  await connector.said(/established/);
  program.child.kill('SIGKILL');
  await program.ended();
  connector.child.stdin?.write('is anybody there?');
  const { status, err } = await connector.ended();
  expect([status, err]).toEqual([1, expect.stringContaining('ended: loss, by us')]);
  // Giving up takes 8 sendings; the system says after the first that nobody is there.
  expect(Number(/\((\d+) resent/.exec(err)?.[1])).toBeLessThan(4);
});

describe('a bad network', () => {
  const bad = (seed: number) => ['--loss', '5%', '--reorder', '5%', '--duplicate', '1%', '--seed', String(seed)];

  test('10 MB arrive whole in tcp', { timeout: 60_000 }, async () => {
    const given = noise(10_000_000);
    const { listener, connector } = await talk({
      connectorSays: given,
      listenerSays: '',
      listen: bad(1),
      connect: bad(2),
    });
    expect([listener.status, connector.status]).toEqual([0, 0]);
    expect(isSame(listener.out, given)).toBe(true);
    expect(Number(/\((\d+) resent/.exec(connector.err)?.[1])).toBeGreaterThan(100);
  });

  test('a gap that stays open ends a channel in y with the reason loss, and 1', async () => {
    const { listener, connector } = await talk({
      connectorSays: noise(200_000),
      connect: ['--mode', 'y', '--loss', '20%', '--seed', '3'],
    });
    expect([listener.status, connector.status]).toEqual([1, 1]);
    expect(listener.err).toContain('ended: loss, by us');
  });

  test('the same seed loses the same packets', async () => {
    const run = async () => {
      const words = ['--mode', 'udp', '--loss', '0.2', '--seed', '7', '--secret', '00', '--delay', '1'];
      const { listener } = await talk({ connectorSays: noise(50_000), listenerSays: '', connect: words });
      return listener.out;
    };
    const [one, other] = await Promise.all([run(), run()]);
    expect(one.length).toBeGreaterThan(0);
    expect(one.length).toBeLessThan(50_000);
    expect(isSame(one, other)).toBe(true);
  });
});

describe('a slow reader', () => {
  test('slows the sender down, and memory stays flat', { timeout: 60_000 }, async () => {
    const { program, address } = await listener([], '');
    program.child.stdout?.pause();
    const connector = new Program(['peer', 'connect', address]);
    const input = connector.child.stdin;
    const block = noise(1_000_000);
    let written = 0;
    // What a pipe does not take at once it takes when someone reads: here, nobody does after a while.
    const isTaken = () =>
      new Promise<boolean>((resolve) => {
        const timer = setTimeout(() => resolve(false), 3000);
        input?.write(block, () => {
          clearTimeout(timer);
          resolve(true);
        });
      });
    while (written < 64 && (await isTaken())) written += 1;
    // Two windows, two pipes, and what the two peers hold between them: far less than is offered.
    expect(written).toBeLessThan(8);
    program.child.stdout?.resume();
    input?.end();
    const [heard, said] = await Promise.all([program.ended(), connector.ended()]);
    expect([heard.status, said.status, heard.out.length]).toEqual([0, 0, (written + 1) * block.length]);
  });
});

describe('mistakes', () => {
  test('a peer that nobody answers says so in one line', async () => {
    // A port that was free a moment ago.
    const { program, address } = await listener();
    program.child.kill('SIGTERM');
    await program.ended();
    const { status, err, out } = await handshark(['peer', 'connect', address], 'x');
    expect([status, err, out.length]).toEqual([1, `handshark: cannot connect: ${address}: connection refused\n`, 0]);
  });

  test('a wrong id is answered by nobody: the attempt fails when its time is over', { timeout: 30_000 }, async () => {
    const { program, address } = await listener();
    const { status, err } = await handshark(['peer', 'connect', address, '--remote-id', 'somebody'], 'x');
    expect([status, err]).toEqual([1, `handshark: cannot connect: ${address}: no answer\n`]);
    program.child.kill('SIGTERM');
    // It was to have a channel, and had none.
    expect((await program.ended()).status).toBe(1);
  });

  test('an address in use is told in one line', async () => {
    const { program, address } = await listener();
    const { status, err } = await handshark(['peer', 'listen', address]);
    expect([status, err]).toEqual([1, `handshark: cannot listen: ${address}: address already in use\n`]);
    program.child.kill('SIGTERM');
    await program.ended();
  });

  test.each([
    ['no port', ['connect', '127.0.0.1'], 'bad address: 127.0.0.1: expected HOST:PORT'],
    ['a word for a port', ['listen', '127.0.0.1:http'], 'bad address: 127.0.0.1:http: expected HOST:PORT'],
    ['a port too high', ['connect', '127.0.0.1:65536'], 'bad address: 127.0.0.1:65536: expected HOST:PORT'],
    ['a port alone to connect to', ['connect', ':4242'], 'bad address: :4242: expected HOST:PORT'],
    ['no address', ['connect', '300.0.0.1:4242'], 'bad address: 300.0.0.1:4242: expected HOST:PORT'],
    ['IPv6 without brackets', ['connect', '::1:4242'], 'with the host in brackets: [::1]:4242'],
    ['port 0', ['connect', '127.0.0.1:0'], 'nothing can be reached at port 0'],
    ['an empty id', ['connect', '127.0.0.1:4242', '--peer-id', ''], 'expected 32 hex digits, or a name'],
    ['the own id', ['connect', '127.0.0.1:4242', '--peer-id', 'listener'], 'this peer has that id itself'],
    ['an unknown mode', ['connect', '127.0.0.1:4242', '--mode', 'quic'], "argument 'quic' is invalid"],
    [
      'a mode that the dialect lacks',
      ['connect', '127.0.0.1:4242', '--dialect', 'channeler', '--mode', 'tcp'],
      'has only udp',
    ],
    ['a mode where none belongs', ['listen', '127.0.0.1:0', '--mode', 'tcp'], "unknown option '--mode'"],
    ['half a byte of secret', ['listen', '127.0.0.1:0', '--secret', 'abc'], 'even number of hex digits'],
    ['more than everything lost', ['listen', '127.0.0.1:0', '--loss', '1.5'], 'expected a part from 0 to 1'],
    ['a packet that nothing fits in', ['listen', '127.0.0.1:0', '--packet-size', '60'], 'from 128 to 65507'],
    ['neither listen nor connect', [], 'say listen or connect'],
  ])('%s is refused with 2', async (_, words, problem) => {
    const { status, complaints } = await running(['peer', ...words]);
    expect([status, complaints]).toEqual([2, [expect.stringContaining(problem)]]);
    expect(complaints.join()).not.toContain('\n');
  });

  test('a recording that cannot be written is told before anything is sent', async () => {
    const { status, err } = await handshark(['peer', 'listen', '127.0.0.1:0', '-w', join(folder, 'no', 'such')]);
    expect([status, err]).toEqual([
      1,
      expect.stringMatching(/^handshark: cannot write: .*: no such file or directory\n$/),
    ]);
  });
});

describe('a recording', () => {
  test('holds all packets and the own secrets: every cookie is valid', async () => {
    const [one, other] = [join(folder, 'one.pcapng'), join(folder, 'other.pcapng')];
    const secrets = join(folder, 'peers.secrets');
    writeFileSync(
      secrets,
      'PEER_SECRET c4c05d40a8c3ebc0eb0c4edcff5d4e99 0b0b\nPEER_SECRET c08c6acfff81cafe379f88061e6b71bf 0c0c\n',
    );
    await talk({
      connectorSays: noise(30_000),
      listenerSays: 'x',
      listen: ['-w', one, '--secret', '0b0b'],
      connect: ['-w', other, '--secret', '0c0c'],
    });
    const rows = async (...words: readonly string[]) =>
      textOf(await handshark(['channels', '-T', 'json', ...words]))
        .trim()
        .split('\n')
        .map((line) => {
          const { state, mode, cookie1_status, cookie2_status } = JSON.parse(line);
          return [state, mode, cookie1_status, cookie2_status];
        });
    expect(await rows(one)).toEqual([['closed', 'tcp', 'echo-ok', 'valid']]);
    expect(await rows(other)).toEqual([['closed', 'tcp', 'valid', 'echo-ok']]);
    expect(await rows(one, '--secrets', secrets)).toEqual([['closed', 'tcp', 'valid', 'valid']]);
    const experts = await handshark(['decode', other, '-Y', 'expert.severity >= "warn"']);
    expect([experts.status, textOf(experts)]).toEqual([0, '']);
  });

  test('is a capture that Wireshark reads without complaint', async ({ skip }) => {
    try {
      execFileSync('tshark', ['--version'], { stdio: 'ignore' });
    } catch {
      skip('tshark is not installed');
    }
    for (const host of (await hasIpv6()) ? ['127.0.0.1', '[::1]'] : ['127.0.0.1']) {
      const file = join(folder, `${host.length}.pcapng`);
      await talk({ connectorSays: noise(5000), listenerSays: '', host, listen: ['-w', file, '--packet-size', '333'] });
      const checks = ['-o', 'ip.check_checksum:TRUE', '-o', 'udp.check_checksum:TRUE'];
      const fields = ['-e', 'udp.checksum.status', '-e', 'udp.length', '-e', '_ws.expert'];
      const lines = execFileSync('tshark', ['-n', '-r', file, ...checks, '-T', 'fields', ...fields], { stdio: 'pipe' })
        .toString()
        .trim()
        .split('\n');
      const ours = textOf(await handshark(['decode', file, '-T', 'fields', '-e', 'udp.length']))
        .trim()
        .split('\n');
      expect(lines.map((line) => line.trimEnd().split('\t'))).toEqual(ours.map((length) => ['1', length]));
    }
  });
});

test('--log json tells every decision, one object a line', async () => {
  const { listener } = await talk({
    connectorSays: noise(100_000),
    listenerSays: '',
    listen: ['--log', 'json', '--loss', '0.1', '--seed', '5'],
  });
  const lines = listener.err
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines[0]).toMatchObject({ qlog_format: 'NDJSON', trace: { common_fields: { time_format: 'relative' } } });
  expect(lines[1]).toMatchObject({
    name: 'listening',
    data: { text: expect.stringContaining('listening on 127.0.0.1:') },
  });
  const names = lines.map(({ name }) => name);
  expect(names).toContain('acknowledged');
  expect(names).toContain('channel_established');
  expect(lines.at(-1)).toMatchObject({
    name: 'channel_ended',
    channel: expect.stringMatching(/^[0-9a-f]{8}$/),
    data: { reason: 'done' },
  });
  const times = lines.slice(1).map(({ time }) => time);
  expect(times).toEqual([...times].sort((one, other) => one - other));
});

test('secrets are replaced while channels come and go', async () => {
  const file = join(folder, 'rotated.pcapng');
  const { program, address } = await listener(['-k', '--secret-rotate', '0.3', '-w', file], '');
  for (const word of ['a', 'b', 'c']) expect((await handshark(['peer', 'connect', address], word)).status).toBe(0);
  program.child.kill('SIGTERM');
  expect((await program.ended()).status).toBe(0);
  const rows = textOf(await handshark(['channels', '-T', 'json', file]))
    .trim()
    .split('\n');
  expect(rows.map((row) => JSON.parse(row).cookie2_status)).toEqual(['valid', 'valid', 'valid']);
});
