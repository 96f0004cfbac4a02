import type { Layer } from '../../../dissectors/layer.js';
import {
  type Discovery,
  PADI,
  PADO,
  PADR,
  PADS,
  PADT,
  readDiscovery,
  sessionOf,
} from '../../../dissectors/pppoe/read.js';
import type { Ends } from '../ends.js';
import { etherEndsAround } from '../ether-ends.js';
import type { Handshake } from '../handshake.js';
import type { KindTracker, Step } from '../step.js';
import { grantedReason, silentReason } from './reasons.js';

const KIND = 'pppoe';
/** Three tries of 5 s. Source: RFC 2516, section 8, which leaves it to the host; the handshake page, part 1. */
const TRY_SECONDS = 15;
/** Offers of one attempt that a request may answer: networks have one or two access concentrators. */
const MOST_OFFERS = 8;
const ESTABLISHED = 'frames of the session went both ways';

/** What an access concentrator offered. */
interface Offer {
  readonly from: string;
  readonly cookie: string | undefined;
}

/** What a discovery keeps while it goes on. */
interface PppoeMemory {
  hostUniq: string | undefined;
  readonly offers: Offer[];
  /** The cookie that the last request returned, and whether a session was granted: its other end. */
  concentrator: string | undefined;
  session: number;
  /** Whether frames of the session were seen from the host, and to it. */
  isUsedByHost: boolean;
  isUsedByOther: boolean;
}

function memoryOf(row: Handshake): PppoeMemory {
  row.memory ??= {
    hostUniq: undefined,
    offers: [],
    concentrator: undefined,
    session: 0,
    isUsedByHost: false,
    isUsedByOther: false,
  };
  return row.memory as PppoeMemory;
}

const keyOf = (host: string, hostUniq: string | undefined): string => `${host} ${hostUniq ?? ''}`;

/** Follows PPPoE discovery: from a host to all, from access concentrators back, and the session that comes of it. */
export class PppoeTracker implements KindTracker {
  readonly kind = KIND;
  readonly layers = ['pppoed', 'pppoes'];
  readonly seconds = TRY_SECONDS;

  readonly expire = (row: Handshake): string => silentReason(row);

  take(step: Step, layer: Layer, place: number): void {
    const view = step.dissection.sources[layer.source]?.view;
    if (!view || layer.stop) return;
    if (layer.name === 'pppoes') return takeSession(step, sessionOf(view, layer), place);
    const found = readDiscovery(view, layer);
    const ends = found && etherEndsAround(step.dissection, place);
    if (!found || !ends) return;
    if (found.code === PADI) takeInitiation(step, found, ends);
    else if (found.code === PADO) takeOffer(step, layer, found, ends);
    else if (found.code === PADR) takeRequest(step, layer, found, ends);
    else if (found.code === PADS) takeGrant(step, layer, found, ends);
    else if (found.code === PADT) takeTermination(step, found, ends);
  }
}

const begin = (step: Step, host: string, responder: string, hostUniq: string | undefined): Handshake => {
  const id = hostUniq ?? host;
  const row = step.table.begin(step, { kind: KIND, initiator: host, responder, id, key: keyOf(host, hostUniq) });
  step.table.remember(row, host);
  memoryOf(row).hostUniq = hostUniq;
  return row;
};

const isOpen = ({ state }: Handshake): boolean => state === 'asked' || state === 'challenged' || state === 'echoed';

function takeInitiation(step: Step, { hostUniq, service }: Discovery, { from, to }: Ends): void {
  const { table } = step;
  const known = table.find(KIND, keyOf(from, hostUniq));
  const row = known && isOpen(known) ? known : begin(step, from, to, hostUniq);
  if (service) table.detail(row, 'service', service);
  table.message(step, row, 'PADI', true, { isFirst: true });
  table.setState(step, row, row.state, silentReason(row));
}

/** The row of a host that something is sent to; a Host-Uniq must come back as it was. */
function rowOf(step: Step, layer: Layer, host: string, { hostUniq }: Discovery): Handshake | undefined {
  const exact = step.table.find(KIND, keyOf(host, hostUniq));
  if (exact) return exact;
  const row = step.table.find(KIND, host);
  if (row && memoryOf(row).hostUniq !== hostUniq) step.note('pppoe-host-uniq-bad', layer);
  return row;
}

function takeOffer(step: Step, layer: Layer, found: Discovery, { from, to }: Ends): void {
  const { table } = step;
  const row = rowOf(step, layer, to, found) ?? begin(step, to, from, found.hostUniq);
  const { offers } = memoryOf(row);
  const isResent = offers.some((one) => one.from === from && one.cookie === found.cookie);
  if (!isResent) {
    if (offers.length >= MOST_OFFERS) offers.shift();
    offers.push({ from, cookie: found.cookie });
  }
  table.detail(row, 'concentrator', found.concentrator ? `${from} ${found.concentrator}` : from);
  table.message(step, row, 'PADO', false, { isResent, ...(found.concentrator && { note: found.concentrator }) });
  if (found.cookie !== undefined) {
    table.addEvidence(
      step,
      row,
      'likely',
      'an AC-Cookie: the access concentrator need not keep anything before the PADR',
    );
  }
  if (found.error !== undefined)
    return table.setState(step, row, 'refused', `the offer tells an error: ${found.error}`);
  if (row.state === 'asked' || row.state === 'timed-out') {
    table.setState(step, row, 'challenged', 'an access concentrator made an offer; no PADR so far');
  }
}

function takeRequest(step: Step, layer: Layer, found: Discovery, { from, to }: Ends): void {
  const { table } = step;
  const row =
    table.find(KIND, keyOf(from, found.hostUniq)) ?? table.find(KIND, from) ?? begin(step, from, to, found.hostUniq);
  const memory = memoryOf(row);
  const isResent = row.state === 'echoed';
  memory.concentrator = to;
  const offers = memory.offers.filter((one) => one.from === to);
  const note = judgeCookie(step, layer, row, offers, found.cookie);
  table.message(step, row, 'PADR', true, { isResent, ...(note && { note }) });
  if (row.state !== 'answered' && row.state !== 'established') {
    table.setState(step, row, 'echoed', 'a session was asked for; no PADS so far');
  }
}

/** Judges the cookie of a request by those of the offers of its access concentrator; tells what there is to say of it. */
function judgeCookie(
  step: Step,
  layer: Layer,
  row: Handshake,
  offers: readonly Offer[],
  cookie: string | undefined,
): string | undefined {
  if (offers.length === 0) {
    if (cookie !== undefined) row.cookieStatus = 'unknown';
    return 'offer not seen';
  }
  if (offers.some((one) => one.cookie === cookie)) {
    if (cookie !== undefined) row.cookieStatus = 'echo-ok';
    return cookie === undefined ? undefined : 'with the AC-Cookie';
  }
  row.cookieStatus = 'echo-bad';
  step.note('pppoe-cookie-bad', layer);
  return cookie === undefined ? 'without the AC-Cookie' : 'with another AC-Cookie';
}

function takeGrant(step: Step, layer: Layer, found: Discovery, { from, to }: Ends): void {
  const { table } = step;
  const row = rowOf(step, layer, to, found) ?? begin(step, to, from, found.hostUniq);
  const memory = memoryOf(row);
  const { session, error } = found;
  memory.concentrator = from;
  if (error !== undefined || session === 0) {
    table.message(step, row, 'PADS', false, { note: error ?? 'session 0' });
    const why = error ?? 'no session was granted';
    return table.setState(step, row, 'refused', `the access concentrator refused: ${why}`);
  }
  table.message(step, row, 'PADS', false, { isResent: memory.session === session });
  memory.session = session;
  table.remember(row, session);
  table.detail(row, 'session', `0x${session.toString(16).padStart(4, '0')}`);
  if (row.state !== 'established') table.setState(step, row, 'answered', grantedReason(session));
}

function takeTermination(step: Step, { session, error }: Discovery, { from, to }: Ends): void {
  const { table } = step;
  const row = table.find(KIND, session);
  if (!row || (row.initiator !== from && row.initiator !== to)) return;
  const isHost = row.initiator === from;
  table.message(step, row, 'PADT', isHost, error === undefined ? {} : { note: error });
  const who = isHost ? 'the host' : 'the access concentrator';
  const why = error === undefined ? '' : `: ${error}`;
  // The other side answers a PADT with one of its own.
  if (row.details?.ended_by !== undefined) return;
  table.detail(row, 'ended_by', who);
  if (row.state === 'answered') {
    table.setState(step, row, row.state, `${who} ended the session before frames of it went both ways${why}`);
  } else if (row.state === 'established') table.setState(step, row, row.state, `${ESTABLISHED}; ${who} ended it${why}`);
}

/** A frame of a session: most are of sessions that are in use. */
function takeSession(step: Step, session: number, place: number): void {
  const row = step.table.find(KIND, session);
  if (row?.state !== 'answered') return;
  const ends = etherEndsAround(step.dissection, place);
  const isHost = ends?.from === row.initiator;
  if (!ends || (!isHost && ends.to !== row.initiator)) return;
  const memory = memoryOf(row);
  const isKnown = isHost ? memory.isUsedByHost : memory.isUsedByOther;
  if (isKnown) return;
  if (isHost) memory.isUsedByHost = true;
  else memory.isUsedByOther = true;
  step.table.message(step, row, 'Session', isHost);
  if (memory.isUsedByHost && memory.isUsedByOther) step.table.setState(step, row, 'established', ESTABLISHED);
}
