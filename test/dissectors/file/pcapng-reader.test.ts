import { expect, test } from 'vitest';
import type { CaptureEvent } from '../../../dissectors/file/events.js';
import { fromHex, toHex } from '../../../dissectors/wire/view.js';
import { readAll } from './read-all.js';

/** A section header in either byte order: length 28, mark, version 1.0, length unknown. */
const SECTION = '0a0d0d0a 1c000000 4d3c2b1a 0100 0000 ffffffffffffffff 1c000000';
const SECTION_BIG = '0a0d0d0a 0000001c 1a2b3c4d 0001 0000 ffffffffffffffff 0000001c';
/** Ethernet, no snap length, microseconds. */
const INTERFACE = '01000000 14000000 0100 0000 00000000 14000000';
const INTERFACE_BIG = '00000001 00000014 0001 0000 00000000 00000014';
/** 0x0000000100000002 units, 3 bytes captured of 5. */
const PACKET = '06000000 24000000 00000000 01000000 02000000 03000000 05000000 0a0b0c00 24000000';
const PACKET_BIG = '00000006 00000024 00000000 00000001 00000002 00000003 00000005 0a0b0c00 00000024';

const row = (time: readonly [number, number], from = 0) => ({ bytes: '0a0b0c', captured: 3, wire: 5, time, from });
/** 4,294,967,298 microseconds. */
const USUAL = row([4294, 967_298_000]);

/** An interface with options, whose length fits. */
function interfaceWith(options: string, linkType = '0100', snapLength = '00000000'): string {
  const length = toHex(Uint8Array.of(20 + options.replaceAll(' ', '').length / 2)).padEnd(8, '0');
  return `01000000 ${length} ${linkType} 0000 ${snapLength} ${options} ${length}`;
}
/** A packet with a time, big-endian in the text as in the file: high and low word. */
const packetAt = (high: string, low: string, id = '00000000') =>
  `06000000 24000000 ${id} ${high} ${low} 03000000 05000000 0a0b0c00 24000000`;

test.each([
  ['an enhanced packet', [SECTION, INTERFACE, PACKET], [USUAL]],
  ['a big-endian section', [SECTION_BIG, INTERFACE_BIG, PACKET_BIG], [USUAL]],
  ['version 1.2', [SECTION.replace('0100 0000', '0100 0200'), INTERFACE, PACKET], [USUAL]],
  [
    'a section that tells its length',
    [SECTION.replace('ffffffffffffffff', '3800000000000000'), INTERFACE, PACKET],
    [USUAL],
  ],
  // Interface 0 as 16 bits, then 7 drops.
  [
    'an obsolete packet',
    [SECTION, INTERFACE, PACKET.replace('06', '02').replace('24000000 00000000', '24000000 00000700')],
    [USUAL],
  ],
  [
    'a simple packet',
    [SECTION, INTERFACE, '03000000 14000000 03000000 0a0b0c00 14000000'],
    [{ ...row([0, 0]), wire: 3 }],
  ],
  [
    'a simple packet cut by the snap length of interface 0',
    [SECTION, interfaceWith('', '0100', '03000000'), INTERFACE, '03000000 14000000 05000000 0a0b0c00 14000000'],
    [row([0, 0])],
  ],
  [
    'a packet without bytes',
    [SECTION, INTERFACE, '06000000 20000000 00000000 01000000 02000000 00000000 05000000 20000000'],
    [{ ...USUAL, bytes: '', captured: 0 }],
  ],
  // 35 bytes, of which the length leaves out the padding at the end.
  [
    'a length without padding',
    [SECTION, INTERFACE, PACKET.replace('24000000', '23000000').replace(/24000000$/, '23000000'), PACKET],
    [USUAL, USUAL],
  ],
  [
    'two interfaces',
    [SECTION, INTERFACE, INTERFACE, packetAt('01000000', '02000000', '01000000')],
    [{ ...USUAL, from: 1 }],
  ],
  [
    'two sections of different byte order, with interfaces of their own',
    [SECTION, INTERFACE, INTERFACE, PACKET, SECTION_BIG, INTERFACE_BIG, PACKET_BIG],
    [USUAL, { ...USUAL, from: 2 }],
  ],
  // A journal entry, and a type that nobody knows.
  [
    'unknown blocks',
    [SECTION, INTERFACE, '09000000 10000000 41424344 10000000', 'efbe0000 0c000000 0c000000', PACKET],
    [USUAL],
  ],
])('reads %s', (_, blocks, rows) => {
  const found = readAll(fromHex(blocks.join('')));
  expect(found.rows).toEqual(rows);
  expect(found.damage).toBeUndefined();
  expect(found.log.faults).toBe(0);
});

test.each([
  // Option 9 is the resolution, 14 the offset in seconds.
  ['microseconds, said so', '0900 0100 06000000', '01000000', '02000000', 4294, 967_298_000],
  ['nanoseconds', '0900 0100 09000000', 'efbead17', '15cd5b07', 1706229767, 673203989],
  ['the most nanoseconds', '0900 0100 09000000', 'ffffffff', 'ffffffff', 18446744073, 709_551_615],
  ['the most microseconds', '', 'ffffffff', 'ffffffff', 18446744073709, 551_615_000],
  ['the last microsecond of a second', '', '00000000', '3f420f00', 0, 999_999_000],
  ['a whole second', '', '00000000', '40420f00', 1, 0],
  ['seconds', '0900 0100 00000000', '00000000', '07000000', 7, 0],
  ['milliseconds', '0900 0100 03000000', '00000000', 'dd050000', 1, 501_000_000],
  ['picoseconds', '0900 0100 0c000000', 'cd8d0300', '00c85ace', 1000, 340_000_000],
  ['halves of a second', '0900 0100 81000000', '00000000', '07000000', 3, 500_000_000],
  ['1024ths of a second', '0900 0100 8a000000', '00000000', '010e0000', 3, 500_976_562],
  ['units so small that all are none', '0900 0100 ff000000', 'ffffffff', 'ffffffff', 0, 0],
  ['powers of ten beyond 64 bits', '0900 0100 7f000000', 'ffffffff', 'ffffffff', 0, 0],
  ['an offset', '0e00 0800 0500000000000000', '01000000', '02000000', 4299, 967_298_000],
  ['an offset below zero', '0e00 0800 78ecffffffffffff 0900 0100 8a000000', '00000000', '010e0000', -4997, 500_976_562],
  ['a huge offset', '0e00 0800 0000000000000040', '01000000', '02000000', 2 ** 62 + 4294, 967_298_000],
])('reads times in %s', (_, options, high, low, seconds, nanos) => {
  const found = readAll(fromHex(SECTION + interfaceWith(options) + packetAt(high, low)));
  expect(found.rows.map(({ time }) => time)).toEqual([[seconds, nanos]]);
});

test('reads what is told of an interface', () => {
  const found = readAll(
    fromHex(
      SECTION +
        interfaceWith(
          // name "eth0", description "wire", filter "udp" as text, system "Linux", a check sequence of 4, hardware "nic", comment "ä".
          `0200 0400 65746830 0300 0400 77697265 0b00 0400 00756470 0c00 0500 4c696e7578000000 0d00 0100 04000000
           0f00 0300 6e696300 0100 0200 c3a40000 0000 0000`.replaceAll(/\s/g, ''),
          '1401',
          '60000000',
        ),
    ),
  );
  expect(found.interfaces).toEqual([
    {
      linkType: 276,
      snapLength: 96,
      resolution: { base: 10, exponent: 6 },
      offset: 0,
      id: 0,
      section: 0,
      name: 'eth0',
      description: 'wire',
      filter: 'udp',
      os: 'Linux',
      fcsLength: 4,
      hardware: 'nic',
      comments: ['ä'],
    },
  ]);
});

test('collects what the file tells besides packets', () => {
  const blocks = [
    // Application "hs", comment "c".
    '0a0d0d0a 30000000 4d3c2b1a 0100 0000 ffffffffffffffff 0400 0200 68730000 0100 0100 63000000 0000 0000 30000000',
    INTERFACE,
    // 10.0.0.1 is "a" and "bc"; an Ethernet address is "d".
    '04000000 2c000000 0100 0900 0a000001 6100 626300 000000 0300 0800 020000000001 6400 0000 0000 2c000000',
    // A packet with the comments "x" and "yz", after flags.
    '06000000 40000000 00000000 01000000 02000000 03000000 05000000 0a0b0c00 0200 0400 01000000 0100 0100 78000000 0100 0200 797a0000 0000 0000 40000000',
    // Interface 0, after 1,234,567 units of time: 300 received, 2 dropped.
    '05000000 34000000 00000000 00000000 87d61200 0400 0800 2c01000000000000 0500 0800 0200000000000000 0000 0000 34000000',
    // PSEC with 3 bytes, "TLSK" with 1.
    '0a000000 18000000 43455350 03000000 23610a00 18000000',
    '0a000000 18000000 4b534c54 01000000 ff000000 18000000',
    // Of enterprise 32473, to be copied and not.
    'ad0b0000 14000000 d97e0000 01020304 14000000',
    'ad0b0040 14000000 d97e0000 05060708 14000000',
    '09000000 0c000000 0c000000',
    '09000000 0c000000 0c000000',
  ].join('');
  const { log, damage } = readAll(fromHex(blocks));
  expect(damage).toBeUndefined();
  const expected: readonly CaptureEvent[] = [
    { type: 'section', section: 0, littleEndian: true, version: '1.0', application: 'hs', comments: ['c'] },
    { type: 'name', kind: 'ipv4', address: Uint8Array.of(10, 0, 0, 1), names: ['a', 'bc'] },
    { type: 'name', kind: 'eui48', address: Uint8Array.of(2, 0, 0, 0, 0, 1), names: ['d'] },
    { type: 'statistics', interfaceId: 0, seconds: 1, nanos: 234_567_000, received: 300, dropped: 2 },
    { type: 'secrets', kind: 0x50534543, bytes: Uint8Array.of(0x23, 0x61, 0x0a) },
    { type: 'secrets', kind: 0x544c534b, bytes: Uint8Array.of(0xff) },
    { type: 'custom', enterprise: 32473, copy: true, bytes: Uint8Array.of(1, 2, 3, 4) },
    { type: 'custom', enterprise: 32473, copy: false, bytes: Uint8Array.of(5, 6, 7, 8) },
  ];
  expect(log.events).toEqual(expected);
  expect([...log.comments]).toEqual([[1, ['x', 'yz']]]);
  expect([...log.skipped]).toEqual([[9, 2]]);
});

const START = SECTION + INTERFACE;
/** Where the block after START and one packet lies. */
const AFTER = 28 + 20 + 36;

test.each([
  [
    'a length that differs at the end',
    `${PACKET.slice(0, -8)}28000000`,
    'block of type 6 begins with length 36 and ends with length 40',
  ],
  ['a length below 12', '06000000 0b000000 0b000000', 'block of type 6 claims 11 bytes; the least is 12'],
  ['a length above 256 MiB', '06000000 01000010', 'block of type 6 claims 268435457 bytes, which is too long'],
  [
    'a section without a mark',
    `0a0d0d0a 1c000000 00000000 ${SECTION.slice(27)}`,
    'section header without a byte order mark',
  ],
  ['a version of the future', SECTION.replace('0100 0000', '0100 0100'), 'pcapng version 1.1 is not supported'],
  [
    'a section header that is too short',
    '0a0d0d0a 10000000 4d3c2b1a 10000000',
    'section header of 16 bytes is too small',
  ],
  ['an interface that is too short', '01000000 10000000 01000000 10000000', 'interface block of 16 bytes is too small'],
])('ends at %s', (_, block, why) => {
  const found = readAll(fromHex(START + PACKET + block + PACKET));
  expect(found.rows).toEqual([USUAL]);
  expect(found.damage).toEqual({ kind: 'corrupt', at: AFTER, why });
});

test.each([
  [
    'more captured than there is room for',
    PACKET.replace('03000000 05', '05000000 05'),
    'packet block of 36 bytes is too small for 5 captured bytes',
  ],
  [
    'an interface that is not there',
    packetAt('01000000', '02000000', '01000000'),
    'packet block names interface 1, which its section lacks',
  ],
  ['a packet block without room for its fields', '06000000 0c000000 0c000000', 'packet block of 12 bytes is too small'],
  [
    'a simple packet that is too long',
    '03000000 14000000 05000000 0a0b0c00 14000000',
    'simple packet block of 20 bytes is too small for 5 captured bytes',
  ],
  [
    'secrets longer than their block',
    '0a000000 18000000 43455350 09000000 23610a00 18000000',
    'secrets block claims more secrets than it has room for',
  ],
  [
    'statistics of an interface that is not there',
    '05000000 18000000 01000000 00000000 00000000 18000000',
    'statistics block names an interface that its section lacks',
  ],
  ['a custom block without an owner', 'ad0b0000 0c000000 0c000000', 'custom block without an owner'],
])('passes over %s, and tells', (_, block, why) => {
  const found = readAll(fromHex(START + PACKET + block + PACKET));
  expect(found.rows).toEqual([USUAL, USUAL]);
  expect(found.damage).toBeUndefined();
  expect(found.log.fault).toEqual({ type: 'fault', at: AFTER, why, packets: 1 });
});

test('a section has only its own interfaces', () => {
  const found = readAll(fromHex(START + PACKET + SECTION + PACKET));
  expect(found.rows).toEqual([USUAL]);
  expect(found.log.fault?.why).toBe('packet block names interface 0, which its section lacks');
});

test('packets longer than 262,144 bytes are taken for nonsense, except of buses', () => {
  const long = (linkType: string) => {
    const file = new Uint8Array(48 + 32 + 262_148);
    file.set(
      fromHex(`${SECTION}${interfaceWith('', linkType)}06000000 24000400 00000000 01000000 02000000 04000400 04000400`),
    );
    file.set(fromHex('24000400'), file.length - 4);
    return readAll(file);
  };
  expect(long('0100')).toMatchObject({ rows: [], log: { faults: 1 } });
  // D-Bus.
  expect(long('e700')).toMatchObject({ rows: [{ captured: 262_148 }], log: { faults: 0 } });
});

test('options that do not fit end the list, and nothing else', () => {
  // A comment that claims 255 bytes, an interface name likewise.
  const packet = '06000000 28000000 00000000 01000000 02000000 03000000 05000000 0a0b0c00 0100ff00 28000000';
  const found = readAll(fromHex(SECTION + interfaceWith('0200ff00') + packet + PACKET));
  expect(found.rows).toEqual([USUAL, USUAL]);
  expect(found.log.comments.size).toBe(0);
  expect(found.interfaces[0]).not.toHaveProperty('name');
});
