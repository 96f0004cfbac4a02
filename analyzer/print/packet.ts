import type { CaptureInterface } from '../../dissectors/file/records.js';
import type { Secret } from '../secrets/secrets.js';
import type { Examined } from '../track/examine.js';
import type { PacketLinks } from '../track/links.js';
import type { Timeline } from './timeline.js';

/** One packet as it is printed: what it is, when it came, and what is known of it. Offsets of its frame count from 0. */
export interface Packet extends Examined {
  readonly number: number;
  readonly seconds: number;
  readonly nanos: number;
  /** Whether the capture gives it a time; left out where that is not known. */
  readonly isTimed?: boolean;
  readonly captured: number;
  readonly wire: number;
  readonly on: CaptureInterface | undefined;
  /** Comments that the capture gives it. */
  readonly comments: readonly string[];
  /** The secrets by which its cookies were judged. */
  readonly secrets: readonly Secret[];
  /** What its time counts from, while it is the packet that has come last; undefined where nothing is known of others. */
  readonly timeline: Timeline | undefined;
  /** How it belongs together with others, earlier and later; undefined where that was not found out. */
  readonly links: PacketLinks | undefined;
}
