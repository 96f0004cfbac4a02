import { createHash } from 'node:crypto';
import type { Dissection } from '../../../dissectors/dissect.js';
import type { Layer, Network } from '../../../dissectors/layer.js';
import { addressSize, sourceAddress } from '../../../dissectors/source-address.js';
import { dropOldest } from '../../../dissectors/wire/drop-oldest.js';
import { RecentFlows } from '../../handshakes/recent-flows.js';

/** Source: IANA, "Assigned Internet Protocol Numbers". */
const ICMP = 1;
const ICMPV6 = 58;
const WITH_PORTS: Readonly<Record<string, number>> = { tcp: 6, udp: 17, sctp: 132 };

/** Ids that are remembered for a protocol, so that they are not worked out for each packet. */
const MOST_IDS = 1 << 17;

/** The type that answers a type of ICMP. Source: Community ID specification, "ICMP". */
const ANSWERS = new Map([
  [ICMP, pairs([0, 8], [9, 10], [13, 14], [15, 16], [17, 18])],
  [ICMPV6, pairs([128, 129], [130, 131], [133, 134], [135, 136], [139, 140], [144, 145])],
]);

/** What of a packet its flow is told by. */
interface Ends {
  readonly network: Network;
  readonly protocol: number;
  /** Undefined for protocols without ports. */
  readonly ports: readonly [source: number, target: number] | undefined;
  /** What is sent the other way is another flow. */
  readonly isOneWay: boolean;
}

/**
 * Names flows as Zeek, Suricata and Wireshark do, the same in both directions and wherever they are captured.
 * Source: Community ID flow hashing, version 1, with seed 0.
 */
export class CommunityIds {
  readonly #protocols = new Map<number, { readonly flows: RecentFlows; readonly ids: Map<number, string> }>();
  readonly #seed: number;

  /** @param seed any number that strangers do not know */
  constructor(seed: number) {
    this.#seed = seed;
  }

  /** The id of the innermost flow that a packet was sent in; undefined where it is not IP. */
  of(dissection: Dissection): string | undefined {
    const ends = endsOf(dissection);
    if (!ends) return undefined;
    const { network, protocol, ports, isOneWay } = ends;
    if (!ports || isOneWay) return idOf(ends);
    const { flows, ids } = this.#of(protocol);
    const number = flows.number(network, ports[0], ports[1]);
    let id = ids.get(number);
    if (id === undefined) {
      id = idOf(ends);
      ids.set(number, id);
      dropOldest(ids, MOST_IDS);
    }
    return id;
  }

  #of(protocol: number) {
    let known = this.#protocols.get(protocol);
    if (!known) {
      known = { flows: new RecentFlows(this.#seed), ids: new Map() };
      this.#protocols.set(protocol, known);
    }
    return known;
  }
}

function endsOf({ layers, sources }: Dissection): Ends | undefined {
  let found: Ends | undefined;
  for (const layer of layers) {
    // What an error quotes was sent in another packet.
    if (layer.quoted) break;
    if (layer.facts?.type === 'network') {
      const { network } = layer.facts;
      found = { network, protocol: network.protocol, ports: undefined, isOneWay: false };
    } else if (found) found = withPorts(found, layer, sources[layer.source]?.view) ?? found;
  }
  return found;
}

function withPorts(ends: Ends, { name, at, limit }: Layer, view: DataView | undefined): Ends | undefined {
  if (!view || ends.ports || at + 4 > limit.captured) return undefined;
  const protocol = WITH_PORTS[name];
  if (protocol !== undefined) {
    return { ...ends, protocol, ports: [view.getUint16(at), view.getUint16(at + 2)] };
  }
  if (name !== 'icmp' && name !== 'icmpv6') return undefined;
  const own = name === 'icmp' ? ICMP : ICMPV6;
  const type = view.getUint8(at);
  const answer = ANSWERS.get(own)?.get(type);
  const isOneWay = answer === undefined;
  return { ...ends, protocol: own, ports: [type, answer ?? view.getUint8(at + 1)], isOneWay };
}

function idOf({ network, protocol, ports, isOneWay }: Ends): string {
  const { view, destination } = network;
  const size = addressSize(network);
  const addressAt = (at: number) => Buffer.from(view.buffer, view.byteOffset + at, size);
  const [source, target] = [addressAt(sourceAddress(network)), addressAt(destination)];
  const order = Buffer.compare(source, target) || (ports ? ports[0] - ports[1] : 0);
  const isForward = isOneWay || order <= 0;
  const rest = Buffer.alloc(ports ? 6 : 2);
  rest[0] = protocol;
  if (ports) {
    rest.writeUInt16BE(isForward ? ports[0] : ports[1], 2);
    rest.writeUInt16BE(isForward ? ports[1] : ports[0], 4);
  }
  const hash = createHash('sha1').update(SEED);
  hash
    .update(isForward ? source : target)
    .update(isForward ? target : source)
    .update(rest);
  return `1:${hash.digest('base64')}`;
}

const SEED = Buffer.alloc(2);

function pairs(...all: readonly (readonly [number, number])[]): ReadonlyMap<number, number> {
  return new Map(
    all.flatMap(([one, other]) => [
      [one, other],
      [other, one],
    ]),
  );
}
