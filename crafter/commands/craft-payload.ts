import type { Value } from '../../dissectors/wire/field.js';
import { fromHex } from '../../dissectors/wire/view.js';
import { DECLARED, declared, declaredFields, surplusOf } from '../declared-part.js';
import { joined, nothing, type Part, raw } from '../part.js';
import { CraftError } from './craft-error.js';
import { namedFields, valuesFrom } from './named-fields.js';

/** A header of a protocol that is no channel packet, or bytes. */
export type PayloadPlan =
  | { readonly name: string; readonly given: Readonly<Record<string, Value>> }
  | { readonly bytes: Uint8Array };

/** The name that bytes go by. */
const HEX = 'hex';

/**
 * What a text such as `vxlan:vni=7` or `hex:00ff` asks for.
 * @throws {CraftError} saying what is wrong with it
 */
export function payloadFrom(text: string): PayloadPlan {
  const { name, fields } = namedFields(text);
  if (name === HEX) return { bytes: fromHex(fields) };
  const known = declaredFields(name);
  if (!known) {
    throw new CraftError(`--payload: unknown header "${name}", expected ${HEX} or one of ${DECLARED.join(', ')}`);
  }
  const given = valuesFrom(`--payload ${name}`, known, fields);
  const [surplus] = surplusOf(name, given);
  if (surplus !== undefined)
    throw new CraftError(`--payload ${name}: ${surplus}: a header of this type has no such field`);
  return { name, given };
}

/** Headers and bytes, each inside the one before it. */
export const payloadOf = (plans: readonly PayloadPlan[]): Part =>
  plans.reduceRight<Part>(
    (inside, plan) => ('bytes' in plan ? joined([raw(plan.bytes), inside]) : declared(plan.name, plan.given, inside)),
    nothing,
  );
