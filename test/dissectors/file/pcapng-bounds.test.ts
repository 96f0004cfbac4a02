import { expect, test } from 'vitest';
import { MOST_BODY, PcapngReader } from '../../../dissectors/file/pcapng-reader.js';
import { RecordBatch } from '../../../dissectors/file/records.js';
import { fromHex, viewOf } from '../../../dissectors/wire/view.js';
import { rowsOf } from './read-all.js';

const SECTION = fromHex('0a0d0d0a 1c000000 4d3c2b1a 0100 0000 ffffffffffffffff 1c000000'.replaceAll(' ', ''));
/** A packet of 3 bytes on interface 0. */
const PACKET = fromHex('06000000240000000000000001000000020000000300000005000000 0a0b0c0024000000'.replaceAll(' ', ''));

const words = (...numbers: readonly number[]): Uint8Array => new Uint8Array(Uint32Array.from(numbers).buffer);
const joined = (...parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));

/** Link type 147, no snap length. */
const INTERFACE = joined(words(1, 20, 147, 0), words(20));

/** Gives a reader some bytes, then those that it asks for, as a source does that passes over what is not wanted. */
class Feed {
  readonly reader = new PcapngReader();
  readonly rows: string[] = [];
  /** The most bytes that the reader wanted to have in memory at once. */
  most = 0;
  private rest: Uint8Array = new Uint8Array(0);
  private skip = 0;

  /** @param zeros how many zeros follow the bytes in the file */
  take(bytes: Uint8Array, zeros = 0): string | undefined {
    const batch = new RecordBatch();
    const held = this.skip > 0 ? bytes.subarray(Math.min(this.skip, bytes.length)) : joined(this.rest, bytes);
    this.skip = Math.max(0, this.skip - bytes.length);
    const { consumed, need, damage } = this.reader.read(viewOf(held), 0, held.length, batch);
    this.rows.push(...rowsOf(viewOf(held), batch).map((row) => row.bytes));
    this.most = Math.max(this.most, need);
    this.rest = held.subarray(Math.min(consumed, held.length));
    this.skip += Math.max(0, consumed - held.length);
    if (damage) return damage.why;
    const passed = Math.min(zeros, this.skip);
    this.skip -= passed;
    return zeros > passed ? this.take(new Uint8Array(zeros - passed)) : undefined;
  }
}

test.each([
  ['an unknown type', 0x7777_7777, 8, 0],
  ['names', 4, 8, 1],
  ['secrets', 10, 8, 1],
  ['a custom block', 0xbad, 8, 1],
])('a block of 255 MiB, %s, is passed over and not gathered', (_, type, least, faults) => {
  const feed = new Feed();
  const length = 255 * 1024 * 1024;
  feed.take(joined(SECTION, INTERFACE, words(type, length)), length - 12);
  expect(feed.most).toBeLessThanOrEqual(least);
  feed.take(joined(words(length), PACKET));
  expect(feed.rows).toEqual(['0a0b0c']);
  expect(feed.reader.log.faults).toBe(faults);
});

test('an interface block of 255 MiB is read as far as it makes sense, and its packets are there', () => {
  const feed = new Feed();
  const length = 255 * 1024 * 1024;
  feed.take(joined(SECTION, words(1, length, 147, 0)), MOST_BODY - 16);
  expect(feed.most).toBeLessThanOrEqual(MOST_BODY);
  feed.take(new Uint8Array(0), length - MOST_BODY - 4);
  feed.take(joined(words(length), PACKET));
  expect(feed.rows).toEqual(['0a0b0c']);
  expect(feed.reader.interfaces.map(({ linkType }) => linkType)).toEqual([147]);
});

test('a packet block whose options have no end is passed over', () => {
  const feed = new Feed();
  const length = 255 * 1024 * 1024;
  feed.take(joined(SECTION, INTERFACE, words(6, length, 0)), length - 16);
  feed.take(joined(words(length), PACKET));
  expect(feed.rows).toEqual(['0a0b0c']);
  expect(feed.reader.log.fault?.why).toBe('block of type 6 of 267386880 bytes is too long and passed over');
});

test('a block that was passed over must end as it began', () => {
  const feed = new Feed();
  feed.take(joined(SECTION, words(0x7777_7777, 1 << 24)), (1 << 24) - 12);
  expect(feed.take(words(1 << 20))).toBe(
    'block of type 0x77777777 begins with length 16777216 and ends with length 1048576',
  );
});

test('a file that ends in a block that is passed over is cut where that block begins', () => {
  const feed = new Feed();
  feed.take(joined(SECTION, INTERFACE, words(0x7777_7777, 1 << 24)));
  expect(feed.reader.end(-(1 << 24))).toEqual({
    kind: 'cut',
    at: SECTION.length + INTERFACE.length,
    why: 'the file ends in the middle of a block, after packet 0',
  });
});

test('the texts of interfaces are kept up to a bound, their packets beyond it', () => {
  const feed = new Feed();
  feed.take(SECTION);
  const text = new Uint8Array(65_000).fill(0x78);
  const option = joined(Uint8Array.of(3, 0, 0xe8, 0xfd), text);
  const fat = joined(words(1, option.length + 20, 147, 0), option, words(option.length + 20));
  for (let count = 0; count < 300; count++) feed.take(fat);
  const { interfaces, log } = feed.reader;
  const kept = interfaces.reduce((sum, { description = '' }) => sum + description.length, 0);
  expect(interfaces).toHaveLength(300);
  expect(kept).toBeGreaterThan(16_000_000);
  expect(kept).toBeLessThanOrEqual(16 * 1024 * 1024);
  expect(log.left).toBe(300 - kept / 65_000);
  feed.take(PACKET);
  expect(feed.rows).toEqual(['0a0b0c']);
});
