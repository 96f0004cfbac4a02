import { isIPv6 } from 'node:net';
import { fold16, internetChecksum, sum16 } from '../../dissectors/wire/checksum.js';
import { viewOf } from '../../dissectors/wire/view.js';
import type { Endpoint } from '../endpoint.js';
import { ipv4From, ipv6From } from '../ip-address.js';
import { ipv4, ipv6 } from '../network-part.js';
import { build, nothing } from '../part.js';
import { udp } from '../transport-part.js';

/** Headers between two endpoints, which all their datagrams have but for lengths, identification and checksums. */
interface Flow {
  readonly from: Endpoint;
  readonly to: Endpoint;
  readonly head: Uint8Array;
  readonly isIpv6: boolean;
  /** The unfolded sums of what never changes: of the header of IPv4, and of the pseudo-header and the ports. */
  readonly headerSum: number;
  readonly addressSum: number;
}

/** Flows whose headers are remembered. */
const MOST_FLOWS = 1024;
const UDP_SIZE = 8;
const PROTOCOL_UDP = 17;

/** Where fields stand: in a header of IPv4, of IPv6, and of UDP. */
const V4 = { length: 2, ident: 4, checksum: 10, src: 12 };
const V6 = { length: 4, src: 8 };
const UDP = { length: 4, checksum: 6 };

/**
 * Writes headers of IP and UDP before datagrams, as if they had been seen on the wire: what changes from one to the next is
 * put into the headers of the one before.
 */
export class DatagramFrames {
  readonly #flows = new Map<string, Flow>();
  #last: Flow | undefined;
  #before: Flow | undefined;
  #ident = 0;

  /** The bytes before a datagram. */
  headSize(from: Endpoint, to: Endpoint): number {
    return this.#flowOf(from, to).head.length;
  }

  /** Writes headers and datagram at `at` of a view over `into`. */
  write(into: Uint8Array, view: DataView, at: number, bytes: Uint8Array, from: Endpoint, to: Endpoint): void {
    const { head, isIpv6, headerSum, addressSum } = this.#flowOf(from, to);
    const length = UDP_SIZE + bytes.length;
    into.set(head, at);
    into.set(bytes, at + head.length);
    if (isIpv6) {
      view.setUint16(at + V6.length, length);
    } else {
      this.#ident = (this.#ident + 1) & 0xffff;
      const total = head.length + bytes.length;
      view.setUint16(at + V4.length, total);
      view.setUint16(at + V4.ident, this.#ident);
      view.setUint16(at + V4.checksum, internetChecksum(headerSum + total + this.#ident));
    }
    const start = at + head.length;
    view.setUint16(start - UDP_SIZE + UDP.length, length);
    const sum = addressSum + 2 * length + sum16(view, start, start + bytes.length);
    // Zero would mean that there is none.
    view.setUint16(start - UDP_SIZE + UDP.checksum, internetChecksum(sum) || 0xffff);
  }

  #flowOf(from: Endpoint, to: Endpoint): Flow {
    const last = this.#last;
    if (last && isOf(last, from, to)) return last;
    const before = this.#before;
    this.#before = last;
    // A peer sends and receives in turn.
    this.#last = before && isOf(before, from, to) ? before : this.#known(from, to);
    return this.#last;
  }

  #known(from: Endpoint, to: Endpoint): Flow {
    const name = `${from.host} ${from.port} ${to.host} ${to.port}`;
    const known = this.#flows.get(name) ?? flowBetween(from, to);
    if (this.#flows.size >= MOST_FLOWS) this.#flows.clear();
    this.#flows.set(name, known);
    return known;
  }
}

const isOf = (flow: Flow, from: Endpoint, to: Endpoint): boolean =>
  flow.from.port === from.port && flow.to.port === to.port && flow.from.host === from.host && flow.to.host === to.host;

function flowBetween(from: Endpoint, to: Endpoint): Flow {
  const isMapped = MAPPED.test(from.host) || MAPPED.test(to.host);
  const [src, dst] = isMapped ? [unmapped(from.host), unmapped(to.host)] : [bare(from.host), bare(to.host)];
  const isOver6 = isIPv6(dst);
  const inside = udp({ srcport: from.port, dstport: to.port, length: 0, checksum: 0 }, nothing);
  const network = isOver6
    ? ipv6({ src: ipv6From(src), dst: ipv6From(dst), plen: 0 }, inside)
    : ipv4({ src: ipv4From(src), dst: ipv4From(dst), len: 0, checksum: 0 }, inside);
  const head = build(network);
  const view = viewOf(head);
  const ports = head.length - UDP_SIZE;
  const addresses = sum16(view, isOver6 ? V6.src : V4.src, ports);
  return {
    from,
    to,
    head,
    isIpv6: isOver6,
    headerSum: fold16(sum16(view, 0, ports)),
    addressSum: fold16(addresses + PROTOCOL_UDP + sum16(view, ports, ports + 4)),
  };
}

/** Addresses of IPv4 as a socket for both shows them. The wire has seen nothing of IPv6. */
const MAPPED = /^::ffff:(?=\d+\.)/i;
const unmapped = (host: string): string => (host === '::' ? '0.0.0.0' : host.replace(MAPPED, ''));

/** An address without the name of its interface. */
const bare = (host: string): string => host.replace(/%.*$/, '');
