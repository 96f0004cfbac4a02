import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Contribution, recording, replaying } from '../../analyzer/track/contributions.js';
import { dissect } from '../../dissectors/dissect.js';
import { announcedMedia, FLOW_KEYS } from '../../dissectors/named/announced.js';
import { NAMED_PROTOCOLS } from '../../dissectors/named/protocols.js';
import { Announcements } from '../../dissectors/reassembly/announcements.js';
import { liveReassembly } from '../../dissectors/reassembly/reassembly.js';
import { dissectorFor } from '../../dissectors/registry.js';
import { textOf } from '../../dissectors/wire/finding.js';
import { running } from '../analyzer/commands/running.js';
import { hex } from '../hex.js';
import { tsharkVersion } from '../tshark/tshark.js';
import { all, context } from './dissecting.js';

const ETHERNET = '020000000002 020000000001 0800';
/** A frame with a UDP datagram between these ports. */
function datagram(from: number, to: number, payload: string): DataView {
  const length = payload.length / 2;
  const word = (value: number) => value.toString(16).padStart(4, '0');
  return hex(
    `${ETHERNET} 4500${word(28 + length)} 00000000 40110000 c0000201 c0000202 ${word(from)}${word(to)}${word(8 + length)}0000 ${payload}`,
  );
}
const ascii = (text: string) => Buffer.from(text, 'latin1').toString('hex');
const layersOf = (frame: DataView, captured = frame.byteLength) =>
  dissect(frame, 0, { captured, wire: frame.byteLength }, 1, 1, liveReassembly());

test.each([
  // from, to, payload, what it is
  ['a port and a mark', 123, 123, `23${'00'.repeat(47)}`, 'ntp'],
  ['a port without the mark', 123, 40_000, '01', 'data'],
  ['the higher port, where the lower means nothing', 1000, 1812, `01050014${'00'.repeat(16)}`, 'radius'],
  ['a length that lies', 1000, 1812, `01050015${'00'.repeat(16)}`, 'data'],
  ['STUN on any port', 40_000, 40_001, '000100002112a442000000000000000000000000', 'stun'],
  ['STUN that does not fill its datagram', 40_000, 40_001, '000100042112a442000000000000000000000000', 'data'],
  ['a request of SIP on any port', 40_000, 40_001, ascii('BYE sip:a@b SIP/2.0\r\n'), 'sip'],
  ['a line that only begins like one of SIP', 40_000, 40_001, ascii('BYE all of you\r\n'), 'data'],
  ['a datagram of HTTP, which does not exist', 40_000, 40_001, ascii('GET / HTTP/1.1\r\n'), 'data'],
])('names %s', (_, from, to, payload, name) => {
  expect(layersOf(datagram(from, to, payload)).layers.map((layer) => layer.name)).toEqual(['eth', 'ip', 'udp', name]);
});

test('what the capture cut of a named protocol is told', () => {
  const frame = datagram(514, 40_000, ascii('<13>something to say'));
  const { layers, findings } = layersOf(frame, frame.byteLength - 5);
  expect(layers.at(-1)?.name).toBe('syslog');
  expect(findings.map(textOf)).toContain('syslog: needs 20 bytes, the capture kept 15');
});

test.each([
  // what is said, then where media is
  [
    'one address for all media',
    'c=IN IP4 10.1.2.3\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0\r\n',
    ['10.1.2.3:4000', '10.1.2.3:4001'],
  ],
  [
    'an address and a port for reports of their own',
    'c=IN IP4 10.9.9.9\r\nm=video 5000 RTP/AVP 96\r\nc=IN IP4 10.1.2.3\r\na=rtcp:5009 IN IP4 10.1.2.3\r\nm=audio 0 RTP/AVP 0\r\n',
    ['10.1.2.3:5000', '10.1.2.3:5009', '10.9.9.9:1'],
  ],
  [
    'IPv6',
    'c=IN IP6 2001:db8::1\r\nm=audio 4000 RTP/AVP 0\r\n',
    ['2001:db8:0:0:0:0:0:1:4000', '2001:db8:0:0:0:0:0:1:4001'],
  ],
  ['a port that is none', 'c=IN IP4 10.1.2.3\r\nm=audio 70000 RTP/AVP 0\r\n', []],
  ['no address', 'm=audio 4000 RTP/AVP 0\r\n', []],
])('reads where media will be: %s', (_, body, wanted) => {
  const bytes = hex(ascii(`SIP/2.0 200 OK\r\n\r\nv=0\r\no=- 1 1 IN IP4 1.1.1.1\r\n${body}`));
  const found = announcedMedia(bytes, 0, bytes.byteLength).map(({ endpoint = '' }) => {
    const words = Array.from(endpoint, (character) => character.charCodeAt(0));
    const port = words.pop();
    if (words.length > 2) return `${words.map((word) => word.toString(16)).join(':')}:${port}`;
    return `${words.flatMap((word) => [word >>> 8, word & 0xff]).join('.')}:${port}`;
  });
  expect(found).toEqual(wanted);
});

test('announcements are bounded, of one message and of all', () => {
  const many = `v=0\r\nc=IN IP4 10.1.2.3\r\n${'m=audio 4000 RTP/AVP 0\r\n'.repeat(500)}`;
  const bytes = hex(ascii(`\n${many}`));
  expect(announcedMedia(bytes, 0, bytes.byteLength)).toHaveLength(16);
  const announcements = new Announcements();
  const keys = { key: 'aaabbb', reverse: 'bbbaaa' };
  const media = hex(`8000${'00'.repeat(20)}`);
  announcements.add(keys, [{ flow: 'media', endpoint: 'bbb' }]);
  expect(announcements.expecting(media, 0, all(media), keys)).toBe(FLOW_KEYS.rtp);
  for (let place = 0; place < 20_000; place++) {
    announcements.add(keys, [{ flow: 'media', endpoint: String.fromCharCode(place, 1, 1) }]);
  }
  expect(announcements.expecting(media, 0, all(media), keys)).toBe(-1);
});

test('a stream whose start tells the protocol is named to its end, in both directions', () => {
  const segment = (from: number, to: number, sequence: number, payload: string): DataView => {
    const word = (value: number) => value.toString(16).padStart(4, '0');
    const length = word(40 + payload.length / 2);
    const ip = `4500${length}00000000400600007f0000017f000001`;
    const tcp = `${word(from)}${word(to)}0000${word(sequence)}00000001501000ff00000000`;
    return hex(`020000000002 020000000001 0800 ${ip} ${tcp} ${payload}`);
  };
  const contributions: Contribution[] = [];
  const live = liveReassembly();
  const named = (frame: DataView, reassembly = recording(live, contributions)) =>
    dissect(frame, 0, { captured: frame.byteLength, wire: frame.byteLength }, 1, 1, reassembly).layers.at(-1)?.name;
  expect(named(segment(9001, 9000, 24, ascii('GET / HTTP/1.1\r\n\r\n')))).toBe('http');
  expect(named(segment(9000, 9001, 1, 'ff00ff00'))).toBe('http');
  contributions.length = 0;
  const last = segment(9001, 9000, 42, 'abcd');
  expect(named(last)).toBe('http');
  expect(named(last, replaying(contributions))).toBe('http');
  // A request in the middle of something else says nothing of the rest.
  expect(named(segment(9003, 9000, 1, 'abcd'))).toBe('data');
  expect(named(segment(9003, 9000, 3, ascii('GET / HTTP/1.1\r\n\r\n')))).toBe('http');
  expect(named(segment(9003, 9000, 21, 'abcd'))).toBe('data');
  // A port of HTTP alone names nothing.
  expect(named(segment(9005, 8080, 1, ascii('hello')))).toBe('data');
});

test('no number leads to two of them', () => {
  for (const keysOf of ['udp', 'tcp', 'ip', 'type'] as const) {
    const numbers = NAMED_PROTOCOLS.flatMap((protocol) => protocol[keysOf] ?? []);
    expect(numbers.filter((number, place) => numbers.indexOf(number) !== place)).toEqual([]);
  }
});

test('SMB is told by what follows the length of NetBIOS', () => {
  const nbss = dissectorFor('tcp.port', 445);
  const answer = (payload: string) => nbss?.dissect(hex(payload), 0, all(hex(payload)), context());
  expect(answer('85000000')?.ok).toBe(true);
  expect(answer('00000040fe534d42')).toBeUndefined();
});

const version = tsharkVersion();
test.skipIf(version === undefined)('the list calls the fixture of named protocols what tshark calls it', async () => {
  const asked = ['-r', 'fixtures/named.pcap', '-T', 'fields', '-e', '_ws.col.Protocol'];
  const theirs = spawnSync('tshark', asked, { encoding: 'utf8' }).stdout.trim().split('\n');
  const { stdout } = await running(['decode', '-e', '_ws.col.protocol', 'fixtures/named.pcap']);
  const ours = stdout.trim().split('\n');
  const differing = ours.flatMap((name, place) =>
    name === theirs[place] ? [] : [`${place + 1} ${theirs[place]} ${name}`],
  );
  // A datagram of five bytes is no NTP, SSH is told on any port, and half a message of SMB is one.
  expect(differing).toEqual(['17 NTP UDP', '30 TCP SSH', '54 TCP SMB2']);
});

/** What a session of a browser, a name server, VPNs and a call through a relay are made of. */
const SESSIONS = [
  ...['dns', 'tls', 'quic', 'tcp-multipath', 'tcp-fast-open', 'tcp-handshakes'],
  ...['wireguard', 'ikev2', 'openvpn', 'openvpn-tcp', 'pppoe-discovery', 'hip', 'gre', 'l2tp'],
  ...['stun', 'dtls', 'sctp-handshakes', 'paxos'],
];

test.skipIf(version === undefined)('no row says only TCP or UDP where tshark names a protocol', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'handshark-sessions-'));
  try {
    const together = join(folder, 'together.pcapng');
    const { status } = await running([
      'rewrite',
      ...SESSIONS.map((name) => `fixtures/${name}.pcap`),
      together,
      '--concatenate',
    ]);
    expect(status).toBe(0);
    const asked = ['-r', together, '-T', 'fields', '-e', '_ws.col.Protocol'];
    const theirs = spawnSync('tshark', asked, { encoding: 'utf8' }).stdout.trim().split('\n');
    const { stdout } = await running(['decode', '-e', '_ws.col.protocol', together]);
    const ours = stdout.trim().split('\n');
    expect(ours.length).toBe(theirs.length);
    expect(ours.length).toBeGreaterThan(300);
    const bare = (name: string | undefined) => name === 'TCP' || name === 'UDP';
    const only = ours.flatMap((name, place) =>
      bare(name) && !bare(theirs[place]) ? [`${place + 1} ${theirs[place]}`] : [],
    );
    expect(only).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
