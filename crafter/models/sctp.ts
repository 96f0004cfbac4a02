import { macWord, WORD } from './mac.js';
import { DATA_SIZE, type Model, Steps, wordOf, written } from './model.js';

const [INIT, INIT_ACK, COOKIE_ECHO, COOKIE_ACK] = [1, 2, 10, 11];
/** Common header 12; INIT 20; the cookie with its parameter or chunk header: tags, numbers, times and a MAC, as usual. */
const [HEADER, CHUNK, COOKIE, DATA] = [12, 20, 104, 16 + DATA_SIZE];

class Client extends Steps {
  readonly #tag: number;

  constructor(to: string, integer: (below: number) => number) {
    super(to);
    this.#tag = integer(WORD);
  }

  first(): Uint8Array {
    return written(INIT, HEADER + CHUNK, this.#tag);
  }

  next(bytes: Uint8Array) {
    if (bytes[0] !== INIT_ACK || wordOf(bytes, 0) !== this.#tag) return undefined;
    const echo = written(COOKIE_ECHO, HEADER + COOKIE + DATA, this.#tag, wordOf(bytes, 1));
    return [{ bytes: echo, messages: 2, hasData: true }];
  }
}

/** SCTP: all that a responder must remember goes to the initiator and back. Source: RFC 9260, section 5.1. */
export const sctp: Model = {
  name: 'sctp',
  overhead: 0,
  asker: (to, integer) => new Client(to, integer),
  forged: (integer) => written(INIT, HEADER + CHUNK, integer(WORD)),
  answerer: (integer) => {
    const secret = integer(WORD);
    return {
      held: { entries: 0, entrySize: 0 },
      receive: (bytes, from) => {
        const tag = wordOf(bytes, 0);
        const cookie = macWord(secret, from, tag);
        if (bytes[0] === INIT)
          return [{ to: from, bytes: written(INIT_ACK, HEADER + CHUNK + COOKIE, tag, cookie), messages: 1 }];
        if (bytes[0] !== COOKIE_ECHO || wordOf(bytes, 1) !== cookie) return [];
        return [{ to: from, bytes: written(COOKIE_ACK, HEADER + 4), messages: 1 }];
      },
    };
  },
};
