import { UsageError } from './usage-error.js';

/** Whether a channel is one of those asked for; its number is unknown where the tracker does not follow it. */
export type ChannelChoice = (number: number | undefined, c1: number, c2: number | undefined) => boolean;

/**
 * The channels that words such as `3`, `1a2b3c4d` or `0x1a2b` name: 8 hex digits are an id, 4 hex digits that are no
 * number are the initiator's half of one, a number is that of `channels`.
 * @throws {UsageError} for a word that is none of them
 */
export function channelChoice(words: readonly string[]): ChannelChoice | undefined {
  if (words.length === 0) return undefined;
  const numbers = new Set<number>();
  const ids: (readonly [c1: number, c2: number | undefined])[] = [];
  for (const word of words) {
    const hex = /^0x([0-9a-f]+)$/i.exec(word)?.[1] ?? word;
    const isHex = /^[0-9a-f]+$/i.test(hex);
    if (isHex && hex.length === 8) ids.push([Number.parseInt(hex.slice(0, 4), 16), Number.parseInt(hex.slice(4), 16)]);
    else if (hex === word && /^[1-9]\d{0,8}$/.test(word)) numbers.add(Number(word));
    else if (isHex && hex.length === 4) ids.push([Number.parseInt(hex, 16), undefined]);
    else throw new UsageError(`--channel: ${word}: expected a channel's number, or its id in hex: 1a2b3c4d`);
  }
  return (number, c1, c2) =>
    (number !== undefined && numbers.has(number)) ||
    ids.some(([one, two]) => one === c1 && (two === undefined || c2 === undefined || two === c2));
}
