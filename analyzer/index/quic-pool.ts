import type { QuicTold } from '../../dissectors/quic/told.js';
import type { IntReader, Ints } from './ints.js';

const VERDICTS = [undefined, 'valid', 'invalid', 'unknown'] as const;

/** What is told of a datagram of QUIC, as integers. What is written is read in the same order. */
export function writeQuic(told: QuicTold, into: Ints): void {
  const { number, fromServer, keyId, largest, cidSize, retry, messages } = told;
  into.push(number === undefined ? 0 : number + 1);
  into.push(fromServer ? 1 : 0);
  writeBytes(keyId, into);
  // Initials are few; a number that does not fit opens nothing, as one that is unknown.
  into.push(Math.min(largest, MOST_NUMBER));
  into.push(cidSize);
  into.push(VERDICTS.indexOf(retry));
  into.push(messages.length);
  for (const { packet, from, bytes } of messages) {
    into.push(packet);
    into.push(from);
    into.push(bytes ? 1 : 0);
    if (bytes) writeBytes(bytes, into);
  }
}

/** What a column of 32 bits with a sign holds: larger numbers of packets are told as this. */
const MOST_NUMBER = 0x7fff_ffff;

/** The same back. */
export function readQuic(from: IntReader): QuicTold {
  const number = from.next();
  const fromServer = from.next() === 1;
  const keyId = readBytes(from);
  const [largest, cidSize] = [from.next(), from.next()];
  const retry = VERDICTS[from.next()];
  const messages = from.list((reader) => {
    const [packet, start] = [reader.next(), reader.next()];
    return { packet, from: start, bytes: reader.next() === 1 ? readBytes(reader) : undefined };
  });
  return { number: number === 0 ? undefined : number - 1, fromServer, keyId, largest, cidSize, retry, messages };
}

/** Four bytes an integer: a handshake message of several packets is kept only here. */
function writeBytes(bytes: Uint8Array, into: Ints): void {
  into.push(bytes.length);
  for (let at = 0; at < bytes.length; at += 4) {
    into.push(
      ((bytes[at] ?? 0) << 24) | ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0),
    );
  }
}

function readBytes(from: IntReader): Uint8Array {
  const bytes = new Uint8Array(from.next());
  for (let at = 0; at < bytes.length; at += 4) {
    const word = from.next();
    for (let place = 0; place < 4 && at + place < bytes.length; place++) bytes[at + place] = word >>> (24 - 8 * place);
  }
  return bytes;
}
