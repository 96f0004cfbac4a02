import type { Channel } from './channel.js';
import type { EffectOf } from './effect-of.js';

/** What the caller must do, or may want to know, in order. */
export type Effect = EffectOf<Channel>;
