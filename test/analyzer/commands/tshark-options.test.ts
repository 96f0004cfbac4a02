import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { linesOf, running } from './running.js';

const MIXED = 'fixtures/mixed-traffic.pcap';
const DNS = 'fixtures/dns.pcap';

test.each<[readonly string[], string]>([
  [['-R', 'udp', DNS], '-R: udp: goes with -2; for one pass there is -Y'],
  [['-d', 'udp.port', DNS], '-d: udp.port: expected LAYER==NUMBER,PROTOCOL, such as udp.port==5000,dns'],
  [
    ['-d', 'usb.class==1,dns', DNS],
    '-d: usb.class==1,dns: nothing can be chosen by usb.class: only by udp.port, tcp.port, ethertype, ip.proto',
  ],
  [
    ['-d', 'udp.port==1,nonsense', DNS],
    '-d: udp.port==1,nonsense: no such protocol: nonsense; handshark -G protocols lists them',
  ],
  [['-d', 'udp.port==70000,dns', DNS], '-d: udp.port==70000,dns: expected numbers from 0 to 65535'],
  [['-o', 'tls.keylog_file', DNS], '-o: tls.keylog_file: expected NAME:VALUE'],
  [['-o', 'ip.defragment:FALSE', DNS], '-o: ip.defragment:FALSE: it cannot be set otherwise; tshark can'],
  [
    ['-o', 'gui.font:x', DNS],
    '-o: gui.font:x: no such setting; there are tls.keylog_file, wg.keylog_file, chan.secrets, chan.dialect; tshark -o has others',
  ],
  [
    ['-z', 'follow,tcp,ascii,0', DNS],
    '-z: follow,tcp,ascii,0: handshark decode -x --channel shows what a channel carries; here are io,phs, io,stat, conv, endpoints and expert',
  ],
  [
    ['-z', 'http,tree', DNS],
    '-z: http,tree: tshark -z http does it; here are io,phs, io,stat, conv, endpoints and expert',
  ],
  [
    ['-z', 'conv,usb', DNS],
    '-z: conv,usb: expected one of eth, ip, ipv6, udp, tcp, sctp, chan, channel; tshark has others',
  ],
  [
    ['-z', 'io,stat,x', DNS],
    '-z: io,stat,x: expected seconds behind io,stat, such as io,stat,0.5; 0 for the whole capture',
  ],
  [['-G', 'decodes'], '-G: decodes: tshark -G decodes does it; here are fields and protocols'],
  [['-O', 'nonsense', DNS], '-O: nonsense: no such protocol'],
  [['-O', 'udp', '-T', 'json', DNS], '-O: udp: goes with -T text'],
  [['-j', 'udp', DNS], '-j: udp: goes with -T json, ek, pdml, jsonraw'],
  [
    ['-X', 'lua_script:x.lua', DNS],
    "usage: unknown option '-X': no scripts are run here; handshark export lua makes a dissector for Wireshark",
  ],
  [['--export-objects', 'http,x', DNS], "usage: unknown option '--export-objects': tshark --export-objects does it"],
])('%j is refused in one line that says what does it', async (words, why) => {
  expect(await running(['decode', ...words])).toEqual({ stdout: '', complaints: [why], status: 2 });
});

test('the word decode can be left out', async () => {
  for (const words of [
    ['-T', 'json'],
    ['-V', '-c', '2'],
    ['-e', 'dns.id'],
    ['-q', '-z', 'io,phs'],
    ['-x', '-c', '1'],
  ])
    expect(await running(['-r', DNS, ...words])).toEqual(await running(['decode', '-r', DNS, ...words]));
});

test('JSON is narrowed to protocols that are named', async () => {
  const whole = linesOf(await running(['-r', DNS, '-T', 'json'])).map((line) => JSON.parse(line));
  const narrow = linesOf(await running(['-r', DNS, '-T', 'json', '-j', 'ip,dns'])).map((line) => JSON.parse(line));
  expect(narrow).toEqual(
    whole.map(({ frame, layers, ip, dns }) => JSON.parse(JSON.stringify({ frame, layers, ip, dns }))),
  );
});

test('all formats stay well-formed whatever is in packets', async () => {
  const files = ['fixtures/hostile.pcap', 'fixtures/faults.pcapng', 'fixtures/demo.pcapng'];
  const { stdout: raw } = await running(['decode', '-T', 'jsonraw', ...files]);
  const packets = JSON.parse(raw).length;
  expect(packets).toBeGreaterThan(250);
  const { stdout: lines } = await running(['decode', '-T', 'ek', ...files]);
  expect(
    lines
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line)).length,
  ).toBe(2 * packets);
  const { stdout: xml } = await running(['decode', '-T', 'pdml', ...files]);
  const open: string[] = [];
  for (const [, end, name = '', empty] of xml
    .replace(/<\?.*?\?>/, '')
    .matchAll(/<(\/?)(\w+)(?: [\w]+="[^"<>]*")* ?(\/?)>/g)) {
    if (end) expect(open.pop()).toBe(name);
    else if (!empty) open.push(name);
  }
  expect(open).toEqual([]);
  expect(xml.match(/<packet>/g)?.length).toBe(packets);
  // Nothing else in it looks like markup.
  expect(xml.replaceAll(/<[?/]?\w[^<>]*>/g, '')).not.toMatch(/[<>]/);
});

test('an empty capture gives complete documents', async () => {
  expect(JSON.parse((await running(['-r', 'fixtures/empty.pcap', '-T', 'jsonraw'])).stdout)).toEqual([]);
  expect((await running(['-r', 'fixtures/empty.pcap', '-T', 'pdml'])).stdout).toMatch(/<pdml [^>]*>\s*<\/pdml>\s*$/);
});

test('settings name secrets and dialects as options do', async () => {
  const demo = ['channels', '-T', 'json', 'fixtures/handshake-hmac.pcap'];
  const secrets = 'fixtures/handshake-hmac.secrets';
  expect(await running([...demo, '-o', `chan.secrets:${secrets}`])).toEqual(
    await running([...demo, '--secrets', secrets]),
  );
  expect(readFileSync(secrets, 'utf8')).toContain('PEER_SECRET');
  expect(await running([...demo, '-o', 'chan.dialect:channeler'])).toEqual(
    await running([...demo, '--dialect', 'channeler']),
  );
});

test("a line of one's own stands behind each tree", async () => {
  const { stdout } = await running(['-r', MIXED, '-V', '-c', '2', '-S', '-- next']);
  expect(stdout.match(/^-- next$/gm)?.length).toBe(2);
});

test('findings are counted in the layout of tshark', async () => {
  const { stdout } = await running(['-r', MIXED, '-q', '-z', 'expert']);
  expect(stdout).toBe(`
Errors (1)
=============
   Frequency      Group           Protocol  Summary
           1  Malformed          Handshark  malformed: The packet contradicts itself, or ends before it should.
`);
});
