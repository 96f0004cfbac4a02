import { addressBytes } from '../ip-address.js';
import { CryptoPan, type Fixed } from './crypto-pan.js';

/** A block of addresses such as `224.0.0.0/4`, whose addresses stay as they are, or (`~`) only the prefix of which does. */
function fixed(text: string): Fixed {
  const [block = '', bits = ''] = text.replace('~', '').split('/');
  return { prefix: addressBytes(block), bits: Number(bits), below: !text.startsWith('~') };
}

/**
 * Addresses that mean something by themselves: unspecified, loopback, link-local prefixes, multicast, broadcast. No other
 * address becomes one of them. Those of IPv6 that are made from a unicast address change like it.
 * Source: RFC 6890; RFC 4291, section 2.7.1 (solicited-node multicast).
 */
const SPECIAL: readonly Fixed[] = [
  '0.0.0.0/8',
  '127.0.0.0/8',
  '~169.254.0.0/16',
  '224.0.0.0/3',
  '::/127',
  '~::ffff:0:0/96',
  '~fe80::/64',
  'ff00::/9',
  'ff80::/9',
].map(fixed);

const SOLICITED = fixed('ff02::1:ff00:0/104');
const SOLICITED_MAC = Uint8Array.of(0x33, 0x33, 0xff);
/** The first byte of an Ethernet address says whom it reaches and who has made it. */
const MAC_BITS = 8;

/** Replaces addresses by others that tell nothing of them but which networks are the same. */
export interface Anonymizer {
  /** For an address of IPv4, IPv6 or Ethernet: 4, 16 or 6 bytes. */
  readonly change: (address: Uint8Array) => Uint8Array;
}

/** @param direction whether addresses are replaced, or what was replaced is brought back */
export function anonymizer(key: Uint8Array, direction: 'replace' | 'restore'): Anonymizer {
  const ip = new CryptoPan(key, SPECIAL);
  // A solicited-node address ends in the last bytes of another: its own bits decide how they change.
  const tails = new CryptoPan(key, [{ ...SOLICITED, below: false }]);
  const change = (address: Uint8Array): Uint8Array => {
    if (address.length === 6) return changeMac(address);
    return (startsWith(address, SOLICITED.prefix.subarray(0, 13)) ? tails : ip)[direction](address);
  };
  const changeMac = (address: Uint8Array): Uint8Array => {
    const isGroup = ((address[0] ?? 0) & 1) !== 0;
    const isSolicited = startsWith(address, SOLICITED_MAC);
    if ((isGroup && !isSolicited) || address.every((byte) => byte === 0)) return address;
    const bits = isSolicited ? 8 * SOLICITED_MAC.length : MAC_BITS;
    return macs(address, bits)[direction](address);
  };
  const trees = new Map<string, CryptoPan>();
  /** One tree for each prefix that stays. */
  const macs = (address: Uint8Array, bits: number): CryptoPan => {
    const name = address.subarray(0, bits / 8).join();
    const known = trees.get(name) ?? new CryptoPan(key, macSpecial(address, bits));
    trees.set(name, known);
    return known;
  };
  return { change };
}

/** What stays of an Ethernet address: its first bits, and of addresses that begin with zeros the one that is none. */
const macSpecial = (address: Uint8Array, bits: number): readonly Fixed[] => [
  { prefix: address.slice(), bits, below: false },
  { prefix: new Uint8Array(6), bits: 48, below: false },
];

const startsWith = (address: Uint8Array, prefix: Uint8Array): boolean =>
  prefix.length <= address.length && prefix.every((byte, at) => byte === address[at]);
