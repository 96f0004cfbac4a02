import type { Hello } from '../../../dissectors/tls/hello.js';
import { readClientHello } from '../../../dissectors/tls/hello.js';
import { NOT_SHELVED, Shelf, type Shelved } from '../../../dissectors/wire/shelf.js';
import { slice, viewOf } from '../../../dissectors/wire/view.js';
import type { Handshake } from '../handshake.js';

/** The last cookies that were handed out, with any of which an echo may agree. */
const MOST_CHALLENGES = 4;
/** The longest ClientHello that is kept, and how many are at once: the oldest goes first. 16 MB at most. */
const LONGEST_HELLO = 4096;
/** ClientHellos that are kept for cookies to come back; the oldest goes first. */
const MOST_HELLOS = 4096;

/** What a handshake of TLS or DTLS keeps while it goes on. */
export interface TlsMemory extends Shelved<TlsMemory> {
  /** The body of the first ClientHello, while it is kept: a copy. */
  first: Uint8Array | undefined;
  /** The random bytes of the last ClientHello. */
  random: Uint8Array | undefined;
  /** Cookies that the server has handed out, the newest last. */
  readonly challenges: Uint8Array[];
  /** HelloRetryRequests, and what the last one was for. */
  retries: number;
  wantsCookie: boolean;
  group: number | undefined;
  /** Whether a share of the group had been sent already. */
  hadShare: boolean;
  /** HelloVerifyRequests. */
  verifications: number;
  /** ClientHellos that were not resent. */
  hellos: number;
  /** The last number of a message that the client and the server have given, in DTLS. */
  clientSequence: number;
  serverSequence: number;
  /** The version that was agreed on, 0 before. */
  version: number;
  /** Whether each side has sent something encrypted, and any side application data. */
  clientIsEncrypted: boolean;
  serverIsEncrypted: boolean;
  hasData: boolean;
  /** Whether the capture has cut one of its records. */
  isCut: boolean;
}

const newMemory = (): TlsMemory => ({
  first: undefined,
  random: undefined,
  challenges: [],
  retries: 0,
  wantsCookie: false,
  group: undefined,
  hadShare: false,
  verifications: 0,
  hellos: 0,
  clientSequence: -1,
  serverSequence: -1,
  version: 0,
  clientIsEncrypted: false,
  serverIsEncrypted: false,
  hasData: false,
  isCut: false,
  ...NOT_SHELVED,
});

/** What a row keeps, from its first message on: only these kinds put it there. */
export function memoryOf(row: Handshake): TlsMemory {
  row.memory ??= newMemory();
  return row.memory as TlsMemory;
}

/** Keeps a cookie that was handed out. */
export function keepChallenge({ challenges }: TlsMemory, cookie: Uint8Array): void {
  if (challenges.length >= MOST_CHALLENGES) challenges.shift();
  challenges.push(cookie.slice());
}

/** The first ClientHellos of handshakes that may still be asked again: bounded, for a flood makes many. */
export class FirstHellos {
  private readonly kept = new Shelf<TlsMemory>();
  private readonly most: number;

  constructor(most = MOST_HELLOS) {
    this.most = most;
  }

  keep(memory: TlsMemory, hello: Hello): void {
    if (hello.end - hello.at > LONGEST_HELLO || !hello.isWhole) return;
    memory.first = slice(hello.view, hello.at, hello.end).slice();
    if (memory.shelf === undefined) this.kept.put(memory);
    const { oldest } = this.kept;
    if (oldest && this.kept.size > this.most) this.forget(oldest);
  }

  forget(memory: TlsMemory): void {
    memory.first = undefined;
    this.kept.take(memory);
  }
}

/** The first ClientHello again, while it is kept. */
export const firstHello = ({ first }: TlsMemory, dtls: boolean): Hello | undefined =>
  first && readClientHello(viewOf(first), 0, first.length, { dtls });
