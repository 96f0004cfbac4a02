import type { Line } from '../../dissectors/wire/line.js';
import { bytesOf, fromHex } from '../../dissectors/wire/view.js';
import type { IndexedPackets } from '../filter/columns.js';
import { compilePattern, type Matcher } from '../filter/pattern.js';
import { indexOfBytes, latin1 } from '../filter/values.js';
import type { Packet } from '../print/packet.js';
import { summarize } from '../print/row.js';
import { packetTree } from '../print/tree.js';
import { printable } from '../text/printable.js';
import { filterTest, type Problem } from './filter-test.js';
import type { Search } from './news.js';
import type { PacketTest } from './sifter.js';

/** A test that finds what is searched for; or what is wrong with the search. */
export function searchTest(search: Search, packets: IndexedPackets): PacketTest | Problem {
  const { what } = search;
  if (what === '') return { problem: 'nothing to search for' };
  switch (search.in) {
    case 'filter':
      return filterTest(what, packets);
    case 'list':
      return ofTexts(search, (packet, matches) => matches(rowText(packet)));
    case 'tree':
      return ofTexts(search, (packet, matches) => packetTree(packet).some((line) => hasText(line, matches)));
    case 'bytes':
      return ofBytes(search);
  }
}

function ofTexts(
  { as, what }: Search,
  finds: (packet: Packet, matches: Matcher) => boolean,
): { readonly passes: (packet: Packet) => boolean } | Problem {
  switch (as) {
    case 'hex':
      return { problem: 'hex is searched for in bytes only' };
    case 'text': {
      const wanted = what.toLowerCase();
      return { passes: (packet) => finds(packet, (text) => text.toLowerCase().includes(wanted)) };
    }
    case 'regex': {
      const matcher = compilePattern(byteText(what));
      if (typeof matcher !== 'function') return matcher;
      return { passes: (packet) => finds(packet, (text) => matcher(byteText(text))) };
    }
  }
}

/** What the list shows of a packet, but for its number and time. */
function rowText(packet: Packet): string {
  const { source, destination, protocol, info } = summarize(packet);
  return printable(`${source} ${destination} ${protocol} ${info}`);
}

const hasText = (line: Line, matches: Matcher): boolean =>
  matches(printable(line.text)) || line.children.some((child) => hasText(child, matches));

function ofBytes({ as, what }: Search): PacketTest | Problem {
  const inSources = (finds: (bytes: Uint8Array) => boolean): PacketTest => ({
    passes: ({ dissection, captured }) =>
      dissection.sources.some(({ view }, place) => {
        const bytes = bytesOf(view);
        return finds(place === 0 ? bytes.subarray(dissection.start, dissection.start + captured) : bytes);
      }),
  });
  switch (as) {
    case 'text': {
      const wanted = lowered(new TextEncoder().encode(what));
      return inSources((bytes) => indexOfBytes(lowered(bytes), wanted) >= 0);
    }
    case 'regex': {
      const matcher = compilePattern(byteText(what));
      return typeof matcher === 'function' ? inSources((bytes) => matcher(latin1(bytes))) : matcher;
    }
    case 'hex': {
      try {
        const wanted = fromHex(what);
        return inSources((bytes) => indexOfBytes(bytes, wanted) >= 0);
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
        return { problem: `${error.message}: bytes are written as 0a 0b, 0a:0b or 0a0b` };
      }
    }
  }
}

/** A copy with the letters A to Z as small ones. */
const lowered = (bytes: Uint8Array): Uint8Array =>
  bytes.map((byte) => (byte >= 0x41 && byte <= 0x5a ? byte + 32 : byte));

/** A text with a character for each of its bytes in UTF-8. */
const byteText = (text: string): string => (/^[\0-\x7f]*$/.test(text) ? text : latin1(new TextEncoder().encode(text)));
