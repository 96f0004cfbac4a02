import { isGrease, versionOf } from '../../../dissectors/quic/versions.js';
import { errorName } from '../../../dissectors/quic/words.js';
import type { Handshake } from '../handshake.js';
import { memoryOf } from './memory.js';

const times = (count: number): string => (count === 1 ? 'once' : count === 2 ? 'twice' : `${count} times`);

/** A version as it is spoken of: `1`, `draft-29`, `0x1a2a3a4a`. */
export const versionText = (version: number): string =>
  versionOf(version)?.name ?? `0x${version.toString(16)}${isGrease(version) ? ' (which nobody speaks)' : ''}`;

/** Why nothing came of a handshake, or what is waited for. */
export function unansweredReason(row: Handshake): string {
  const { ignored, challenges, hasToken } = memoryOf(row);
  const asked = `the Initial was sent ${times(Math.max(1, row.attempts + row.resent))}`;
  if (hasToken && challenges.length > 0) return 'the client came back with the token of the Retry; no answer';
  if (hasToken) return 'the client showed a token of an earlier connection; no answer';
  if (challenges.length > 0) return 'the server sent a Retry, and the client did not come back with its token';
  if (ignored > 0) return `${asked}; of the Retry that came the tag is wrong, so the client ignores it`;
  return `${asked}; no answer`;
}

/** What a server says that does not speak the client's version. */
export function negotiatedReason(version: number, offered: readonly number[]): string {
  const list = offered.map(versionText).join(', ') || 'none';
  return `the server does not speak version ${versionText(version)}, but ${list}; the client did not go on with one of these`;
}

/** Why a connection was closed in an Initial. */
export function closedReason(fromServer: boolean, code: number, phrase: string): string {
  const who = fromServer ? 'server' : 'client';
  const words = phrase === '' ? '' : `: ${phrase}`;
  return `the ${who} closed with ${errorName(code) ?? `error 0x${code.toString(16)}`}${words}`;
}
