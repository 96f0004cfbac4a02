import { SEVERITIES, severityOf } from '../../dissectors/wire/finding.js';
import { STATES } from '../track/channel.js';
import type { Examined, Examiner, Records } from '../track/examine.js';
import type { ConversationFacts } from '../track/segment-facts.js';
import { standingOf } from './columns.js';
import { writeFacts } from './facts-pool.js';
import { IndexWriter } from './index-writer.js';
import { Ints } from './ints.js';
import { KnownColumns } from './known-columns.js';

/** What the rows of a capture are made with: one of each for the whole of it. */
export interface Scanner {
  readonly examiner: Examiner;
  readonly known: KnownColumns;
  readonly writer: IndexWriter;
  /** Facts of one packet on their way into the pool. */
  readonly scratch: Ints;
}

export const scannerOf = (examiner: Examiner, seed: number, keep?: number): Scanner => ({
  examiner,
  known: new KnownColumns(seed),
  writer: new IndexWriter(keep),
  scratch: new Ints(),
});

/**
 * Examines some packets of a capture, in order, and makes their rows. Pure: tests need no thread and no file.
 * @param base where byte 0 of the view lies in the file
 * @param first the number of the first packet, from 1
 * @param from which of them, when they are examined in several steps: `[from, to)`
 */
export function scan(
  { examiner, known, writer, scratch }: Scanner,
  batch: Records,
  base: number,
  first: number,
  from = 0,
  to = batch.records.count,
): void {
  const { view, records, linkTypes } = batch;
  if (from === 0) examiner.begin(batch);
  for (let place = from; place < to; place++) {
    const row = writer.next();
    const { columns } = writer;
    const at = records.at[place] ?? 0;
    const captured = records.captured[place] ?? 0;
    const wire = records.wire[place] ?? 0;
    const seconds = records.seconds[place] ?? 0;
    const nanos = records.nanos[place] ?? 0;
    columns.offset[row] = base + at;
    columns.captured[row] = captured;
    columns.wire[row] = wire;
    columns.seconds[row] = seconds;
    columns.nanos[row] = nanos;
    columns.interfaceId[row] = records.interfaceId[place] ?? 0;
    const examined = examiner.examine(view, at, captured, wire, linkTypes(place), first + place, seconds, nanos, place);
    columns.severity[row] = severityColumn(examined);
    known.fill(columns, row, examined.dissection);
    const { facts, contributions } = examined;
    const touched = facts.channels[0];
    if (touched) {
      columns.channel[row] = touched.number;
      columns.start[row] = touched.start ?? 0;
      columns.standing[row] = standingOf(STATES.indexOf(touched.state), touched.caps);
    }
    const { conversations } = facts;
    if (conversations && isOneFlow(conversations)) columns.flow[row] = (conversations.flows[0] ?? 0) + 1;
    if (isPlain(examined) && contributions.length === 0) continue;
    scratch.clear();
    writeFacts(facts, contributions, scratch);
    writer.addFacts(row, scratch);
  }
}

/** Whether the columns say all of a packet's facts: it touches no channel, or the one that its own header names. */
function isPlain({ dissection, facts }: Examined): boolean {
  const { channels, verdicts, findings, conversations, handshakes } = facts;
  if (conversations && !isOneFlow(conversations)) return false;
  if (handshakes || channels.length > 1 || verdicts.length > 0 || findings.length > 0) return false;
  const [touched] = channels;
  if (!touched) return true;
  const { c1, c2, caps } = touched;
  return c2 !== undefined && ((c1 << 16) | c2) >>> 0 === dissection.channels[0]?.id && (caps ?? 0) <= 7;
}

/** Whether the column of flows says all of a packet's conversations. */
const isOneFlow = ({ flows, segments }: ConversationFacts): boolean => flows.length === 1 && segments.length === 0;

/** 0 for no finding, else one more than the place of the worst in `SEVERITIES`. */
function severityColumn({ dissection, facts }: Examined): number {
  let worst = 0;
  for (const finding of dissection.findings) worst = Math.max(worst, SEVERITIES.indexOf(severityOf(finding)) + 1);
  for (const finding of facts.findings) worst = Math.max(worst, SEVERITIES.indexOf(severityOf(finding)) + 1);
  return worst;
}
