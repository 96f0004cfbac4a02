import { CODES } from '../../dissectors/channel/messages.js';
import { messageValue } from '../script/actual.js';
import { packetIn } from '../script/match.js';
import type { PlayedPacket } from '../script/play.js';

/**
 * Tells initiators that begin from those that are still busy with the test before: a new one sends a CHANNEL_NEW that
 * was not seen yet.
 */
export class Strangers {
  readonly #seen = new Set<string>();

  isNew(bytes: Uint8Array, from: string): boolean {
    return attemptsIn(bytes, from).some((attempt) => !this.#seen.has(attempt));
  }

  /** Notes the initiators of a test that is over. */
  remember(packets: readonly PlayedPacket[]): void {
    for (const { way, bytes, from } of packets) {
      if (way === 'came') for (const attempt of attemptsIn(bytes, from)) this.#seen.add(attempt);
    }
  }
}

/** The attempts to open a channel in a packet, by address and `c1`. */
function attemptsIn(bytes: Uint8Array, from: string): readonly string[] {
  const packet = packetIn(bytes);
  if (!packet) return [];
  const news = packet.messages.filter(({ code, stop }) => code === CODES.CHANNEL_NEW && !stop);
  return news.map((message) => `${from} ${String(messageValue(packet, message, 'c1'))}`);
}
