import type { Writable } from 'node:stream';
import { systemError } from '../capture/capture-error.js';
import { Utf8Text } from '../print/utf8-text.js';

/** Bytes gathered before they are written: few writes, little memory. */
const GATHERED = 1 << 17;

/** Writes text to a stream in large pieces, as fast as its reader takes it, and stops when nobody reads any more. */
export class Output {
  /** Whether the reader has gone away: `| head` has had enough. */
  closed = false;
  /** What will be written next; whoever adds to it asks `written` from time to time. */
  readonly text = new Utf8Text(2 * GATHERED);
  private readonly stream: Writable;
  private problem: Error | undefined;
  private flushing: Promise<void> | undefined;
  /** Ends the wait for the stream. */
  private taken: () => void = () => {};

  constructor(stream: Writable) {
    this.stream = stream;
    stream.on('error', (error) => this.fail(error));
    stream.on('close', () => this.taken());
  }

  private fail(error: NodeJS.ErrnoException): void {
    this.closed = true;
    if (error.code !== 'EPIPE' && error.code !== 'ERR_STREAM_DESTROYED')
      this.problem = systemError('cannot write', 'standard output', error);
  }

  /** Adds text; the promise, if there is one, says when to go on. */
  write(text: string): Promise<void> | undefined {
    this.text.add(text);
    return this.written();
  }

  /** Writes what was added to `text`, if it is much; the promise, if there is one, says when to go on. */
  written(): Promise<void> | undefined {
    return this.text.length < GATHERED ? undefined : this.flush();
  }

  /** Writes bytes after what was gathered, once nobody else writes; they must stay as they are until then. */
  async pass(bytes: Uint8Array): Promise<void> {
    await this.flush();
    await this.send(bytes);
    if (this.problem) throw this.problem;
  }

  /** Writes what was gathered. @throws what the stream failed with, unless its reader went away */
  flush(): Promise<void> {
    this.flushing ??= this.writeAll().finally(() => {
      this.flushing = undefined;
    });
    return this.flushing;
  }

  private async writeAll(): Promise<void> {
    if (this.problem) throw this.problem;
    const { text } = this;
    await this.send(text.bytes);
    text.clear();
    if (this.problem) throw this.problem;
  }

  private async send(bytes: Uint8Array): Promise<void> {
    if (bytes.length === 0 || this.closed) return;
    // The stream may look at the bytes until it says that they are written, or that it has failed.
    await new Promise<void>((resolve) => {
      // A stream that was closed meanwhile does not always say so there.
      this.taken = resolve;
      this.stream.write(bytes, (error) => {
        if (error) this.fail(error);
        resolve();
      });
    });
  }
}
