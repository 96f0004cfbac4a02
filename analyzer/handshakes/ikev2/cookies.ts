import { dropOldest } from '../../../dissectors/wire/drop-oldest.js';
import type { ReturnedStatus } from '../handshake.js';

/** Cookies that are remembered; the oldest goes first. A responder under load makes many, which few return. */
const MOST_COOKIES = 16_384;

/** What a returned cookie is worth, and whose it was. */
export interface JudgedCookie {
  readonly status: ReturnedStatus;
  /** The SPI that the cookie was made for, where that is another one. */
  readonly madeFor: string | undefined;
}

const OK: JudgedCookie = { status: 'echo-ok', madeFor: undefined };
const BAD: JudgedCookie = { status: 'echo-bad', madeFor: undefined };
const UNKNOWN: JudgedCookie = { status: 'unknown', madeFor: undefined };

/** The cookies that responders have sent of late, and for which SPIs of initiators. Bounded. */
export class IkeCookies {
  /** SPI by responder and cookie, in the order in which they came. */
  private readonly issued = new Map<string, string>();
  /** Who was challenged, by responder and SPI. */
  private readonly challenged = new Set<string>();

  /** Notes a challenge. @param responder its address and port; @param cookie in hex */
  note(responder: string, spi: string, cookie: string): void {
    const key = `${responder} ${cookie}`;
    this.issued.delete(key);
    this.issued.set(key, spi);
    this.challenged.add(`${responder} ${spi}`);
    dropOldest(this.issued, MOST_COOKIES);
    dropOldest(this.challenged, MOST_COOKIES);
  }

  /**
   * Judges a cookie that an initiator returns: it must be one that was made for this SPI. `unknown` where no challenge of
   * the responder to this SPI is in the capture, and the cookie is not one that was made for another.
   */
  judge(responder: string, spi: string, cookie: string): JudgedCookie {
    const madeFor = this.issued.get(`${responder} ${cookie}`);
    if (madeFor === spi) return OK;
    if (madeFor !== undefined) return { status: 'echo-bad', madeFor };
    return this.challenged.has(`${responder} ${spi}`) ? BAD : UNKNOWN;
  }
}
