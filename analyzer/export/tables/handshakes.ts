import type { Handshake } from '../../handshakes/handshake.js';
import { micros, microsIf } from '../../text/elapsed.js';
import { BASE, type Origin, setBase } from './base.js';
import type { Batch } from './batch.js';
import type { ColumnSpec } from './column.js';

/** A column, and what of a handshake it holds. */
type HandshakeColumn = ColumnSpec & { readonly of: (row: Handshake) => string | number | undefined };

const OWN: readonly HandshakeColumn[] = [
  { name: 'handshake.number', type: 'int64', about: 'Its number in this capture.', of: ({ number }) => number },
  { name: 'handshake.kind', type: 'string', about: 'Its protocol.', of: ({ kind }) => kind },
  {
    name: 'handshake.initiator',
    type: 'string',
    about: 'Who began it: address and port.',
    of: ({ initiator }) => initiator,
  },
  { name: 'handshake.responder', type: 'string', about: 'Whom it asked.', of: ({ responder }) => responder },
  { name: 'handshake.id', type: 'string', about: 'What tells it from others of its kind.', of: ({ id }) => id },
  { name: 'handshake.outcome', type: 'string', about: 'Its state in the end.', of: ({ state }) => state },
  { name: 'handshake.reason', type: 'string', about: 'The outcome in words.', of: ({ reason }) => reason },
  {
    name: 'handshake.cookie.status',
    type: 'string',
    about: 'The verdict on its returned cookie.',
    of: ({ cookieStatus }) => cookieStatus,
  },
  {
    name: 'handshake.proof.status',
    type: 'string',
    about: 'The verdict on its proof.',
    of: ({ proofStatus }) => proofStatus,
  },
  {
    name: 'handshake.stateless',
    type: 'string',
    about: 'Whether the responder keeps nothing before the echo.',
    of: ({ stateless }) => stateless,
  },
  {
    name: 'handshake.evidence',
    type: 'string',
    about: 'What shows that, with semicolons between.',
    of: ({ evidence }) => (evidence.length > 0 ? evidence.join('; ') : undefined),
  },
  { name: 'handshake.attempts', type: 'int64', about: 'First messages.', of: ({ attempts }) => attempts },
  { name: 'handshake.resent', type: 'int64', about: 'Messages sent again.', of: ({ resent }) => resent },
  {
    name: 'handshake.rtt_challenge_us',
    type: 'double',
    about: 'From the first message to the challenge, in microseconds.',
    of: ({ rttChallenge }) => microsIf(rttChallenge),
  },
  {
    name: 'handshake.rtt_echo_us',
    type: 'double',
    about: 'From the challenge to its echo.',
    of: ({ rttEcho }) => microsIf(rttEcho),
  },
  {
    name: 'handshake.rtt_answer_us',
    type: 'double',
    about: 'From the last message of the initiator to the answer.',
    of: ({ rttAnswer }) => microsIf(rttAnswer),
  },
  { name: 'handshake.last', type: 'int64', about: 'Its last packet.', of: ({ last }) => last },
  {
    name: 'handshake.duration_us',
    type: 'double',
    about: 'From its first packet to its last, in microseconds.',
    of: ({ begun, ended }) => micros(ended - begun),
  },
  {
    name: 'handshake.messages',
    type: 'int64',
    about: 'Messages seen.',
    of: ({ messages, unlisted }) => messages.length + unlisted,
  },
  {
    name: 'handshake.details',
    type: 'string',
    about: 'What only its kind has, as a JSON object.',
    of: ({ details }) => details && JSON.stringify(details),
  },
];

/** The columns of the table of handshakes. */
export const HANDSHAKE_COLUMNS: readonly ColumnSpec[] = [...BASE, ...OWN];

/** Adds a handshake as it stands in the end. */
export function addHandshake(handshake: Handshake, origin: Origin, file: string, batch: Batch): void {
  const row = batch.add();
  setBase(batch, row, file, origin, handshake.channel > 0 ? handshake.channel : undefined);
  for (const [at, { of }] of OWN.entries()) batch.setValue(row, BASE.length + at, of(handshake));
}
