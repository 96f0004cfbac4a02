import { slice } from '../wire/view.js';
import { isGrease } from './grease.js';

/** An extension, where its data lies in the view of its message. */
export interface Extension {
  readonly type: number;
  readonly at: number;
  readonly end: number;
}

/** What a ClientHello or ServerHello says, from the first byte behind the head of the message on. */
export interface Hello {
  readonly view: DataView;
  /** Where the message starts behind its head, and how far it was read. */
  readonly at: number;
  readonly end: number;
  readonly version: number;
  /** Where the 32 random bytes start. */
  readonly randomAt: number;
  readonly sessionId: Uint8Array;
  /** The cookie of DTLS up to 1.2; undefined in other messages. */
  readonly cookie: Uint8Array | undefined;
  /** The suites that a client offers, or the one that a server chose. */
  readonly suites: readonly number[];
  readonly extensions: readonly Extension[];
  /** Whether all of it was there, and its lengths agree. */
  readonly isWhole: boolean;
}

export const EXTENSION = {
  serverName: 0,
  groups: 10,
  pointFormats: 11,
  signatureAlgorithms: 13,
  alpn: 16,
  padding: 21,
  preSharedKey: 41,
  earlyData: 42,
  supportedVersions: 43,
  cookie: 44,
  keyShare: 51,
} as const;

/** Where a ClientHello is read. */
export interface HelloOptions {
  /** Whether a cookie stands behind the session id. */
  readonly dtls?: boolean;
}

/** A place in a message that moves on as its vectors are read; `isShort` once one does not fit. */
class Cursor {
  isShort = false;
  readonly view: DataView;
  at: number;
  readonly end: number;

  constructor(view: DataView, at: number, end: number) {
    this.view = view;
    this.at = at;
    this.end = Math.min(end, view.byteLength);
  }

  number(size: 1 | 2 | 3): number {
    const { view, at } = this;
    if (!this.move(size)) return 0;
    if (size === 1) return view.getUint8(at);
    return size === 2 ? view.getUint16(at) : (view.getUint8(at) << 16) | view.getUint16(at + 1);
  }

  /** Passes over so many bytes, or as many as there are; whether all were there. */
  move(count: number): boolean {
    if (this.at + count > this.end) this.isShort = true;
    else this.at += count;
    return !this.isShort;
  }

  /** Reads a vector with a length of so many bytes before it: where it starts and ends. */
  vector(size: 1 | 2 | 3): readonly [start: number, end: number] {
    const length = this.number(size);
    const start = this.at;
    if (this.isShort) return [start, start];
    if (!this.move(length)) this.at = this.end;
    return [start, this.at];
  }
}

/**
 * Reads a ClientHello, whose head of type and length ends at `at`; undefined where not even the random bytes are there.
 * Total: what does not fit is left out, and `isWhole` is false. Source: RFC 8446, section 4.1.2; RFC 6347, section 4.2.1.
 */
export function readClientHello(
  view: DataView,
  at: number,
  end: number,
  { dtls = false }: HelloOptions = {},
): Hello | undefined {
  const cursor = new Cursor(view, at, end);
  const version = cursor.number(2);
  const randomAt = cursor.at;
  if (!cursor.move(RANDOM_SIZE)) return undefined;
  const sessionId = bytesOf(view, cursor.vector(1));
  const cookie = dtls ? bytesOf(view, cursor.vector(1)) : undefined;
  const suites = numbersIn(view, cursor.vector(2));
  cursor.vector(1);
  return helloOf(cursor, at, { version, randomAt, sessionId, cookie, suites });
}

/** The same of a ServerHello or HelloRetryRequest. Source: RFC 8446, section 4.1.3. */
export function readServerHello(view: DataView, at: number, end: number): Hello | undefined {
  const cursor = new Cursor(view, at, end);
  const version = cursor.number(2);
  const randomAt = cursor.at;
  if (!cursor.move(RANDOM_SIZE)) return undefined;
  const sessionId = bytesOf(view, cursor.vector(1));
  const suite = cursor.number(2);
  cursor.move(1);
  const suites = cursor.isShort ? [] : [suite];
  return helloOf(cursor, at, { version, randomAt, sessionId, cookie: undefined, suites });
}

const RANDOM_SIZE = 32;

/** A hello of which the fixed part was read: the extensions follow at the cursor. */
function helloOf(
  cursor: Cursor,
  at: number,
  start: Pick<Hello, 'version' | 'randomAt' | 'sessionId' | 'cookie' | 'suites'>,
): Hello {
  const { view } = cursor;
  const { version, randomAt, sessionId, cookie, suites } = start;
  let extensions: readonly Extension[] = NO_EXTENSIONS;
  let isWhole = !cursor.isShort;
  // Old messages end before the extensions.
  if (isWhole && cursor.at < cursor.end) {
    const [first, last] = cursor.vector(2);
    const inner = new Cursor(view, first, last);
    extensions = extensionsIn(inner);
    isWhole = !cursor.isShort && !inner.isShort && cursor.at === cursor.end;
  }
  return { view, at, end: cursor.at, version, randomAt, sessionId, cookie, suites, extensions, isWhole };
}

const NO_EXTENSIONS: readonly Extension[] = [];

function extensionsIn(cursor: Cursor): readonly Extension[] {
  const extensions: Extension[] = [];
  while (cursor.at < cursor.end && !cursor.isShort) {
    const type = cursor.number(2);
    const [at, end] = cursor.vector(2);
    if (at > end || (cursor.isShort && at === cursor.end)) break;
    extensions.push({ type, at, end });
  }
  return extensions;
}

const bytesOf = (view: DataView, [start, end]: readonly [number, number]): Uint8Array => slice(view, start, end);

function numbersIn(view: DataView, [start, end]: readonly [number, number]): readonly number[] {
  const numbers: number[] = [];
  for (let at = start; at + 2 <= end; at += 2) numbers.push(view.getUint16(at));
  return numbers;
}

/** The extension of a type, if a message has one. */
export const extensionOf = (hello: Pick<Hello, 'extensions'>, type: number): Extension | undefined =>
  hello.extensions.find((extension) => extension.type === type);

const textOf = (bytes: Uint8Array): string => String.fromCharCode(...bytes.subarray(0, MOST_NAME));
/** The bytes of a name that are read: names of hosts have no more. Source: RFC 1035, section 2.3.4. */
const MOST_NAME = 255;

/** The host that a client asks for. Source: RFC 6066, section 3. */
export function serverNameOf(hello: Hello): string | undefined {
  const found = extensionOf(hello, EXTENSION.serverName);
  if (!found || found.end - found.at < 5) return undefined;
  const cursor = new Cursor(hello.view, found.at + 3, found.end);
  const name = textOf(bytesOf(hello.view, cursor.vector(2)));
  return name === '' ? undefined : name;
}

/** The most protocols that are named. */
const MOST_PROTOCOLS = 16;

/** The protocols that a client offers, or the one that a server chose. Source: RFC 7301, section 3.1. */
export function protocolsOf(hello: Hello): readonly string[] {
  const found = extensionOf(hello, EXTENSION.alpn);
  if (!found) return [];
  const cursor = new Cursor(hello.view, found.at + 2, found.end);
  const names: string[] = [];
  while (cursor.at < cursor.end && names.length < MOST_PROTOCOLS)
    names.push(textOf(bytesOf(hello.view, cursor.vector(1))));
  return names;
}

/** The versions that a client offers, first the one that it likes most; those of GREASE are left out. */
export function offeredVersionsOf(hello: Hello): readonly number[] {
  const found = extensionOf(hello, EXTENSION.supportedVersions);
  if (!found) return [hello.version];
  return numbersIn(hello.view, [found.at + 1, found.end]).filter((version) => !isGrease(version));
}

/** The version that a server chose. Source: RFC 8446, section 4.2.1. */
export function chosenVersionOf(hello: Hello): number {
  const found = extensionOf(hello, EXTENSION.supportedVersions);
  return found && found.end - found.at === 2 ? hello.view.getUint16(found.at) : hello.version;
}

/** The groups that a client supports. Source: RFC 8446, section 4.2.7. */
export function groupsOf(hello: Hello): readonly number[] {
  const found = extensionOf(hello, EXTENSION.groups);
  return found ? numbersIn(hello.view, [found.at + 2, found.end]) : [];
}

/** The groups that a client has sent shares of. Source: RFC 8446, section 4.2.8. */
export function sharedGroupsOf(hello: Hello): readonly number[] {
  const found = extensionOf(hello, EXTENSION.keyShare);
  const groups: number[] = [];
  if (!found) return groups;
  const cursor = new Cursor(hello.view, found.at + 2, found.end);
  while (cursor.at < cursor.end && !cursor.isShort) {
    const group = cursor.number(2);
    cursor.vector(2);
    if (!cursor.isShort) groups.push(group);
  }
  return groups;
}

/** The group that a server chose, in a ServerHello or HelloRetryRequest. */
export function selectedGroupOf(hello: Hello): number | undefined {
  const found = extensionOf(hello, EXTENSION.keyShare);
  return found && found.end - found.at >= 2 ? hello.view.getUint16(found.at) : undefined;
}

/** The cookie of TLS 1.3 and DTLS 1.3. Source: RFC 8446, section 4.2.2. */
export function cookieOf(hello: Hello): Uint8Array | undefined {
  const found = extensionOf(hello, EXTENSION.cookie);
  return found ? slice(hello.view, Math.min(found.at + 2, found.end), found.end) : undefined;
}

/** The random bytes of a ServerHello that is a HelloRetryRequest. Source: RFC 8446, section 4.1.3. */
const RETRY = [0xcf21ad74, 0xe59a6111, 0xbe1d8c02, 0x1e65b891, 0xc2a21116, 0x7abb8c5e, 0x079e09e2, 0xc8a8339c];

/** Whether the random bytes at `at` say that a ServerHello is a HelloRetryRequest. */
export const isRetry = (view: DataView, at: number): boolean =>
  at + RANDOM_SIZE <= view.byteLength && RETRY.every((word, place) => view.getUint32(at + 4 * place) === word);
