import { readFileSync, statSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { PcapSink } from '../../../crafter/io/pcap-sink.js';
import { ipv4From, ipv6From } from '../../../crafter/ip-address.js';
import { ipv4, ipv6 } from '../../../crafter/network-part.js';
import { build, raw } from '../../../crafter/part.js';
import { udp } from '../../../crafter/transport-part.js';
import { pcapFileHeader, pcapRecord } from '../../../dissectors/file/pcap-writer.js';
import { enhancedPacket, interfaceDescription, sectionHeader } from '../../../dissectors/file/pcapng-writer.js';
import { makeFolder } from '../../analyzer/capture/files.js';

const folder = makeFolder();
afterAll(() => folder.remove());

const ENDS = [
  { host: '127.0.0.1', port: 4242 },
  { host: '192.0.2.7', port: 7 },
  { host: '::ffff:192.0.2.9', port: 9 },
];
const ENDS6 = [
  { host: '::1', port: 4242 },
  { host: 'fe80::1%lo', port: 7 },
];

test('nobody else may read a recording that holds secrets', () => {
  for (const [name, secrets] of [
    ['private.pcapng', true],
    ['public.pcapng', false],
  ] as const) {
    const path = folder.path(name);
    const sink = new PcapSink(path);
    if (secrets) sink.secrets('PEER_SECRET * 00\n');
    sink.close();
    expect((statSync(path).mode & 0o077) === 0).toBe(secrets);
  }
});

const datagram = fc.record({
  bytes: fc.uint8Array({ maxLength: 1400 }),
  places: fc.tuple(fc.nat(2), fc.nat(2)),
  isIpv6: fc.boolean(),
  seconds: fc.integer({ min: 0, max: 0xffff_ffff }),
  nanos: fc.integer({ min: 0, max: 999_999_999 }),
  comment: fc.option(fc.constantFrom('late', 'lost'), { nil: undefined, freq: 9 }),
});
type Datagram = typeof datagram extends fc.Arbitrary<infer T> ? T : never;

const endsOf = ({ places: [from, to], isIpv6 }: Datagram) => {
  const list = isIpv6 ? ENDS6 : ENDS;
  const [first, second] = [list[from % list.length] ?? ENDS[0], list[to % list.length] ?? ENDS[0]];
  if (!first || !second) throw new Error('no end');
  return { from: first, to: second };
};

const plain = (host: string): string => host.replace('::ffff:', '').replace(/%.*/, '');

/** The frames as parts make them, with identifications that count those of IPv4. */
function framesOf(datagrams: readonly Datagram[]): readonly Uint8Array[] {
  let id = 0;
  return datagrams.map((one) => {
    const { from, to } = endsOf(one);
    const inside = udp({ srcport: from.port, dstport: to.port }, raw(one.bytes));
    if (one.isIpv6) return build(ipv6({ src: ipv6From(plain(from.host)), dst: ipv6From(plain(to.host)) }, inside));
    id += 1;
    return build(ipv4({ src: ipv4From(plain(from.host)), dst: ipv4From(plain(to.host)), id }, inside));
  });
}

test.each(['any.pcap', 'any.pcapng'])('%s is what the writers of records and parts make', (name) => {
  fc.assert(
    fc.property(fc.array(datagram, { maxLength: 30 }), (datagrams) => {
      const path = folder.path(name);
      const sink = new PcapSink(path);
      for (const one of datagrams) {
        const { from, to } = endsOf(one);
        sink.datagram(one.bytes, from, to, one, one.comment);
      }
      sink.close();
      const isPcapng = name.endsWith('ng');
      const head = isPcapng
        ? [sectionHeader(), interfaceDescription({ linkType: 101, name: 'udp' })]
        : [pcapFileHeader({ linkType: 101, nanoseconds: true })];
      const records = framesOf(datagrams).map((bytes, place) => {
        const { seconds = 0, nanos = 0, comment } = datagrams[place] ?? {};
        const record = { seconds, nanos, bytes, wire: bytes.length };
        if (!isPcapng) return pcapRecord(record, true);
        return enhancedPacket({ interfaceId: 0, ...record, ...(comment !== undefined && { comments: [comment] }) });
      });
      expect(readFileSync(path).equals(Buffer.concat([...head, ...records]))).toBe(true);
    }),
    { numRuns: 40 },
  );
});

test('what does not fit into the room for records is written before', () => {
  const path = folder.path('many.pcapng');
  const sink = new PcapSink(path);
  const bytes = new Uint8Array(65_000).fill(7);
  const [from, to] = ENDS;
  if (!from || !to) throw new Error('no end');
  for (let place = 0; place < 20; place++) sink.datagram(bytes, from, to, { seconds: place, nanos: 0 });
  sink.secrets('x'.repeat(400_000));
  sink.datagram(bytes, from, to, { seconds: 20, nanos: 0 });
  sink.close();
  const size = 20 + 8 + 65_000;
  const block = 32 + size + (-size & 3);
  expect(readFileSync(path).length).toBeGreaterThan(21 * block + 400_000);
  expect(readFileSync(path).length).toBeLessThan(21 * block + 400_000 + 400);
});
