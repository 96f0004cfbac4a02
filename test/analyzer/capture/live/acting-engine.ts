import type { CaptureEngine, EngineCapture } from '../../../../analyzer/capture/engine.js';
import { interfaceStatistics } from '../../../../dissectors/file/pcapng-writer.js';
import { FilledSource } from './blocks.js';

/** What an engine counts at its end, of the first interface. */
export const STATISTICS = interfaceStatistics({ interfaceId: 0, seconds: 9, nanos: 0, received: 5, dropped: 0 });

/** An engine that captures what a test gives it. Packets may be given until it is stopped. */
export class ActingEngine implements CaptureEngine {
  readonly name = 'dumpcap';
  readonly source = new FilledSource();
  /** When it was stopped, in milliseconds since 1970; not a number before. */
  stoppedAt = Number.NaN;
  readonly #lag: number;
  #end = () => {};
  readonly #ended = new Promise<undefined>((resolve) => {
    this.#end = () => resolve(undefined);
  });

  /** @param lag how long packets may lie in its buffer, in milliseconds */
  constructor(lag = 0) {
    this.#lag = lag;
  }

  async check(): Promise<undefined> {
    return undefined;
  }

  async linkTypes() {
    return [];
  }

  async start(): Promise<EngineCapture> {
    return {
      engine: this.name,
      timeStamps: 'of a test',
      lag: this.#lag,
      isTimed: false,
      bytes: this.source,
      counts: () => ({ dropped: 0 }),
      stop: () => this.#stop(),
      ended: this.#ended,
    };
  }

  /** Something has been captured. */
  give(bytes: Uint8Array): void {
    if (Number.isNaN(this.stoppedAt)) this.source.push(bytes);
  }

  #stop(): void {
    if (!Number.isNaN(this.stoppedAt)) return;
    this.stoppedAt = Date.now();
    this.source.push(STATISTICS);
    this.source.end();
    this.#end();
  }
}
