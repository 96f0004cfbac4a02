import { expect, test, vi } from 'vitest';
import { openCapture } from '../../../analyzer/capture/capture.js';
import { readAllSecrets } from '../../../analyzer/capture/read-secrets.js';
import { LINKS } from '../../../analyzer/track/links.js';
import { running } from './running.js';

vi.mock('../../../analyzer/capture/capture.js', { spy: true });
vi.mock('../../../analyzer/capture/read-secrets.js', { spy: true });

const NAMES = Object.keys(LINKS).filter((name) => name.startsWith('channel.'));
const named = ['frame.number', ...NAMES].flatMap((field) => ['-e', field]);
const linked = NAMES.join(' or ');

/** The packets of a fixture that are linked, each with: response to, in; resend of, resent in; duplicate of, in. */
async function linksOf(name: string): Promise<readonly string[]> {
  const { stdout, complaints } = await running([
    'decode',
    `fixtures/${name}`,
    '-Y',
    linked,
    ...named,
    '-E',
    'separator=;',
  ]);
  expect(complaints).toEqual([]);
  return stdout.split('\n').filter(Boolean);
}

test.each<[string, string, readonly string[]]>([
  ['a handshake', 'handshake-hmac.pcap', ['1;;2;;;;', '2;1;3;;;;', '3;2;4;;;;', '4;3;;;;;']],
  [
    'a NEW and an ACKNOWLEDGE that are sent again',
    'repeated-new.pcap',
    ['1;;;;2;;', '2;;3,5;1;;;', '3;2;4;;5;;', '4;3;6;;;;', '5;2;;3;;;', '6;4;;;;;'],
  ],
  [
    'data that is sent again',
    'lost-resent.pcap',
    ['1;;2;;;;', '2;1;3;;;;', '3;2;4;;;;', '4;3;;;;;', '7;;;;14;;', '14;;;7;;;', '16;;;;17;;', '17;;;16;;;'],
  ],
  [
    'a duplicate, and a CLOSE that is sent again',
    'duplicated.pcap',
    ['1;;2;;;;', '2;1;3;;;;', '3;2;4;;;;', '4;3;;;;;', '8;;;;;;9', '9;;;;;8;', '10;;;;11;;', '11;;;10;;;'],
  ],
  [
    'several handshakes in each packet',
    'bundled.pcap',
    ['1;;2;;;;', '2;1;3;;;;', '3;2;4,5,6;;;;', '4;3;;;;;', '5;3;;;;;', '6;3;;;;;'],
  ],
])('packets tell what answers and repeats them: %s', async (_, name, expected) => {
  expect(await linksOf(name)).toEqual(expected);
});

test('messages of handshakes of any kind tell what answers them', async () => {
  const words = ['-Y', 'handshake', '-e', 'frame.number', '-e', 'handshake.response_to', '-e', 'handshake.response_in'];
  const { stdout } = await running(['decode', 'fixtures/tcp-fast-open.pcap', '-c', '5', ...words, '-E', 'separator=;']);
  expect(stdout.split('\n').filter(Boolean)).toEqual(['1;;2', '2;1;3', '3;2;5', '5;3;']);
});

test('an answer with a wrong cookie answers nothing', async () => {
  const { stdout } = await running([
    'decode',
    'fixtures/cookie-mismatch.pcap',
    '--secrets',
    'fixtures/cookie-mismatch.secrets',
    '-Y',
    'chan.msg.type in {ACKNOWLEDGE, FINALIZE} and not channel.response_to',
    '-e',
    'expert.code',
  ]);
  const lines = stdout.split('\n').filter(Boolean);
  expect(lines.length).toBeGreaterThan(0);
  expect(lines.filter((line) => !/cookie-invalid|acknowledge-unseen|new-unseen/.test(line))).toEqual([]);
});

test('all that reads a capture can ask for what comes later, in one command', async () => {
  const path = 'fixtures/repeated-new.pcap';
  const filter = ['-Y', 'channel.resent_in'];
  expect((await running(['stats', 'io', path, '--interval', '0', '-T', 'csv', ...filter])).stdout).toMatch(/,2,262\n$/);
  expect((await running(['channels', path, '-Y', 'channel.resent_in', '-T', 'json'])).stdout).toContain('"number":1');
  expect((await running(['ladder', path, ...filter])).stdout).toContain('NEW');
  expect(
    (await running(['stats', 'io', path, '--interval', '0', '-T', 'csv', '--column', 'channel.resend_of == 1'])).stdout,
  ).toMatch(/,1,131\n$/);
});

test('columns of statistics are worked out of fields, or refused', async () => {
  const io = (...columns: readonly string[]) =>
    running([
      ...['stats', 'io', 'fixtures/repeated-new.pcap', '--interval', '0', '-T', 'csv'],
      ...columns.flatMap((column) => ['--column', column]),
    ]);
  const { stdout } = await io(
    'COUNT(channel.resend_of)',
    'SUM(frame.len) chan.msg.type == NEW',
    'AVG(ip.ttl) tcp',
    'udp',
  );
  expect(stdout.split('\n')[1]).toMatch(/,2,262,,10,1\d+$/);
  expect((await io('MAX(ip.src)')).complaints).toEqual([
    '--column: MAX(ip.src): its values are not numbers: only COUNT goes with it',
  ]);
  expect((await io('SUM(ip.lenn)')).complaints).toEqual([
    '--column: SUM(ip.lenn): no such field; did you mean ip.len?',
  ]);
  expect((await io('SUM()')).status).toBe(2);
});

test('-2 puts it into trees', async () => {
  const { stdout } = await running(['decode', 'fixtures/handshake-hmac.pcap', '-2', '-V', '-c', '2']);
  expect(stdout).toContain('Related packets\n    Answers packet: 1\n');
  expect(stdout).not.toContain('Answered by packet: 3');
});

test('a pipe cannot be read twice', async () => {
  const { complaints, status } = await running(['decode', '-', '-Y', 'channel.response_in']);
  expect(complaints).toEqual(['channel.response_in: needs a file: what is not one cannot be read twice']);
  expect(status).toBe(2);
  const untracked = await running(['decode', 'fixtures/handshake-hmac.pcap', '--no-track', '-e', 'channel.resend_of']);
  expect(untracked.complaints).toEqual(['--no-track: channel.resend_of needs tracking']);
});

test.each<[string, readonly string[], number]>([
  ['once where nothing asks for more', [], 1],
  ['twice for a channel', ['--channel', '1'], 2],
  ['twice for how packets belong together', ['-2'], 2],
  ['twice for both', ['-2', '--channel', '1'], 2],
  [
    'three times for a channel of packets that are found by how they belong together',
    ['--channel', '1', '-Y', 'channel.response_to'],
    3,
  ],
])('a capture is read %s, and its secrets once', async (_, options, times) => {
  vi.mocked(openCapture).mockClear();
  vi.mocked(readAllSecrets).mockClear();
  const { complaints } = await running(['decode', 'fixtures/lost-resent.pcap', ...options]);
  expect(complaints).toEqual([]);
  expect(openCapture).toHaveBeenCalledTimes(times);
  expect(readAllSecrets).toHaveBeenCalledTimes(1);
});

test('packets of a channel can be chosen by how they belong together', async () => {
  const options = ['--channel', '1', '-Y', 'channel.response_to', '-e', 'frame.number', '-e', 'channel.response_to'];
  const { stdout } = await running(['decode', 'fixtures/lost-resent.pcap', ...options]);
  expect(stdout).toBe('2\t1\n3\t2\n4\t3\n');
});
