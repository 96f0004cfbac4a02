import { seeded } from '../seeded.js';
import { captured } from './actual.js';
import { Growing } from './growing.js';
import { packetIn } from './match.js';
import { type Draft, learned, NO_NUMBERS, type Numbers, nextOf } from './numbers.js';
import type { Outcome, Received } from './outcome.js';
import { readProtocol } from './protocol.js';
import type { Held } from './scope.js';
import type { CommandName, PacketPlan, ProtocolPlan, Script, Step } from './script.js';
import type { FieldValue } from './shape.js';
import type { Seen, Sight } from './sight.js';
import type { Situation } from './situation.js';

/** A script that is being run. Times are in milliseconds, on the caller's clock. */
export interface Run {
  readonly script: Script;
  readonly seed: number;
  readonly local: Uint8Array;
  readonly secret: Uint8Array;
  /** Unknown until the first packet, where the script listens to anyone. */
  readonly remote: Uint8Array | undefined;
  /** The line that comes next, by its place among the steps. */
  readonly next: number;
  readonly startedAt: number;
  /** When the line before happened. */
  readonly lastAt: number;
  readonly variables: ReadonlyMap<string, Held>;
  readonly numbers: Numbers;
  /** Packets that came and that no line has looked at. */
  readonly waiting: Growing<Received>;
  /** Of lines that come in whatever order, those that came, by their places among the steps, and when. */
  readonly met: ReadonlyMap<number, number>;
  /** What the application of the built-in peer saw and no line has looked at. */
  readonly seen: readonly Seen[];
  /** How many packets of the line at hand have left, where it sends many. */
  readonly copies: number;
  /** What is learned of them, while there are more to come: it is added to in place. */
  readonly draft: Draft | undefined;
  /** What came and was taken, where repeats are passed over. */
  readonly taken: Growing<Uint8Array>;
  /** How often chance was asked. */
  readonly draws: number;
  readonly outcome: Outcome | undefined;
}

export type RunEvent =
  | { readonly type: 'start' }
  | { readonly type: 'packet'; readonly bytes: Uint8Array; readonly via: number }
  | { readonly type: 'seen'; readonly sight: Sight }
  | { readonly type: 'tick' }
  | { readonly type: 'unreachable'; readonly why: string };

/** What the caller must do, or may want to report, in order. */
export type RunEffect =
  | { readonly type: 'send'; readonly bytes: Uint8Array; readonly via: number; readonly step: Step }
  /** Come back with a tick then, unless something happens before. */
  | { readonly type: 'wait'; readonly until: number }
  | {
      readonly type: 'command';
      readonly name: CommandName;
      readonly given: Readonly<Record<string, FieldValue>>;
      readonly step: Step;
    }
  /** A line is done: what came is what it expects, or may come and did not. */
  | { readonly type: 'passed'; readonly step: Step; readonly at: number; readonly packet?: Received }
  | { readonly type: 'ignored'; readonly packet: Received }
  | { readonly type: 'done'; readonly outcome: Outcome };

export type Next = readonly [Run, readonly RunEffect[]];

const PEER = 16;
const SECRET = 32;

/**
 * A run that has not started.
 * @param seed of everything random in it
 */
export function newRun(script: Script, seed: number): Run {
  const { local, secret, remote, remoteSecret } = script;
  const chance = seeded(seed);
  const [drawnLocal, drawnSecret] = [chance.bytes(PEER), chance.bytes(SECRET)];
  const own = {
    local: local === 'random' ? drawnLocal : local,
    secret: secret === 'random' ? drawnSecret : secret,
    ...(remote !== 'any' && { remote }),
    ...(remoteSecret && { remote_secret: remoteSecret }),
  };
  return {
    script,
    seed,
    local: own.local,
    secret: own.secret,
    remote: own.remote,
    next: 0,
    startedAt: 0,
    lastAt: 0,
    variables: new Map<string, Held>(Object.entries(own)),
    numbers: NO_NUMBERS,
    waiting: Growing.of(),
    met: new Map(),
    seen: [],
    copies: 0,
    draft: undefined,
    taken: Growing.of(),
    draws: 0,
    outcome: undefined,
  };
}

/** What is known now, and the run after chance was asked. */
export function situationOf(run: Run): readonly [Situation, () => Run] {
  const { script, local, remote, secret, numbers, variables, seed } = run;
  let { draws } = run;
  const situation: Situation = {
    dialect: script.dialect,
    role: script.role,
    local,
    remote,
    secret,
    remoteSecret: script.remoteSecret,
    variable: (name) => variables.get(name),
    names: () => variables.keys(),
    random: (size) => {
      draws += 1;
      return seeded(Math.imul(draws, 0x9e3779b1) ^ seed).bytes(size);
    },
    next: (id) => nextOf(numbers, id),
    start: (id) => numbers.starts.get(id),
    told: (c1) => numbers.told.get(c1),
  };
  return [situation, () => ({ ...run, draws })];
}

/** The end of a run without a last effect. */
export const ended = (run: Run, outcome: Outcome): Next => finished(run, outcome, []);

/** The end of a run. */
export const finished = (run: Run, outcome: Outcome, effects: readonly RunEffect[]): Next => [
  { ...run, outcome },
  [...effects, { type: 'done', outcome }],
];

/** The run after a line that happened at a time. */
export const done = (run: Run, at: number, steps = 1): Run => ({
  ...run,
  next: run.next + steps,
  lastAt: Math.max(run.lastAt, at),
});

/** Keeps what a line wants kept of a packet, and learns from it. */
export const kept = (run: Run, plan: PacketPlan, bytes: Uint8Array, way: 'sent' | 'came'): Run =>
  withCaptures({ ...run, numbers: learned(run.numbers, bytes, way) }, plan, bytes);

/** Keeps what a line wants kept of a packet. */
export function withCaptures(run: Run, plan: PacketPlan, bytes: Uint8Array): Run {
  if (plan.protocol) return withProtocol(run, plan, plan.protocol, bytes);
  const packet = plan.captures.length > 0 ? packetIn(bytes) : undefined;
  if (!packet) return run;
  return { ...run, variables: new Map([...run.variables, ...captured(plan.captures, packet)]) };
}

/** Keeps fields of a message of another protocol. */
function withProtocol(run: Run, { captures }: PacketPlan, { form }: ProtocolPlan, bytes: Uint8Array): Run {
  const read = captures.length > 0 ? readProtocol(form.layer, bytes) : undefined;
  if (!read || 'wrong' in read) return run;
  const kept = captures.flatMap(({ field, as }) => {
    const value = read.value(field);
    return value === undefined ? [] : [[as, value instanceof Uint8Array ? value.slice() : value] as const];
  });
  return { ...run, variables: new Map([...run.variables, ...kept]) };
}
