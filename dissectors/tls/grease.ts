/** Whether a number is one that clients send at random, so that servers pass over what they do not know. Source: RFC 8701. */
export const isGrease = (value: number): boolean =>
  (value & 0x0f0f) === 0x0a0a && ((value >>> 8) & 0xff) === (value & 0xff);

/** Looks names up; numbers of GREASE are called so. */
export const orGrease =
  (names: Readonly<Record<number, string>>) =>
  (value: number): string | undefined =>
    names[value] ?? (value > 0xff && isGrease(value) ? `Reserved (GREASE 0x${value.toString(16)})` : undefined);
