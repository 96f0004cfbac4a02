import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { PROGRAM } from '../../built-program.js';
import { type Run, RunningProgram } from '../../running-program.js';

/** A running program: `handshark` with some words. */
export class Program extends RunningProgram {
  /** @param input what it reads; left out, its input stays open without a word */
  constructor(words: readonly string[], input?: Uint8Array | string) {
    super([process.execPath, PROGRAM, ...words], input);
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

export { textOf } from '../../running-program.js';
