import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ControlReader, controlMessage } from '../../analyzer/extcap/control.js';
import { handshark, PROGRAM } from '../built-program.js';
import { RunningProgram, textOf } from '../running-program.js';
import { tsharkVersion } from './tshark.js';

const version = tsharkVersion();
const home = mkdtempSync(join(tmpdir(), 'handshark-extcap-'));
afterAll(() => rmSync(home, { recursive: true }));

const bin = join(home, 'bin');
const env = { ...process.env, HOME: home, XDG_CONFIG_HOME: join(home, '.config'), PATH: `${bin}:${process.env.PATH}` };
const extcap = (...words: readonly string[]) =>
  spawnSync(process.execPath, [PROGRAM, 'extcap', ...words], { env, encoding: 'utf8', timeout: 100_000 });

/** What tshark prints; its complaints are left to whoever asks. */
const tshark = (...words: readonly string[]) =>
  spawnSync('tshark', ['-n', ...words], { env, encoding: 'utf8', timeout: 100_000 });

/** A command in place of ssh: it notes its words, and sends a capture, or refuses. */
const SSH = `#!/bin/sh
printf '%s\\n' "$@" > '${join(home, 'ssh-words')}'
case "$*" in *closed*) echo 'Permission denied (publickey).' >&2; exit 255;; esac
cat '${resolve('fixtures/wrap.pcap')}'
`;

/** The packets of a capture file, as they are. */
const bytesOf = (file: string): string =>
  execFileSync(process.execPath, [PROGRAM, 'decode', '-x', '-e', 'frame.number', file], { encoding: 'utf8' });
const jsonOf = (command: string, file: string): readonly Record<string, unknown>[] =>
  execFileSync(process.execPath, [PROGRAM, command, '-T', 'json', file], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

beforeAll(() => {
  mkdirSync(bin);
  writeFileSync(join(bin, 'ssh'), SSH, { mode: 0o755 });
});

describe('beside tshark', { timeout: 120_000 }, () => {
  test('install puts the interfaces where tshark lists them, remove takes them away', ({ skip }) => {
    if (version === undefined) skip('tshark is not installed');
    expect(extcap('status')).toMatchObject({ status: 1, stderr: expect.stringContaining('not installed') });
    const installed = extcap('install');
    expect([installed.stderr, installed.status]).toEqual(['', 0]);
    const [first = '', ...asked] = installed.stdout.trim().split('\n');
    const path = first.replace('installed ', '');
    expect(path.startsWith(home)).toBe(true);
    expect(asked.map((line) => line.split(/ +/, 2).join(' '))).toEqual([
      'hs_peer ok',
      'hs_simulate ok',
      'hs_ssh ok',
      'hs_replay ok',
    ]);
    const listed = tshark('-D').stdout;
    for (const name of ['hs_peer', 'hs_simulate', 'hs_ssh', 'hs_replay'])
      expect(listed).toContain(`. ${name} (Handshark: `);

    chmodSync(path, 0o644);
    expect(extcap('status')).toMatchObject({ status: 1, stderr: expect.stringContaining('it may not be run') });
    expect(extcap('install').status).toBe(0);
  });

  test('a simulated network is captured, with secrets that judge its cookies', ({ skip }) => {
    if (version === undefined) skip('tshark is not installed');
    const file = join(home, 'simulated.pcapng');
    const { status, stderr } = tshark('-i', 'hs_simulate', '-o', 'extcap.hs_simulate.seed:7', '-w', file);
    expect(stderr).not.toMatch(/invalid type|Error/);
    expect(status).toBe(0);
    const channels = jsonOf('channels', file);
    expect(channels).toHaveLength(3);
    for (const channel of channels) expect(channel).toMatchObject({ cookie1_status: 'valid', cookie2_status: 'valid' });
  });

  test('another machine is captured on, with filter and secrets, by the words that ssh gets', ({ skip }) => {
    if (version === undefined) skip('tshark is not installed');
    const file = join(home, 'remote.pcapng');
    const secrets = resolve('fixtures/demo.secrets');
    const given = ['-o', 'extcap.hs_ssh.remotehost:me@box', '-o', `extcap.hs_ssh.secrets:${secrets}`];
    const { status } = tshark('-i', 'hs_ssh', ...given, '-f', "udp port 4242 or host '::1'", '-w', file);
    expect(status).toBe(0);
    expect(readFileSync(join(home, 'ssh-words'), 'utf8').split('\n').slice(0, -1)).toEqual([
      '-o',
      'BatchMode=yes',
      '--',
      'me@box',
      `tcpdump -U -w - 'udp port 4242 or host '\\''::1'\\'''`,
    ]);
    expect(bytesOf(file)).toBe(bytesOf('fixtures/wrap.pcap'));
    expect(readFileSync(file, 'latin1')).toContain(readFileSync(secrets, 'latin1'));
    const closed = tshark('-i', 'hs_ssh', '-o', 'extcap.hs_ssh.remotehost:closed');
    expect(closed.stderr).toContain('cannot capture: closed: ssh ended with 255: Permission denied (publickey).');
  });
});

/** A UDP port that was free just now. */
const freePort = (): Promise<number> =>
  new Promise((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => done(typeof address === 'object' && address ? address.port : 0));
    });
  });

/** A named pipe, which a test reads or writes. */
function pipe(name: string): string {
  const path = join(home, name);
  execFileSync('mkfifo', [path]);
  return path;
}

const capturing = (...words: readonly string[]): RunningProgram =>
  new RunningProgram(['env', `PATH=${bin}:${process.env.PATH}`, ...handshark('extcap', '--capture', ...words)], '');

describe('as Wireshark starts them', { timeout: 120_000 }, () => {
  test('a peer whose packets and secrets go to a pipe, until it is told to end', async () => {
    const fifo = pipe('peer');
    const reader = new RunningProgram(['cat', fifo], '');
    const out = pipe('control-out');
    const heard = new RunningProgram(['cat', out], '');
    const port = await freePort();
    const peer = capturing(
      '--extcap-interface',
      'hs_peer',
      '--listen',
      `127.0.0.1:${port}`,
      '--fifo',
      fifo,
      '--echo',
      '--extcap-control-out',
      out,
    );
    await heard.wrote(`127.0.0.1:${port}`);
    const client = new RunningProgram([...handshark('peer', 'connect', `127.0.0.1:${port}`)], 'hello');
    expect(textOf(await client.ended())).toBe('hello');
    const { status, err } = await peer.stop();
    expect([status, err]).toEqual([0, '']);
    const { out: bytes } = await reader.ended();
    const [message] = new ControlReader().took((await heard.stop()).out);
    // The status bar
    expect(message?.command).toBe(6);
    const file = join(home, 'peer.pcapng');
    writeFileSync(file, bytes);
    expect(jsonOf('channels', file)).toMatchObject([{ cookie2_status: 'valid' }]);
  });

  test('a replay keeps packets and secrets, and stands still while the toolbar holds it', async () => {
    const [fifo, inward, outward] = [pipe('replay'), pipe('replay-in'), pipe('replay-out')];
    const reader = new RunningProgram(['cat', fifo], '');
    const heard = new RunningProgram(['cat', outward], '');
    const replay = capturing(
      ...['--extcap-interface', 'hs_replay', '--file', 'fixtures/demo.pcapng', '--speed', '50', '--fifo', fifo],
      ...['--extcap-control-in', inward, '--extcap-control-out', outward],
    );
    // Opens once the capture has its end.
    const control = openSync(inward, 'w');
    const pause = (payload: number) =>
      writeSync(control, controlMessage({ control: 0, command: 1, payload: Uint8Array.of(payload) }));
    pause(1);
    await heard.wrote('held before packet');
    pause(0);
    const { status, err } = await replay.ended();
    expect([status, err]).toEqual([0, '']);
    const file = join(home, 'replayed.pcapng');
    writeFileSync(file, (await reader.ended()).out);
    closeSync(control);
    await heard.stop();
    expect(jsonOf('channels', file)).toEqual(jsonOf('channels', 'fixtures/demo.pcapng'));
    expect(bytesOf(file)).toBe(bytesOf('fixtures/demo.pcapng'));
  });

  test('a capture that ends damaged is told after what could be read; a reader that goes away ends one without a word', async () => {
    const file = join(home, 'cut.pcapng');
    const words = ['--extcap-interface', 'hs_replay', '--speed', 'top'];
    const cut = await capturing(...words, '--file', 'fixtures/cut-record.pcap', '--fifo', file).ended();
    expect(cut).toMatchObject({
      status: 1,
      err: expect.stringMatching(/^handshark: damaged capture: fixtures\/cut-record.pcap: .*\n$/),
    });
    expect(bytesOf(file)).not.toBe('');
    const fifo = pipe('left');
    const reader = new RunningProgram(['head', '-c', '40', fifo], '');
    const left = capturing(
      '--extcap-interface',
      'hs_replay',
      '--file',
      'fixtures/demo.pcapng',
      '--speed',
      '10',
      '--fifo',
      fifo,
    );
    await reader.ended();
    expect(await left.ended()).toMatchObject({ status: 0, err: '' });
  });
});

test('somebody else’s file is neither overwritten nor removed', () => {
  const dir = join(home, 'theirs');
  mkdirSync(dir);
  writeFileSync(join(dir, 'handshark'), 'theirs');
  for (const what of ['install', 'remove', 'status']) {
    expect(extcap(what, '--dir', dir)).toMatchObject({
      status: 1,
      stdout: '',
      stderr: expect.stringContaining('not ours'),
    });
  }
  expect(readdirSync(dir)).toEqual(['handshark']);
  expect(readFileSync(join(dir, 'handshark'), 'utf8')).toBe('theirs');
});

test('what was installed is removed again', { timeout: 120_000 }, ({ skip }) => {
  if (version === undefined) skip('tshark is not installed');
  expect(extcap('remove').stdout).toMatch(/^removed .*\/extcap\/handshark\n$/);
  expect(extcap('remove').stdout).toContain('nothing to remove');
});
