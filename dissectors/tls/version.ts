/** What Wireshark calls the protocol of each version, in its column. */
const LABELS: Readonly<Record<number, string>> = {
  768: 'SSLv3',
  769: 'TLSv1',
  770: 'TLSv1.1',
  771: 'TLSv1.2',
  772: 'TLSv1.3',
  256: 'DTLSv1.0 (OpenSSL pre 0.9.8f)',
  65279: 'DTLSv1.0',
  65277: 'DTLSv1.2',
  65276: 'DTLSv1.3',
};

/** The label of a version in the list; `TLS` or `DTLS` for those that are not known. */
export const versionLabel = (version: number, other: string): string =>
  LABELS[version] ?? (version >>> 8 === 0x7f ? 'TLSv1.3' : other);

/** Whether a version is one from 1.3 on, of which all is encrypted behind the ServerHello. */
export const isNewVersion = (version: number): boolean =>
  version === 0x0304 || version === 0xfefc || version >>> 8 === 0x7f;
