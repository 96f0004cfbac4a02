import { arp, ethernet, vlan } from '../../../crafter/link-part.js';
import { ipv4, ipv6 } from '../../../crafter/network-part.js';
import { build, type Part, raw, text } from '../../../crafter/part.js';
import { icmp, sctp, sctpData, tcp, udp } from '../../../crafter/transport-part.js';
import { enhancedPacket, interfaceDescription, sectionHeader } from '../../../dissectors/file/pcapng-writer.js';
import { parseIpv4, parseIpv6 } from '../../../dissectors/ip-address.js';
import { fromHex } from '../../../dissectors/wire/view.js';

const FROM = fromHex('020000000001');
const TO = fromHex('020000000002');

const framed = (payload: Part, paddedTo = 0): Part => ethernet({ src: FROM, dst: TO }, payload, paddedTo);
const between = (src: string, dst: string) => ({ src: parseIpv4(src) ?? 0, dst: parseIpv4(dst) ?? 0 });
const between6 = (src: string, dst: string) => ({
  src: parseIpv6(src) ?? new Uint8Array(16),
  dst: parseIpv6(dst) ?? new Uint8Array(16),
});
const bytes = (hex: string): Part => raw(fromHex(hex));

/** A query for www.example.com, and its answer. */
const QUERY = '0000 0100 0001 0000 0000 0000 03777777 076578616d706c65 03636f6d00 0001 0001';
const ANSWER =
  '0000 8180 0001 0001 0000 0000 03777777 076578616d706c65 03636f6d00 0001 0001 c00c 0001 0001 00000000 0004 01020304';
/** MSS 1460, SACK permitted, timestamps 1 and 0, window scale 7. */
const SYN_OPTIONS = '020405b4 0402 080a 00000001 00000000 01 030307';

const quotedDatagram = build(
  ipv4(between('10.0.0.6', '10.0.0.5'), udp({ srcport: 33, dstport: 44 }, text('xxxxxxxx'))),
);

/** Packets of everyday protocols and some that are broken, with what filters are likely to stumble over. */
const PACKETS: readonly Part[] = [
  framed(ipv4({ ...between('10.0.0.1', '10.0.0.2'), id: 1 }, udp({ srcport: 4242, dstport: 53 }, bytes(QUERY)))),
  framed(
    ipv4(
      { ...between('10.0.0.2', '10.0.0.1'), id: 2, ttl: 63, 'flags.df': true },
      udp({ srcport: 53, dstport: 4242 }, bytes(ANSWER)),
    ),
  ),
  framed(
    ipv4(
      { ...between('10.0.0.1', '192.168.1.1'), id: 0x1234, ttl: 1 },
      tcp({ srcport: 1025, dstport: 80, seq_raw: 100, 'flags.syn': true }, bytes(''), bytes(SYN_OPTIONS)),
    ),
  ),
  framed(
    ipv4(
      { ...between('192.168.1.1', '10.0.0.1'), id: 3, ttl: 128 },
      tcp(
        {
          srcport: 80,
          dstport: 1025,
          seq_raw: 1000,
          ack_raw: 101,
          'flags.syn': true,
          'flags.ack': true,
          window_size_value: 500,
        },
        bytes(''),
      ),
    ),
  ),
  framed(
    ipv4(
      { ...between('10.0.0.1', '192.168.1.1'), id: 4 },
      tcp({ srcport: 1025, dstport: 80, seq_raw: 101, ack_raw: 1001, 'flags.ack': true }, bytes('')),
    ),
    60,
  ),
  framed(
    ipv4(
      { ...between('10.0.0.1', '192.168.1.1'), id: 5 },
      tcp(
        { srcport: 1025, dstport: 8081, seq_raw: 101, ack_raw: 1001, 'flags.ack': true, 'flags.push': true },
        text('GET / HTTP/1.1\r\nHost: Example\r\n\r\n'),
      ),
    ),
  ),
  framed(
    ipv4(
      { ...between('1.1.1.1', '2.2.2.2'), id: 6, ttl: 10 },
      ipv4(
        { ...between('3.3.3.3', '4.4.4.4'), id: 7, ttl: 20 },
        udp({ srcport: 1000, dstport: 2000 }, text('Hello World')),
      ),
    ),
  ),
  framed(
    vlan(
      { id: 5, priority: 3 },
      vlan(
        { id: 77 },
        ipv4(
          { ...between('10.1.0.1', '10.1.255.255'), id: 8 },
          udp({ srcport: 7007, dstport: 9009 }, raw(Uint8Array.from({ length: 64 }, (_, at) => at))),
        ),
      ),
    ),
  ),
  ethernet(
    { src: fromHex('020000000003'), dst: fromHex('ffffffffffff') },
    arp({
      'src.hw_mac': fromHex('020000000003'),
      'src.proto_ipv4': parseIpv4('10.0.0.9') ?? 0,
      'dst.proto_ipv4': parseIpv4('10.0.0.1') ?? 0,
    }),
  ),
  framed(
    ipv6(
      { ...between6('2001:db8::1', '2001:db8::2'), hlim: 64, tclass: 3, flow: 0x12345 },
      udp({ srcport: 5000, dstport: 5001 }, bytes('616263 414243 00 ff')),
    ),
  ),
  framed(
    ipv6(
      { ...between6('fe80::1', 'ff02::1'), hlim: 255 },
      tcp({ srcport: 99, dstport: 100, 'flags.reset': true }, bytes('')),
    ),
  ),
  framed(
    ipv4(
      { ...between('10.0.0.5', '10.0.0.6'), id: 9, ttl: 5 },
      icmp({ type: 3, code: 3 }, raw(Uint8Array.of(0, 0, 0, 0, ...quotedDatagram))),
    ),
  ),
  framed(ipv4({ ...between('10.0.0.5', '10.0.0.6'), id: 10, ttl: 5 }, icmp({ type: 8 }, bytes('0007 0009 70696e67')))),
  framed(
    ipv4(
      { ...between('10.0.0.7', '10.0.0.7'), id: 11, ttl: 5 },
      udp({ srcport: 4000, dstport: 4000, checksum: 1 }, text('same ports')),
    ),
  ),
  framed(
    ipv4(
      { ...between('10.0.0.8', '10.0.0.7'), id: 12, ttl: 5 },
      sctp({ srcport: 10, dstport: 20, verification_tag: 7 }, [
        sctpData({ data_tsn: 1, data_sid: 2 }, text('sctp data')),
      ]),
    ),
  ),
  framed(
    ipv4(
      { ...between('10.0.0.8', '10.0.0.7'), id: 13, ttl: 5 },
      udp({ srcport: 10, dstport: 20, length: 3 }, text('broken')),
    ),
  ),
  framed(
    ipv4(
      { ...between('10.0.0.8', '10.0.0.7'), id: 14, ttl: 5 },
      udp({ srcport: 65535, dstport: 0 }, text('AAAAAAAAAA')),
    ),
  ),
  framed(
    ipv4(
      { ...between('255.255.255.255', '0.0.0.0'), id: 1, ttl: 255, dsfield: 0xb8, frag_offset: 3 },
      text('AAAAAAAAAA'),
    ),
  ),
];

const COMMENTS: Readonly<Record<number, readonly string[]>> = {
  1: ['First comment'],
  3: ['Handshake GO'],
  5: ['naïve ümlaut'],
};

/** 2026-01-02T03:04:05Z. */
const START = 1_767_323_045;

/** A capture of all of them, a second and a quarter apart. */
export function trafficFile(): Uint8Array {
  const packets = PACKETS.map((part, place) => {
    const frame = build(part);
    const quarters = 5 * place;
    const comments = COMMENTS[place + 1];
    return enhancedPacket({
      interfaceId: 0,
      seconds: START + Math.floor(quarters / 4),
      nanos: (quarters % 4) * 250_000_000,
      bytes: frame,
      wire: frame.length,
      ...(comments && { comments }),
    });
  });
  return Buffer.concat([sectionHeader(), interfaceDescription({ linkType: 1, name: 'eth0' }), ...packets]);
}
