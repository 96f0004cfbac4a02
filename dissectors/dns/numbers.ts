/** Source: IANA, "DNS OpCodes". */
export const OPCODES: Readonly<Record<number, string>> = {
  0: 'Standard query',
  1: 'Inverse query',
  2: 'Server status request',
  4: 'Zone change notification',
  5: 'Dynamic update',
  6: 'DNS stateful operations',
};
export const DYNAMIC_UPDATE = 5;

/** Source: IANA, "DNS RCODEs". From 16 on they need the eight higher bits that an OPT record has. */
export const RCODES: Readonly<Record<number, string>> = {
  0: 'No error',
  1: 'Format error',
  2: 'Server failure',
  3: 'No such name',
  4: 'Not implemented',
  5: 'Refused',
  6: 'Name exists',
  7: 'RRset exists',
  8: 'RRset does not exist',
  9: 'Not authoritative',
  10: 'Name out of zone',
  11: 'DSO-TYPE not implemented',
  16: 'Bad OPT version or TSIG signature failure',
  17: 'Key not recognized',
  18: 'Signature out of time window',
  19: 'Bad TKEY mode',
  20: 'Duplicate key name',
  21: 'Algorithm not supported',
  22: 'Bad truncation',
  23: 'Bad or missing server cookie',
};
export const NO_ERROR = 0;
export const REFUSED = 5;
/** Source: RFC 7873, section 8. */
export const BAD_COOKIE = 23;

export const TYPE_SRV = 33;
export const TYPE_OPT = 41;

/** Source: IANA, "Resource Record (RR) TYPEs". */
export const TYPES: Readonly<Record<number, string>> = {
  1: 'A',
  2: 'NS',
  3: 'MD',
  4: 'MF',
  5: 'CNAME',
  6: 'SOA',
  7: 'MB',
  8: 'MG',
  9: 'MR',
  10: 'NULL',
  11: 'WKS',
  12: 'PTR',
  13: 'HINFO',
  14: 'MINFO',
  15: 'MX',
  16: 'TXT',
  17: 'RP',
  18: 'AFSDB',
  19: 'X25',
  20: 'ISDN',
  21: 'RT',
  22: 'NSAP',
  23: 'NSAP-PTR',
  24: 'SIG',
  25: 'KEY',
  26: 'PX',
  27: 'GPOS',
  28: 'AAAA',
  29: 'LOC',
  30: 'NXT',
  [TYPE_SRV]: 'SRV',
  35: 'NAPTR',
  36: 'KX',
  37: 'CERT',
  38: 'A6',
  39: 'DNAME',
  [TYPE_OPT]: 'OPT',
  42: 'APL',
  43: 'DS',
  44: 'SSHFP',
  45: 'IPSECKEY',
  46: 'RRSIG',
  47: 'NSEC',
  48: 'DNSKEY',
  49: 'DHCID',
  50: 'NSEC3',
  51: 'NSEC3PARAM',
  52: 'TLSA',
  53: 'SMIMEA',
  55: 'HIP',
  59: 'CDS',
  60: 'CDNSKEY',
  61: 'OPENPGPKEY',
  62: 'CSYNC',
  63: 'ZONEMD',
  64: 'SVCB',
  65: 'HTTPS',
  99: 'SPF',
  104: 'NID',
  105: 'L32',
  106: 'L64',
  107: 'LP',
  108: 'EUI48',
  109: 'EUI64',
  249: 'TKEY',
  250: 'TSIG',
  251: 'IXFR',
  252: 'AXFR',
  253: 'MAILB',
  254: 'MAILA',
  255: 'ANY',
  256: 'URI',
  257: 'CAA',
  32768: 'TA',
  32769: 'DLV',
};

export const typeText = (type: number): string => TYPES[type] ?? `Unknown (${type})`;

/** Source: IANA, "DNS CLASSes". */
export const CLASSES: Readonly<Record<number, string>> = {
  1: 'IN',
  2: 'CS',
  3: 'CH',
  4: 'HS',
  254: 'NONE',
  255: 'ANY',
};

/** Source: IANA, "DNS Security Algorithm Numbers". */
export const ALGORITHMS: Readonly<Record<number, string>> = {
  1: 'RSA/MD5',
  2: 'Diffie-Hellman',
  3: 'DSA',
  5: 'RSA/SHA-1',
  6: 'DSA-NSEC3-SHA1',
  7: 'RSASHA1-NSEC3-SHA1',
  8: 'RSA/SHA-256',
  10: 'RSA/SHA-512',
  12: 'GOST R 34.10-2001',
  13: 'ECDSA P-256 with SHA-256',
  14: 'ECDSA P-384 with SHA-384',
  15: 'Ed25519',
  16: 'Ed448',
};

/** Source: IANA, "DNSSEC DS RR Type Digest Algorithms". */
export const DIGESTS: Readonly<Record<number, string>> = {
  1: 'SHA-1',
  2: 'SHA-256',
  3: 'GOST R 34.11-94',
  4: 'SHA-384',
};

const OPTION_NSID = 3;
export const OPTION_SUBNET = 8;
export const OPTION_COOKIE = 10;
export const OPTION_KEEPALIVE = 11;
export const OPTION_PADDING = 12;
export const OPTION_CHAIN = 13;
export const OPTION_ERROR = 15;

/** Source: IANA, "DNS EDNS0 Option Codes (OPT)". */
export const OPTIONS: Readonly<Record<number, string>> = {
  1: 'LLQ',
  2: 'UL',
  [OPTION_NSID]: 'NSID',
  5: 'DAU',
  6: 'DHU',
  7: 'N3U',
  [OPTION_SUBNET]: 'CSUBNET',
  9: 'EDNS EXPIRE',
  [OPTION_COOKIE]: 'COOKIE',
  [OPTION_KEEPALIVE]: 'EDNS TCP keepalive',
  [OPTION_PADDING]: 'PADDING',
  [OPTION_CHAIN]: 'CHAIN',
  14: 'EDNS key tag',
  [OPTION_ERROR]: 'Extended DNS error',
  18: 'Report channel',
  19: 'ZONEVERSION',
};

/** Source: IANA, "Extended DNS Error Codes". */
export const EXTENDED_ERRORS: Readonly<Record<number, string>> = {
  0: 'Other error',
  1: 'Unsupported DNSKEY algorithm',
  2: 'Unsupported DS digest type',
  3: 'Stale answer',
  4: 'Forged answer',
  5: 'DNSSEC indeterminate',
  6: 'DNSSEC bogus',
  7: 'Signature expired',
  8: 'Signature not yet valid',
  9: 'DNSKEY missing',
  10: 'RRSIGs missing',
  11: 'No zone key bit set',
  12: 'NSEC missing',
  13: 'Cached error',
  14: 'Not ready',
  15: 'Blocked',
  16: 'Censored',
  17: 'Filtered',
  18: 'Prohibited',
  19: 'Stale NXDOMAIN answer',
  20: 'Not authoritative',
  21: 'Not supported',
  22: 'No reachable authority',
  23: 'Network error',
  24: 'Invalid data',
  25: 'Signature expired before valid',
  26: 'Too early',
  27: 'Unsupported NSEC3 iterations value',
  28: 'Unable to conform to policy',
  29: 'Synthesized',
  30: 'Invalid query type',
};

/** Source: IANA, "DNS Service Parameter Keys (SvcParamKeys)". */
export const SERVICE_KEYS: Readonly<Record<number, string>> = {
  0: 'mandatory',
  1: 'alpn',
  2: 'no-default-alpn',
  3: 'port',
  4: 'ipv4hint',
  5: 'ech',
  6: 'ipv6hint',
  7: 'dohpath',
  8: 'ohttp',
};
