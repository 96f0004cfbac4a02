import type { KindTracker } from './step.js';
import { TcpHandshakes } from './tcp/tracker.js';

/**
 * A tracker for each kind of handshakes but the channel's, in the order in which they see a packet.
 * @param seed any number; strangers must not know it
 */
export const newKindTrackers = (seed: number): readonly KindTracker[] => [new TcpHandshakes(seed)];
