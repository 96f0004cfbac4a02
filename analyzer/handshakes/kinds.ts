import type { KindTracker } from './step.js';

/** A tracker for each kind of handshakes but the channel's, in the order in which they see a packet. */
export const newKindTrackers = (): readonly KindTracker[] => [];
