import type { Dissection } from '../../dissectors/dissect.js';
import type { Layer, Network } from '../../dissectors/layer.js';
import { addressSize, sourceAddress } from '../../dissectors/source-address.js';
import { FlowTable } from '../handshakes/flow-table.js';
import type { ConversationFacts, SegmentFacts, Span } from './segment-facts.js';
import { SYN, segmentHeader } from './segment-header.js';
import { StreamAnalysis } from './stream-analysis.js';

/** TCP connections that are followed; the one that was quiet longest goes first. As many as reassembly follows. */
const MOST_STREAMS = 16_384;

const UDP_SIZE = 8;

interface Stream {
  readonly analysis: StreamAnalysis;
  /** The end that the first segment came from. */
  readonly from: string;
  readonly ends: string;
  readonly isReused: boolean;
}

/** Numbers the UDP flows of a capture and follows its TCP connections, in capture order. Bounded. */
export class Conversations {
  private readonly flows: FlowTable;
  /** By the number of the connection, the one that was quiet longest first. */
  private readonly streams = new Map<number, Stream>();
  /** The newest connection between two ends. */
  private readonly newest = new Map<string, number>();

  /** @param seed any number that strangers do not know */
  constructor(seed = 0) {
    this.flows = new FlowTable(seed);
  }

  /** Takes the next packet; undefined where there is no conversation in it. */
  fold(dissection: Dissection, seconds: number, nanos: number): ConversationFacts | undefined {
    return this.foldLayers(dissection, { seconds, nanos });
  }

  private foldLayers({ layers, sources, number }: Dissection, now: Span): ConversationFacts | undefined {
    let network: Network | undefined;
    const flows: number[] = [];
    const segments: SegmentFacts[] = [];
    for (const layer of layers) {
      if (layer.facts?.type === 'network') network = layer.facts.network;
      const view = sources[layer.source]?.view;
      if (!network || !view) continue;
      if (hasFlow(layer)) {
        flows.push(this.flowOf(network, view, layer));
      } else if (layer.name === 'tcp' && layer.facts?.type === 'stream') {
        const facts = this.segment(network, view, layer, layer.facts.stream.number, number, now);
        if (facts) segments.push(facts);
      }
    }
    return flows.length + segments.length > 0 ? { flows, segments } : undefined;
  }

  /** @param own the bytes of the datagram: one that was put together lies in others than the addresses */
  private flowOf(network: Network, own: DataView, { at }: Layer): number {
    const [source, target] = [own.getUint16(at), own.getUint16(at + 2)];
    const { view, destination } = network;
    return this.flows.numberBetween(view, sourceAddress(network), destination, addressSize(network), source, target);
  }

  private segment(network: Network, view: DataView, layer: Layer, stream: number, packet: number, now: Span) {
    const header = segmentHeader(view, layer);
    if (!header) return undefined;
    const from = endOf(network, false, view.getUint16(layer.at));
    const to = endOf(network, true, view.getUint16(layer.at + 2));
    const known = this.streams.get(stream);
    const { analysis, isReused, from: first } = known ?? this.open(stream, from, to, (header.flags & SYN) !== 0);
    if (known && this.streams.size > 1) {
      this.streams.delete(stream);
      this.streams.set(stream, known);
    }
    return analysis.take(header, from !== first, isReused && !known, packet, now);
  }

  private open(stream: number, from: string, to: string, isSyn: boolean): Stream {
    const ends = from < to ? from + to : to + from;
    const opened = { analysis: new StreamAnalysis(), from, ends, isReused: isSyn && this.newest.has(ends) };
    this.streams.set(stream, opened);
    this.newest.set(ends, stream);
    if (this.streams.size > MOST_STREAMS) {
      for (const [oldest, { ends: gone }] of this.streams) {
        this.streams.delete(oldest);
        if (this.newest.get(gone) === oldest) this.newest.delete(gone);
        break;
      }
    }
    return opened;
  }
}

/** Whether a layer is a datagram whose flow is numbered: one that says to be shorter than its header is nonsense. */
export const hasFlow = ({ name, at, limit, stop }: Layer): boolean =>
  name === 'udp' && at + UDP_SIZE <= limit.captured && !(stop?.why === 'malformed' && stop.need === UDP_SIZE);

/** An address and a port as text, a character for each 16 bits: only good to compare. */
function endOf(network: Network, isTarget: boolean, port: number): string {
  const { view, destination } = network;
  const start = isTarget ? destination : sourceAddress(network);
  let text = String.fromCharCode(port);
  for (let word = 0; word < addressSize(network); word += 2) text += String.fromCharCode(view.getUint16(start + word));
  return text;
}
