import type { LiveSpool } from '../capture/live-spool.js';
import type { Growing } from '../desk/desk.js';
import type { IndexedCapture } from '../session/indexed-capture.js';
import type { LiveState } from '../store/capture-view.js';

/** How often it is looked how capturing goes, in milliseconds. */
const LOOK_MS = 500;

/** How live traffic is captured and shown. */
export interface LiveParts {
  /** Of the interfaces, for people. */
  readonly names: string;
  /** What the packets are written to besides. */
  readonly file: string | undefined;
  /** Captures anew, into a new file. */
  readonly begin: () => Promise<LiveSpool>;
  /** Opens such a file. */
  readonly show: (spool: LiveSpool, live: () => LiveState) => IndexedCapture;
  /** When all has been written. */
  readonly close: () => Promise<void> | undefined;
}

/** Live traffic on the screen: the capture that runs, the file that it fills, and what is told of both. */
export class LiveSession implements Growing {
  /** What the screen shows. */
  capture: IndexedCapture;
  private spool: LiveSpool;
  private state: LiveState;
  private over: { readonly why: string | undefined } | undefined;
  private isStopped = false;
  private restarting: Promise<IndexedCapture> | undefined;
  private readonly parts: LiveParts;
  private readonly timer: NodeJS.Timeout;

  constructor(spool: LiveSpool, parts: LiveParts) {
    this.spool = spool;
    this.parts = parts;
    this.state = this.look();
    this.capture = parts.show(spool, () => this.state);
    this.watch(spool);
    this.timer = setInterval(() => this.tell(), LOOK_MS);
  }

  stop(): void {
    this.spool.stop();
  }

  /** @throws {CaptureError} if it cannot be captured again: what was captured stays */
  readonly restart = (): Promise<IndexedCapture> => {
    this.restarting ??= this.again().finally(() => {
      this.restarting = undefined;
    });
    return this.restarting;
  };

  get names(): string {
    return this.parts.names;
  }

  /** Packets that have come since the capture was begun, whether they have been read or not. */
  get packets(): number {
    return this.spool.counts().packets;
  }

  /** Whether packets have come that can never be read, or not again: the reading has failed. */
  get isBroken(): boolean {
    const { done, problem, count, hasFailed } = this.capture;
    return hasFailed || (done && problem !== undefined && count < this.packets);
  }

  /** Copies all packets that have come to a file, without whoever reads them; says whether none is missing. */
  copy(path: string): Promise<boolean> {
    return this.spool.copy(path);
  }

  /** Why capturing ended on its own account, if it did. */
  get ended(): Promise<string | undefined> {
    return this.spool.ended;
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    await this.restarting?.catch(() => {});
    this.capture.close();
    await this.spool.close();
    await this.parts.close();
  }

  private async again(): Promise<IndexedCapture> {
    this.spool.stop();
    await this.spool.ended;
    const spool = await this.parts.begin();
    const [before, shown] = [this.spool, this.capture];
    this.spool = spool;
    this.over = undefined;
    this.isStopped = false;
    this.state = this.look();
    this.capture = this.parts.show(spool, () => this.state);
    this.watch(spool);
    shown.close();
    await before.close();
    return this.capture;
  }

  private watch(spool: LiveSpool): void {
    void spool.ended.then((why) => {
      if (spool !== this.spool) return;
      this.over = { why };
      this.tell();
    });
  }

  /** Tells the screen when something has changed. */
  private tell(): void {
    const next = this.look();
    if (!isSame(next, this.state)) {
      this.state = next;
      this.capture.refresh();
    }
    // What came last has been read: there is no more to wait for.
    if (this.over === undefined || this.isStopped || this.capture.count < this.spool.counts().packets) return;
    this.isStopped = true;
    this.capture.stop();
  }

  private look(): LiveState {
    const { packets, received = 0, dropped } = this.spool.counts();
    return {
      source: `${this.spool.engine} on ${this.parts.names}`,
      received: Math.max(packets, received),
      dropped,
      running: this.over === undefined,
      ended: this.over?.why,
      // What could not be written there is in no file of the user's.
      file: this.spool.isCopyBroken ? undefined : this.parts.file,
    };
  }
}

const isSame = (a: LiveState, b: LiveState): boolean =>
  a.source === b.source &&
  a.received === b.received &&
  a.dropped === b.dropped &&
  a.running === b.running &&
  a.ended === b.ended &&
  a.file === b.file;
