import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { openCapture } from '../../../analyzer/capture/capture.js';
import { ethernet } from '../../../crafter/link-part.js';
import { ipv4 } from '../../../crafter/network-part.js';
import { build, text } from '../../../crafter/part.js';
import { udp } from '../../../crafter/transport-part.js';
import { pcapFileHeader, pcapRecord } from '../../../dissectors/file/pcap-writer.js';
import { hexOf } from '../../../dissectors/wire/view.js';
import { answers } from '../../tshark/tshark.js';
import { FIXTURES } from '../pipeline/pipeline.js';
import { linesOf, running } from './running.js';

const folder = mkdtempSync(join(tmpdir(), 'handshark-rewrite-'));
afterAll(() => rmSync(folder, { recursive: true }));
const path = (name: string): string => join(folder, name);

/** Rewrites a capture, and tells what was said of it. */
async function rewritten(...words: readonly string[]): Promise<readonly string[]> {
  const { complaints } = await running(['rewrite', ...words]);
  return complaints;
}

const fieldsOf = async (file: string, ...fields: readonly string[]): Promise<readonly string[]> =>
  linesOf(await running(['decode', file, ...fields.flatMap((field) => ['-e', field])]));

const PLAIN = FIXTURES.filter((name) => /\.pcap(ng)?$/.test(name));
const endOf = (name: string): string => name.replace(/.*\./, '');

test('without a change every capture is the same, byte for byte: cut, damaged and big-endian ones too', async () => {
  for (const name of PLAIN) {
    const copy = path(`copy.${endOf(name)}`);
    await rewritten(`fixtures/${name}`, copy);
    expect([name, readFileSync(copy).equals(readFileSync(`fixtures/${name}`))]).toEqual([name, true]);
  }
});

test.each([
  ['addresses, by a key', ['--anonymize', 'k'], ['--deanonymize', 'k']],
  ['networks', ['--address', '192.0.2.0/24=203.0.113.0/24'], ['--address', '203.0.113.0/24=192.0.2.0/24']],
  [
    'ports and times',
    ['--port', '4242=14242', '--time-shift', '3.5'],
    ['--port', '14242=4242', '--time-shift', '-3.5'],
  ],
  [
    'fields',
    ['--set', 'udp.srcport+=3', '--set', 'ip.ttl-=3', '--set', 'chan.s1+=7'],
    ['--set', 'udp.srcport-=3', '--set', 'ip.ttl+=3', '--set', 'chan.s1-=7'],
  ],
])('%s come back byte for byte, in every capture', async (_, there, back) => {
  for (const name of PLAIN) {
    const [changed, copy] = [path(`changed.${endOf(name)}`), path(`copy.${endOf(name)}`)];
    await rewritten(`fixtures/${name}`, changed, ...there);
    await rewritten(changed, copy, ...back);
    expect([name, readFileSync(copy).equals(readFileSync(`fixtures/${name}`))]).toEqual([name, true]);
  }
});

const DEMO = 'fixtures/demo.pcapng';

test('only packets that a filter passes are changed', async () => {
  const out = path('where.pcapng');
  await rewritten(DEMO, out, '--set', 'ip.ttl=9', '--where', 'chan.msg.type == new');
  const passing = async (filter: string): Promise<readonly string[]> =>
    linesOf(await running(['decode', out, '-Y', filter, '-e', 'frame.number']));
  const news = await passing('chan.msg.type == new && ip');
  expect(news.length).toBeGreaterThan(0);
  expect(await passing('ip.ttl == 9')).toEqual(news);
});

test.each(['checksums.pcap', 'udplite.pcap', 'sctp.pcap'])(
  'wrong checksums of %s are made right only when asked',
  async (name) => {
    const bad = async (file: string): Promise<readonly string[]> =>
      linesOf(
        await running([
          'decode',
          file,
          '-Y',
          'expert.code contains "checksum" && !icmp && !icmpv6',
          '-e',
          'expert.code',
        ]),
      );
    const [kept, right] = [path(`kept-${name}`), path(`right-${name}`)];
    await rewritten(`fixtures/${name}`, kept, '--ttl', '9');
    await rewritten(`fixtures/${name}`, right, '--fix-checksums');
    expect(await bad(kept)).toEqual(await bad(`fixtures/${name}`));
    expect(await bad(right)).toEqual([]);
  },
);

test('the checksum that IPv6 demands is made where there is none', async () => {
  const [none, made] = [path('none.pcap'), path('made.pcap')];
  await running(['craft', '--layer', 'ipv6', '--layer', 'udp:dstport=9,checksum=0', '--payload', 'text:x', '-w', none]);
  await rewritten(none, made, '--fix-checksums');
  expect(await fieldsOf(made, 'udp.checksum.status')).toEqual(['1']);
  await rewritten(none, made, '--address', '::=2001:db8::1');
  expect(await fieldsOf(made, 'udp.checksum')).toEqual(['0x0000']);
});

test('an address is anonymized wherever a protocol has it', async () => {
  const [asked, out] = [path('asked.pcap'), path('asked-out.pcap')];
  const eth = 'eth:src=02:00:00:00:00:01,dst=33:33:ff:00:00:02';
  const ip = 'ipv6:hlim=255,src=2001:db8::1,dst=ff02::1:ff00:2';
  const question = 'icmpv6:type=135,nd.ns.target_address=2001:db8::2';
  const layers = [eth, ip, question].flatMap((layer) => ['--layer', layer]);
  await running(['craft', ...layers, '--payload', 'hex:0101020000000001', '-w', asked]);
  await rewritten(asked, out, '--anonymize', 'k');
  const [line = ''] = await fieldsOf(out, 'eth.src', 'icmpv6.opt.linkaddr', 'icmpv6.nd.ns.target_address');
  const [mac = '', option, target] = line.split('\t');
  expect(mac).not.toBe('02:00:00:00:00:01');
  expect(option).toBe(mac.replaceAll(':', ''));
  expect(target).not.toBe('2001:db8::2');
  expect(await fieldsOf(out, 'icmpv6.checksum.status')).toEqual(['1']);
});

test('cookies made anew with another secret are right by that secret', async () => {
  const out = path('cookies.pcap');
  await rewritten(
    'fixtures/handshake-hmac.pcap',
    out,
    '--secret',
    '0a0b0c',
    '--rewrite-id',
    `${'00'.repeat(16)}=alice`,
  );
  const secrets = path('new.secrets');
  writeFileSync(secrets, 'PEER_SECRET * 0a0b0c\n');
  const judged = linesOf(await running(['decode', out, '--secrets', secrets, '-e', 'chan.cookie1.status']));
  expect(judged.filter((line) => line !== '').length).toBeGreaterThan(0);
  expect(judged.every((line) => line === '' || /^(valid|echo-ok)$/.test(line))).toBe(true);
});

test('what has no place, or makes no sense, is told in one line', async () => {
  expect(await rewritten(DEMO)).toEqual([`rewrite: ${DEMO}: name the capture to write, too`]);
  expect(await rewritten(DEMO, path('x.pcapng'), '--set', 'ip.tll=9')).toEqual([
    'rewrite: --set: there is no field ip.tll; did you mean ip.ttl?',
  ]);
  expect(await rewritten(DEMO, path('x.pcapng'), '--address', '10.0.0.0/8=10.0.0.0/9')).toEqual([
    'rewrite: --address: "10.0.0.0/8=10.0.0.0/9" has networks of two sizes',
  ]);
  expect(await rewritten(DEMO, DEMO)).toEqual([`cannot write: ${DEMO}: the packets are read from it`]);
});

/** A capture of small datagrams, each at its second. */
function capture(name: string, seconds: readonly number[], letter: string): string {
  const records = seconds.map((second, place) => {
    const bytes = build(ethernet({}, ipv4({ src: 1, dst: 2 }, udp({ dstport: 9 }, text(`${letter}${place}`)))));
    return pcapRecord({ seconds: second, nanos: 0, bytes, wire: bytes.length });
  });
  writeFileSync(path(name), Buffer.concat([pcapFileHeader({ linkType: 1 }), ...records]));
  return path(name);
}

const payloads = async (file: string): Promise<string> => {
  const lines = await fieldsOf(file, 'data.data');
  return lines.map((line) => Buffer.from(line, 'hex').toString()).join(' ');
};

test('captures are merged by time, or one behind the other; packets are left out, doubled, put later and sorted', async () => {
  const [a, b] = [capture('a.pcap', [1, 3, 5], 'a'), capture('b.pcap', [2, 3, 4], 'b')];
  const out = path('out.pcapng');
  const after = async (...words: readonly string[]): Promise<string> => {
    expect(
      (
        await rewritten(
          ...words.slice(0, 1),
          ...(words[1] === b ? [b] : []),
          out,
          ...words.slice(words[1] === b ? 2 : 1),
        )
      ).filter((line) => !line.startsWith('rewrite: ')),
    ).toEqual([]);
    return payloads(out);
  };
  expect(await after(a, b)).toBe('a0 b0 a1 b1 b2 a2');
  expect(await after(a, b, '--concatenate')).toBe('a0 a1 a2 b0 b1 b2');
  expect(await after(a, b, '--concatenate', '--sort')).toBe('a0 b0 a1 b1 b2 a2');
  expect(await after(a, '--drop', '2')).toBe('a0 a2');
  expect(await after(a, '--packets', '2-')).toBe('a1 a2');
  expect(await after(a, '--duplicate', 'frame.number == 2')).toBe('a0 a1 a1 a2');
  expect(await after(a, '--reorder', '1')).toBe('a1 a0 a2');
  expect(await fieldsOf(out, 'frame.time_epoch')).toEqual(['1.000000000', '3.000000000', '5.000000000']);
  await rewritten(a, path('twice.pcap'), '--duplicate', '100%');
  expect(await after(path('twice.pcap'), '--dedup')).toBe('a0 a1 a2');
  expect(await after(a, b, '--drop', '50%', '--seed', '5')).toBe(await after(a, b, '--drop', '50%', '--seed', '5'));
});

test('times are stretched, moved, evened and set', async () => {
  const a = capture('times.pcap', [10, 12, 11], 't');
  const out = path('times-out.pcap');
  const after = async (...words: readonly string[]): Promise<string> => {
    await rewritten(a, out, ...words);
    return (await fieldsOf(out, 'frame.time_epoch')).map(Number).join(' ');
  };
  expect(await after('--time-scale', '2.5')).toBe('10 15 12.5');
  expect(await after('--time-start', '1970-01-01T00:01:00Z')).toBe('60 62 61');
  expect(await after('--strict-time')).toBe('10 12 12');
  expect(await after('--rate', '4')).toBe('10 10.25 10.5');
  expect(await after('--time', '7.5')).toBe('7.5 7.5 7.5');
  expect(await after('--time-shift', '-1m')).toBe('0 0 0');
});

test('frames get other link layers and tags, and lose bytes', async () => {
  const a = capture('links.pcap', [1], 'l');
  const out = path('links-out.pcapng');
  for (const [name, layers] of [
    ['raw', 'ip:udp:data'],
    ['sll', 'sll:ip:udp:data'],
    ['sll2', 'sll:ip:udp:data'],
    ['null', 'null:ip:udp:data'],
  ] as const) {
    expect(await rewritten(a, out, '--link-type', name)).toEqual([]);
    expect(await fieldsOf(out, 'frame.protocols')).toEqual([layers]);
    expect(await rewritten(out, path('back.pcap'), '--link-type', 'eth')).toEqual([]);
    expect(readFileSync(path('back.pcap')).subarray(54)).toEqual(readFileSync(a).subarray(54));
  }
  await rewritten(a, out, '--add-vlan', '7:5', '--add-vlan', '8');
  expect(await fieldsOf(out, 'vlan.id', 'vlan.priority')).toEqual(['7,8\t5,0']);
  await rewritten(a, out, '-s', '20', '--comment', '1:cut short');
  expect(await fieldsOf(out, 'frame.len', 'frame.cap_len', 'frame.comment')).toEqual(['44\t20\tcut short']);
});

const wireshark = ['editcap', 'mergecap', 'reordercap', 'text2pcap', 'tshark'].every((name) =>
  answers(name, '--version'),
);

/** The packets of a capture: their times, lengths and bytes. */
async function packetsIn(file: string): Promise<readonly string[]> {
  const found: string[] = [];
  const source = await openCapture(file);
  for await (const { view, records } of source.batches()) {
    for (let row = 0; row < records.count; row++) {
      const at = records.at[row] ?? 0;
      const bytes = hexOf(view, at, at + (records.captured[row] ?? 0));
      found.push(`${records.seconds[row]}.${records.nanos[row]} ${records.wire[row]} ${bytes}`);
    }
  }
  await source.close();
  return found;
}

test('what editcap, mergecap and reordercap do comes out the same', async ({ skip }) => {
  if (!wireshark) skip('the tools of Wireshark are not installed');
  const [a, b] = [capture('tool-a.pcap', [5, 3, 8], 'a'), capture('tool-b.pcap', [2, 4, 9], 'b')];
  const [ours, theirs] = [path('ours.pcapng'), path('theirs.pcapng')];
  const compare = async (tool: string, given: readonly string[], words: readonly string[]): Promise<void> => {
    execFileSync(tool, [...given], { stdio: 'ignore' });
    await rewritten(...words);
    expect([tool, given, await packetsIn(ours)]).toEqual([tool, given, await packetsIn(theirs)]);
  };
  await compare('mergecap', ['-w', theirs, a, b], [a, b, ours]);
  await compare('mergecap', ['-a', '-w', theirs, a, b], [a, b, ours, '--concatenate']);
  await compare('reordercap', [a, theirs], [a, ours, '--sort']);
  await compare('editcap', ['-s', '20', a, theirs], [a, ours, '-s', '20']);
  await compare('editcap', ['-t', '-1.5', a, theirs], [a, ours, '--time-shift', '-1.5']);
  await compare('editcap', ['-r', a, theirs, '2-3'], [a, ours, '--packets', '2-3']);
  await compare('editcap', [a, theirs, '2'], [a, ours, '--drop', '2']);
  await compare('editcap', ['-C', '6', '-L', a, theirs], [a, ours, '--chop', '6', '--adjust-length']);
  await compare('editcap', ['-C', '-6', a, theirs], [a, ours, '--chop', '-6']);
  await compare('editcap', ['-T', 'rawip', a, theirs], [a, ours, '--encapsulation', '101']);
});

test('what tcprewrite does comes out the same', async ({ skip }) => {
  if (!answers('tcprewrite', '--version')) skip('tcpreplay is not installed');
  const [ours, theirs, tagged] = [path('ours.pcap'), path('theirs.pcap'), path('tagged.pcap')];
  const plain = 'fixtures/handshake-hmac.pcap';
  await rewritten(plain, tagged, '--add-vlan', '9:3');
  const cases: readonly (readonly [from: string, theirs: string, ours: string])[] = [
    [plain, '--pnat=192.0.2.0/24:203.0.113.0/24', '--address 192.0.2.0/24=203.0.113.0/24'],
    [plain, '--srcipmap=192.0.2.1/32:198.51.100.7/32', '--src 192.0.2.1=198.51.100.7'],
    [plain, '--portmap=4242:4243', '--port 4242=4243'],
    [
      plain,
      '--enet-dmac=02:00:00:00:00:99 --enet-smac=02:00:00:00:00:98',
      '--dst-mac 02:00:00:00:00:99 --src-mac 02:00:00:00:00:98',
    ],
    [plain, '--enet-vlan=add --enet-vlan-tag=7 --enet-vlan-cfi=0 --enet-vlan-pri=5', '--add-vlan 7:5'],
    [tagged, '--enet-vlan=del', '--drop-vlan'],
    [plain, '--ttl=9', '--ttl 9'],
    [plain, '--tos=5', '--set ip.dsfield=5'],
  ];
  for (const [from, given, words] of cases) {
    execFileSync('tcprewrite', [...given.split(' '), `--infile=${from}`, `--outfile=${theirs}`], { stdio: 'ignore' });
    expect(await rewritten(from, ours, ...words.split(' '))).toEqual([]);
    expect([given, await packetsIn(ours)]).toEqual([given, await packetsIn(theirs)]);
  }
});

test('hex dumps are read as text2pcap reads them', async ({ skip }) => {
  if (!wireshark) skip('the tools of Wireshark are not installed');
  const dump = execFileSync('tshark', ['-r', DEMO, '-x'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  writeFileSync(path('dump.txt'), dump);
  const timed =
    'I\n2010-05-19T10:03:00.5Z\n0000 68 65 6c 6c 6f\n\nO\n2010-05-19T10:04:00Z\n0000 77 6f  hi\n0002 61 62\n';
  writeFileSync(path('timed.txt'), timed);
  const [ours, theirs] = [path('hex-ours.pcapng'), path('hex-theirs.pcapng')];
  const hex = async (file: string) => (await packetsIn(file)).map((line) => line.split(' ')[2]);
  expect(await rewritten(path('dump.txt'), ours, '--from-hex')).toEqual([]);
  execFileSync('text2pcap', [path('dump.txt'), theirs], { stdio: 'ignore' });
  expect(await hex(ours)).toEqual(await hex(theirs));
  const layers = [
    '--layer',
    'eth:type=0x800',
    '--layer',
    'ip:src=10.1.1.1,dst=10.2.2.2,ttl=255',
    '--layer',
    'udp:srcport=7,dstport=80',
  ];
  await rewritten(path('timed.txt'), ours, '--from-hex', '--hex-time', 'ISO', '--hex-direction', ...layers);
  execFileSync('text2pcap', ['-D', '-t', 'ISO', '-u', '7,80', '-4', '10.1.1.1,10.2.2.2', path('timed.txt'), theirs], {
    stdio: 'ignore',
  });
  const told = (file: string): string =>
    execFileSync(
      'tshark',
      [
        '-r',
        file,
        '-T',
        'fields',
        ...['frame.time_epoch', 'ip.src', 'udp.srcport', 'udp.payload'].flatMap((field) => ['-e', field]),
      ],
      { encoding: 'utf8' },
    );
  expect(told(ours)).toBe(told(theirs));
});

test('tshark finds nothing wrong with what was right before', async ({ skip }) => {
  if (!wireshark) skip('the tools of Wireshark are not installed');
  const checks = ['ip.check_checksum', 'udp.check_checksum', 'tcp.check_checksum', 'udplite.check_checksum'];
  const options = [...checks.flatMap((name) => ['-o', `${name}:TRUE`]), '-o', 'sctp.checksum:crc-32c'];
  const warnings = (file: string): string =>
    execFileSync(
      'tshark',
      [
        '-n',
        '-r',
        file,
        ...options,
        '-Y',
        '_ws.expert.severity >= 0x00600000',
        '-T',
        'fields',
        '-e',
        'frame.number',
        '-e',
        '_ws.expert.message',
      ],
      {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      },
      // What a bad checksum should be follows from the bytes.
    ).replaceAll(/ \[should be .*/g, '');
  const together = path('together.pcapng');
  const names = [
    'vlan',
    'vxlan',
    'gre',
    'geneve',
    'gtp',
    'ip-in-ip',
    'ipv4-fragments',
    'ipv6-fragments',
    'ipv6-extensions',
    'icmp-unreachable',
    'icmpv6-unreachable',
    'sctp',
    'sctp-udp',
    'udplite',
    'tcp-stream',
    'tcp-stream-ipv6',
    'cooked',
    'pppoe',
  ];
  await rewritten(...names.map((name) => `fixtures/${name}.pcap`), together, '--concatenate');
  const changed = path('changed.pcapng');
  await rewritten(together, changed, '--anonymize', 'k', '--port', '4242=14242', '--ttl', '-3', '--time-shift', '1h');
  expect(warnings(changed)).toBe(warnings(together));
});
