import { expect, test } from 'vitest';
import { openCapture } from '../../../analyzer/capture/capture.js';
import { Examiner } from '../../../analyzer/track/examine.js';
import { RecordBatch } from '../../../dissectors/file/records.js';
import { FIXTURES } from './pipeline.js';

/**
 * The channel packets of a capture, in no order.
 * @param isLive whether nothing is known of the packets to come, as in live traffic
 */
async function channelPackets(name: string, isLive: boolean): Promise<readonly string[]> {
  const capture = await openCapture(`fixtures/${name}`);
  const examiner = new Examiner({});
  const nothing = new RecordBatch(1);
  const found: string[] = [];
  let number = 0;
  for await (const { view, records } of capture.batches()) {
    const linkTypes = (row: number) => capture.interfaces[records.interfaceId[row] ?? 0]?.linkType ?? -1;
    if (!isLive) examiner.begin({ view, records, linkTypes });
    for (let row = 0; row < records.count; row++) {
      if (isLive) examiner.begin({ view, records: nothing, linkTypes });
      const [at, captured, wire] = [records.at[row] ?? 0, records.captured[row] ?? 0, records.wire[row] ?? 0];
      const { dissection } = examiner.examine(view, at, captured, wire, linkTypes(row), ++number, 0, 0, row);
      for (const { id, sequence, size } of dissection.channels) found.push(`${id} ${sequence} ${size}`);
    }
  }
  await capture.close();
  return found.toSorted();
}

test.each(FIXTURES)('%s has the same channel packets when its packets come one by one', async (name) => {
  expect(await channelPackets(name, true)).toEqual(await channelPackets(name, false));
});
