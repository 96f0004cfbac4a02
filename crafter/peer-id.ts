import { sha256 } from '@noble/hashes/sha2.js';
import { fromHex } from '../dissectors/wire/view.js';

const PEER_ID_SIZE = 16;

/** The peer id that a text stands for: 32 hex digits, or a name, which means the first 16 bytes of its SHA-256. */
export const peerId = (text: string): Uint8Array =>
  /^[0-9a-f]{32}$/i.test(text) ? fromHex(text) : sha256(new TextEncoder().encode(text)).slice(0, PEER_ID_SIZE);
