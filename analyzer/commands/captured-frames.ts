import type { InjectIo } from '../../crafter/commands/inject.js';
import type { CapturedFrame } from '../../crafter/commands/inject-frames.js';
import { compileFilter } from '../filter/compile.js';
import { openReading, packetsOf } from './reading.js';

/**
 * The packets of a capture that a filter passes, dissected, in order.
 * @param onDamage told, after the last packet, if the capture is damaged there
 */
export async function* capturedFrames(
  path: string,
  { filter, dialect }: Parameters<InjectIo['frames']>[1],
  onDamage: (problem: string) => void,
): AsyncGenerator<() => CapturedFrame | undefined, void, undefined> {
  const passes = filter === undefined ? undefined : compileFilter(filter);
  const options = { secrets: [], color: 'never' as const, ...(dialect && { dialect }) };
  // Channels are followed only where the filter may ask about them.
  const reading = await openReading(path, { ...options, track: passes !== undefined });
  try {
    for await (const next of packetsOf(reading)) {
      yield () => {
        let packet = next();
        while (packet && passes && !passes(packet)) packet = next();
        if (!packet) return undefined;
        const { seconds, nanos, isTimed = true, captured, wire, dissection, on } = packet;
        return { seconds, nanos, isTimed, captured, wire, dissection, linkType: on?.linkType ?? 1 };
      };
    }
    for (const fault of reading.capture.faults) onDamage(fault.line);
  } finally {
    await reading.capture.close();
  }
}
