import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { luaDissector } from '../../../analyzer/export/lua.js';
import { TOLD } from '../../../analyzer/export/lua-tables.js';
import { luaText } from '../../../analyzer/export/lua-text.js';
import { knownFields } from '../../../analyzer/print/known-fields.js';
import type { Packet } from '../../../analyzer/print/packet.js';
import type { Value } from '../../../dissectors/wire/field.js';
import { toHex } from '../../../dissectors/wire/view.js';
import { makeFolder } from '../capture/files.js';
import { running } from '../commands/running.js';
import { eachPacket } from '../filter/reading.js';
import { FIXTURES } from '../pipeline/pipeline.js';
import { fieldValues } from '../print/tree-values.js';

function luaMissing(): string {
  const { status, stdout } = spawnSync('tshark', ['--version'], { encoding: 'utf8' });
  if (status !== 0) return 'tshark is not installed';
  return /with Lua/.test(stdout.replaceAll(/\s+/g, ' ')) ? '' : 'tshark was built without Lua';
}

const missing = luaMissing();
if (missing) console.log(`the Lua dissector is not run: ${missing}`);

const folder = makeFolder();
afterAll(folder.remove);
const script = folder.write('chan.lua', new TextEncoder().encode(luaDissector()));
chmodSync(script, 0o644);

/** What the script knows of channel packets: all but what packets before them tell, of cookies and of numbers. */
const FIELDS = [...knownFields().keys()].filter(
  (path) => /^chan\./.test(path) && !/cookie\d?\.status$|^chan\.sequence\./.test(path),
);

/** Captures of which Wireshark shows packets elsewhere, or not at all, whatever the script does; and why. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  'icmp-unreachable.pcap': 'it does not say how long a quoted packet was',
  'icmpv6-unreachable.pcap': 'it does not say how long a quoted packet was',
  'ip-in-ip.pcap': 'it does not enter a packet whose header is of another IP version than announced',
  'l2tp.pcap': 'it does not guess what L2TP version 3 carries',
  'mpls.pcap': 'it takes Ethernet under MPLS for something else where no maker has the addresses',
  'sctp-pieces.pcap': 'it does not put a message together of which a chunk was retransmitted before it was whole',
  'tcp-disorder.pcap': 'it shows the packets of segments that came out of order where they came',
  'tcp-garbage.pcap': 'it does not look for the next packet after noise',
  'tcp-late-start.pcap': 'it reads segments in the order in which they came, though SYN says where the stream begins',
  'tcp-long-wait.pcap': 'it waits for a packet that never ends',
};

const SETTINGS = [
  '-n',
  ...[
    'ip.defragment:TRUE',
    'ipv6.defragment:TRUE',
    'tcp.desegment_tcp_streams:TRUE',
    'udp.try_heuristic_first:TRUE',
  ].flatMap((preference) => ['-o', preference]),
];

/** Runs tshark with the script; what it complains about is a mistake of the script. */
function tshark(path: string, ...given: readonly string[]): string {
  const { stdout, stderr } = spawnSync('tshark', [...SETTINGS, '-X', `lua_script:${script}`, '-r', path, ...given], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  expect(stderr.split('\n').filter((line) => /lua/i.test(line))).toEqual([]);
  return stdout;
}

/** A value in a way that both programs can write. */
const textOf = (value: Value): string =>
  value instanceof Uint8Array ? toHex(value) : typeof value === 'boolean' ? `${Number(value)}` : `${value}`;

const plain = (text: string): string => (/^0x[0-9a-f]+$/.test(text) ? `${Number(text)}` : text);

type Fields = Readonly<Record<string, readonly string[]>>;

function ourFields(packet: Packet): Fields {
  const entries = FIELDS.map((path) => [
    path,
    fieldValues(packet, path)
      .map(({ value }) => textOf(value))
      .filter(Boolean),
  ]);
  return Object.fromEntries(entries.filter(([, values]) => values?.length));
}

function theirFields(path: string): ReadonlyMap<number, Fields> {
  const named = FIELDS.flatMap((field) => ['-e', field]);
  const lines = tshark(
    path,
    '-T',
    'fields',
    '-E',
    'separator=/t',
    '-E',
    'aggregator=|',
    '-e',
    'frame.number',
    ...named,
  );
  const found = new Map<number, Fields>();
  for (const line of lines.split('\n').filter(Boolean)) {
    const [number, ...cells] = line.split('\t');
    const entries = FIELDS.map((field, place) => [field, (cells[place] ?? '').split('|').filter(Boolean).map(plain)]);
    found.set(Number(number), Object.fromEntries(entries.filter(([, values]) => values?.length)));
  }
  return found;
}

/** Captures that may stand behind each other in one: no streams or fragments that would continue there, no damage. */
const isMergeable = (name: string): boolean => !/tcp|fragment|demo|bad-block|cut|corrupt|empty|hostile/.test(name);

const DISSECTED = FIXTURES.filter((name) => !Object.hasOwn(ELSEWHERE, name));
const ALONE = DISSECTED.filter((name) => !isMergeable(name));
const TOGETHER = DISSECTED.filter(isMergeable);

interface Difference {
  readonly place: string;
  readonly ours: Fields;
  readonly theirs: Fields | undefined;
}

/** Where the fields of captures differ, when their packets are numbered through. */
async function differences(
  names: readonly string[],
  theirs: ReadonlyMap<number, Fields>,
): Promise<readonly Difference[]> {
  const found: Difference[] = [];
  let number = 0;
  for (const name of names) {
    await eachPacket(`fixtures/${name}`, (packet) => {
      const other = theirs.get(++number);
      const ours = ourFields(packet);
      const place = `${name}, packet ${packet.number}`;
      if (JSON.stringify(ours) !== JSON.stringify(other ?? {})) found.push({ place, ours, theirs: other });
    });
  }
  return found;
}

describe.skipIf(missing !== '')('the Lua dissector in Wireshark', () => {
  test('reads the fields of captures as we do', async () => {
    const merged = folder.path('merged.pcapng');
    execFileSync('mergecap', ['-a', '-w', merged, ...TOGETHER.map((name) => `fixtures/${name}`)]);
    expect(await differences(TOGETHER, theirFields(merged))).toEqual([]);
  }, 60_000);

  test.each(ALONE)(
    'reads the fields of %s as we do',
    async (name) => {
      const theirs = theirFields(`fixtures/${name}`);
      // What comes after damage only one of the two may read.
      const found = await differences([name], theirs);
      expect(found.filter((one) => one.theirs !== undefined)).toEqual([]);
      expect(theirs.size > 0 || name.startsWith('empty')).toBe(true);
    },
    60_000,
  );

  test.each(['handshake-hmac.pcap', 'faults.pcapng', 'demo.pcapng', 'sizes-wrong.pcap', 'snap-96.pcap', 'sliced.pcap'])(
    'tells of %s what we do',
    async (name) => {
      const path = `fixtures/${name}`;
      const ours: Record<string, number[]> = Object.fromEntries(TOLD.map((code) => [code, []]));
      await eachPacket(path, ({ dissection, number }) => {
        for (const code of new Set(dissection.findings.map((finding) => finding.code))) ours[code]?.push(number);
      });
      const names = TOLD.flatMap((code) => ['-e', `chan.expert.${code}`]);
      const lines = tshark(path, '-T', 'fields', '-E', 'separator=/t', '-e', 'frame.number', ...names);
      const rows = lines
        .split('\n')
        .filter(Boolean)
        .map((line) => line.split('\t'));
      const theirs = TOLD.map((code, place) => [
        code,
        rows.filter((row) => row[place + 1]).map(([number]) => Number(number)),
      ]);
      expect(Object.fromEntries(theirs)).toEqual(ours);
    },
    60_000,
  );
});

test('values are written as Lua has them', () => {
  expect(luaText({ one: 1, two: [true, 'a"b\\\n'], three: undefined, four: new Map([[10, 'x']]) })).toBe(
    '{ one = 1, two = { true, "a\\034b\\092\\010" }, four = { [10] = "x" } }',
  );
  expect(luaText([])).toBe('{}');
});

test('handshark export lua prints it', async () => {
  expect(await running(['export', 'lua'])).toEqual({ stdout: luaDissector(), complaints: [], status: 0 });
});
