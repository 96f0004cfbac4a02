import type { Seeded } from '../../crafter/seeded.js';

const ascii = (words: string): Uint8Array => new TextEncoder().encode(words);

const uint16 = (value: number): readonly number[] => [(value >>> 8) & 0xff, value & 0xff];
const uint32 = (value: number): readonly number[] => [...uint16(value >>> 16), ...uint16(value)];

type Bytes = Iterable<number>;

const joined = (...pieces: readonly Bytes[]): readonly number[] => pieces.flatMap((piece) => [...piece]);

/** Bytes behind their number, which takes one, two or three bytes. */
function counted(size: 1 | 2 | 3, ...pieces: readonly Bytes[]): readonly number[] {
  const bytes = joined(...pieces);
  return [...uint32(bytes.length).slice(4 - size), ...bytes];
}

/** A name of DNS: its labels, each behind its length. */
const labels = (name: string): readonly number[] => [
  ...name.split('.').flatMap((label) => counted(1, ascii(label))),
  0,
];

const [TYPE_A, TYPE_AAAA, CLASS_IN] = [1, 28, 1];
/** A name that stands in the question already. Source: RFC 1035, section 4.1.4. */
const POINTER_TO_QUESTION = [0xc0, 12];

/** A DNS query for an address. Source: RFC 1035, section 4.1. */
export const dnsQuery = (id: number, name: string, v6: boolean): Uint8Array =>
  Uint8Array.from([
    ...uint16(id),
    ...[1, 0, 0, 1, 0, 0, 0, 0, 0, 0],
    ...labels(name),
    ...uint16(v6 ? TYPE_AAAA : TYPE_A),
    ...uint16(CLASS_IN),
  ]);

/** Its answer, with some addresses. */
export function dnsAnswer(id: number, name: string, v6: boolean, addresses: readonly Uint8Array[]): Uint8Array {
  const type = v6 ? TYPE_AAAA : TYPE_A;
  const records = addresses.map((address) =>
    joined(POINTER_TO_QUESTION, uint16(type), uint16(CLASS_IN), uint32(300), counted(2, address)),
  );
  return Uint8Array.from([
    ...uint16(id),
    ...[0x81, 0x80, 0, 1],
    ...uint16(records.length),
    ...[0, 0, 0, 0],
    ...labels(name),
    ...uint16(type),
    ...uint16(CLASS_IN),
    ...joined(...records),
  ]);
}

const [CHANGE_CIPHER_SPEC, HANDSHAKE, APPLICATION_DATA] = [20, 22, 23];
const [CLIENT_HELLO, SERVER_HELLO] = [1, 2];
const [TLS_1_0, TLS_1_2, TLS_1_3] = [0x0301, 0x0303, 0x0304];
const [SERVER_NAME, GROUPS, SIGNATURES, ALPN, VERSIONS, KEY_SHARE] = [0, 10, 13, 16, 43, 51];
const X25519 = 29;

const record = (type: number, version: number, ...pieces: readonly Bytes[]): readonly number[] => [
  type,
  ...uint16(version),
  ...counted(2, ...pieces),
];
const extension = (type: number, ...pieces: readonly Bytes[]): readonly number[] => [
  ...uint16(type),
  ...counted(2, ...pieces),
];
const share = (random: Seeded): readonly number[] => [...uint16(X25519), ...counted(2, random.bytes(32))];

/** The record of a ClientHello of TLS 1.3 with the name of a server. Source: RFC 8446, section 4.1.2. */
export function clientHello(name: string, random: Seeded): Uint8Array {
  const ciphers = [0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f, 0xc02c, 0xc030].flatMap(uint16);
  const extensions = joined(
    extension(SERVER_NAME, counted(2, [0], counted(2, ascii(name)))),
    extension(GROUPS, counted(2, uint16(X25519), uint16(23), uint16(24))),
    extension(SIGNATURES, counted(2, uint16(0x0403), uint16(0x0804), uint16(0x0401))),
    extension(ALPN, counted(2, counted(1, ascii('h2')), counted(1, ascii('http/1.1')))),
    extension(VERSIONS, counted(1, uint16(TLS_1_3), uint16(TLS_1_2))),
    extension(KEY_SHARE, counted(2, share(random))),
  );
  const hello = joined(
    uint16(TLS_1_2),
    random.bytes(32),
    counted(1, random.bytes(32)),
    counted(2, ciphers),
    counted(1, [0]),
    counted(2, extensions),
  );
  return Uint8Array.from(record(HANDSHAKE, TLS_1_0, [CLIENT_HELLO], counted(3, hello)));
}

/** The records of its answer, up to where all is encrypted. Source: RFC 8446, section 4.1.3, appendix D.4. */
export function serverHello(random: Seeded): Uint8Array {
  const hello = joined(
    uint16(TLS_1_2),
    random.bytes(32),
    counted(1, random.bytes(32)),
    uint16(0x1301),
    [0],
    counted(2, extension(KEY_SHARE, share(random)), extension(VERSIONS, uint16(TLS_1_3))),
  );
  return Uint8Array.from([...record(HANDSHAKE, TLS_1_2, [SERVER_HELLO], counted(3, hello)), ...changeCipherSpec]);
}

/** The record that middleboxes expect. */
export const changeCipherSpec: readonly number[] = record(CHANGE_CIPHER_SPEC, TLS_1_2, [1]);

/** Bytes of the header of a record. */
const RECORD_HEADER = 5;
/** Bytes of a record at most. Source: RFC 8446, section 5.2. */
const MOST_RECORD = 16_384;

/** Encrypted bytes in records of application data. */
export function applicationData(encrypted: Uint8Array): Uint8Array {
  const records = Math.ceil(encrypted.length / MOST_RECORD);
  const bytes = new Uint8Array(encrypted.length + records * RECORD_HEADER);
  for (let at = 0, to = 0; at < encrypted.length; at += MOST_RECORD) {
    const content = encrypted.subarray(at, at + MOST_RECORD);
    bytes.set([APPLICATION_DATA, ...uint16(TLS_1_2), ...uint16(content.length)], to);
    bytes.set(content, to + RECORD_HEADER);
    to += RECORD_HEADER + content.length;
  }
  return bytes;
}

/** A packet of sound or pictures. Source: RFC 3550, section 5.1. */
export function mediaPacket(source: number, number: number, content: Uint8Array): Uint8Array {
  const head = [0x80, 111, ...uint16(number & 0xffff), ...uint32((number * 960) >>> 0), ...uint32(source)];
  const bytes = new Uint8Array(head.length + content.length);
  bytes.set(head);
  bytes.set(content, head.length);
  return bytes;
}
