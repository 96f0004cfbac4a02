import type { Dialect } from '../../dissectors/channel/dialects.js';
import type { Scope } from './scope.js';

/** What it takes to make the packets of a script. */
export interface Sender {
  readonly dialect: Dialect;
  readonly role: 'initiator' | 'responder';
  readonly local: Uint8Array;
  readonly remote: Uint8Array;
  readonly secret: Uint8Array;
  /** What a value may ask for, where the initiator of the channel at hand is this one. */
  readonly scope: (initiator: 'local' | 'remote') => Scope;
  /** The number that the next numbered packet of a channel has. */
  readonly next: (id: number) => number;
}
