import type { Value } from '../../dissectors/wire/field.js';
import { fromHex } from '../../dissectors/wire/view.js';
import { DECLARED, declared, declaredFields, surplusOf } from '../declared-part.js';
import { joined, nothing, type Part, raw } from '../part.js';
import { seeded } from '../seeded.js';
import { CraftError } from './craft-error.js';
import { namedFields, valuesFrom } from './named-fields.js';

/** A header of a protocol that is no channel packet, or bytes. */
export type PayloadPlan =
  | { readonly name: string; readonly given: Readonly<Record<string, Value>> }
  | { readonly bytes: Uint8Array }
  /** The bytes of a file, which are read before the packet is made. */
  | { readonly file: string };

/** The most bytes that a length on the command line makes. */
const MOST_BYTES = 1 << 24;

function lengthFrom(text: string): number {
  if (!/^\d{1,8}$/.test(text) || Number(text) > MOST_BYTES)
    throw new RangeError(`"${text}" is not a number of bytes up to ${MOST_BYTES}`);
  return Number(text);
}

/** What is no header, by the names that it goes by. */
const BYTES: Readonly<Record<string, (text: string) => PayloadPlan>> = {
  hex: (text) => ({ bytes: fromHex(text) }),
  text: (text) => ({ bytes: new TextEncoder().encode(text) }),
  file: (text) => ({ file: text }),
  zero: (text) => ({ bytes: new Uint8Array(lengthFrom(text)) }),
  random: (text) => {
    const [size = '', seed = '1'] = text.split(':');
    return { bytes: seeded(lengthFrom(seed)).bytes(lengthFrom(size)) };
  },
  none: () => ({ bytes: new Uint8Array(0) }),
};

/**
 * What a text such as `vxlan:vni=7` or `hex:00ff` asks for.
 * @throws {CraftError} saying what is wrong with it
 */
export function payloadFrom(text: string): PayloadPlan {
  const { name, fields } = namedFields(text);
  const bytes = Object.hasOwn(BYTES, name) ? BYTES[name] : undefined;
  if (bytes) return bytes(fields);
  const known = declaredFields(name);
  if (!known) {
    throw new CraftError(
      `--payload: unknown header "${name}", expected ${Object.keys(BYTES).join(', ')} or one of ${DECLARED.join(', ')}`,
    );
  }
  const given = valuesFrom(`--payload ${name}`, known, fields);
  const [surplus] = surplusOf(name, given);
  if (surplus !== undefined)
    throw new CraftError(`--payload ${name}: ${surplus}: a header of this type has no such field`);
  return { name, given };
}

/** Headers and bytes, each inside the one before it. */
export const payloadOf = (plans: readonly PayloadPlan[]): Part =>
  plans.reduceRight<Part>((inside, plan) => {
    if ('name' in plan) return declared(plan.name, plan.given, inside);
    return 'bytes' in plan ? joined([raw(plan.bytes), inside]) : inside;
  }, nothing);

/** The plans with the bytes of their files. @param read reads a file */
export const withFiles = (
  plans: readonly PayloadPlan[],
  read: (path: string) => Promise<Uint8Array>,
): Promise<readonly PayloadPlan[]> =>
  Promise.all(plans.map(async (plan) => ('file' in plan ? { bytes: await read(plan.file) } : plan)));
