import type { AssociationFacts } from '../layer.js';
import type { Layout } from '../wire/layout.js';
import { type FieldSink, type Named, tellLayout } from '../wire/sink.js';
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
import { GAP_TSNS, NR_GAP_TSNS, NR_KEPT_TSNS, tellBlocks, tellRelative } from './relative.js';

const SACK = 3;
const NR_SACK = 16;
const FIRST_PIECE = 2;

/** Parameters hold causes hold parameters; deeper than this is a trick. */
const DEPTH = 4;

/** What transmission sequence numbers are shown relative to: the first ones of both directions, where they are known. */
export type Bases = Pick<AssociationFacts, 'tsn' | 'acknowledged'>;

/** Tells the chunks from `at` on, a group for each. */
export function tellChunks(view: DataView, at: number, limit: Limit, bases: Bases, sink: FieldSink): void {
  for (let start = at; start < limit.captured; ) {
    const chunk = chunkAt(view, start, limit, true);
    if ('ok' in chunk) {
      sink.open('', 'Chunk, cut off', start, limit.captured);
      tellLayout(sink, chunkHead, view, start, limit);
      return sink.close();
    }
    const end = Math.min(chunk.end, limit.captured);
    sink.open('', sink.shows ? `${CHUNK_NAMES[chunk.type] ?? `type ${chunk.type}`} chunk` : '', start, end);
    tellChunk(view, chunk, { captured: end, wire: chunk.end }, bases, sink);
    sink.close();
    start = chunk.at + padded(chunk.end - chunk.at);
  }
}

function tellChunk(view: DataView, { type, flags, at }: Chunk, limit: Limit, bases: Bases, sink: FieldSink): void {
  if (type === SACK) return tellSack(view, at, limit, bases.acknowledged, sink);
  if (type === NR_SACK) return tellNrSack(view, at, limit, sink);
  const piece = type === I_DATA && (flags & FIRST_PIECE) === 0;
  const form = piece ? { layout: messagePieceChunk } : chunkForm(type);
  if (type !== DATA && type !== I_DATA) return tellForm(form, view, at, limit, 0, sink);
  if (tellRelative(sink, form.layout, 'sctp.data_tsn', view, at, limit, bases.tsn))
    tellMore(form, view, at, limit, 0, sink);
}

/** Tells a chunk, parameter or cause of this form. */
function tellForm(form: Form, view: DataView, at: number, limit: Limit, depth: number, sink: FieldSink): void {
  if (tellLayout(sink, form.layout, view, at, limit)) tellMore(form, view, at, limit, depth, sink);
}

/** Tells what follows the fixed fields of a form. */
function tellMore(form: Form, view: DataView, at: number, limit: Limit, depth: number, sink: FieldSink): void {
  const { layout, entries, rest, units } = form;
  const start = at + layout.size;
  if (start >= limit.captured) return;
  sink.apart();
  if (entries) tellEntries(entries, view, start, limit, sink);
  else if (rest) tellBytes(rest, view, start, limit.captured, sink);
  else if (units && depth < DEPTH) tellUnits(UNITS[units], view, start, limit, depth + 1, sink);
}

function tellBytes(field: Named, view: DataView, at: number, end: number, sink: FieldSink): void {
  if (!sink.wants(field.path)) return;
  sink.value(field, field.kind === 'string' ? asciiText(view, at, end) : slice(view, at, end), at, end);
}

function tellEntries(
  layout: Layout,
  view: DataView,
  at: number,
  limit: Limit,
  sink: FieldSink,
  most = Number.MAX_SAFE_INTEGER,
): void {
  let start = at;
  for (let count = 0; count < most && start + layout.size <= limit.captured; count++) {
    sink.apart();
    tellLayout(sink, layout, view, start, limit);
    start += layout.size;
  }
}

function tellUnits(unit: Unit, view: DataView, at: number, limit: Limit, depth: number, sink: FieldSink): void {
  for (let start = at; start < limit.captured; ) {
    const whole = start + unit.head.size <= limit.captured;
    const length = whole ? view.getUint16(start + 2) : 0;
    if (length < unit.head.size || start + length > limit.wire) {
      sink.open('', sink.shows ? `${unit.name}, cut off` : '', start, limit.captured);
      return sink.close();
    }
    const code = view.getUint16(start);
    const end = Math.min(start + length, limit.captured);
    const name = unit.names(code) ?? `0x${code.toString(16).padStart(4, '0')}`;
    sink.open('', sink.shows ? `${unit.name}: ${name}` : '', start, end);
    tellForm(unit.form(code), view, start, { captured: end, wire: start + length }, depth, sink);
    sink.close();
    start += padded(length);
  }
}

function tellSack(view: DataView, at: number, limit: Limit, base: number | undefined, sink: FieldSink): void {
  if (!tellRelative(sink, sackChunk, 'sctp.sack_cumulative_tsn_ack', view, at, limit, base)) return;
  const { fields } = sackChunk;
  const gaps = fields.sack_number_of_gap_blocks.read(view, at);
  const duplicates = fields.sack_number_of_duplicated_tsns.read(view, at);
  const start = at + sackChunk.size;
  const after = fields.sack_cumulative_tsn_ack_raw.read(view, at) - (base ?? 0);
  tellBlocks(sink, gapBlock, view, start, limit, gaps, after, GAP_TSNS);
  tellEntries(duplicateTsn, view, start + gaps * gapBlock.size, limit, sink, duplicates);
}

function tellNrSack(view: DataView, at: number, limit: Limit, sink: FieldSink): void {
  if (!tellLayout(sink, nrSackChunk, view, at, limit)) return;
  const { fields } = nrSackChunk;
  const gaps = fields.nr_sack_number_of_gap_blocks.read(view, at);
  const kept = fields.nr_sack_number_of_nr_gap_blocks.read(view, at);
  const start = at + nrSackChunk.size;
  // Wireshark shows those of this chunk as they stand.
  const after = fields.nr_sack_cumulative_tsn_ack.read(view, at);
  const keptAt = start + gaps * nrGapBlock.size;
  const duplicatesAt = keptAt + kept * nrKeptBlock.size;
  const duplicates = fields.nr_sack_number_of_duplicated_tsns.read(view, at);
  tellBlocks(sink, nrGapBlock, view, start, limit, gaps, after, NR_GAP_TSNS);
  tellBlocks(sink, nrKeptBlock, view, keptAt, limit, kept, after, NR_KEPT_TSNS);
  tellEntries(nrDuplicateTsn, view, duplicatesAt, limit, sink, duplicates);
}
