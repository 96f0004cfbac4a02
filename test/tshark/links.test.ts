import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { LINK_SAMPLES, samplesFile } from '../dissectors/link-samples.js';
import { commonFields, disagreements } from './compare.js';
import { tsharkVersion, writeSettings } from './tshark.js';

const version = tsharkVersion();
const folder = mkdtempSync(join(tmpdir(), 'handshark-links-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Packets that the two read differently on purpose, and why. */
const OTHERWISE: Readonly<Record<string, RegExp>> = {
  // The data that Wireshark shows start at the length.
  'PPPoE discovery, errors': /^pppoed\.tag\.unknown_data/,
  // Wireshark does not know this link type, and hosts of the other byte order.
  'PPP of pppd': /./,
  'NFLOG of a big-endian host': /./,
  // Wireshark looks for a version in what is no IP packet.
  'NFLOG of a bridge': /^(ip|ipv6)\.version/,
  // What the frame has no room for counts as not captured: nothing is judged.
  'PPPoE, shorter than its packet': /^ip\.checksum\.status/,
  'NFLOG, an attribute beyond the end': /./,
  // Version 1 of the header is not dissected.
  '802.11 of another version': /^wlan\./,
  // An aggregate of nonsense, which Wireshark leaves earlier.
  '802.11 QoS, aggregate that is none': /^(llc|wlan|wlan_aggregate)\./,
  // What is encrypted is data from the first byte on.
  '802.11 protected, CCMP': /^data\./,
  '802.11 protected, WEP': /^data\./,
  // The check sequence of a frame that is bridged belongs to the bridge's header, which says that there is one.
  'PPP, bridged Ethernet, padded': /^eth\.fcs/,
  // Pieces of frames are not put together again.
  '802.11 last piece': /./,
  // A rate that Wireshark works out from the MCS.
  'radiotap with MCS and A-MPDU': /^radiotap\.datarate/,
};

test('of all links tshark reads the same fields', async ({ skip }) => {
  if (version === undefined) skip('tshark is not installed');
  writeSettings(folder);
  const path = join(folder, 'links.pcapng');
  writeFileSync(path, samplesFile(LINK_SAMPLES));
  // In Frame Relay each circuit has flows of its own there; numbers of all flows after them differ.
  const fields = commonFields().filter((field) => field !== 'udp.stream');
  const found = await disagreements(path, fields, folder);
  const named = found.map((line) => line.replace(/^packet (\d+)/, (_, number) => LINK_SAMPLES[number - 1]?.name ?? ''));
  const isMeant = (line: string): boolean => {
    const colon = line.indexOf(':');
    return OTHERWISE[line.slice(0, colon)]?.test(line.slice(colon + 2)) ?? false;
  };
  expect(named.filter((line) => !isMeant(line))).toEqual([]);
});
