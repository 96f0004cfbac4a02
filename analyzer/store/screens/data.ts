import type { DataNews, DataPiece } from '../../query/news.js';
import { ordered, say } from '../answer.js';
import { moveCursor, moveTo } from '../cursor.js';
import { goTo, goToPacket } from '../go-to.js';
import type { DataCommand } from '../keys.js';
import { screenHeight } from '../layout.js';
import { promptFor } from '../prompt.js';
import { type DataDirection, type DataState, DIRECTIONS, FIRST_DATA } from '../state/data.js';
import type { AppState } from '../state.js';
import { HEX_CELLS, NO_LINES, withPieces } from './data-lines.js';

/** Shows what a channel carried. */
export function followChannel(state: AppState, channel: number | undefined): AppState {
  if (channel === undefined || channel === 0) {
    return say(state, 'no channel is selected', 'note');
  }
  const data: DataState = { ...FIRST_DATA, direction: state.data.direction, form: state.data.form, channel };
  const orders = [...state.orders, { type: 'data', key: 'data', channel } as const];
  return goTo({ ...state, data, orders }, 'data');
}

/** What has been gathered, so far. */
export const takeData = (state: AppState, news: DataNews): AppState =>
  lined({ ...state, data: { ...state.data, news } });

/** The lines made anew: of the directions and in the form that are wanted now. */
const relined = (state: AppState): AppState => lined({ ...state, data: { ...state.data, lines: NO_LINES, lined: 0 } });

/** The lines of what has come since they were made, too. */
function lined(state: AppState): AppState {
  const { news, direction, form, cursor, lined: from } = state.data;
  const all = news?.pieces ?? [];
  const lines = withPieces(state.data.lines, piecesOf(all.slice(from), direction), form);
  const moved = moveTo(cursor, cursor.at, screenHeight(state), lines.count);
  return { ...state, data: { ...state.data, lines, lined: all.length, cursor: moved } };
}

/** The pieces that went the wanted way. */
const piecesOf = (pieces: readonly DataPiece[], direction: DataDirection): readonly DataPiece[] =>
  direction === 'both' ? pieces : pieces.filter(({ fromInitiator }) => fromInitiator === (direction === 'initiator'));

/** What a command does to the data of a channel. */
export function runData(state: AppState, command: DataCommand, argument?: string): AppState {
  const { data } = state;
  switch (command) {
    case 'direction': {
      const next = DIRECTIONS[(DIRECTIONS.indexOf(data.direction) + 1) % DIRECTIONS.length] ?? 'both';
      return relined({ ...state, data: { ...data, direction: next } });
    }
    case 'form':
      return relined({ ...state, data: { ...data, form: data.form === 'text' ? 'hex' : 'text' } });
    case 'open': {
      const piece = data.lines.pieces[data.lines.piece[data.cursor.at] ?? -1];
      return piece === undefined ? state : goToPacket(state, `${piece.packet}`);
    }
    case 'save':
      return argument === undefined ? askForFile(state) : save(state, argument);
    default: {
      const cursor = moveCursor(data.cursor, command, screenHeight(state), data.lines.count, longest(data));
      return { ...state, data: { ...data, cursor } };
    }
  }
}

/** Cells before what a line holds, at most: a direction and the number of a packet. */
const DATA_HEAD = 12;

/** Cells of the longest line at most: of bytes that are no text each takes four. */
const longest = ({ form, lines }: DataState): number => DATA_HEAD + (form === 'hex' ? HEX_CELLS : 4 * lines.longest);

const askForFile = (state: AppState): AppState => ({
  ...state,
  prompt: promptFor('ask', 'Save the data to: ', '', 'save'),
});

function save(state: AppState, typed: string): AppState {
  const path = typed.trim();
  const { news, direction } = state.data;
  if (path === '' || news === undefined) return state;
  const pieces = piecesOf(news.pieces, direction);
  const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.bytes.length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece.bytes, at);
    at += piece.bytes.length;
  }
  return ordered(state, { type: 'save-bytes', path, bytes });
}
