import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { linkTypeNamed, linkTypeWords, type RawNews } from './raw-news.js';

/** What became of the frames. */
export interface RawCounts {
  readonly sent: number;
  readonly failed: number;
  /** Why the first that failed did. */
  readonly problem?: string;
}

/** An interface that frames go out of, as they are. */
export interface RawPort {
  /** Takes a frame; the promise, if there is one, says when to go on. @throws {RawPortError} if the interface is gone */
  send(frame: Uint8Array): Promise<void> | undefined;
  /** Lets go what was taken and has not left yet. */
  flush(): void;
  /** Waits until all that was taken has left. @throws {RawPortError} if the interface went away before */
  close(): Promise<RawCounts>;
}

/** Why frames cannot be sent: `IFACE: what is the matter, and what to do`. */
export class RawPortError extends Error {
  override readonly name = 'RawPortError';
}

/** Frames are passed on in pieces of about this size. */
const GATHERED = 32 * 1024;
const LENGTH = 4;
/** The built script, beside the built program. */
const CHILD = new URL('./raw-child.js', import.meta.url);

/**
 * Opens an interface for sending, in a process of its own.
 * @param linkType what the frames begin with, as capture files number it
 * @throws {RawPortError} if that cannot be done
 */
export async function openRawPort(name: string, linkType: number, child: URL = CHILD): Promise<RawPort> {
  const sender = new Sender(name, spawn(process.execPath, [fileURLToPath(child), name], { stdio: 'pipe' }));
  const opened = linkTypeNamed(await sender.opened());
  if (opened === linkType) return sender;
  sender.kill();
  const [given, wanted] = [linkTypeWords(linkType), linkTypeWords(opened)];
  throw new RawPortError(`${name}: frames of ${given} do not fit, the interface takes ${wanted}`);
}

class Sender implements RawPort {
  readonly #name: string;
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #ended: Promise<void>;
  #isOver = false;
  #counts: RawCounts = { sent: 0, failed: 0 };
  #opened: (linkType: string) => void = () => {};
  #refused: (error: RawPortError) => void = () => {};
  #pieces: Uint8Array[] = [];
  #size = 0;
  #rest = '';

  constructor(name: string, child: ChildProcessWithoutNullStreams) {
    this.#name = name;
    this.#child = child;
    child.stdout.setEncoding('utf8').on('data', (text: string) => this.#read(text));
    // Warnings of the library.
    child.stderr.resume();
    child.stdin.on('error', () => {});
    this.#ended = new Promise((resolve) => {
      const over = () => {
        this.#isOver = true;
        this.#refused(this.#gone());
        resolve();
      };
      child.once('error', over);
      child.once('close', over);
    });
  }

  /** Waits until the interface is open and gives the name of its link type. */
  opened(): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#opened = resolve;
      this.#refused = reject;
    });
  }

  kill(): void {
    this.#child.kill();
  }

  send(frame: Uint8Array): Promise<void> | undefined {
    if (this.#isOver) throw this.#gone();
    const length = new Uint8Array(LENGTH);
    new DataView(length.buffer).setUint32(0, frame.length);
    this.#pieces.push(length, frame);
    this.#size += LENGTH + frame.length;
    if (this.#size < GATHERED) return undefined;
    this.flush();
    if (!this.#child.stdin.writableNeedDrain) return undefined;
    return Promise.race([once(this.#child.stdin, 'drain').then(() => {}), this.#ended]);
  }

  flush(): void {
    if (this.#size === 0) return;
    this.#child.stdin.write(Buffer.concat(this.#pieces, this.#size));
    this.#pieces = [];
    this.#size = 0;
  }

  async close(): Promise<RawCounts> {
    this.flush();
    this.#child.stdin.end();
    await this.#ended;
    if (this.#child.exitCode !== 0) throw this.#gone();
    return this.#counts;
  }

  #read(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    // The lines are those of our own script.
    for (const line of lines) this.#take(JSON.parse(line) as RawNews);
  }

  #take(news: RawNews): void {
    switch (news.type) {
      case 'open':
        return this.#opened(news.linkType);
      case 'missing':
        return this.#refused(new RawPortError(`${this.#name}: ${missing(news.why)}`));
      case 'refused':
        return this.#refused(new RawPortError(`${this.#name}: ${refused(news.why)}`));
      case 'sent':
        this.#counts = news;
        return;
    }
  }

  #gone(): RawPortError {
    return new RawPortError(`${this.#name}: the interface went away after ${this.#counts.sent} frames`);
  }
}

const missing = (why: string): string =>
  /Cannot find (module|package)/.test(why)
    ? "needs the module cap, which is not installed: install libpcap's headers and a compiler, then npm install cap"
    : `needs the module cap, which cannot be loaded: ${why}`;

function refused(why: string): string {
  if (/not permitted|permission/i.test(why)) {
    return `not permitted; run as root, or allow it: sudo setcap cap_net_raw+ep ${process.execPath}`;
  }
  if (/No such device/i.test(why)) return 'no such interface';
  if (/not up/i.test(why)) return 'the interface is down';
  return why.charAt(0).toLowerCase() + why.slice(1);
}
