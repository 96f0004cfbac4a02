import type { Dissection } from '../../dissectors/dissect.js';
import { etherText } from '../../dissectors/wire/field.js';
import type { Ends } from './ends.js';

/** In bytes: of an Ethernet address, and of the two that a frame begins with. */
const ADDRESS = 6;

/** Between which stations the frame around a layer was sent, as texts; undefined where it is no Ethernet frame. */
export function etherEndsAround({ layers, sources }: Dissection, place: number): Ends | undefined {
  for (let at = place - 1; at >= 0; at--) {
    const layer = layers[at];
    const view = layer?.name === 'eth' ? sources[layer.source]?.view : undefined;
    if (!layer || !view) continue;
    if (layer.at + 2 * ADDRESS > layer.limit.captured) return undefined;
    return { from: etherText(view, layer.at + ADDRESS), to: etherText(view, layer.at) };
  }
  return undefined;
}
