import { type FieldSink, tellLayout } from '../wire/sink.js';
import { slice } from '../wire/view.js';
import { BYTES, LEASE_TIME, latestPart, MARKS, paxosHead, SENT_TIME, TIME_SIZE, valuePart } from './layout.js';
import { OPERATIONS, ROLES } from './numbers.js';

const op = paxosHead.fields['msg.mon_paxos.op'];
const pn = paxosHead.fields['msg.mon_paxos.pn'];
const LATEST_AT = paxosHead.size + 2 * TIME_SIZE;
/** Values of one message that are told: a LAST brings a peon up to date with some. */
const MOST_VALUES = 64;

/** What a message of Paxos says. Numbers are as exact as a double: a proposal number is a hundred times a count. */
export interface PaxosMessage {
  readonly epoch: number;
  readonly op: number;
  readonly firstCommitted: number;
  readonly lastCommitted: number;
  readonly pn: number;
  readonly uncommitted: number;
  /** The versions whose values it carries, and a checksum of each value's size and bytes is left to whoever compares. */
  readonly values: readonly { readonly version: number; readonly at: number; readonly end: number }[];
}

const long = (view: DataView, at: number): number => view.getUint32(at + 4, true) * 2 ** 32 + view.getUint32(at, true);

/** Reads the front of a message of Paxos, `[at, end)`; undefined where it is too short. */
export function readPaxos(view: DataView, at: number, end: number): PaxosMessage | undefined {
  if (at + paxosHead.size > end) return undefined;
  const { fields } = paxosHead;
  const place = (name: keyof typeof fields): number => at + fields[name].offset;
  return {
    epoch: fields['msg.mon_paxos.epoch'].read(view, at),
    op: op.read(view, at),
    firstCommitted: long(view, place('msg.mon_paxos.first')),
    lastCommitted: long(view, place('msg.mon_paxos.last')),
    pn: long(view, place('msg.mon_paxos.pn')),
    uncommitted: long(view, place('msg.mon_paxos.pnuncommitted')),
    values: valuesIn(view, at, end),
  };
}

/** Where the values of a message of Paxos are. */
function valuesIn(view: DataView, at: number, end: number) {
  const values: { version: number; at: number; end: number }[] = [];
  let start = valuesAt(view, at, end);
  if (start < 0) return values;
  for (let left = view.getUint32(start - 4, true); left > 0 && values.length < MOST_VALUES; left--) {
    if (start + valuePart.size > end) break;
    const from = start + valuePart.size;
    const to = from + valuePart.fields['msg.mon_paxos.val.size'].read(view, start);
    if (to > end) break;
    values.push({ version: long(view, start), at: from, end: to });
    start = to;
  }
  return values;
}

/** Where the first of the values begins, behind their number; −1 where the message ends before. */
function valuesAt(view: DataView, at: number, end: number): number {
  const latest = at + LATEST_AT;
  if (latest + latestPart.size > end) return -1;
  const start = latest + latestPart.size + latestPart.fields['msg.mon_paxos.latest_val.size'].read(view, latest) + 4;
  return start > end ? -1 : start;
}

/** A message of Paxos in a few words: `BEGIN (PROPOSE) pn 300`. */
export function paxosText(view: DataView, at: number, end: number): string {
  if (at + paxosHead.size > end) return 'cut off';
  const code = op.read(view, at);
  const word = OPERATIONS[code] ?? `op ${code}`;
  const role = ROLES[code];
  const name = role === undefined || role === word ? word : `${word} (${role})`;
  const number = long(view, at + pn.offset);
  const values = valuesIn(view, at, end);
  const versions = values.map(({ version }) => version);
  const about = versions.length === 0 ? '' : ` version ${versions.join(' ')}`;
  return `${name}${number === 0 ? '' : ` pn ${number}`}${about}`;
}

/** Tells the front `[at, end)` of a message of Paxos. */
export function tellPaxos(sink: FieldSink, view: DataView, at: number, end: number): void {
  const limit = { captured: end, wire: end };
  sink.openValue(MARKS.paxos, true, at, end, sink.shows ? `Paxos: ${paxosText(view, at, end)}` : '');
  const isWhole = tellLayout(sink, paxosHead, view, at, limit);
  const times = at + paxosHead.size;
  if (isWhole && times + 2 * TIME_SIZE <= end) {
    sink.value(LEASE_TIME, timeText(view, times), times, times + TIME_SIZE);
    sink.value(SENT_TIME, timeText(view, times + TIME_SIZE), times + TIME_SIZE, times + 2 * TIME_SIZE);
    tellLatest(sink, view, at, end);
  }
  sink.close();
}

function tellLatest(sink: FieldSink, view: DataView, at: number, end: number): void {
  const latest = at + LATEST_AT;
  const limit = { captured: end, wire: end };
  if (!tellLayout(sink, latestPart, view, latest, limit)) return;
  const from = latest + latestPart.size;
  const to = Math.min(end, from + latestPart.fields['msg.mon_paxos.latest_val.size'].read(view, latest));
  if (to > from && sink.wants(BYTES.latest.path)) sink.value(BYTES.latest, slice(view, from, to), from, to);
  for (const value of valuesIn(view, at, end)) {
    const start = value.at - valuePart.size;
    sink.openValue(MARKS.value, true, start, value.end, `Proposal of version ${value.version}`);
    tellLayout(sink, valuePart, view, start, limit);
    if (value.end > value.at && sink.wants(BYTES.value.path)) {
      sink.value(BYTES.value, slice(view, value.at, value.end), value.at, value.end);
    }
    sink.close();
  }
}

/** A time of 8 bytes: seconds since 1970, then nanoseconds. */
export function timeText(view: DataView, at: number): string {
  const seconds = view.getUint32(at, true);
  const nanos = view.getUint32(at + 4, true);
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}.${`${nanos}`.padStart(9, '0')}Z`;
}
