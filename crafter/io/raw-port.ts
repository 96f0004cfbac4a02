import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { interfaceTrouble } from './own-network.js';
import { linkTypeNamed, linkTypeWords, type RawNews } from './raw-news.js';
import { systemReason } from './system-reason.js';

/** What became of the frames that were given to be sent. */
export interface RawCounts {
  readonly sent: number;
  /** Refused by the system, or not sent because the interface went away. */
  readonly failed: number;
  /** Why the first of them was. */
  readonly problem?: string;
}

/** An interface that frames go out of, as they are. */
export interface RawPort {
  /** Why no more can be sent; undefined as long as all is well. */
  readonly gone: string | undefined;
  /** Takes a copy of a frame; the promise, if there is one, says when to go on. */
  send(frame: Uint8Array): Promise<void> | undefined;
  /** Lets go what was taken and has not left yet. */
  flush(): void;
  /** Waits until all that was taken has left, or cannot any more. */
  close(): Promise<RawCounts>;
}

/** Why frames cannot be sent: `IFACE: what is the matter, and what to do`. */
export class RawPortError extends Error {
  override readonly name = 'RawPortError';
}

/** Frames are passed on in pieces of about this size. */
const GATHERED = 32 * 1024;
/** So much may wait on the way to the process before the caller has to. */
const WAITING = 8 * GATHERED;
const LENGTH = 4;
/** The built script, beside the built program. */
const CHILD = new URL('./raw-child.js', import.meta.url);

/**
 * Opens an interface for sending, in a process of its own.
 * @param linkType what the frames begin with, as capture files number it
 * @throws {RawPortError} if that cannot be done
 */
export async function openRawPort(name: string, linkType: number, child: URL = CHILD): Promise<RawPort> {
  // Ctrl-C goes to all processes of a group: this one is to send what it has before it ends.
  const sender = new Sender(
    name,
    spawn(process.execPath, [fileURLToPath(child), name], { stdio: 'pipe', detached: true }),
  );
  const opened = linkTypeNamed(await sender.opened());
  if (opened === linkType) return sender;
  await sender.close();
  const [given, wanted] = [linkTypeWords(linkType), linkTypeWords(opened)];
  throw new RawPortError(`${name}: frames of ${given} do not fit, the interface takes ${wanted}`);
}

class Sender implements RawPort {
  readonly #name: string;
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #ended: Promise<void>;
  #gone: string | undefined;
  #taken = 0;
  #counts: RawCounts = { sent: 0, failed: 0 };
  #opened: (linkType: string) => void = () => {};
  #refused: (error: RawPortError) => void = () => {};
  /** Waits for room on the way to the process. */
  #roomy: (() => void) | undefined;
  /** Frames that wait for more, each after its length; what is left of the piece takes those after them. */
  #piece = Buffer.alloc(0);
  #size = 0;
  #rest = '';

  constructor(name: string, child: ChildProcessWithoutNullStreams) {
    this.#name = name;
    this.#child = child;
    child.stdout.setEncoding('utf8').on('data', (text: string) => this.#read(text));
    // Warnings of the library.
    child.stderr.resume();
    child.stdin.on('error', () => {}).on('drain', () => this.#roomy?.());
    this.#ended = new Promise((resolve) => {
      const over = (why: string | undefined): void => {
        this.#gone ??= why;
        this.#refused(new RawPortError(`${name}: ${this.#gone ?? 'the process that sends frames ended'}`));
        this.#roomy?.();
        resolve();
      };
      child.once('error', (error) => over(`raw frames need a process of their own: ${systemReason(error)}`));
      child.once('close', (status, signal) => over(status === 0 ? undefined : whyEnded(name, signal ?? status)));
    });
  }

  get gone(): string | undefined {
    return this.#gone;
  }

  /** Waits until the interface is open and gives the name of its link type. */
  opened(): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#opened = resolve;
      this.#refused = reject;
    });
  }

  send(frame: Uint8Array): Promise<void> | undefined {
    this.#taken += 1;
    if (this.#gone !== undefined) return undefined;
    // The process has ended; why, is about to be known.
    if (this.#child.stdin.destroyed) return this.#ended;
    if (this.#size + LENGTH + frame.length > this.#piece.length) {
      this.flush();
      this.#piece = Buffer.allocUnsafe(Math.max(GATHERED, LENGTH + frame.length));
    }
    this.#piece.writeUInt32BE(frame.length, this.#size);
    this.#piece.set(frame, this.#size + LENGTH);
    this.#size += LENGTH + frame.length;
    if (this.#child.stdin.writableLength < WAITING) return undefined;
    return new Promise((resolve) => {
      this.#roomy = resolve;
    });
  }

  flush(): void {
    if (this.#size === 0) return;
    if (this.#gone === undefined) this.#child.stdin.write(this.#piece.subarray(0, this.#size));
    this.#piece = this.#piece.subarray(this.#size);
    this.#size = 0;
  }

  async close(): Promise<RawCounts> {
    this.flush();
    this.#child.stdin.end();
    await this.#ended;
    const { sent, problem = this.#gone } = this.#counts;
    return { sent, failed: this.#taken - sent, ...(problem !== undefined && { problem }) };
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
        this.#counts = { ...news, ...(news.problem !== undefined && { problem: inOurWords(news.problem) }) };
        return;
    }
  }
}

/** The library ends its process when the interface is no longer there. */
const whyEnded = (name: string, how: NodeJS.Signals | number | null): string =>
  interfaceTrouble(name) ?? `the process that sends frames ended (${how})`;

const WITHOUT = 'channel packets can still be sent over UDP';

function missing(why: string): string {
  if (!/Cannot find (module|package)/.test(why))
    return `needs the module cap, which cannot be loaded: ${why}; ${WITHOUT}`;
  const [state, command] = /cap\.node/.test(why)
    ? ['was not compiled', 'npm rebuild cap']
    : ['is not installed', 'npm install cap'];
  return `needs the module cap, which ${state}: install libpcap's headers and a compiler, then ${command}; ${WITHOUT}`;
}

function refused(why: string): string {
  if (/not permitted|permission/i.test(why)) {
    return `not permitted; run as root, or allow it: sudo setcap cap_net_raw+ep ${process.execPath}; ${WITHOUT}`;
  }
  if (/No such device/i.test(why)) return 'no such interface';
  if (/not up/i.test(why)) return 'the interface is down';
  return inOurWords(why);
}

/** "send: Network is down": that much is known. */
const inOurWords = (why: string): string => {
  const bare = why.replace(/^send: /, '');
  return bare.charAt(0).toLowerCase() + bare.slice(1);
};
