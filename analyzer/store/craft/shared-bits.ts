import type { Fields } from '../../../crafter/commands/craft-layers.js';
import type { KeyedField } from '../../../crafter/commands/field-value.js';
import type { Layout } from '../../../dissectors/wire/layout.js';

/** Whether all bits of a field are bits of another: a flag and its word. */
export const isPartOf = (part: KeyedField, whole: KeyedField): boolean =>
  part.key !== whole.key &&
  part.offset === whole.offset &&
  part.size === whole.size &&
  typeof part.size === 'number' &&
  part.mask !== 0 &&
  (whole.mask === 0 || ((part.mask & whole.mask) === part.mask && part.mask !== whole.mask));

/** Values without those that another says already: flags whose word is given. */
export const withoutParts = ({ list }: Layout, given: Fields): Fields =>
  Object.fromEntries(
    Object.entries(given).filter(([key]) => {
      const field = list.find((one) => one.key === key);
      return field === undefined || !list.some((one) => given[one.key] !== undefined && isPartOf(field, one));
    }),
  );
