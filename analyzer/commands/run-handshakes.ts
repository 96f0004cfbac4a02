import type { Handshake, HandshakeKind } from '../handshakes/handshake.js';
import { csvLine } from '../print/csv.js';
import { handshakeRowJson } from '../print/json-handshake.js';
import { table } from '../print/table.js';
import { microsIf } from '../text/elapsed.js';
import { printable } from '../text/printable.js';
import { capturesNamed } from './captures-named.js';
import { explained } from './explaining.js';
import type { Io } from './io.js';
import { Output } from './output.js';
import { examineAll, numbersTouched, tellProblems } from './reading.js';
import type { ReadingOptions } from './reading-options.js';
import { openLinked } from './two-passes.js';
import { UsageError } from './usage-error.js';

/** The options of `handshark handshakes`. */
export interface HandshakesOptions extends ReadingOptions {
  readonly format: 'text' | 'json' | 'csv';
  /** All, if there are none. */
  readonly kind: readonly HandshakeKind[];
}

/** Prints a row or an object a handshake. */
export async function handshakes(files: readonly string[], options: HandshakesOptions, io: Io): Promise<void> {
  if (await explained(options, io)) return;
  if (!options.track) throw new UsageError('--no-track: handshakes are what is followed');
  const captures = await capturesNamed(files, options);
  const passes =
    options.filter === undefined ? undefined : (await import('../filter/compile.js')).compileFilter(options.filter);
  const reading = await openLinked(captures, options, io);
  const { table: followed } = reading.examiner.handshakes;
  let chosen: ReadonlySet<number> | undefined;
  try {
    if (passes) chosen = await numbersTouched(reading, passes, options.count, ({ facts }) => facts.handshakes);
    else await examineAll(reading, options.count);
  } finally {
    await reading.capture.close();
  }
  if (!options.quiet) {
    const kinds = new Set(options.kind);
    const isWanted = ({ number, kind }: Handshake): boolean =>
      (!chosen || chosen.has(number)) && (kinds.size === 0 || kinds.has(kind));
    await print([...followed.rows.values()].filter(isWanted), options.format, new Output(io.stdout));
    if (followed.forgotten > 0) {
      io.remark(
        `handshakes forgotten to stay within bounds, oldest half-open first: ${captures.title}: ${followed.forgotten}`,
      );
    }
  }
  tellProblems(reading, io);
}

async function print(rows: readonly Handshake[], format: HandshakesOptions['format'], output: Output): Promise<void> {
  for (const line of linesOf(rows, format)) {
    const waits = output.write(`${line}\n`);
    if (waits) await waits;
  }
  await output.flush();
}

function linesOf(rows: readonly Handshake[], format: HandshakesOptions['format']): Iterable<string> {
  switch (format) {
    case 'json':
      return rows.map(handshakeRowJson);
    case 'csv':
      return [csvLine(Object.keys(CSV)), ...rows.map((row) => csvLine(Object.values(CSV).map((cell) => cell(row))))];
    case 'text':
      return table(HEADS, rows.map(cellsOf), RIGHT);
  }
}

/** A time in seconds as microseconds, to the nanosecond. */
const microsText = (seconds: number | undefined): string => `${microsIf(seconds) ?? ''}`;

const CSV: Readonly<Record<string, (row: Handshake) => string>> = {
  number: ({ number }) => `${number}`,
  kind: ({ kind }) => kind,
  initiator: ({ initiator }) => printable(initiator),
  responder: ({ responder }) => printable(responder),
  id: ({ id }) => printable(id),
  state: ({ state }) => state,
  cookie_status: ({ cookieStatus }) => cookieStatus ?? '',
  proof_status: ({ proofStatus }) => proofStatus ?? '',
  stateless: ({ stateless }) => stateless,
  attempts: ({ attempts }) => `${attempts}`,
  resent: ({ resent }) => `${resent}`,
  rtt_challenge_us: ({ rttChallenge }) => microsText(rttChallenge),
  rtt_echo_us: ({ rttEcho }) => microsText(rttEcho),
  rtt_answer_us: ({ rttAnswer }) => microsText(rttAnswer),
  first: ({ first }) => `${first}`,
  last: ({ last }) => `${last}`,
  reason: ({ reason }) => printable(reason),
};

const HEADS = ['No.', 'Kind', 'Initiator', 'Responder', 'Id', 'State', 'Cookie', 'Proof', 'RTT ms', 'Reason'] as const;
const RIGHT = HEADS.map((head) => head === 'No.' || head === 'RTT ms');

/** Of an id as long as a peer's, the beginning tells enough. */
const PEER = /^[0-9a-f]{32}$/;
const shortEnd = (end: string): string => (PEER.test(end) ? `${end.slice(0, 8)}…` : printable(end));

function cellsOf(row: Handshake): readonly string[] {
  const { number, kind, initiator, responder, id, state, cookieStatus, proofStatus, reason } = row;
  const rtt = row.rttChallenge ?? row.rttAnswer;
  return [
    `${number}`,
    kind,
    shortEnd(initiator),
    shortEnd(responder),
    printable(id),
    state,
    cookieStatus ?? '',
    proofStatus ?? '',
    rtt === undefined ? '' : (rtt * 1e3).toFixed(3),
    printable(reason),
  ];
}
