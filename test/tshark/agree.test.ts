import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openCapture } from '../../analyzer/capture/capture.js';
import { FIXTURES } from '../analyzer/pipeline/pipeline.js';
import { commonFields, disagreements } from './compare.js';
import { pythonWithScapy, tsharkVersion, writeSettings } from './tshark.js';

const version = tsharkVersion();
const python = version === undefined ? undefined : pythonWithScapy();
const settings = mkdtempSync(join(tmpdir(), 'handshark-tshark-'));
const corpus = mkdtempSync(join(tmpdir(), 'handshark-corpus-'));
let fields: readonly string[] = [];

beforeAll(() => {
  if (version === undefined) return;
  writeSettings(settings);
  fields = commonFields();
});

afterAll(() => {
  rmSync(settings, { recursive: true });
  rmSync(corpus, { recursive: true });
});

/** Captures that programs stop reading somewhere: they cannot be put together with others. */
const DAMAGED = FIXTURES.filter((name) => /^(cut|corrupt|bad|empty)/.test(name));
/** Has a SYN that comes late, with which tshark begins another conversation: all streams after it have other numbers. */
const LATE_SYN = 'tcp-late-start.pcap';
/**
 * There each record of a message is shown where it ends, segments out of order are not put in order, DTLS 1.3 is not
 * known, and of what protects OpenVPN only tls-auth of SHA-1.
 */
const TOLD_OTHERWISE: readonly string[] = ['tls-scattered.pcap', 'dtls13.pcap', 'openvpn-protected.pcap'];
const APART: readonly string[] = [...DAMAGED, ...TOLD_OTHERWISE, LATE_SYN];
const WHOLE = FIXTURES.filter((name) => !APART.includes(name));

/** Fields that follow from the packets of a conversation before, which broken and late ones make two things of. */
const CONVERSING = /^(?:udp\.stream|tcp\.(?:analysis|completeness|time_|window_size))/;
const alone = (): readonly string[] => fields.filter((name) => !CONVERSING.test(name));

/** Compares captures one behind the other in one file: a start of tshark takes longer than a thousand packets. */
async function compareTogether(paths: readonly string[]): Promise<readonly string[]> {
  const together = join(corpus, 'together.pcapng');
  execFileSync('mergecap', ['-a', '-w', together, ...paths], { stdio: 'ignore' });
  const found = await disagreements(together, alone(), settings);
  if (found.length === 0) return found;
  const names: string[] = [];
  for (const path of paths) {
    const { packets } = await readCapture(path);
    for (let number = 1; number <= packets; number++) names.push(`${path}: packet ${number}`);
  }
  return found.map((line) => line.replace(/^packet (\d+)/, (_, number) => names[Number(number) - 1] ?? number));
}

async function readCapture(path: string): Promise<{ readonly packets: number }> {
  const capture = await openCapture(path);
  for await (const { records } of capture.batches()) void records;
  await capture.close();
  return capture;
}

test('most fields of the lower layers are compared', ({ skip }) => {
  if (version === undefined) skip('tshark is not installed');
  expect(fields.length).toBeGreaterThan(480);
});

test('below the channel protocol tshark reads the same in the fixtures', async ({ skip }) => {
  if (version === undefined) skip('tshark is not installed');
  expect(await compareTogether(WHOLE.map((name) => join('fixtures', name)))).toEqual([]);
});

test('below the channel protocol tshark reads the same in a stream with a late SYN, but for its number', async ({
  skip,
}) => {
  if (version === undefined) skip('tshark is not installed');
  const others = alone().filter((field) => field !== 'tcp.stream');
  expect(await disagreements(join('fixtures', LATE_SYN), others, settings)).toEqual([]);
});

test.for(DAMAGED)('below the channel protocol tshark reads the same in %s', async (name, { skip }) => {
  if (version === undefined) skip('tshark is not installed');
  expect(await disagreements(join('fixtures', name), fields, settings)).toEqual([]);
});

test('below the channel protocol tshark reads the same in packets of every layer', async ({ skip }) => {
  if (version === undefined) skip('tshark is not installed');
  if (python === undefined) skip('scapy is not installed');
  else execFileSync(python, ['test/tshark/corpus.py', corpus], { stdio: 'ignore' });
  const captures = readdirSync(corpus).filter((name) => /\.pcap$/.test(name));
  expect(await compareTogether(captures.map((name) => join(corpus, name)))).toEqual([]);
});

test.for([
  'demo.pcapng',
  'mixed-traffic.pcap',
  'tcp-disorder.pcap',
  'tcp-mid-stream.pcap',
  'tcp-stream-ipv6.pcap',
  'icmp-unreachable.pcap',
  'ipv6-fragments.pcap',
])('tshark says the same of conversations in %s', async (name, { skip }) => {
  if (version === undefined) skip('tshark is not installed');
  const conversing = fields.filter((field) => CONVERSING.test(field));
  expect(conversing.length).toBeGreaterThan(25);
  expect(await disagreements(join('fixtures', name), conversing, settings)).toEqual([]);
});
