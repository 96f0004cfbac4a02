import type { CookieInput } from '../../dissectors/channel/cookie.js';
import { slice } from '../../dissectors/wire/view.js';
import type { Channel, SeenCookie } from './channel.js';
import type { CookieField } from './cookie-fields.js';
import { COOKIE_STATUSES, type CookieStatus, type Verdict } from './cookies.js';
import type { Peer } from './peers.js';
import { isInTime } from './secrets.js';
import type { Step } from './tracker.js';

/** A cookie that was judged, and whether its recipient takes it for right. */
export interface Judged {
  readonly verdict: Verdict;
  readonly cookie: SeenCookie;
  readonly right: boolean;
}

/**
 * Judges one cookie: by the secrets known, else by the cookie that it must return. Every cookie is judged once here, in
 * the order of the packet, whatever becomes of its message.
 *
 * @param creator the peer whose secret it is made with
 * @param earlier the cookies of which it must return one; none for a cookie that is new
 */
export function judgeCookie(
  step: Step,
  field: CookieField,
  creator: Peer,
  input: CookieInput,
  earlier: readonly SeenCookie[],
): Judged {
  const { tracker, packet, moment, number } = step;
  const bytes = slice(packet.view, field.start, field.end);
  const text = String.fromCharCode(...bytes);
  const twin = earlier.findLast((seen) => seen.text === text);
  const verdict = byTwin(step, twin) ?? byRules();
  tracker.addVerdict(verdict);
  const cookie = { text, packet: number, secret: verdict.secret };
  return { verdict, cookie, right: !WRONG.has(verdict.status) };

  function byRules(): Verdict {
    const judged = tracker.judge.knows(creator.id)
      ? tracker.judge.judge(packet.dialect, creator.id, input, bytes, moment)
      : undefined;
    if (judged) return { ...judged, packet: 0 };
    const last = twin ?? earlier.at(-1);
    if (!last) return { status: 'unknown', secret: -1, packet: 0, tried: 0 };
    return { status: twin ? 'echo-ok' : 'echo-bad', secret: -1, packet: last.packet, tried: 0 };
  }
}

/** The verdict on a cookie whose equal was judged valid before: the secret is the same, only the time may not be. */
function byTwin({ tracker, moment }: Step, twin: SeenCookie | undefined): Verdict | undefined {
  const secret = twin && tracker.judge.secrets[twin.secret];
  if (!twin || !secret || !isInTime(secret, moment)) return undefined;
  return { status: 'valid', secret: twin.secret, packet: 0, tried: 0 };
}

const WRONG: ReadonlySet<CookieStatus> = new Set(['invalid', 'stale', 'echo-bad']);

/** The better known of two statuses: what was accepted once is not taken back by a forgery. */
export const better = (known: CookieStatus | undefined, found: CookieStatus): CookieStatus =>
  known && COOKIE_STATUSES.indexOf(known) >= COOKIE_STATUSES.indexOf(found) ? known : found;

/** Notes what is wrong with a cookie; `which` is 1 or 2. */
export function noteCookie(step: Step, { verdict }: Judged, which: 1 | 2, field: CookieField): void {
  const place = { at: field.start, end: field.end };
  if (verdict.status === 'invalid') step.tracker.note(step, 'cookie-invalid', place, [which]);
  if (verdict.status === 'stale') step.tracker.note(step, 'cookie-stale', place, [which]);
  if (verdict.status === 'echo-bad') step.tracker.note(step, 'cookie-echo-bad', place, [which, verdict.packet]);
}

/** The cookies by which the responder's proof is recognised: those of the answers with its half. */
export const answersWith = ({ answers }: Channel, c2: number): readonly SeenCookie[] =>
  answers.flatMap((answer) => (answer.c2 === c2 && answer.cookie2 ? [answer.cookie2] : []));
