import { isIpv6, parseIpv4 } from '../../dissectors/ip-address.js';
import { HANDSHAKE_KINDS, type HandshakeKind } from '../handshakes/handshake.js';
import { hostOf, OTHER_RESPONDERS, type Responder } from '../handshakes/responders.js';
import type { Cell, Column, Sheet } from './sheet.js';

/** Responders that are listed: those with the most handshakes. */
const MOST_ROWS = 1000;

/** Handshakes by the protocol and the responder, as a table: floods, and since when a responder keeps no state. */
export function responderSheet(responders: Iterable<Responder>): Sheet {
  const all = [...responders].filter(({ begun }) => begun > 0);
  all.sort((one, other) => placeOf(one.kind) - placeOf(other.kind) || other.begun - one.begun);
  const left = all.length - Math.min(all.length, MOST_ROWS);
  const notes = left === 0 ? [] : [`${left} responders with fewer handshakes are left out`];
  return { title: 'Handshakes by responder', columns: COLUMNS, rows: all.slice(0, MOST_ROWS).map(rowOf), notes };
}

/** A filter for the messages of the handshakes of each row, where its responder has an address. */
export const responderFilters = ({ rows }: Sheet): readonly string[] =>
  rows.map(([kind, name]) => {
    const host = hostOf(`${name}`);
    const kinds = `handshake.kind == "${kind}"`;
    if (parseIpv4(host) !== undefined) return `${kinds} && ip.addr == ${host}`;
    if (isIpv6(host)) return `${kinds} && ipv6.addr == ${host}`;
    return kind === 'channel' && name !== OTHER_RESPONDERS ? `${kinds} && chan.peer == ${name}` : kinds;
  });

const placeOf = (kind: HandshakeKind): number => HANDSHAKE_KINDS.indexOf(kind);

const rowOf = (one: Responder): readonly Cell[] => [
  one.kind,
  one.name,
  one.begun,
  one.halfOpen,
  one.mostHalfOpen,
  one.mostPerSecond,
  one.sources,
  one.isExact ? undefined : 'about',
  one.completed,
  percent(one.completed, one.begun),
  one.refused,
  one.timedOut,
  one.cookiesSince === undefined ? undefined : Math.round(one.cookiesSince * 1e6) / 1e6,
  one.cookiesSince === undefined ? undefined : one.cookiesPacket,
];

/** A share in percent, to two places. */
const percent = (part: number, whole: number): number => Math.round((part / whole) * 1e4) / 100;

const COLUMNS: readonly Column[] = [
  { key: 'kind', head: 'Kind' },
  { key: 'responder', head: 'Responder' },
  { key: 'begun', head: 'Begun' },
  { key: 'half_open', head: 'Half-open', short: 'Half', spare: 1 },
  { key: 'most_half_open', head: 'at most', short: 'most', spare: 1 },
  { key: 'most_per_second', head: 'Per s', spare: 2 },
  { key: 'sources', head: 'Sources', short: 'From', spare: 2 },
  { key: 'sources_are', head: '', spare: 3 },
  { key: 'completed', head: 'Completed', short: 'Compl' },
  { key: 'completed_percent', head: '%', show: 'rounded' },
  { key: 'refused', head: 'Refused', short: 'Refus', spare: 1 },
  { key: 'timed_out', head: 'Timed out', short: 'Timed', spare: 1 },
  { key: 'cookies_since', head: 'Cookies since', show: 'seconds', short: 'Cookies', spare: 2 },
  { key: 'cookies_packet', head: 'in packet', short: 'packet', spare: 3 },
];
