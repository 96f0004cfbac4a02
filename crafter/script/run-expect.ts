import { UnknownName } from './evaluate.js';
import { Growing } from './growing.js';
import { type Judge, mismatch } from './match.js';
import type { Failure, Received } from './outcome.js';
import { done, finished, kept, type Next, type Run, type RunEffect, situationOf } from './run-state.js';
import type { PacketPlan, Step } from './script.js';
import { sameBytes } from './shape.js';
import { judgeIn } from './situation.js';

/** Waits for a time in which nothing may come. */
export function silence(run: Run, line: Step, until: number, now: number): Next {
  const [judge, after] = judgeOf(run);
  const effects: RunEffect[] = [];
  for (const packet of run.waiting) {
    if (packet.at > until) break;
    if (!isIgnored(run, packet, judge)) {
      const failure: Failure = {
        step: line,
        at: packet.at - run.startedAt,
        kind: 'unexpected',
        packet,
        until: until - run.startedAt,
      };
      return finished(run, { verdict: 'fail', failure }, effects);
    }
    effects.push({ type: 'ignored', packet });
  }
  const left = { ...after(), waiting: run.waiting.after(effects.length) };
  if (now < until) return [left, [...effects, { type: 'wait', until }]];
  return [done(left, until), [...effects, { type: 'passed', step: line, at: until }]];
}

const judgeOf = (run: Run): readonly [Judge, () => Run] => {
  const [situation, after] = situationOf(run);
  return [judgeIn(situation), after];
};

function isIgnored({ script, taken }: Run, { bytes }: Received, judge: Judge): boolean {
  for (const before of taken) if (sameBytes(before, bytes)) return true;
  return script.ignores.some((plan) => isThat(plan, bytes, judge));
}

/** Whether a packet is one to pass over; none is that is told by a variable which no line has kept yet. */
function isThat(plan: PacketPlan, bytes: Uint8Array, judge: Judge): boolean {
  try {
    return mismatch(plan, bytes, judge) === undefined;
  } catch (error) {
    if (error instanceof UnknownName) return false;
    throw error;
  }
}

type ExpectStep = Extract<Step, { kind: 'expect' }>;

/** A line whose packet may come now, by its place among the steps. */
interface Awaited {
  readonly place: number;
  readonly line: ExpectStep;
}

/** The line that comes next, and those that may come in its place, without those that came. */
function awaitedIn({ script, next, met }: Run): readonly Awaited[] {
  const awaited: Awaited[] = [];
  for (let place = next; place < script.steps.length; place++) {
    const line = script.steps[place];
    if (line?.kind !== 'expect' || (place > next && line.time.kind !== 'also')) break;
    if (!met.has(place)) awaited.push({ place, line });
  }
  return awaited;
}

/** Waits for a packet, and judges the first that comes. */
export function expect(run: Run, low: number, high: number, now: number): Next {
  const awaited = awaitedIn(run);
  const [first] = awaited;
  if (!first) return [run, []];
  const { line } = first;
  const [judge, after] = judgeOf(run);
  const effects: RunEffect[] = [];
  let place = -1;
  for (const packet of run.waiting) {
    place += 1;
    const found = awaited.find((one) => !wrongIn(one.line, packet, judge, run, low, high));
    if (found) {
      const rest = { ...after(), waiting: run.waiting.after(place + 1), taken: takenWith(run, packet) };
      const next = kept(rest, found.line.packet, packet.bytes, 'came');
      return [met(next, found.place, awaited.length, packet.at), [...effects, passed(found.line, packet)]];
    }
    const wrong = wrongIn(line, packet, judge, run, low, high);
    if (wrong?.kind === 'mismatch' && isIgnored(run, packet, judge)) {
      effects.push({ type: 'ignored', packet });
    } else if (line.isOptional) {
      const rest = { ...after(), waiting: run.waiting.after(place) };
      return [done(rest, run.lastAt, 1 + line.skips), [...effects, { type: 'passed', step: line, at: run.lastAt }]];
    } else if (wrong) {
      return finished(run, { verdict: 'fail', failure: wrong }, effects);
    }
  }
  const left = { ...after(), waiting: Growing.of<Received>() };
  if (now < high) return [left, [...effects, { type: 'wait', until: high }]];
  if (line.isOptional)
    return [done(left, high, 1 + line.skips), [...effects, { type: 'passed', step: line, at: high }]];
  const [at, latest] = [now - run.startedAt, high - run.startedAt];
  return finished(left, { verdict: 'fail', failure: { step: line, at, kind: 'nothing came', high: latest } }, effects);
}

const passed = (step: Step, packet: Received): RunEffect => ({ type: 'passed', step, at: packet.at, packet });

/** The run after a line whose packet came: it goes on when none is awaited any more. */
function met(run: Run, place: number, awaited: number, at: number): Run {
  if (awaited === 1 && run.met.size === 0) return done(run, at);
  const times = new Map(run.met).set(place, at);
  if (awaited > 1) return { ...run, met: times };
  return done({ ...run, met: new Map() }, Math.max(...times.values()), times.size);
}

const takenWith = ({ script, taken }: Run, { bytes }: Received): Run['taken'] =>
  script.ignoresRepeats ? taken.with(bytes) : taken;

/** Why a packet is not the one that a line expects; undefined if it is. */
function wrongIn(
  line: Extract<Step, { kind: 'expect' }>,
  packet: Received,
  judge: Judge,
  { startedAt }: Run,
  low: number,
  high: number,
): Failure | undefined {
  const base = { step: line, at: packet.at - startedAt, packet };
  if (packet.via !== line.packet.via) {
    const wrong = { field: 'port', expected: `port ${line.packet.via}`, actual: `port ${packet.via}` };
    return { ...base, kind: 'mismatch', mismatch: wrong };
  }
  const wrong = mismatch(line.packet, packet.bytes, judge);
  if (wrong) return { ...base, kind: 'mismatch', mismatch: wrong };
  if (packet.at >= low && packet.at <= high) return undefined;
  const span = { low: Math.max(0, low - startedAt), high: high - startedAt };
  return { ...base, kind: packet.at < low ? 'too early' : 'too late', ...span };
}
