import { afterEach } from 'vitest';
import { AS_NOBODY, handshark } from '../built-program.js';
import type { Run, RunningProgram } from '../running-program.js';
import { type Interface, makeNetwork, type Network } from './namespaces.js';

/** What lays a cable between two namespaces, once in a test; they are removed after it. */
export function cableForEachTest(): () => readonly [Interface, Interface] {
  let network: Network | undefined;
  afterEach(async () => {
    await network?.remove();
    network = undefined;
  });
  return () => {
    network = makeNetwork(2);
    return network.join(0, 1);
  };
}

/** Starts the program at one end of a cable, with nothing to read. */
export const handsharkAt = ({ namespace }: Interface, ...words: readonly string[]): RunningProgram =>
  namespace.start(handshark(...words), '');

/** Runs the program there without any rights; undefined if such a user cannot so much as read it. */
export async function withoutRights({ namespace }: Interface, ...words: readonly string[]): Promise<Run | undefined> {
  const run = await namespace.start([...AS_NOBODY, ...handshark(...words)], '0.0 > new()\n').ended();
  return /setpriv|EACCES|Cannot find module/.test(run.err) ? undefined : run;
}
