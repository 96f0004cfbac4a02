import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FIXTURES } from '../analyzer/pipeline/pipeline.js';
import { commonFields, disagreements } from './compare.js';
import { pythonWithScapy, tsharkVersion, writeSettings } from './tshark.js';

/** What `corpus.py` writes. */
const CORPUS = [
  'frames',
  'ip4',
  'udp',
  'fragments4',
  'fragments6',
  'extensions',
  'tcp',
  'streams',
  'icmp',
  'icmp6',
  'sctp',
  'raw',
  'raw4',
  'raw6',
  'null',
  'null-swapped',
  'loop',
  'cooked',
  'cooked2',
  'snap-16',
  'snap-30',
  'snap-40',
  'snap-50',
  'snap-62',
  'snap-70',
  'snap-90',
];

const version = tsharkVersion();
const python = version === undefined ? undefined : pythonWithScapy();
const settings = mkdtempSync(join(tmpdir(), 'handshark-tshark-'));
const corpus = mkdtempSync(join(tmpdir(), 'handshark-corpus-'));
let fields: readonly string[] = [];

beforeAll(() => {
  if (version === undefined) return;
  writeSettings(settings);
  fields = commonFields();
  if (python) execFileSync(python, ['test/tshark/corpus.py', corpus], { stdio: 'ignore' });
});

afterAll(() => {
  rmSync(settings, { recursive: true });
  rmSync(corpus, { recursive: true });
});

test('most fields of the lower layers are compared', ({ skip }) => {
  if (version === undefined) skip('tshark is not installed');
  expect(fields.length).toBeGreaterThan(480);
});

describe.concurrent('below the channel protocol tshark reads the same', () => {
  test.for(FIXTURES)('in %s', async (name, { skip, expect }) => {
    if (version === undefined) skip('tshark is not installed');
    expect(await disagreements(join('fixtures', name), fields, settings)).toEqual([]);
  });

  test.for(CORPUS)('in the corpus of %s', async (name, { skip, expect }) => {
    if (version === undefined) skip('tshark is not installed');
    if (python === undefined) skip('scapy is not installed');
    expect(await disagreements(join(corpus, `${name}.pcap`), fields, settings)).toEqual([]);
  });
});
