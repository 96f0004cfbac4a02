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

/** The four dialects. Source: protocol page, section 3 "Dialects". */
export const DIALECTS: readonly Dialect[] = [
  {
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
  {
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
  {
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
  {
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
];

/** The dialect that a protocol id names. */
export function dialectOf(protocolId: number): Dialect | undefined {
  switch (protocolId) {
    case 0x99838caa:
      return DIALECTS[0];
    case 0xc5a85d79:
      return DIALECTS[1];
    case 0x42bc47c6:
      return DIALECTS[2];
    case 0x0c229d94:
      return DIALECTS[3];
    default:
      return undefined;
  }
}

/** The dialect of a name; every name has one. */
export const dialectNamed = (name: DialectName): Dialect =>
  DIALECTS.find((dialect) => dialect.name === name) as Dialect;

/** A message of a dialect by its name, if the dialect has it. */
export const messageOf = (dialect: Dialect, name: MessageName): MessageKind | undefined =>
  dialect.messages.find((kind) => kind.name === name);
