import { ETHERTYPE_IPV4, ETHERTYPE_IPV6, NO_ETHERTYPE } from '../ethernet/ether-types.js';
import { headerDissector, type Next } from '../header.js';
import { LINK_TYPE_PPP_BARE } from '../ppp/link-types.js';
import type { Layout } from '../wire/layout.js';
import { tellDerived } from '../wire/sink.js';
import { malformed } from '../wire/stop.js';
import {
  ciscoType,
  DLCI,
  firstByte,
  lastByte,
  NLPID_IPV4,
  NLPID_IPV6,
  NLPID_PPP,
  NLPID_SNAP,
  network,
  organization,
  padding,
  secondByte,
  snap,
  thirdByte,
  unnumbered,
} from './layout.js';

/** The control field of frames that carry packets. */
const UNNUMBERED = 3;
/** The organization of bridged frames, and its numbers for Ethernet with and without its check sequence. */
const BRIDGED = 0x0080c2;
const BRIDGED_ETHERNET: readonly number[] = [1, 7];
const LINK_TYPE_ETHERNET = 1;

/** The rest of the address, whose every byte but the last has its lowest bit clear. */
function addressParts(view: DataView, at: number, captured: number): readonly Layout[] {
  let size = 2;
  while (size < 4 && at + size <= captured && (view.getUint8(at + size - 1) & 1) === 0) size++;
  return size === 2 ? [secondByte] : size === 3 ? [secondByte, lastByte] : [secondByte, thirdByte, lastByte];
}

/** The parts of a header, as far as what tells of them is captured. */
function partsOf(view: DataView, at: number, { captured }: { readonly captured: number }): readonly Layout[] {
  const parts = [...addressParts(view, at, captured)];
  let next = at + 1 + parts.length;
  const byte = () => (next < captured ? view.getUint8(next) : 0);
  if (byte() !== UNNUMBERED) return next < captured ? [...parts, ciscoType] : parts;
  parts.push(unnumbered);
  next++;
  if (byte() === 0 && next < captured) {
    parts.push(padding);
    next++;
  }
  parts.push(network);
  if (byte() !== NLPID_SNAP) return parts;
  next++;
  const isEthernet = next + snap.size <= captured && snap.fields['snap.oui'].read(view, next) === 0;
  return [...parts, isEthernet ? snap : organization];
}

function dlciOf(view: DataView, at: number, size: number): number {
  let number = 0;
  for (let place = 0; place < size; place++) {
    const bits = place === 1 ? 4 : place === 2 && size === 4 ? 7 : 6;
    number = number * 2 ** bits + (view.getUint8(at + place) >>> (8 - bits));
  }
  return number;
}

const addressSize = (view: DataView, at: number, captured: number): number =>
  1 + addressParts(view, at, captured).length;

function next(view: DataView, at: number, end: number, { captured }: { readonly captured: number }): Next {
  const last = partsOf(view, at, { captured }).at(-1);
  if (last === ciscoType) return { table: 'ethertype', key: view.getUint16(end - ciscoType.size) };
  if (last === snap) return { table: 'ethertype', key: view.getUint16(end - 2) };
  if (last === organization) {
    const start = end - organization.size;
    const { 'snap.oui': oui, 'snap.pid': pid } = organization.fields;
    const isBridged = oui.read(view, start) === BRIDGED && BRIDGED_ETHERNET.includes(pid.read(view, start));
    return isBridged ? { table: 'link', key: LINK_TYPE_ETHERNET } : { table: 'payload', key: 0 };
  }
  const protocol = last === network ? view.getUint8(end - 1) : 0;
  if (protocol === NLPID_PPP) return { table: 'link', key: LINK_TYPE_PPP_BARE };
  const key = protocol === NLPID_IPV4 ? ETHERTYPE_IPV4 : protocol === NLPID_IPV6 ? ETHERTYPE_IPV6 : NO_ETHERTYPE;
  return { table: 'ethertype', key };
}

export const frameRelay = headerDissector({
  name: 'fr',
  title: 'Frame Relay',
  short: 'Frame Relay',
  layout: firstByte,
  parts: {
    all: [secondByte, thirdByte, lastByte, unnumbered, padding, network, snap, organization, ciscoType],
    of: partsOf,
  },
  tail: {
    fields: [DLCI],
    end: (view, at, start) => (firstByte.fields.ea.read(view, at) ? malformed('fr.first_addr_octet', at, 2, 1) : start),
    tell: (view, at, _start, { captured }, sink) => {
      const size = addressSize(view, at, captured);
      if (at + size <= captured) tellDerived(sink, DLCI, dlciOf(view, at, size), at, at + size);
    },
  },
  next,
});
