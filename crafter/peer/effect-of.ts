import type { Address } from './settings.js';

/** What the caller must do, or may want to know, in order; channels are whatever keeps the state of one. */
export type EffectOf<Channel> =
  | { readonly type: 'send'; readonly to: Address; readonly bytes: Uint8Array }
  /** The channel is established at this end: by the acknowledgement, or by the proof. */
  | { readonly type: 'established'; readonly channel: Channel }
  /** The initiator knows that the responder knows the channel. */
  | { readonly type: 'confirmed'; readonly channel: Channel }
  /** There is something to read, after there was nothing. */
  | { readonly type: 'readable'; readonly channel: Channel }
  /** There is room to send again, after `send` took less than it was given. */
  | { readonly type: 'writable'; readonly channel: Channel }
  /** The other peer's direction has ended; everything of it is delivered. */
  | { readonly type: 'ended'; readonly channel: Channel }
  /** The channel is over. What was delivered may still be read. */
  | { readonly type: 'closed'; readonly channel: Channel; readonly reason: number; readonly by: 'us' | 'them' }
  /** Nobody answered the handshake, or it was called off. */
  | { readonly type: 'failed'; readonly channel: Channel; readonly why: 'timed out' | 'called off' }
  /** A secret came into use; the one before stays valid for one more period. */
  | { readonly type: 'secret'; readonly secret: Uint8Array; readonly from: number }
  | {
      readonly type: 'log';
      readonly time: number;
      readonly event: string;
      /** The channel's id, where the event has one. */
      readonly id?: number;
      readonly data: Readonly<Record<string, number | string>>;
    };
