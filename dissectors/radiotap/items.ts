import { type FieldSink, tellLayout } from '../wire/sink.js';
import { ITEMS, presentWord, radiotapHeader } from './layout.js';

/** Words of present flags that are followed; more would tell of more than 30 antennas. */
const MOST_WORDS = 32;
const WORD = presentWord.size;
/** Bits that tell of words, not of fields. */
const RADIOTAP_NEXT = 0x2000_0000;
const VENDOR_NEXT = 0x4000_0000;
const ANOTHER = 0x8000_0000;
const FIELDS = 29;

/** A field of a header, by its number, and where it stands. */
export interface Found {
  readonly bit: number;
  readonly at: number;
}

/** The present flags of the header at `at` that end before `end`. */
function wordsIn(view: DataView, at: number, end: number): readonly number[] {
  const words: number[] = [];
  for (let place = at + radiotapHeader.size; place + WORD <= end && words.length < MOST_WORDS; place += WORD) {
    const word = view.getUint32(place, true);
    words.push(word);
    if ((word & ANOTHER) === 0) break;
  }
  return words;
}

/**
 * The fields of the header `[at, end)` that are whole, until one that nobody knows: where those behind it stand depends
 * on its size. The fields of vendors end the search as well.
 */
export function itemsIn(view: DataView, at: number, end: number): readonly Found[] {
  const words = wordsIn(view, at, end);
  const found: Found[] = [];
  let place = at + radiotapHeader.size + words.length * WORD;
  let isOurs = true;
  for (const word of words) {
    if (!isOurs) break;
    for (let bit = 0; bit < FIELDS; bit++) {
      if ((word & (1 << bit)) === 0) continue;
      const item = ITEMS[bit];
      if (!item) return found;
      place = at + Math.ceil((place - at) / item.align) * item.align;
      if (place + item.size > end) return found;
      found.push({ bit, at: place });
      place += item.size;
    }
    isOurs = (word & RADIOTAP_NEXT) !== 0 && (word & VENDOR_NEXT) === 0;
  }
  return found;
}

/** Tells the header's words and fields. */
export function tellItems(view: DataView, at: number, end: number, sink: FieldSink): void {
  const limit = { captured: end, wire: end };
  const start = at + radiotapHeader.size;
  const count = wordsIn(view, at, end).length;
  if (count > 0) {
    sink.open('', 'Present flags', start, start + count * WORD);
    for (let place = 0; place < count; place++) tellLayout(sink, presentWord, view, start + place * WORD, limit);
    sink.close();
  }
  for (const { bit, at: place } of itemsIn(view, at, end)) {
    const layout = ITEMS[bit]?.layout;
    if (layout) tellLayout(sink, layout, view, place, limit);
  }
}
