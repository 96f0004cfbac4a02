import type { Field, Value } from '../../dissectors/wire/field.js';
import type { Placed } from '../../dissectors/wire/layout.js';
import { plainText } from '../../dissectors/wire/line.js';
import type { Taker } from '../../dissectors/wire/pick-sink.js';
import { accessor } from './accessor.js';
import { messageTypeText, pathsOf } from './fields.js';
import type { Packet } from './packet.js';

/** The texts of a field in a packet, in their order, as `-T fields` prints them. */
export type FieldTexts = (packet: Packet) => readonly string[];

/** What gives the texts of a field, or of a layer its name where it is there. */
export function textsOf(name: string): FieldTexts {
  let texts: string[] = [];
  const [path = name] = pathsOf(name);
  const taker: Taker = {
    field: (field, view, base) => texts.push(textOf(field, field.read(view, base))),
    value: (field, value) => texts.push(textOf(field, value)),
    presence: () => texts.push(path),
  };
  const access = accessor(pathsOf(name), taker);
  return (packet) => {
    texts = [];
    access(packet);
    return texts;
  };
}

/** The text of a value, as `-T fields` prints it. */
export const textOf = (field: Field | (Placed<Field> & { readonly path: string }), value: Value): string =>
  'path' in field && field.path === 'chan.msg.type' && typeof value === 'number'
    ? messageTypeText(value)
    : plainText(field, value);
