import { expect, test } from 'vitest';
import { type Dissection, dissect } from '../../dissectors/dissect.js';
import { liveReassembly } from '../../dissectors/reassembly/reassembly.js';
import { dissectorNamed } from '../../dissectors/registry.js';
import { fromHex, viewOf } from '../../dissectors/wire/view.js';
import { linesOf, valuesOf } from './dissecting.js';
import { IP4, LINK_SAMPLES, type LinkSample } from './link-samples.js';

function dissected({ packet, linkType }: LinkSample, captured = packet.length): Dissection {
  const limit = { captured, wire: packet.length };
  return dissect(viewOf(packet), 0, limit, linkType, 1, liveReassembly());
}

const said = ({ layers, findings }: Dissection): string =>
  [...layers.map(({ name }) => name), ...findings.map(({ code }) => `!${code}`)].join(' ');

test.each(LINK_SAMPLES.map((sample) => [sample.name, sample] as const))('finds the layers of %s', (_, sample) => {
  expect(said(dissected(sample))).toBe(sample.found);
});

/** The values of the fields of a sample's layers with this name. */
function shownOf(name: string, ...layers: readonly string[]): Record<string, string> {
  const sample = LINK_SAMPLES.find((known) => known.name === name);
  if (!sample) throw new Error(`no sample ${name}`);
  const lines = dissected(sample).layers.filter((layer) => layers.includes(layer.name));
  return Object.assign(
    {},
    ...lines.map((layer) => valuesOf(linesOf(dissectorNamed(layer.name), viewOf(sample.packet), layer))),
  );
}

const SESSION = { 'pppoe.version': '1', 'pppoe.type': '1', 'pppoe.session_id': '0x0000' };
const TO_ACCESS_POINT = {
  'wlan.fc.ds': '0x01',
  'wlan.ra': '02:00:00:00:00:01',
  'wlan.bssid': '02:00:00:00:00:01',
  'wlan.ta': '02:00:00:00:00:02',
  'wlan.sa': '02:00:00:00:00:02',
  'wlan.staa': '02:00:00:00:00:02',
  'wlan.da': '02:00:00:00:00:03',
};

test.each([
  ['PPPoE, IPv6', 'pppoes ppp', { 'pppoe.payload_length': '139', 'ppp.protocol': '0x0057' }],
  [
    'PPPoE discovery, offer',
    'pppoed',
    {
      ...SESSION,
      'pppoe.code': '0x07',
      'pppoed.tags.service_name': 'isp',
      'pppoed.tags.ac_name': 'ac-1',
      'pppoed.tags.ac_cookie': '0102030405060708',
      'pppoed.tags.host_uniq': 'deadbeef',
      'pppoed.tags.vendor_id': '3561',
    },
  ],
  ['PPPoE discovery, errors', 'pppoed', { 'pppoed.tag': '0x0999', 'pppoed.tag.unknown_data': 'ffff' }],
  ['PPP (9), protocol of one byte', 'ppp', { 'ppp.address': '0xff', 'ppp.control': '0x03', 'ppp.protocol': '0x0021' }],
  ['PPP with direction, received', 'ppp', { 'ppp.direction': '1', 'ppp.protocol': '0x0021' }],
  ['PPP with direction, sent', 'ppp', { 'ppp.direction': '0', 'ppp.address': '0xff' }],
  ['PPP (50), Cisco HDLC', 'chdlc', { 'chdlc.address': '0x0f', 'chdlc.protocol': '0x0800' }],
  ['Frame Relay', 'fr', { 'fr.dlci': '100', 'fr.ea': '0,1', 'fr.control': '0x03', 'fr.nlpid': '0xcc' }],
  ['Frame Relay, address of 3 bytes', 'fr', { 'fr.dlci': '6416', 'fr.lower_dlci': '0x10' }],
  ['Frame Relay, address of 4 bytes', 'fr', { 'fr.dlci': '821264', 'fr.third_dlci': '0x20' }],
  ['802.1ah, all flags', 'ieee8021ah', { 'ieee8021ah.isid': '66051', 'ieee8021ah.nca': '1', 'ieee8021ah.res2': '3' }],
  ['LLC in a jumbo frame', 'llc', { 'llc.dsap': '0xaa', 'llc.oui': '0', 'llc.type': '0x0800' }],
  [
    'VN-Tag',
    'vntag',
    { 'vntag.dir': '1', 'vntag.ptr': '1', 'vntag.dst': '5', 'vntag.src': '2', 'vntag.etype': '0x0800' },
  ],
  ['VN-Tag with a length', 'vntag', { 'vntag.len': '6' }],
  ['NFLOG', 'nflog', { 'nflog.prefix': 'drop: ', 'nflog.hook': '1', 'nflog.ifindex_indev': '2', 'nflog.uid': '1000' }],
  ['NFLOG of a big-endian host', 'nflog', { 'nflog.tlv_type': '1,10,4,5,6,7,8,11,14,3,12,9', 'nflog.gid': '1000' }],
  ['pflog', 'pflog', { 'pflog.ifname': 'em0', 'pflog.ruleset': 'anchor', 'pflog.subrulenr': '-1', 'pflog.dir': '1' }],
  ['enc', 'enc', { 'enc.af': '2', 'enc.spi': '0x00001234' }],
  ['802.11 to an access point', 'wlan', { 'wlan.fc': '0x0801', 'wlan.fc.type_subtype': '0x0020', ...TO_ACCESS_POINT }],
  ['802.11 between access points', 'wlan', { 'wlan.da': '02:00:00:00:00:03', 'wlan.sa': '02:00:00:00:00:04' }],
  ['802.11 QoS with HT control', 'wlan', { 'wlan.qos': '0x0005', 'wlan.htc': '0x04030201', 'wlan.seq': '5' }],
  ['802.11 PS-Poll', 'wlan', { 'wlan.aid': '1', 'wlan.bssid': '02:00:00:00:00:01', 'wlan.ta': '02:00:00:00:00:02' }],
  ['802.11 aggregate', 'wlan_aggregate', { 'wlan_aggregate.a_mdsu.length': '125,125' }],
  [
    'radiotap with time, rate, channel, signal',
    'radiotap wlan',
    {
      'radiotap.mactime': '578437695752307201',
      'radiotap.flags': '0x10',
      'radiotap.datarate': '1',
      'radiotap.channel.freq': '2437',
      'radiotap.dbm_antsignal': '-40',
      'wlan.fcs': '0xabee5b94',
    },
  ],
  ['radiotap with two words', 'radiotap', { 'radiotap.dbm_antsignal': '-40,-41', 'radiotap.antenna': '1' }],
  ['PPI for 802.11 with a check sequence', 'ppi wlan', { 'ppi.80211-common.rate': '1000', 'wlan.fcs': '0xabee5b94' }],
  ['Prism', 'prism', { 'prism.devname': 'wlan0', 'prism.msglen': '144' }],
  ['AVS', 'wlancap', { 'wlancap.length': '64', 'wlancap.version': '1' }],
])('shows the fields of %s', (name, layers, expected) => {
  expect(shownOf(name, ...layers.split(' '))).toMatchObject(expected);
});

const IP = fromHex(IP4);

/** An aggregate of as many frames as given, each around the same packet. */
function aggregateOf(count: number): Uint8Array {
  const body = [...fromHex('aaaa030000000800'), ...IP];
  const frame = [...fromHex('020000000003020000000002'), body.length >>> 8, body.length & 0xff, ...body];
  while (frame.length % 4 !== 0) frame.push(0);
  const header = fromHex('8801 0000 020000000001 020000000002 020000000003 5000 8000');
  return Uint8Array.from([...header, ...Array.from({ length: count }, () => frame).flat()]);
}

test.each([1, 2, 30, 75])('all packets in an aggregate of %i are found', (count) => {
  const packet = aggregateOf(count);
  const { channels, findings } = dissected({ name: '', linkType: 105, packet, found: '' });
  expect(channels.length).toBe(count);
  expect(findings).toEqual([]);
});

test('layers within each other are bounded: a header of PPI in each other', () => {
  const packet = Uint8Array.from(Array.from({ length: 40 }, () => [0, 0, 8, 0, 192, 0, 0, 0]).flat());
  const { layers, findings } = dissected({ name: '', linkType: 192, packet, found: '' });
  expect([layers.length, ...findings.map(({ code }) => code)]).toEqual([32, 'too-deep']);
});

test('a link type of more than 16 bits leads nowhere', () => {
  const packet = fromHex(`0000 0800 69000400 020000000003020000000002 0008 aaaa030000000800`);
  expect(said(dissected({ name: '', linkType: 192, packet, found: '' }))).toBe('ppi data');
});

test('a version of IEEE 802.11 that is not dissected is no link type of its own behind radiotap', () => {
  const radiotap = '0000 0900 02000000 10';
  const packet = viewOf(fromHex(`${radiotap} 0901 2c00 00000000`));
  const limit = { captured: packet.byteLength, wire: packet.byteLength };
  const behind = dissect(packet, 0, limit, 127, 1, liveReassembly());
  expect(said(behind)).toBe('radiotap data');
});

/** The walk of the whole sample, as far as a shorter capture has it. */
test.each(
  LINK_SAMPLES.filter(({ found }) => !found.startsWith('data')).map((sample) => [sample.name, sample] as const),
)('wherever the capture cuts %s, it is the start of the same walk', (_, sample) => {
  const whole = dissected(sample).layers.map(({ name }) => name);
  for (let captured = 0; captured < sample.packet.length; captured++) {
    const names = dissected(sample, captured).layers.map(({ name }) => name);
    // What cannot be told any more is data.
    const common = names.at(-1) === 'data' ? names.slice(0, -1) : names;
    expect(common).toEqual(whole.slice(0, common.length));
  }
});
