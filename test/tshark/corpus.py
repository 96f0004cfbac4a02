"""Writes captures of every lower layer to a folder: what tshark and the dissectors must agree on.

Usage: python3 corpus.py FOLDER. Needs scapy. The same packets in every run.
"""

import random
import struct
import sys
from pathlib import Path

from scapy.all import (
    ARP,
    ICMP,
    IP,
    LLC,
    SNAP,
    TCP,
    UDP,
    Dot1AD,
    Dot1Q,
    Dot3,
    Ether,
    ICMPv6DestUnreach,
    ICMPv6EchoReply,
    ICMPv6EchoRequest,
    ICMPv6MLReport,
    ICMPv6MLReport2,
    ICMPv6MLDMultAddrRec,
    ICMPv6ND_NA,
    ICMPv6ND_NS,
    ICMPv6ND_RA,
    ICMPv6ND_Redirect,
    ICMPv6ND_RS,
    ICMPv6NDOptDstLLAddr,
    ICMPv6NDOptMTU,
    ICMPv6NDOptPrefixInfo,
    ICMPv6NDOptRDNSS,
    ICMPv6NDOptSrcLLAddr,
    ICMPv6PacketTooBig,
    ICMPv6ParamProblem,
    ICMPv6TimeExceeded,
    IPv6,
    IPv6ExtHdrDestOpt,
    IPv6ExtHdrFragment,
    IPv6ExtHdrHopByHop,
    IPv6ExtHdrRouting,
    Jumbo,
    Pad1,
    PadN,
    Raw,
    RouterAlert,
    raw,
)
from scapy.layers.sctp import (
    SCTP,
    SCTPChunkAbort,
    SCTPChunkCookieAck,
    SCTPChunkCookieEcho,
    SCTPChunkData,
    SCTPChunkError,
    SCTPChunkHeartbeatAck,
    SCTPChunkHeartbeatReq,
    SCTPChunkInit,
    SCTPChunkInitAck,
    SCTPChunkParamCookiePreservative,
    SCTPChunkParamECNCapable,
    SCTPChunkParamIPv4Addr,
    SCTPChunkParamIPv6Addr,
    SCTPChunkParamStateCookie,
    SCTPChunkSACK,
    SCTPChunkShutdown,
    SCTPChunkShutdownAck,
    SCTPChunkShutdownComplete,
)
from scapy.layers.inet import (
    IPOption_EOL,
    IPOption_LSRR,
    IPOption_NOP,
    IPOption_RR,
    IPOption_Router_Alert,
    IPOption_Security,
    IPOption_SSRR,
    IPOption_Stream_Id,
    IPOption_Timestamp,
    IPOption_Traceroute,
)

from dns import names
from tunnels import tunnels

chance = random.Random(20260102)

ETHERNET, RAW, NULL, LOOP, SLL, SLL2, IPV4, IPV6 = 1, 101, 0, 108, 113, 276, 228, 229
A4, B4, C4 = "192.0.2.1", "198.51.100.2", "203.0.113.3"
A6, B6, C6 = "2001:db8::1", "2001:db8::2", "2001:db8:1::3"
MAC_A, MAC_B = "02:00:00:00:00:01", "02:00:00:00:00:02"


def noise(size):
    return bytes(chance.randrange(256) for _ in range(size))


def write(folder, name, link_type, packets, snap=None):
    """A capture with these packets, a millisecond apart; cut to `snap` bytes each."""
    with open(Path(folder) / f"{name}.pcap", "wb") as file:
        file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, link_type))
        for number, packet in enumerate(packets):
            whole = packet if isinstance(packet, bytes) else raw(packet)
            kept = whole[:snap] if snap else whole
            seconds, micros = divmod(number * 1000, 1_000_000)
            file.write(struct.pack("<IIII", 1767323045 + seconds, micros, len(kept), len(whole)))
            file.write(kept)


def ethernet(inner):
    return raw(Ether(src=MAC_A, dst=MAC_B) / inner)


def patched(packet, at, value):
    """The bytes of a packet with some replaced."""
    whole = packet if isinstance(packet, bytes) else raw(packet)
    return whole[:at] + value + whole[at + len(value) :]


def frames():
    yield Ether(src=MAC_A, dst="ff:ff:ff:ff:ff:ff") / ARP(op=1, hwsrc=MAC_A, psrc=A4, pdst=B4)
    yield Ether(src=MAC_B, dst=MAC_A) / ARP(op=2, hwsrc=MAC_B, psrc=B4, hwdst=MAC_A, pdst=A4)
    yield Ether() / ARP(op=1, hwsrc=MAC_A, psrc=A4, pdst=A4)
    yield Ether() / ARP(op=1, hwsrc=MAC_A, psrc="0.0.0.0", pdst=B4)
    yield Ether() / ARP(op=2, hwsrc=MAC_A, psrc=A4, hwdst="ff:ff:ff:ff:ff:ff", pdst=A4)
    yield patched(Ether() / ARP(), 14, struct.pack(">HHBB", 7, 0x0800, 2, 4))
    yield patched(Ether() / ARP(), 14, struct.pack(">HHBB", 1, 0x86DD, 6, 16)) + noise(40)
    yield patched(Ether() / ARP(), 14, struct.pack(">HHBB", 1, 0x0800, 255, 4))
    yield Ether() / Dot1Q(vlan=5, prio=3) / IP(src=A4, dst=B4) / UDP() / Raw(noise(20))
    yield Ether() / Dot1Q(vlan=5) / Dot1Q(vlan=6, id=1) / IP(src=A4, dst=B4) / UDP() / Raw(noise(20))
    yield Ether() / Dot1Q(vlan=4095, prio=7) / Dot1Q(vlan=0) / Dot1Q(vlan=1) / IPv6(src=A6, dst=B6) / UDP()
    yield Ether() / Dot1Q(vlan=9) / ARP()
    yield Ether(type=0x88B5) / Raw(noise(30))
    yield Ether(type=0x1234) / Raw(noise(3))
    yield Dot3(src=MAC_A, dst=MAC_B) / LLC(dsap=0xAA, ssap=0xAA, ctrl=3) / SNAP(code=0x0800) / IP(src=A4, dst=B4) / UDP()
    yield Dot3() / LLC(dsap=0x42, ssap=0x42, ctrl=3) / Raw(noise(35))
    yield Dot3(len=3) / Raw(noise(60))
    yield ethernet(IP(src=A4, dst=B4) / UDP() / b"ab") + bytes(16)
    yield noise(13)
    yield noise(14)
    yield raw(Ether() / Dot1Q(vlan=1))[:17]


def options():
    routes = [A4, B4, C4]
    for option in (
        IPOption_RR(pointer=8, routers=routes),
        IPOption_LSRR(pointer=4, routers=routes),
        IPOption_LSRR(pointer=16, routers=routes),
        IPOption_SSRR(pointer=8, routers=routes),
        IPOption_Security(),
        IPOption_Stream_Id(security=7),
        IPOption_Router_Alert(),
        IPOption_Traceroute(),
        IPOption_Timestamp(flg=0, length=12, pointer=9, timestamp=77),
        b"\x44\x0c\x09\x01\xc0\x00\x02\x01\x00\x00\x00\x05",
        b"\x44\x14\x0d\x03\xc0\x00\x02\x01\x00\x00\x00\x05\xc6\x33\x64\x02\x00\x00\x00\x00",
        b"\x0b\x04\x05\xdc",
        b"\x19\x08\x07\x40\x12\x34\x56\x78",
        b"\x07\x03\x04",
        b"\x07\x02\x00\x00",
        b"\x83\x27\x04\x01",
        b"\x1e\x06\xab\xcd\xef\x01",
        b"\x01\x01\x07",
        b"\x07\x00\x01\x01",
    ):
        yield IP(src=A4, dst=B4, options=[IPOption_NOP(), option] if not isinstance(option, bytes) else option) / UDP(
            sport=1111, dport=2222
        ) / Raw(noise(12))
    yield IP(src=A4, dst=B4, options=[IPOption_EOL()]) / UDP() / Raw(noise(5))


def ip4():
    for packet in options():
        yield raw(packet)
    base = IP(src=A4, dst=B4, id=77, ttl=3, tos=0xB9, flags="DF") / UDP(sport=4000, dport=4001) / Raw(noise(30))
    yield raw(base)
    yield patched(base, 10, b"\x12\x34")
    yield patched(base, 0, b"\x44")
    yield patched(base, 0, b"\x4f")
    yield patched(base, 0, b"\x55")
    yield patched(base, 2, b"\x00\x00")
    yield patched(base, 2, b"\x00\x10")
    yield patched(base, 2, b"\x01\x00")
    yield patched(base, 2, b"\x00\x14")
    yield patched(base, 6, b"\x80\x00")
    for protocol in (2, 47, 50, 89, 253, 255):
        yield raw(IP(src=A4, dst=B4, proto=protocol) / Raw(noise(24)))
    yield raw(IP(src=A4, dst=B4) / IP(src=B4, dst=A4) / UDP(sport=1, dport=2) / Raw(noise(9)))
    yield raw(IP(src=A4, dst=B4) / IPv6(src=A6, dst=B6) / UDP(sport=1, dport=2) / Raw(noise(9)))


def udp():
    for version in (4, 6):
        base = IP(src=A4, dst=B4) if version == 4 else IPv6(src=A6, dst=B6)
        start = 20 if version == 4 else 40
        for size in (0, 1, 2, 17, 100):
            yield raw(base / UDP(sport=5000, dport=6000) / Raw(noise(size)))
        whole = raw(base / UDP(sport=5000, dport=6000) / Raw(noise(31)))
        for length in (0, 7, 8, 20, 40, 60):
            yield patched(whole, start + 4, struct.pack(">H", length))
        for checksum in (b"\x00\x00", b"\xff\xff", b"\x12\x34"):
            yield patched(whole, start + 6, checksum)
        # A checksum that comes out as zero is sent as all ones: the word that makes it so is the checksum without it.
        without = raw(base / UDP(sport=5000, dport=6000) / Raw(bytes(2)))
        yield raw(base / UDP(sport=5000, dport=6000) / Raw(without[start + 6 : start + 8]))


def pieces(whole, size):
    """The fragments of a payload: offset, whether more follow, bytes."""
    return [(at, at + size < len(whole), whole[at : at + size]) for at in range(0, len(whole), size)]


def fragment4(identification, offset, more, payload, protocol=17):
    return raw(
        IP(src=A4, dst=B4, id=identification, proto=protocol, frag=offset // 8, flags="MF" if more else 0) / Raw(payload)
    )


def fragments4():
    def datagram(size):
        return raw(IP(src=A4, dst=B4) / UDP(sport=7, dport=9) / Raw(noise(size)))[20:]

    number = 100
    for order in ("in order", "reversed", "shuffled"):
        number += 1
        parts = pieces(datagram(100), 24)
        if order == "reversed":
            parts.reverse()
        elif order == "shuffled":
            chance.shuffle(parts)
        for offset, more, payload in parts:
            yield fragment4(number, offset, more, payload)
    whole = datagram(100)
    # Each of them twice.
    for offset, more, payload in pieces(whole, 40):
        yield fragment4(200, offset, more, payload)
        yield fragment4(200, offset, more, payload)
    # Overlapping, alike and not.
    for offset, more, payload in ((0, True, whole[:48]), (40, True, whole[40:80]), (80, False, whole[80:])):
        yield fragment4(201, offset, more, payload)
    for offset, more, payload in ((0, True, whole[:48]), (40, True, noise(40)), (80, False, whole[80:])):
        yield fragment4(202, offset, more, payload)
    for offset, more, payload in ((40, True, noise(40)), (0, True, whole[:48]), (80, False, whole[80:])):
        yield fragment4(203, offset, more, payload)
    # One inside another.
    for offset, more, payload in ((0, True, whole[:80]), (16, True, noise(24)), (80, False, whole[80:])):
        yield fragment4(204, offset, more, payload)
    # Never complete; and in turns with another.
    yield fragment4(205, 0, True, whole[:40])
    for one, other in zip(pieces(whole, 40), pieces(datagram(90), 40)):
        yield fragment4(206, *one)
        yield fragment4(207, *other)
    # A segment and an ICMP message in pieces.
    segment = raw(IP(src=A4, dst=B4) / TCP(sport=1, dport=2, flags="PA", seq=9, ack=8) / Raw(noise(60)))[20:]
    for offset, more, payload in pieces(segment, 32):
        yield fragment4(208, offset, more, payload, 6)
    message = raw(IP(src=A4, dst=B4) / ICMP(id=3, seq=4) / Raw(noise(60)))[20:]
    for offset, more, payload in pieces(message, 32):
        yield fragment4(209, offset, more, payload, 1)


def fragment6(identification, offset, more, payload, following=17):
    header = struct.pack(">BBHI", following, 0, offset | (1 if more else 0), identification)
    return raw(IPv6(src=A6, dst=B6, nh=44) / Raw(header + payload))


def fragments6():
    def datagram(size):
        return raw(IPv6(src=A6, dst=B6) / UDP(sport=7, dport=9) / Raw(noise(size)))[40:]

    whole = datagram(100)
    parts = pieces(whole, 24)
    for order in (parts, parts[::-1], parts[1:] + parts[:1]):
        number = 0x1000 + len(order[0][2]) + order[0][0]
        for offset, more, payload in order:
            yield fragment6(number, offset, more, payload)
    # A fragment that is a whole datagram.
    yield fragment6(0x2000, 0, False, whole)
    for offset, more, payload in ((0, True, whole[:48]), (40, True, whole[40:80]), (80, False, whole[80:])):
        yield fragment6(0x2001, offset, more, payload)
    for offset, more, payload in ((0, True, whole[:48]), (40, True, noise(40)), (80, False, whole[80:])):
        yield fragment6(0x2002, offset, more, payload)
    yield fragment6(0x2003, 8, True, whole[:40])


def extensions():
    inner = UDP(sport=10, dport=11) / Raw(noise(10))
    yield IPv6(src=A6, dst=B6, tc=0xB9, fl=0x12345, hlim=9) / inner
    yield IPv6(src=A6, dst=B6) / IPv6ExtHdrHopByHop(options=[RouterAlert(value=0), PadN(optdata=b"")]) / inner
    yield IPv6(src=A6, dst=B6) / IPv6ExtHdrHopByHop(options=[Pad1(), Pad1(), PadN(optdata=bytes(2))]) / inner
    yield IPv6(src=A6, dst=B6) / IPv6ExtHdrHopByHop(options=[Jumbo(jumboplen=70000)]) / inner
    yield IPv6(src=A6, dst=B6) / IPv6ExtHdrDestOpt(options=[PadN(optdata=bytes(12))]) / inner
    yield IPv6(src=A6, dst=B6) / IPv6ExtHdrRouting(type=0, addresses=[B6, C6], segleft=1) / inner
    yield IPv6(src=A6, dst=B6) / IPv6ExtHdrRouting(type=0, addresses=[B6, C6], segleft=0) / inner
    yield IPv6(src=A6, dst=B6) / IPv6ExtHdrRouting(type=2, addresses=[C6], segleft=1) / inner
    yield (
        IPv6(src=A6, dst=B6)
        / IPv6ExtHdrHopByHop(options=[RouterAlert(value=1), PadN(optdata=b"")])
        / IPv6ExtHdrDestOpt(options=[PadN(optdata=bytes(4))])
        / IPv6ExtHdrFragment(id=5)
        / inner
    )
    udp_bytes = raw(IPv6(src=A6, dst=B6) / inner)[40:]
    # Authentication, encapsulation, mobility, host identity, no next header, and one that nobody knows.
    yield IPv6(src=A6, dst=B6, nh=51) / Raw(struct.pack(">BBHII", 17, 4, 0, 0x100, 1) + noise(12) + udp_bytes)
    yield IPv6(src=A6, dst=B6, nh=50) / Raw(noise(40))
    yield IPv6(src=A6, dst=B6, nh=59) / Raw(noise(8))
    yield IPv6(src=A6, dst=B6, nh=59)
    yield IPv6(src=A6, dst=B6, nh=253) / Raw(noise(20))
    yield IPv6(src=A6, dst=B6) / IPv6(src=B6, dst=A6) / inner
    yield IPv6(src=A6, dst=B6) / IP(src=A4, dst=B4) / inner
    # Options that do not fit, and headers that reach too far.
    yield IPv6(src=A6, dst=B6, nh=0) / Raw(b"\x11\x00\x05\x09\x00\x00\x01\x00" + udp_bytes)
    yield IPv6(src=A6, dst=B6, nh=60) / Raw(b"\x11\x20\x01\x04" + udp_bytes)
    yield IPv6(src=A6, dst=B6, nh=43) / Raw(b"\x11\x01\x63\x01" + noise(12) + udp_bytes)
    yield patched(IPv6(src=A6, dst=B6) / inner, 4, b"\x00\x00")
    yield patched(IPv6(src=A6, dst=B6) / inner, 4, b"\x00\x05")
    yield patched(IPv6(src=A6, dst=B6) / inner, 4, b"\x10\x00")
    yield patched(IPv6(src=A6, dst=B6) / inner, 0, b"\x45")
    for option in (0x1E, 0x3E, 0xC2, 0x8B, 0x22):
        yield IPv6(src=A6, dst=B6, nh=60) / Raw(bytes([17, 0, option, 4]) + noise(4) + udp_bytes)


def tcp_options():
    for option in (
        [("MSS", 1460), ("SAckOK", b""), ("Timestamp", (123456, 0)), ("NOP", None), ("WScale", 7)],
        [("NOP", None), ("NOP", None), ("Timestamp", (5, 6))],
        [("NOP", None), ("NOP", None), ("SAck", (1000, 2000, 3000, 4000))],
        [("EOL", None)],
        [(28, b"\x80\x05")],
        [(19, noise(16))],
        [(34, noise(8))],
        [(30, b"\x00\x81" + noise(8))],
        [(253, b"\x12\x34\x56")],
        [(254, noise(2))],
        [(29, b"\x01\x02" + noise(12))],
        [(99, noise(4))],
        [("WScale", 14), ("MSS", 536)],
    ):
        yield IP(src=A4, dst=B4) / TCP(sport=2000, dport=2001, flags="S", seq=1, options=option)
    broken = IP(src=A4, dst=B4) / TCP(sport=2002, dport=2003, flags="A", options=[("MSS", 5), ("NOP", None)] * 2)
    yield patched(broken, 41, b"\x00")
    yield patched(broken, 41, b"\x30")


def multipath():
    """Every form of the multipath option, and of fast open. A checksum in a data sequence signal is not shown there."""
    one, two = bytes(range(1, 9)), bytes(range(17, 25))
    six = bytes.fromhex("20010db8000000000000000000000005")
    forms = {
        "S": ["0181", "0081" + one.hex(), "11050102030405060708"],
        "SA": ["0181" + one.hex(), "1005" + one.hex() + "05060708"],
        "A": [
            *("0181" + one.hex() + two.hex() + more for more in ("", "0064", "0064abcd")),
            "0081" + one.hex() + two.hex(),
            "1000" + bytes(range(20)).hex(),
            "200101020304",
            "2003" + one.hex(),
            "20050102030405060708000000010020",
            "200f" + one.hex() + two.hex() + "000000010020",
            "200c" + two.hex() + "000000010020",
            "2010",
            *("34020a000001" + more for more in ("", "1f90")),
            *("30020a000001" + more + one.hex() for more in ("", "1f90")),
            *("31020a000001" + more for more in ("", "1f90")),
            *("3602" + six.hex() + more for more in ("", "1f90")),
            *("3002" + six.hex() + more + one.hex() for more in ("", "1f90")),
            "4002",
            "40020304",
            "51",
            "5007",
            "6000" + one.hex(),
            "7000" + one.hex(),
            "8102",
            "9002",
        ],
    }
    for flags, options in forms.items():
        for option in options:
            yield IP(src=A4, dst=B4) / TCP(dport=2001, flags=flags, seq=1, options=[(30, bytes.fromhex(option))])
    for option in ((34, b""), (34, noise(8)), (254, b"\xf9\x89"), (254, b"\xf9\x89" + noise(8))):
        yield IP(src=A4, dst=B4) / TCP(dport=2001, flags="S", seq=1, options=[option])


def tcp():
    for number, packet in enumerate([*tcp_options(), *multipath()]):
        packet = packet if isinstance(packet, bytes) else raw(packet)
        # Each on ports of its own: they are no conversation.
        yield packet[:20] + struct.pack(">H", 2000 + number) + packet[22:]
    base = IP(src=A4, dst=B4) / TCP(sport=3000, dport=3001, flags="PA", seq=0xFFFFFFF0, ack=5, urgptr=9) / Raw(noise(40))
    yield raw(base)
    yield patched(base, 32, b"\x40")
    yield patched(base, 32, b"\xf0")
    yield patched(base, 36, b"\xde\xad")
    for flags in (0, 1, 2, 4, 8, 16, 32, 64, 128, 255):
        yield raw(IP(src=A4, dst=C4) / TCP(sport=3002, dport=3003 + flags, flags=flags, seq=7, ack=3))
    yield patched(IP(src=A4, dst=C4) / TCP(sport=3300, dport=3301, flags="A"), 32, b"\x5f\xff")


def streams():
    def segment(port, client, flags, seq, ack, payload=b""):
        ends = (A4, B4) if client else (B4, A4)
        ports = (port, 80) if client else (80, port)
        return raw(
            IP(src=ends[0], dst=ends[1])
            / TCP(sport=ports[0], dport=ports[1], flags=flags, seq=seq & 0xFFFFFFFF, ack=ack & 0xFFFFFFFF)
            / Raw(payload)
        )

    # From the handshake on; numbers that wrap.
    for port, start in ((1001, 1000), (1002, 0xFFFFFFF8)):
        yield segment(port, True, "S", start, 0)
        yield segment(port, False, "SA", 5000, start + 1)
        yield segment(port, True, "A", start + 1, 5001)
        yield segment(port, True, "PA", start + 1, 5001, noise(20))
        yield segment(port, True, "PA", start + 41, 5001, noise(20))
        yield segment(port, True, "PA", start + 21, 5001, noise(20))
        yield segment(port, True, "PA", start + 21, 5001, noise(20))
        yield segment(port, False, "A", 5001, start + 61)
        yield segment(port, False, "PA", 5001, start + 61, noise(9))
        yield segment(port, True, "FA", start + 61, 5010)
        yield segment(port, False, "FA", 5010, start + 62)
        yield segment(port, True, "A", start + 62, 5011)
    # The same ports again, with another start; and once more with the same start after a reset.
    yield segment(1001, True, "S", 9_000_000, 0)
    yield segment(1001, False, "SA", 70, 9_000_001)
    yield segment(1001, True, "R", 9_000_001, 0)
    yield segment(1001, True, "S", 9_000_000, 0)
    # From the middle; the first that is seen comes from the server.
    yield segment(1003, False, "PA", 777_000, 333_000, noise(10))
    yield segment(1003, True, "A", 333_000, 777_010)
    yield segment(1003, True, "PA", 333_000, 777_010, noise(10))
    # SYN sent again; data on SYN; RST without ACK; a keep-alive.
    yield segment(1004, True, "S", 42, 0)
    yield segment(1004, True, "S", 42, 0)
    yield segment(1004, False, "SA", 43, 43)
    yield segment(1004, True, "A", 43, 44)
    yield segment(1004, True, "A", 42, 44, b"\x00")
    yield segment(1004, False, "R", 44, 0)
    yield segment(1005, True, "S", 10, 0, noise(6))
    yield segment(1005, False, "SA", 20, 17)
    yield segment(1005, True, "A", 17, 21)
    # A SYN and ACK that answers with another start than what was seen before.
    yield segment(1006, False, "A", 500, 900)
    yield segment(1006, True, "S", 100, 0)
    yield segment(1006, False, "SA", 200, 101)


def icmp():
    quoted = IP(src=B4, dst=A4, id=9) / UDP(sport=53, dport=4242) / Raw(noise(40))
    for kind, code in ((3, 0), (3, 1), (3, 3), (3, 4), (3, 13), (4, 0), (5, 1), (11, 0), (11, 1), (12, 0), (12, 1)):
        message = ICMP(type=kind, code=code, gw=C4) if kind == 5 else ICMP(type=kind, code=code, nexthopmtu=1400)
        yield IP(src=A4, dst=B4) / message / Raw(raw(quoted)[:28])
    yield IP(src=A4, dst=B4) / ICMP(type=3, code=3) / quoted
    yield IP(src=A4, dst=B4) / ICMP(type=3, code=1) / Raw(raw(IP(src=B4, dst=A4) / TCP(sport=1, dport=2, seq=77))[:28])
    yield IP(src=A4, dst=B4) / ICMP(type=11) / Raw(raw(IP(src=B4, dst=A4, frag=9, proto=17) / Raw(noise(16))))
    yield IP(src=A4, dst=B4) / ICMP(type=3, code=3) / Raw(raw(quoted)[:20])
    yield IP(src=A4, dst=B4) / ICMP(type=3, code=3) / Raw(raw(quoted)[:9])
    yield IP(src=A4, dst=B4) / ICMP(type=3, code=3) / Raw(raw(IP(src=B4, dst=A4) / ICMP(id=1, seq=2) / Raw(noise(8))))
    for kind in (0, 8):
        yield IP(src=A4, dst=B4) / ICMP(type=kind, id=0x1234, seq=0x5678) / Raw(noise(20))
    yield IP(src=A4, dst=B4) / ICMP(type=13, id=1, seq=2, ts_ori=3, ts_rx=4, ts_tx=5)
    yield IP(src=A4, dst=B4) / ICMP(type=14, id=1, seq=2, ts_ori=3, ts_rx=4, ts_tx=5)
    yield IP(src=A4, dst=B4) / ICMP(type=17, id=1, seq=2, addr_mask="255.255.255.0")
    yield IP(src=A4, dst=B4, proto=1) / Raw(b"\x0a\x00\xf5\xff\x00\x00\x00\x00")
    yield patched(IP(src=A4, dst=B4) / ICMP(id=1, seq=2) / Raw(noise(9)), 22, b"\x11\x11")
    yield IP(src=A4, dst=B4, proto=1) / Raw(noise(3))
    yield IP(src=A4, dst=B4, proto=1) / Raw(b"\x28\x00" + noise(20))


def icmp6():
    def over(message):
        return IPv6(src=A6, dst=B6, hlim=255) / message

    quoted = IPv6(src=B6, dst=A6) / UDP(sport=53, dport=4242) / Raw(noise(40))
    for code in (0, 1, 3, 4):
        yield over(ICMPv6DestUnreach(code=code) / quoted)
    yield over(ICMPv6PacketTooBig(mtu=1280) / quoted)
    yield over(ICMPv6TimeExceeded(code=0) / quoted)
    yield over(ICMPv6TimeExceeded(code=1) / Raw(raw(quoted)[:44]))
    yield over(ICMPv6ParamProblem(code=1, ptr=40) / quoted)
    yield over(ICMPv6EchoRequest(id=1, seq=2, data=noise(11)))
    yield over(ICMPv6EchoReply(id=1, seq=2, data=noise(11)))
    yield over(ICMPv6ND_RS() / ICMPv6NDOptSrcLLAddr(lladdr=MAC_A))
    yield over(
        ICMPv6ND_RA(chlim=64, M=1, O=1, prf=1, routerlifetime=1800, reachabletime=7, retranstimer=8)
        / ICMPv6NDOptPrefixInfo(prefix="2001:db8::", prefixlen=64, L=1, A=1)
        / ICMPv6NDOptMTU(mtu=1500)
        / ICMPv6NDOptRDNSS(dns=[A6, B6], lifetime=90)
        / ICMPv6NDOptSrcLLAddr(lladdr=MAC_A)
    )
    yield over(ICMPv6ND_NS(tgt=B6) / ICMPv6NDOptSrcLLAddr(lladdr=MAC_A))
    yield over(ICMPv6ND_NA(tgt=B6, R=1, S=1, O=1) / ICMPv6NDOptDstLLAddr(lladdr=MAC_B))
    yield over(ICMPv6ND_NS(tgt=B6))
    yield over(ICMPv6ND_Redirect(tgt=B6, dst=C6) / ICMPv6NDOptDstLLAddr(lladdr=MAC_B))
    yield over(ICMPv6MLReport(mladdr="ff02::1:3"))
    yield over(ICMPv6MLReport2(records=[ICMPv6MLDMultAddrRec(rtype=4, dst="ff02::fb")]))
    yield patched(over(ICMPv6EchoRequest(id=1, seq=2, data=noise(11))), 42, b"\x11\x11")
    yield IPv6(src=A6, dst=B6, nh=58) / Raw(noise(3))
    yield IPv6(src=A6, dst=B6, nh=58) / Raw(b"\xc8\x00" + noise(20))


def sctp():
    def over(*chunks, **header):
        packet = IP(src=A4, dst=B4) / SCTP(sport=5001, dport=5002, tag=0xCAFE, **header)
        for chunk in chunks:
            packet /= chunk
        return packet

    yield over(
        SCTPChunkInit(
            init_tag=0xABCD,
            a_rwnd=65535,
            n_out_streams=10,
            n_in_streams=12,
            init_tsn=1000,
            params=[SCTPChunkParamIPv4Addr(addr=A4), SCTPChunkParamIPv6Addr(addr=A6), SCTPChunkParamECNCapable()],
        )
    )
    yield over(
        SCTPChunkInitAck(
            init_tag=0x1234,
            a_rwnd=65535,
            n_out_streams=1,
            n_in_streams=2,
            init_tsn=2000,
            params=[SCTPChunkParamStateCookie(cookie=noise(16)), SCTPChunkParamCookiePreservative(sug_cookie_inc=7)],
        )
    )
    yield over(SCTPChunkCookieEcho(cookie=noise(16)))
    yield over(SCTPChunkCookieAck())
    yield over(SCTPChunkData(tsn=1000, stream_id=3, stream_seq=0, proto_id=46, beginning=1, ending=1, data=noise(13)))
    yield over(
        SCTPChunkData(tsn=1001, stream_id=3, stream_seq=1, beginning=1, ending=0, data=noise(12)),
        SCTPChunkData(tsn=1002, stream_id=3, stream_seq=1, beginning=0, ending=1, unordered=1, data=noise(12)),
    )
    yield over(SCTPChunkSACK(cumul_tsn_ack=1000, a_rwnd=500, gap_ack_list=["2:3", "5:5"], dup_tsn_list=[9, 8]))
    yield over(SCTPChunkHeartbeatReq())
    yield over(SCTPChunkHeartbeatAck())
    yield over(SCTPChunkAbort())
    yield over(SCTPChunkError())
    yield over(SCTPChunkShutdown(cumul_tsn_ack=1002))
    yield over(SCTPChunkShutdownAck())
    yield over(SCTPChunkShutdownComplete())
    yield over(Raw(b"\x77\x01\x00\x09" + noise(8)))
    yield over(Raw(b"\x00\x03\x00\x03" + noise(8)))
    yield over(Raw(b"\x00\x03\x00\xff" + noise(20)))
    yield over(Raw(b"\x00\x03"))
    yield patched(over(SCTPChunkCookieAck()), 28, b"\x00\x00\x00\x01")


def associations():
    """Numbers relative to the first of a direction: late, wrapped, on several paths, before and without the other one."""

    def over(sport, dport, tag, *chunks, src=A4, dst=B4):
        packet = IP(src=src, dst=dst) / SCTP(sport=sport, dport=dport, tag=tag)
        for chunk in chunks:
            packet /= chunk
        return packet

    def data(tsn, flags=3):
        return Raw(struct.pack(">BBHIHHI4s", 0, flags, 20, tsn, 0, 0, 0, noise(4)))

    def sack(tsn, gaps=(), duplicates=()):
        blocks = b"".join(struct.pack(">HH", *gap) for gap in gaps) + b"".join(struct.pack(">I", one) for one in duplicates)
        return Raw(struct.pack(">BBHIIHH", 3, 0, 16 + len(blocks), tsn, 1000, len(gaps), len(duplicates)) + blocks)

    def nr_sack(tsn):
        blocks = struct.pack(">6HI", 2, 3, 6, 6, 1, 1, 7)
        return Raw(struct.pack(">BBHIIHHHH", 16, 0, 20 + len(blocks), tsn, 1000, 2, 1, 1, 0) + blocks)

    def there(port, tag, *chunks, **addresses):
        return over(port, 5002, tag, *chunks, **addresses)

    def back(port, tag, *chunks):
        return over(5002, port, tag, *chunks, src=B4, dst=A4)

    yield there(6001, 0, SCTPChunkInit(init_tag=0xAAAA, init_tsn=100))
    yield back(6001, 0xAAAA, SCTPChunkInitAck(init_tag=0xBBBB, init_tsn=5000))
    yield back(6001, 0xAAAA, sack(99))
    yield there(6001, 0xBBBB, data(102))
    yield there(6001, 0xBBBB, data(100), data(101))
    yield back(6001, 0xAAAA, sack(100, [(2, 3)], [101]))
    yield there(6001, 0xBBBB, sack(4999))
    yield back(6001, 0xAAAA, data(5001))
    yield there(6001, 0xBBBB, sack(5001, [(3, 4), (6, 6)]), nr_sack(5001))
    yield there(6001, 0xBBBB, SCTPChunkShutdown(cumul_tsn_ack=5001))
    yield there(6002, 0xBBBB, data(102))
    yield there(6002, 0xBBBB, sack(7000, [(1, 2)]))
    yield there(6002, 0xBBBB, data(103), sack(7001), nr_sack(7001))
    yield there(6003, 0xBBBB, data(0xFFFFFFFE))
    yield there(6003, 0xBBBB, data(1), src="198.51.100.7", dst="198.51.100.8")
    yield there(6003, 0xCCCC, data(77))
    yield back(6003, 0xAAAA, sack(0))
    yield back(6003, 0xAAAA, data(9))
    yield back(6003, 0xAAAA, sack(1, [(1, 1)]))
    yield there(6004, 0, data(3))


def main(folder):
    network = {
        "ip4": list(ip4()),
        "udp": list(udp()),
        "fragments4": list(fragments4()),
        "fragments6": list(fragments6()),
        "extensions": [raw(packet) if not isinstance(packet, bytes) else packet for packet in extensions()],
        "tcp": list(tcp()),
        "streams": list(streams()),
        "icmp": [raw(packet) if not isinstance(packet, bytes) else packet for packet in icmp()],
        "icmp6": [raw(packet) if not isinstance(packet, bytes) else packet for packet in icmp6()],
        "associations": [raw(packet) for packet in associations()],
        "sctp": [raw(packet) if not isinstance(packet, bytes) else packet for packet in sctp()],
    }

    def is6(packet):
        return packet[0] >> 4 == 6

    def framed(packet):
        return raw(Ether(src=MAC_A, dst=MAC_B, type=0x86DD if is6(packet) else 0x0800)) + packet

    for name, packets in network.items():
        write(folder, name, ETHERNET, [framed(packet) for packet in packets])
    write(folder, "frames", ETHERNET, frames())
    entered = list(tunnels())
    write(folder, "tunnels", ETHERNET, entered)
    for snap in (36, 44, 48, 56, 68, 80):
        write(folder, f"tunnels-{snap}", ETHERNET, entered, snap)
    write(folder, "names", ETHERNET, list(names()))
    mixed = [packet for name in ("ip4", "udp", "extensions", "icmp") for packet in network[name]]
    write(folder, "raw", RAW, mixed)
    write(folder, "raw4", IPV4, [packet for packet in mixed if not is6(packet)])
    write(folder, "raw6", IPV6, [packet for packet in mixed if is6(packet)])
    families = {"null": "<I", "null-swapped": ">I"}
    for name, form in families.items():
        write(folder, name, NULL, [struct.pack(form, 30 if is6(packet) else 2) + packet for packet in mixed])
    write(folder, "loop", LOOP, [struct.pack(">I", 24 if is6(packet) else 2) + packet for packet in mixed])
    cooked = [
        struct.pack(">HHH8sH", number % 5, 1, 6, bytes.fromhex("0200000000010000"), 0x86DD if is6(packet) else 0x0800)
        + packet
        for number, packet in enumerate(mixed)
    ]
    cooked.append(struct.pack(">HHH8sH", 0, 1, 6, noise(8), 0x0806) + raw(ARP(psrc=A4, pdst=B4)))
    cooked.append(struct.pack(">HHH8sH", 0, 1, 0, bytes(8), 0x8100) + raw(Dot1Q(vlan=7) / IP(src=A4, dst=B4) / UDP()))
    write(folder, "cooked", SLL, cooked)
    write(
        folder,
        "cooked2",
        SLL2,
        [
            struct.pack(
                ">HHIHBB8s",
                0x86DD if is6(packet) else 0x0800,
                0,
                3,
                1,
                number % 5,
                6,
                bytes.fromhex("0200000000010000"),
            )
            + packet
            for number, packet in enumerate(mixed)
        ],
    )
    everything = [framed(packet) for name, packets in network.items() for packet in packets if name not in ("streams", "associations")]
    for snap in (16, 30, 40, 50, 62, 70, 90):
        write(folder, f"snap-{snap}", ETHERNET, everything, snap)


main(sys.argv[1])
