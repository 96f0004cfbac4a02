import { ipv4Text, ipv6Text } from '../../dissectors/wire/field.js';
import { viewOf } from '../../dissectors/wire/view.js';
import { endText } from '../handshakes/ends.js';
import type { Packet } from '../print/packet.js';
import { summarize } from '../print/row.js';
import type { Address } from './addresses.js';
import { PORTS_KNOWN } from './known-columns.js';
import { type PacketIndex, rowOf } from './packet-index.js';
import { TRANSPORTS } from './shapes.js';

const addressText = (address: Address): string =>
  typeof address === 'number' ? ipv4Text(address) : ipv6Text(viewOf(address), 0);

/** The ends of a packet. */
export type End = 'from' | 'to';

/** Where packets came from and went to, by their columns. */
export class EndAddresses {
  private readonly index: PacketIndex;
  /** Texts by address and port: few ends send many packets. */
  private readonly known = new Map<number, string>();

  constructor(index: PacketIndex) {
    this.index = index;
  }

  /** An end of a packet; empty for number 0 or a packet that was forgotten, undefined if its columns do not say. */
  of(number: number, end: End): string | undefined {
    if (number < this.index.first) return '';
    const row = rowOf(number);
    const columns = this.index.columnsOf(number);
    const [addresses, ports] =
      end === 'from' ? [columns.source, columns.srcport] : [columns.destination, columns.dstport];
    const place = addresses[row] ?? 0;
    if (place === 0) return undefined;
    const hasPort = ((columns.messages[row] ?? 0) & PORTS_KNOWN) !== 0;
    const key = place * 0x2_0000 + (hasPort ? 0x1_0000 + (ports[row] ?? 0) : 0);
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const text = endText(addressText(this.index.addresses[place - 1] ?? 0), hasPort ? ports[row] : undefined);
    if (this.known.size === MOST_KNOWN) this.known.clear();
    this.known.set(key, text);
    return text;
  }
}

/** Texts of addresses that are kept, some 20 MB; then all are made again. */
const MOST_KNOWN = 0x2_0000;

/** An end of a packet, by its layers. */
export function endOf(packet: Packet, end: End): string {
  const { layers, sources } = packet.dissection;
  // The innermost: that of a tunnel is between other addresses.
  const carrier = layers.findLast(({ name, quoted }) => !quoted && TRANSPORTS.includes(name));
  const view = carrier && sources[carrier.source]?.view;
  const at = carrier ? carrier.at + (end === 'from' ? 0 : 2) : 0;
  const hasPort = carrier && view && at + 2 <= carrier.limit.captured;
  const { source, destination } = summarize(packet);
  return endText(end === 'from' ? source : destination, hasPort ? view.getUint16(at) : undefined);
}
