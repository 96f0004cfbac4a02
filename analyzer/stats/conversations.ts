import type { Packet } from '../print/packet.js';
import { isBefore } from '../secrets/secrets.js';
import { elapsed } from '../text/elapsed.js';
import { Bounded } from './bounded.js';
import { END_HEADS, hasPeers, OTHERS, portCell } from './endpoints.js';
import type { FlowLayer } from './flow-layers.js';
import { endOf, flowsOf } from './flows.js';
import type { Cell, Column, Sheet } from './sheet.js';

interface Moment {
  readonly seconds: number;
  readonly nanos: number;
}

interface Conversation {
  /** Who sent the first packet, and the other; empty until then. */
  one: string;
  other: string;
  packetsOut: number;
  bytesOut: number;
  packetsBack: number;
  bytesBack: number;
  first: Moment | undefined;
  last: Moment | undefined;
}

const none = (): Conversation => ({
  one: '',
  other: '',
  packetsOut: 0,
  bytesOut: 0,
  packetsBack: 0,
  bytesBack: 0,
  first: undefined,
  last: undefined,
});

/** What each two ends have exchanged, a table a layer: tshark's `-z conv,…`. */
export class Conversations {
  private readonly layers: ReadonlyMap<FlowLayer, Bounded<Conversation>>;
  private readonly wanted: ReadonlySet<FlowLayer>;
  private origin: Moment | undefined;

  constructor(wanted: readonly FlowLayer[], most?: number) {
    this.wanted = new Set(wanted);
    this.layers = new Map(wanted.map((layer) => [layer, new Bounded(none, most)]));
  }

  /** Notes the first packet of the capture, from which the starts count, whether it passes a filter or not. */
  begin({ seconds, nanos }: Moment): void {
    this.origin ??= { seconds, nanos };
  }

  /** Counts the next packet. */
  take(packet: Packet): void {
    const now = { seconds: packet.seconds, nanos: packet.nanos };
    this.begin(now);
    for (const { layer, from, to, bytes, stream } of flowsOf(packet, this.wanted)) {
      const both = from < to ? `${from}|${to}` : `${to}|${from}`;
      const conversation = this.layers.get(layer)?.at(stream < 0 ? both : `${both}|${stream}`);
      if (conversation) add(conversation, from, to, bytes, now);
    }
  }

  /** The tables, busiest conversation first; a layer that did not occur has none, unless it is the only one asked for. */
  sheets(): readonly Sheet[] {
    const origin = this.origin ?? { seconds: 0, nanos: 0 };
    const sheets = [...this.layers].map(([layer, table]) => sheetOf(layer, table, origin));
    return sheets.length === 1 ? sheets : sheets.filter(({ rows }) => rows.length > 0);
  }
}

function add(into: Conversation, from: string, to: string, bytes: number, now: Moment): void {
  if (!into.first) {
    into.one = from;
    into.other = to;
  }
  if (from === into.one) {
    into.packetsOut++;
    into.bytesOut += bytes;
  } else {
    into.packetsBack++;
    into.bytesBack += bytes;
  }
  if (!into.first || isBefore(now, into.first)) into.first = now;
  if (!into.last || isBefore(into.last, now)) into.last = now;
}

const since = (from: Moment, to: Moment): number => Number(elapsed(from.seconds, from.nanos, to.seconds, to.nanos));

function columnsOf(layer: FlowLayer): readonly Column[] {
  const [, address, port] = END_HEADS[layer];
  const hidden = port === undefined ? { inTitle: true as const } : {};
  const peer = hasPeers(layer) ? { isPeer: true as const } : {};
  return [
    { key: 'layer', head: 'Layer', inTitle: true },
    { key: 'address_a', head: `${address} A`, ...peer },
    { key: 'port_a', head: port ?? '', ...hidden },
    { key: 'address_b', head: `${address} B`, ...peer },
    { key: 'port_b', head: port ?? '', ...hidden },
    { key: 'packets', head: 'Pkts' },
    { key: 'bytes', head: 'Bytes' },
    { key: 'packets_a_to_b', head: 'Pkts →', spare: 1 },
    { key: 'bytes_a_to_b', head: 'Bytes →', spare: 2 },
    { key: 'packets_b_to_a', head: 'Pkts ←', spare: 1 },
    { key: 'bytes_b_to_a', head: 'Bytes ←', spare: 2 },
    { key: 'start', head: 'Start', show: 'seconds', spare: 4 },
    { key: 'duration', head: 'Duration', show: 'seconds', spare: 3 },
  ];
}

function sheetOf(layer: FlowLayer, { known, others }: Bounded<Conversation>, origin: Moment): Sheet {
  const cells = (end: string): readonly Cell[] => {
    const { address, port } = endOf(end);
    return [address, portCell(layer, port)];
  };
  const rowOf = (ends: readonly Cell[], ways: readonly Cell[], of: Conversation): readonly Cell[] => [
    layer,
    ...ends,
    packetsOf(of),
    bytesOf(of),
    ...ways,
    of.first && since(origin, of.first),
    of.first && of.last && since(of.first, of.last),
  ];
  const rows = [...known.values()]
    .sort((one, other) => packetsOf(other) - packetsOf(one) || bytesOf(other) - bytesOf(one))
    .map((of) => {
      const ways = [of.packetsOut, of.bytesOut, of.packetsBack, of.bytesBack];
      return rowOf([...cells(of.one), ...cells(of.other)], ways, of);
    });
  const title = `${END_HEADS[layer][0]} conversations`;
  const columns = columnsOf(layer);
  if (!others) return { title, columns, rows, notes: [] };
  const notes = [`more than ${known.size} conversations: the others are counted together`];
  const last = rowOf([OTHERS, undefined, OTHERS, undefined], [undefined, undefined, undefined, undefined], others);
  return { title, columns, rows: [...rows, last], notes };
}

const packetsOf = ({ packetsOut, packetsBack }: Conversation): number => packetsOut + packetsBack;
const bytesOf = ({ bytesOut, bytesBack }: Conversation): number => bytesOut + bytesBack;
