import { openReading, packetsOf } from '../../../analyzer/commands/reading.js';
import type { Handshake } from '../../../analyzer/handshakes/handshake.js';

/** The rows of a capture that was read to its end, of one kind. @param secrets files with secrets */
export async function rowsOf(
  path: string,
  kind: Handshake['kind'],
  secrets: readonly string[] = [],
): Promise<readonly Handshake[]> {
  const reading = await openReading(path, { secrets, track: true, color: 'never' });
  try {
    for await (const next of packetsOf(reading)) while (next());
  } finally {
    await reading.capture.close();
  }
  return [...reading.examiner.handshakes.table.rows.values()].filter((row) => row.kind === kind);
}

/** A row in a few words: its state, what its proofs are worth, and why. */
export const inShort = ({ state, cookieStatus, proofStatus, attempts, reason }: Handshake): string =>
  [state, attempts, cookieStatus ?? '-', proofStatus ?? '-', reason].join(' | ');

/** The messages of a row. */
export const messagesOf = ({ messages }: Handshake): readonly string[] =>
  messages.map(({ packet, fromInitiator, name, note }) =>
    [packet, fromInitiator ? '→' : '←', name, ...(note === undefined ? [] : [`(${note})`])].join(' '),
  );
