import { jsonText } from '../../print/json-text.js';
import { writeIsoTime } from '../../print/time.js';
import { type Utf8Text, type Words, wordsOf } from '../../print/utf8-text.js';
import type { Batch } from './batch.js';
import { type Column, type NumberColumn, TextColumn, TimeColumn } from './column.js';

/** Digits of a fraction of a second. */
const MICROS = 6;
const [OPEN, CLOSE, QUOTE] = [0x7b, 0x7d, 0x22];

/** Writes the value of a row, with the name of the column before it; nothing where it is null. */
type Writer = (row: number, into: Utf8Text) => void;

/**
 * Writes the rows of a batch as JSON, one object a line: what a row does not have is left out.
 * @param written is told after each row
 */
export async function writeRows(
  { columns, rows }: Batch,
  into: Utf8Text,
  written: () => Promise<void> | undefined,
): Promise<void> {
  const writers = columns.map(writerOf);
  for (let row = 0; row < rows; row++) {
    const start = into.length;
    for (const write of writers) write(row, into);
    if (into.length === start) into.addByte(OPEN);
    // In the place of the comma before the first member.
    else into.buffer[start] = OPEN;
    into.addByte(CLOSE);
    into.add('\n');
    const waits = written();
    if (waits) await waits;
  }
}

function writerOf(column: Column): Writer {
  const key = wordsOf(`,${jsonText(column.spec.name)}:`);
  const { present } = column;
  const write = valueWriter(column, key);
  return (row, into) => {
    if (present[row] === 1) write(row, into);
  };
}

function valueWriter(column: Column, key: Words): Writer {
  if (column instanceof TextColumn) {
    const texts = column.texts.map(jsonText);
    const { places } = column;
    return (row, into) => {
      into.addWords(key);
      into.add(texts[places[row] as number] as string);
    };
  }
  if (column instanceof TimeColumn) return timeWriter(column, key);
  return numberWriter(column, key);
}

function timeWriter({ seconds, nanos, spec }: TimeColumn, key: Words): Writer {
  if (spec.type === 'timestamp') {
    return (row, into) => {
      into.addWords(key);
      into.addByte(QUOTE);
      writeIsoTime(seconds[row] as number, nanos[row] as number, into, MICROS);
      into.addByte(QUOTE);
    };
  }
  return (row, into) => {
    into.addWords(key);
    into.add(nanosText(seconds[row] as number, nanos[row] as number));
  };
}

const nanosText = (seconds: number, nanos: number): string =>
  seconds > 0 ? `${seconds}${`${nanos}`.padStart(9, '0')}` : `${BigInt(seconds) * 1_000_000_000n + BigInt(nanos)}`;

function numberWriter({ values, spec }: NumberColumn, key: Words): Writer {
  const isTruth = spec.type === 'boolean';
  return (row, into) => {
    const value = values[row] as number;
    into.addWords(key);
    if (isTruth) into.add(value === 0 ? 'false' : 'true');
    else if (value >= 0 && Number.isSafeInteger(value)) into.addNumber(value);
    else into.add(`${value}`);
  };
}
