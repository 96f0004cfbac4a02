import { slice } from '../../dissectors/wire/view.js';
import { isInTime } from '../secrets/secrets.js';
import type { Channel } from './channel.js';
import type { CookieStatus, Verdict } from './cookies.js';
import { COOKIE_STATUSES } from './cookies.js';
import type { Peer } from './peers.js';
import { type Answer, isSeen, type SeenCookie, seenCookie } from './seen-cookie.js';
import type { Step } from './step.js';

/** A cookie of a packet: which of the two it should be, and what it should be computed over. */
export interface Claim {
  readonly which: 1 | 2;
  readonly initiator: Peer;
  readonly responder: Peer;
  readonly c1: number;
  /** Not part of cookie 1. */
  readonly c2: number;
  /** Where it starts, in the view of the packet. */
  readonly at: number;
}

/**
 * Judges one cookie: by the secrets known, else by the cookie that it must return. Every cookie that can be read is
 * judged once here, in the order of the packet, whatever becomes of its message.
 *
 * @param earlier cookies of the same kind seen before
 * @param returns whether it must return one of them; else it is new
 */
export function judgeCookie(step: Step, claim: Claim, earlier: readonly SeenCookie[], returns: boolean): Verdict {
  const verdict = verdictOn(step, claim, earlier, returns);
  step.tracker.addVerdict(verdict);
  if (WRONG.has(verdict.status) && !step.quoted) noteWrong(step, claim, verdict);
  return verdict;
}

function verdictOn(step: Step, claim: Claim, earlier: readonly SeenCookie[], returns: boolean): Verdict {
  const { tracker, packet, moment } = step;
  const { judge } = tracker;
  const { which, initiator, responder, c1, c2, at } = claim;
  const size = packet.dialect.cookieSize;
  const creator = which === 1 ? initiator : responder;
  if (judge.secrets.length > 0 && judge.knows(creator.id)) {
    const { id } = creator;
    const twin = twinAmong(earlier, packet.view, at, size);
    const secret = twin && judge.secrets[twin.secret];
    if (twin && secret && isInTime(secret, moment)) {
      return { status: 'valid', secret: twin.secret, packet: 0, tried: judge.countOf(id) };
    }
    const input = { initiator: initiator.bytes, responder: responder.bytes, c1, c2: which === 1 ? undefined : c2 };
    const judged = judge.judge(packet.dialect, id, input, slice(packet.view, at, at + size), moment);
    if (judged) return judged;
  }
  return returns ? echoOf(earlier, packet.view, at, size) : UNKNOWN;
}

/** A cookie that was judged valid before, and that this one equals: it is valid again, as long as it is the secret's time. */
function twinAmong(earlier: readonly SeenCookie[], view: DataView, at: number, size: number): SeenCookie | undefined {
  for (const seen of earlier) if (seen.secret >= 0 && isSeen(seen, view, at, size)) return seen;
  return undefined;
}

/** What those say that were seen to be given, newest first: whether one of them is returned. */
function echoOf(earlier: readonly SeenCookie[], view: DataView, at: number, size: number): Verdict {
  let newest: SeenCookie | undefined;
  for (const seen of earlier) {
    if (!seen.given) continue;
    if (isSeen(seen, view, at, size)) return { status: 'echo-ok', secret: -1, packet: seen.packet, tried: 0 };
    newest ??= seen;
  }
  return newest ? { status: 'echo-bad', secret: -1, packet: newest.packet, tried: 0 } : UNKNOWN;
}

/** The verdict where no secret is known and there is nothing to compare with. */
export const UNKNOWN: Verdict = { status: 'unknown', secret: -1, packet: 0, tried: 0 };

const WRONG: ReadonlySet<CookieStatus> = new Set(['invalid', 'stale', 'echo-bad']);

/** Whether the creator of a cookie takes it for right, as far as an observer can tell. */
export const isRight = (verdict: Verdict | undefined): boolean => !verdict || !WRONG.has(verdict.status);

function noteWrong(step: Step, { which, at }: Claim, { status, packet }: Verdict): void {
  const place = { at, end: at + step.packet.dialect.cookieSize };
  if (status === 'invalid') step.tracker.note(step, 'cookie-invalid', place, [which]);
  else if (status === 'stale') step.tracker.note(step, 'cookie-stale', place, [which]);
  else step.tracker.note(step, 'cookie-echo-bad', place, [which, packet]);
}

/** The cookie as it is kept. */
export const keepCookie = ({ packet, number }: Step, at: number, verdict: Verdict, given: boolean): SeenCookie =>
  seenCookie(packet.view, at, packet.dialect.cookieSize, number, verdict.secret, given);

/**
 * Notes the status of a channel's cookie: the best of those accepted; before one is, the best of all. A forgery does not
 * take back what was accepted.
 * @param accepted whether a right one was accepted before
 */
export function noteStatus(channel: Channel, which: 1 | 2, verdict: Verdict | undefined, accepted: boolean): void {
  if (!verdict) return;
  const known = which === 1 ? channel.cookie1Status : channel.cookie2Status;
  const right = isRight(verdict);
  if (accepted && !right) return;
  const worthless = known === undefined || (right && WRONG.has(known));
  const status = worthless || rank(verdict.status) > rank(known) ? verdict.status : known;
  if (which === 1) channel.cookie1Status = status;
  else channel.cookie2Status = status;
}

const rank = (status: CookieStatus): number => COOKIE_STATUSES.indexOf(status);

/** The answers with a responder's half: a proof for it must return the cookie of one of them. */
export function answersWith(channel: Channel | undefined, c2: number): readonly Answer[] {
  if (!channel) return NO_ANSWERS;
  const { answers } = channel;
  for (const answer of answers) if (answer.c2 !== c2) return answers.filter((one) => one.c2 === c2);
  return answers;
}

const NO_ANSWERS: readonly Answer[] = [];
