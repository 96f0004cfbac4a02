import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { afterAll, expect, test } from 'vitest';
import { makeFolder } from '../capture/files.js';

const folder = makeFolder();
afterAll(() => folder.remove());

/** The built program: `npm test` builds it first. */
const PROGRAM = 'dist/handshark.js';
const VLAN = 'fixtures/vlan.pcap';

const run = (words: readonly string[], input: string | Buffer = '') => {
  const { status, stdout, stderr } = spawnSync('node', [PROGRAM, ...words], { input, encoding: 'utf8' });
  return { status, stdout, stderr };
};

test('without a terminal the program prints what decode prints', () => {
  const plain = run([VLAN]);
  expect(plain).toMatchObject({ status: 0, stderr: '' });
  expect(plain.stdout).toBe(run(['decode', VLAN]).stdout);
});

test.each(['pipe', 'file'])('- reads standard input, from a %s', (kind) => {
  const from = run(['decode', '-T', 'json', VLAN]);
  const words = ['decode', '-T', 'json', '-'];
  if (kind === 'pipe') {
    expect(run(words, readFileSync(VLAN))).toEqual(from);
    return;
  }
  const { status, stdout } = spawnSync('sh', ['-c', `node ${PROGRAM} ${words.join(' ')} < ${VLAN}`], {
    encoding: 'utf8',
  });
  expect({ status, stdout }).toEqual({ status: 0, stdout: from.stdout });
});

test('secrets that come through a pipe judge as those of a file do', () => {
  const path = 'fixtures/two-interfaces.pcapng';
  const channels = (words: readonly string[], input?: Buffer) =>
    run(['channels', '-T', 'json', ...words], input).stdout;
  expect(channels(['-'], readFileSync(path))).toBe(channels([path]));
});

test('errors are one line with a status, and no stack', () => {
  expect(run(['decode', 'nowhere.pcap'])).toEqual({
    status: 1,
    stdout: '',
    stderr: 'handshark: cannot read: nowhere.pcap: no such file\n',
  });
  expect(run(['decode', '-e', 'ip.sorce', VLAN])).toEqual({
    status: 2,
    stdout: '',
    stderr: 'handshark: -e: ip.sorce: no such field; did you mean ip.src?\n',
  });
  expect(run(['decode', '-'])).toEqual({
    status: 1,
    stdout: '',
    stderr: 'handshark: cannot read: standard input: nothing came\n',
  });
});

test('a file name with escape sequences cannot reach the terminal', () => {
  const { stderr, status } = run(['decode', 'no\u001b[31mfile\nat all']);
  expect(stderr).toBe('handshark: cannot read: no·[31mfile·at all: no such file\n');
  expect(status).toBe(1);
});

test.each([
  ['decode', VLAN],
  ['decode', '-w', '-', VLAN],
  ['stats', 'io', VLAN],
  ['export', 'lua'],
  ['--version'],
  ['--help'],
])('a full disk is told in one line by %s %s', (...words) => {
  const { status, stderr } = spawnSync('sh', ['-c', 'exec node "$@" > /dev/full', 'sh', PROGRAM, ...words], {
    encoding: 'utf8',
  });
  expect(stderr).toBe('handshark: cannot write: standard output: no space left on the device\n');
  expect(status).toBe(1);
});

test.each(['--version', 'export lua'])('nobody need read what %s prints', (words) => {
  const script = `exec 3>&1; { node ${PROGRAM} ${words}; echo "status $?" >&3; } | exec 3>&- true`;
  const { stdout, stderr } = spawnSync('bash', ['-c', script], { encoding: 'utf8' });
  expect([stdout, stderr]).toEqual(['status 0\n', '']);
});

test('a reader that has had enough ends the program quietly', async () => {
  // More than any pipe holds: the same packets many times over.
  const header = readFileSync(VLAN).subarray(0, 24);
  const records = readFileSync(VLAN).subarray(24);
  const path = folder.write('long.pcap', Buffer.concat([header, ...Array.from({ length: 400 }, () => records)]));
  for (const words of [['decode', '-V'], ['decode', '-T', 'json'], ['decode']]) {
    const child = spawn('node', [PROGRAM, ...words, path], { stdio: ['ignore', 'pipe', 'pipe'] });
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    child.stdout.once('data', () => child.stdout.destroy());
    const status = await new Promise((done) => child.on('close', done));
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  }
});

test('help and version end with 0', () => {
  expect(run(['--help'])).toMatchObject({ status: 0, stderr: '' });
  expect(run(['decode', '--help']).stdout).toMatch(/^Usage: handshark decode \[options\] \[files...\]/);
  expect(run(['--version'])).toEqual({
    status: 0,
    stdout: `${JSON.parse(readFileSync('package.json', 'utf8')).version}\n`,
    stderr: '',
  });
});
