import { modeOf } from '../../dissectors/channel/capabilities.js';
import { DEFAULT_CHANNEL } from '../../dissectors/channel/packet.js';
import { capsIn, STANDINGS, stateIn } from '../index/columns.js';
import type { IntReader } from '../index/ints.js';
import { ENVELOPE_BITS, ID_KNOWN, MESSAGE_CODES, OTHER_MESSAGES } from '../index/known-columns.js';
import { channelIdText, STATES } from '../track/channel.js';
import {
  ANYTHING,
  type ColumnField,
  type ColumnSource,
  exactly,
  type Known,
  NOTHING,
  type RowsField,
} from './column-field.js';
import { bitsOfMessages } from './message-fields.js';
import type { Value } from './types.js';

type Index = ColumnSource['index'];

/** How a field of channel packets, or of the channels that they touch, is told from columns. */
export function channelField({ index }: ColumnSource, path: string): ColumnField | undefined {
  switch (path) {
    case 'chan.msg.type':
      return { kind: 'codes', column: ({ messages }) => messages, mask: TYPES, list: false, known: typesKnown };
    case 'chan.dialect':
    case 'chan.checksum.status': {
      const bits = ENVELOPE_BITS.map((bit, place) => ({ ...bit, mask: 1 << place })).filter((bit) => bit.path === path);
      const known = (code: number) => exactly(...bits.flatMap(({ mask, value }) => (code & mask ? [value] : [])));
      return {
        kind: 'codes',
        column: ({ envelope }) => envelope,
        mask: (1 << ENVELOPE_BITS.length) - 1,
        list: false,
        known,
      };
    }
    case 'chan.id':
      return ofHeader(index, path, (id) => id);
    case 'chan.initiator':
      return ofHeader(index, path, (id) => id >>> 16);
    case 'chan.responder':
      return ofHeader(index, path, (id) => id & 0xffff);
    case 'chan.default':
      return ofHeader(index, path, (id) => (id === DEFAULT_CHANNEL ? 1 : undefined));
    case 'channel':
      return ofTouched(index, () => 1);
    case 'channel.number':
      return ofTouched(index, ({ number }) => number);
    case 'channel.state':
      return ofTouched(index, ({ state }) => STATES[state]);
    case 'channel.outcome':
      return ofTouched(index, () => undefined, false, true);
    case 'channel.mode':
      return ofTouched(index, ({ caps }) => (caps < 0 ? undefined : modeOf(caps)));
    case 'channel.id':
      return ofTouched(index, ({ c1, c2 }) => (c1 < 0 ? undefined : channelIdText(c1, c2 < 0 ? undefined : c2)), true);
    default:
      return undefined;
  }
}

/** The bits of the `messages` column that stand for types. */
const TYPES = 2 * OTHER_MESSAGES - 1;

const typesKnown = (mask: number): Known => ({
  sure: MESSAGE_CODES.filter((_, place) => mask & (1 << place)),
  perhaps: mask & OTHER_MESSAGES ? undefined : [],
});

/** A field that the id in the header of the only channel packet tells; messages may have more of its name. */
function ofHeader(index: Index, path: string, read: (id: number) => Value | undefined): RowsField {
  const inMessages = bitsOfMessages(path);
  const hasNone = index.shapes.map(({ names }) => !names.includes('chan'));
  const known = (row: number): Known => {
    const { messages, id, shape } = index.columns;
    const flags = messages[row] as number;
    if (flags & ID_KNOWN) {
      const value = read(id[row] as number);
      return { sure: value === undefined ? [] : [value], perhaps: flags & inMessages ? undefined : [] };
    }
    const place = (shape[row] as number) - 1;
    if (place < 0) return ANYTHING;
    hasNone[place] ??= index.shapes[place]?.names.includes('chan') === false;
    return hasNone[place] ? NOTHING : ANYTHING;
  };
  const keys = (from: number, to: number, into: Float64Array): void => {
    const { messages, id } = index.columns;
    const wanted = ID_KNOWN | inMessages;
    for (let row = from; row < to; row++) {
      into[row - from] = ((messages[row] as number) & wanted) === ID_KNOWN ? (id[row] as number) : -1;
    }
  };
  return { kind: 'rows', known, keys };
}

/** A channel that a packet touches, as its columns or the pool have it; −1 for what is not known. */
interface Touched {
  readonly number: number;
  readonly c1: number;
  readonly c2: number;
  /** Its place in `STATES`. */
  readonly state: number;
  readonly caps: number;
}

/**
 * A field of the channels that packets touch. Rows with further facts have their list in the pool, as `writeFacts`
 * begins it; of others the columns know all.
 * @param named whether it is told from the id of the channel, which of plain rows is that of the header
 * @param later whether what comes after the packet decides: the columns only know of packets that touch none
 */
function ofTouched(
  index: Index,
  read: (touched: Touched) => Value | undefined,
  named = false,
  later = false,
): RowsField {
  const list = (touched: readonly Touched[]): Known =>
    exactly(...touched.flatMap((one) => [read(one)].filter((value) => value !== undefined)));
  const known = (row: number): Known => {
    const { columns } = index;
    const facts = index.factsOf(row);
    if (facts) {
      const touched = facts.list(readTouched);
      return later && touched.length > 0 ? ANYTHING : list(touched);
    }
    const number = columns.channel[row] as number;
    if (number === 0) return NOTHING;
    if (later) return ANYTHING;
    const isNamed = ((columns.messages[row] as number) & ID_KNOWN) !== 0;
    if (named && !isNamed) return ANYTHING;
    const id = columns.id[row] as number;
    const standing = columns.standing[row] as number;
    const [state, caps] = [stateIn(standing), capsIn(standing) ?? -1];
    return list([{ number, c1: id >>> 16, c2: id & 0xffff, state, caps }]);
  };
  const keys = (from: number, to: number, into: Float64Array): void => {
    const { facts, channel, messages, id, standing } = index.columns;
    for (let row = from; row < to; row++) {
      const number = channel[row] as number;
      let key = -1;
      // Of one channel the columns say all but its id.
      if (facts[row] === 0 || (!named && index.factsOf(row)?.next() === 1)) {
        if (number === 0) key = 0;
        else if (later) key = -1;
        else if (!named) key = number * STANDINGS + (standing[row] as number);
        else if ((messages[row] as number) & ID_KNOWN) key = 1 + (id[row] as number);
      }
      into[row - from] = key;
    }
  };
  return { kind: 'rows', known, keys };
}

function readTouched(from: IntReader): Touched {
  const touched = { number: from.next(), c1: from.next(), c2: from.next(), state: from.next(), caps: from.next() };
  // No column tells where its numbers start.
  from.next();
  return touched;
}
