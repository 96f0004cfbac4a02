import { appendFile, open, readFile } from 'node:fs/promises';
import { isIPv6 } from 'node:net';
import type { Writable } from 'node:stream';
import { endpointExpected, endpointFrom, endpointText, ownEndpointFrom } from '../endpoint.js';
import { saveWhole } from '../io/file-beside.js';
import { isRefusal, systemReason } from '../io/system-reason.js';
import { listenUdp, resolve } from '../io/udp-port.js';
import { CraftError } from './craft-error.js';
import type { AnswerPort, CraftIo, PortPlace, Received } from './craft-world.js';
import type { FloodConsent } from './flood.js';

const NANOS = 1_000_000;

/** What `craft` needs besides: handed in by the program. */
export interface CraftWorld extends Pick<CraftIo, 'print' | 'complain' | 'readPacket'> {
  readonly stdout: Writable;
  readonly confirm: FloodConsent['confirm'];
  /** Aborted when the user wants an end. */
  readonly interrupted: () => AbortSignal;
}

/** What `craft` needs of the world, as Node has it. */
export const nodeCraftIo = (world: CraftWorld): CraftIo => ({
  print: world.print,
  complain: world.complain,
  readPacket: world.readPacket,
  now: () => {
    const ms = Date.now();
    return { seconds: Math.floor(ms / 1000), nanos: (ms % 1000) * NANOS };
  },
  readFile: async (path) => readFile(path),
  headOf: async (path, size) => {
    const file = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    if (!file) return undefined;
    const head = new Uint8Array(size);
    const { bytesRead } = await file.read(head, 0, size, 0).finally(() => file.close());
    return head.subarray(0, bytesRead);
  },
  appendFile: (path, bytes) => appendFile(path, bytes),
  openPort: (place) => openPort(place, world.interrupted()),
  saveFile: async (path, bytes) => (path === '-' ? written(world.stdout, bytes) : saveWhole(path, bytes)),
  send: async (copies) => (await import('./send-copies.js')).sendCopies(copies, world, world.interrupted()),
});

const written = (stdout: Writable, bytes: Uint8Array): Promise<void> =>
  new Promise((resolve, reject) => {
    stdout.write(bytes, (error) => (error ? reject(error) : resolve()));
  });

/** Datagrams that wait to be looked at: what comes beyond them is lost, as in the system. */
const MOST_WAITING = 4096;

/** Opens a port whose datagrams are asked for one by one. @throws {CraftError} if it cannot be had */
async function openPort(place: PortPlace, signal: AbortSignal): Promise<AnswerPort> {
  const text = 'to' in place ? place.to : place.at;
  const named = 'to' in place ? endpointFrom(text) : ownEndpointFrom(text);
  if (!named) throw new CraftError(`bad address: ${text}: ${endpointExpected(text)}`);
  const waiting: Omit<Received, 'after'>[] = [];
  let wake = (): void => {};
  try {
    const remote = 'to' in place ? await resolve(named) : undefined;
    const local = remote ? { host: isIPv6(remote.host) ? '::' : '0.0.0.0', port: 0 } : named;
    const port = await listenUdp(local, {
      onPacket: (bytes, from) => {
        if (waiting.length < MOST_WAITING) waiting.push({ bytes, from });
        wake();
      },
      onProblem: () => {},
    });
    const stop = (): void => wake();
    signal.addEventListener('abort', stop);
    return {
      local: endpointText(port.local),
      send: (bytes, to) => port.send(bytes, remote ? endpointText(remote) : to),
      receive: async (timeoutMs) => {
        const begun = performance.now();
        if (waiting.length === 0 && !signal.aborted) {
          await new Promise<void>((done) => {
            const timer = Number.isFinite(timeoutMs) ? setTimeout(done, timeoutMs) : undefined;
            wake = () => {
              clearTimeout(timer);
              done();
            };
          });
          wake = () => {};
        }
        const next = signal.aborted ? undefined : waiting.shift();
        return next && { ...next, after: performance.now() - begun };
      },
      close: async () => {
        signal.removeEventListener('abort', stop);
        await port.close();
      },
    };
  } catch (error) {
    if (!isRefusal(error)) throw error;
    throw new CraftError(`${text}: ${systemReason(error)}`, 1);
  }
}
