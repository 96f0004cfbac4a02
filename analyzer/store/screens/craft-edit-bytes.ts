import { insertedBytes, overwritten, typedBytes, withoutByte } from '../craft/bytes.js';
import type { BytesDraft } from '../craft/draft.js';
import { rowsOf } from '../cursor.js';
import { hexGrid } from '../hex-grid.js';
import type { MovingCommand } from '../keys/binding.js';
import type { CraftCommand } from '../keys.js';
import { clamp } from '../layout.js';
import { promptFor } from '../prompt.js';
import type { AppState } from '../state.js';
import { craftAreas } from './craft-areas.js';
import { attempt } from './craft-attempt.js';
import { refitCraft, sayIn } from './craft-draft.js';

/** What changes the piece of a packet under the cursor, or moves in the packet. */
export type PieceCommand = Exclude<
  CraftCommand,
  | 'next-view'
  | 'open-recording'
  | 'send'
  | 'send-again'
  | 'copy'
  | 'save'
  | 'undo'
  | 'edit'
  | 'edit-bytes'
  | 'add-layer'
  | 'add-fault'
  | 'add-message'
  | 'dialect'
>;

/** What a command does where only bytes are edited. */
export function inBytes(state: AppState, draft: BytesDraft, command: PieceCommand, argument?: string): AppState {
  const { byte } = state.craft;
  const at = `Byte ${byte.toString(16).padStart(4, '0')}`;
  const after = (next: AppState, length: number): AppState =>
    next.craft.draft === draft ? next : toByte(next, byte + length);
  switch (command) {
    case 'set-value':
    case 'insert-bytes': {
      const label = command === 'set-value' ? `${at} and on: ` : `Before ${at.toLowerCase()}: `;
      const offered = command === 'set-value' ? (draft.bytes[byte] ?? 0).toString(16).padStart(2, '0') : '';
      if (argument === undefined) return { ...state, prompt: promptFor('ask', label, offered, command) };
      const change = command === 'set-value' ? overwritten : insertedBytes;
      let length = 0;
      const next = attempt(state, { command, label, text: argument }, () => {
        const bytes = typedBytes(argument);
        length = bytes.length;
        return change(draft, byte, bytes);
      });
      return after(next, length);
    }
    case 'restore': {
      const original = draft.origin.bytes[byte];
      if (original === undefined || original === draft.bytes[byte]) return sayIn(state, 'nothing was typed here');
      return attempt(state, undefined, () => overwritten(draft, byte, Uint8Array.of(original)));
    }
    case 'delete':
      if (draft.bytes.length === 0) return sayIn(state, 'there are no bytes');
      return attempt(state, undefined, () => withoutByte(draft, byte));
    case 'next-part':
    case 'previous-part':
    case 'derive':
    case 'double':
    case 'move-up':
    case 'move-down':
      return sayIn(state, 'fields are edited by it: b tries to read fields in the bytes');
    default:
      return moveInBytes(state, draft, command);
  }
}

const toByte = (state: AppState, byte: number): AppState => refitCraft({ ...state, craft: { ...state.craft, byte } });

function moveInBytes(state: AppState, draft: BytesDraft, command: MovingCommand): AppState {
  const { byte } = state.craft;
  const { width, height } = craftAreas(state).bytes;
  const { perRow } = hexGrid(draft.bytes.length, width);
  switch (command) {
    case 'shift-left':
      return toByte(state, byte - 1);
    case 'shift-right':
      return toByte(state, byte + 1);
    case 'first':
      return toByte(state, 0);
    case 'last':
      return toByte(state, draft.bytes.length);
    default: {
      const rows = rowsOf(command, height, draft.bytes.length);
      const column = byte % perRow;
      const last = Math.floor((draft.bytes.length - 1 - column) / perRow);
      return toByte(state, clamp(Math.floor(byte / perRow) + rows, 0, Math.max(0, last)) * perRow + column);
    }
  }
}
