import type { Packet } from '../print/packet.js';
import { Bounded } from './bounded.js';
import type { FlowLayer } from './flow-layers.js';
import { endOf, flowsOf } from './flows.js';
import type { Cell, Column, Sheet } from './sheet.js';

interface Endpoint {
  packets: number;
  bytes: number;
  packetsSent: number;
  bytesSent: number;
  packetsReceived: number;
  bytesReceived: number;
}

const none = (): Endpoint => ({
  packets: 0,
  bytes: 0,
  packetsSent: 0,
  bytesSent: 0,
  packetsReceived: 0,
  bytesReceived: 0,
});

/** What each end has sent and received, a table a layer: tshark's `-z endpoints,…`. */
export class Endpoints {
  private readonly layers: ReadonlyMap<FlowLayer, Bounded<Endpoint>>;
  private readonly wanted: ReadonlySet<FlowLayer>;

  constructor(wanted: readonly FlowLayer[], most?: number) {
    this.wanted = new Set(wanted);
    this.layers = new Map(wanted.map((layer) => [layer, new Bounded(none, most)]));
  }

  /** Counts the next packet. */
  take(packet: Packet): void {
    for (const { layer, from, to, bytes } of flowsOf(packet, this.wanted)) {
      const table = this.layers.get(layer);
      if (!table) continue;
      const sender = table.at(from);
      sender.packets++;
      sender.bytes += bytes;
      sender.packetsSent++;
      sender.bytesSent += bytes;
      const recipient = table.at(to);
      recipient.packets++;
      recipient.bytes += bytes;
      recipient.packetsReceived++;
      recipient.bytesReceived += bytes;
    }
  }

  /** The tables, busiest end first; a layer that did not occur has none, unless it is the only one asked for. */
  sheets(): readonly Sheet[] {
    const sheets = [...this.layers].map(([layer, table]) => sheetOf(layer, table));
    return sheets.length === 1 ? sheets : sheets.filter(({ rows }) => rows.length > 0);
  }
}

/** What the two halves of an end are called, layer by layer. */
export const END_HEADS: Readonly<Record<FlowLayer, readonly [title: string, address: string, port?: string]>> = {
  eth: ['Ethernet', 'Address'],
  ip: ['IPv4', 'Address'],
  ipv6: ['IPv6', 'Address'],
  udp: ['UDP', 'Address', 'Port'],
  tcp: ['TCP', 'Address', 'Port'],
  sctp: ['SCTP', 'Address', 'Port'],
  chan: ['Peer', 'Peer'],
  channel: ['Channel', 'Peer', 'Channel'],
};

/** Ports are numbers, channel ids are not. */
export const portCell = (layer: FlowLayer, port: string | undefined): Cell =>
  port === undefined || layer === 'channel' ? port : Number(port);

/** Whether the ends of a layer are peers. */
export const hasPeers = (layer: FlowLayer): boolean => layer === 'chan' || layer === 'channel';

/** Stands for all ends that found no room in a table. */
export const OTHERS = '(others)';

function sheetOf(layer: FlowLayer, { known, others }: Bounded<Endpoint>): Sheet {
  const [title, address, port] = END_HEADS[layer];
  const columns: readonly Column[] = [
    { key: 'layer', head: 'Layer', inTitle: true },
    { key: 'address', head: address, ...(hasPeers(layer) && { isPeer: true }) },
    { key: 'port', head: port ?? '', ...(port === undefined && { inTitle: true }) },
    { key: 'packets', head: 'Packets', short: 'Pkts' },
    { key: 'bytes', head: 'Bytes' },
    { key: 'packets_sent', head: 'Pkts sent', short: 'P sent', spare: 1 },
    { key: 'bytes_sent', head: 'Bytes sent', short: 'B sent', spare: 2 },
    { key: 'packets_received', head: 'Pkts recv', short: 'P recv', spare: 1 },
    { key: 'bytes_received', head: 'Bytes recv', short: 'B recv', spare: 2 },
  ];
  const rowOf = (name: string, port: Cell, end: Endpoint): readonly Cell[] => [
    layer,
    name,
    port,
    end.packets,
    end.bytes,
    end.packetsSent,
    end.bytesSent,
    end.packetsReceived,
    end.bytesReceived,
  ];
  const rows = [...known]
    .sort(([, one], [, other]) => other.packets - one.packets || other.bytes - one.bytes)
    .map(([text, end]) => {
      const { address: name, port: number } = endOf(text);
      return rowOf(name, portCell(layer, number), end);
    });
  if (!others) return { title: `${title} endpoints`, columns, rows, notes: [] };
  const notes = [`more than ${known.size} endpoints: what the others sent and received is counted together`];
  return { title: `${title} endpoints`, columns, rows: [...rows, rowOf(OTHERS, undefined, others)], notes };
}
