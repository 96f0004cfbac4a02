import { expect, test } from 'vitest';
import { enhancedPackets } from '../../../dissectors/file/pcapng-batch.js';
import { enhancedPacket } from '../../../dissectors/file/pcapng-writer.js';
import { RecordBatch } from '../../../dissectors/file/records.js';
import { viewOf } from '../../../dissectors/wire/view.js';

/** Times at which a half of the 64 bits turns over, and the ends of what pcap can hold. */
const TIMES: readonly (readonly [seconds: number, nanos: number])[] = [
  [0, 0],
  [0, 999_999_999],
  [4, 294_967_295],
  [4, 294_967_296],
  [65_535, 999_999_999],
  [65_536, 0],
  [1_767_323_045, 123_456_789],
  [4_294_967_295, 999_999_999],
];

test('a batch of packets is written as each of them would be', () => {
  const bytes = Uint8Array.from({ length: 64 }, (_, index) => index);
  const records = new RecordBatch();
  records.count = TIMES.length;
  const single = TIMES.map(([seconds, nanos], row) => {
    const captured = row * 3;
    records.at[row] = row;
    records.captured[row] = captured;
    records.wire[row] = captured + row;
    records.seconds[row] = seconds;
    records.nanos[row] = nanos;
    const packet = { bytes: bytes.subarray(row, row + captured), wire: captured + row };
    return enhancedPacket({ ...packet, interfaceId: 5, seconds, nanos });
  });
  expect(Buffer.from(enhancedPackets(viewOf(bytes), records, 5))).toEqual(Buffer.concat(single));
});
