import { sha256 } from '@noble/hashes/sha2.js';
import { fromHex, toHex } from '../../dissectors/wire/view.js';
import { KEY_LOG_WORDS, keyLogEntry, STATIC_KEY, StaticKeyLines, wireguardKey } from './vpn-lines.js';
import { fieldsOf, type Word } from './words.js';

/** A moment, in whole seconds since 1970-01-01T00:00:00Z and nanoseconds beyond them. */
export interface Moment {
  readonly seconds: number;
  readonly nanos: number;
}

/** Whether one moment is before another. */
export const isBefore = (one: Moment, other: Moment): boolean =>
  one.seconds < other.seconds || (one.seconds === other.seconds && one.nanos < other.nanos);

/** The first words of lines with secrets of handshakes other than the channel's. Source: the handshake page, part 1. */
export const SECRET_WORDS = ['TCP_FASTOPEN_KEY', 'DNS_COOKIE_SECRET', 'WG_PUBLIC_KEY', 'OPENVPN_STATIC_KEY'] as const;
const ALL_WORDS = [...SECRET_WORDS, ...KEY_LOG_WORDS] as const;
export type SecretWord = (typeof ALL_WORDS)[number];

/** One entry of a secrets file. */
export interface Secret {
  /** Of which line it is; left out for a secret of a channel's peer (`PEER_SECRET`). */
  readonly word?: SecretWord;
  /** The creator of the cookies: a peer id, 32 hex digits, or an address of a server; undefined for `*`, anybody's. */
  readonly peer: string | undefined;
  readonly bytes: Uint8Array;
  /** What people call its owner. */
  readonly name?: string | undefined;
  /** When peers begin to use it, inclusive; undefined where open. */
  readonly from: Moment | undefined;
  /** When its creator stops accepting it, exclusive; undefined where open. */
  readonly until: Moment | undefined;
  /** Where it was read: `FILE:LINE`. */
  readonly origin: string;
}

/** The longest secret of a cookie: far more than any hash takes in, and each is hashed whole before it is used. In bytes. */
export const MOST_SECRET_BYTES = 64 * 1024;
/** The most secrets of a file that are kept: some 50 MB. A thousand peers that change theirs every 120 s use as many in three hours. */
export const MOST_SECRETS = 100_000;

/** A secrets file that cannot be read as written: `FILE:LINE: what is wrong`. */
export class SecretsError extends Error {
  override readonly name = 'SecretsError';

  constructor(file: string, line: number, problem: string) {
    super(`${file}:${line}: ${problem}`);
  }
}

/**
 * Reads the text of a secrets file.
 * @param file what to call it in errors and reasons
 * @param remark takes what there is to say of a file that holds more secrets than are kept
 * @param readKey reads a key file that a line names; without it no line may name one
 * @throws {SecretsError} on the first line that is not as the format says; lines with other first words are skipped
 *
 * Source: protocol page, section 7 "Secrets file".
 */
export function parseSecrets(
  text: string,
  file: string,
  remark: (text: string) => void = () => {},
  readKey?: ReadKey,
): readonly Secret[] {
  const secrets: Secret[] = [];
  const keys = new StaticKeyLines();
  let number = 0;
  for (const line of linesOf(text)) {
    number++;
    const at = number;
    const problem = (what: string) => new SecretsError(file, at, what);
    const secret = secretOn(line, number, file, keys, problem, readKey);
    if (!secret) continue;
    if (secrets.length === MOST_SECRETS) {
      remark(`secrets beyond the first ${MOST_SECRETS} are not used: ${file}: line ${number} and what follows`);
      break;
    }
    secrets.push(secret);
  }
  if (keys.isOpen) throw new SecretsError(file, keys.begun, 'a static key of OpenVPN that does not end');
  return secrets;
}

/** Reads a key file that a line of a secrets file names. */
export type ReadKey = (name: string) => string;

/** The secret that ends with a line, if one does. */
function secretOn(
  line: string,
  number: number,
  file: string,
  keys: StaticKeyLines,
  problem: Problem,
  readKey: ReadKey | undefined,
): Secret | undefined {
  const taken = keys.take(line, number);
  const origin = `${file}:${taken ? keys.begun : number}`;
  if (typeof taken === 'string') return { word: 'OPENVPN_STATIC_KEY', ...staticKey(taken, problem), origin };
  if (taken) return undefined;
  const log = keyLogEntry(line);
  if (log) return { word: log.word, ...wireguardSecret(log.key, problem), origin };
  if (!ENTRY.test(line)) return undefined;
  const fields = fieldsOf(line);
  if (fields === undefined) throw problem('a quotation is not closed, or has a wrong escape');
  return secretIn(fields, origin, problem, readKey);
}

/** The beginning of a line that holds an entry; lines with other first words are skipped. */
const ENTRY = new RegExp(`^[ \\t]*(?:PEER_SECRET|${SECRET_WORDS.join('|')})(?=[ \\t#]|$)`);

/** Reads one entry. @param fields of its line, the first word among them */
function secretIn([first, ...fields]: readonly Word[], origin: string, problem: Problem, readKey?: ReadKey): Secret {
  const word = SECRET_WORDS.find((one) => one === first?.text);
  return word ? { word, ...READERS[word](fields, problem, readKey), origin } : peerSecret(fields, origin, problem);
}

function peerSecret([peer, secret, from, until, extra]: readonly Word[], origin: string, problem: Problem): Secret {
  if (peer === undefined || secret === undefined) throw problem('expected a peer id and a secret');
  if (peer.quoted || !/^(\*|[0-9a-fA-F]{32})$/.test(peer.text)) {
    throw problem('expected a peer id of 32 hex digits, or *');
  }
  if (extra !== undefined) throw problem('more fields than a peer id, a secret and two times');
  if (from !== undefined && until === undefined) throw problem('expected both times, or none');
  return {
    peer: peer.text === '*' ? undefined : peer.text.toLowerCase(),
    bytes: secretOf(secret, problem),
    from: from && momentOf(from, problem),
    until: until && momentOf(until, problem),
    origin,
  };
}

type Known = Omit<Secret, 'word' | 'origin'>;
type Read = (fields: readonly Word[], problem: Problem, readKey?: ReadKey) => Known;

/** How the lines of other handshakes are read, by their first words. */
const READERS: Record<(typeof SECRET_WORDS)[number], Read> = {
  TCP_FASTOPEN_KEY: (fields, problem) => serverKey(fields, problem, /^[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{8}){3}$/, 16),
  DNS_COOKIE_SECRET: (fields, problem) => serverKey(fields, problem, /^[0-9a-fA-F]{32}$/, 16),
  WG_PUBLIC_KEY: ([key, name, extra], problem) => {
    if (key === undefined) throw problem('expected a public key and, if you like, a name');
    if (extra !== undefined) throw problem('more fields than a public key and a name');
    return { ...wireguardSecret(key.text, problem), name: name?.text };
  },
  OPENVPN_STATIC_KEY: ([file, extra], problem, readKey) => {
    if (file === undefined || extra !== undefined)
      throw problem('expected the name of a key file, or its 512 hex digits');
    if (!file.quoted && /^[0-9a-fA-F]{512}$/.test(file.text)) return staticKey(file.text, problem);
    if (!readKey) throw problem('a file cannot be named here: put the lines of the key, or its 512 hex digits');
    return keyOfFile(readKey(file.text), problem);
  },
};

const forAnybody = (bytes: Uint8Array): Known => ({ peer: undefined, bytes, from: undefined, until: undefined });

function wireguardSecret(text: string, problem: Problem): Known {
  const bytes = wireguardKey(text);
  if (!bytes) throw problem('expected a WireGuard key: 32 bytes in base64');
  return forAnybody(bytes);
}

function staticKey(digits: string, problem: Problem): Known {
  if (!/^[0-9a-fA-F]*$/.test(digits) || digits.length !== 2 * STATIC_KEY) {
    throw problem(`expected a static key of OpenVPN: ${2 * STATIC_KEY} hex digits`);
  }
  return forAnybody(fromHex(digits));
}

/** The key in the text of a key file. */
function keyOfFile(text: string, problem: Problem): Known {
  const keys = new StaticKeyLines();
  for (const line of linesOf(text)) {
    const taken = keys.take(line, 0);
    if (typeof taken === 'string') return staticKey(taken, problem);
  }
  throw problem('the file has no static key of OpenVPN');
}

/** A server's address or `*`, and its key in hex; dashes between groups are as the kernel prints them. */
function serverKey([server, key, extra]: readonly Word[], problem: Problem, form: RegExp, size: number) {
  if (server === undefined || key === undefined) throw problem('expected the address of a server, or *, and a key');
  if (extra !== undefined) throw problem('more fields than a server and a key');
  if (!form.test(key.text)) throw problem(`expected a key of ${2 * size} hex digits`);
  const bytes = fromHex(key.text.replaceAll('-', ''));
  const peer = server.text === '*' ? undefined : server.text.toLowerCase();
  return { peer, bytes, from: undefined, until: undefined };
}

/** The lines of a text, one at a time: a large file is not held twice. */
function* linesOf(text: string): Generator<string, void, undefined> {
  const end = /\r\n|\n|\r/g;
  let at = text.startsWith('\uFEFF') ? 1 : 0;
  end.lastIndex = at;
  for (let found = end.exec(text); found; found = end.exec(text)) {
    yield text.slice(at, found.index);
    at = end.lastIndex;
  }
  yield text.slice(at);
}

type Problem = (what: string) => SecretsError;

function secretOf({ text, quoted }: Word, problem: Problem): Uint8Array {
  // A character takes at least one byte, two hex digits take one.
  const least = quoted ? text.length : text.length / 2;
  const bytes = least > MOST_SECRET_BYTES ? undefined : bytesOfSecret(text, quoted, problem);
  if (bytes && bytes.length <= MOST_SECRET_BYTES) return bytes;
  throw problem(`a secret of more than ${MOST_SECRET_BYTES} bytes`);
}

function bytesOfSecret(text: string, quoted: boolean, problem: Problem): Uint8Array {
  if (quoted) return new TextEncoder().encode(text);
  if (!/^[0-9a-fA-F]+$/.test(text)) throw problem(`expected a secret in hex or in quotes`);
  if (text.length % 2 !== 0) throw problem('a secret in hex has an even number of digits');
  return fromHex(text);
}

const DATE = /^(\d{4})-(\d{2})-(\d{2})|^(\d{4})(\d{2})(\d{2})(?=[Tt])/;
const TIME = /^[Tt](\d{2})(?::?(\d{2})(?::?(\d{2})(?:[.,](\d+))?)?)?/;
const ZONE = /^(?:[Zz]|([+-])(\d{2})(?::?(\d{2}))?)?$/;

function momentOf({ text, quoted }: Word, problem: Problem): Moment | undefined {
  if (text === '-' && !quoted) return undefined;
  const epoch = /^(-?\d+)(?:\.(\d+))?$/.exec(text);
  if (epoch && !quoted) return momentAt(Number(epoch[1]), epoch[2], text.startsWith('-'));
  const date = quoted ? undefined : DATE.exec(text);
  const rest = date ? text.slice(date[0].length) : '';
  const time = TIME.exec(rest);
  const zone = ZONE.exec(time ? rest.slice(time[0].length) : rest);
  if (!date || !zone) throw problem(`expected a time (ISO 8601, epoch seconds or -), found ${JSON.stringify(text)}`);
  const [year, month, day] = [date[1] ?? date[4], date[2] ?? date[5], date[3] ?? date[6]].map(Number);
  const [, hour = '0', minute = '0', second = '0', fraction] = time ?? [];
  const seconds = secondsOf(year ?? 0, month ?? 0, day ?? 0, Number(hour), Number(minute), Number(second));
  const [, sign, hours = '0', minutes = '0'] = zone;
  if (seconds === undefined || Number(hours) > 23 || Number(minutes) > 59) throw problem(`no such time: ${text}`);
  const offset = Number(hours) * 3600 + Number(minutes) * 60;
  return momentAt(seconds - (sign === '-' ? -offset : offset), fraction, false);
}

/** Seconds since 1970, unless there is no such time. 24:00 and a leap second are ways to write one. */
function secondsOf(
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
  second: number,
): number | undefined {
  if (minute > 59 || second > 60 || hour > 24 || (hour === 24 && (minute > 0 || second > 0))) return undefined;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
  return date.getTime() / 1000 + hour * 3600 + minute * 60 + second;
}

function momentAt(whole: number, fraction: string | undefined, negative: boolean): Moment {
  const nanos = Number((fraction ?? '').slice(0, 9).padEnd(9, '0'));
  return negative && nanos > 0 ? { seconds: whole - 1, nanos: 1_000_000_000 - nanos } : { seconds: whole, nanos };
}

/** Whether a secret is in use at a moment. Source: protocol page, section 7: from inclusive, until exclusive. */
export const isInTime = ({ from, until }: Secret, moment: Moment): boolean =>
  !(from && isBefore(moment, from)) && !(until && !isBefore(moment, until));

/** A secret in a few words, without giving it away: the first bytes of its SHA-256, and where it was read. */
export const secretName = ({ bytes, origin }: Secret): string =>
  bytes.length === 0 ? `the empty secret (${origin})` : `secret #${toHex(sha256(bytes).subarray(0, 4))} (${origin})`;
