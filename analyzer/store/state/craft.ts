import type { Severity } from '../../../dissectors/wire/finding.js';
import type { Draft } from '../craft/draft.js';
import type { EditLine } from '../craft/lines.js';
import type { Made } from '../craft/make.js';
import { type Cursor, FIRST_CURSOR } from '../cursor.js';

/** A line of the ladder of a script: a packet, or what it came to. */
export type RunLine =
  | {
      readonly type: 'packet';
      /** In milliseconds since the start. */
      readonly at: number;
      readonly way: 'sent' | 'came';
      readonly info: string;
      readonly severity: Severity | 'none';
      readonly bytes: Uint8Array;
      /** What the script made of it, such as `line 7`. */
      readonly note: string;
    }
  | { readonly type: 'text'; readonly text: string; readonly severity: Severity };

/** What is told while a script is played. */
export interface RunNews {
  /** All lines anew, or undefined for more lines. */
  readonly restart: boolean;
  readonly lines: readonly RunLine[];
  /** In one line: how it goes, or how it ended. */
  readonly status: string;
  readonly severity: Severity;
  readonly done: boolean;
  /** Where its packets were recorded, if they were. */
  readonly recording: string | undefined;
}

/** A script that is played, or was. */
export interface RunState extends RunNews {
  readonly path: string;
  /** Lines left out to stay within bounds. */
  readonly left: number;
  readonly cursor: Cursor;
}

/** What is crafted, and the script that is played. */
export interface CraftState {
  readonly view: 'packet' | 'run';
  readonly draft: Draft | undefined;
  /** What the draft comes to. There is one whenever there is a draft. */
  readonly made: Made | undefined;
  /** The fields; none where bytes are edited. */
  readonly lines: readonly EditLine[];
  readonly cursor: Cursor;
  /** The byte under the cursor, where bytes are edited. */
  readonly byte: number;
  /** The drafts before this one, the newest last. */
  readonly past: readonly Draft[];
  /** The packet that is to be edited once its details are there; 0 for none. */
  readonly wanted: number;
  /** Where the packet was sent last, as typed. */
  readonly target: string;
  readonly run: RunState | undefined;
}

export const FIRST_CRAFT: CraftState = {
  view: 'packet',
  draft: undefined,
  made: undefined,
  lines: [],
  cursor: FIRST_CURSOR,
  byte: 0,
  past: [],
  wanted: 0,
  target: '',
  run: undefined,
};
