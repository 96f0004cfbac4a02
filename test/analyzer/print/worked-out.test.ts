import { writeFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { pcapFileHeader, pcapRecord } from '../../../dissectors/file/pcap-writer.js';
import { fromHex } from '../../../dissectors/wire/view.js';
import { makeFolder } from '../capture/files.js';
import { running } from '../commands/running.js';

const folder = makeFolder();
afterAll(folder.remove);

const MACS = '020000000002020000000001';
/** UDP of 4 bytes in IPv4: 32 bytes, 46 with Ethernet. */
const UDP = '45000020 00010000 4011 0000 0a000001 0a000002 13881770 000c 0000 78787878';
const zeros = (count: number) => '00'.repeat(count);

/** The values of fields in a capture of frames. */
async function valuesOf(fields: readonly string[], frames: readonly string[]) {
  const records = frames.map((hex) => {
    const bytes = fromHex(hex.replaceAll(' ', ''));
    return pcapRecord({ seconds: 1, nanos: 0, bytes, wire: bytes.length });
  });
  const path = folder.path('frames.pcap');
  writeFileSync(path, Buffer.concat([pcapFileHeader({ linkType: 1 }), ...records]));
  const { stdout } = await running(['decode', ...fields.flatMap((field) => ['-e', field]), path]);
  return stdout
    .slice(0, -1)
    .split('\n')
    .map((line) => line.split('\t'));
}

/** What tshark 4.0 makes of each. */
describe('the end of an Ethernet frame', () => {
  test.each([
    ['zeros up to 60 bytes', `${MACS} 0800 ${UDP} ${zeros(14)}`, [zeros(14), '', '', '']],
    ['and a check sequence', `${MACS} 0800 ${UDP} ${zeros(14)} 01020304`, [zeros(14), '', '0x01020304', '']],
    ['other bytes', `${MACS} 0800 ${UDP} ${'01'.repeat(14)}`, ['', '01'.repeat(14), '', '']],
    ['zeros of a frame that stays short', `${MACS} 0800 ${UDP} ${zeros(5)}`, ['', zeros(5), '', '']],
    ['behind a VLAN tag', `${MACS} 8100 0005 0800 ${UDP} ${zeros(10)} 0a0b0c0d`, [zeros(10), '', '', '0a0b0c0d']],
    ['behind a length', `${MACS} 0005 4242030102 ${zeros(41)}`, [zeros(41), '', '', '']],
    ['nothing', `${MACS} 0800 ${UDP}`, ['', '', '', '']],
    ['of a type that nobody knows', `${MACS} 9999 616263 ${zeros(43)}`, ['', '', '', '']],
  ])('%s', async (_, frame, values) => {
    expect(await valuesOf(['eth.padding', 'eth.trailer', 'eth.fcs', 'vlan.trailer'], [frame])).toEqual([values]);
  });
});

test('hosts, payloads and the columns of the list are fields', async () => {
  const fields = [
    'ip.host',
    'ip.dst_host',
    'udp.payload',
    '_ws.col.number',
    '_ws.col.Source',
    '_ws.col.protocol',
    '_ws.col.Info',
  ];
  expect(await valuesOf(fields, [`${MACS} 0800 ${UDP}`])).toEqual([
    ['10.0.0.1,10.0.0.2', '10.0.0.2', '78787878', '1', '10.0.0.1', 'UDP', expect.stringMatching(/^5000 → 6000 Len=4/)],
  ]);
});

test('filters know them', async () => {
  const count = async (filter: string, path: string) => {
    const { stdout, complaints } = await running(['decode', '-Y', filter, '-e', 'frame.number', path]);
    return complaints.length > 0 ? complaints : stdout.split('\n').length - 1;
  };
  const disorder = 'fixtures/tcp-disorder.pcap';
  expect(await count('tcp.analysis.out_of_order', disorder)).toBeGreaterThan(0);
  expect(await count('tcp.analysis.flags && !tcp.analysis.out_of_order', disorder)).toBeGreaterThan(0);
  expect(await count('tcp.time_relative >= 0', disorder)).toBe(await count('tcp', disorder));
  expect(await count('tcp.analysis.ack_rtt > 1000', disorder)).toBe(0);
  expect(await count('udp.stream == 0', 'fixtures/plain-ng.pcapng')).toBe(10);
  expect(await count('udp.payload contains 99:83:8c:aa', 'fixtures/plain-ng.pcapng')).toBe(10);
  expect(await count('_ws.col.protocol == "hmac"', 'fixtures/plain-ng.pcapng')).toBe(10);
  expect(await count('frame.interface_id == 1', 'fixtures/two-interfaces.pcapng')).toBeGreaterThan(0);
  expect(await count('ip.host == "192.0.2.1"', 'fixtures/plain-ng.pcapng')).toBe(10);
});
