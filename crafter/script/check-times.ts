import type { ScriptSettings, Step } from './script.js';
import { ScriptError } from './script-error.js';
import type { Position } from './tree.js';

/**
 * Checks that every line can happen when it says.
 * @throws {ScriptError} on a time that makes no sense where it stands
 */
export function checkTimes(file: string, { remote, target }: ScriptSettings, steps: readonly Step[]): void {
  const refuse = ({ line, column }: Position, problem: string) => new ScriptError(file, line, column, problem);
  if (steps.length === 0)
    throw refuse({ line: 1, column: 1 }, 'nothing happens in this script: expected a line such as 0.0 > new()');
  let latest = 0;
  let isRemoteKnown = remote !== 'any' && target.kind !== 'listen';
  for (const step of steps) {
    const { time, kind } = step;
    if (kind === 'unless' || kind === 'jump') continue;
    if (kind !== 'expect' && !isAwaited(step) && time.kind === 'any') {
      const advice = kind === 'nothing' ? 'how long? Write +0.5' : 'when? Write +0 for at once';
      throw refuse(time, `"*" is for packets that are expected; ${advice}`);
    }
    if (kind !== 'expect' && !isAwaited(step) && time.kind === 'span') {
      throw refuse(
        time,
        `expected one time such as +${time.low}, found a span: only what is expected may come within one`,
      );
    }
    const end =
      time.kind === 'moment' && !time.isRelative
        ? time.seconds
        : time.kind === 'span' && !time.isRelative
          ? time.low
          : latest;
    if (end < latest) throw refuse(time, `expected a time from ${latest} on, found ${end}: lines happen in order`);
    latest = end;
    if (kind === 'send' && !isRemoteKnown) {
      throw refuse(step, 'to whom? This script must first expect a packet, from which it learns who the other peer is');
    }
    if (kind === 'expect' && !step.isOptional) isRemoteKnown = true;
  }
}

/** Whether a line waits for something that the application sees. */
const isAwaited = (step: Step): boolean => step.kind === 'see' && step.sight !== undefined;
