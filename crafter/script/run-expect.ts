import { type Judge, mismatch } from './match.js';
import type { Failure, Received } from './outcome.js';
import { done, finished, kept, type Next, type Run, type RunEffect, situationOf } from './run-state.js';
import type { Step } from './script.js';
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
  const left = { ...after(), waiting: run.waiting.slice(effects.length) };
  if (now < until) return [left, [...effects, { type: 'wait', until }]];
  return [done(left, until), [...effects, { type: 'passed', step: line, at: until }]];
}

const judgeOf = (run: Run): readonly [Judge, () => Run] => {
  const [situation, after] = situationOf(run);
  return [judgeIn(situation), after];
};

function isIgnored({ script, taken }: Run, { bytes }: Received, judge: Judge): boolean {
  if (taken.some((before) => sameBytes(before, bytes))) return true;
  return script.ignores.some((plan) => mismatch(plan, bytes, judge) === undefined);
}

/** Waits for a packet, and judges the first that comes. */
export function expect(
  run: Run,
  line: Extract<Step, { kind: 'expect' }>,
  low: number,
  high: number,
  now: number,
): Next {
  const [judge, after] = judgeOf(run);
  const effects: RunEffect[] = [];
  for (const [place, packet] of run.waiting.entries()) {
    const wrong = wrongIn(line, packet, judge, run, low, high);
    if (!wrong) {
      const rest = { ...after(), waiting: run.waiting.slice(place + 1), taken: takenWith(run, packet) };
      const next = done(kept(rest, line.packet, packet.bytes, 'came'), packet.at);
      return [next, [...effects, { type: 'passed', step: line, at: packet.at, packet }]];
    }
    if (wrong.kind === 'mismatch' && isIgnored(run, packet, judge)) {
      effects.push({ type: 'ignored', packet });
    } else if (line.isOptional) {
      const rest = { ...after(), waiting: run.waiting.slice(place) };
      return [done(rest, run.lastAt), [...effects, { type: 'passed', step: line, at: run.lastAt }]];
    } else {
      return finished(run, { verdict: 'fail', failure: wrong }, effects);
    }
  }
  const left = { ...after(), waiting: [] };
  if (now < high) return [left, [...effects, { type: 'wait', until: high }]];
  if (line.isOptional) return [done(left, high), [...effects, { type: 'passed', step: line, at: high }]];
  const [at, latest] = [now - run.startedAt, high - run.startedAt];
  return finished(left, { verdict: 'fail', failure: { step: line, at, kind: 'nothing came', high: latest } }, effects);
}

const takenWith = ({ script, taken }: Run, { bytes }: Received): readonly Uint8Array[] =>
  script.ignoresRepeats ? [...taken, bytes] : taken;

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
