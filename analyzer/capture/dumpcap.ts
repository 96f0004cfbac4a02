import { askProgram } from './ask-program.js';
import type { CaptureEngine, CaptureRequest, EngineCapture, EngineCounts, Refusal, Tap } from './engine.js';
import { BUFFER_SIZE, CaptureRefused } from './engine.js';
import { EngineChild } from './engine-child.js';
import { type FoundProgram, unusable } from './find-program.js';
import { askLinkTypes, checkTaps } from './libpcap-program.js';
import { complaintIn, endIn, refusalIn } from './libpcap-words.js';
import { PipeSource } from './pipe-source.js';

/** How often it is to look for packets, in milliseconds, where it can be told: 250 otherwise. */
const UPDATE_MS = 50;
/** By then it has looked for packets once more, in milliseconds. */
const LAG_MS = 300;
/** It opens the interfaces in less, in milliseconds, or never. */
const PATIENCE_MS = 3000;
/** Those of several interfaces go through a queue, which it writes out every half second, in milliseconds. */
const QUEUE_LAG_MS = 1000;

/**
 * Wireshark's capture program. It needs no rights of ours where it has its own, takes several interfaces at once, gives
 * times in nanoseconds and survives an interface going down.
 */
export function dumpcapEngine(program: FoundProgram | undefined): CaptureEngine {
  return {
    name: 'dumpcap',
    check: (request) => checkTaps(program, request, checkTap),
    linkTypes: (name) => askLinkTypes(program, name),
    start: async (request) => {
      if (!program?.mayRun) throw new CaptureRefused(unusable(program, ''));
      const { out } = await askProgram(program.path, ['-h']);
      const quick = out.includes('--update-interval') ? ['--update-interval', `${UPDATE_MS}`] : [];
      const words = request.taps.flatMap((tap) => ['-i', tap.name, ...optionsOf(tap, request)]);
      const child = new EngineChild(program.path, ['-q', '-n', ...quick, ...words, '-w', '-']);
      // It names its file once all interfaces are open: what comes from then on is captured.
      await child.heard(/^File: /m, PATIENCE_MS);
      return new DumpcapCapture(child, request);
    },
  };
}

/** Compiles the filter, for which the interface is opened; that says whether it may be. */
async function checkTap(program: string, tap: Tap, request: CaptureRequest): Promise<Refusal | undefined> {
  const { out, said } = await askProgram(program, ['-d', '-i', tap.name, ...optionsOf(tap, request)]);
  if (/^\(000\)/m.test(out)) return undefined;
  const bad = /isn't a valid capture filter \((.*)\)\.$/m.exec(said)?.[1];
  if (bad !== undefined) return { kind: 'filter', where: tap.filter ?? '', why: bad };
  return refusalIn(said, tap.name);
}

const optionsOf = (tap: Tap, { promiscuous, monitor, timeStampType }: CaptureRequest): readonly string[] => [
  ...(tap.filter === undefined ? [] : ['-f', tap.filter]),
  ...(tap.snapLength === undefined ? [] : ['-s', `${tap.snapLength}`]),
  ...(tap.linkType === undefined ? [] : ['-y', tap.linkType]),
  ...['-B', `${tap.bufferSize ?? BUFFER_SIZE}`],
  ...(promiscuous ? [] : ['-p']),
  ...(monitor ? ['-I'] : []),
  ...(timeStampType === undefined ? [] : ['--time-stamp-type', timeStampType]),
];

class DumpcapCapture implements EngineCapture {
  readonly engine = 'dumpcap';
  readonly lag: number;
  readonly isTimed = true;
  readonly timeStamps: string;
  readonly bytes: PipeSource;
  readonly ended: Promise<string | undefined>;
  readonly #child: EngineChild;

  constructor(child: EngineChild, { timeStampType, taps }: CaptureRequest) {
    this.lag = taps.length > 1 ? QUEUE_LAG_MS : LAG_MS;
    this.#child = child;
    this.timeStamps = `${timeStampType ?? 'host'}, in nanoseconds`;
    this.bytes = new PipeSource(child.stdout);
    this.ended = child.ended.then(() => this.#end());
  }

  /** It counts for itself, and tells at the end. */
  counts(): EngineCounts {
    return countsIn(this.#child.said);
  }

  stop(): void {
    this.#child.stop();
  }

  #end(): string | undefined {
    if (this.#child.wasAsked) return undefined;
    const { said, failure } = this.#child;
    return endIn(said) ?? (/^dumpcap: /m.test(said) ? complaintIn(said) : (failure ?? 'dumpcap ended'));
  }
}

/** What it says at the end, of all interfaces together. */
export function countsIn(said: string): EngineCounts {
  const lines = [...said.matchAll(/received\/dropped on interface '.*': (\d+)\/(\d+) \(/g)];
  if (lines.length === 0) return {};
  const sum = (group: 1 | 2) => lines.reduce((total, line) => total + Number(line[group]), 0);
  return { received: sum(1), dropped: sum(2) };
}
