import type { Handshake } from '../handshake.js';
import { memoryOf, type WgMemory } from './memory.js';

const times = (count: number): string => (count === 1 ? 'once' : count === 2 ? 'twice' : `${count} times`);

/** Whom an initiation was made for, in words. */
function addressee({ responder, isForNobody, isForSomebody }: WgMemory): string {
  if (responder) return ` for the key of ${responder.name}`;
  if (isForNobody && !isForSomebody) return ' for a public key that is none of the known ones';
  return '';
}

/** Why nothing answers an initiation: the likeliest first. */
function likeliest({ responder, initiatorKey, initiatorPeer, isForNobody, isForSomebody, isOld }: WgMemory): string {
  if (isForNobody && !isForSomebody) return 'the initiator has another public key for this responder, which drops it';
  if (isOld) return "the responder drops it: the initiator's clock is not later than in an initiation before";
  if (responder && initiatorKey && !initiatorPeer) {
    return `the initiator's own key is none of the known peers: ${responder.name} drops what it does not know`;
  }
  if (responder) return `lost on the way, or ${responder.name} does not have the initiator's public key`;
  return "lost on the way, or one side does not have the other's public key: with the keys this could be told";
}

/** What is waited for after an initiation, or why nothing came: the answer to "why does my tunnel not come up". */
export function unansweredReason(row: Handshake): string {
  const memory = memoryOf(row);
  const count = row.attempts === 1 ? '' : ` ${times(row.attempts)}`;
  if (memory.answers > 0) return refusedAnswer(memory);
  if (memory.replies > 0) return `${challengedReason(memory)}; no answer`;
  return `asked${count}${addressee(memory)}, no answer: ${likeliest(memory)}`;
}

/** The responder is under load and wants its cookie back. */
export function challengedReason({ isCookieLacking }: WgMemory): string {
  return isCookieLacking
    ? 'the responder is under load, and the initiation after its cookie has no valid mac2'
    : 'the responder is under load: it sent a cookie, which mac2 of the next initiation must show';
}

/** The initiator asks again although it was answered. */
const refusedAnswer = ({ answers }: WgMemory): string =>
  `answered ${times(answers)}, but the initiator asked again and sent no data: the pre-shared keys differ, or the answers are lost on the way`;

/** An answer that no data has followed so far. */
export function answeredReason(row: Handshake): string {
  const memory = memoryOf(row);
  if (memory.answers > 1) return refusedAnswer(memory);
  return 'answered, but no data of the initiator followed: it has nothing to send, the pre-shared keys differ, or the answer was lost';
}

export const ESTABLISHED_REASON = 'the first data of the initiator confirmed the session';
export const UNREACHABLE_REASON =
  'an ICMP message says that the initiation did not get through: nothing listens there, or it is filtered';
