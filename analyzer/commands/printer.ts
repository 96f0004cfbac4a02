import type { Packet } from '../print/packet.js';
import type { Utf8Text } from '../print/utf8-text.js';

/** Turns packets into what is printed of them. */
export interface Printer {
  /** Before the first packet. */
  readonly head?: string;
  /** Whether it shows what the packets before say: channels, handshakes, findings. */
  readonly showsFacts: boolean;
  /** After the last. */
  readonly foot?: string;
  readonly print: (packet: Packet, into: Utf8Text) => void;
}
