import { HANDSHAKE_KINDS, HANDSHAKE_STATES, type Handshake, isHalfOpen } from '../handshakes/handshake.js';
import type { Responder } from '../handshakes/responders.js';
import type { HandshakeTracker } from '../handshakes/tracker.js';
import type { Moment } from '../secrets/secrets.js';
import type { HandshakeRow } from './handshake-row.js';

/** Handshakes that travel to the screens: more are in no list that anybody reads, and each takes some 400 bytes there. */
export const MOST_SHOWN = 65_536;

const allocate = (rows: number) => ({
  number: new Uint32Array(rows),
  /** Places in the tables of each. */
  kind: new Uint8Array(rows),
  state: new Uint8Array(rows),
  findings: new Uint32Array(rows),
  /** The first round trip in seconds; −1 where there is none. */
  rtt: new Float64Array(rows),
  /** Where the text of each begins, and one more for the end of the last. */
  at: new Uint32Array(rows + 1),
});

/** The handshakes of a capture as they stood once, in the order of their numbers: columns to sort by, and a text a row. */
export type HandshakeColumns = ReturnType<typeof allocate> & {
  readonly count: number;
  readonly forgotten: number;
  readonly began: Moment;
  /** What the handshakes with each responder add up to. */
  readonly responders: readonly Responder[];
  /** JSON of the rows, back to back. */
  readonly text: string;
};

export const NO_HANDSHAKES: HandshakeColumns = {
  ...allocate(0),
  count: 0,
  forgotten: 0,
  began: { seconds: 0, nanos: 0 },
  responders: [],
  text: '',
};

/** What a tracker knows of handshakes now. Where there are too many, half-open ones go first, and then the oldest. */
export function handshakeColumns({ table, began = NO_HANDSHAKES.began }: HandshakeTracker): HandshakeColumns {
  const rows = chosenOf([...table.rows.values()]);
  const columns = allocate(rows.length);
  const texts: string[] = [];
  let at = 0;
  for (const [place, row] of rows.entries()) {
    columns.number[place] = row.number;
    columns.kind[place] = HANDSHAKE_KINDS.indexOf(row.kind);
    columns.state[place] = HANDSHAKE_STATES.indexOf(row.state);
    columns.findings[place] = row.findings;
    columns.rtt[place] = row.rttChallenge ?? row.rttAnswer ?? -1;
    columns.at[place] = at;
    const text = JSON.stringify(shownOf(row));
    texts.push(text);
    at += text.length;
  }
  columns.at[rows.length] = at;
  const forgotten = table.forgotten + table.rows.size - rows.length;
  const responders = [...table.responders.list()].map(plainOf);
  return { ...columns, count: rows.length, forgotten, began, responders, text: texts.join('') };
}

function chosenOf(rows: readonly Handshake[]): readonly Handshake[] {
  if (rows.length <= MOST_SHOWN) return rows;
  const proven = rows.filter((row) => !isHalfOpen(row)).slice(-MOST_SHOWN);
  const room = MOST_SHOWN - proven.length;
  const open = room === 0 ? [] : rows.filter(isHalfOpen).slice(-room);
  return [...proven, ...open].sort((one, other) => one.number - other.number);
}

/** Counts as they stand now. */
const plainOf = (one: Responder): Responder => ({
  kind: one.kind,
  name: one.name,
  begun: one.begun,
  halfOpen: one.halfOpen,
  mostHalfOpen: one.mostHalfOpen,
  mostPerSecond: one.mostPerSecond,
  sources: one.sources,
  isExact: one.isExact,
  completed: one.completed,
  refused: one.refused,
  timedOut: one.timedOut,
  first: one.first,
  last: one.last,
  cookiesSince: one.cookiesSince,
  cookiesPacket: one.cookiesPacket,
});

/** A row without what only its tracker needs. */
const shownOf = (row: Handshake): HandshakeRow => ({
  number: row.number,
  kind: row.kind,
  channel: row.channel,
  initiator: row.initiator,
  responder: row.responder,
  id: row.id,
  state: row.state,
  cookieStatus: row.cookieStatus,
  proofStatus: row.proofStatus,
  stateless: row.stateless,
  evidence: row.evidence,
  attempts: row.attempts,
  resent: row.resent,
  first: row.first,
  last: row.last,
  begun: row.begun,
  rttChallenge: row.rttChallenge,
  rttEcho: row.rttEcho,
  rttAnswer: row.rttAnswer,
  messages: row.messages,
  unlisted: row.unlisted,
  reason: row.reason,
  details: row.details,
  findings: row.findings,
  worst: row.worst,
});
