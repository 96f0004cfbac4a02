import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { linesOf, running } from '../analyzer/commands/running.js';
import { jsonRow } from '../analyzer/export/read-tables.js';
import { tsharkVersion } from './tshark.js';

/**
 * Fixtures with all kinds of flows. Wireshark takes UDP-Lite for UDP, and names no flow of fragments of IPv6; some tunnels
 * it opens only if it is told to.
 */
const FIXTURES = [
  ...['demo.pcapng', 'dns.pcap', 'tcp-stream-ipv6.pcap', 'sctp.pcap', 'vlan.pcap', 'gre.pcap'],
  ...['icmp-unreachable.pcap', 'icmpv6-unreachable.pcap', 'ah.pcap'],
];

const missing = tsharkVersion() === undefined ? 'tshark is not installed' : undefined;
if (missing) console.log(`flows not compared: ${missing}`);

test.skipIf(missing).each(FIXTURES)('%s: flows are named as tshark names them', async (name) => {
  const words = [
    '-n',
    '--enable-protocol',
    'communityid',
    '-r',
    `fixtures/${name}`,
    '-T',
    'fields',
    '-e',
    'communityid',
  ];
  const theirs = execFileSync('tshark', words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  const rows = linesOf(await running(['export', 'ndjson', `fixtures/${name}`])).map(jsonRow);
  expect(theirs).toMatch(/^1:/m);
  expect(rows.map((row) => row.communityid ?? '')).toEqual(theirs.split('\n').slice(0, -1));
});
