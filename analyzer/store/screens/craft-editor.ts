import { isLayer, LAYERS } from '../../../crafter/commands/craft-layers.js';
import { messageNamed } from '../../../crafter/commands/message-words.js';
import { DIALECTS } from '../../../dissectors/channel/dialects.js';
import { withCompletion } from '../complete.js';
import {
  derivedAt,
  doubled,
  inDialect,
  moved,
  withFault,
  withLayer,
  withMessage,
  without,
  withoutValue,
  withValue,
} from '../craft/change.js';
import type { BytesDraft, Draft, PacketDraft } from '../craft/draft.js';
import type { EditLine, Place } from '../craft/lines.js';
import { make } from '../craft/make.js';
import { packetIn } from '../craft/new-draft.js';
import { moveCursor } from '../cursor.js';
import type { CraftCommand } from '../keys.js';
import { promptFor } from '../prompt.js';
import type { AppState } from '../state.js';
import { craftAreas } from './craft-areas.js';
import { attempt } from './craft-attempt.js';
import { adopt, refitCraft, sayIn, withDraft } from './craft-draft.js';
import { inBytes, type PieceCommand } from './craft-edit-bytes.js';

/** What changes the packet that is edited, or moves in it. */
type EditorCommand = Exclude<CraftCommand, 'next-view' | 'open-recording' | 'send' | 'send-again' | 'copy' | 'save'>;

/** What a command does to the packet that is edited. */
export function runEditor(state: AppState, command: EditorCommand, argument?: string): AppState {
  const { draft } = state.craft;
  if (draft === undefined) return sayIn(state, 'nothing is edited: press e on a packet, or give :craft new');
  switch (command) {
    case 'undo':
      return undo(state);
    case 'edit':
      return sayIn(state, 'this packet is edited already: Enter types another value');
    case 'edit-bytes':
      return otherForm(state, draft);
    case 'add-layer':
    case 'add-fault':
    case 'add-message':
    case 'dialect':
      return draft.form === 'packet'
        ? changeWhole(state, draft, command, argument)
        : sayIn(state, 'only bytes are edited here: b tries to read fields in them');
    default:
      return draft.form === 'packet'
        ? inFields(state, draft, command, argument)
        : inBytes(state, draft, command, argument);
  }
}

function undo(state: AppState): AppState {
  const before = state.craft.past.at(-1);
  if (before === undefined) return sayIn(state, 'nothing to undo');
  const made = make(before);
  if (typeof made === 'string') return sayIn(state, made, 'error');
  return withDraft({ ...state, craft: { ...state.craft, past: state.craft.past.slice(0, -1) } }, before, made);
}

/** From fields to bytes; and back, if there is a packet in them. */
function otherForm(state: AppState, draft: Draft): AppState {
  const { made, cursor, lines } = state.craft;
  if (made === undefined) return state;
  const linkType = made.linkType ?? draft.origin.linkType;
  if (draft.form === 'packet') {
    const at = lines[cursor.at]?.start ?? 0;
    const bytes: BytesDraft = { form: 'bytes', origin: draft.origin, bytes: made.bytes, linkType };
    return adopt({ ...state, craft: { ...state.craft, byte: at } }, bytes);
  }
  const packet = packetIn({ title: draft.origin.title, bytes: draft.bytes, linkType });
  if (packet === undefined) return sayIn(state, 'there is no channel packet in the bytes that could be made again');
  return adopt(state, { ...packet, origin: draft.origin });
}

type WholeChange = 'add-layer' | 'add-fault' | 'add-message' | 'dialect';

const QUESTIONS: Readonly<Record<WholeChange, string>> = {
  'add-layer': 'Layer around it: ',
  'add-fault': 'Fault: ',
  'add-message': 'Message: ',
  dialect: 'Dialect: ',
};

function changeWhole(state: AppState, draft: PacketDraft, command: WholeChange, argument?: string): AppState {
  if (argument === undefined)
    return { ...state, prompt: withCompletion(state, promptFor('ask', QUESTIONS[command], '', command)) };
  const word = argument.trim();
  const next = attempt(state, { command, label: QUESTIONS[command], text: argument }, () => {
    switch (command) {
      case 'add-layer':
        if (!isLayer(word)) throw new RangeError(`no layer "${word}": there are ${Object.keys(LAYERS).join(', ')}`);
        return withLayer(draft, word);
      case 'add-fault':
        return withFault(draft, word);
      case 'add-message': {
        const name = messageNamed(word);
        if (name === undefined) throw new RangeError(`"${word}" is no message`);
        return withMessage(draft, name, lineAt(state)?.place ?? { in: 'header' });
      }
      case 'dialect': {
        const dialect = DIALECTS.find(({ name }) => name === word);
        if (!dialect)
          throw new RangeError(`no dialect "${word}": there are ${DIALECTS.map(({ name }) => name).join(', ')}`);
        return inDialect(draft, dialect);
      }
    }
  });
  return next.craft.draft === draft ? next : toAdded(next, draft, command);
}

/** Brings what was added under the cursor. */
function toAdded(state: AppState, before: PacketDraft, command: WholeChange): AppState {
  const { lines, draft } = state.craft;
  const isAdded = ({ place, isHeading }: EditLine): boolean => {
    switch (command) {
      case 'add-layer':
        return place.in === 'layer';
      case 'add-fault':
        return place.in === 'fault' || place.in === 'frame-fault';
      case 'add-message':
        return isHeading && place.in === 'message' && place.nth === addedTo(before, draft);
      case 'dialect':
        return isHeading && place.in === 'header';
    }
  };
  const at = command === 'add-fault' ? lines.findLastIndex(isAdded) : lines.findIndex(isAdded);
  return at < 0 ? state : toLine(state, at);
}

/** Which message is the first that was not there. */
function addedTo({ messages }: PacketDraft, after: Draft | undefined): number {
  const now = after?.form === 'packet' ? after.messages : [];
  return now.findIndex((message, nth) => message !== messages[nth]);
}

const lineAt = ({ craft }: AppState): EditLine | undefined => craft.lines[craft.cursor.at];

/** The longest value that is offered to be changed; a longer one is typed anew. */
const MOST_OFFERED = 4000;

function inFields(state: AppState, draft: PacketDraft, command: PieceCommand, argument?: string): AppState {
  const { cursor, lines } = state.craft;
  const line = lines[cursor.at];
  const place: Place = line?.place ?? { in: 'header' };
  const change = (next: () => Draft | undefined, otherwise: string): AppState => {
    const changed = attempt(state, undefined, next);
    return changed === state ? sayIn(state, otherwise) : changed;
  };
  switch (command) {
    case 'set-value': {
      if (line === undefined) return state;
      if (line.isHeading) return valueOfHeading(state, draft, place, argument);
      const label = `${line.label}: `;
      const offered = line.plain.length <= MOST_OFFERED ? line.plain : '';
      if (argument === undefined) return { ...state, prompt: promptFor('ask', label, offered, 'set-value') };
      return attempt(state, { command, label, text: argument }, () => withValue(draft, place, argument));
    }
    case 'restore':
      return change(() => withoutValue(draft, place), 'nothing was typed here');
    case 'derive':
      return change(() => derivedAt(draft, place), 'it follows from the others already');
    case 'delete':
      return change(() => without(draft, place), 'only messages, layers and faults can be removed');
    case 'double':
      return change(() => doubled(draft, place), 'only messages and layers can be there twice');
    case 'move-up':
    case 'move-down':
      return shifted(state, draft, place, command === 'move-up' ? -1 : 1);
    case 'next-part':
    case 'previous-part': {
      const isPart = (at: number) => lines[at]?.isHeading === true;
      const places = lines.map((_, at) => at).filter(isPart);
      const to =
        command === 'next-part' ? places.find((at) => at > cursor.at) : places.findLast((at) => at < cursor.at);
      return to === undefined ? state : toLine(state, to);
    }
    case 'insert-bytes':
      return sayIn(state, 'fields are edited here: b edits bytes');
    default: {
      const next = moveCursor(cursor, command, craftAreas(state).fields.height, lines.length);
      return { ...state, craft: { ...state.craft, cursor: next } };
    }
  }
}

/** Puts the cursor on a line, and the line at the top of the window if there is enough below it. */
function toLine(state: AppState, at: number): AppState {
  const { craft } = state;
  return refitCraft({ ...state, craft: { ...craft, cursor: { ...craft.cursor, at, top: at } } });
}

/** The heading of the channel packet stands for its dialect; others have no value. */
function valueOfHeading(state: AppState, draft: PacketDraft, place: Place, argument?: string): AppState {
  if (place.in !== 'header') return sayIn(state, 'a heading has no value; d takes it out');
  return argument === undefined
    ? { ...state, prompt: promptFor('ask', QUESTIONS.dialect, draft.dialect.name, 'dialect') }
    : changeWhole(state, draft, 'dialect', argument);
}

/** Moves what is under the cursor, and the cursor with it. */
function shifted(state: AppState, draft: PacketDraft, place: Place, by: 1 | -1): AppState {
  const changed = attempt(state, undefined, () => moved(draft, place, by));
  if (changed === state || changed.craft.draft === draft) return sayIn(changed, 'it cannot go there');
  if (!('nth' in place)) return changed;
  const to = changed.craft.lines.findIndex(
    ({ place: other }) => other.in === place.in && 'nth' in other && other.nth === place.nth + by,
  );
  const { craft } = changed;
  const cursor = { ...craft.cursor, at: Math.max(0, to) };
  return refitCraft({ ...changed, craft: { ...craft, cursor } });
}
