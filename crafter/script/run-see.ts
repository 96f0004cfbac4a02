import { CLOSE_REASONS } from '../../dissectors/channel/messages.js';
import { differs } from './differs.js';
import { evaluate } from './evaluate.js';
import type { Failure } from './outcome.js';
import { done, finished, type Next, type Run, type RunEffect, situationOf } from './run-state.js';
import type { Scope } from './scope.js';
import type { FieldPlan, SightName, SightPlan, Step } from './script.js';
import { bytesText, sameBytes } from './shape.js';
import { type Seen, SIGHT_TEXTS, type Sight, sightValue } from './sight.js';
import { scopeOf } from './situation.js';

type SeeStep = Extract<Step, { kind: 'see' }>;

/** Waits for what the application of the built-in peer must see next, or for a time in which it sees nothing. */
export function see(run: Run, line: SeeStep, low: number, high: number, now: number): Next {
  const seen = asked(run);
  return line.sight ? awaitSight(run, line, line.sight, seen, low, high, now) : seeNothing(run, line, seen, high, now);
}

/** What was seen, without kinds that no line of the script asks for: those are nobody's business. */
function asked({ seen, script }: Run): readonly Seen[] {
  const names = new Set<SightName>();
  for (const step of script.steps) if (step.kind === 'see' && step.sight) names.add(step.sight.name);
  // A script that asks for nothing but silence means all of it.
  return names.size === 0 ? seen : seen.filter(({ sight }) => names.has(sight.name));
}

function seeNothing(run: Run, line: SeeStep, seen: readonly Seen[], until: number, now: number): Next {
  const first = seen.find(({ at }) => at <= until);
  if (first) {
    const expected = 'that the application sees nothing';
    return failed(run, line, { kind: 'seen otherwise', expected, actual: sightText(first.sight) }, first.at);
  }
  if (now < until) return [run, [{ type: 'wait', until }]];
  return [done(run, until), [{ type: 'passed', step: line, at: until }]];
}

function awaitSight(
  run: Run,
  line: SeeStep,
  plan: SightPlan,
  seen: readonly Seen[],
  low: number,
  high: number,
  now: number,
): Next {
  const [situation, after] = situationOf(run);
  const scope = scopeOf(situation, 'local');
  const expected = planText(plan);
  const [first] = seen;
  if (!first) {
    if (now < high) return [{ ...after(), seen }, [{ type: 'wait', until: high }]];
    return failed(run, line, { kind: 'seen otherwise', expected, actual: 'nothing' }, now);
  }
  const taken = first.sight.name === plan.name ? take(plan, seen, scope) : WRONG;
  if (taken === 'more') {
    if (now < high) return [{ ...after(), seen }, [{ type: 'wait', until: high }]];
    return failed(run, line, { kind: 'seen otherwise', expected, actual: sightText(first.sight) }, now);
  }
  if (taken === WRONG) {
    return failed(run, line, { kind: 'seen otherwise', expected, actual: sightText(first.sight) }, first.at);
  }
  const { at, rest } = taken;
  if (at < low || at > high) {
    const span = { low: Math.max(0, low - run.startedAt), high: high - run.startedAt };
    const kind = at < low ? ('seen too early' as const) : ('seen too late' as const);
    return failed(run, line, { kind, ...span }, at);
  }
  const effects: readonly RunEffect[] = [{ type: 'passed', step: line, at }];
  return [done({ ...after(), seen: rest }, at), effects];
}

const WRONG = 'wrong';

type Taken = { readonly at: number; readonly rest: readonly Seen[] } | 'more' | typeof WRONG;

/** Takes what is expected from the front of what was seen. */
function take(plan: SightPlan, seen: readonly Seen[], scope: Scope): Taken {
  const [first, ...rest] = seen;
  if (!first) return 'more';
  const { sight } = first;
  const field = plan.fields[0];
  if (field && sight.name === 'receive' && sight.isStream) return takeStream(field, seen, scope);
  const isRight = plan.fields.every((one) => differs(one, sightValue(sight, one.shape.key), scope) === undefined);
  return isRight ? { at: first.at, rest } : WRONG;
}

/** The next bytes of a stream, however they were cut. A pattern that is open at its end takes all that is there. */
function takeStream(field: FieldPlan, seen: readonly Seen[], scope: Scope): Taken {
  const { shape, pattern } = field;
  const value = pattern.kind === 'is' || pattern.kind === 'starts' ? evaluate(pattern.value, shape, scope) : undefined;
  const wanted = value instanceof Uint8Array ? value : undefined;
  const most = pattern.kind === 'is' && wanted ? wanted.length : Number.POSITIVE_INFINITY;
  const pieces: Uint8Array[] = [];
  let [length, place, at] = [0, 0, 0];
  for (; place < seen.length && length < most; place++) {
    const one = seen[place];
    if (one?.sight.name !== 'receive') break;
    pieces.push(one.sight.data);
    length += one.sight.data.length;
    at = one.at;
  }
  const bytes = joined(pieces, length);
  if (wanted && length < wanted.length) {
    const isBeginning = sameBytes(wanted.subarray(0, length), bytes);
    return isBeginning && place === seen.length ? 'more' : WRONG;
  }
  const taken = pattern.kind === 'is' && wanted ? bytes.subarray(0, wanted.length) : bytes;
  if (differs(field, taken, scope) !== undefined) return WRONG;
  const left = bytes.subarray(taken.length);
  const after = seen.slice(place);
  if (left.length === 0) return { at, rest: after };
  return { at, rest: [{ at, sight: { name: 'receive', data: left, isStream: true } }, ...after] };
}

function joined(pieces: readonly Uint8Array[], length: number): Uint8Array {
  const all = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}

type Why = Failure extends infer One ? (One extends Failure ? Omit<One, 'step' | 'at'> : never) : never;

function failed(run: Run, step: SeeStep, why: Why, at: number): Next {
  const failure = { step, at: at - run.startedAt, ...why } as Failure;
  return finished(run, { verdict: 'fail', failure }, []);
}

function planText({ name, fields }: SightPlan): string {
  return `that ${SIGHT_TEXTS[name]}${fields.length > 0 ? ` as the line says` : ''}`;
}

function sightText(sight: Sight): string {
  const text = SIGHT_TEXTS[sight.name];
  if (sight.name === 'receive') return `${text}: ${bytesText(sight.data)}`;
  return sight.name === 'closed' ? `${text}: ${CLOSE_REASONS[sight.reason] ?? sight.reason}` : text;
}
