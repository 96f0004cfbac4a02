import { expect, test } from 'vitest';
import { openCapture } from '../../../analyzer/capture/capture.js';
import { channelJson } from '../../../analyzer/print/json-channels.js';
import { Examiner } from '../../../analyzer/track/examine.js';
import { FIXTURES } from './pipeline.js';

/** The channels of a capture, as JSON. */
async function channels(name: string, channelsOnly: boolean): Promise<readonly string[]> {
  const capture = await openCapture(`fixtures/${name}`);
  const examiner = new Examiner({ channelsOnly });
  let number = 0;
  for await (const { view, records } of capture.batches()) {
    const linkTypes = (row: number) => capture.interfaces[records.interfaceId[row] ?? 0]?.linkType ?? -1;
    examiner.begin({ view, records, linkTypes });
    for (let row = 0; row < records.count; row++) {
      const [at, captured, wire] = [records.at[row] ?? 0, records.captured[row] ?? 0, records.wire[row] ?? 0];
      const [seconds, nanos] = [records.seconds[row] ?? 0, records.nanos[row] ?? 0];
      examiner.examine(view, at, captured, wire, linkTypes(row), ++number, seconds, nanos, row);
    }
  }
  await capture.close();
  return [...examiner.tracker.table.channels.values()].map(channelJson);
}

test('channels are the same where only they are asked for', async () => {
  let sum = 0;
  for (const name of FIXTURES) {
    const all = await channels(name, false);
    expect(await channels(name, true), name).toEqual(all);
    sum += all.length;
  }
  expect(sum).toBeGreaterThan(100);
});
