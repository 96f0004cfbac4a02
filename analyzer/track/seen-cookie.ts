/** A cookie as seen, kept to compare and to judge only once: four words take less than its bytes would. */
export interface SeenCookie {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
  /** The packet where it was seen first. */
  readonly packet: number;
  /** Which secret yields it, by its place in the list; −1 for none known. */
  readonly secret: number;
  /** Whether its creator was seen to give it: only such a cookie tells what must be returned. */
  readonly given: boolean;
}

/** The cookie of `size` bytes at `at`: 16, 4 or none. */
export function seenCookie(
  view: DataView,
  at: number,
  size: number,
  packet: number,
  secret: number,
  given: boolean,
): SeenCookie {
  const long = size === 16;
  return {
    a: size === 0 ? 0 : view.getInt32(at),
    b: long ? view.getInt32(at + 4) : 0,
    c: long ? view.getInt32(at + 8) : 0,
    d: long ? view.getInt32(at + 12) : 0,
    packet,
    secret,
    given,
  };
}

/** Whether the cookie of `size` bytes at `at` is this one. */
export const isSeen = ({ a, b, c, d }: SeenCookie, view: DataView, at: number, size: number): boolean =>
  size === 0 ||
  (view.getInt32(at) === a &&
    (size !== 16 || (view.getInt32(at + 4) === b && view.getInt32(at + 8) === c && view.getInt32(at + 12) === d)));

/** What a responder answered to an attempt: its half, and the cookie that proves it. */
export interface Answer extends SeenCookie {
  readonly c2: number;
  /** Whether an ACKNOWLEDGE was seen to give it; else a proof tells of it. */
  readonly shown: boolean;
  /** Whether its cookie could be read: the capture may have cut it off. */
  readonly read: boolean;
  /** When it was seen first, in seconds since the first packet of the capture. */
  readonly time: number;
  /** `seqno`: where the responder's numbers start. */
  readonly s2: number | undefined;
}

/** An answer with this cookie. Written out: an object made by spreading takes twice the memory. */
export const answerOf = (
  { a, b, c, d, packet, secret, given }: SeenCookie,
  c2: number,
  shown: boolean,
  read: boolean,
  time: number,
  s2: number | undefined,
): Answer => ({ a, b, c, d, packet, secret, given, c2, shown, read, time, s2 });

/** A cookie that could not be read: nothing equals it, since it is never taken for given. */
export const unreadCookie = (packet: number): SeenCookie => ({
  a: 0,
  b: 0,
  c: 0,
  d: 0,
  packet,
  secret: -1,
  given: false,
});

/** The newest first, and of those only so many. */
export const withNewest = <T>(newest: T, known: readonly T[], most: number): readonly T[] =>
  known.length === 0 ? [newest] : [newest, ...known.slice(0, most - 1)];

export const NONE_SEEN: readonly never[] = [];
