import { ipv4Text } from '../../dissectors/wire/field.js';
import { printable } from '../text/printable.js';
import type { Packet } from './packet.js';
import { addressesOf } from './row.js';
import type { Utf8Text } from './utf8-text.js';

/** Pairs of addresses that are remembered; a power of two. */
const REMEMBERED = 1024;

interface Pair {
  readonly source: number;
  readonly destination: number;
  readonly bytes: Uint8Array;
}

/** Writes who sends to whom; remembers pairs of IPv4 addresses, since few of them talk a lot. */
export class AddressColumn {
  private readonly pairs: (Pair | undefined)[] = new Array(REMEMBERED).fill(undefined);

  write(packet: Packet, into: Utf8Text): void {
    const { network } = packet.dissection;
    if (network?.version !== 4) {
      const [source, destination] = addressesOf(packet);
      into.add(columnOf(printable(source), printable(destination)));
      return;
    }
    const { view, at } = network;
    const source = view.getUint32(at + 12);
    const destination = view.getUint32(network.destination);
    const place = (Math.imul(source, 0x9e3779b1) ^ Math.imul(destination, 0x85ebca6b)) >>> 22;
    let pair = this.pairs[place];
    if (pair?.source !== source || pair.destination !== destination) {
      const bytes = Buffer.from(columnOf(ipv4Text(source), ipv4Text(destination)));
      pair = { source, destination, bytes };
      this.pairs[place] = pair;
    }
    into.addBytes(pair.bytes);
  }
}

const columnOf = (source: string, destination: string): string => `${source.padStart(12)} → ${destination.padEnd(12)}`;
