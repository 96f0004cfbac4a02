import { explain, flatLines, foundLine, heading, type Line } from '../wire/line.js';
import { type Limit, malformed, type Stop, shortOf } from '../wire/stop.js';
import { slice } from '../wire/view.js';
import {
  bareOption,
  DERIVED,
  FIXED_OPTIONS,
  fastOpenCookie,
  optionHead,
  REST,
  sackBlock,
  unknownRest,
} from './layout.js';

const END = 0;
const NO_OPERATION = 1;
const WINDOW_SCALE = 3;
const SACK_PERMITTED = 4;
const SACK = 5;
const EXPERIMENT_1 = 253;
const EXPERIMENT_2 = 254;
const FAST_OPEN = 0xf989;

/** The most that RFC 7323 lets a window be shifted. */
const MOST_SHIFT = 14;

/** Two bytes of padding and a timestamp option: what most segments have, and nothing else. */
const TIMESTAMP_ONLY = 0x0101080a;

/**
 * Why the options `[at, end)` cannot be read to their end, if they cannot.
 * Source: RFC 9293, section 3.1 "Header Format", "Options".
 */
export function checkOptions(view: DataView, at: number, end: number): Stop | undefined {
  if (end - at === 12 && view.getUint32(at) === TIMESTAMP_ONLY) return undefined;
  let start = at;
  while (start < end) {
    const kind = view.getUint8(start);
    if (kind === END) return undefined;
    if (kind === NO_OPERATION) {
      start += bareOption.size;
      continue;
    }
    const length = lengthAt(view, start, end);
    if (typeof length !== 'number') return length;
    start += length;
  }
  return undefined;
}

/** The length of the option at `at`, or why it cannot be. */
function lengthAt(view: DataView, at: number, end: number): number | Stop {
  if (at + optionHead.size > end) return shortOf('tcp.options', at, optionHead.size, { captured: end, wire: end });
  const length = optionHead.fields.option_len.read(view, at);
  if (length < optionHead.size) return malformed('tcp.option_len', at, optionHead.size, length);
  return at + length > end ? malformed('tcp.option_len', at, length, end - at) : length;
}

/**
 * The lines of the options `[at, end)`.
 * @param base what to take off the edges of SACK blocks, so that they count as the acknowledgement does
 */
export function explainOptions(view: DataView, at: number, end: number, base: number, source: number): Line[] {
  const lines: Line[] = [];
  let start = at;
  while (start < end) {
    const kind = view.getUint8(start);
    const single = kind === END || kind === NO_OPERATION;
    const length = single ? bareOption.size : lengthAt(view, start, end);
    if (typeof length !== 'number') {
      lines.push(heading('', `Option: length does not fit (${length.what})`, source, start, end));
      break;
    }
    const stop = start + length;
    const limit = { captured: stop, wire: stop };
    const name = bareOption.fields.option_kind.names(kind) ?? `kind ${kind}`;
    const fields = single
      ? explain(bareOption, view, start, limit, source).lines
      : explainOption(view, start, limit, kind, base, source);
    lines.push(heading('', `Option: ${name}`, source, start, stop, fields));
    start = stop;
    // Zeros fill up the header; what else follows the end means nothing.
    if (kind === END && start < end && view.getUint8(start) !== END) break;
  }
  return lines;
}

function explainOption(view: DataView, at: number, limit: Limit, kind: number, base: number, source: number): Line[] {
  const layout = FIXED_OPTIONS.get(kind) ?? optionHead;
  const { lines } = flatLines(layout, view, at, limit, source);
  const rest = lines.at(-1)?.end ?? limit.captured;
  if (kind === SACK) return [...lines, ...explainBlocks(view, rest, limit, base, source)];
  if (kind === SACK_PERMITTED) return [...lines, foundLine(DERIVED.sackPermitted, true, source, at, limit.captured)];
  if (kind === WINDOW_SCALE && rest > at + optionHead.size) {
    const shift = Math.min(view.getUint8(rest - 1), MOST_SHIFT);
    return [...lines, foundLine(DERIVED.multiplier, 2 ** shift, source, rest - 1, rest)];
  }
  if (rest === limit.captured) return lines;
  const field = isFastOpen(view, rest, kind) ? fastOpenCookie : (REST.get(kind) ?? unknownRest);
  return [...lines, foundLine(field, slice(view, rest, limit.captured), source, rest, limit.captured)];
}

/** Whether an option of an experiment is that of fast open, before it got a kind. Source: RFC 7413, section 4.1.1. */
const isFastOpen = (view: DataView, rest: number, kind: number): boolean =>
  (kind === EXPERIMENT_1 || kind === EXPERIMENT_2) && view.getUint16(rest - 2) === FAST_OPEN;

function explainBlocks(view: DataView, at: number, limit: Limit, base: number, source: number): Line[] {
  const lines: Line[] = [];
  let start = at;
  for (; start + sackBlock.size <= limit.captured; start += sackBlock.size) {
    for (const line of flatLines(sackBlock, view, start, limit, source).lines) {
      lines.push(base === 0 ? line : relative(line, base));
    }
  }
  lines.push(foundLine(DERIVED.blocks, (start - at) / sackBlock.size, source, at, start));
  return lines;
}

function relative(line: Line, base: number): Line {
  if (typeof line.value !== 'number' || !line.field) return line;
  const value = (line.value - base) >>> 0;
  return { ...line, value, text: `${line.field.label}: ${value} (relative)` };
}
