"""Packets in every tunnel that the dissectors enter, with every optional part: see corpus.py."""

import struct

from scapy.all import IP, UDP, Ether, IPv6, Raw, checksum, inet_aton, raw
from scapy.contrib.mpls import MPLS

MAC_A, MAC_B = "02:00:00:00:00:01", "02:00:00:00:00:02"
A4, B4 = "192.0.2.1", "198.51.100.2"
A6, B6 = "2001:db8::1", "2001:db8::2"

DATA = bytes(range(0x80, 0x94))
PACKET4 = raw(IP(src=A4, dst=B4) / UDP(sport=4242, dport=4243) / Raw(DATA))
PACKET6 = raw(IPv6(src=A6, dst=B6) / UDP(sport=4242, dport=4243) / Raw(DATA))
FRAME = raw(Ether(src=MAC_A, dst=MAC_B)) [:12] + b"\x08\x00" + PACKET4


def ethernet(kind, payload):
    return raw(Ether(src=MAC_A, dst=MAC_B, type=kind) / Raw(payload))


def over4(protocol, payload):
    return ethernet(0x0800, raw(IP(src=A4, dst=B4, proto=protocol) / Raw(payload)))


def over6(protocol, payload):
    return ethernet(0x86DD, raw(IPv6(src=A6, dst=B6, nh=protocol) / Raw(payload)))


def datagram(port, payload, source=50000):
    return ethernet(0x0800, raw(IP(src=A4, dst=B4) / UDP(sport=source, dport=port) / Raw(payload)))


def gre(flags, protocol, *parts):
    return struct.pack(">HH", flags, protocol) + b"".join(parts)


def summed(packet):
    return packet[:4] + struct.pack(">H", checksum(packet)) + packet[6:]


def word(*values):
    return struct.pack(f">{len(values)}I", *values)


ROUTE = struct.pack(">HBB", 2, 0, 4) + bytes(4) + struct.pack(">HBB", 2, 4, 8) + DATA[:8] + bytes(4)


def generic():
    for outer in (over4, over6):
        yield outer(47, gre(0, 0x0800, PACKET4))
        yield outer(47, gre(0x3000, 0x86DD, word(0xDEADBEEF, 9), PACKET6))
        yield outer(47, summed(gre(0x8000, 0x0800, bytes(4), PACKET4)))
    yield over4(47, gre(0x8000, 0x0800, b"\x12\x34\0\0", PACKET4))
    yield over4(47, gre(0x4000, 0x0800, bytes(4), ROUTE, PACKET4))
    yield over4(47, summed(gre(0xF800, 0x0800, bytes(4), word(1, 2), ROUTE, PACKET4)))
    yield over4(47, gre(0x0700, 0x0800, PACKET4))
    yield over4(47, gre(0x3081, 0x880B, struct.pack(">HHII", 24, 77, 5, 6), DATA))
    yield over4(47, gre(0x2081, 0x880B, struct.pack(">HHI", 0, 77, 6)))
    yield over4(47, gre(0x2000, 0x6558, word(0x00123455), FRAME))
    yield over4(47, gre(0, 0x6400, FRAME))
    yield over4(47, gre(0, 0x8847, label(16, 1), PACKET4))
    yield over4(47, gre(0, 0x0800, raw(IP(src=A4, dst=B4, proto=47)), gre(0, 0x0800, PACKET4)))
    yield over4(47, gre(0, 0x1234, DATA))
    yield over4(47, gre(0, 0))
    yield datagram(4754, gre(0x2000, 0x0800, word(5), PACKET4))
    yield over4(97, b"\x30\x00" + FRAME)


def mirrored():
    sequence = word(3)
    yield over4(47, gre(0, 0x88BE, FRAME))
    yield over4(47, gre(0x1000, 0x88BE, sequence, struct.pack(">HHI", 0x1064, 0x7C05, 0x12345678), FRAME))
    for rest in (0x803A, 0x8000, 0xFFFE):
        header = struct.pack(">HHIHH", 0x2064, 0x6805, 123456, 9, rest & 0x83FE)
        yield over4(47, gre(0x1000, 0x22EB, sequence, header, FRAME))
    for platform in (0, 1, 3, 4, 5, 7, 9, 63):
        header = struct.pack(">HHIHH", 0x2FFF, 0xFBFF, 0xFFFFFFFE, 0xFFFF, 0x8001)
        yield over4(47, gre(0x1000, 0x22EB, sequence, header, word(platform << 26 | 0x2345678 & 0x3FFFFFF, 99), FRAME))


def virtual():
    for flags in (0x0800, 0x8848, 0xFFFF, 0):
        yield datagram(4789, struct.pack(">HHI", flags, 33, 0x000007FF), 4242)
        yield datagram(4789, struct.pack(">HHI", flags, 33, 0x12345601) + FRAME)
    yield datagram(50000, struct.pack(">HHI", 0x0800, 0, 0x700) + FRAME, 4789)
    for following, payload in ((1, PACKET4), (2, PACKET6), (3, FRAME), (5, None), (9, DATA)):
        payload = label(16, 1) + PACKET4 if payload is None else payload
        yield datagram(4790, struct.pack(">BHBI", 0x0C, 0, following, 0x700) + payload)
        yield datagram(4790, struct.pack(">BHBI", 0xFF, 0x1234, following, 0x7FF) + payload)
    options = struct.pack(">HBBI", 0x0102, 0x80, 1, 0xDEADBEEF)
    options += struct.pack(">HBB", 0x0103, 0x05, 0) + struct.pack(">HBB", 0x9999, 0x81, 0xE2) + DATA[:8]
    for kind, payload in ((0x6558, FRAME), (0x0800, PACKET4), (0x86DD, PACKET6), (0x1234, DATA)):
        yield datagram(6081, struct.pack(">BBHI", 0, 0x80, kind, 0x700) + payload)
        yield datagram(6081, struct.pack(">BBHI", 6, 0xFF, kind, 0x7FF) + options + payload)
    yield datagram(6081, struct.pack(">BBHI", 2, 0x40, 0x6558, 0x700) + struct.pack(">HBBI", 0x0102, 0x80, 3, 7) + FRAME)


def label(value, bottom, ttl=9):
    return raw(MPLS(label=value, s=bottom, ttl=ttl, cos=3))


def labelled():
    for kind in (0x8847, 0x8848):
        yield ethernet(kind, label(16, 1) + PACKET4)
        yield ethernet(kind, label(1048575, 0, 255) + label(17, 0, 0) + label(18, 1) + PACKET6)
    for value in (0, 1, 2, 3, 7, 13, 14, 15):
        yield ethernet(0x8847, label(value, 0) + label(20, 1) + PACKET4)
    yield ethernet(0x8847, label(16, 1) + b"\x10\0\0\x21" + PACKET4)
    yield ethernet(0x8847, label(16, 1) + b"\x1f\xff\0\x57" + PACKET6)
    yield ethernet(0x8847, b"".join(label(16 + place, 0) for place in range(40)) + label(99, 1) + PACKET4)
    yield ethernet(0x8847, label(16, 1) + b"\x55" * 60)
    yield datagram(6635, label(16, 1) + PACKET4)
    yield over4(137, label(16, 1) + PACKET6)


def user_plane(flags, message, payload, optional=b""):
    return datagram(2152, struct.pack(">BBHI", flags, message, len(optional + payload), 0x1234) + optional + payload, 2152)


def optional(following, *headers):
    return struct.pack(">HBB", 0x1234, 0x56, following) + b"".join(headers)


def mobile():
    for payload in (PACKET4, PACKET6, FRAME):
        yield user_plane(0x30, 255, payload)
        yield user_plane(0x32, 255, payload, optional(0))
        yield user_plane(0x31, 255, payload, optional(0))
        yield user_plane(0x3F, 255, payload, optional(0))
    for kind, content in (
        (0x85, b"\x01\x10\x49"),
        (0x85, b"\x01\x1f\xff"),
        (0x85, b"\x01\x00\x49"),
        (0x85, b"\x02\x00\xc9\x60\0\0\0"),
        (0x85, b"\x02\x0f\x7f\xff\0\0\0"),
        (0x40, b"\x01\x12\x34"),
        (0xC0, b"\x01\x12\x34"),
        (0x20, b"\x01\x12\x34"),
        (0x99, b"\x02\x12\x34\0\0\0\0"),
    ):
        yield user_plane(0x34, 255, PACKET4, optional(kind, content, b"\0"))
        yield user_plane(0x36, 255, PACKET6, optional(0xC0, b"\x01\x10\x09", bytes([kind]), content, b"\0"))
    yield user_plane(0x32, 1, b"", optional(0))
    yield user_plane(0x30, 254, b"")
    yield datagram(2152, struct.pack(">BBHI", 0x30, 255, 2000, 7) + PACKET4)


def layer_two():
    attributes = b"".join(struct.pack(">HHHH", 0x8008, 0, kind, 0x100) for kind in (0, 2, 9))
    optional = struct.pack(">HHH", 0x000E, 0, 99) + DATA[:8]
    for flags, parts in (
        (0x0002, b""),
        (0x4002, struct.pack(">H", 32)),
        (0x0102, b""),
    ):
        yield datagram(1701, struct.pack(">H", flags) + parts + struct.pack(">HH", 1, 2) + DATA)
    yield datagram(1701, struct.pack(">H6H", 0x4A02, 36, 1, 2, 3, 4, 2) + b"\0\0" + DATA)
    yield datagram(1701, struct.pack(">H3H", 0x0202, 1, 2, 0) + DATA)
    yield datagram(1701, struct.pack(">H5H", 0xC802, 50, 0, 0, 0, 0) + attributes + optional)
    yield datagram(1701, struct.pack(">H5H", 0xC802, 12, 5, 0, 1, 1))
    yield datagram(1701, struct.pack(">HHI", 0x0003, 0, 0x77) + DATA)
    yield datagram(1701, struct.pack(">HHIHH", 0xC803, 36, 0x55, 1, 2) + attributes)
    yield over4(115, word(0x77) + DATA)
    yield over6(115, word(0x77) + DATA)
    yield over4(115, word(0) + struct.pack(">HHIHH", 0xC803, 36, 0x55, 1, 2) + attributes)
    yield datagram(1701, struct.pack(">HHH", 0x0001, 1, 2) + DATA)


def teredo():
    origin = b"\0\0" + struct.pack(">HI", 0xFFFF ^ 4000, 0xFFFFFFFF ^ 0xC0000201)
    plain = b"\0\1\0\0" + DATA[:8] + b"\0"
    filled = b"\0\1\2\3" + b"ab" + b"xyz" + DATA[:8] + b"\1"
    for headers in (b"", origin, plain, filled, plain + origin, filled + origin):
        yield datagram(3544, headers + PACKET6)
    yield datagram(50001, PACKET6, 3544)
    for headers in (b"", origin):
        yield datagram(50001, headers + raw(IPv6(src="2001:0:c000:201::1", dst=B6) / UDP() / Raw(DATA)), 5001)


def authenticated():
    value = bytes([0xAA]) * 12
    yield over4(51, struct.pack(">BBHII", 17, 4, 0x1234, 0x100, 9) + value + PACKET4[20:])
    yield over4(51, struct.pack(">BBHII", 4, 4, 0, 0x100, 9) + value + PACKET4)
    yield over4(51, struct.pack(">BBHII", 41, 1, 0, 0xFFFFFFFF, 0xFFFFFFFF) + PACKET6)
    yield over4(51, struct.pack(">BBHII", 51, 4, 0, 0x100, 9) + value + struct.pack(">BBHII", 17, 1, 0, 1, 2) + PACKET4[20:])


def light():
    def packet(coverage, turned=0, length=None):
        header = struct.pack(">HHHH", 4242, 4243, coverage, 0) + DATA
        pseudo = inet_aton(A4) + inet_aton(B4) + struct.pack(">BBH", 0, 136, len(header))
        covered = header if coverage == 0 else header[:coverage]
        total = checksum(pseudo + covered) ^ turned
        return over4(136, header[:6] + struct.pack(">H", total) + header[8:])

    for coverage in (8, 0, 20, 28):
        yield packet(coverage)
        yield packet(coverage, 1)
    yield over4(136, struct.pack(">HHHH", 4242, 4243, 8, 0) + DATA)


def other():
    """IP in IP, of a version that was not announced, and SCTP in UDP."""
    yield over4(4, PACKET4)
    yield over4(41, PACKET6)
    yield over6(4, PACKET4)
    yield over6(41, PACKET6)
    yield over4(4, PACKET6)
    yield ethernet(0x0800, PACKET6)
    yield ethernet(0x6558, FRAME)
    yield datagram(9899, struct.pack(">HHII", 1, 2, 3, 0) + bytes.fromhex("0003001400000001000200030000002e68656c6c"))


def tunnels():
    for packets in (generic, mirrored, virtual, labelled, mobile, layer_two, teredo, authenticated, light, other):
        yield from packets()
