import { expect, test } from 'vitest';
import { PacketRangeReader, PacketRangeWriter } from '../../../analyzer/commands/packet-range.js';
import { BatchPackets, openReading } from '../../../analyzer/commands/reading.js';
import { Timeline } from '../../../analyzer/print/timeline.js';
import { bytesOf } from '../../../dissectors/wire/view.js';
import { FIXTURES, type Printed, printed, secretsBeside, streamed } from './pipeline.js';

/** What the packets of a capture are when others make them again, a range of so many at a time. */
async function inRanges(path: string, secrets: readonly string[], most: number): Promise<ReadonlyMap<number, Printed>> {
  const reading = await openReading(path, { secrets, track: true, color: 'never' });
  const { capture } = reading;
  const writer = new PacketRangeWriter();
  const reader = new PacketRangeReader(reading.secrets, {});
  const timeline = new Timeline();
  const all = new Map<number, Printed>();
  for await (const batch of capture.batches()) {
    const packets = new BatchPackets(reading, batch, timeline);
    for (let from = 0; from < packets.count; from += most) {
      const to = Math.min(packets.count, from + most);
      const { passed } = timeline;
      for (let row = from; row < to; row++) writer.take(packets.examine(row));
      const { interfaces, log } = capture;
      // As it is when it has come to another thread.
      const range = structuredClone(writer.range(batch, from, to, interfaces, log.comments, passed));
      const start = range.offset - batch.base;
      reader.read(range, bytesOf(batch.view).slice(start, start + range.size), (packet) =>
        all.set(packet.number, printed(packet)),
      );
    }
  }
  await capture.close();
  return all;
}

test.each(FIXTURES)('the packets of %s are the same in ranges as in passing', async (name) => {
  const secrets = secretsBeside(name);
  const inPassing = await streamed(`fixtures/${name}`, secrets);
  expect(await inRanges(`fixtures/${name}`, secrets, 5)).toEqual(inPassing.printed);
});
