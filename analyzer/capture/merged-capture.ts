import { setTimeout as delay } from 'node:timers/promises';
import { enhancedPackets } from '../../dissectors/file/pcapng-batch.js';
import { interfaceDescription, interfaceStatistics, sectionHeader } from '../../dissectors/file/pcapng-writer.js';
import { ByteQueue, type ByteSource } from './byte-source.js';
import { type Capture, openCapture } from './capture.js';
import { CaptureRefused, type EngineCapture, type EngineCounts, type Refusal, type Tap } from './engine.js';

/** Bytes that wait to be read at most; after that the processes wait, and the system's buffers fill. */
const MOST_WAITING = 4 * 1024 * 1024;
/** Of one process at a time. */
const CHUNK = 256 * 1024;
/** Those of its processes that capture do not wait for packets to gather; this is what the system takes to run them. */
const LAG_MS = 100;
/** A process that ended has this long to say why, in milliseconds. */
const LAST_WORDS_MS = 1000;

/** What captures on one interface, and gives a pcap stream. */
export interface SingleCapture {
  readonly tap: Tap;
  readonly source: ByteSource;
  counts(): EngineCounts;
  stop(): void;
  /** Once it has ended and said all. */
  readonly ended: Promise<void>;
  /** Why it could not begin. */
  refusal(): Refusal;
  /** Why it ended on its own account; undefined where it was asked to. */
  failure(): string | undefined;
}

/** Captures on several interfaces, a process each, in one pcapng stream: packets come in the order in which they arrive. */
export class MergedCapture implements EngineCapture, ByteSource {
  readonly engine: EngineCapture['engine'];
  readonly timeStamps: string;
  readonly lag = LAG_MS;
  readonly isTimed: boolean;
  readonly progress = undefined;
  readonly problem = undefined;
  readonly ended: Promise<string | undefined>;
  readonly #children: readonly SingleCapture[];
  readonly #captures: readonly Capture[];
  readonly #queue = new ByteQueue();
  #waiting = 0;
  #done = false;
  #wake: (() => void) | undefined;
  #room: (() => void)[] = [];

  private constructor(
    engine: EngineCapture['engine'],
    timeStamps: string,
    children: readonly SingleCapture[],
    captures: readonly Capture[],
  ) {
    this.engine = engine;
    this.timeStamps = timeStamps;
    this.isTimed = engine === 'tcpdump';
    this.#children = children;
    this.#captures = captures;
    this.#push(sectionHeader());
    for (const [id, { tap }] of children.entries()) {
      const [one] = captures[id]?.interfaces ?? [];
      this.#push(
        interfaceDescription({
          linkType: one?.linkType ?? 0,
          snapLength: tap.snapLength ?? one?.snapLength ?? 0,
          name: tap.name,
          ...(tap.filter !== undefined && { filter: tap.filter }),
        }),
      );
    }
    this.ended = this.#run();
  }

  /** Waits until all interfaces are open. @throws {CaptureRefused} if one cannot be */
  static async open(
    engine: EngineCapture['engine'],
    timeStamps: string,
    children: readonly SingleCapture[],
  ): Promise<MergedCapture> {
    const opening = children.map((child) => openCapture('-', { source: child.source, chunkSize: CHUNK }));
    const results = await Promise.allSettled(opening);
    const captures = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    const failed = children[results.findIndex(({ status }) => status === 'rejected')];
    if (!failed) return new MergedCapture(engine, timeStamps, children, captures);
    await Promise.race([failed.ended, delay(LAST_WORDS_MS)]);
    const refusal = failed.refusal();
    for (const child of children) child.stop();
    for (const capture of captures) await capture.close();
    throw new CaptureRefused(refusal);
  }

  get bytes(): ByteSource {
    return this;
  }

  async read(into: Uint8Array): Promise<number> {
    while (this.#queue.isEmpty && !this.#done) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    const count = this.#queue.take(into);
    this.#waiting -= count;
    if (this.#waiting < MOST_WAITING) for (const go of this.#room.splice(0)) go();
    return count;
  }

  /** Of all processes together; unknown as soon as one does not know. */
  counts(): EngineCounts {
    const all = this.#children.map((child) => child.counts());
    const sum = (name: keyof EngineCounts) =>
      all.reduce<number | undefined>((total, counts) => {
        const one = counts[name];
        return total === undefined || one === undefined ? undefined : total + one;
      }, 0);
    const [received, dropped] = [sum('received'), sum('dropped')];
    return { ...(received !== undefined && { received }), ...(dropped !== undefined && { dropped }) };
  }

  stop(): void {
    for (const child of this.#children) child.stop();
  }

  async close(): Promise<void> {
    this.stop();
    for (const go of this.#room.splice(0)) go();
    await Promise.all(this.#captures.map((capture) => capture.close()));
  }

  /** When one ends, all do: who asked for two interfaces does not get one. */
  async #run(): Promise<string | undefined> {
    let reason: string | undefined;
    await Promise.all(
      this.#children.map(async (child, id) => {
        await this.#pass(id);
        await child.ended;
        const failure = child.failure();
        if (failure !== undefined) reason ??= this.#children.length > 1 ? `${child.tap.name}: ${failure}` : failure;
        this.stop();
        this.#push(this.#statistics(id, child.counts()));
      }),
    );
    this.#done = true;
    this.#wake?.();
    return reason;
  }

  async #pass(id: number): Promise<void> {
    const capture = this.#captures[id];
    if (!capture) return;
    try {
      for await (const { view, records } of capture.batches()) {
        this.#push(enhancedPackets(view, records, id));
        if (this.#waiting >= MOST_WAITING) await new Promise<void>((resolve) => void this.#room.push(resolve));
      }
    } catch {
      // A pipe that breaks ends with the process that wrote it, and that tells why.
    }
  }

  #statistics(interfaceId: number, { received, dropped }: EngineCounts): Uint8Array {
    const now = Date.now();
    return interfaceStatistics({
      interfaceId,
      seconds: Math.floor(now / 1000),
      nanos: (now % 1000) * 1e6,
      ...(received !== undefined && { received }),
      ...(dropped !== undefined && { dropped }),
    });
  }

  #push(bytes: Uint8Array): void {
    this.#queue.push(bytes);
    this.#waiting += bytes.length;
    this.#wake?.();
  }
}
