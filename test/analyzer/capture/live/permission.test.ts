import { cpSync, mkdirSync, readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { AS_NOBODY, handshark, PROGRAM } from '../../../built-program.js';
import { RunningProgram, textOf } from '../../../running-program.js';
import { has, makeFolder } from '../files.js';

const folder = makeFolder();
afterAll(() => folder.remove());

async function lack(): Promise<string | undefined> {
  if (process.getuid?.() !== 0) return 'becoming an unprivileged user needs root';
  const version = new RunningProgram([...AS_NOBODY, ...handshark('--version')], '').ended();
  const { status } = await version.catch(() => ({ status: -1 }));
  if (status !== 0) return 'an unprivileged user cannot run the program here';
  return has('dumpcap') && has('tcpdump') ? undefined : 'dumpcap or tcpdump is not installed';
}

const asNobody = async (...words: readonly string[]) => new RunningProgram([...AS_NOBODY, ...words], '').ended();

const STILL = 'handshark: captures and pipes can be read all the same: ssh HOST tcpdump -U -w - | handshark -\n';

test('who may not capture is told what to do, on this system', async ({ skip }) => {
  const missing = await lack();
  if (missing) skip(missing);
  const file = folder.path('never.pcapng');
  for (const words of [['capture', '-w', file], ['decode'], ['channels'], ['stats', 'io']]) {
    const { status, err, out } = await asNobody(...handshark(...words, '-i', 'lo'));
    const [first, ...hints] = err.split('\n');
    expect(first).toMatch(/^handshark: cannot capture: lo: dumpcap: [^;]+; tcpdump: not permitted; cap: not [a-z]+$/);
    // With or without the capabilities that Debian's package asks for, or with another system's package.
    expect(hints[0]).toMatch(
      /^handshark: to allow it: sudo (dpkg-reconfigure wireshark-common \(answer yes\), then sudo usermod -aG wireshark nobody, then log in again|usermod -aG \w+ nobody, then log in again|setcap cap_net_raw,cap_net_admin=eip \S*dumpcap)$/,
    );
    expect(`${hints.slice(1).join('\n')}`).toBe(`handshark: or, for once: run it with sudo\n${STILL}`);
    expect([status, textOf({ status, err, out })]).toEqual([1, '']);
  }
});

test('interfaces are listed without any rights, with what is missing', async ({ skip }) => {
  const missing = await lack();
  if (missing) skip(missing);
  const run = await asNobody(...handshark('interfaces', '-T', 'json'));
  expect(run.status).toBe(0);
  const listed = textOf(run)
    .split('\n')
    .slice(0, -1)
    .map((line): unknown => JSON.parse(line));
  expect(listed).toContainEqual({
    name: 'lo',
    up: true,
    loopback: true,
    addresses: expect.arrayContaining(['127.0.0.1']),
    link_types: [],
    engines: [],
    refused: expect.objectContaining({ tcpdump: 'not permitted' }),
  });
  expect(run.err).toMatch(
    /^handshark: nothing can capture here: .*tcpdump: not permitted; .*\nhandshark: to allow it: /,
  );
});

test('without libpcap and without any engine, the list and the complaint say what to install', async ({ skip }) => {
  const missing = await lack();
  if (missing) skip(missing);
  // A copy far from the installed packages, and a world without programs in the usual places.
  const copy = folder.path('copy');
  mkdirSync(copy);
  cpSync(dirname(PROGRAM), `${copy}/dist`, { recursive: true });
  cpSync('package.json', `${copy}/package.json`);
  const hide = ['/usr/bin', '/usr/sbin', '/usr/local/bin', '/usr/local/sbin'].flatMap((path) =>
    readdirSync(path).includes('dumpcap') || readdirSync(path).includes('tcpdump') ? [path] : [],
  );
  const node = process.execPath;
  const script = [
    `mkdir ${copy}/bin ${copy}/node && cp ${node} ${copy}/node/node && cp /bin/sh ${copy}/node/sh`,
    ...hide.map((path) => `mount --bind ${copy}/bin ${path}`),
    `exec ${copy}/node/node ${copy}/dist/handshark.js "$@"`,
  ].join('\n');
  const run = (...words: readonly string[]) =>
    new RunningProgram(
      ['unshare', '--mount', '/bin/sh', '-c', script.replaceAll('mkdir ', 'mkdir -p '), 'sh', ...words],
      '',
    ).ended();
  const { status, err } = await run('decode', '-i', 'lo');
  expect(err).toMatch(
    /^handshark: cannot capture: lo: nothing to capture with \(dumpcap: not installed; tcpdump: not installed; cap: not installed\)\nhandshark: to capture, install: .*\n/,
  );
  expect(err.endsWith(STILL)).toBe(true);
  expect(status).toBe(1);
  const listed = await run('interfaces');
  expect(textOf(listed)).toMatch(/ lo +up +nothing +127\.0\.0\.1/);
  expect(listed.status).toBe(0);
  const read = await run('decode', '-c', '1', `${process.cwd()}/fixtures/vlan.pcap`);
  expect(textOf(read)).toContain('NEW 1a2b');
});
