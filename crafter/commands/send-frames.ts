import { openRawPort, RawPortError } from '../io/raw-port.js';
import { CraftError } from './craft-error.js';

/** Sends frames on an interface as they are. @throws {CraftError} if one of them cannot be sent */
export async function sendFrames(name: string, frames: readonly Uint8Array[], linkType: number): Promise<void> {
  try {
    const port = await openRawPort(name, linkType);
    for (const frame of frames) await port.send(frame);
    const { failed, problem } = await port.close();
    if (failed > 0) throw new CraftError(`${name}: ${failed} of ${frames.length} frames were not sent: ${problem}`, 1);
  } catch (error) {
    throw error instanceof RawPortError ? new CraftError(error.message, 1) : error;
  }
}
