import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { dissect } from '../../dissectors/dissect.js';
import { NAMED_PROTOCOLS } from '../../dissectors/named/protocols.js';
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
