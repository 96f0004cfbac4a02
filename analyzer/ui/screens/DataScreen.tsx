import { toHex } from '../../../dissectors/wire/view.js';
import type { DataPiece } from '../../query/news.js';
import { HEX_BYTES } from '../../store/screens/data-lines.js';
import type { DataState } from '../../store/state/data.js';
import type { AppState } from '../../store/state.js';
import { cut } from '../../text/cells.js';
import { grouped } from '../../text/numbers.js';
import { printable } from '../../text/printable.js';
import { headingStrip } from '../heading.js';
import { Region, type Strip, strip } from '../Region.js';
import { LOOKS, type Theme } from '../theme.js';
import type { ScreenProps } from './screen-props.js';

/** What a channel carried, in text or hex, each direction in its colour and with its own mark. */
export function DataScreen({ state, width, height, theme }: ScreenProps) {
  const heading = headingStrip([{ name: title(state), current: true }], true, width, theme);
  const { cursor, lines, news } = state.data;
  const end = Math.min(lines.count, cursor.top + height - 1);
  const rows = Array.from({ length: Math.max(0, end - cursor.top) }, (_, row) =>
    lineStrip(state, cursor.top + row, width, theme),
  );
  const empty = news?.done ? 'This channel carried nothing that was captured.' : 'Gathering the data.';
  const strips = rows.length === 0 ? [strip(`  ${empty}`, LOOKS.quiet)] : rows;
  return <Region strips={[heading, ...strips]} width={width} height={height} theme={theme} />;
}

const WAYS = { both: 'both ways', initiator: 'from the initiator', responder: 'from the responder' } as const;

function title({ data }: AppState): string {
  const { channel, news, direction, form } = data;
  if (channel === 0) return 'No channel is selected';
  const left = news !== undefined && news.left > 0 ? `, ${grouped(news.left)} bytes left out` : '';
  return `Channel ${channel}: ${bytesOf(data)} bytes${left}; ${WAYS[direction]}, as ${form}`;
}

/** How many bytes the channel carried; of one direction, and of both. */
function bytesOf({ news, direction, lines }: DataState): string {
  const all = grouped(news?.bytes ?? 0);
  if (direction === 'both') return all;
  return `${grouped(lines.bytes)} of ${all}`;
}

function lineStrip({ data }: AppState, line: number, width: number, theme: Theme): Strip {
  const { lines, form, cursor } = data;
  const piece = lines.pieces[lines.piece[line] ?? -1];
  if (piece === undefined) return strip('');
  const start = lines.start[line] ?? 0;
  const bytes = piece.bytes.subarray(start, start + (lines.length[line] ?? 0));
  const way = piece.fromInitiator ? theme.marks.right : theme.marks.left;
  const packet = start === 0 ? `${piece.packet}` : '';
  // Pieces stand in the order of their packets.
  const digits = `${lines.pieces.at(-1)?.packet ?? ''}`.length;
  const head = `${way} ${packet.padStart(digits)}  `;
  const content = form === 'hex' ? hexLine(start, bytes) : textLine(piece, bytes);
  const text = `${head}${printable(content, theme.ascii, width + cursor.shift)}`;
  const look = piece.fromInitiator ? LOOKS.fromInitiator : LOOKS.fromResponder;
  return strip(cut(text, width, theme.marks.more, cursor.shift), {
    ...look,
    ...(line === cursor.at && LOOKS.selected),
  });
}

function hexLine(start: number, bytes: Uint8Array): string {
  const hex = (toHex(bytes).match(/../g) ?? []).join(' ').padEnd(HEX_BYTES * 3 - 1);
  const text = Array.from(bytes, (byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('');
  return `${start.toString(16).padStart(4, '0')}  ${hex}  ${text}`;
}

const DECODER = new TextDecoder();

function textLine({ bytes }: DataPiece, line: Uint8Array): string {
  if (bytes.length === 0) return '(no bytes)';
  return DECODER.decode(line).replace(/\r?\n$/, '');
}
