import { decode } from '../../dissectors/wire/message.js';
import { holds } from './conditions.js';
import { heldBy, ValueError } from './evaluate.js';
import { packetIn } from './match.js';
import { copied, learn, nextOf } from './numbers.js';
import type { Failure, Received } from './outcome.js';
import { expect, silence } from './run-expect.js';
import { see } from './run-see.js';
import {
  done,
  ended,
  finished,
  type Next,
  type Run,
  type RunEffect,
  type RunEvent,
  situationOf,
  withCaptures,
} from './run-state.js';
import type { PacketPlan, Step } from './script.js';
import { buildPacket, numberAfter, valuesOf } from './send.js';
import { ownSide, scopeOf, senderIn } from './situation.js';
import { spanOf } from './times.js';

/** Advances a run by one event. Pure: the caller owns the clock and the sockets. */
export function step(run: Run, event: RunEvent, now: number): Next {
  if (run.outcome) return [run, []];
  switch (event.type) {
    case 'start':
      return advance(withVariables({ ...run, startedAt: now, lastAt: now }), now);
    case 'tick':
      return advance(run, now);
    case 'seen':
      return advance({ ...run, seen: [...run.seen, { sight: event.sight, at: now }] }, now);
    case 'unreachable':
      return ended(run, { verdict: 'unreachable', why: event.why });
    case 'packet': {
      const received: Received = { bytes: event.bytes, at: now, via: event.via };
      const known = run.remote ? run : introduced(run, event.bytes);
      return advance({ ...known, waiting: known.waiting.with(received) }, now);
    }
  }
}

/** Learns who the other peer is from the first packet that it sends. */
function introduced(run: Run, bytes: Uint8Array): Run {
  const packet = packetIn(bytes);
  if (packet?.id === undefined) return run;
  const remote = decode(packet.dialect.header, packet.view, packet.at).sender.slice();
  return { ...run, remote, variables: new Map(run.variables).set('remote', remote) };
}

function withVariables(run: Run): Run {
  let filled = run;
  for (const { name, value } of run.script.variables) {
    const [situation, after] = situationOf(filled);
    const held = heldBy(value, scopeOf(situation, ownSide(situation)));
    filled = { ...after(), variables: new Map(filled.variables).set(name, held) };
  }
  return filled;
}

/** Goes from line to line as far as time and packets allow. */
function advance(run: Run, now: number): Next {
  let current = run;
  const effects: RunEffect[] = [];
  for (;;) {
    const line = current.script.steps[current.next];
    if (!line) return finished(current, { verdict: 'pass' }, effects);
    const { next } = current;
    try {
      const [after, asked] = perform(current, line, now);
      current = after;
      effects.push(...asked);
    } catch (error) {
      if (!(error instanceof ValueError)) throw error;
      const at = now - current.startedAt;
      const failure: Failure = { step: line, at, kind: 'no value', problem: error.message, place: error.at };
      return finished(current, { verdict: 'fail', failure }, effects);
    }
    if (current.outcome || current.next === next) return [current, effects];
  }
}

/** Does one line, or waits for it. */
function perform(run: Run, line: Step, now: number): Next {
  const { low, high } = spanOf(line, run);
  switch (line.kind) {
    case 'send':
      return now < low ? [run, [{ type: 'wait', until: low }]] : send(run, line, line.packet, now);
    case 'command': {
      if (now < low) return [run, [{ type: 'wait', until: low }]];
      const [situation, after] = situationOf(run);
      const given = valuesOf(line.given, scopeOf(situation, 'local'));
      return [done(after(), now), [{ type: 'command', name: line.name, given, step: line }]];
    }
    case 'see':
      return see(run, line, low, high, now);
    case 'unless': {
      const [situation, after] = situationOf(run);
      return [
        { ...after(), next: holds(line.condition, scopeOf(situation, ownSide(situation))) ? run.next + 1 : line.to },
        [],
      ];
    }
    case 'jump':
      return [{ ...run, next: line.to }, []];
    case 'nothing':
      return silence(run, line, high, now);
    case 'expect':
      return expect(run, low, high, now);
  }
}

/** Packets of one line that leave at a time: what comes meanwhile, and the clock, wait for them. */
const BURST = 64;

function send(run: Run, line: Step, plan: PacketPlan, now: number): Next {
  // What is learned of the packets of a line is noted in one copy of what was known before it.
  const numbers = run.draft ?? copied(run.numbers);
  let current: Run = { ...run, numbers };
  const effects: RunEffect[] = [];
  const end = Math.min(plan.times, run.copies + BURST);
  for (let copy = run.copies; copy < end; copy++) {
    const [situation, after] = situationOf(current);
    const { bytes, whole, numbered } = buildPacket(plan, senderIn(situation));
    learn(numbers, whole, 'sent');
    current = withCaptures(after(), plan, whole);
    if (numbered !== undefined) numbers.nexts.set(numbered, numberAfter(nextOf(numbers, numbered)));
    effects.push({ type: 'send', bytes, via: plan.via, step: line });
  }
  if (end < plan.times)
    return [{ ...current, copies: end, draft: numbers }, [...effects, { type: 'wait', until: now }]];
  return [
    done({ ...current, copies: 0, draft: undefined }, now),
    [...effects, { type: 'passed', step: line, at: now }],
  ];
}
