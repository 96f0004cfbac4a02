import {
  badChecksum,
  cut,
  cutMessage,
  cutVarint,
  encrypted,
  type Fault,
  flip,
  lieAboutData,
  lieAboutPayload,
  lieAboutSize,
  noisyPadding,
  numberedControl,
  onChannel,
  oversizedVarint,
  reservedCaps,
  reservedFlags,
  reservedHalf,
  sentToSelf,
  spinning,
  swappedHalves,
  swappedPeers,
  trailing,
  unknownType,
  wrongCookie,
  wrongProtocol,
} from './faults.js';

/** What a fault takes after its name, as `--fault name:argument`. */
interface Entry {
  readonly about: string;
  readonly argument: 'none' | 'optional' | 'needed';
  readonly make: (argument: number | undefined) => Fault;
}

const plain = (about: string, make: () => Fault): Entry => ({ about, argument: 'none', make });
const optional = (about: string, make: (argument?: number) => Fault): Entry => ({
  about,
  argument: 'optional',
  make: (argument) => (argument === undefined ? make() : make(argument)),
});
const needed = (about: string, make: (argument: number) => Fault): Entry => ({
  about,
  argument: 'needed',
  make: (argument) => make(argument ?? 0),
});

/** Every fault by its name, for commands and scripts. */
export const FAULTS = {
  cut: needed('leaves out the last N bytes', cut),
  flip: needed('turns bit N round, counted from the first one sent', flip),
  trailing: needed('adds N bytes after the end', trailing),
  'bad-checksum': plain('makes the checksum wrong', badChecksum),
  size: needed('writes N as the packet size', lieAboutSize),
  'payload-size': needed('writes N as the payload size', lieAboutPayload),
  'data-length': needed('adds a DATA that claims N bytes and has none', lieAboutData),
  protocol: needed('writes N as the protocol id', wrongProtocol),
  'reserved-flags': optional('sets reserved flag bits: N, or all', reservedFlags),
  'reserved-caps': optional('sets reserved capability bits: N, or all', reservedCaps),
  spin: plain('sets the spin bit', spinning),
  encrypted: optional('sets the encrypted bit and fills the rest with noise of seed N', encrypted),
  'swapped-peers': plain('swaps sender and recipient', swappedPeers),
  'sent-to-self': plain('makes the sender the recipient', sentToSelf),
  channel: needed('moves the packet to channel N', onChannel),
  'swapped-halves': plain("swaps the halves of the packet's channel id", swappedHalves),
  'reserved-half': plain("writes f0f0 as the responder's half of the packet's channel id", reservedHalf),
  'wrong-cookie': optional('makes a cookie wrong: the first, or the one after N others', wrongCookie),
  'noisy-padding': optional('fills the padding with noise of seed N', noisyPadding),
  'unknown-type': optional('adds a message of unknown type N, or 99', unknownType),
  'oversized-varint': plain('adds a DATA with a length of 6 bytes', oversizedVarint),
  'cut-varint': plain('adds a DATA with a length that is cut off', cutVarint),
  'numbered-control': plain('adds a DATA_WINDOW, wrong beside DATA', numberedControl),
  'cut-message': needed('takes N bytes from the last message', cutMessage),
} satisfies Readonly<Record<string, Entry>>;

export type FaultName = keyof typeof FAULTS;

/**
 * The fault that a text such as `flip:7` or `protocol:0xdeadbeef` names.
 * @throws {RangeError} saying what is wrong with the text
 */
export function faultNamed(text: string): Fault {
  const [name = '', argument] = text.split(':', 2);
  if (!Object.hasOwn(FAULTS, name)) {
    throw new RangeError(`unknown fault "${name}", expected one of ${Object.keys(FAULTS).join(', ')}`);
  }
  const entry: Entry = FAULTS[name as FaultName];
  if (argument === undefined) {
    if (entry.argument === 'needed') throw new RangeError(`fault "${name}" needs a number, as in ${name}:7`);
    return entry.make(undefined);
  }
  if (entry.argument === 'none') throw new RangeError(`fault "${name}" takes no number`);
  if (!/^(\d+|0x[0-9a-f]+)$/i.test(argument)) throw new RangeError(`"${argument}" is no number for fault "${name}"`);
  return entry.make(Number(argument));
}
