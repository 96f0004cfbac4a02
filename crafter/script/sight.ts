import type { SightName } from './script.js';

/** Something that the application of the built-in peer sees. */
export type Sight =
  | { readonly name: 'opened'; readonly caps: number }
  /** Bytes that were delivered: part of a stream, or a whole message. */
  | { readonly name: 'receive'; readonly data: Uint8Array; readonly isStream: boolean }
  | { readonly name: 'ended' }
  | { readonly name: 'closed'; readonly reason: number }
  | { readonly name: 'failed' };

/** The same, with the time on the clock of the run. */
export interface Seen {
  readonly sight: Sight;
  readonly at: number;
}

/** What the fields of a sight hold, by their names in a script. */
export function sightValue(sight: Sight, key: string): number | Uint8Array | undefined {
  if (sight.name === 'opened' && key === 'caps') return sight.caps;
  if (sight.name === 'receive' && key === 'data') return sight.data;
  if (sight.name === 'closed' && key === 'reason') return sight.reason;
  return undefined;
}

/** What happened, for reports. */
export const SIGHT_TEXTS: Readonly<Record<SightName, string>> = {
  opened: 'a channel opened',
  receive: 'bytes were delivered',
  ended: 'the other direction ended',
  closed: 'the channel closed',
  failed: 'the attempt failed',
};
