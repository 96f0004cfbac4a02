import { FrameTapError, type TapFrames, type TappedFrame } from '../../crafter/io/frame-tap.js';
import { type Capture, openCapture } from '../capture/capture.js';
import { CaptureError } from '../capture/capture-error.js';
import type { EngineName } from '../capture/engine.js';
import { enginesFor } from '../capture/engines.js';
import { LiveCapture } from '../capture/live-capture.js';
import { startEngine } from './start-live.js';

/** Those first that tell of a packet at once. */
const ENGINES: readonly EngineName[] = ['tcpdump', 'cap', 'dumpcap'];
/** Of the system, in MiB: there is not much to listen to. */
const BUFFER_SIZE = 8;
/** How much is read at a time, in bytes. */
const CHUNK = 256 * 1024;

/** Listens to an interface with whatever can capture there. */
export const tapFrames: TapFrames = async (name, filter, onFrame) => {
  const taps = [{ name, filter, bufferSize: BUFFER_SIZE }];
  try {
    const engine = await startEngine(ENGINES.flatMap(enginesFor), { taps, promiscuous: true, monitor: false });
    const live = new LiveCapture(engine);
    const capture = await openCapture('-', { source: live, chunkSize: CHUNK });
    const reading = tell(capture, onFrame).finally(() => capture.close());
    // The error is seen where the tap is closed; until then it must not count as an unhandled rejection.
    reading.catch(() => {});
    return {
      ended: live.ended,
      close: () => {
        live.stop();
        return reading;
      },
    };
  } catch (error) {
    if (!(error instanceof CaptureError)) throw error;
    throw new FrameTapError(`${error.where}: cannot listen to what comes: ${error.why}`);
  }
};

async function tell(capture: Capture, onFrame: (frame: TappedFrame) => void): Promise<void> {
  for await (const { view, records } of capture.batches()) {
    for (let row = 0; row < records.count; row++) {
      const at = view.byteOffset + (records.at[row] ?? 0);
      const bytes = new Uint8Array(view.buffer, at, records.captured[row]).slice();
      onFrame({ bytes, linkType: capture.interfaces[records.interfaceId[row] ?? 0]?.linkType ?? 1 });
    }
  }
}
