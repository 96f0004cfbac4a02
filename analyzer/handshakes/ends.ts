import type { Dissection } from '../../dissectors/dissect.js';
import type { Network } from '../../dissectors/layer.js';
import { sourceAddress } from '../../dissectors/source-address.js';
import { ipv4Text, ipv6Text } from '../../dissectors/wire/field.js';

/** The transport layers, all of which begin with their two ports. */
const TRANSPORTS: ReadonlySet<string> = new Set(['udp', 'tcp', 'sctp', 'udplite']);

/** Between whom a layer was sent, as texts: `10.0.0.1:443`, `[2001:db8::1]:443`; the address alone where there is no port. */
export interface Ends {
  readonly from: string;
  readonly to: string;
}

/** The network layer around a layer; undefined where none is. */
export function networkAround({ layers }: Dissection, place: number): Network | undefined {
  for (let at = place; at >= 0; at--) {
    const facts = layers[at]?.facts;
    if (facts?.type === 'network') return facts.network;
  }
  return undefined;
}

/** The ports of the transport layer around a layer, or of itself: of the source, and of the destination. */
export function portsAround({ layers, sources }: Dissection, place: number): readonly [number, number] | undefined {
  for (let at = place; at >= 0; at--) {
    const layer = layers[at];
    if (!layer || layer.facts?.type === 'network') return undefined;
    if (!TRANSPORTS.has(layer.name)) continue;
    const view = sources[layer.source]?.view;
    if (!view || layer.at + 4 > layer.limit.captured) return undefined;
    return [view.getUint16(layer.at), view.getUint16(layer.at + 2)];
  }
  return undefined;
}

/** Between whom a layer was sent. Makes texts: only for rows that begin. Undefined where no network layer is around it. */
export function endsAround(dissection: Dissection, place: number): Ends | undefined {
  const network = networkAround(dissection, place);
  if (!network) return undefined;
  const ports = portsAround(dissection, place);
  const { version, view, destination } = network;
  const text = (where: number): string => (version === 4 ? ipv4Text(view.getUint32(where)) : ipv6Text(view, where));
  return { from: endText(text(sourceAddress(network)), ports?.[0]), to: endText(text(destination), ports?.[1]) };
}

/** An address with a port; without one, the address alone. */
export function endText(address: string, port: number | undefined): string {
  if (port === undefined) return address;
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}
