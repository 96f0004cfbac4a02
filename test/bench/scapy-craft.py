"""Builds packets with Scapy as its users do: layers with fields, whose lengths and checksums Scapy works out.

Usage: python3 scapy-craft.py SECONDS. For each kind of packet and each way to build it, a line:
NAME WAY PACKETS_PER_SECOND HEX, where HEX is packet number 7. The way `whole` builds every layer, checksum and all;
`around` builds Ethernet, IPv4 and UDP around a channel packet that is ready beforehand.
"""

import struct
import sys
import time

from scapy.fields import ByteField, ShortField, StrFixedLenField, StrLenField, XIntField
from scapy.layers.inet import IP, UDP
from scapy.layers.l2 import Ether
from scapy.layers.sctp import crc32c
from scapy.packet import Packet, Raw


class Channel(Packet):
    fields_desc = [
        XIntField("protocol_id", 0x99838CAA),
        StrFixedLenField("sender", b"", 16),
        StrFixedLenField("recipient", b"", 16),
        XIntField("id", 0xF0F0F0F0),
        ShortField("flags", 0),
        ShortField("size", None),
        ShortField("sequence", 0),
        ShortField("payload_size", None),
    ]
    padded_to = 0

    def post_build(self, header, payload):
        padding = max(0, self.padded_to - len(header) - len(payload) - 4)
        size = len(header) + len(payload) + padding + 4
        header = header[:42] + struct.pack(">HHH", size, self.sequence, len(payload))
        body = header + payload + bytes([padding % 255]) * padding
        # Scapy's function gives the bytes in the order of SCTP.
        return body + struct.pack("<I", crc32c(body))


class PaddedChannel(Channel):
    """As an initiator pads the packet of one CHANNEL_NEW."""

    padded_to = 89


class New(Packet):
    fields_desc = [ByteField("type", 10), ShortField("c1", 0), StrFixedLenField("cookie1", b"", 16)]


class Data(Packet):
    """A DATA whose length is a varint: one byte below 128, two below 16512."""

    fields_desc = [ByteField("type", 20), StrLenField("bytes", b"", length_from=lambda packet: 0)]

    def post_build(self, packet, payload):
        length = len(self.bytes)
        varint = bytes([length]) if length < 128 else bytes([0x80 | ((length >> 7) - 1), length & 0x7F])
        return packet[:1] + varint + packet[1:] + payload


ALICE = b"\xa1" * 16
BOB = b"\xb0" * 16
COOKIE = bytes(range(16))


def outer(number, payload):
    ethernet = Ether(src="02:00:00:00:00:01", dst="02:00:00:00:00:02")
    return bytes(ethernet / IP(src="192.0.2.1", dst="192.0.2.2", id=number) / UDP(sport=4242, dport=4243) / payload)


def new(number):
    return PaddedChannel(sender=ALICE, recipient=BOB) / New(c1=number, cookie1=COOKIE)


def data(size):
    content = bytes([0x64]) * size
    return lambda number: Channel(sender=ALICE, recipient=BOB, id=0x1234ABCD, sequence=number) / Data(bytes=content)


def rate(build, seconds):
    """Packets a second; the first hundred are not counted."""
    for number in range(100):
        build(number)
    count, start = 0, time.perf_counter()
    while time.perf_counter() - start < seconds:
        build(count & 0xFFFF)
        count += 1
    return count / (time.perf_counter() - start)


def main():
    seconds = float(sys.argv[1])
    for name, channel in [("new", new), ("data-100", data(100)), ("data-1000", data(1000))]:
        ready = Raw(bytes(channel(7)))
        for way, build in [
            ("whole", lambda number: outer(number, channel(number))),
            ("around", lambda number: outer(number, ready)),
        ]:
            print(name, way, rate(build, seconds), build(7).hex(), flush=True)


main()
