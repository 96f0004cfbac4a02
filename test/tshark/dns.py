"""DNS messages with every type of record and option that the dissector reads: see corpus.py."""

import struct

from scapy.all import IP, UDP, Ether, Raw, raw

MAC_A, MAC_B = "02:00:00:00:00:01", "02:00:00:00:00:02"
A4, B4 = "192.0.2.1", "198.51.100.2"

NAME = b"\x03www\x07example\x03org\0"
SHORT = b"\xc0\x0c"
OTHER = b"\x02ns\xc0\x10"


def text(value):
    return bytes([len(value)]) + value


def record(kind, data, name=SHORT, cls=1, ttl=3600):
    return name + struct.pack(">HHIH", kind, cls, ttl, len(data)) + data


def option(code, data):
    return struct.pack(">HH", code, len(data)) + data


def opt(*options, rcode=0, flags=0x8000, size=1232):
    return record(41, b"".join(options), b"\0", size, (rcode << 24) | flags)


def message(flags, answers=(), authority=(), additional=(), kind=1, number=0x1234, cls=1):
    head = struct.pack(">HHHHHH", number, flags, 1, len(answers), len(authority), len(additional))
    return head + NAME + struct.pack(">HH", kind, cls) + b"".join([*answers, *authority, *additional])


RECORDS = {
    1: bytes([192, 0, 2, 7]),
    2: OTHER,
    5: OTHER,
    6: OTHER + SHORT + struct.pack(">IIIII", 1, 7200, 900, 1209600, 300),
    10: b"nothing",
    12: OTHER,
    13: text(b"VAX") + text(b"UNIX"),
    14: OTHER + SHORT,
    15: struct.pack(">H", 10) + OTHER,
    16: text(b"v=spf1 -all") + text(b"more"),
    17: OTHER + SHORT,
    18: struct.pack(">H", 1) + OTHER,
    21: struct.pack(">H", 1) + OTHER,
    28: bytes.fromhex("20010db8000000000000000000000007"),
    33: struct.pack(">HHH", 1, 2, 5060) + OTHER,
    35: struct.pack(">HH", 100, 50) + text(b"s") + text(b"SIP+D2U") + text(b"") + OTHER,
    36: struct.pack(">H", 1) + OTHER,
    37: struct.pack(">HHB", 1, 7, 8) + bytes(9),
    39: OTHER,
    43: struct.pack(">HBB", 60485, 13, 2) + bytes(range(32)),
    44: struct.pack(">BB", 4, 2) + bytes(range(32)),
    46: struct.pack(">HBBIIIH", 1, 13, 3, 3600, 1796099902, 1795099902, 60485) + NAME + bytes(range(64)),
    47: b"\x03xyz\x07example\x03org\0" + bytes([0, 6, 0x40, 1, 0, 0, 0, 3]),
    48: struct.pack(">HBB", 0x0101, 3, 13) + bytes(range(64)),
    49: bytes(range(20)),
    50: struct.pack(">BBHB", 1, 1, 5, 4) + b"salt" + text(bytes(range(20))) + bytes([0, 1, 0x40]),
    51: struct.pack(">BBHB", 1, 0, 5, 4) + b"salt",
    52: struct.pack(">BBB", 3, 1, 1) + bytes(range(32)),
    59: struct.pack(">HBB", 60485, 13, 2) + bytes(range(32)),
    60: struct.pack(">HBB", 0x0181, 3, 13) + bytes(range(64)),
    63: struct.pack(">IBB", 7, 1, 1) + bytes(range(48)),
    64: struct.pack(">H", 0) + NAME,
    65: struct.pack(">H", 1)
    + b"\0"
    + option(0, struct.pack(">H", 1))
    + option(1, text(b"h2") + text(b"h3"))
    + option(3, struct.pack(">H", 8443))
    + option(4, bytes([192, 0, 2, 7, 192, 0, 2, 8]))
    + option(5, b"ech")
    + option(6, bytes.fromhex("20010db8000000000000000000000007"))
    + option(7, b"/dns{?q}"),
    99: text(b"v=spf1 -all"),
    104: struct.pack(">H", 1) + bytes(range(8)),
    105: struct.pack(">H", 1) + bytes([192, 0, 2, 7]),
    106: struct.pack(">H", 1) + bytes(range(8)),
    107: struct.pack(">H", 1) + NAME,
    108: bytes(range(6)),
    257: b"\x80" + text(b"issue") + b"letsencrypt.org",
}

COOKIE = bytes(range(8))
OPTIONS = [
    option(3, b""),
    option(3, b"ns1"),
    option(5, bytes([8, 13])),
    option(6, bytes([1, 2])),
    option(7, bytes([1])),
    option(8, struct.pack(">HBB", 1, 24, 0) + bytes([192, 0, 2])),
    option(8, struct.pack(">HBB", 2, 56, 48) + bytes.fromhex("20010db8000000")),
    option(10, COOKIE),
    option(10, COOKIE + bytes(range(16))),
    option(11, b""),
    option(11, struct.pack(">H", 300)),
    option(12, bytes(20)),
    option(15, struct.pack(">H", 18) + b"not here"),
    option(15, struct.pack(">H", 6)),
    option(999, b"unknown"),
]


def messages():
    for kind, data in RECORDS.items():
        yield message(0x8580, [record(kind, data)], kind=kind)
    yield message(0x0120, additional=[opt(*OPTIONS)])
    for one in OPTIONS:
        yield message(0x0100, additional=[opt(one, flags=0)])
    yield message(0x8187, additional=[opt(option(10, COOKIE + bytes(16)), rcode=1)])
    yield message(0x8183, authority=[record(6, RECORDS[6])])
    yield message(0x8180, [record(5, OTHER), record(1, RECORDS[1], OTHER)], [record(2, OTHER)], [record(1, RECORDS[1], OTHER), opt()])
    yield message(0x2800, [record(1, RECORDS[1])], [record(1, RECORDS[1], cls=254, ttl=0)])
    yield message(0xA800)
    yield message(0x2400, kind=6)
    yield message(0x8180, cls=3, kind=16)


def packet(port, payload, source=50000):
    return raw(Ether(src=MAC_A, dst=MAC_B) / IP(src=A4, dst=B4) / UDP(sport=source, dport=port) / Raw(payload))


def names():
    for port, source in ((53, 50000), (50000, 53)):
        for payload in messages():
            yield packet(port, payload, source)
    for payload in messages():
        yield packet(5353, payload, 5353)
    yield packet(5353, message(0, cls=0x8001), 5353)
    yield packet(5353, message(0x8400, [record(1, RECORDS[1], cls=0x8001)]), 5353)
    for flags in (0x0000, 0x0100, 0x8000, 0x8500):
        yield packet(5355, message(flags))
