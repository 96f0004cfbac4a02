import type { AssociationFacts } from '../layer.js';
import type { Field, Value } from '../wire/field.js';
import type { Layout } from '../wire/layout.js';
import { explain, foundLine, heading, type Line } from '../wire/line.js';
import type { Limit } from '../wire/stop.js';
import { asciiText, slice } from '../wire/view.js';
import { type Chunk, chunkAt, DATA, I_DATA, padded } from './chunks.js';
import { CHUNK_NAMES, type Form } from './form.js';
import {
  chunkForm,
  chunkHead,
  duplicateTsn,
  gapBlock,
  messagePieceChunk,
  nrDuplicateTsn,
  nrGapBlock,
  nrKeptBlock,
  nrSackChunk,
  sackChunk,
} from './layout.js';
import { UNITS, type Unit } from './parameters.js';
import { GAP_TSNS, NR_GAP_TSNS, NR_KEPT_TSNS, relative, withTsns } from './relative.js';

const SACK = 3;
const NR_SACK = 16;
const FIRST_PIECE = 2;

/** Parameters hold causes hold parameters; deeper than this is a trick. */
const DEPTH = 4;

/** What transmission sequence numbers are shown relative to: the first ones of both directions, where they are known. */
export type Bases = Pick<AssociationFacts, 'tsn' | 'acknowledged'>;

/** The lines of the chunks from `at` on, a heading for each. */
export function explainChunks(view: DataView, at: number, limit: Limit, source: number, bases: Bases): readonly Line[] {
  const lines: Line[] = [];
  for (let start = at; start < limit.captured; ) {
    const chunk = chunkAt(view, start, limit, true);
    if ('ok' in chunk) {
      const { lines: children } = explain(chunkHead, view, start, limit, source);
      lines.push(heading('', 'Chunk, cut off', source, start, limit.captured, children));
      break;
    }
    const end = Math.min(chunk.end, limit.captured);
    const children = explainChunk(view, chunk, { captured: end, wire: chunk.end }, source, bases);
    lines.push(heading('', `${CHUNK_NAMES[chunk.type] ?? `type ${chunk.type}`} chunk`, source, start, end, children));
    start = chunk.at + padded(chunk.end - chunk.at);
  }
  return lines;
}

function explainChunk(
  view: DataView,
  chunk: Chunk,
  limit: Limit,
  source: number,
  { tsn, acknowledged }: Bases,
): readonly Line[] {
  const { type, flags, at } = chunk;
  const piece = type === I_DATA && (flags & FIRST_PIECE) === 0;
  const form = piece ? { layout: messagePieceChunk } : chunkForm(type);
  if (type === SACK) return explainSack(view, at, limit, source, acknowledged);
  if (type === NR_SACK) return explainNrSack(view, at, limit, source);
  const lines = explainForm(form, view, at, limit, source, 0);
  return type === DATA || type === I_DATA ? relative(lines, 'sctp.data_tsn', tsn) : lines;
}

/** The lines of a chunk, parameter or cause of this form. */
function explainForm(form: Form, view: DataView, at: number, limit: Limit, source: number, depth: number): Line[] {
  const { layout, entries, rest, units } = form;
  const { lines: fields, stop } = explain(layout, view, at, limit, source);
  const start = at + layout.size;
  if (stop || start >= limit.captured) return [...fields];
  if (entries) return [...fields, ...explainEntries(entries, view, start, limit, source)];
  if (rest) return [...fields, restLine(rest, view, start, limit.captured, source)];
  if (units && depth < DEPTH) return [...fields, ...explainUnits(UNITS[units], view, start, limit, source, depth + 1)];
  return [...fields];
}

function restLine(field: Field & { readonly path: string }, view: DataView, at: number, end: number, source: number) {
  const value: Value = field.kind === 'string' ? asciiText(view, at, end) : slice(view, at, end);
  return foundLine(field, value, source, at, end);
}

function explainEntries(
  layout: Layout,
  view: DataView,
  at: number,
  limit: Limit,
  source: number,
  most = Number.MAX_SAFE_INTEGER,
): Line[] {
  const lines: Line[] = [];
  let start = at;
  for (let count = 0; count < most && start + layout.size <= limit.captured; count++) {
    lines.push(...explain(layout, view, start, limit, source).lines);
    start += layout.size;
  }
  return lines;
}

function explainUnits(unit: Unit, view: DataView, at: number, limit: Limit, source: number, depth: number): Line[] {
  const lines: Line[] = [];
  for (let start = at; start < limit.captured; ) {
    const whole = start + unit.head.size <= limit.captured;
    const length = whole ? view.getUint16(start + 2) : 0;
    if (length < unit.head.size || start + length > limit.wire) {
      lines.push(heading('', `${unit.name}, cut off`, source, start, limit.captured));
      break;
    }
    const code = view.getUint16(start);
    const end = Math.min(start + length, limit.captured);
    const inside = { captured: end, wire: start + length };
    const children = explainForm(unit.form(code), view, start, inside, source, depth);
    const name = unit.names(code) ?? `0x${code.toString(16).padStart(4, '0')}`;
    lines.push(heading('', `${unit.name}: ${name}`, source, start, end, children));
    start += padded(length);
  }
  return lines;
}

function explainSack(
  view: DataView,
  at: number,
  limit: Limit,
  source: number,
  base: number | undefined,
): readonly Line[] {
  const { lines, stop } = explain(sackChunk, view, at, limit, source);
  const shown = relative(lines, 'sctp.sack_cumulative_tsn_ack', base);
  if (stop) return shown;
  const { fields } = sackChunk;
  const gaps = fields.sack_number_of_gap_blocks.read(view, at);
  const duplicates = fields.sack_number_of_duplicated_tsns.read(view, at);
  const start = at + sackChunk.size;
  const after = fields.sack_cumulative_tsn_ack_raw.read(view, at) - (base ?? 0);
  return [
    ...shown,
    ...withTsns(explainEntries(gapBlock, view, start, limit, source, gaps), after, GAP_TSNS),
    ...explainEntries(duplicateTsn, view, start + gaps * gapBlock.size, limit, source, duplicates),
  ];
}

function explainNrSack(view: DataView, at: number, limit: Limit, source: number): readonly Line[] {
  const { lines, stop } = explain(nrSackChunk, view, at, limit, source);
  if (stop) return lines;
  const { fields } = nrSackChunk;
  const gaps = fields.nr_sack_number_of_gap_blocks.read(view, at);
  const kept = fields.nr_sack_number_of_nr_gap_blocks.read(view, at);
  const start = at + nrSackChunk.size;
  // Wireshark shows those of this chunk as they stand.
  const after = fields.nr_sack_cumulative_tsn_ack.read(view, at);
  const keptAt = start + gaps * nrGapBlock.size;
  const duplicatesAt = keptAt + kept * nrKeptBlock.size;
  const duplicates = fields.nr_sack_number_of_duplicated_tsns.read(view, at);
  return [
    ...lines,
    ...withTsns(explainEntries(nrGapBlock, view, start, limit, source, gaps), after, NR_GAP_TSNS),
    ...withTsns(explainEntries(nrKeptBlock, view, keptAt, limit, source, kept), after, NR_KEPT_TSNS),
    ...explainEntries(nrDuplicateTsn, view, duplicatesAt, limit, source, duplicates),
  ];
}
