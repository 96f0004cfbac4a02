import type { HandshakeKey, HandshakeSnapshot } from '../../index/handshake-row.js';
import { type Cursor, FIRST_CURSOR } from '../cursor.js';
import type { Passing } from './channels.js';

/** What the screen of handshakes shows: all of them, the messages of those chosen, or two of them side by side. */
export type HandshakesView = 'list' | 'ladder' | 'comparison';

/** The screen of handshakes. */
export interface HandshakesState {
  readonly snapshot: HandshakeSnapshot | undefined;
  /** Places in the snapshot, in the order of the list, and the snapshot that they were made for. */
  readonly order: Uint32Array;
  readonly ordered: HandshakeSnapshot | undefined;
  /** The display filter that it was narrowed by then. */
  readonly orderedBy: string | undefined;
  readonly passing: Passing | undefined;
  /** The display filter that was made of handshakes of this list, which is not to narrow it. */
  readonly ownFilter: string;
  readonly key: HandshakeKey;
  readonly descending: boolean;
  /** Words that a handshake must have to be shown. */
  readonly words: string;
  readonly cursor: Cursor;
  /** The number of the handshake under the cursor; 0 while there is none. */
  readonly selected: number;
  /** Numbers of the handshakes that were chosen. */
  readonly chosen: ReadonlySet<number>;
  readonly view: HandshakesView;
  /** Where the user is in the lines of a ladder or a comparison. */
  readonly page: Cursor;
}

export const FIRST_HANDSHAKES: HandshakesState = {
  snapshot: undefined,
  order: new Uint32Array(0),
  ordered: undefined,
  orderedBy: undefined,
  passing: undefined,
  ownFilter: '',
  key: 'number',
  descending: false,
  words: '',
  cursor: FIRST_CURSOR,
  selected: 0,
  chosen: new Set(),
  view: 'list',
  page: FIRST_CURSOR,
};
