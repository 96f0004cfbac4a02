import { macWord, WORD } from './mac.js';
import { DATA_SIZE, type Model, Steps, Table, wordOf, written } from './model.js';

const [SYN, SYN_ACK, ACK] = [2, 18, 16];
/** The header with the options that a SYN usually has, and without; the option of the largest segment alone. */
const SIZES = { syn: 40, ack: 20, bare: 24 };
/** Ports, addresses, both starting numbers and the segment size. */
const ENTRY = 6 + 4 + 4 + 2;

class Client extends Steps {
  readonly #x: number;

  constructor(to: string, integer: (below: number) => number) {
    super(to);
    this.#x = integer(WORD);
  }

  first(): Uint8Array {
    return written(SYN, SIZES.syn, this.#x);
  }

  next(bytes: Uint8Array) {
    if (bytes[0] !== SYN_ACK || wordOf(bytes, 1) !== (this.#x + 1) >>> 0) return undefined;
    const proof = written(ACK, SIZES.ack, this.#x, (wordOf(bytes, 0) + 1) >>> 0);
    const data = written(ACK, SIZES.ack + DATA_SIZE, this.#x, (wordOf(bytes, 0) + 1) >>> 0);
    return [
      { bytes: proof, messages: 1 },
      { bytes: data, messages: 1, hasData: true },
    ];
  }
}

const clients: Pick<Model, 'asker' | 'forged' | 'overhead'> = {
  overhead: 0,
  asker: (to, integer) => new Client(to, integer),
  forged: (integer) => written(SYN, SIZES.syn, integer(WORD)),
};

/** TCP as it was designed: an entry a SYN. Source: RFC 9293, section 3.5. */
export const tcp: Model = {
  ...clients,
  name: 'tcp',
  answerer: (integer) => {
    const held = new Table<{ readonly y: number }>(ENTRY);
    return {
      held,
      receive: (bytes, from) => {
        if (bytes[0] === ACK) {
          if (held.get(from)?.y === (wordOf(bytes, 1) - 1) >>> 0) held.delete(from);
          return [];
        }
        const y = held.get(from)?.y ?? integer(WORD);
        if (bytes[0] !== SYN || !held.set(from, { y })) return [];
        return [{ to: from, bytes: written(SYN_ACK, SIZES.syn, y, (wordOf(bytes, 0) + 1) >>> 0), messages: 1 }];
      },
    };
  },
};

/** TCP with SYN cookies: y is a MAC, and what the options said is lost. Source: RFC 4987, section 3.6. */
export const tcpCookies: Model = {
  ...clients,
  name: 'tcp, SYN cookies',
  answerer: (integer) => {
    const secret = integer(WORD);
    return {
      held: { entries: 0, entrySize: 0 },
      receive: (bytes, from) => {
        const x = wordOf(bytes, 0);
        if (bytes[0] !== SYN) return [];
        const y = macWord(secret, from, x);
        return [{ to: from, bytes: written(SYN_ACK, SIZES.bare, y, (x + 1) >>> 0), messages: 1 }];
      },
    };
  },
};
