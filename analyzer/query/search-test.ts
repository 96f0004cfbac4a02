import type { Line } from '../../dissectors/wire/line.js';
import { bytesOf } from '../../dissectors/wire/view.js';
import { LOOK, NO, YES } from '../filter/answer.js';
import type { IndexedPackets } from '../filter/columns.js';
import type { ScannedCapture } from '../index/scanned-capture.js';
import type { Packet } from '../print/packet.js';
import { infoForList, summarize } from '../print/row.js';
import { packetTree } from '../print/tree.js';
import { printable } from '../text/printable.js';
import { filterTest, type Problem } from './filter-test.js';
import type { Search } from './news.js';
import { bytesFinder, type Finder, textFinder } from './search-finder.js';
import type { PacketTest } from './sifter.js';

/** What a search is made on: what is known of the packets, and their bytes. */
export type Searched = IndexedPackets & Pick<ScannedCapture, 'frameAt'>;

/** A test that finds what is searched for; or what is wrong with the search. */
export function searchTest(search: Search, packets: Searched): PacketTest | Problem {
  if (search.what === '') return { problem: 'nothing to search for' };
  switch (search.in) {
    case 'filter':
      return filterTest(search.what, packets);
    case 'list':
      return ofTexts(search, (packet, find) => find(rowText(packet)) !== undefined);
    case 'tree':
      return ofTexts(search, (packet, find) => packetTree(packet).some((line) => hasText(line, find)));
    case 'bytes':
      return ofBytes(search, packets);
  }
}

/** Of the packets that a display filter passes those that a search finds. */
export function searchWithin(search: Search, filter: string, packets: Searched): PacketTest | Problem {
  const found = searchTest(search, packets);
  if (filter === '' || 'problem' in found) return found;
  const passing = filterTest(filter, packets);
  return 'problem' in passing ? passing : both(passing, found);
}

/** What two tests pass: the second is asked where the first leaves it open. */
function both(one: PacketTest, other: PacketTest): PacketTest {
  const answers = new Uint8Array(MOST_AT_ONCE);
  return {
    rows: (run, out) => {
      const count = run.to - run.from;
      if (one.rows) one.rows(run, out);
      else out.fill(LOOK, 0, count);
      if (other.rows) other.rows(run, answers);
      else answers.fill(LOOK, 0, count);
      for (let row = 0; row < count; row++) {
        if (out[row] === NO || answers[row] === NO) out[row] = NO;
        else if (answers[row] === LOOK) out[row] = LOOK;
      }
    },
    passes: (packet) => one.passes?.(packet) !== false && other.passes?.(packet) !== false,
  };
}

/** Rows that are asked about at once at most. */
const MOST_AT_ONCE = 4096;

function ofTexts(search: Search, finds: (packet: Packet, find: Finder<string>) => boolean): PacketTest | Problem {
  const finder = textFinder(search);
  return typeof finder === 'function' ? { passes: (packet) => finds(packet, finder) } : finder;
}

/** What the list shows of a packet, but for its number and time. */
function rowText(packet: Packet): string {
  const { source, destination, protocol } = summarize(packet);
  return printable(`${source} ${destination} ${protocol} ${infoForList(packet)}`);
}

const hasText = (line: Line, find: Finder<string>): boolean =>
  find(printable(line.text)) !== undefined || line.children.some((child) => hasText(child, find));

/** A packet whose frame does not have the bytes must be dissected only where it may have others, such as a reassembly. */
function ofBytes(search: Search, packets: Searched): PacketTest | Problem {
  const finder = bytesFinder(search);
  if (typeof finder !== 'function') return finder;
  const { shapes } = packets.index;
  /** By shape: whether such packets may have bytes besides their frame. */
  const opening: boolean[] = [];
  const mayOpen = (shape: number): boolean => {
    const known = opening[shape] ?? shapes[shape - 1]?.names.some((name) => name === 'quic') ?? true;
    opening[shape] = known;
    return known;
  };
  return {
    rows: ({ columns, from, to }, out) => {
      for (let row = from; row < to; row++) {
        const frame = packets.frameAt(columns.offset[row] ?? 0, columns.captured[row] ?? 0);
        const isFound = finder(frame) !== undefined;
        out[row - from] = isFound ? YES : columns.facts[row] === 0 && !mayOpen(columns.shape[row] ?? 0) ? NO : LOOK;
      }
    },
    passes: ({ dissection, captured }) =>
      dissection.sources.some(({ view }, place) => {
        const bytes = bytesOf(view);
        return (
          finder(place === 0 ? bytes.subarray(dissection.start, dissection.start + captured) : bytes) !== undefined
        );
      }),
  };
}
