import type { Network } from '../../dissectors/layer.js';
import { printable } from '../text/printable.js';
import type { Packet } from './packet.js';
import { addressesOf } from './row.js';
import type { Utf8Text } from './utf8-text.js';

/** Pairs of addresses that are remembered; a power of two. */
const REMEMBERED = 1024;

/** Who sends to whom, and how that is written. */
interface Pair {
  /** The words of both addresses, of 32 bits each. */
  readonly words: Int32Array;
  readonly bytes: Uint8Array;
}

/** Where addresses stand, and the words of 32 bits of each. */
const IPV4 = { source: 12, words: 1 } as const;
const IPV6 = { source: 8, words: 4 } as const;

/** Writes who sends to whom; remembers pairs of IP addresses, since few of them talk a lot. */
export class AddressColumn {
  private readonly pairs: (Pair | undefined)[] = new Array(REMEMBERED).fill(undefined);
  private readonly textOf: (ends: readonly [string, string]) => string;

  /** @param textOf the text of two addresses, which are safe to print */
  constructor(textOf: (ends: readonly [string, string]) => string = arrowText) {
    this.textOf = textOf;
  }

  write(packet: Packet, into: Utf8Text): void {
    const { network } = packet.dissection;
    if (!network) return into.add(this.columnOf(packet));
    const { source, words } = network.version === 4 ? IPV4 : IPV6;
    const { view, destination } = network;
    const from = network.at + source;
    // The last words differ most.
    const last = 4 * (words - 1);
    const mixed =
      Math.imul(view.getInt32(from + last), 0x9e3779b1) ^ Math.imul(view.getInt32(destination + last), 0x85ebca6b);
    const place = mixed >>> 22;
    let pair = this.pairs[place];
    if (!pair || !isPair(pair.words, network, from, words)) {
      pair = { words: wordsOf(network, from, words), bytes: Buffer.from(this.columnOf(packet)) };
      this.pairs[place] = pair;
    }
    into.addBytes(pair.bytes);
  }

  private columnOf(packet: Packet): string {
    const [source, destination] = addressesOf(packet);
    return this.textOf([printable(source), printable(destination)]);
  }
}

function isPair(known: Int32Array, { view, destination }: Network, from: number, words: number): boolean {
  if (known.length !== 2 * words) return false;
  for (let word = 0; word < words; word++) {
    if (known[word] !== view.getInt32(from + 4 * word)) return false;
    if (known[words + word] !== view.getInt32(destination + 4 * word)) return false;
  }
  return true;
}

const wordsOf = ({ view, destination }: Network, from: number, words: number): Int32Array =>
  Int32Array.from({ length: 2 * words }, (_, word) =>
    view.getInt32(word < words ? from + 4 * word : destination + 4 * (word - words)),
  );

const arrowText = ([source, destination]: readonly [string, string]): string =>
  `${source.padStart(12)} → ${destination.padEnd(12)}`;
