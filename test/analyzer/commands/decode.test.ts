import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { afterAll, expect, test } from 'vitest';
import { makeFolder } from '../capture/files.js';
import { linesOf, running } from './running.js';

const folder = makeFolder();
afterAll(() => folder.remove());

const VLAN = 'fixtures/vlan.pcap';
const decode = (...words: readonly string[]) => running(['decode', ...words]);

test('every packet is a line', async () => {
  const outcome = await decode('fixtures/vlan.pcap', '-c', '3');
  expect(outcome).toEqual({
    stdout: [
      '     1    0.000000    192.0.2.1 → 192.0.2.2    hmac 135 NEW 1a2b',
      '     2    0.020073    192.0.2.2 → 192.0.2.1    hmac 135 ACKNOWLEDGE 1a2b3c4d',
      '     3    0.020406    192.0.2.1 → 192.0.2.2    hmac 121 FINALIZE 1a2b3c4d tcp',
      '',
    ].join('\n'),
    complaints: [],
    status: 0,
  });
});

test.each<[string, readonly string[], 1 | 2, RegExp]>([
  ['a file that is not there', ['nowhere.pcap'], 1, /^cannot read: nowhere\.pcap: no such file$/],
  ['a directory', ['analyzer'], 1, /^cannot read: analyzer: no capture is in it$/],
  ['an empty file', ['EMPTY'], 1, /^cannot read: .*empty\.bin: the file is empty$/],
  ['no capture', ['package.json'], 1, /^cannot read: package\.json: not a pcap or pcapng file: it looks like text$/],
  [
    'two captures',
    [VLAN, '-r', 'other.pcap'],
    2,
    /^two captures: fixtures\/vlan\.pcap: other\.pcap is named by -r as well; a display filter goes with -Y$/,
  ],
  ['a count of 0', [VLAN, '-c', '0'], 2, /^usage: .*'0' is invalid\. expected a whole number above 0$/],
  ['an unknown option', [VLAN, '--colour'], 2, /^usage: unknown option '--colour'/],
  [
    'an unknown format',
    [VLAN, '-T', 'xml'],
    2,
    /^usage: .*'xml' is invalid\. Allowed choices are text, json, fields, csv, ek, pdml, psml, jsonraw, tabs\.$/,
  ],
  [
    'an unknown time',
    [VLAN, '-t', 'x'],
    2,
    /^usage: .*'x' is invalid\. Allowed choices are r, a, ad, adoy, d, dd, e, u, ud, udoy\.$/,
  ],
  [
    'an unknown dialect',
    [VLAN, '--dialect', 'x'],
    2,
    /^usage: .*Allowed choices are hmac, hmac-newcaps, seqno, channeler\.$/,
  ],
  ['fields without a field', [VLAN, '-T', 'fields'], 2, /^-T fields: no field: name one with -e$/],
  ['an unknown field', [VLAN, '-e', 'ip.sorce'], 2, /^-e: ip\.sorce: no such field; did you mean ip\.src\?$/],
  ['an unknown field like none', [VLAN, '-e', 'zzzzzzzzzzzzzzzz'], 2, /^-e: zzzzzzzzzzzzzzzz: no such field$/],
  ['a field of JSON', [VLAN, '-T', 'json', '-e', 'ip.src'], 2, /^-e: ip\.src: goes with -T fields or csv$/],
  ['an unknown option of fields', [VLAN, '-e', 'ip.src', '-E', 'x=y'], 2, /^-E x=y: expected bom=y\|n, header=y\|n, /],
  ['secrets that are not there', [VLAN, '--secrets', 'none'], 1, /^cannot read secrets: none: no such file$/],
  ['broken secrets', [VLAN, '--secrets', 'BROKEN'], 1, /broken\.secrets:1: /],
  ['a place that is not there', [VLAN, '-w', '/nowhere/x.pcap'], 1, /^cannot write: \/nowhere\/x\.pcap: no such file$/],
])('tells of %s in one line', async (_, words, status, complaint) => {
  folder.write('empty.bin', '');
  folder.write('broken.secrets', 'PEER_SECRET zz 00\n');
  const named: Record<string, string> = { EMPTY: folder.path('empty.bin'), BROKEN: folder.path('broken.secrets') };
  const outcome = await decode(...words.map((word) => named[word] ?? word));
  expect(outcome.stdout).toBe('');
  expect(outcome.complaints).toEqual([expect.stringMatching(complaint)]);
  expect(outcome.complaints[0]).not.toContain('\n');
  expect(outcome.status).toBe(status);
});

test('a damaged capture is printed up to the damage', async () => {
  const { stdout, complaints, status } = await decode('fixtures/cut-record.pcap');
  expect(stdout.split('\n')).toHaveLength(6);
  expect(complaints).toEqual([
    'damaged capture: fixtures/cut-record.pcap: offset 704: the file ends in the middle of packet 6; 5 packets came before it',
  ]);
  expect(status).toBe(1);
});

test.each([
  [2, 0],
  [5, 0],
  [6, 1],
])('with -c %i of five packets before the damage the status is %i', async (count, status) => {
  const outcome = await decode('fixtures/cut-record.pcap', '-c', `${count}`);
  expect(linesOf(outcome)).toHaveLength(Math.min(5, count));
  expect(outcome.status).toBe(status);
});

test('-q prints nothing, and still tells of damage', async () => {
  expect(await decode('-q', VLAN)).toEqual({ stdout: '', complaints: [], status: 0 });
  expect(await decode('-q', 'fixtures/cut-record.pcap')).toMatchObject({ stdout: '', status: 1 });
});

test('-T fields prints values as tshark does, by -E', async () => {
  const fields = ['-e', 'frame.number', '-e', 'ip.src', '-e', 'udp.port', '-e', 'vlan.id', '-e', 'tcp.seq'];
  const first = async (...words: readonly string[]) =>
    linesOf(await decode(VLAN, '-Y', 'frame.number == 13 or frame.number == 14', ...fields, ...words));
  expect(await first()).toEqual(['13\t192.0.2.1\t4242,4242\t100,7\t', '14\t192.0.2.2\t4242,4242\t100,7\t']);
  expect(await first('-E', 'header=y', '-E', 'separator=;', '-E', 'occurrence=f')).toEqual([
    'frame.number;ip.src;udp.port;vlan.id;tcp.seq',
    '13;192.0.2.1;4242;100;',
    '14;192.0.2.2;4242;100;',
  ]);
  expect(await first('-E', 'separator=/s', '-E', 'aggregator=+', '-E', 'quote=d')).toEqual([
    '"13" "192.0.2.1" "4242+4242" "100+7" ',
    '"14" "192.0.2.2" "4242+4242" "100+7" ',
  ]);
  expect(await first('-E', 'occurrence=l', '-E', 'quote=s')).toEqual([
    "'13'\t'192.0.2.1'\t'4242'\t'7'\t",
    "'14'\t'192.0.2.2'\t'4242'\t'7'\t",
  ]);
});

test('headers with a name of their own have fields: 802.2 in Ethernet, authentication in IPv6', async () => {
  const llc = folder.path('llc.pcap');
  const frame = `0180c2000000 020000000001 0026 42 42 03 ${'00'.repeat(35)}`.replaceAll(' ', '');
  const header = 'd4c3b2a1020004000000000000000000ffff000001000000';
  folder.write('llc.pcap', Buffer.from(`${header}00000000000000003400000034000000${frame}`, 'hex'));
  expect(linesOf(await decode(llc, '-e', 'llc.dsap', '-e', 'llc.control'))).toEqual(['0x42\t0x03']);
});

test('-V prints the tree, -x the bytes', async () => {
  const tree = linesOf(await decode('fixtures/user0.pcap', '-V', '-c', '1'));
  expect(tree[0]).toBe('Frame 1: 89 bytes');
  expect(tree).toEqual(expect.arrayContaining(['    NEW 1a2b', '        Message type: CHANNEL_NEW (10)']));
  const hex = linesOf(await decode('fixtures/user0.pcap', '-x', '-c', '1'));
  expect(hex).toHaveLength(1 + 6 + 1);
  expect(hex[1]).toBe('0000  99 83 8c aa 2b d8 06 c9 7f 0e 00 af 1a 1f c3 32   ....+..........2');
  // What was put together from several packets is printed part by part.
  const parts = linesOf(await decode('fixtures/ipv4-fragments.pcap', '-x')).filter((line) => /:$/.test(line));
  expect(parts[0]).toMatch(/^Frame \(\d+ bytes\):$/);
  expect(parts.some((line) => /^Reassembled datagram \(\d+ bytes\):$/.test(line))).toBe(true);
});

test.for(['r', 'a', 'ad', 'adoy', 'd', 'dd', 'e', 'u', 'ud', 'udoy'])(
  '-t %s is the time that tshark prints',
  async (format, { skip }) => {
    const times = (lines: readonly string[]) => lines.map((line) => /^.?\s*\d+ +(.*?) +192/.exec(line)?.[1]);
    // Nanoseconds have nine digits, microseconds six.
    for (const name of format.length === 1 ? ['nanoseconds.pcap', 'vlan.pcap'] : ['nanoseconds.pcap']) {
      const path = `fixtures/${name}`;
      const own = times(linesOf(await decode('-t', format, path)));
      expect(own.every((time) => time !== undefined)).toBe(true);
      const given = ['-n', '-t', format, '-r', path];
      const { error, stdout } = spawnSync('tshark', given, { encoding: 'utf8' });
      if (error) skip('tshark is not installed');
      expect(own).toEqual(times(stdout.split('\n').slice(0, -1)));
    }
  },
);

test.each([
  ['fixtures/big-endian-ng.pcapng', 'out.pcapng'],
  ['fixtures/two-interfaces.pcapng', 'out.pcapng'],
  ['fixtures/faults.pcapng', 'out.pcapng'],
  ['fixtures/snap-96.pcap', 'out.pcap'],
  ['fixtures/nanoseconds.pcap', 'out.pcap'],
  ['fixtures/nanoseconds-big-endian.pcap', 'out.pcapng'],
  ['fixtures/compressed-ng.pcapng.zst', 'out.pcapng'],
  ['fixtures/loopback-loop.pcap', 'out.pcap'],
])('what is read from %s and written to %s is the same again, secrets and all', async (from, name) => {
  const path = folder.path(name);
  expect(await decode(from, '-w', path)).toEqual({ stdout: '', complaints: [], status: 0 });
  const magic = readFileSync(path).readUInt32BE(0);
  expect(magic === 0x0a0d0d0a).toBe(name.endsWith('ng'));
  expect((await decode(path, '-T', 'json')).stdout).toBe((await decode(from, '-T', 'json')).stdout);
});

test('-w writes what passes the filter, and prints as well where that is asked for', async () => {
  const path = folder.path('filtered.pcapng');
  const { stdout } = await decode(VLAN, '-Y', 'frame.number <= 2', '-w', path, '-P');
  expect(stdout.split('\n')).toHaveLength(3);
  expect(linesOf(await decode(path))).toHaveLength(2);
  // Over the file that is read: refused, and nothing is lost.
  const again = await decode(path, '-w', path);
  expect(again).toMatchObject({ stdout: '', status: 1 });
  expect(linesOf(await decode(path))).toHaveLength(2);
});

test('a pcap file cannot hold packets of two link types', async () => {
  const path = folder.path('one-type.pcap');
  const { complaints, status } = await decode('fixtures/two-interfaces.pcapng', '-w', path);
  expect(complaints).toEqual([expect.stringMatching(/^cannot write: .*one-type\.pcap: a pcap file has one link type/)]);
  expect(status).toBe(1);
});

test.each<[string, readonly string[], Record<string, string>, boolean]>([
  ['always', ['--color', 'always'], {}, true],
  ['always, though NO_COLOR is set', ['--color', 'always'], { NO_COLOR: '1' }, true],
  ['never', ['--color', 'never'], {}, false],
  ['not in a pipe', [], {}, false],
])('colours: %s', async (_, words, env, colored) => {
  const { stdout } = await running(['decode', 'fixtures/checksum-bad.pcap', ...words], env);
  expect(stdout.includes('\u001b[')).toBe(colored);
});

test('channels prints a row a channel, as text and as JSON', async () => {
  const text = linesOf(await running(['channels', 'fixtures/bundled.pcap', '--secrets', 'fixtures/bundled.secrets']));
  expect(text).toHaveLength(4);
  expect(text[0]).toMatch(/^No\. +Id +Dialect +Initiator/);
  const json = linesOf(await running(['channels', 'fixtures/bundled.pcap', '-T', 'json'])).map((line) =>
    JSON.parse(line),
  );
  expect(json.map(({ number, state }) => [number, state])).toEqual([
    [1, 'closed'],
    [2, 'closed'],
    [3, 'closed'],
  ]);
});
