import type { Message } from '../../dissectors/channel/dissect.js';
import type { MessagePlan } from './script.js';

/** Which expected message stands where in a packet. */
export type Alignment = readonly (readonly [plan: MessagePlan, place: number])[];

/** More ways than this to place messages between `...` are not tried. */
const MOST_WAYS = 1000;

/** Every way in which the messages of a packet can be those that are expected, by their types alone. */
export function align(plans: readonly (MessagePlan | '...')[], messages: readonly Message[]): readonly Alignment[] {
  const ways: Alignment[] = [];
  const place = (plan: number, at: number, so: Alignment): void => {
    if (ways.length >= MOST_WAYS) return;
    const next = plans[plan];
    if (next === undefined) {
      if (at === messages.length) ways.push(so);
    } else if (next === '...') {
      for (let skipped = at; skipped <= messages.length; skipped++) place(plan + 1, skipped, so);
    } else {
      const message = messages[at];
      if (message && message.kind === next.kind) place(plan + 1, at + 1, [...so, [next, at]]);
    }
  };
  place(0, 0, []);
  return ways;
}
