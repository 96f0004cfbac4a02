import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { EITHER } from '../../../analyzer/print/fields.js';
import { knownFields } from '../../../analyzer/print/known-fields.js';
import { makeFolder } from '../capture/files.js';
import { type Verdict, verdictsOf, verdictText } from './reading.js';
import { trafficFile } from './traffic.js';
import { hasSharkd, sharkdVerdicts, tsharkVerdict, wiresharkMissing } from './wireshark.js';

process.env.TZ = 'UTC';

/** What Wireshark 4.0 makes of each filter over the capture of `traffic.ts`, and the filter. */
const TABLE = readFileSync(new URL('./wireshark-table.txt', import.meta.url), 'utf8')
  .split('\n')
  .filter(Boolean)
  .map((line) => line.split('\t') as [verdict: string, filter: string]);
const FILTERS = TABLE.map(([, filter]) => filter);

const folder = makeFolder();
afterAll(folder.remove);
const traffic = folder.write('traffic.pcapng', trafficFile());

const differences = (
  filters: readonly string[],
  ours: readonly Verdict[],
  theirs: readonly Verdict[],
): readonly string[] =>
  filters.flatMap((filter, place) => {
    const [mine, other] = [verdictText(ours[place] ?? 'illegal'), verdictText(theirs[place] ?? 'illegal')];
    return mine === other ? [] : [`${filter}: ${mine} here, ${other} there`];
  });

test('over a thousand filters pass the packets that Wireshark 4.0 passes, and are as legal', async () => {
  expect(FILTERS.length).toBeGreaterThan(1000);
  const verdicts = await verdictsOf(traffic, FILTERS);
  const lines = TABLE.map(([verdict, filter], place) => [verdict, verdictText(verdicts[place] ?? 'illegal'), filter]);
  expect(lines.filter(([theirs, ours]) => theirs !== ours)).toEqual([]);
});

if (wiresharkMissing) console.log(`filters not compared with Wireshark itself: ${wiresharkMissing}`);
else if (!hasSharkd) console.log('filters compared with tshark by sample only: sharkd is not installed');

const CAPTURES = [
  'mixed-traffic.pcap',
  'ipv6-extensions.pcap',
  'ipv4-fragments.pcap',
  'tcp-stream.pcap',
  'checksums.pcap',
  'sizes-wrong.pcap',
  'icmp-unreachable.pcap',
  'sctp.pcap',
  'cooked.pcap',
  'snap-96.pcap',
] as const;

/** What the two dissect differently, filters aside: channel packets are plain data to Wireshark; ARP counts its padding. */
const DISSECTED = /\bdata\b|len\(arp\)/;

describe.skipIf(wiresharkMissing !== '')('as Wireshark itself has it', () => {
  test('a sample of the table, by tshark -Y', () => {
    const sample = TABLE.filter((_, place) => place % 90 === 0);
    const theirs = sample.map(([, filter]) => [verdictText(tsharkVerdict(traffic, filter)), filter]);
    expect(theirs).toEqual(sample);
  }, 120_000);

  test.skipIf(!hasSharkd)('the whole table', () => {
    const theirs = sharkdVerdicts(traffic, FILTERS);
    expect(theirs.map((verdict, place) => [verdictText(verdict), FILTERS[place]])).toEqual(TABLE);
  });

  test.skipIf(!hasSharkd).each(CAPTURES)('the filters of the table over %s', async (name) => {
    const path = `fixtures/${name}`;
    const filters = FILTERS.filter((filter) => !DISSECTED.test(filter));
    expect(differences(filters, await verdictsOf(path, filters), sharkdVerdicts(path, filters))).toEqual([]);
  });

  test.skipIf(!hasSharkd)('the names of all fields that both have', async () => {
    // Columns are fields there only where they are printed; sharkd reads twice, and knows the round trip before it was.
    // Nor does that release know Encrypted Client Hello and DTLS 1.3; verdicts, and names of groups, are our own; and
    // sequence numbers are read as SYN cookies there only where a preference says so.
    const ours =
      /^(?:chan|channel|handshake|expert|_ws)\.|^tcp\.analysis\.initial_rtt$|^frame\.(?:link_type|file)$|^sll\.reserved$|^data\b|^udp\.checksum$|^dns\.rcode$|^d?tls\.(?:unified_header|ech\b|record\.encrypted_sequence|handshake\.extension\.list)|^quic\.retry\.status$|^openvpn\.wrapping$|^hip\.(?:tlv(?:\.length|\.value)?|udp\.marker)$|^tcp\.(?:options\.timestamp\.tsval\.)?syncookie\./;
    const names = [...knownFields().keys(), ...Object.keys(EITHER)].filter((name) => !ours.test(name));
    expect(names.length).toBeGreaterThan(400);
    expect(differences(names, await verdictsOf(traffic, names), sharkdVerdicts(traffic, names))).toEqual([]);
  });
});
