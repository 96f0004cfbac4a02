import { type CookieInput, type CookieKey, cookieKey, sameCookie } from '../../dissectors/channel/cookie.js';
import type { Dialect } from '../../dissectors/channel/dialects.js';
import { isInTime, type Moment, type Secret, secretName } from '../secrets/secrets.js';

/** What can be said of a cookie. Source: protocol page, section 7. */
export const COOKIE_STATUSES = ['unknown', 'echo-bad', 'invalid', 'stale', 'echo-ok', 'valid'] as const;
export type CookieStatus = (typeof COOKIE_STATUSES)[number];

/** The verdict on one cookie, as numbers: it is kept for every cookie of a capture. */
export interface Verdict {
  readonly status: CookieStatus;
  /** Which secret yields it, by its place in the list; −1 for none. */
  readonly secret: number;
  /** The packet that has the cookie it returns, or differs from; 0 for none. */
  readonly packet: number;
  /** Secrets of its creator that were tried. */
  readonly tried: number;
}

/** The verdict in words: the status with its reason. */
export function reasonOf({ status, secret, packet, tried }: Verdict, secrets: readonly Secret[]): string {
  const known = secrets[secret];
  const name = known ? secretName(known) : 'a known secret';
  switch (status) {
    case 'valid':
      return `valid: ${name} yields it`;
    case 'stale':
      return `stale: ${name} yields it, but not at this time`;
    case 'invalid':
      return `invalid: ${tried === 1 ? 'the one known secret' : `none of ${tried} known secrets`} of its creator yields it`;
    case 'echo-ok':
      return `echo-ok: no secret known, but equal to that of packet ${packet}`;
    case 'echo-bad':
      return `echo-bad: no secret known, and differs from that of packet ${packet}`;
    case 'unknown':
      return 'unknown: no secret known, and nothing to compare with';
  }
}

/**
 * The most work that the cookies of one packet may cause: about 15 ms. Without a bound, a packet with thousands of
 * cookies and a file with thousands of secrets would hold up everything after them.
 */
export const MOST_WORK = 4096;
/** How many secrets are skipped, because it is not their time, at the cost of one that is tried. */
const SKIPPED_AT_ONCE = 16;

/** A secret ready for each way to compute cookies. */
interface Prepared {
  readonly place: number;
  readonly secret: Secret;
  readonly keys: Map<string, CookieKey>;
}

/** Judges cookies by the secrets that are known. Key states are computed once a secret and dialect. */
export class CookieJudge {
  readonly secrets: Secret[] = [];
  /** Blocks of secrets taken from the capture as it was read. */
  learned = 0;
  /** Cookies that could not be compared with every secret that might yield them, within `MOST_WORK`. */
  unfinished = 0;
  /** Work that the cookies of the current packet may still cause: 1 for a secret that is tried. */
  private left = MOST_WORK;
  private readonly own = new Map<string, Prepared[]>();
  private readonly anybodys: Prepared[] = [];

  constructor(secrets: readonly Secret[]) {
    this.learn(secrets, 0);
  }

  /** Takes more secrets, which judge the cookies from now on. */
  learn(secrets: readonly Secret[], blocks: number): void {
    this.learned = blocks;
    for (const secret of secrets) {
      if (secret.word !== undefined) continue;
      const place = this.secrets.push(secret) - 1;
      const prepared = { place, secret, keys: new Map<string, CookieKey>() };
      if (secret.peer === undefined) {
        this.anybodys.push(prepared);
      } else {
        const list = this.own.get(secret.peer);
        if (list) list.push(prepared);
        else this.own.set(secret.peer, [prepared]);
      }
    }
  }

  /** Begins with the cookies of the next packet. */
  beginPacket(): void {
    this.left = MOST_WORK;
  }

  /** Whether any secret could say something of this peer's cookies. */
  knows(creator: string): boolean {
    return this.anybodys.length > 0 || this.own.has(creator);
  }

  /** How many secrets of this peer are known. */
  countOf(creator: string): number {
    return this.own.get(creator)?.length ?? 0;
  }

  /**
   * What the known secrets say of a cookie; undefined when they say nothing.
   * @param creator the peer whose secret it should be made with, 32 hex digits
   * @param moment when the packet that carries it was captured
   */
  judge(
    dialect: Dialect,
    creator: string,
    input: CookieInput,
    cookie: Uint8Array,
    moment: Moment,
  ): Verdict | undefined {
    const own = this.own.get(creator) ?? NONE;
    const tried = own.length;
    // Valid wins, anybody's as well. A peer may have hundreds over time: those of another time come last.
    const valid =
      this.yielding(own, true, dialect, input, cookie, moment) ??
      this.yielding(this.anybodys, true, dialect, input, cookie, moment);
    if (valid) return { status: 'valid', secret: valid.place, packet: 0, tried };
    const stale =
      this.yielding(own, false, dialect, input, cookie, moment) ??
      this.yielding(this.anybodys, false, dialect, input, cookie, moment);
    if (stale) return { status: 'stale', secret: stale.place, packet: 0, tried };
    if (this.left <= 0) {
      this.unfinished++;
      return undefined;
    }
    // Anybody's secret may not be this peer's: it can speak for a cookie, never against it.
    return tried > 0 ? { status: 'invalid', secret: -1, packet: 0, tried } : undefined;
  }

  /** The first secret that yields a cookie, of those whose time it is or of the others. */
  private yielding(
    from: readonly Prepared[],
    inTime: boolean,
    dialect: Dialect,
    input: CookieInput,
    cookie: Uint8Array,
    moment: Moment,
  ): Prepared | undefined {
    for (const prepared of from) {
      if (this.left <= 0) return undefined;
      if (isInTime(prepared.secret, moment) !== inTime) {
        this.left -= 1 / SKIPPED_AT_ONCE;
        continue;
      }
      this.left--;
      if (sameCookie(this.keyOf(prepared, dialect)(input), cookie)) return prepared;
    }
    return undefined;
  }

  private keyOf(prepared: Prepared, dialect: Dialect): CookieKey {
    const known = prepared.keys.get(dialect.name);
    if (known) return known;
    const key = cookieKey(dialect, prepared.secret.bytes);
    prepared.keys.set(dialect.name, key);
    return key;
  }
}

const NONE: readonly Prepared[] = [];
