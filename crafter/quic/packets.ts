import { initialKeys, retryTag, sealPacket } from '../../dissectors/quic/keys.js';
import {
  longHead,
  payloadPart,
  retryTagPart,
  retryTokenPart,
  tokenPart,
  versionPart,
} from '../../dissectors/quic/layout.js';
import { varintBytes } from '../../dissectors/quic/varint.js';
import { type PacketType, type Version, versionOf } from '../../dissectors/quic/versions.js';
import type { Layout } from '../../dissectors/wire/layout.js';
import { encode, encodedSize, type Given } from '../../dissectors/wire/message.js';
import { concatenated, viewOf } from '../../dissectors/wire/view.js';

/** The ids in the header of a packet. */
export interface Ids {
  readonly version: number;
  readonly dcid: Uint8Array;
  readonly scid: Uint8Array;
}

/** An Initial, before it is protected. */
export interface Initial extends Ids {
  readonly token?: Uint8Array;
  /** Below 256. */
  readonly number: number;
  readonly frames: Uint8Array;
  /** What its keys are made of: the id that the client chose for the server first, or that a Retry gave it. */
  readonly keyId: Uint8Array;
  readonly fromServer?: boolean;
}

function bytesOf<L extends Layout>(layout: L, given: Given<L>): Uint8Array {
  const bytes = new Uint8Array(encodedSize(layout, given));
  encode(layout, given, viewOf(bytes), 0);
  return bytes;
}

function knownVersion(number: number): Version {
  const version = versionOf(number);
  if (!version) throw new RangeError(`QUIC version 0x${number.toString(16)} is not known`);
  return version;
}

const head = ({ version, dcid, scid }: Ids, type: PacketType): Uint8Array =>
  bytesOf(longHead, {
    header_form: 1,
    fixed_bit: true,
    'long.packet_type': Math.max(0, knownVersion(version).types.indexOf(type)),
    version,
    dcid,
    scid,
  });

/** What protection adds to a packet. */
const SEAL = 16;

/** A protected Initial. Source: RFC 9001, section 5. */
export function initialPacket(initial: Initial): Uint8Array {
  const { version, token = new Uint8Array(0), number, frames, keyId, fromServer = false } = initial;
  const length = new Uint8Array(2);
  payloadPart.fields.length.write(viewOf(length), 0, 1 + frames.length + SEAL);
  const plain = concatenated([head(initial, 'initial'), bytesOf(tokenPart, { token }), length, Uint8Array.of(number)]);
  return sealPacket(plain, 1, number, frames, initialKeys(knownVersion(version), keyId, fromServer));
}

/** A packet of the handshake, whose payload only its ends can read. */
export const handshakePacket = (ids: Ids, payload: Uint8Array): Uint8Array =>
  concatenated([head(ids, 'handshake'), bytesOf(payloadPart, { protected_payload: payload })]);

/** A Retry with its integrity tag. @param original the connection id of the client's first Initial */
export function retryPacket(ids: Ids, token: Uint8Array, original: Uint8Array): Uint8Array {
  const plain = concatenated([head(ids, 'retry'), bytesOf(retryTokenPart, { retry_token: token })]);
  const tag = retryTag(knownVersion(ids.version), original, plain) ?? new Uint8Array(16);
  return concatenated([plain, bytesOf(retryTagPart, { retry_integrity_tag: tag })]);
}

/** A Version Negotiation that lists these versions. */
export const negotiationPacket = ({ dcid, scid }: Omit<Ids, 'version'>, versions: readonly number[]): Uint8Array =>
  concatenated([
    bytesOf(longHead, { header_form: 1, fixed_bit: true, version: 0, dcid, scid }),
    ...versions.map((version) => bytesOf(versionPart, { supported_version: version })),
  ]);

/** Source: RFC 9000, section 19.6. */
export const cryptoFrame = (offset: number, bytes: Uint8Array): Uint8Array =>
  concatenated([Uint8Array.of(6), varintBytes(offset), varintBytes(bytes.length), bytes]);

/** Acknowledges the packets up to a number. Source: RFC 9000, section 19.3. */
export const ackFrame = (largest: number): Uint8Array =>
  concatenated([Uint8Array.of(2), varintBytes(largest), Uint8Array.of(0, 0, 0)]);

/** Source: RFC 9000, section 19.19. */
export const closeFrame = (code: number, reason: string): Uint8Array =>
  concatenated([
    Uint8Array.of(0x1c),
    varintBytes(code),
    Uint8Array.of(0),
    varintBytes(reason.length),
    new TextEncoder().encode(reason),
  ]);

/** Frames, with as much padding behind them as makes them so many bytes. */
export function padded(frames: readonly Uint8Array[], size: number): Uint8Array {
  const bytes = concatenated(frames);
  return bytes.length >= size ? bytes : concatenated([bytes, new Uint8Array(size - bytes.length)]);
}
