import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { arp, ethernet, loop, loopback, sll, sll2, vlan } from '../../crafter/link-part.js';
import {
  destinationOptions,
  hopByHop,
  ipv4,
  ipv4Fragments,
  ipv6,
  ipv6Fragments,
  routing,
} from '../../crafter/network-part.js';
import { announced, build, fields, joined, nothing, type Part, raw } from '../../crafter/part.js';
import { icmp, icmpv6, sctp, sctpChunk, sctpData, tcp, udp } from '../../crafter/transport-part.js';
import { echoBody } from '../../dissectors/icmp/layout.js';
import { tooBigBody } from '../../dissectors/icmp/layout-v6.js';
import { fold16, sum16 } from '../../dissectors/wire/checksum.js';
import { fromHex, toHex, viewOf } from '../../dissectors/wire/view.js';

const hex = (part: Part) => toHex(build(part));
const [src, dst] = [0xc0000201, 0xc0000202];
const [src6, dst6] = [fromHex('20010db8000000000000000000000001'), fromHex('20010db8000000000000000000000002')];
const hello = raw(fromHex('68656c6c6f'));

/** Each packet was also read by Wireshark, which finds its lengths and checksums good. */
test.each<[string, Part, string]>([
  // ver+hl tos length | id flags+offset | ttl proto checksum | addresses || ports length checksum | hello
  [
    'UDP over IPv4',
    ipv4({ src, dst, id: 1 }, udp({ srcport: 4242, dstport: 53 }, hello)),
    '45000021 00010000 4011f6c7 c0000201c0000202 10920035000d2737 68656c6c6f',
  ],
  [
    'UDP over IPv6',
    ipv6({ src: src6, dst: dst6 }, udp({ srcport: 4242, dstport: 53 }, hello)),
    `60000000 000d 11 40 ${toHex(src6)} ${toHex(dst6)} 10920035000d4fc6 68656c6c6f`,
  ],
  [
    'TCP with options',
    ipv4(
      { src, dst, 'flags.df': true },
      tcp({ srcport: 1, dstport: 2, seq_raw: 3, flags: 2 }, nothing, raw(fromHex('020405b4'))),
    ),
    '4500002c 00004000 4006b6c8 c0000201c0000202 00010002 00000003 00000000 6002ffff 141d0000 020405b4',
  ],
  [
    'VLAN tags',
    vlan({ id: 42, priority: 5 }, vlan({ id: 7, dei: true }, ipv4({}, nothing))),
    'a02a8100 10070800 45000014 00000000 40007aeb 0000000000000000',
  ],
  [
    'a service tag',
    ethernet({}, announced({ etherType: 0x88a8 }, vlan({ id: 1 }, hello))),
    '000000000000 000000000000 88a8 0001 0000 68656c6c6f',
  ],
  ['a short frame', ethernet({ type: 0x0806 }, hello, 20), '000000000000 000000000000 0806 68656c6c6f 00'],
  ['a null loopback', loopback({}, announced({ etherType: 0x86dd }, hello)), '1e000000 68656c6c6f'],
  ['a big-endian loopback', loop({}, announced({ etherType: 0x0800 }, hello)), '00000002 68656c6c6f'],
  ['a loopback of an unknown family', loopback({ family: 99 }, hello), '63000000 68656c6c6f'],
  [
    'a cooked frame',
    sll({ pkttype: 4, 'src.eth': fromHex('020000000001') }, announced({ etherType: 0x0800 }, hello)),
    '0004 0001 0006 020000000001 0000 0800 68656c6c6f',
  ],
  [
    'a cooked frame, version 2',
    sll2({ ifindex: 3, 'src.eth': fromHex('020000000001') }, announced({ etherType: 0x86dd }, hello)),
    '86dd 0000 00000003 0001 00 06 020000000001 0000 68656c6c6f',
  ],
  [
    'ARP',
    arp({ 'src.hw_mac': fromHex('020000000001'), 'src.proto_ipv4': src, 'dst.proto_ipv4': dst }),
    '0001 0800 06 04 0001 020000000001 c0000201 000000000000 c0000202',
  ],
  [
    'ICMP',
    ipv4({ src, dst }, icmp({ type: 8 }, joined([fields(echoBody, { ident: 7, seq: 1 }), hello]))),
    '45000021 00000000 4001f6d8 c0000201c0000202 0800b425 00070001 68656c6c6f',
  ],
  [
    'ICMPv6',
    ipv6({ src: src6, dst: dst6 }, icmpv6({ type: 2 }, joined([fields(tooBigBody, { mtu: 1280 }), hello]))),
    `60000000 000d 3a 40 ${toHex(src6)} ${toHex(dst6)} 02005971 00000500 68656c6c6f`,
  ],
  [
    'SCTP with two chunks, the first of them padded',
    sctp({ srcport: 1, dstport: 2, verification_tag: 3 }, [
      sctpData({ data_tsn_raw: 4, data_sid: 5, data_ssn: 6, data_payload_proto_id: 7 }, hello),
      sctpChunk(11, { chunk_flags: 1 }),
    ]),
    '0001 0002 00000003 4c8fad56 00 03 0015 00000004 0005 0006 00000007 68656c6c6f 000000 0b 01 0004',
  ],
  [
    'extension headers, padded to words of 8 bytes',
    hopByHop(
      {},
      raw(fromHex('05020000')),
      routing({ type: 4 }, raw(fromHex('00000000')), destinationOptions({}, nothing, hello)),
    ),
    '2b00050200000100 3c00040000000000 3b00010400000000 68656c6c6f',
  ],
])('%s', (_, part, bytes) => {
  expect(hex(part)).toBe(bytes.replaceAll(' ', ''));
});

test('a UDP checksum that comes out as zero is sent as its other form', () => {
  // The word 0 of the payload is chosen so that the sum of everything is 0xffff.
  const pseudo = (src >>> 16) + (src & 0xffff) + (dst >>> 16) + (dst & 0xffff) + 17 + 10;
  const word = 0xffff - fold16(pseudo + 10);
  const packet = build(ipv4({ src, dst }, udp({}, raw(Uint8Array.of(word >>> 8, word)))));
  expect(toHex(packet.subarray(26, 28))).toBe('ffff');
});

test('what is given is sent as given', () => {
  expect(hex(udp({ length: 1, checksum: 2 }, hello))).toBe('0000000000010002'.concat('68656c6c6f'));
  expect(hex(ipv4({ version: 15, hdr_len: 60, len: 9, ttl: 0, proto: 99, checksum: 7 }, nothing))).toBe(
    'ff000009000000000063000700000000'.concat('00000000'),
  );
  expect(hex(ethernet({ type: 0x1234 }, ipv4({}, nothing))).slice(24, 28)).toBe('1234');
});

describe('checksums', () => {
  const ports = fc.record({ srcport: fc.nat(0xffff), dstport: fc.nat(0xffff) });
  const address = fc.integer({ min: 0, max: 0xffff_ffff });
  const payload = fc.uint8Array({ maxLength: 80 }).map((bytes) => raw(bytes));

  test('over the pseudo-header and the segment the sum is 0xffff', () => {
    fc.assert(
      fc.property(address, address, ports, payload, fc.boolean(), (from, to, given, inner, stream) => {
        const part = stream ? tcp(given, inner) : udp(given, inner);
        const view = viewOf(build(ipv4({ src: from, dst: to }, part)));
        expect(fold16(sum16(view, 0, 20))).toBe(0xffff);
        const pseudo = sum16(view, 12, 20) + (part.protocol ?? 0) + part.size;
        expect(fold16(pseudo + sum16(view, 20, view.byteLength))).toBe(0xffff);
      }),
    );
  });

  test('and so over extension headers', () => {
    fc.assert(
      fc.property(ports, payload, (given, inner) => {
        const part = udp(given, inner);
        const view = viewOf(build(ipv6({ src: src6, dst: dst6 }, hopByHop({}, nothing, part))));
        const pseudo = sum16(view, 8, 40) + 17 + part.size;
        expect(fold16(pseudo + sum16(view, 48, view.byteLength))).toBe(0xffff);
      }),
    );
  });
});

describe('fragments', () => {
  const datagram = udp({ srcport: 1, dstport: 2 }, raw(Uint8Array.from({ length: 50 }, (_, at) => at)));

  test('of IPv4 are the whole datagram in pieces', () => {
    const whole = hex(ipv4({ src, dst }, datagram)).slice(40);
    const parts = ipv4Fragments({ src, dst, id: 9 }, datagram, 24).map(hex);
    expect(parts.map((part) => part.slice(40)).join('')).toBe(whole);
    // length, identification, flags and offset, protocol
    expect(parts.map((part) => [part.slice(4, 8), part.slice(8, 12), part.slice(12, 16), part.slice(18, 20)])).toEqual([
      ['002c', '0009', '2000', '11'],
      ['002c', '0009', '2003', '11'],
      ['001e', '0009', '0006', '11'],
    ]);
  });

  test('of IPv6 are the whole datagram in pieces', () => {
    const whole = hex(ipv6({ src: src6, dst: dst6 }, datagram)).slice(80);
    const parts = ipv6Fragments({ src: src6, dst: dst6 }, 9, datagram, 24).map(hex);
    expect(parts.map((part) => part.slice(96)).join('')).toBe(whole);
    expect(parts.map((part) => [part.slice(8, 12), part.slice(12, 14), part.slice(80, 96)])).toEqual([
      ['0020', '2c', '1100000100000009'],
      ['0020', '2c', '1100001900000009'],
      ['0012', '2c', '1100003000000009'],
    ]);
  });
});
