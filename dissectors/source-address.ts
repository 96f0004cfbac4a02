import { ipv4Header } from './ipv4/layout.js';
import { ipv6Header } from './ipv6/layout.js';
import type { Network } from './layer.js';

/** Where the source address of a packet stands in `view`. */
export const sourceAddress = ({ version, at }: Pick<Network, 'version' | 'at'>): number =>
  at + (version === 4 ? ipv4Header : ipv6Header).fields.src.offset;

/** The bytes of an address. */
export const addressSize = ({ version }: Pick<Network, 'version'>): 4 | 16 => (version === 4 ? 4 : 16);
