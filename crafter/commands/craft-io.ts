import type { Writable } from 'node:stream';
import { saveWhole } from '../io/file-beside.js';
import type { CraftIo } from './craft.js';
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
  saveFile: async (path, bytes) => (path === '-' ? written(world.stdout, bytes) : saveWhole(path, bytes)),
  send: async (copies) => (await import('./send-copies.js')).sendCopies(copies, world, world.interrupted()),
});

const written = (stdout: Writable, bytes: Uint8Array): Promise<void> =>
  new Promise((resolve, reject) => {
    stdout.write(bytes, (error) => (error ? reject(error) : resolve()));
  });
