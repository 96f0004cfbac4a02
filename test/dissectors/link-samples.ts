import { enhancedPacket, interfaceDescription, sectionHeader } from '../../dissectors/file/pcapng-writer.js';
import { fromHex } from '../../dissectors/wire/view.js';

/** IPv4 and UDP around a CHANNEL_NEW of the half 1a2b. */
export const IP4 =
  '45000075000100004011f673c0000201c000020203e8109200615eb099838caaca978112ca1bbdcafac231b39a23dc4d3e23e8160039594a33894f6564e1b134f0f0f0f000000059000000130a1a2bfdf4843e7179f783b0037961dd4f38e61212121212121212121212121212121212126350fc7b';
/** The same with IPv6. */
export const IP6 =
  '600000000061114020010db800000000000000000000000120010db800000000000000000000000203e810920061873f99838caaca978112ca1bbdcafac231b39a23dc4d3e23e8160039594a33894f6564e1b134f0f0f0f000000059000000130a1a2bfdf4843e7179f783b0037961dd4f38e61212121212121212121212121212121212126350fc7b';

const ETHERNET = '020000000002020000000001';
/** The addresses of a frame of IEEE 802.11. */
const THREE = '020000000001020000000002020000000003';
const SNAP4 = 'aaaa030000000800';
const SNAP6 = 'aaaa0300000086dd';

type Sample = readonly [name: string, linkType: number, packet: string, found: string];

/** Packets of the links other than Ethernet, and of what lies between Ethernet and IP. */
const WRITTEN: readonly Sample[] = [
  ['PPPoE', 1, `${ETHERNET} 88641100000100770021 ${IP4}`, 'eth pppoes ppp ip udp chan'],
  ['PPPoE, protocol of one byte', 1, `${ETHERNET} 886411000001007621 ${IP4}`, 'eth pppoes ppp ip udp chan'],
  [
    'PPPoE, with an address that must not be there',
    1,
    `${ETHERNET} 8864110000010079ff030021 ${IP4}`,
    'eth pppoes ppp data',
  ],
  ['PPPoE, IPv6', 1, `${ETHERNET} 886411000001008b0057 ${IP6}`, 'eth pppoes ppp ipv6 udp chan'],
  [
    'PPPoE, padded frame',
    1,
    `${ETHERNET} 886411000001000ac0210901000812345678000000000000000000000000000000000000000000000000000000000000`,
    'eth pppoes ppp data',
  ],
  ['PPPoE, sliced', 1, `${ETHERNET} 88641100000101f40021 ${IP4}`, 'eth pppoes ppp ip udp chan !packet-sliced'],
  [
    'PPPoE, shorter than its packet',
    1,
    `${ETHERNET} 88641100000100140021 ${IP4}`,
    'eth pppoes ppp ip !truncated !packet-sliced',
  ],
  [
    'PPPoE, a code of discovery in a session',
    1,
    `${ETHERNET} 88641107000100770021 ${IP4}`,
    'eth pppoes ppp ip udp chan',
  ],
  [
    'PPPoE discovery, initiation',
    1,
    'ffffffffffff020000000001886311090000000c0101000001030004deadbeef0000000000000000000000000000000000000000',
    'eth pppoed',
  ],
  [
    'PPPoE discovery, offer',
    1,
    `${ETHERNET} 886311070000003d010100036973700102000461632d3101040008010203040506070801030004deadbeef01100002aabb0120000205dc0105000600000de9010200000000`,
    'eth pppoed',
  ],
  [
    'PPPoE discovery, errors',
    1,
    `${ETHERNET} 8863116500000019020100026e6f020200026e6f0203000362616409990002ffff`,
    'eth pppoed',
  ],
  ['PPPoE discovery, termination', 1, `${ETHERNET} 886311a700050000`, 'eth pppoed'],
  ['PPPoE discovery, a tag beyond the end', 1, `${ETHERNET} 8863110900000006010100106162`, 'eth pppoed !malformed'],
  ['PPPoE discovery, a tag without length', 1, `${ETHERNET} 8863110900000003010100`, 'eth pppoed !malformed'],
  ['PPP (9)', 9, `ff030021 ${IP4}`, 'ppp ip udp chan'],
  ['PPP (9), no address', 9, `0021 ${IP4}`, 'ppp ip udp chan'],
  ['PPP (9), protocol of one byte', 9, `ff0321 ${IP4}`, 'ppp ip udp chan'],
  ['PPP (9), nothing but a protocol of one byte', 9, `21 ${IP4}`, 'ppp ip udp chan'],
  ['PPP (9), IPv6', 9, `ff030057 ${IP6}`, 'ppp ipv6 udp chan'],
  ['PPP (9), LCP', 9, 'ff03c02101010004', 'ppp data'],
  ['PPP (9), Cisco HDLC', 9, `0f000800 ${IP4}`, 'ppp chdlc ip udp chan'],
  ['PPP (9), Cisco HDLC, multicast', 9, `8f000800 ${IP4}`, 'ppp chdlc ip udp chan'],
  ['PPP (9), one byte', 9, 'ff', 'ppp !malformed'],
  ['PPP (9), two bytes', 9, 'ff03', 'ppp !malformed'],
  ['PPP (9), three bytes', 9, 'ff0300', 'ppp !malformed'],
  ['PPP (50)', 50, `ff030021 ${IP4}`, 'ppp ip udp chan'],
  ['PPP (50), no address', 50, `0021 ${IP4}`, 'ppp ip udp chan'],
  ['PPP (50), protocol of one byte', 50, `ff0321 ${IP4}`, 'ppp ip udp chan'],
  ['PPP (50), nothing but a protocol of one byte', 50, `21 ${IP4}`, 'ppp ip udp chan'],
  ['PPP (50), IPv6', 50, `ff030057 ${IP6}`, 'ppp ipv6 udp chan'],
  ['PPP (50), LCP', 50, 'ff03c02101010004', 'ppp data'],
  ['PPP (50), Cisco HDLC', 50, `0f000800 ${IP4}`, 'ppp chdlc ip udp chan'],
  ['PPP (50), Cisco HDLC, multicast', 50, `8f000800 ${IP4}`, 'ppp chdlc ip udp chan'],
  ['PPP (50), one byte', 50, 'ff', 'ppp !malformed'],
  ['PPP (50), two bytes', 50, 'ff03', 'ppp !malformed'],
  ['PPP (50), three bytes', 50, 'ff0300', 'ppp !malformed'],
  ['PPPoE without Ethernet', 51, `1100000100770021 ${IP4}`, 'pppoes ppp ip udp chan'],
  ['PPP with direction, received', 204, `00ff030021 ${IP4}`, 'ppp ip udp chan'],
  ['PPP with direction, sent', 204, `01ff030021 ${IP4}`, 'ppp ip udp chan'],
  ['PPP with direction, nothing but a protocol of one byte', 204, `0121 ${IP4}`, 'ppp ip udp chan'],
  ['PPP of pppd', 166, `01ff030021 ${IP4}`, 'ppp ip udp chan'],
  ['Cisco HDLC', 104, `0f000800 ${IP4}`, 'chdlc ip udp chan'],
  ['Cisco HDLC, IPv6', 104, `8f0086dd ${IP6}`, 'chdlc ipv6 udp chan'],
  ['Cisco HDLC, keep-alive', 104, '8f008035000000020000000100000002ffff0000', 'chdlc data'],
  ['Cisco HDLC, unknown protocol', 104, '0f0012340102', 'chdlc data'],
  ['Frame Relay', 107, `184103cc ${IP4}`, 'fr ip udp chan'],
  ['Frame Relay, IPv6', 107, `1841038e ${IP6}`, 'fr ipv6 udp chan'],
  ['Frame Relay, padded', 107, `18410300cc ${IP4}`, 'fr ip udp chan'],
  ['Frame Relay, SNAP', 107, `18410300800000000800 ${IP4}`, 'fr ip udp chan'],
  ["Frame Relay, Cisco's form", 107, `18410800 ${IP4}`, 'fr ip udp chan'],
  ["Frame Relay, Cisco's form, IPv6", 107, `184186dd ${IP6}`, 'fr ipv6 udp chan'],
  ['Frame Relay, address of 3 bytes', 107, `18404103cc ${IP4}`, 'fr ip udp chan'],
  ['Frame Relay, address of 4 bytes', 107, `1840404103cc ${IP4}`, 'fr ip udp chan'],
  ['Frame Relay, bridged Ethernet', 107, `18410300800080c20007 ${ETHERNET} 0800 ${IP4}`, 'fr eth ip udp chan'],
  ['Frame Relay, PPP', 107, `184103cf0021 ${IP4}`, 'fr ppp ip udp chan'],
  ['802.1ah', 1, `${ETHERNET} 88e7e0000064 ${ETHERNET} 0800 ${IP4}`, 'eth ieee8021ah ip udp chan'],
  ['802.1ah, all flags', 1, `${ETHERNET} 88e75f010203 ${ETHERNET} 86dd ${IP6}`, 'eth ieee8021ah ipv6 udp chan'],
  ['LLC in a jumbo frame', 1, `${ETHERNET} 8870${SNAP4} ${IP4}`, 'eth llc ip udp chan'],
  ['LLC in a jumbo frame, no SNAP', 1, `${ETHERNET} 88704242030000`, 'eth llc data'],
  ['VN-Tag', 1, `${ETHERNET} 8926c00510020800 ${IP4}`, 'eth vntag ip udp chan'],
  ['VN-Tag around a VLAN tag', 1, `${ETHERNET} 8926000580038100000786dd ${IP6}`, 'eth vntag vlan ipv6 udp chan'],
  ['VN-Tag with a length', 1, `${ETHERNET} 8926000500030006424203000000`, 'eth vntag llc data'],
  [
    'NFLOG',
    239,
    `0200001e08000100080001000b000a0064726f703a20000008000400000000020800050000000003080006000000000408000700000000051000080000060000020000000001000008000b00000003e808000e00000003e814000300000000006553f100000000000000138808000c000000000779000900 ${IP4} 000000`,
    'nflog ip udp chan',
  ],
  [
    'NFLOG, IPv6',
    239,
    `0a00001e0800010086dd01000b000a0064726f703a20000008000400000000020800050000000003080006000000000408000700000000051000080000060000020000000001000008000b00000003e808000e00000003e814000300000000006553f100000000000000138808000c00000000078d000900 ${IP6} 000000`,
    'nflog ipv6 udp chan',
  ],
  [
    'NFLOG of a big-endian host',
    239,
    `0200001e0008000108000100000b000a64726f703a2000000008000400000002000800050000000300080006000000040008000700000005001000080006000002000000000100000008000b000003e80008000e000003e800140003000000006553f10000000000000013880008000c0000000700790009 ${IP4} 000000`,
    'nflog ip udp chan',
  ],
  [
    'NFLOG of a bridge',
    239,
    '0700001e0800010086dd01000b000a0064726f703a20000008000400000000020800050000000003080006000000000408000700000000051000080000060000020000000001000008000b00000003e808000e00000003e814000300000000006553f100000000000000138808000c00000000070700090001020300',
    'nflog data',
  ],
  ['NFLOG without attributes', 239, '02000001', 'nflog !malformed'],
  ['NFLOG, an attribute of 3 bytes', 239, '020000010300090045', 'nflog !malformed'],
  ['NFLOG, an attribute beyond the end', 239, '02000001ff00090045', 'nflog ip !packet-sliced !truncated'],
  ['LLC over ATM', 100, `${SNAP4} ${IP4}`, 'llc ip udp chan'],
  ['LLC over ATM, IPv6', 100, `${SNAP6} ${IP6}`, 'llc ipv6 udp chan'],
  ['LLC over ATM, without LLC', 100, `${IP4}`, 'llc data'],
  ['PPP, bridged Ethernet', 9, `ff0300310001 ${ETHERNET} 0800 ${IP4}`, 'ppp bcp_bpdu eth ip udp chan'],
  [
    'PPP, bridged Ethernet, padded',
    9,
    `ff0300318301 ${ETHERNET} 0800 ${IP4} 00000001020304`,
    'ppp bcp_bpdu eth ip udp chan',
  ],
  ['PPP, bridged, not Ethernet', 9, 'ff030031000b010203', 'ppp bcp_bpdu data'],
  ['LLC over ATM, bridged Ethernet', 100, `aaaa030080c200070000 ${ETHERNET} 0800 ${IP4}`, 'llc eth ip udp chan'],
  [
    'pflog',
    117,
    `3d020000656d3000000000000000000000000000616e63686f720000000000000000000000000003ffffffff000003e80000007b00000000000001c801000000 ${IP4}`,
    'pflog ip udp chan',
  ],
  [
    'pflog, IPv6',
    117,
    `3d180000656d3000000000000000000000000000616e63686f720000000000000000000000000003ffffffff000003e80000007b00000000000001c801000000 ${IP6}`,
    'pflog ipv6 udp chan',
  ],
  ['enc', 109, `020000000000123400000c00 ${IP4}`, 'enc ip udp chan'],
  ['enc, IPv6', 109, `180000000000123400000000 ${IP6}`, 'enc ipv6 udp chan'],
  ['802.11 between stations', 105, `08000000 ${THREE} 1000${SNAP4} ${IP4}`, 'wlan llc ip udp chan'],
  ['802.11 to an access point', 105, `08012c00 ${THREE} 2000${SNAP4} ${IP4}`, 'wlan llc ip udp chan'],
  ['802.11 from an access point', 105, `08020000 ${THREE} 3000${SNAP6} ${IP6}`, 'wlan llc ipv6 udp chan'],
  ['802.11 between access points', 105, `08030000 ${THREE} 4000020000000004${SNAP4} ${IP4}`, 'wlan llc ip udp chan'],
  ['802.11 QoS', 105, `88020000 ${THREE} 50000500${SNAP4} ${IP4}`, 'wlan llc ip udp chan'],
  [
    '802.11 QoS, aggregate that is none',
    105,
    `88010000 ${THREE} 5000f5ab${SNAP4} ${IP4}`,
    'wlan wlan_aggregate llc llc data !packet-sliced !malformed !truncated',
  ],
  ['802.11 QoS, all bits', 105, `88020000 ${THREE} 500077ab${SNAP4} ${IP4}`, 'wlan llc ip udp chan'],
  ['802.11 QoS with HT control', 105, `88810000 ${THREE} 5000050001020304${SNAP4} ${IP4}`, 'wlan llc ip udp chan'],
  [
    '802.11 QoS between access points',
    105,
    `88030000 ${THREE} 50000200000000040600${SNAP4} ${IP4}`,
    'wlan llc ip udp chan',
  ],
  ['802.11 order', 105, `08810000 ${THREE} 5000${SNAP4} ${IP4}`, 'wlan llc ip udp chan'],
  ['802.11 protected, CCMP', 105, `08410000 ${THREE} 60000102002000000000${SNAP4} ${IP4}`, 'wlan data'],
  ['802.11 protected, WEP', 105, `08410000 ${THREE} 600001020340${SNAP4} ${IP4}`, 'wlan data'],
  ['802.11 null', 105, `48010000 ${THREE} 7000`, 'wlan'],
  ['802.11 QoS null', 105, `c8010000 ${THREE} 70000700`, 'wlan'],
  ['802.11 data and CF-Ack', 105, `18020000 ${THREE} 7000${SNAP4} ${IP4}`, 'wlan llc ip udp chan'],
  [
    '802.11 beacon',
    105,
    '80000000ffffffffffff02000000000202000000000280000102030405060708640001040003616263',
    'wlan data',
  ],
  ['802.11 probe request', 105, '40000000ffffffffffff020000000002ffffffffffff80000000', 'wlan data'],
  ['802.11 acknowledgement', 105, 'd4000000020000000001', 'wlan'],
  ['802.11 RTS', 105, 'b4000a00020000000001020000000002', 'wlan'],
  ['802.11 CTS', 105, 'c4000a00020000000001', 'wlan'],
  ['802.11 PS-Poll', 105, 'a40001c0020000000001020000000002', 'wlan'],
  ['802.11 CF-End', 105, 'e4000000020000000001020000000002', 'wlan'],
  ['802.11 block acknowledgement', 105, '94000000020000000001020000000002050010000102030405060708', 'wlan data'],
  ['802.11 block acknowledgement request', 105, '8400000002000000000102000000000205001000', 'wlan data'],
  ['802.11 first piece', 105, `08040000 ${THREE} 1001aaaa030000000800 ${IP4.slice(0, 120)}`, 'wlan data'],
  ['802.11 last piece', 105, `08000000 ${THREE} 1101 ${IP4.slice(120)}`, 'wlan data'],
  ['802.11 cut in the header', 105, '08010000020000000001020000000002', 'wlan !malformed'],
  [
    '802.11 with bytes behind the packet',
    105,
    `08012c00 ${THREE} 2000${SNAP4} ${IP4} deadbeef`,
    'wlan llc ip udp chan',
  ],
  ['802.11 of another version', 105, `09012c00 ${THREE} 2000${SNAP4} ${IP4}`, 'data !link-type-unknown'],
  ['802.11 with less than LLC', 105, `08012c00 ${THREE} 2000aaaa`, 'wlan llc !malformed'],
  ['802.11 with raw NetWare', 105, `08012c00 ${THREE} 2000ffff0022`, 'wlan llc data'],
  [
    '802.11 aggregate',
    105,
    `88010000 ${THREE} 50008500020000000003020000000002007d${SNAP4} ${IP4} 00020000000003020000000002007d${SNAP4} ${IP4}`,
    'wlan wlan_aggregate llc ip udp chan llc ip udp chan',
  ],
  ['802.11 EAPOL', 105, `08010000 ${THREE} 5000aaaa03000000888e01010000`, 'wlan llc eapol'],
  [
    'radiotap without fields',
    127,
    `000008000000000008012c00 ${THREE} 2000${SNAP4} ${IP4}`,
    'radiotap wlan llc ip udp chan',
  ],
  [
    'radiotap with flags',
    127,
    `00000900020000000008012c00 ${THREE} 2000${SNAP4} ${IP4}`,
    'radiotap wlan llc ip udp chan',
  ],
  [
    'radiotap with a check sequence',
    127,
    `00000900020000001008012c00 ${THREE} 2000${SNAP4} ${IP4} 945beeab`,
    'radiotap wlan llc ip udp chan',
  ],
  [
    'radiotap with a wrong check sequence',
    127,
    `00000900020000001008012c00 ${THREE} 2000${SNAP4} ${IP4} 01020304`,
    'radiotap wlan llc ip udp chan',
  ],
  [
    'radiotap with a check sequence known to be wrong',
    127,
    `00000900020000005008012c00 ${THREE} 2000${SNAP4} ${IP4} 01020304`,
    'radiotap wlan llc ip udp chan',
  ],
  [
    'radiotap with time, rate, channel, signal',
    127,
    `000018002f000000010203040506070810028509a000d8a108012c00 ${THREE} 2000${SNAP4} ${IP4} 945beeab`,
    'radiotap wlan llc ip udp chan',
  ],
  [
    'radiotap with padding behind the header',
    127,
    `00000900020000002088012c00 ${THREE} 200000000000${SNAP4} ${IP4}`,
    'radiotap wlan llc ip udp chan',
  ],
  [
    'radiotap with two words',
    127,
    `000021002f0000a02008000000000000010203040506070810028509a000d8d70108012c00 ${THREE} 2000${SNAP4} ${IP4} 945beeab`,
    'radiotap wlan llc ip udp chan',
  ],
  [
    'radiotap with all early fields',
    127,
    `00002800efff0000010203040506070810028509a000d8a10100020003000501302000000200080008012c00 ${THREE} 2000${SNAP4} ${IP4} 945beeab`,
    'radiotap wlan llc ip udp chan',
  ],
  [
    'radiotap with MCS and A-MPDU',
    127,
    `0000220002001c00100000004000000085090b10070005000000010000000f00000008012c00 ${THREE} 2000${SNAP4} ${IP4} 945beeab`,
    'radiotap wlan llc ip udp chan',
  ],
  ['radiotap too short', 127, `000007000000000008012c00 ${THREE} 2000${SNAP4} ${IP4}`, 'radiotap !malformed'],
  [
    'radiotap longer than the packet',
    127,
    `0000ff0f0000000008012c00 ${THREE} 2000${SNAP4} ${IP4}`,
    'radiotap !malformed',
  ],
  ['PPI without fields', 192, `000008006900000008012c00 ${THREE} 2000${SNAP4} ${IP4}`, 'ppi wlan llc ip udp chan'],
  [
    'PPI for 802.11',
    192,
    `0000200069000000020014000102030405060708000002008509a0000000d8a108012c00 ${THREE} 2000${SNAP4} ${IP4}`,
    'ppi wlan llc ip udp chan',
  ],
  [
    'PPI for 802.11 with a check sequence',
    192,
    `0000200069000000020014000102030405060708010002008509a0000000d8a108012c00 ${THREE} 2000${SNAP4} ${IP4} 945beeab`,
    'ppi wlan llc ip udp chan',
  ],
  ['PPI for Ethernet', 192, `0000080001000000 ${ETHERNET} 0800 ${IP4}`, 'ppi eth ip udp chan'],
  [
    'AVS',
    163,
    `8021100100000040000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000008012c00 ${THREE} 2000${SNAP4} ${IP4}`,
    'wlancap wlan llc ip udp chan',
  ],
  [
    'Prism',
    119,
    `4400000090000000776c616e30000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000008012c00 ${THREE} 2000${SNAP4} ${IP4}`,
    'prism wlan llc ip udp chan',
  ],
];

export interface LinkSample {
  readonly name: string;
  readonly linkType: number;
  readonly packet: Uint8Array;
  /** Its layers, and the codes of its findings, each behind an exclamation mark. */
  readonly found: string;
}

export const LINK_SAMPLES: readonly LinkSample[] = WRITTEN.map(([name, linkType, packet, found]) => ({
  name,
  linkType,
  packet: fromHex(packet),
  found,
}));

/** A capture of samples, one packet each, a millisecond apart. */
export function samplesFile(samples: readonly LinkSample[]): Uint8Array {
  const linkTypes = [...new Set(samples.map(({ linkType }) => linkType))];
  const blocks = [
    sectionHeader(),
    ...linkTypes.map((linkType) => interfaceDescription({ linkType, name: `link ${linkType}` })),
    ...samples.map(({ linkType, packet: bytes }, place) =>
      enhancedPacket({
        interfaceId: linkTypes.indexOf(linkType),
        seconds: 1_700_000_000,
        nanos: place * 1_000_000,
        bytes,
        wire: bytes.length,
      }),
    ),
  ];
  return Buffer.concat(blocks);
}
