import type { Mode } from '../../dissectors/channel/capabilities.js';
import type { DialectName } from '../../dissectors/channel/dialects.js';
import type { Forms } from './forms.js';

/** What a test takes that not every peer gives. */
export type Need =
  /** Time: more than ten seconds. */
  | 'patience'
  /** A peer that refuses every channel. */
  | 'refusal'
  /** A peer whose application sends back what it receives, on the same channel. */
  | 'echo'
  /** An initiator that has several packets to send: 8 kB or more. */
  | 'much data';

/** One thing that the protocol page asks for, and the script that asks a peer for it. */
export interface ConformanceTest {
  /** Unique; `--only` takes it. */
  readonly name: string;
  /** Which role of the tested peer. */
  readonly of: 'responder' | 'initiator';
  /** What a peer must do, as a sentence. */
  readonly asks: string;
  /** Of the protocol page. */
  readonly section: string;
  readonly dialects: readonly DialectName[];
  readonly needs?: readonly Need[];
  /** The mode that the tested initiator must open its channel in, where that matters. */
  readonly mode?: Mode;
  /** Whether the mode that the tested initiator opens its channel in must have `resend`, whichever it is. */
  readonly needsResend?: boolean;
  /** What of the rule the test cannot see, as the end of a sentence. */
  readonly blind: string;
  /** The lines of the script, after those that all have. */
  readonly script: (forms: Forms) => string;
}

export const ALL: readonly DialectName[] = ['hmac', 'hmac-newcaps', 'seqno', 'channeler'];
/** The dialects with sequence numbers and confirmations. */
export const NUMBERED: readonly DialectName[] = ['hmac', 'hmac-newcaps', 'seqno'];
/** The dialects whose channels can begin with COOKIE. */
export const EARLY: readonly DialectName[] = ['hmac', 'hmac-newcaps'];
