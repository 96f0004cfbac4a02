import type { HandshakeRow } from '../../index/handshake-row.js';
import type { StoryLine } from './channel-story.js';

/** What is told of a handshake below the list, the most important first: why it ended so, what shows it, its messages. */
export function handshakeStory(row: HandshakeRow): readonly StoryLine[] {
  const { state, reason, cookieStatus, proofStatus, stateless, evidence, details } = row;
  const verdicts = [
    cookieStatus === undefined ? '' : `the returned cookie is ${cookieStatus}`,
    proofStatus === undefined ? '' : `the proof is ${proofStatus}`,
    stateless === 'unknown' ? '' : `the responder keeps no state: ${stateless}`,
  ].filter((text) => text !== '');
  const facts = Object.entries(details ?? {}).map(([name, value]) => `${name} ${value}`);
  return [
    { severity: BAD.has(state) ? 'warn' : 'chat', text: `${state}: ${reason}` },
    ...(verdicts.length > 0 ? [{ severity: wrongIn(row) ? 'warn' : 'chat', text: verdicts.join('; ') } as const] : []),
    ...(evidence.length > 0 ? [{ severity: 'note', text: `evidence: ${evidence.join('; ')}` } as const] : []),
    ...(facts.length > 0 ? [{ severity: 'chat', text: facts.join(', ') } as const] : []),
    { severity: 'chat', text: messagesText(row) },
  ];
}

const BAD: ReadonlySet<string> = new Set(['refused', 'timed-out']);
const WRONG: ReadonlySet<string | undefined> = new Set(['invalid', 'stale', 'echo-bad', 'forgeable']);

const wrongIn = ({ cookieStatus, proofStatus }: HandshakeRow): boolean =>
  WRONG.has(cookieStatus) || proofStatus === 'invalid';

function messagesText({ messages, unlisted, attempts, resent }: HandshakeRow): string {
  const names = messages.map(({ packet, fromInitiator, name }) => `${fromInitiator ? '→' : '←'} ${name} (${packet})`);
  const counts = [attempts > 1 ? `asked ${attempts} times` : '', resent > 0 ? `${resent} retransmitted` : ''];
  const more = unlisted > 0 ? `, and ${unlisted} more` : '';
  return [`${names.join(' ')}${more}`, ...counts.filter((text) => text !== '')].join('; ');
}
