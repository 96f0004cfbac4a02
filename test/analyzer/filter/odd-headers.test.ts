import { afterAll, expect, test } from 'vitest';
import { addressesOf, infoOf } from '../../../analyzer/print/row.js';
import { Endpoints } from '../../../analyzer/stats/endpoints.js';
import { ethernet } from '../../../crafter/link-part.js';
import { ipv4 } from '../../../crafter/network-part.js';
import { build, type Part, raw, text } from '../../../crafter/part.js';
import { tcp, udp } from '../../../crafter/transport-part.js';
import { enhancedPacket, interfaceDescription, sectionHeader } from '../../../dissectors/file/pcapng-writer.js';
import { parseIpv4 } from '../../../dissectors/ip-address.js';
import { fromHex } from '../../../dissectors/wire/view.js';
import { makeFolder } from '../capture/files.js';
import { fieldValues } from '../print/tree-values.js';
import { rowsOf } from '../stats/count.js';
import { eachPacket, type Verdict, verdictsOf, verdictText } from './reading.js';

const folder = makeFolder();
afterAll(folder.remove);

/** Writes a capture of IPv4 packets in Ethernet frames, of which it keeps `snap` bytes. */
function capture(name: string, packets: readonly Part[], snap = 65_535): string {
  const frames = packets.map((packet) => {
    const bytes = build(ethernet({}, packet));
    return enhancedPacket({
      interfaceId: 0,
      seconds: 0,
      nanos: 0,
      bytes: bytes.subarray(0, snap),
      wire: bytes.length,
    });
  });
  return folder.write(name, Buffer.concat([sectionHeader(), interfaceDescription({ linkType: 1 }), ...frames]));
}

const address = (shown: string): number => parseIpv4(shown) ?? 0;
const hex = (digits: string): Part => raw(fromHex(digits));

/** What tshark 4.0 makes of each filter, and what it makes of them here. */
async function expectPasses(path: string, expected: Readonly<Record<string, string>>): Promise<void> {
  const filters = Object.keys(expected);
  const verdicts: readonly Verdict[] = await verdictsOf(path, filters);
  expect(Object.fromEntries(filters.map((filter, at) => [filter, verdictText(verdicts[at] ?? 'illegal')]))).toEqual(
    expected,
  );
}

test('layers that are chosen from behind count from the last one that has the field', async () => {
  const inner = ipv4({ src: address('3.3.3.3'), dst: address('4.4.4.4') }, udp({}, text('x')));
  // Router alert, outside; and a stream identifier, inside.
  const alert = hex('94040000');
  const path = capture('tunnels.pcapng', [
    ipv4({}, inner, alert),
    ipv4({}, ipv4({}, udp({}, text('x')), hex('88040001')), alert),
  ]);
  await expectPasses(path, {
    'ip.opt.type#[-1]': '1-2',
    'ip.opt.type#[-1] == 148': '1',
    'ip.opt.type#[-1] == 136': '2',
    'ip.opt.type#[-2]': '2',
    'ip.opt.type#2': '2',
    'ip.src#[-1] == 3.3.3.3': '1',
  });
});

test('without ACK the acknowledgement number is relative to nothing, but the edges of SACK blocks are', async () => {
  const [client, server] = [{ src: address('10.0.0.1') }, { dst: address('10.0.0.1') }];
  const block = hex('0101050a 0000238d 000023f1');
  const path = capture('sack.pcapng', [
    ipv4(client, tcp({ seq_raw: 5000, ack_raw: 77, 'flags.syn': true }, text(''), block)),
    ipv4(server, tcp({ seq_raw: 9000, ack_raw: 5001, 'flags.syn': true, 'flags.ack': true }, text(''))),
    ipv4(client, tcp({ seq_raw: 5001, ack_raw: 9001, 'flags.push': true }, text('abc'), block)),
    ipv4(client, tcp({ seq_raw: 5001, ack_raw: 9001, 'flags.ack': true }, text('abc'), block)),
  ]);
  await expectPasses(path, {
    'tcp.ack == 77': '1',
    'tcp.ack == 1': '2,4',
    'tcp.ack == 9001': '3',
    'tcp.options.sack_le == 9101': '1',
    'tcp.options.sack_le == 101': '3-4',
  });
  const shown: string[] = [];
  await eachPacket(path, (packet) =>
    shown.push(
      fieldValues(packet, 'tcp.ack')
        .map((value) => value.text)
        .join(),
    ),
  );
  expect(shown).toEqual(['77', '1', '9001', '1']);
});

test('a segment belongs to its stream even where the capture kept only the start of its options', async () => {
  const [client, server] = [{ src: address('10.0.0.1') }, { dst: address('10.0.0.1') }];
  const timestamps = hex('0101080a 00000001 00000002');
  const data = text('x'.repeat(100));
  const path = capture(
    'snap-64.pcapng',
    [
      ipv4(client, tcp({ seq_raw: 5000, 'flags.syn': true }, text(''), timestamps)),
      ipv4(server, tcp({ seq_raw: 9000, ack_raw: 5001, 'flags.syn': true, 'flags.ack': true }, text(''))),
      ipv4(client, tcp({ seq_raw: 5001, ack_raw: 9001, 'flags.ack': true }, data, timestamps)),
      ipv4(client, tcp({ seq_raw: 5201, ack_raw: 9001, 'flags.ack': true }, data, timestamps)),
      ipv4(server, tcp({ seq_raw: 9001, ack_raw: 5301, 'flags.ack': true }, text(''))),
    ],
    64,
  );
  await expectPasses(path, {
    'tcp.stream == 0': '1-5',
    'tcp.seq == 1': '3,5',
    'tcp.nxtseq == 301': '4',
    'tcp.ack == 301': '5',
    'tcp.checksum.status == 2': '1,3-4',
    'tcp.options.timestamp.tsval': 'none',
  });
  const infos: string[] = [];
  await eachPacket(path, (packet) => infos.push(infoOf(packet)));
  expect(infos.slice(2)).toEqual([
    '0 → 0 [ACK] Seq=1 Ack=1 Win=65535 Len=100 [truncated]',
    '0 → 0 [ACK] Seq=201 Ack=1 Win=65535 Len=100 [truncated] [tcp-lost-segment]',
    '0 → 0 [ACK] Seq=1 Ack=301 Win=65535 Len=0',
  ]);
});

test('a source-routed packet goes where its route ends, in the list and in statistics', async () => {
  // A loose source route ahead of its only stop.
  const route = hex('830704 05060708 00');
  const path = capture('route.pcapng', [
    ipv4({ src: address('10.0.0.1'), dst: address('10.0.0.2') }, udp({ srcport: 1, dstport: 2 }, text('x')), route),
  ]);
  const endpoints = new Endpoints(['ip', 'udp']);
  await eachPacket(path, (packet) => {
    expect(addressesOf(packet)).toEqual(['10.0.0.1', '5.6.7.8']);
    endpoints.take(packet);
  });
  const ends = endpoints.sheets().map((sheet) => rowsOf(sheet).map(({ address: end, port }) => [end, port]));
  expect(ends).toEqual([
    [
      ['10.0.0.1', undefined],
      ['5.6.7.8', undefined],
    ],
    [
      ['10.0.0.1', 1],
      ['5.6.7.8', 2],
    ],
  ]);
  await expectPasses(path, { 'ip.dst == 5.6.7.8': '1', 'ip.dst == 10.0.0.2': 'none', 'ip.cur_rt == 10.0.0.2': '1' });
});
