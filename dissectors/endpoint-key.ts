import { ipv4Header } from './ipv4/layout.js';
import { ipv6Header } from './ipv6/layout.js';
import type { Network } from './layer.js';

/** An address and a port as text, a character for each 16 bits: cheap to make, only good to compare. */
export function endpointKey({ version, view, at: start }: Network, destination: boolean, port: number): string {
  const end = destination ? 'dst' : 'src';
  if (version === 4) {
    const at = start + ipv4Header.fields[end].offset;
    return String.fromCharCode(view.getUint16(at), view.getUint16(at + 2), port);
  }
  const at = start + ipv6Header.fields[end].offset;
  return String.fromCharCode(
    view.getUint16(at),
    view.getUint16(at + 2),
    view.getUint16(at + 4),
    view.getUint16(at + 6),
    view.getUint16(at + 8),
    view.getUint16(at + 10),
    view.getUint16(at + 12),
    view.getUint16(at + 14),
    port,
  );
}
