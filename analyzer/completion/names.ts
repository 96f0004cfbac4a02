import { EITHER } from '../print/fields.js';
import { isHeading, knownFields } from '../print/known-fields.js';

/** Every name that `-e` and filters take: fields, those that stand for either of two, and layers. */
export function fieldNames(): readonly string[] {
  const fields = [...knownFields().keys(), ...Object.keys(EITHER)];
  const layers = fields.map((path) => path.split('.', 1)[0] ?? path).filter(isHeading);
  return [...new Set([...layers, ...fields])].sort();
}
