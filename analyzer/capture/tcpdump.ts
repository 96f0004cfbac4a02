import { askProgram } from './ask-program.js';
import type { CaptureEngine, CaptureRequest, EngineCounts, Refusal, Tap } from './engine.js';
import { BUFFER_SIZE, CaptureRefused } from './engine.js';
import { EngineChild } from './engine-child.js';
import { type FoundProgram, unusable } from './find-program.js';
import { askLinkTypes, checkTaps } from './libpcap-program.js';
import { complaintIn, endIn, refusalIn } from './libpcap-words.js';
import { MergedCapture, type SingleCapture } from './merged-capture.js';
import { PipeSource } from './pipe-source.js';

/**
 * Each packet takes a place of this size in the system's buffer, since packets are to come at once: the longest packet
 * of common networks, and no more.
 */
const SNAP_LENGTH = 65_600;
/** How often it is asked for its counts, in milliseconds. */
const COUNTS_MS = 1000;

/** The capture program that is on most machines: a process for each interface. */
export function tcpdumpEngine(program: FoundProgram | undefined): CaptureEngine {
  return {
    name: 'tcpdump',
    check: (request) => checkTaps(program, request, checkTap),
    linkTypes: (name) => askLinkTypes(program, name),
    start: async (request) => {
      if (!program?.mayRun) throw new CaptureRefused(unusable(program, ''));
      const children = request.taps.map((tap) => new TcpdumpChild(program.path, tap, request));
      const timeStamps = `${request.timeStampType ?? 'host'}, in nanoseconds`;
      return MergedCapture.open('tcpdump', timeStamps, children);
    },
  };
}

/** Compiles the filter, for which the interface is opened; that says whether it may be. */
async function checkTap(program: string, tap: Tap, request: CaptureRequest): Promise<Refusal | undefined> {
  const words = ['-d', '-i', tap.name, ...optionsOf(tap, request)];
  const { said, status } = await askProgram(program, [...words, ...filterOf(tap)]);
  if (status === 0) return undefined;
  const refusal = refusalIn(said, tap.name);
  if (refusal.kind === 'denied' || tap.filter === undefined) return refusal;
  const bare = await askProgram(program, words);
  if (bare.status !== 0) return refusalIn(bare.said, tap.name);
  return { kind: 'filter', where: tap.filter, why: complaintIn(said) };
}

const optionsOf = (tap: Tap, { promiscuous, monitor, timeStampType }: CaptureRequest): readonly string[] => [
  ...['-s', `${tap.snapLength ?? SNAP_LENGTH}`],
  ...(tap.linkType === undefined ? [] : ['-y', tap.linkType]),
  ...['-B', `${(tap.bufferSize ?? BUFFER_SIZE) * 1024}`],
  ...(promiscuous ? [] : ['-p']),
  ...(monitor ? ['-I'] : []),
  ...(timeStampType === undefined ? [] : ['-j', timeStampType]),
];

/** What follows the dashes is the filter, even if it begins with one. */
const filterOf = ({ filter }: Tap): readonly string[] => (filter === undefined ? [] : ['--', filter]);

/** One process, on one interface. */
class TcpdumpChild implements SingleCapture {
  readonly tap: Tap;
  readonly source: PipeSource;
  readonly ended: Promise<void>;
  readonly #child: EngineChild;
  #asking: NodeJS.Timeout | undefined;
  #counts: EngineCounts = {};

  constructor(program: string, tap: Tap, request: CaptureRequest) {
    this.tap = tap;
    const words = ['-n', '-q', '-U', '--immediate-mode', '--nano', '-i', tap.name, ...optionsOf(tap, request)];
    this.#child = new EngineChild(program, [...words, '-w', '-', ...filterOf(tap)]);
    this.source = new PipeSource(this.#child.stdout);
    this.#child.onLine((line) => this.#hear(line));
    this.ended = this.#child.ended.then(() => clearInterval(this.#asking));
  }

  counts(): EngineCounts {
    return this.#counts;
  }

  stop(): void {
    this.#child.stop();
  }

  refusal(): Refusal {
    return refusalIn(this.#child.said, this.tap.name);
  }

  failure(): string | undefined {
    if (this.#child.wasAsked) return undefined;
    const { said, failure } = this.#child;
    return endIn(said) ?? failure ?? 'tcpdump ended';
  }

  #hear(line: string): void {
    // From now on, at this signal it says what it has counted, and goes on. Before, the signal would end it.
    if (line.includes('listening on')) this.#asking ??= setInterval(() => this.#child.signal('SIGUSR1'), COUNTS_MS);
    const received = /(\d+) packets? captured/.exec(line)?.[1];
    const dropped = /(\d+) packets? dropped by kernel/.exec(line)?.[1];
    if (received !== undefined) this.#counts = { ...this.#counts, received: Number(received) };
    if (dropped !== undefined) this.#counts = { ...this.#counts, dropped: Number(dropped) };
  }
}
