import { ipv4Text, ipv6Text } from '../../dissectors/wire/field.js';
import { viewOf } from '../../dissectors/wire/view.js';
import type { Endpoint } from '../endpoint.js';
import type { ForgedEnd, MacPair } from '../frames/forged-end.js';
import { ownPort } from '../frames/forged-end.js';
import { addressBytes } from '../ip-address.js';
import { CraftError } from './craft-error.js';
import { type AnyLayer, isLayer, LAYERS, layerFrom, linkTypeOf, wrapped } from './craft-layers.js';

const EXAMPLE = '--layer eth --layer ip:src=192.0.2.9,dst=192.0.2.1 --layer udp:srcport=7,dstport=4242';
const LINK_LAYERS: ReadonlySet<string> = new Set(['eth', 'vlan', 'sll', 'sll2', 'null', 'loop']);

/**
 * The end that a script is to be, from the layers around its packets, the outermost first: those of a link, IP, and UDP.
 * What is left out of them is derived, what is given goes out as given; addresses and ports must be.
 * @throws {CraftError} saying what is wrong with them
 */
export function forgedEnd(texts: readonly string[]): ForgedEnd {
  const layers = texts.map(layerFrom);
  const [udp, ip] = [layers.at(-1), layers.at(-2)];
  const link = layers.slice(0, -2);
  const isIp = ip?.name === 'ip' || ip?.name === 'ipv6';
  if (udp?.name !== 'udp' || !isIp || link.some(({ name }) => !LINK_LAYERS.has(name))) {
    throw new CraftError(`-i: needs layers of the interface, then ip or ipv6, then udp; such as ${EXAMPLE}`);
  }
  const { srcport, dstport } = udp.given;
  const [src, dst] = [addressIn(ip, 'src'), addressIn(ip, 'dst')];
  const [local, remote] = [endpoint(src, srcport, 'srcport'), endpoint(dst, dstport, 'dstport')];
  const eth = link[0]?.name === 'eth' ? link[0] : undefined;
  const end: ForgedEnd = {
    local,
    remote,
    localAddress: src,
    remoteAddress: dst,
    linkType: linkTypeOf(layers),
    macs: eth && macsIn(eth),
    datagram: (payload, via, macs) => {
      const port: AnyLayer = { ...udp, given: { ...udp.given, srcport: ownPort(end, via) } };
      return wrapped([...between(link, macs), ip, port], payload);
    },
    // A type that is given, however wrong, is for the packets of the script.
    onLink: (inside, macs) => wrapped(between(link, macs).map(withDerived), inside),
  };
  return end;
}

/** The layers of the link, with addresses that were not given. */
function between(link: readonly AnyLayer[], macs: MacPair | undefined): readonly AnyLayer[] {
  return macs
    ? link.map((layer) => (layer.name === 'eth' ? { ...layer, given: { ...macs, ...layer.given } } : layer))
    : link;
}

function withDerived({ name, given }: AnyLayer): AnyLayer {
  const derived: readonly string[] = isLayer(name) ? LAYERS[name].derived : [];
  return { name, given: Object.fromEntries(Object.entries(given).filter(([key]) => !derived.includes(key))) };
}

function macsIn({ given: { src, dst } }: AnyLayer): Partial<MacPair> {
  return { ...(src instanceof Uint8Array && { src }), ...(dst instanceof Uint8Array && { dst }) };
}

/** The bytes of an address that must be given. */
function addressIn({ name, given }: AnyLayer, key: 'src' | 'dst'): Uint8Array {
  const value = given[key];
  if (value instanceof Uint8Array) return value;
  if (typeof value === 'number') return addressBytes(ipv4Text(value));
  throw new CraftError(`--layer ${name}: needs ${key}; such as ${EXAMPLE}`);
}

function endpoint(address: Uint8Array, port: unknown, key: string): Endpoint {
  if (typeof port !== 'number') throw new CraftError(`--layer udp: needs ${key}; such as ${EXAMPLE}`);
  const view = viewOf(address);
  return { host: address.length === 4 ? ipv4Text(view.getUint32(0)) : ipv6Text(view, 0), port };
}
