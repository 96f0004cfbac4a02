import { once } from 'node:events';
import type { Writable } from 'node:stream';

/** Characters gathered before they are written: few writes, little memory. */
const GATHERED = 1 << 16;

/** Writes text to a stream in large pieces, as fast as its reader takes it, and stops when nobody reads any more. */
export class Output {
  /** Whether the reader has gone away: `| head` has had enough. */
  closed = false;
  private gathered = '';
  private readonly stream: Writable;
  private problem: Error | undefined;

  constructor(stream: Writable) {
    this.stream = stream;
    stream.on('error', (error: NodeJS.ErrnoException) => {
      this.closed = true;
      if (error.code !== 'EPIPE' && error.code !== 'ERR_STREAM_DESTROYED') this.problem = error;
    });
  }

  /** Adds text; the promise, if there is one, says when to go on. */
  write(text: string): Promise<void> | undefined {
    this.gathered += text;
    return this.gathered.length < GATHERED ? undefined : this.flush();
  }

  /** Writes what was gathered. @throws what the stream failed with, unless its reader went away */
  async flush(): Promise<void> {
    if (this.problem) throw this.problem;
    const text = this.gathered;
    this.gathered = '';
    if (text === '' || this.closed) return;
    if (this.stream.write(text)) return;
    // A reader that goes away ends the wait as one that reads on.
    await Promise.race([once(this.stream, 'drain'), once(this.stream, 'close')]).catch(() => undefined);
    if (this.problem) throw this.problem;
  }
}
