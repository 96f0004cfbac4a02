/** The claims of the article that can be played, in its order. */
export const CLAIM_NAMES = [
  'flood',
  'spurious',
  'caps-in-new',
  'early-loss',
  'bundle',
  'numbers',
  'skip',
  'xyz',
  'comparison',
] as const;

export type ClaimName = (typeof CLAIM_NAMES)[number];
