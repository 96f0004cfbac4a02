import { createHash } from 'node:crypto';
import type { Dissection } from '../../../dissectors/dissect.js';
import type { Layer, Network } from '../../../dissectors/layer.js';
import { addressSize, sourceAddress } from '../../../dissectors/source-address.js';
import { dropOldest } from '../../../dissectors/wire/drop-oldest.js';
import { RecentFlows } from '../../handshakes/recent-flows.js';

/** Source: IANA, "Assigned Internet Protocol Numbers". */
const ICMP = 1;
const ICMPV6 = 58;
const WITH_PORTS = { tcp: 6, udp: 17, sctp: 132 } as const;

/** Ids that are remembered for a protocol, so that they are not worked out for each packet. */
const MOST_IDS = 1 << 17;

/** The type that answers a type of ICMP. Source: Community ID specification, "ICMP". */
const ANSWERS = new Map([
  [ICMP, pairs([0, 8], [9, 10], [13, 14], [15, 16], [17, 18])],
  [ICMPV6, pairs([128, 129], [130, 131], [133, 134], [135, 136], [139, 140], [144, 145])],
]);

/** What of a packet its flow is told by. There is one, which is filled for each packet. */
interface Ends {
  network: Network | undefined;
  protocol: number;
  /** The ports, or what stands for them; −1 for protocols without. */
  source: number;
  target: number;
  /** What is sent the other way is another flow. */
  isOneWay: boolean;
}

/**
 * Names flows as Zeek, Suricata and Wireshark do, the same in both directions and wherever they are captured.
 * Source: Community ID flow hashing, version 1, with seed 0.
 */
export class CommunityIds {
  readonly #protocols = new Map<number, { readonly flows: RecentFlows; readonly ids: Map<number, string> }>();
  readonly #seed: number;
  readonly #ends: Ends = { network: undefined, protocol: 0, source: -1, target: 0, isOneWay: false };

  /** @param seed any number that strangers do not know */
  constructor(seed: number) {
    this.#seed = seed;
  }

  /** The id of the innermost flow that a packet was sent in; undefined where it is not IP. */
  of(dissection: Dissection): string | undefined {
    const ends = this.#ends;
    findEnds(dissection, ends);
    const { network, protocol, source, target, isOneWay } = ends;
    if (!network) return undefined;
    if (source < 0 || isOneWay) return idOf(network, ends);
    const { flows, ids } = this.#of(protocol);
    const number = flows.number(network, source, target);
    let id = ids.get(number);
    if (id === undefined) {
      id = idOf(network, ends);
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

/** Finds by what the flow of a packet is told: the innermost, and none that an error quotes. */
function findEnds({ layers, sources }: Dissection, ends: Ends): void {
  ends.network = undefined;
  for (let place = 0; place < layers.length; place++) {
    const layer = layers[place] as Layer;
    if (layer.quoted) break;
    if (layer.facts?.type === 'network') {
      ends.network = layer.facts.network;
      ends.protocol = layer.facts.network.protocol;
      ends.source = -1;
      ends.isOneWay = false;
    } else if (ends.network && ends.source < 0) findPorts(layer, sources[layer.source]?.view, ends);
  }
}

function findPorts({ name, at, limit }: Layer, view: DataView | undefined, ends: Ends): void {
  if (!view || at + 4 > limit.captured) return;
  if (name === 'udp' || name === 'tcp' || name === 'sctp') {
    ends.protocol = WITH_PORTS[name];
    ends.source = view.getUint16(at);
    ends.target = view.getUint16(at + 2);
  } else if (name === 'icmp' || name === 'icmpv6') {
    ends.protocol = name === 'icmp' ? ICMP : ICMPV6;
    ends.source = view.getUint8(at);
    const answer = ANSWERS.get(ends.protocol)?.get(ends.source);
    ends.target = answer ?? view.getUint8(at + 1);
    ends.isOneWay = answer === undefined;
  }
}

function idOf(network: Network, { protocol, source, target, isOneWay }: Ends): string {
  const { view, destination } = network;
  const size = addressSize(network);
  const addressAt = (at: number) => Buffer.from(view.buffer, view.byteOffset + at, size);
  const [from, to] = [addressAt(sourceAddress(network)), addressAt(destination)];
  const isForward = isOneWay || (Buffer.compare(from, to) || source - target) <= 0;
  const rest = Buffer.alloc(source < 0 ? 2 : 6);
  rest[0] = protocol;
  if (source >= 0) {
    rest.writeUInt16BE(isForward ? source : target, 2);
    rest.writeUInt16BE(isForward ? target : source, 4);
  }
  const hash = createHash('sha1').update(SEED);
  hash
    .update(isForward ? from : to)
    .update(isForward ? to : from)
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
