import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PROGRAM } from '../../built-program.js';
import { makeFolder } from '../capture/files.js';
import { linesOf, running } from './running.js';

const DEMO = 'fixtures/demo.pcapng';
const ring = makeFolder();
const written = makeFolder();
afterAll(() => {
  ring.remove();
  written.remove();
});

beforeAll(() => {
  const words = ['capture', '-q', '-i', '-', '-b', 'packets:12', '-w', ring.path('x.pcapng')];
  const { status } = spawnSync(process.execPath, [PROGRAM, ...words], { input: readFileSync(DEMO) });
  expect([status, readdirSync(ring.path('')).length]).toEqual([0, 20]);
});

/** What a command prints, without what names the capture. */
const printed = async (...words: readonly string[]) => {
  const outcome = await running(words);
  return { ...outcome, stdout: outcome.stdout.replaceAll(/"file":"[^"]*",/g, '').replaceAll(/secret #.*?\) /g, '') };
};

test.each([
  [['channels', '-T', 'json']],
  [['handshakes', '-T', 'json']],
  [['ladder']],
  [['stats', 'expert']],
  [['stats', 'hierarchy']],
  [['stats', 'conversations']],
  [['stats', 'handshakes']],
  [['decode']],
  [['decode', '-T', 'json']],
  [['decode', '-2', '-Y', 'channel.response_to']],
  [['decode', '--channel', '2', '-x']],
])('a ring of 20 files gives what one file gives: %j', async (words) => {
  const alone = await printed(...words, DEMO);
  expect(alone.stdout.length).toBeGreaterThan(100);
  expect(await printed(...words, ring.path(''))).toEqual(alone);
});

test('a pattern stands for its files', async () => {
  expect(await printed('channels', ring.path('x_*.pcapng'))).toEqual(await printed('channels', DEMO));
});

test('the file of each packet is a field, also of a single one that is asked for it', async () => {
  const files = readdirSync(ring.path('')).toSorted().map(ring.path);
  const fields = ['decode', '-T', 'fields', '-e', 'frame.file'];
  const counts = new Map<string, number>();
  for (const file of linesOf(await running([...fields, ring.path('')]))) counts.set(file, (counts.get(file) ?? 0) + 1);
  expect([...counts]).toEqual(files.map((file, place) => [file, place < 19 ? 12 : 5]));
  expect(linesOf(await running([...fields, '-c', '1', DEMO]))).toEqual([DEMO]);
  const [third = ''] = files.slice(2);
  const filter = `frame.file == "${third}" && frame.number < 30`;
  expect(linesOf(await running(['decode', '-Y', filter, ...files])).length).toBe(5);
});

test('several captures are written as one, with their interfaces and secrets once', async () => {
  const path = written.path('one.pcapng');
  expect(await running(['decode', '-w', path, ring.path('')])).toEqual({ stdout: '', complaints: [], status: 0 });
  for (const words of [['decode', '-T', 'json'], ['channels'], ['stats', 'expert']]) {
    expect(await printed(...words, path)).toEqual(await printed(...words, DEMO));
  }
  const text = readFileSync(path, 'latin1');
  expect(text.split('the weather service').length - 1).toBe(1);
  const secrets = (of: string) => of.split('\nsecret ').length;
  expect(secrets(text)).toBe(secrets(readFileSync(DEMO, 'latin1')));
});

test('forty files that may be open are enough for the whole program', async () => {
  const limited = ['-c', 'ulimit -n 40; exec "$0" "$@"', process.execPath, PROGRAM, 'channels', ring.path('')];
  const { stdout, status, stderr } = spawnSync('sh', limited, { encoding: 'utf8' });
  expect({ stdout, status, stderr }).toEqual({
    stdout: (await running(['channels', DEMO])).stdout,
    status: 0,
    stderr: '',
  });
});

test('none of them is written over', async () => {
  const [first = ''] = readdirSync(ring.path(''));
  const outcome = await running(['decode', '-w', ring.path(first), ring.path('')]);
  expect(outcome).toEqual({
    stdout: '',
    complaints: [`cannot write: ${ring.path(first)}: the packets are read from it`],
    status: 1,
  });
});

test('one that is missing and one that is damaged leave the others readable', async () => {
  const outcome = await running(['decode', 'fixtures/vlan.pcap', 'nowhere.pcap', 'fixtures/cut-record.pcap']);
  expect(outcome.stdout.split('\n').length).toBe(36 + 5 + 1);
  expect([outcome.status, outcome.complaints]).toEqual([
    1,
    [
      'cannot read: nowhere.pcap: no such file',
      'damaged capture: fixtures/cut-record.pcap: offset 704: the file ends in the middle of packet 6; 5 packets came before it',
    ],
  ]);
});
