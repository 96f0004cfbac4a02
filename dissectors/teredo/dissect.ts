import { ETHERTYPE_IPV6 } from '../ethernet/ether-types.js';
import { headerDissector } from '../header.js';
import { ipv6Header } from '../ipv6/layout.js';
import { type Dissector, NOT_MINE } from '../layer.js';
import { fieldsOf, layout, reachOf } from '../wire/layout.js';
import { type FieldSink, tellLayout } from '../wire/sink.js';
import type { Limit } from '../wire/stop.js';
import {
  AUTHENTICATION,
  AUTHENTICATION_HEADER,
  authenticationRest,
  MARK_SIZE,
  ORIGIN,
  ORIGIN_HEADER,
  originRest,
} from './layout.js';

/** The port of its servers. Source: RFC 4380, section 2.7. */
export const PORT_TEREDO = 3544;

const { 'auth.idlen': idLength, 'auth.aulen': valueLength } = authenticationRest.fields;

/** Where the headers end that start at `at`, whole or not, and the IPv6 packet begins: they are known by their marks. */
function headersEnd(view: DataView, at: number, { captured }: Limit): number {
  let end = at;
  if (markAt(view, end, captured) === AUTHENTICATION) {
    const rest = end + MARK_SIZE;
    end = rest + authenticationRest.size;
    if (end > captured) return end;
    end += idLength.read(view, rest) + valueLength.read(view, rest);
  }
  return markAt(view, end, captured) === ORIGIN ? end + MARK_SIZE + originRest.size : end;
}

const markAt = (view: DataView, at: number, captured: number): number =>
  at + MARK_SIZE <= captured ? view.getUint16(at) : -1;

function tellHeaders(view: DataView, at: number, _start: number, limit: Limit, sink: FieldSink): void {
  let start = at;
  const tell = (mark: typeof ORIGIN_HEADER, rest: typeof authenticationRest | typeof originRest) => {
    const end = reachOf(rest, view, start + MARK_SIZE, limit);
    sink.openValue(mark, true, start, end, mark.label);
    tellLayout(sink, rest, view, start + MARK_SIZE, limit);
    sink.close();
    start = end;
  };
  if (markAt(view, start, limit.captured) === AUTHENTICATION) tell(AUTHENTICATION_HEADER, authenticationRest);
  if (markAt(view, start, limit.captured) === ORIGIN) tell(ORIGIN_HEADER, originRest);
}

/** All of its bytes come in headers that may be left out. */
const nothing = layout('teredo', {});

export const teredo = headerDissector({
  name: 'teredo',
  title: 'Teredo IPv6 over UDP tunneling',
  short: 'Teredo',
  label: 'Teredo',
  layout: nothing,
  tail: {
    fields: [...fieldsOf(authenticationRest, originRest), AUTHENTICATION_HEADER, ORIGIN_HEADER],
    end: (view, at, _start, limit) => headersEnd(view, at, limit),
    tell: tellHeaders,
  },
  isMine: (view, at, limit) => {
    const end = headersEnd(view, at, limit);
    return end >= limit.captured || view.getUint8(end) >>> 4 === 6;
  },
  next: () => ({ table: 'ethertype', key: ETHERTYPE_IPV6 }),
});

/** The prefix of Teredo addresses: 2001:0::/32. Source: RFC 4380, section 2.6. */
const PREFIX = 0x2001_0000;

/**
 * Teredo on other ports: peers talk to each other from whatever port their translators of addresses gave them. An IPv6
 * packet from or to a Teredo address that fills the datagram tells it.
 */
export const teredoOnAnyPort: Dissector = {
  ...teredo,
  dissect: (view, at, limit, context) => {
    const { plen, src, dst } = ipv6Header.fields;
    const header = headersEnd(view, at, limit);
    const end = header + ipv6Header.size;
    if (end > limit.captured || view.getUint8(header) >>> 4 !== 6) return NOT_MINE;
    if (end + plen.read(view, header) > limit.wire) return NOT_MINE;
    const isTeredo = [src, dst].some(({ offset }) => view.getUint32(header + offset) === PREFIX);
    return isTeredo ? teredo.dissect(view, at, limit, context) : NOT_MINE;
  },
};
