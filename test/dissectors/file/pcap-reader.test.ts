import { expect, test } from 'vitest';
import { fromHex } from '../../../dissectors/wire/view.js';
import { readAll } from './read-all.js';

/** Magic, version 2.4, zone, accuracy, snap length 65535, link type. */
const LITTLE = 'd4c3b2a1 0200 0400 00000000 00000000 ffff0000 01000000';
const BIG = 'a1b2c3d4 0002 0004 00000000 00000000 0000ffff 00000001';
/** 1 s and 2 units, 3 bytes captured of 5. */
const RECORD_LITTLE = '01000000 02000000 03000000 05000000';
const RECORD_BIG = '00000001 00000002 00000003 00000005';

const row = (captured: number, wire: number, nanos: number, seconds = 1) => ({
  bytes: '0a0b0c0d0e'.slice(0, 2 * captured),
  captured,
  wire,
  time: [seconds, nanos],
  from: 0,
});

test.each([
  ['little-endian microseconds', `${LITTLE} ${RECORD_LITTLE} 0a0b0c`, row(3, 5, 2000)],
  ['big-endian microseconds', `${BIG} ${RECORD_BIG} 0a0b0c`, row(3, 5, 2000)],
  ['little-endian nanoseconds', `4d3cb2a1 ${LITTLE.slice(9)} ${RECORD_LITTLE} 0a0b0c`, row(3, 5, 2)],
  ['big-endian nanoseconds', `a1b23c4d ${BIG.slice(9)} ${RECORD_BIG} 0a0b0c`, row(3, 5, 2)],
  // Interface 4, protocol 0x0800, type 1, padding.
  ['modified, little', `34cdb2a1 ${LITTLE.slice(9)} ${RECORD_LITTLE} 04000000 0008 01 00 0a0b0c`, row(3, 5, 2000)],
  ['modified, big', `a1b2cd34 ${BIG.slice(9)} ${RECORD_BIG} 00000004 0800 01 00 0a0b0c`, row(3, 5, 2000)],
  // The length of all records, 19 bytes, after the file header.
  ['Ixia hardware, little', `ac01001c ${LITTLE.slice(9)} 13000000 ${RECORD_LITTLE} 0a0b0c`, row(3, 5, 2)],
  ['Ixia hardware, big', `1c0001ac ${BIG.slice(9)} 00000013 ${RECORD_BIG} 0a0b0c`, row(3, 5, 2)],
  ['Ixia software, little', `ab01001c ${LITTLE.slice(9)} 13000000 ${RECORD_LITTLE} 0a0b0c`, row(3, 5, 2000)],
  ['Ixia software, big', `1c0001ab ${BIG.slice(9)} 00000013 ${RECORD_BIG} 0a0b0c`, row(3, 5, 2000)],
  ['more captured than sent', `${LITTLE} 01000000 02000000 05000000 03000000 0a0b0c0d0e`, row(5, 3, 2000)],
  ['nothing captured', `${LITTLE} 01000000 02000000 00000000 05000000`, row(0, 5, 2000)],
  ['a snap length of 0', `${LITTLE.replace('ffff0000', '00000000')} ${RECORD_LITTLE} 0a0b0c`, row(3, 5, 2000)],
  ['more captured than the snap length', `${LITTLE.replace('ffff', '0100')} ${RECORD_LITTLE} 0a0b0c`, row(3, 5, 2000)],
  // 1,500,000 microseconds: a writer forgot to carry.
  ['a second too many', `${LITTLE} 01000000 60e31600 03000000 05000000 0a0b0c`, row(3, 5, 500_000_000, 2)],
  ['the most microseconds', `${LITTLE} 01000000 ffffffff 03000000 05000000 0a0b0c`, row(3, 5, 967_295_000, 4295)],
  ['times after 2038', `${LITTLE} ffffffff 02000000 03000000 05000000 0a0b0c`, row(3, 5, 2000, 4294967295)],
  // Before 2.3 the length on the wire came first.
  ['version 2.2', `d4c3b2a1 0200 0200 ${LITTLE.slice(19)} 01000000 02000000 05000000 03000000 0a0b0c`, row(3, 5, 2000)],
  [
    'version 543.0',
    `d4c3b2a1 1f02 0000 ${LITTLE.slice(19)} 01000000 02000000 05000000 03000000 0a0b0c`,
    row(3, 5, 2000),
  ],
  // In 2.3 either: the captured length is the lesser.
  [
    '2.3, new order',
    `d4c3b2a1 0200 0300 ${LITTLE.slice(19)} 01000000 02000000 03000000 05000000 0a0b0c`,
    row(3, 5, 2000),
  ],
  [
    '2.3, old order',
    `d4c3b2a1 0200 0300 ${LITTLE.slice(19)} 01000000 02000000 05000000 03000000 0a0b0c`,
    row(3, 5, 2000),
  ],
])('reads %s', (_, text, expected) => {
  const found = readAll(fromHex(text));
  expect(found.rows).toEqual([expected]);
  expect(found.damage).toBeUndefined();
});

test.each([
  ['Ethernet', '01000000', { linkType: 1 }],
  ['one above 255', '14010000', { linkType: 276 }],
  ['Ethernet with a check sequence of 4 bytes', '01000024', { linkType: 1, fcsLength: 4 }],
  ['a check sequence of which nothing is known', '01000020', { linkType: 1 }],
])('finds the link type: %s', (_, link, expected) => {
  const { interfaces } = readAll(fromHex(LITTLE.slice(0, -8) + link));
  const rest = { snapLength: 65535, resolution: { base: 10, exponent: 6 }, offset: 0, section: 0 };
  expect(interfaces).toEqual([{ ...expected, ...rest }]);
});

test('AIX has other numbers for link types, and nanoseconds', () => {
  const found = readAll(
    fromHex(`a1b2c3d4 0002 0002 00000000 00000000 0000ffff 00000006 00000001 00000002 00000005 00000003 0a0b0c`),
  );
  expect(found.interfaces[0]).toMatchObject({ linkType: 1, resolution: { base: 10, exponent: 9 } });
  expect(found.rows).toEqual([row(3, 5, 2)]);
});

test.each([
  // The header, bytes of a record header after the usual 16.
  ['standard', 'd4c3b2a1', ''],
  ['Red Hat 6.1', 'd4c3b2a1', '02000000 0008 00 00'],
  ['Nokia', 'd4c3b2a1', '01b6bf9f'],
  ['modified', '34cdb2a1', '02000000 0008 00 00'],
  ['SuSE 6.3', '34cdb2a1', '02000000 0008 00 00 00 000000'],
])('tells variants apart by their records: %s', (_, magic, extra) => {
  const record = `00ff4f38 02000000 14000000 14000000 ${extra} ffffffffffff020000000001080045000000cafe`;
  const found = readAll(fromHex(`${magic} ${LITTLE.slice(9)} ${record} ${record} ${record}`), [], { probe: true });
  expect(found.rows.map(({ bytes }) => bytes)).toEqual(Array(3).fill('ffffffffffff020000000001080045000000cafe'));
  expect(found.damage).toBeUndefined();
});

const packet = `${RECORD_LITTLE} 0a0b0c`;

test.each([
  [
    'in the file header',
    LITTLE.slice(0, 30),
    0,
    { kind: 'cut', at: 0, why: 'the file ends in the middle of the file header' },
  ],
  [
    'in a record header',
    `${LITTLE} ${packet} 01000000`,
    1,
    { kind: 'cut', at: 43, why: 'the file ends in the middle of packet 2' },
  ],
  [
    'in the bytes',
    `${LITTLE} ${packet} ${packet.slice(0, -2)}`,
    1,
    { kind: 'cut', at: 43, why: 'the file ends in the middle of packet 2' },
  ],
  [
    'above 262,144 bytes',
    `${LITTLE} ${packet} 01000000 02000000 01000400 01000400`,
    1,
    { kind: 'corrupt', at: 43, why: 'packet 2 claims 262145 captured bytes; at most 262144 make sense' },
  ],
  [
    'in a version of the future',
    `d4c3b2a1 0200 0500 ${LITTLE.slice(19)}`,
    0,
    { kind: 'corrupt', at: 0, why: 'pcap version 2.5 is not supported' },
  ],
])('tells of damage %s, after the packets before it', (_, text, packets, damage) => {
  const found = readAll(fromHex(text));
  expect(found.rows).toHaveLength(packets);
  expect(found.damage).toEqual(damage);
});

test('packets of USB may be longer', () => {
  const link = `${LITTLE.slice(0, -8)}f9000000`;
  const file = new Uint8Array(40 + 300_000);
  file.set(fromHex(`${link} 01000000 02000000 e0930400 e0930400`));
  expect(readAll(file)).toMatchObject({ damage: undefined, rows: [{ captured: 300_000 }] });
});
