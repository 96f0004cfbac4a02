import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { linkTypeNamed, linkTypeWords } from '../../crafter/io/raw-news.js';
import { type Answer, askProgram } from './ask-program.js';
import { type CapNews, type CapTask, newsIn } from './cap-news.js';
import type { CaptureEngine, CaptureRequest, EngineCounts, Refusal, Tap } from './engine.js';
import { EngineChild } from './engine-child.js';
import { refusalIn } from './libpcap-words.js';
import { MergedCapture, type SingleCapture } from './merged-capture.js';
import { PipeSource } from './pipe-source.js';

/** The built script, beside the built program. */
const CHILD = new URL('./cap-child.js', import.meta.url);
/** The library keeps no more of a packet. */
const SNAP_LENGTH = 65_535;
/**
 * In MiB. Each packet takes a place of the longest, whatever its size: so this is room for 2046, two hundredths of a second
 * of 100,000 a second.
 */
const CAP_BUFFER_SIZE = 128;
const MIB = 1024 * 1024;

/** The names that libpcap has for the link types that the library can give. */
const LINK_TYPES: Readonly<Record<string, number>> = { NULL: 0, EN10MB: 1, RAW: 101, LINUX_SLL: 113, LINUX_SLL2: 276 };

/**
 * The library `cap`, in a process for each interface. It tells neither times nor losses, nor how long a packet was that
 * it cut: times are ours, losses unknown.
 */
export function capEngine(script: URL = CHILD): CaptureEngine {
  const path = fileURLToPath(script);
  return {
    name: 'cap',
    check: async (request) => {
      const cannot = inability(request);
      if (cannot) return cannot;
      for (const tap of request.taps) {
        const news = newsOf(await askProgram(process.execPath, [path, JSON.stringify(taskOf(tap, true))]));
        const refusal = refusalOf(news, tap);
        if (refusal) return refusal;
      }
      return undefined;
    },
    linkTypes: async (name) => {
      const tap: Tap = { name };
      const news = newsOf(await askProgram(process.execPath, [path, JSON.stringify(taskOf(tap, true))]));
      const opened = news.find((one) => one?.type === 'open');
      if (!opened) return refusalOf(news, tap) ?? { kind: 'failed', where: name, why: 'it cannot be opened' };
      const type = linkTypeNamed(opened.linkType);
      const names = Object.entries(LINK_TYPES).find(([, number]) => number === type);
      return [{ name: names?.[0] ?? `${type}`, about: linkTypeWords(type) }];
    },
    start: async (request) => {
      const children = request.taps.map((tap) => new CapChild(path, tap));
      return MergedCapture.open('cap', 'by this program, when the packet arrived', children);
    },
  };
}

/** What the library cannot do. */
function inability({ taps, promiscuous, monitor, timeStampType }: CaptureRequest): Refusal | undefined {
  const unable = (where: string, why: string): Refusal => ({ kind: 'unable', where, why });
  if (!promiscuous) return unable('-p', 'always captures in promiscuous mode');
  if (monitor) return unable('-I', 'has no monitor mode');
  if (timeStampType !== undefined) return unable('--time-stamp-type', 'tells no times');
  const long = taps.find(({ snapLength = 0 }) => snapLength > SNAP_LENGTH);
  if (long) return unable(`-s ${long.snapLength}`, `keeps at most ${SNAP_LENGTH} bytes of a packet`);
  return undefined;
}

const taskOf = (
  { name, filter = '', snapLength = SNAP_LENGTH, bufferSize = CAP_BUFFER_SIZE }: Tap,
  check: boolean,
): CapTask => ({
  interface: name,
  filter,
  snapLength,
  bufferSize: bufferSize * MIB,
  check,
});

const newsOf = ({ said }: Answer): readonly (CapNews | undefined)[] => said.split('\n').map(newsIn);

/** What the first news means; a process without news could not load the library. */
function refusalOf(news: readonly (CapNews | undefined)[], tap: Tap): Refusal | undefined {
  for (const one of news) {
    if (one?.type === 'missing') return { kind: 'missing', where: tap.name, why: missing(one.why) };
    if (one?.type === 'refused') return refused(one.why, tap);
    if (one?.type === 'open') return wrongLinkType(one.linkType, tap);
  }
  return { kind: 'missing', where: tap.name, why: 'cannot be loaded' };
}

const missing = (why: string): string =>
  /Cannot find (module|package)/.test(why) ? 'not installed' : `cannot be loaded: ${why}`;

/** The library says nothing of the kind of failure but in words; what is none of these is about the filter. */
function refused(why: string, tap: Tap): Refusal {
  const refusal = refusalIn(why, tap.name);
  const isFilter = refusal.why === why && tap.filter !== undefined && !/set|activate/i.test(why);
  return isFilter ? { kind: 'filter', where: tap.filter, why } : refusal;
}

function wrongLinkType(name: string, { linkType, name: where }: Tap): Refusal | undefined {
  const opened = linkTypeNamed(name);
  if (linkType === undefined || LINK_TYPES[linkType.toUpperCase()] === opened) return undefined;
  return { kind: 'unable', where, why: `gives ${linkTypeWords(opened)} there, not ${linkType}` };
}

/** One process, on one interface. */
class CapChild implements SingleCapture {
  readonly tap: Tap;
  readonly source: PipeSource;
  readonly ended: Promise<void>;
  readonly #child: EngineChild;
  readonly #news: CapNews[] = [];
  #received: number | undefined;

  constructor(script: string, tap: Tap) {
    this.tap = tap;
    this.#child = new EngineChild(process.execPath, [script, JSON.stringify(taskOf(tap, false))]);
    this.source = new PipeSource(this.#child.stdout);
    this.#child.onLine((line) => this.#hear(newsIn(line)));
    this.ended = this.#child.ended;
  }

  counts(): EngineCounts {
    return this.#received === undefined ? {} : { received: this.#received };
  }

  stop(): void {
    this.#child.stop();
  }

  refusal(): Refusal {
    const refusal = refusalOf(this.#news, this.tap);
    return refusal ?? { kind: 'failed', where: this.tap.name, why: this.failure() ?? 'it cannot be opened' };
  }

  failure(): string | undefined {
    if (this.#child.wasAsked) return undefined;
    const { failure } = this.#child;
    // The library aborts its process when it can read no more.
    if (failure?.includes('SIGABRT'))
      return isThere(this.tap.name) ? 'the interface went down' : 'the interface went away';
    return failure?.replace(/^node /, 'cap ') ?? 'cap ended';
  }

  #hear(news: CapNews | undefined): void {
    if (news?.type === 'received') this.#received = news.packets;
    else if (news) this.#news.push(news);
  }
}

/** Where the system does not say, it is there. */
const isThere = (name: string): boolean => !existsSync('/sys/class/net') || existsSync(`/sys/class/net/${name}`);
