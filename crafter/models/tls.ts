import { macWord, WORD } from './mac.js';
import { DATA_SIZE, type Model, Steps, Table, UDP_HEADER, wordOf, written } from './model.js';

const [HELLO, RETRY, FLIGHT, FINISHED] = [1, 2, 3, 4];
/**
 * Usual sizes of datagrams, with one X25519 share, a certificate of 800 bytes and a cookie of 60: ClientHello;
 * HelloRetryRequest; ServerHello, EncryptedExtensions, Certificate, CertificateVerify and Finished; Finished.
 */
const SIZES = { hello: 250, retry: 90, cookie: 60, flight: 1150, finished: 74, data: 22 + DATA_SIZE };
/** Messages of the responder's flight. */
const FLIGHT_MESSAGES = 5;
/** The address, the transcript's hash, the own share's secret and the handshake secret. */
const ENTRY = 6 + 32 + 32 + 32;

class Client extends Steps {
  readonly #random: number;

  constructor(to: string, integer: (below: number) => number) {
    super(to);
    this.#random = integer(WORD);
  }

  first(): Uint8Array {
    return written(HELLO, SIZES.hello, this.#random, 0);
  }

  next(bytes: Uint8Array) {
    if (bytes[0] === RETRY) {
      const again = written(HELLO, SIZES.hello + SIZES.cookie, this.#random, wordOf(bytes, 0));
      return [{ bytes: again, messages: 1 }];
    }
    if (bytes[0] !== FLIGHT || wordOf(bytes, 0) !== this.#random) return undefined;
    return [{ bytes: written(FINISHED, SIZES.finished + SIZES.data, this.#random), messages: 2, hasData: true }];
  }
}

const clients: Pick<Model, 'asker' | 'forged' | 'overhead'> = {
  overhead: UDP_HEADER,
  asker: (to, integer) => new Client(to, integer),
  forged: (integer) => written(HELLO, SIZES.hello, integer(WORD), 0),
};

const flight = (bytes: Uint8Array): Uint8Array => written(FLIGHT, SIZES.flight, wordOf(bytes, 0));

/** TLS 1.3 over datagrams, without a cookie: a ClientHello is answered with keys made and kept. Source: RFC 9147, section 5. */
export const tls: Model = {
  ...clients,
  name: 'tls 1.3',
  answerer: () => {
    const held = new Table<true>(ENTRY);
    return {
      held,
      receive: (bytes, from) => {
        if (bytes[0] === FINISHED) held.delete(from);
        if (bytes[0] !== HELLO || !held.set(from, true)) return [];
        return [{ to: from, bytes: flight(bytes), messages: FLIGHT_MESSAGES }];
      },
    };
  },
};

/** TLS 1.3 over datagrams, with a cookie that holds the transcript's hash. Source: RFC 8446, sections 4.1.4 and 4.2.2. */
export const tlsCookie: Model = {
  ...clients,
  name: 'tls 1.3, cookie',
  answerer: (integer) => {
    const secret = integer(WORD);
    return {
      held: { entries: 0, entrySize: ENTRY },
      receive: (bytes, from) => {
        if (bytes[0] !== HELLO) return [];
        const cookie = macWord(secret, from, wordOf(bytes, 0)) || 1;
        if (wordOf(bytes, 1) !== cookie) {
          return [{ to: from, bytes: written(RETRY, SIZES.retry + SIZES.cookie, cookie), messages: 1 }];
        }
        // From here on it keeps what it must, of somebody who is there.
        return [{ to: from, bytes: flight(bytes), messages: FLIGHT_MESSAGES }];
      },
    };
  },
};
