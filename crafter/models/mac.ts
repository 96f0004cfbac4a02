import { createHmac } from 'node:crypto';
import type { Place } from '../link/network.js';

/** A keyed word about an address and some words: what a cookie comes to in these models. */
export function macWord(secret: number, from: Place, ...words: readonly number[]): number {
  return createHmac('sha256', `${secret}`)
    .update(`${from} ${words.join(' ')}`)
    .digest()
    .readUInt32BE(0);
}

export const WORD = 2 ** 32;
