import { nearest } from '../../crafter/script/words.js';
import { MODES } from '../../dissectors/channel/capabilities.js';
import { DIALECTS } from '../../dissectors/channel/dialects.js';
import { FINDINGS, SEVERITIES } from '../../dissectors/wire/finding.js';
import { HANDSHAKE_KINDS, HANDSHAKE_STATES, PROOF_STATUSES, RETURNED_STATUSES } from '../handshakes/handshake.js';
import { STATES } from '../track/channel.js';
import { COOKIE_STATUSES } from '../track/cookies.js';

const CHECKSUM_STATUSES = ['good', 'bad', 'unverified'];

/** All texts that a field of this project can have, where they are known. */
export function ownValues(path: string): readonly string[] | undefined {
  switch (path) {
    case 'chan.dialect':
      return DIALECTS.map(({ name }) => name);
    case 'handshake.kind':
      return HANDSHAKE_KINDS;
    case 'handshake.state':
    case 'handshake.outcome':
      return HANDSHAKE_STATES;
    case 'handshake.cookie.status':
      return RETURNED_STATUSES;
    case 'handshake.proof.status':
      return PROOF_STATUSES;
    case 'channel.state':
    case 'channel.outcome':
      return STATES;
    case 'channel.mode':
    case 'chan.caps.mode':
      return MODES;
    case 'chan.cookie.status':
    case 'chan.cookie1.status':
    case 'chan.cookie2.status':
      return COOKIE_STATUSES;
    case 'chan.checksum.status':
      return CHECKSUM_STATUSES;
    case 'expert.severity':
      return SEVERITIES;
    case 'expert.code':
      return Object.keys(FINDINGS);
    default:
      return undefined;
  }
}

/** The value that may have been meant by one that there is not. */
export function nearestValue(written: string, values: readonly string[]): string | undefined {
  const text = written.toLowerCase();
  if (text === '') return undefined;
  const longer = values.find((value) => value.startsWith(text));
  return longer ?? nearest(text, values) ?? values.find((value) => text.startsWith(value));
}
