/** An interface that is listened to. */
export interface FrameTap {
  /** Why it ended on its own account; undefined where it was asked to. */
  readonly ended: Promise<string | undefined>;
  close(): Promise<void>;
}

/** A frame that came in through an interface, or went out of it. */
export interface TappedFrame {
  /** The receiver's: they do not change any more. */
  readonly bytes: Uint8Array;
  /** What it begins with, as capture files number it. */
  readonly linkType: number;
}

/**
 * Listens to an interface, whomever the frames are for; ready when the promise is.
 * @param filter in libpcap's language
 * @throws {FrameTapError} if that cannot be done
 */
export type TapFrames = (name: string, filter: string, onFrame: (frame: TappedFrame) => void) => Promise<FrameTap>;

/** Why frames cannot be listened to: `IFACE: what is the matter`. */
export class FrameTapError extends Error {
  override readonly name = 'FrameTapError';
}
