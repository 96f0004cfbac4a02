import { ENVELOPE } from '../../dissectors/channel/packet.js';
import type { SendQueue } from './send-queue.js';
import type { Settings } from './settings.js';
import { dataFit, dataOverhead, type PacketWriter } from './write.js';

/** What a sender needs of its channel. */
export interface Line {
  readonly settings: Settings;
  readonly writer: PacketWriter;
  /** The id of the other peer, and of the channel. */
  readonly recipient: Uint8Array;
  readonly id: number;
  /** Whether DATA may be cut and joined. */
  readonly isOrdered: boolean;
  /** Whether packets are numbered on the wire. */
  readonly isNumbered: boolean;
  /** What every numbered packet begins with until the channel is confirmed, if it carries data at all. */
  readonly proof: { readonly cookie: Uint8Array; readonly caps: number } | undefined;
  transmit(bytes: Uint8Array, now: number): void;
  /** A packet was sent again, or given up. */
  note(what: 'resent' | 'given up' | 'timer ran out' | 'fast resend' | 'probe', number: number, now: number): void;
  /** A packet was given up and the mode closes on loss. */
  failed(): void;
  /** The own CLOSE was given up. `isAlone` says that everything else is acknowledged. */
  unanswered(isAlone: boolean): void;
}

/** What a sender goes by, for logs. */
export type Gauges = Readonly<Record<'congestion' | 'inFlight' | 'timeout' | 'roundTrip', number>>;

/** One direction of a channel, ours. Numbers, keeps and repeats what it sends, as the mode wants it. */
export interface Sender {
  /** The number of the next packet that takes one. */
  readonly next: number;
  /** Only in modes with `resend`. */
  readonly gauges?: Gauges;
  /** The number of the own CLOSE of reason 0, if it was sent. */
  readonly closeNumber: number | undefined;
  /** Whether the own CLOSE was sent and is answered, with `resend` with all before it. */
  readonly isFinished: boolean;
  /** Starts with this number; packets with the numbers from there on may have been sent early. */
  begin(start: number, early: readonly Uint8Array[], now: number): void;
  /** What the handshake says of round trips, in milliseconds, before `begin`. */
  expect(roundTrip: number): void;
  /** The channel is confirmed: the other peer knows it. */
  confirm(now: number): void;
  /** Sends CLOSE 0 after everything else. */
  close(): void;
  /** Sends what may be sent now. */
  pump(now: number): void;
  /** Sends again what was sent before the confirmation. */
  repeat(now: number): void;
  report(next: number, bits: number, window: number, now: number): void;
  deadline(): number;
  tick(now: number): void;
  stop(): void;
}

/**
 * Writes the next numbered packet: as much of the queue as fits, or CLOSE 0 when the queue is empty. Undefined if the
 * first message does not fit beside the proof.
 */
export function writeNumbered(line: Line, queue: SendQueue, number: number): Uint8Array | undefined {
  const { writer, settings, proof, isOrdered } = line;
  writer.start(line.recipient, line.id, line.isNumbered ? number : 0);
  if (proof) writer.add('CHANNEL_COOKIE', proof);
  if (queue.isEmpty) {
    writer.add('CHANNEL_CLOSE', { reason: 0 });
    return writer.finish();
  }
  const room = () => settings.packetSize - ENVELOPE - writer.payload;
  if (isOrdered) {
    const length = Math.min(queue.bytes, dataFit(room()));
    queue.moveTo(writer.block, writer.addData(length), length);
    return writer.finish();
  }
  let hasData = false;
  while (!queue.isEmpty && dataOverhead(queue.first) + queue.first <= room()) {
    const length = queue.first;
    queue.moveTo(writer.block, writer.addData(length), length);
    hasData = true;
  }
  return hasData ? writer.finish() : undefined;
}

/** Writes a packet that keeps the place of a number that was given up. */
export function writeGivenUp({ writer, recipient, id }: Line, number: number): Uint8Array {
  writer.start(recipient, id, number);
  writer.addData(0);
  return writer.finish();
}
