/**
 * `handshark/track`: follows channels and handshakes over the packets of a capture, in order.
 *
 * @module track
 */
import { type DialectName, dialectNamed } from '../../dissectors/channel/dialects.js';
import { viewOf } from '../../dissectors/wire/view.js';
import { channelJson } from '../print/json-channels.js';
import { handshakeRowJson } from '../print/json-handshake.js';
import { Timeline } from '../print/timeline.js';
import { parseSecrets, SecretsError } from '../secrets/secrets.js';
import { Examiner } from '../track/examine.js';
import { DissectedPacket } from './packet.js';

export { DissectedPacket } from './packet.js';
export { SecretsError };

/** A packet to be followed; those of `handshark/capture` are. */
export interface TrackedFrame {
  readonly bytes: Uint8Array;
  /** In nanoseconds since 1970-01-01T00:00:00Z. */
  readonly time: bigint;
  /** How long it was on the wire, in bytes; as long as `bytes` unless given. */
  readonly originalLength?: number;
  /** A LINKTYPE_ number; Ethernet unless given. */
  readonly linkType?: number;
  readonly comments?: readonly string[];
}

export interface TrackerOptions {
  /** The text of a secrets file, by which cookies are judged. */
  readonly secrets?: string;
  /** The dialect of channel packets; found out for each packet unless given. */
  readonly dialect?: DialectName;
}

/** A channel or a handshake that a packet is about, as it stands after the packet. */
export interface Touched {
  readonly number: number;
  readonly kind: string;
  readonly state: string;
}

/** What a packet turned out to be. */
export interface TrackEvent {
  /** Valid until the next packet is pushed. */
  readonly packet: DissectedPacket;
  readonly channels: readonly Touched[];
  readonly handshakes: readonly Touched[];
}

/** Follows channels and handshakes. Memory is bounded, whatever the packets are. */
export class Tracker {
  readonly #examiner: Examiner;
  readonly #timeline = new Timeline();
  #count = 0;

  /** @throws {SecretsError} if the secrets are not as the format says */
  constructor({ secrets = '', dialect }: TrackerOptions = {}) {
    const [seed = 0] = crypto.getRandomValues(new Int32Array(1));
    this.#examiner = new Examiner({
      secrets: parseSecrets(secrets, 'secrets'),
      seed,
      converse: true,
      ...(dialect && { dialect: dialectNamed(dialect) }),
    });
  }

  /** Takes the next packet. Never throws on input. */
  push(frame: TrackedFrame): TrackEvent {
    const { bytes, time, linkType = 1, comments = [] } = frame;
    const captured = bytes.length;
    const wire = Math.max(captured, frame.originalLength ?? captured);
    const seconds = Number(time / 1_000_000_000n);
    const nanos = Number(time % 1_000_000_000n);
    const number = ++this.#count;
    const examiner = this.#examiner;
    const examined = examiner.examine(viewOf(bytes), 0, captured, wire, linkType, number, seconds, nanos);
    this.#timeline.next(seconds, nanos);
    const { secrets } = examiner.tracker.judge;
    const more = { on: undefined, comments, timeline: this.#timeline, links: undefined, secrets };
    const packet = new DissectedPacket({ ...examined, number, seconds, nanos, captured, wire, ...more });
    const { channels, handshakes = [] } = examined.facts;
    return {
      packet,
      channels: channels.map((one) => ({ number: one.number, kind: 'channel', state: one.state })),
      handshakes: handshakes.map(({ number: row, kind, state }) => ({ number: row, kind, state })),
    };
  }

  /** The channels so far, each as `channels -T json` prints it. */
  channels(): readonly Readonly<Record<string, unknown>>[] {
    return [...this.#examiner.tracker.table.channels.values()].map((one) => parsed(channelJson(one)));
  }

  /** The handshakes of all kinds so far, each as `handshakes -T json` prints it. */
  handshakes(): readonly Readonly<Record<string, unknown>>[] {
    return [...this.#examiner.handshakes.table.rows.values()].map((one) => parsed(handshakeRowJson(one)));
  }
}

const parsed = (text: string): Record<string, unknown> => JSON.parse(text) as Record<string, unknown>;
