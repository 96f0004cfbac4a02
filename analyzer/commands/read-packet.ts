import type { CapturedPacket } from '../../crafter/commands/craft-base.js';
import { openReading, packetsOf } from './reading.js';

/** One packet of a capture, counted from 1; undefined if there are fewer. */
export async function readPacket(path: string, number: number): Promise<CapturedPacket | undefined> {
  const reading = await openReading(path, { secrets: [], track: false, color: 'never' });
  try {
    for await (const next of packetsOf(reading, number)) {
      for (let packet = next(); packet; packet = next()) {
        if (packet.number !== number) continue;
        const view = packet.dissection.sources[0]?.view;
        if (!view) return undefined;
        const bytes = new Uint8Array(view.buffer, view.byteOffset, packet.captured).slice();
        return { bytes, linkType: packet.on?.linkType ?? 1 };
      }
    }
    return undefined;
  } finally {
    await reading.capture.close();
  }
}
