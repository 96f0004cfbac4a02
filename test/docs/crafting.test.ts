import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listenUdp } from '../../crafter/io/udp-port.js';
import { linesOf, running } from '../analyzer/commands/running.js';
import { answers } from '../tshark/tshark.js';

const folder = mkdtempSync(join(tmpdir(), 'handshark-crafting-'));
afterAll(() => rmSync(folder, { recursive: true }));
const path = (name: string): string => join(folder, name);

beforeAll(() => {
  copyFileSync('fixtures/demo.pcapng', path('trace.pcapng'));
  writeFileSync(path('request.bin'), 'GET /');
  writeFileSync(path('dump.txt'), '10:15:14.5\n0000 68 65 6c 6c 6f\n10:15:15.5\n0000 77 6f\n');
});

/** The command lines of the page, in their order. */
const LINES = readFileSync('docs/crafting.md', 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('    handshark '))
  .map((line) => line.trim());

/** The words of a line, as a shell takes them; files are those of the test's folder. */
const wordsOf = (line: string, port = 4242): readonly string[] =>
  [...line.matchAll(/'([^']*)'|((?:[^\s']|'[^']*')+)/g)]
    .slice(1)
    .map(([, quoted, plain]) => quoted ?? plain?.replaceAll("'", '') ?? '')
    .map((word) => (/^[\w-]+\.(?:pcapng|txt)$/.test(word) ? path(word) : word.replace('file:', `file:${folder}/`)))
    .map((word) => word.replace('127.0.0.1:4242', `127.0.0.1:${port}`));

const lineWith = (piece: string): string => {
  const found = LINES.find((line) => line.includes(piece));
  if (found === undefined) throw new Error(`no line of the page has ${piece}`);
  return found;
};

/** A free port of the loopback. */
async function freePort(): Promise<number> {
  const port = await listenUdp({ host: '127.0.0.1', port: 0 }, { onPacket: () => {}, onProblem: () => {} });
  await port.close();
  return port.local.port;
}

test('the page has a line for more than 25 tasks', () => {
  expect(new Set(LINES).size).toBeGreaterThanOrEqual(30);
});

/** What the file of a line holds: fields of its packets, and what they are. */
const MADE: readonly (readonly [file: string, fields: readonly string[], lines: readonly string[]])[] = [
  ['syn', ['tcp.flags.str', 'tcp.options.mss_val', 'tcp.options.wscale.shift'], ['··········S·\t1460\t7']],
  ['ping', ['icmp.type', 'icmp.seq'], ['8\t1', '8\t2', '8\t3', '8\t4', '8\t5']],
  ['arp', ['eth.dst', 'arp.dst.proto_ipv4'], ['ff:ff:ff:ff:ff:ff\t192.0.2.2']],
  ['solicitation', ['icmpv6.nd.ns.target_address', 'icmpv6.opt.linkaddr'], ['2001:db8::2\t020000000001']],
  ['hello', ['data.data'], [Buffer.from('hello').toString('hex')]],
  ['open', ['tcp.flags.str', 'tcp.dstport'], ['··········S·\t80']],
  ['association', ['sctp.initack_initiate_tag', 'sctp.parameter_state_cookie'], ['0x00000007\tcafecafe']],
  ['query', ['dns.qry.name', 'dns.opt.cookie.client'], ['example.org\t0102030405060708']],
  ['tls', ['tls.handshake.type'], ['1']],
  ['verify', ['dtls.handshake.cookie'], ['cafe']],
  ['retry', ['quic.dcid', 'quic.scid', 'quic.retry_token'], ['0102\t0304\tcafe']],
  ['nonce', ['stun.att.error.class', 'stun.att.error'], ['4\t1']],
  ['identity', ['hip.packet_type', 'hip.checksum.status'], ['1\t1']],
  ['collect', ['ceph.msg.mon_paxos.op', 'ceph.msg.mon_paxos.pn'], ['1\t300']],
  ['file', ['data.data'], [Buffer.from('GET /').toString('hex')]],
  ['noise', ['udp.length'], ['208']],
  ['question', ['dns.qry.name', 'udp.dstport'], ['example.org\t53']],
  ['initiation', ['wg.type', 'wg.sender', 'udp.dstport'], ['1\t0x00000007\t51820']],
  ['cookie', ['isakmp.exchangetype', 'isakmp.notify.msgtype', 'isakmp.notify.data'], ['34\t16390\tcafecafe']],
  ['reset', ['openvpn.opcode', 'openvpn.sessionid', 'openvpn.wrapping'], ['0x07\t5\tnone']],
  ['discovery', ['pppoe.code', 'pppoed.tags.host_uniq'], ['0x09\t01020304']],
  ['unreachable', ['frame.protocols', 'udp.dstport'], ['eth:ip:icmp:ip:udp\t4242']],
  ['tags', ['vlan.id'], ['7,8']],
  ['tunnel', ['frame.protocols', 'vxlan.vni'], ['eth:ip:udp:vxlan:eth:ip:icmp\t7']],
  ['route', ['ip.hdr_len', 'ip.opt.type.number'], ['60\t7,0']],
  ['headers', ['ipv6.opt.type', 'ipv6.routing.segleft', 'udp.dstport'], ['0x05,0x01\t1\t9']],
  ['lies', ['ip.len', 'udp.checksum'], ['999\t0xdead']],
  ['fragments', ['ip.frag_offset', 'udp.length'], ['0\t', '6\t', '12\t108']],
  ['overlap', ['ip.frag_offset', 'udp.length'], ['12\t', '0\t', '7\t108']],
];

test.each(MADE)('%s.pcapng holds what its line says', async (name, fields, lines) => {
  const { complaints, status } = await running(wordsOf(lineWith(`-w ${name}.pcapng`)));
  expect({ complaints, status }).toEqual({ complaints: [], status: 0 });
  const words = fields.flatMap((field) => ['-e', field]);
  expect(linesOf(await running(['decode', path(`${name}.pcapng`), ...words]))).toEqual(lines);
});

const column = async (file: string, ...fields: readonly string[]): Promise<readonly string[]> =>
  linesOf(await running(['decode', path(file), ...fields.flatMap((field) => ['-e', field])]));

async function run(piece: string): Promise<void> {
  const { complaints, status } = await running(wordsOf(lineWith(piece)));
  expect({ complaints, status }).toEqual({ complaints: [], status: 0 });
}

test('a stream is read from its segments, whatever their order', async () => {
  await run('-w stream.pcapng');
  expect(await column('stream.pcapng', 'tcp.flags.str', 'tcp.len')).toEqual([
    ...['··········S·\t0', '·······A··S·\t0', '·······A····\t0'],
    ...['·······AP···\t4', '·······AP···\t6', '·······AP···\t6'],
    ...['·······A···F\t0', '·······A···F\t0', '·······A····\t0'],
  ]);
});

test('many packets differ as their lines say', async () => {
  await run('-w flood.pcapng');
  const flood = await column('flood.pcapng', 'ip.src', 'chan.c1', 'frame.time_relative');
  expect(flood).toHaveLength(1000);
  expect([flood[0], flood[999]]).toEqual(['10.0.0.0\t0000\t0.000000000', '10.0.0.231\t03e7\t9.990000000']);
  const judged = linesOf(
    await running(['decode', path('flood.pcapng'), '-Y', 'chan.cookie1.status == "valid"', '-e', 'frame.number']),
  );
  expect(judged).toHaveLength(1000);
  await run('-w scan.pcapng');
  const scan = await column('scan.pcapng', 'tcp.dstport', 'ip.src');
  expect(scan.map((line) => line.split('\t')[0])).toEqual(Array.from({ length: 1023 }, (_, place) => `${place + 1}`));
  expect(
    scan.every((line) => /\t10\./.test(line)) && new Set(scan.map((line) => line.split('\t')[1])).size > 1000,
  ).toBe(true);
  await run('-w numbered.pcapng');
  expect((await column('numbered.pcapng', 'data.data')).map((hex) => Buffer.from(hex, 'hex').toString())).toEqual(
    Array.from({ length: 10 }, (_, place) => `packet 000${place}`),
  );
  await run('--append -w ping.pcapng');
  expect(await column('ping.pcapng', 'icmp.seq')).toEqual(['1', '2', '3', '4', '5', '0']);
});

test('damaged copies are the same for the same seed, differ, and can be read', async () => {
  await run('-w fuzzed.pcapng');
  const first = readFileSync(path('fuzzed.pcapng'));
  const bytes = await column('fuzzed.pcapng', 'frame.protocols', 'frame.len');
  expect(bytes).toHaveLength(1000);
  await running(['rewrite', path('fuzzed.pcapng'), path('first.pcapng'), '--dedup', '1000']);
  expect((await column('first.pcapng', 'frame.number')).length).toBeGreaterThan(900);
  await run('-w fuzzed.pcapng');
  // The times of packets are those of their making: what they hold is the same.
  await running(['rewrite', path('fuzzed.pcapng'), path('again.pcapng'), '--time', '0']);
  writeFileSync(path('fuzzed.pcapng'), first);
  await running(['rewrite', path('fuzzed.pcapng'), path('before.pcapng'), '--time', '0']);
  expect(readFileSync(path('again.pcapng')).equals(readFileSync(path('before.pcapng')))).toBe(true);
});

test('a question is answered by a responder of one line', async () => {
  const port = await freePort();
  const answering = running([...wordsOf(lineWith('--listen'), port), '--count', '1']);
  const asked = wordsOf(lineWith('--answer'), port);
  // Nobody may listen yet when the first question is asked.
  const { stdout, complaints } = await running([
    ...asked,
    '--timeout',
    '0.3',
    '--count',
    '20',
    '--vary',
    'c1=6699|6700',
  ]);
  void complaints;
  const answered = await answering;
  expect(answered.stdout).toMatch(/^listening on 127\.0\.0\.1:\d+\nanswered 127\.0\.0\.1:\d+ with \d+ bytes\n$/);
  expect(stdout).toMatch(/^answer from 127\.0\.0\.1:\d+: \d+ bytes after [\d.]+ ms\nChannel Protocol \(hmac\)/m);
  expect(stdout).toMatch(/ACKNOWLEDGE/);
});

test('a capture is sent again', async () => {
  const port = await freePort();
  const { stdout, status } = await running(wordsOf(lineWith('inject trace.pcapng'), port));
  expect(status).toBe(0);
  expect(stdout).toMatch(/sent \d+ packets/);
});

test('captures are rewritten as their lines say', async () => {
  for (const line of LINES.filter((one) => one.startsWith('handshark rewrite '))) {
    const { status, complaints } = await running(wordsOf(line));
    expect([line, status, complaints.filter((text) => !/^rewrite: \d+ /.test(text))]).toEqual([line, 0, []]);
  }
  const before = await column('trace.pcapng', 'ip.src', 'udp.dstport');
  const moved = await column('moved.pcapng', 'ip.src', 'udp.dstport');
  expect(before.some((line) => line.startsWith('192.0.2.'))).toBe(true);
  expect(moved).toEqual(before.map((line) => line.replaceAll('192.0.2.', '203.0.113.').replaceAll('\t4242', '\t4243')));
  expect(readFileSync(path('untagged.pcapng')).equals(readFileSync(path('trace.pcapng')))).toBe(true);
  const shared = await column('shared.pcapng', 'ip.src', 'arp.src.proto_ipv4', 'eth.src');
  expect(shared.some((line) => line.includes('192.0.2.'))).toBe(false);
  expect((await column('later.pcapng', 'frame.time_epoch'))[0]).toBe('1767225600.000000000');
  const both = await column('both.pcapng', 'frame.number');
  expect(both).toHaveLength(2 * before.length);
  expect(await column('sorted.pcapng', 'frame.time_epoch')).toEqual(
    [...(await column('both.pcapng', 'frame.time_epoch'))].sort(),
  );
  expect((await column('lossy.pcapng', 'frame.number')).length).not.toBe(0);
  expect((await column('short.pcapng', 'frame.comment'))[0]).toContain('the first of all');
  expect(await column('dumped.pcapng', 'udp.dstport', 'data.data')).toEqual(['4242\t68656c6c6f', '4242\t776f']);
});

test('tshark finds nothing wrong with what is not wrong on purpose', async ({ skip }) => {
  if (!answers('tshark', '--version')) skip('tshark is not installed');
  const right = MADE.map(([name]) => name).filter(
    (name) => !['lies', 'overlap', 'hello', 'file', 'noise', 'retry'].includes(name),
  );
  const together = path('right.pcapng');
  await running(['rewrite', ...[...right, 'flood'].map((name) => path(`${name}.pcapng`)), together, '--concatenate']);
  const checks = ['ip.check_checksum', 'udp.check_checksum', 'tcp.check_checksum'].flatMap((name) => [
    '-o',
    `${name}:TRUE`,
  ]);
  const shown = [
    '-Y',
    '_ws.expert.severity >= 0x00600000',
    '-T',
    'fields',
    '-e',
    'frame.number',
    '-e',
    '_ws.expert.message',
  ];
  const found = execFileSync('tshark', ['-n', '-r', together, ...checks, ...shown], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  expect(found).toBe('');
});
