import { fieldValues } from '../print/fields.js';
import type { Packet } from '../print/packet.js';

/** Compiles a display filter to a predicate. */
export function compileFilter(text: string): (packet: Packet) => boolean {
  return (packet) => fieldValues(packet, text.trim()).length > 0;
}
