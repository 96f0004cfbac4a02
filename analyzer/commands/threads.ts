import { availableParallelism } from 'node:os';
import type { NamedCaptures } from '../capture/named-captures.js';
import { statsOf } from '../capture/stats-of.js';
import type { DecodeOptions } from './decode-options.js';
import type { Format } from './formats.js';
import { isLive } from './live-options.js';

/** More threads than this wait for the one that examines packets. */
export const MOST_THREADS = 8;
/** From this size of a file on, in bytes, threads are worth their start where nobody says how many there are to be. */
const LEAST_SIZE = 128 * 1024 * 1024;

/** Formats whose packets cost more to print than to examine: lists and fields wait for the one thread that does that. */
const HEAVY: ReadonlySet<string> = new Set(['json']);

/** Formats in which packets stand for themselves. */
const APART: ReadonlySet<string> = new Set(['text', 'json', 'fields', 'csv']);

/** Of times that count from the packet shown before: threads do not know which that is. */
const DISPLAYED = /time_delta_displayed/;

/** Formats that tell of a packet what the packets before say, or whose packets hang together. */
const WHOLE_FORMATS: readonly (Format | undefined)[] = ['ek', 'pdml', 'psml', 'jsonraw', 'tabs'];

/** Whether nothing is asked for that threads know nothing of. */
const isForThreads = ({ format, statistics = [], readFilter, decodeAs = [], setting = [] }: DecodeOptions): boolean =>
  statistics.length + decodeAs.length + setting.length === 0 &&
  readFilter === undefined &&
  !WHOLE_FORMATS.includes(format);

/**
 * How many threads print the packets of a capture: one where its bytes are not at hand in a file, or where what is
 * printed of a packet depends on what was printed before it.
 */
export function threadsFor({ paths: [path, ...others], areSeveral }: NamedCaptures, options: DecodeOptions): number {
  const {
    format = 'text',
    decodeAs = [],
    threads,
    write,
    channel = [],
    withHandshake,
    twoPass,
    time,
    filter,
    field,
  } = options;
  if (threads === 1 || isLive(options) || areSeveral || others.length > 0) return 1;
  if (path === undefined || path === '-') return 1;
  // Others put something between packets.
  if (!APART.has(format) || decodeAs.length > 0) return 1;
  if (!isForThreads(options)) return 1;
  if (write !== undefined || channel.length > 0 || withHandshake || twoPass || time === 'dd') return 1;
  if (filter !== undefined && [filter, ...field].some((text) => DISPLAYED.test(text))) return 1;
  const file = statsOf(path);
  if (!file?.isFile()) return 1;
  if (threads !== undefined) return Math.min(threads, MOST_THREADS);
  return file.size < LEAST_SIZE || !HEAVY.has(format) ? 1 : Math.min(availableParallelism(), MOST_THREADS);
}
