import type { Fields, LayerKey } from '../../../crafter/commands/craft-layers.js';
import type { Dialect } from '../../../dissectors/channel/dialects.js';
import type { MessageName } from '../../../dissectors/channel/messages.js';
import type { Moment, Secret } from '../../secrets/secrets.js';

/** Values of a piece of a packet. What is not given is derived, or zero. */
export interface Piece {
  readonly given: Fields;
  /** What was given before the user changed anything. */
  readonly original: Fields;
}

export interface LayerDraft extends Piece {
  readonly name: LayerKey;
}

/** A message; one without a name has a type and a body of its own. */
export interface MessageDraft extends Piece {
  readonly code: number;
  readonly name?: MessageName;
  readonly body?: Uint8Array;
}

/** Where a draft comes from. */
export interface Origin {
  /** Such as `packet 7`. */
  readonly title: string;
  /** What its bytes were: what has changed is told by them. */
  readonly bytes: Uint8Array;
  readonly linkType: number;
}

/** A channel packet and the layers around it, field by field. */
export interface PacketDraft {
  readonly form: 'packet';
  readonly origin: Origin;
  readonly dialect: Dialect;
  /** What the sender is; its messages tell, unless given. */
  readonly role?: 'initiator' | 'responder';
  /** The outermost first. */
  readonly layers: readonly LayerDraft[];
  /** Fields of the headers and of the footer. */
  readonly header: Piece;
  readonly messages: readonly MessageDraft[];
  /** Bytes between the messages and the checksum; undefined for as many as the answer needs. */
  readonly padding: number | undefined;
  readonly originalPadding: number | undefined;
  /** Faults of the channel packet and of the whole frame, as text: `flip:7`. */
  readonly faults: readonly string[];
  readonly frameFaults: readonly string[];
  /** What makes the cookies that are not given. */
  readonly secrets: { readonly initiator?: Uint8Array; readonly responder?: Uint8Array };
}

/** Bytes, and nothing known of them but how a capture would name what they begin with. */
export interface BytesDraft {
  readonly form: 'bytes';
  readonly origin: Origin;
  readonly bytes: Uint8Array;
  readonly linkType: number;
}

export type Draft = PacketDraft | BytesDraft;

/** A captured frame, and what is known for it. The bytes are the taker's. */
export interface Captured extends Origin {
  readonly secrets: readonly Secret[];
  /** When it was captured: secrets have their times. */
  readonly moment: Moment;
}
