import type { Form, LayerName } from '../dissectors/layer.js';
import { DISSECTORS, dissectorNamed, keyOf } from '../dissectors/registry.js';
import type { Field, Value } from '../dissectors/wire/field.js';
import type { Placed } from '../dissectors/wire/layout.js';
import { encode, encodedSize } from '../dissectors/wire/message.js';
import type { Part } from './part.js';

type Given = Readonly<Record<string, Value>>;

/** The protocols whose headers can be written as their dissectors declare them. */
export const DECLARED: readonly LayerName[] = DISSECTORS.flatMap(({ name, form }) => (form ? [name] : []));

/** The fields that a header of a protocol may have, the first of each key; undefined where it cannot be written so. */
export const declaredFields = (name: LayerName): readonly Placed<Field>[] | undefined => {
  const layouts = dissectorNamed(name)?.form?.layouts;
  return layouts && [...new Map(layouts.flatMap(({ list }) => list.map((field) => [field.key, field]))).values()];
};

/** The keys of values that the header which they make has no field for. */
export function surplusOf(name: LayerName, given: Given): readonly string[] {
  const fields = new Set(
    dissectorNamed(name)
      ?.form?.layoutsOf(given)
      .flatMap(({ list }) => list.map(({ key }) => key)),
  );
  return Object.keys(given).filter((key) => !fields.has(key));
}

/**
 * A header as its dissector declares it, around a payload. Values left out are those that the dissector fills in, or zero;
 * a value given is written as given, however wrong. The layer beneath announces it as the registry finds it.
 *
 * @throws {RangeError} where its dissector declares none
 */
export function declared(name: LayerName, given: Given, payload: Part): Part {
  const dissector = dissectorNamed(name);
  if (!dissector?.form) throw new RangeError(`no layout tells how ${name} is written`);
  const { layoutsOf, filled, sealed }: Form = dissector.form;
  const layouts = layoutsOf(given);
  const size = layouts.reduce((sum, layout) => sum + encodedSize(layout, given), payload.size);
  const values = { ...filled(size, given), ...given };
  const announced = {
    etherType: keyOf('ethertype', dissector),
    protocol: keyOf('ip.proto', dissector),
    port: keyOf('udp.port', dissector) ?? keyOf('tcp.port', dissector),
  };
  return {
    size,
    ...withoutUndefined(announced),
    write: (view, at, addressSum) => {
      const end = layouts.reduce((place, layout) => encode(layout, values, view, place), at);
      payload.write(view, end, addressSum);
      sealed?.(view, at, at + size, given, addressSum ?? 0);
    },
  };
}

/** What is known of how a part is announced. */
function withoutUndefined(keys: Readonly<Record<string, number | undefined>>): Partial<Part> {
  return Object.fromEntries(Object.entries(keys).filter(([, key]) => key !== undefined));
}
