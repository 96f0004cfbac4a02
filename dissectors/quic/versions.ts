import { fromHex } from '../wire/view.js';

/** The types of packets with a long header, and the short header's own. */
export type PacketType = 'initial' | '0-rtt' | 'handshake' | 'retry' | 'negotiation' | 'short' | 'unknown';

/** Keys of Retry packets' integrity tags. */
export interface RetryKey {
  readonly key: Uint8Array;
  readonly nonce: Uint8Array;
}

/** What one version of QUIC does differently. */
export interface Version {
  readonly number: number;
  /** As `quic.version` is shown. */
  readonly name: string;
  /** What the first connection id is mixed with to make the keys of Initial packets. */
  readonly salt: Uint8Array;
  /** What the labels of its keys begin with. */
  readonly label: 'quic' | 'quicv2';
  /** Undefined for drafts that had no tag. */
  readonly retry: RetryKey | undefined;
  /** The types by the two bits of the first byte. */
  readonly types: readonly PacketType[];
}

const TYPES: readonly PacketType[] = ['initial', '0-rtt', 'handshake', 'retry'];
/** Source: RFC 9369, section 3.2. */
const TYPES_V2: readonly PacketType[] = ['retry', 'initial', '0-rtt', 'handshake'];

const retryKey = (key: string, nonce: string): RetryKey => ({ key: fromHex(key), nonce: fromHex(nonce) });

/** Source: RFC 9001, sections 5.2 and 5.8. */
const V1 = {
  salt: fromHex('38762cf7f55934b34d179ae6a4c80cadccbb7f0a'),
  label: 'quic',
  retry: retryKey('be0c690b9f66575a1d766b54e368c84e', '461599d35d632bf2239825bb'),
  types: TYPES,
} as const;
/** Source: RFC 9369, section 3.3. */
const V2 = {
  salt: fromHex('0dede3def700a6db819381be6e269dcbf9bd2ed9'),
  label: 'quicv2',
  retry: retryKey('8fb4b01b56ac48e260fbcbcead7ccc92', 'd86969bc2d7c6d9990efb04a'),
  types: TYPES_V2,
} as const;
/** Source: draft-ietf-quic-v2-01, "Cryptography changes". */
const V2_DRAFT = {
  salt: fromHex('a707c203a59b47184a1d62ca570406ea7ae3e5d3'),
  label: 'quicv2',
  retry: retryKey('ba858dc7b43de5dbf87617ff4ab253db', '141b99c239b03e785d6a2e9f'),
  types: TYPES_V2,
} as const;
/** Source: draft-ietf-quic-tls-29 to 32. */
const DRAFT_29 = {
  salt: fromHex('afbfec289993d24c9e9786f19c6111e04390a899'),
  label: 'quic',
  retry: retryKey('ccce187ed09a09d05728155a6cb96be1', 'e54930f97f2136f0530a8c1c'),
  types: TYPES,
} as const;
/** Source: draft-ietf-quic-tls-25 to 28. */
const DRAFT_25 = {
  salt: fromHex('c3eef712c72ebb5a11a7d2432bb46365bef9f502'),
  label: 'quic',
  retry: retryKey('4d32ecdb2a2133c841e4043df27d4430', '4d1611d05513a552c587d575'),
  types: TYPES,
} as const;
/** Source: draft-ietf-quic-tls-23 and 24. */
const DRAFT_23 = { ...DRAFT_25, retry: undefined } as const;

const DRAFT = 0xff00_0000;
const draft = (number: number): Version => {
  const rules = number >= 33 ? V1 : number >= 29 ? DRAFT_29 : number >= 25 ? DRAFT_25 : DRAFT_23;
  return { number: DRAFT + number, name: `draft-${number}`, ...rules };
};
const DRAFTS: readonly Version[] = Array.from({ length: 12 }, (_, place) => draft(23 + place));

export const VERSION_1 = 1;
export const VERSION_2 = 0x6b33_43cf;

const VERSIONS: ReadonlyMap<number, Version> = new Map(
  [
    { number: VERSION_1, name: '1', ...V1 },
    { number: VERSION_2, name: '2', ...V2 },
    { number: 0x709a_50c4, name: '2 (draft)', ...V2_DRAFT },
    { number: 0xface_b002, name: 'Facebook mvfst (draft-27)', ...DRAFT_25 },
    ...DRAFTS,
  ].map((version) => [version.number, version]),
);

/** What is known of a version; nothing of those that only test whether others are refused. */
export const versionOf = (number: number): Version | undefined => VERSIONS.get(number);

const NO_VERSIONS: readonly Version[] = [];
const GREASED: readonly Version[] = [
  { number: 0, name: 'grease', ...V1 },
  { number: 1, name: 'grease', ...DRAFT_29 },
];

/** The versions whose keys a packet of this version may have: clients that only provoke a negotiation choose some. */
export function keysOfVersion(number: number): readonly Version[] {
  const known = versionOf(number);
  return known ? [known] : isGrease(number) ? GREASED : NO_VERSIONS;
}

/** A version that nobody speaks: it makes the other side negotiate. Source: RFC 9000, section 15. */
export const isGrease = (number: number): boolean => (number & 0x0f0f_0f0f) === 0x0a0a_0a0a;

/** The name of a version in `quic.version`. */
export const versionName = (number: number): string | undefined =>
  number === 0 ? 'Version Negotiation' : isGrease(number) ? 'force version negotiation' : versionOf(number)?.name;
