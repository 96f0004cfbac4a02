import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pcapFileHeader, pcapRecord } from '../../../dissectors/file/pcap-writer.js';
import * as pcapng from '../../../dissectors/file/pcapng-writer.js';
import { SecretsReader } from '../../../dissectors/file/secrets-reader.js';
import { toHex, viewOf } from '../../../dissectors/wire/view.js';
import { readAll } from './read-all.js';

const u32 = fc.integer({ min: 0, max: 0xffffffff });
const bytes = fc.uint8Array({ maxLength: 40 });
const comment = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 }).filter((text) => !text.includes('\0'));
const packet = fc.record({
  seconds: u32,
  nanos: fc.integer({ min: 0, max: 999_999_999 }),
  bytes,
  wire: u32,
  interfaceId: fc.integer({ min: 0, max: 1 }),
  comments: fc.array(comment, { maxLength: 2 }),
});
type Packet = typeof packet extends fc.Arbitrary<infer P> ? P : never;
const packets = fc.array(packet, { maxLength: 8 });

const joined = (pieces: readonly Uint8Array[]): Uint8Array => Uint8Array.from(pieces.flatMap((piece) => [...piece]));

const pcapOf = (list: readonly Packet[], nanoseconds: boolean): Uint8Array =>
  joined([pcapFileHeader({ linkType: 1, nanoseconds }), ...list.map((each) => pcapRecord(each, nanoseconds))]);

const OFFSET = -100_000;
const pcapngOf = (list: readonly Packet[]): Uint8Array =>
  joined([
    pcapng.sectionHeader({ comments: ['of a test'] }),
    pcapng.interfaceDescription({ linkType: 1, name: 'eth0' }),
    pcapng.decryptionSecrets('PEER_SECRET * 00\n'),
    pcapng.interfaceDescription({ linkType: 276, offset: OFFSET, description: 'any' }),
    ...list.map((each) =>
      pcapng.enhancedPacket({ ...each, seconds: each.seconds - (each.interfaceId === 1 ? OFFSET : 0) }),
    ),
    pcapng.nameResolution([{ kind: 'ipv4', address: Uint8Array.of(10, 0, 0, 1), names: ['a', 'b'] }]),
    pcapng.interfaceStatistics({ interfaceId: 1, seconds: 1, nanos: 2, received: 7, dropped: 0 }),
    pcapng.customBlock(32473, Uint8Array.of(1, 2, 3, 4), true),
  ]);

const file = fc.oneof(
  packets.map((list) => pcapOf(list, false)),
  packets.map((list) => pcapOf(list, true)),
  packets.map(pcapngOf),
);

const rowOf = ({ bytes: kept, wire, seconds, nanos }: Packet, from: number) => ({
  bytes: toHex(kept),
  captured: kept.length,
  wire,
  time: [seconds, nanos],
  from,
});

test('what is written as pcap reads back', () => {
  fc.assert(
    fc.property(packets, fc.boolean(), (list, nanoseconds) => {
      const found = readAll(pcapOf(list, nanoseconds));
      const unit = nanoseconds ? 1 : 1000;
      expect(found.rows).toEqual(list.map((each) => rowOf({ ...each, nanos: each.nanos - (each.nanos % unit) }, 0)));
      expect(found.damage).toBeUndefined();
    }),
  );
});

test('what is written as pcapng reads back', () => {
  fc.assert(
    fc.property(packets, (list) => {
      const { rows, damage, interfaces, log } = readAll(pcapngOf(list));
      expect(rows).toEqual(list.map((each) => rowOf(each, each.interfaceId)));
      expect(damage).toBeUndefined();
      const rest = { snapLength: 0, resolution: { base: 10, exponent: 9 }, section: 0 };
      expect(interfaces).toEqual([
        { ...rest, id: 0, linkType: 1, offset: 0, name: 'eth0' },
        { ...rest, id: 1, linkType: 276, offset: OFFSET, description: 'any' },
      ]);
      const comments = list.map(({ comments: texts }, index) => [index + 1, texts] as const);
      expect([...log.comments]).toEqual(comments.filter(([, texts]) => texts.length > 0));
      expect(log.faults).toBe(0);
      expect(log.events.map(({ type }) => type)).toEqual(['section', 'secrets', 'name', 'statistics', 'custom']);
      expect(log.events[0]).toMatchObject({ application: 'Handshark', comments: ['of a test'] });
      expect(log.events[2]).toMatchObject({ kind: 'ipv4', names: ['a', 'b'] });
      expect(log.events[3]).toMatchObject({ interfaceId: 1, received: 7, dropped: 0 });
    }),
  );
});

test('it does not matter where a file is cut into pieces', () => {
  fc.assert(
    fc.property(file, fc.array(fc.nat(600), { maxLength: 12 }), (whole, cuts) => {
      const places = cuts.map((cut) => Math.min(cut, whole.length));
      expect(readAll(whole, places)).toEqual(readAll(whole));
    }),
  );
});

test('a file in pieces of one byte is the same file', () => {
  fc.assert(
    fc.property(file, (whole) => {
      expect(readAll(whole, [...whole.keys()])).toEqual(readAll(whole));
    }),
    { numRuns: 20 },
  );
});

test('of any beginning of a file, all whole packets are read, and what is cut off is told', () => {
  fc.assert(
    fc.property(file, fc.nat(), (whole, cut) => {
      const all = readAll(whole);
      const some = readAll(whole.subarray(0, 12 + (cut % (whole.length - 11))));
      expect(all.rows.slice(0, some.rows.length)).toEqual(some.rows);
      if (some.damage === undefined) return;
      expect(some.damage.kind).toBe('cut');
      expect(some.damage.at).toBeLessThan(whole.length);
    }),
  );
});

test('no flipped bits make a reader throw, or read outside of the file', () => {
  const flips = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 })), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(file, flips, fc.array(fc.nat(600), { maxLength: 3 }), (whole, places, cuts) => {
      const bad = whole.slice();
      for (const [place, mask] of places) {
        // The kind of file stays.
        const at = 4 + (place % (bad.length - 4));
        bad[at] = (bad[at] ?? 0) ^ mask;
      }
      const found = readAll(
        bad,
        cuts.map((cut) => Math.min(cut, bad.length)),
        { probe: true },
      );
      for (const { bytes: kept, captured } of found.rows) expect(kept.length).toBe(2 * captured);
      if (found.damage) expect(found.damage.at).toBeLessThanOrEqual(bad.length);
    }),
    { numRuns: 1000 },
  );
});

test('no bytes at all make a reader throw', () => {
  const starts = fc.constantFrom(
    'd4c3b2a102000400',
    'a1b2cd3400020003',
    '0a0d0d0a1c0000004d3c2b1a',
    '0a0d0d0a0000001c1a2b3c4d',
  );
  fc.assert(
    fc.property(starts, fc.uint8Array({ maxLength: 200 }), (start, rest) => {
      const whole = joined([Uint8Array.from(Buffer.from(start, 'hex')), rest]);
      readAll(whole, [], { probe: true });
      new SecretsReader().read(viewOf(whole), 0, whole.length);
    }),
    { numRuns: 1000 },
  );
});

test('times are exact: any 64-bit count of micro- or nanoseconds', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }), fc.constantFrom(6, 9), (units, exponent) => {
      const whole = joined([
        pcapng.sectionHeader(),
        pcapng.interfaceDescription({ linkType: 1 }),
        pcapng.enhancedPacket({ interfaceId: 0, seconds: 0, nanos: 0, bytes: new Uint8Array(0), wire: 0 }),
      ]);
      // The resolution is the first option of the interface, the time lies before the packet's last 16 bytes.
      const resolution = whole.length - 32 - 12 - 4 + 4 - 8 + 4;
      whole[resolution] = exponent;
      const view = viewOf(whole);
      view.setUint32(whole.length - 20, Number(units >> 32n), true);
      view.setUint32(whole.length - 16, Number(units & 0xffffffffn), true);
      const perSecond = 10n ** BigInt(exponent);
      const expected = [Number(units / perSecond), Number(((units % perSecond) * 1_000_000_000n) / perSecond)];
      const found = readAll(whole);
      expect(found.interfaces[0]?.resolution).toEqual({ base: 10, exponent });
      expect(found.rows[0]?.time).toEqual(expected);
    }),
    { numRuns: 2000 },
  );
});
