import { dropOldest } from '../../../dissectors/wire/drop-oldest.js';

/** Pairs of a client and a server whose cookies are remembered: of those that were quiet longest nothing is known any more. */
const MOST_JARS = 16_384;
/** Server cookies of one pair that are remembered: a server renews its cookie twice an hour. */
const MOST_COOKIES = 4;

/** The cookies that a server gave to a client, as texts of a character a byte. */
export interface Jar {
  /** The client cookie that they were made for. */
  readonly client: string;
  /** The newest one last. */
  readonly given: readonly string[];
  /** The last BADCOOKIE that the client has not heeded yet: the number of its packet, 0 for none. */
  refusedIn: number;
  /** When that was, in seconds since the first packet of the capture. */
  refusedAt: number;
}

/** How a server cookie compares with those that its client was given. */
export type Comparison = 'newest' | 'older' | 'other' | 'unknown';

/** Remembers the newest cookies of pairs of addresses. Bounded. */
export class Jars {
  private readonly jars = new Map<string, Jar & { given: string[] }>();

  /** @param pair the addresses of both; with each client cookie a jar of its own, for many clients share an address */
  find(pair: string, client: string): Jar | undefined {
    return this.jars.get(pair + client);
  }

  /** A server gives a cookie. */
  give(pair: string, client: string, cookie: string): Jar {
    const key = pair + client;
    const jar = this.jars.get(key) ?? { client, given: [], refusedIn: 0, refusedAt: 0 };
    this.jars.delete(key);
    this.jars.set(key, jar);
    if (jar.given.at(-1) !== cookie) {
      jar.given = [...jar.given.filter((one) => one !== cookie), cookie].slice(-MOST_COOKIES);
    }
    dropOldest(this.jars, MOST_JARS);
    return jar;
  }
}

/** Compares a server cookie with those that its client was given. */
export function compare(jar: Jar | undefined, cookie: string): Comparison {
  if (!jar || jar.given.length === 0) return 'unknown';
  if (jar.given.at(-1) === cookie) return 'newest';
  return jar.given.includes(cookie) ? 'older' : 'other';
}
