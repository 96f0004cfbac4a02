import { serviceTag } from '../ieee8021ah/layout.js';
import type { Layer, Network, Source } from '../layer.js';
import { pppoeHeader } from '../pppoe/layout.js';
import { vlanTag } from '../vlan/layout.js';
import type { Field } from '../wire/field.js';
import { hexOf } from '../wire/view.js';

/** The fields that number networks which share a line, by the layer that has them. */
const NUMBERS: Readonly<Record<string, Pick<Field<number>, 'read'>>> = {
  vlan: vlanTag.fields.id,
  ieee8021ah: serviceTag.fields.isid,
  pppoes: pppoeHeader.fields.session_id,
};

/** Where the addresses of an IP header begin, by its version, and their length together. */
const ADDRESSES = { 4: { at: 12, size: 8 }, 6: { at: 8, size: 32 } } as const;

/**
 * What tells the networks apart that packets of the same addresses were sent in: the VLANs, services and
 * PPPoE sessions around them, and the ends of the tunnels. Empty for most packets; made for fragments only.
 * Source: IEEE 802.1Q, "VLAN identifier"; RFC 791 asks that identifications are unique only between two addresses.
 *
 * @param layers those outside the packet, outermost first
 */
export function surroundingsOf(layers: readonly Layer[], sources: readonly Source[]): string {
  let text = '';
  for (const { name, at, source, facts } of layers) {
    const view = sources[source]?.view;
    const number = NUMBERS[name];
    if (number && view) text += `${name} ${number.read(view, at)} `;
    else if (facts?.type === 'network') text += `in ${endsOf(facts.network)} `;
  }
  return text;
}

function endsOf({ version, view, at }: Network): string {
  const { at: offset, size } = ADDRESSES[version];
  return hexOf(view, at + offset, at + offset + size);
}
