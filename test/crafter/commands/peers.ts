import { type ChildProcess, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';

/** The built program; `npm test` builds it first. */
const PROGRAM = process.env.HANDSHARK_PROGRAM ?? 'dist/handshark.js';
/** No run of a test takes longer, in milliseconds. */
const MOST = 60_000;

/** How a process ended, and all that it said. */
export interface Run {
  readonly status: number | null;
  readonly out: Uint8Array;
  readonly err: string;
}

/** A running program: `handshark` with some words. */
export class Program {
  readonly child: ChildProcess;
  readonly #out: Uint8Array[] = [];
  readonly #ended: Promise<Run>;
  err = '';

  /** @param input what it reads; left out, its input stays open without a word */
  constructor(words: readonly string[], input?: Uint8Array | string) {
    const child = spawn(process.execPath, [PROGRAM, ...words], { stdio: 'pipe', timeout: MOST });
    this.child = child;
    child.stdout.on('data', (bytes: Uint8Array) => this.#out.push(bytes));
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.err += text;
    });
    // A program that ends early reads no more.
    child.stdin.on('error', () => {});
    if (input !== undefined) child.stdin.end(input);
    this.#ended = once(child, 'close').then(([status]) => ({ status, out: Buffer.concat(this.#out), err: this.err }));
  }

  /** Waits until standard error has a line that matches, and returns the match. */
  async said(line: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const found = line.exec(this.err);
      if (found) return found;
      const more = await Promise.race([once(this.child.stderr ?? this.child, 'data'), this.#ended]);
      if ('status' in more && !line.test(this.err))
        throw new Error(`ended with ${more.status} before ${line}: ${more.err}`);
    }
  }

  /** Waits until it has written this many bytes. */
  async wrote(count: number): Promise<void> {
    while (this.#out.reduce((sum, { length }) => sum + length, 0) < count) {
      const more = await Promise.race([once(this.child.stdout ?? this.child, 'data'), this.#ended]);
      if ('status' in more) return;
    }
  }

  /** Waits for its end. */
  ended(): Promise<Run> {
    return this.#ended;
  }
}

/** A listener, and the address it said it listens on. */
export async function listener(
  words: readonly string[] = [],
  input?: Uint8Array | string,
  host = '127.0.0.1',
): Promise<{ readonly program: Program; readonly address: string }> {
  const program = new Program(['peer', 'listen', `${host}:0`, ...words], input);
  const [, address = ''] = await program.said(/listening on (\S+) as/);
  return { program, address };
}

/** What one peer says to another, and back. */
export interface Talk {
  readonly listen?: readonly string[];
  readonly connect?: readonly string[];
  /** Left out: the input stays open without a word. */
  readonly listenerSays?: Uint8Array | string;
  readonly connectorSays?: Uint8Array | string;
  readonly host?: string;
}

/** Runs a listener and a connector until both have ended. */
export async function talk(given: Talk): Promise<{ readonly listener: Run; readonly connector: Run }> {
  const { program, address } = await listener(given.listen, given.listenerSays, given.host);
  const connector = new Program(['peer', 'connect', address, ...(given.connect ?? [])], given.connectorSays);
  const [heard, answered] = await Promise.all([program.ended(), connector.ended()]);
  return { listener: heard, connector: answered };
}

/** Runs a command to its end. */
export const handshark = (words: readonly string[], input: string | Uint8Array = ''): Promise<Run> =>
  new Program(words, input).ended();

/** Whether this machine has IPv6 on its loopback. */
export async function hasIpv6(): Promise<boolean> {
  const socket = createSocket('udp6');
  try {
    socket.bind(0, '::1');
    await once(socket, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    socket.close();
  }
}

export const textOf = ({ out }: Run): string => new TextDecoder().decode(out);
