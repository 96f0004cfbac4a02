import type { Fields } from '../../../crafter/commands/craft-layers.js';
import type { KeyedField } from '../../../crafter/commands/field-value.js';
import type { Layout } from '../../../dissectors/wire/layout.js';

/** Whether all bits of a field are bits of another: a flag of its word, or of an address. */
export function isPartOf(part: KeyedField, whole: KeyedField): boolean {
  if (part.key === whole.key || part.mask === 0) return false;
  if (typeof part.size !== 'number' || typeof whole.size !== 'number') return false;
  if (whole.mask === 0) return part.offset >= whole.offset && part.offset + part.size <= whole.offset + whole.size;
  const isSameWord = part.offset === whole.offset && part.size === whole.size;
  return isSameWord && (part.mask & whole.mask) === part.mask && part.mask !== whole.mask;
}

/** Values without those that another says already: flags whose word is given. */
export const withoutParts = ({ list }: Layout, given: Fields): Fields =>
  Object.fromEntries(
    Object.entries(given).filter(([key]) => {
      const field = list.find((one) => one.key === key);
      return field === undefined || !list.some((one) => given[one.key] !== undefined && isPartOf(field, one));
    }),
  );
