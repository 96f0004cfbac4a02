import type { Layer, Network, Source } from '../layer.js';
import { dissectorNamed } from '../registry.js';
import { hexOf } from '../wire/view.js';

/** Where the addresses of an IP header begin, by its version, and their length together. */
const ADDRESSES = { 4: { at: 12, size: 8 }, 6: { at: 8, size: 32 } } as const;

/**
 * What tells the networks apart that packets of the same addresses were sent in: the VLANs, services and PPPoE sessions
 * around them, and the ends and numbers of the tunnels. Empty for most packets; made for fragments only.
 * Source: IEEE 802.1Q, "VLAN identifier"; RFC 791 asks that identifications are unique only between two addresses.
 *
 * @param layers those outside the packet, outermost first
 */
export function surroundingsOf(layers: readonly Layer[], sources: readonly Source[]): string {
  let text = '';
  for (const layer of layers) {
    const { name, source, facts } = layer;
    const view = sources[source]?.view;
    const network = view && dissectorNamed(name)?.networkOf?.(view, layer);
    if (network) text += `${name} ${network} `;
    else if (facts?.type === 'network') text += `in ${endsOf(facts.network)} `;
  }
  return text;
}

function endsOf({ version, view, at }: Network): string {
  const { at: offset, size } = ADDRESSES[version];
  return hexOf(view, at + offset, at + offset + size);
}
