import { concatenated } from '../../dissectors/wire/view.js';

/** A message between Wireshark's toolbar and a capture. */
export interface ControlMessage {
  readonly control: number;
  readonly command: number;
  readonly payload: Uint8Array;
}

/** Commands of such messages. Source: Wireshark Developer's Guide, "Extcap: Toolbar Controls". */
export const CONTROL = { set: 1, statusBar: 6, error: 9 } as const;

const INDICATION = 0x54; // 'T'
const HEAD = 4;
/** Control and command, which the length counts. */
const LEAST = 2;
/** A longer message is none: Wireshark sends none. */
const MOST = 65_535;

/** The bytes of a message: `T`, the length of what follows in 24 bits, control, command, payload. */
export function controlMessage({ control, command, payload }: ControlMessage): Uint8Array {
  const length = LEAST + payload.length;
  const head = [INDICATION, (length >> 16) & 0xff, (length >> 8) & 0xff, length & 0xff, control, command];
  return concatenated([new Uint8Array(head), payload]);
}

/** Takes the bytes that Wireshark sends, in whatever pieces, and gives the messages that are whole. */
export class ControlReader {
  #rest = new Uint8Array(0);
  /** What came makes no sense: nothing more is read. */
  isBroken = false;

  took(bytes: Uint8Array): readonly ControlMessage[] {
    const messages: ControlMessage[] = [];
    if (this.isBroken) return messages;
    let all = concatenated([this.#rest, bytes]);
    while (all.length >= HEAD) {
      const [indication, high = 0, middle = 0, low = 0, control = 0, command = 0] = all;
      const length = (high << 16) | (middle << 8) | low;
      this.isBroken = indication !== INDICATION || length < LEAST || length > MOST;
      if (this.isBroken || all.length < HEAD + length) break;
      messages.push({ control, command, payload: all.slice(HEAD + LEAST, HEAD + length) });
      all = all.subarray(HEAD + length);
    }
    this.#rest = this.isBroken ? new Uint8Array(0) : all.slice();
    return messages;
  }
}
