import fc from 'fast-check';
import { expect, test } from 'vitest';
import { leastBytes, MessageReader, numberedMessage } from '../../../crafter/simulation/numbered-message.js';

const read = (reader: MessageReader, pieces: readonly Uint8Array[]): readonly number[] => {
  const found: number[] = [];
  for (const piece of pieces) reader.take(piece, (number) => found.push(number));
  reader.end();
  return found;
};

const stream = (count: number, size: number): Uint8Array =>
  Uint8Array.from(Array.from({ length: count }, (_, place) => [...numberedMessage(place + 1, size)]).flat());

/** The longest number here has two digits: with its `<` or `>` and its `:` it takes four bytes. */
const NUMBER = 4;

/** A cut that lies in neither number of a message of `size` bytes. */
function placeOf(cut: number, size: number): number {
  const inside = cut % size;
  if (inside < NUMBER) return cut - inside;
  return inside > size - NUMBER ? cut - inside + size : cut;
}

test('a message tells its number', () => {
  expect(new TextDecoder().decode(numberedMessage(12, 9))).toBe('<12:.:12>');
  expect(numberedMessage(1000, leastBytes(1000))).toHaveLength(12);
  expect(() => numberedMessage(1000, 11)).toThrow(RangeError);
});

test('of a stream in pieces whole messages are found, and no others, whatever pieces are missing', () => {
  const given = fc.record({
    count: fc.integer({ min: 1, max: 60 }),
    size: fc.integer({ min: 8, max: 40 }),
    cuts: fc.array(fc.nat(2400), { maxLength: 20 }),
    lost: fc.array(fc.boolean(), { minLength: 21, maxLength: 21 }),
  });
  fc.assert(
    fc.property(given, ({ count, size, cuts, lost }) => {
      const bytes = stream(count, size);
      // Cut inside its first number, the beginning of 20 and the end of 21 make 21; cut inside its last number, the
      // beginning of 12 and the last bytes of 22 make 12. Such cuts are moved to the end of the message.
      const placed = cuts.map((cut) => placeOf(cut % bytes.length, size));
      const ends = [...new Set([...placed, bytes.length])].sort((a, b) => a - b);
      const pieces = ends.map((end, place) => ({ start: ends[place - 1] ?? 0, end, isLost: lost[place] ?? false }));
      const kept = pieces.filter(({ isLost }) => !isLost);
      // A message is whole if none of its bytes is in a piece that is missing.
      const whole = Array.from({ length: count }, (_, place) => place + 1).filter((number) =>
        pieces.every(({ start, end, isLost }) => !isLost || end <= (number - 1) * size || start >= number * size),
      );
      const reader = new MessageReader(size, true);
      expect(
        read(
          reader,
          kept.map(({ start, end }) => bytes.subarray(start, end)),
        ),
      ).toEqual(whole);
      const came = kept.reduce((sum, { start, end }) => sum + end - start, 0);
      expect(reader.torn).toBe(came - whole.length * size);
    }),
  );
});
