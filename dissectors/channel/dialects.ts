import type { MessageKind, MessageName } from './messages.js';
import { channelerMessages, hmacMessages, newcapsMessages, seqnoMessages } from './messages.js';
import { initiatorFirstHeader, responderFirstHeader } from './packet.js';

export type DialectName = 'hmac' | 'hmac-newcaps' | 'seqno' | 'channeler';

/** One version of the protocol, named by the first four bytes of every packet. */
export interface Dialect {
  readonly name: DialectName;
  /** The first 4 bytes of SHA-512 of the version string. */
  readonly protocolId: number;
  readonly version: string;
  /** Whether full channel ids have the responder's half first on the wire. */
  readonly responderFirst: boolean;
  readonly header: typeof initiatorFirstHeader;
  /** How cookies are computed, if there are any. */
  readonly mac: 'hmac-sha-256' | 'crc-32' | 'none';
  /** In bytes. */
  readonly cookieSize: number;
  /** The message that carries the capabilities of a channel. */
  readonly capabilitiesIn: 'CHANNEL_NEW' | 'CHANNEL_FINALIZE';
  /** Whether packets are numbered (the reference writes no sequence numbers). */
  readonly numbered: boolean;
  readonly messages: readonly MessageKind[];
  /** The message of a type code, by code; messages beyond the list are unknown. */
  readonly byCode: readonly (MessageKind | undefined)[];
}

const byCode = (messages: readonly MessageKind[]): readonly (MessageKind | undefined)[] => {
  const table: (MessageKind | undefined)[] = new Array(32).fill(undefined);
  for (const kind of messages) table[kind.code] = kind;
  return table;
};

/** The dialects by their names. Source: protocol page, section 3 "Dialects". */
const BY_NAME: { readonly [Name in DialectName]: Dialect & { readonly name: Name } } = {
  hmac: {
    name: 'hmac',
    protocolId: 0x99838caa,
    version: 'handshark hmac 1',
    responderFirst: false,
    header: initiatorFirstHeader,
    mac: 'hmac-sha-256',
    cookieSize: 16,
    capabilitiesIn: 'CHANNEL_FINALIZE',
    numbered: true,
    messages: hmacMessages,
    byCode: byCode(hmacMessages),
  },
  'hmac-newcaps': {
    name: 'hmac-newcaps',
    protocolId: 0xc5a85d79,
    version: 'handshark hmac-newcaps 1',
    responderFirst: false,
    header: initiatorFirstHeader,
    mac: 'hmac-sha-256',
    cookieSize: 16,
    capabilitiesIn: 'CHANNEL_NEW',
    numbered: true,
    messages: newcapsMessages,
    byCode: byCode(newcapsMessages),
  },
  seqno: {
    name: 'seqno',
    protocolId: 0x42bc47c6,
    version: 'handshark seqno 1',
    responderFirst: false,
    header: initiatorFirstHeader,
    mac: 'none',
    cookieSize: 0,
    capabilitiesIn: 'CHANNEL_NEW',
    numbered: true,
    messages: seqnoMessages,
    byCode: byCode(seqnoMessages),
  },
  channeler: {
    name: 'channeler',
    protocolId: 0x0c229d94,
    version: 'Testing v0.1',
    responderFirst: true,
    header: responderFirstHeader,
    mac: 'crc-32',
    cookieSize: 4,
    capabilitiesIn: 'CHANNEL_FINALIZE',
    numbered: false,
    messages: channelerMessages,
    byCode: byCode(channelerMessages),
  },
};

/** The four dialects. */
export const DIALECTS: readonly Dialect[] = Object.values(BY_NAME);

/** The dialects by the last byte of their protocol ids. */
const BY_LAST_BYTE: readonly (readonly Dialect[] | undefined)[] = Array.from({ length: 256 }, (_, byte) => {
  const found = DIALECTS.filter(({ protocolId }) => (protocolId & 0xff) === byte);
  return found.length > 0 ? found : undefined;
});

/** The dialect that a protocol id names. */
export function dialectOf(protocolId: number): Dialect | undefined {
  const candidates = BY_LAST_BYTE[protocolId & 0xff];
  // Most payloads are no channel packets, and end here.
  if (candidates === undefined) return undefined;
  for (const dialect of candidates) if (dialect.protocolId === protocolId) return dialect;
  return undefined;
}

/** The dialect of a name; every name has one. */
export const dialectNamed = (name: DialectName): Dialect => BY_NAME[name];

/** A message of a dialect by its name, if the dialect has it. */
export const messageOf = (dialect: Dialect, name: MessageName): MessageKind | undefined =>
  dialect.messages.find((kind) => kind.name === name);
