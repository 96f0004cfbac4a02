import type { Field } from '../../dissectors/wire/field.js';
import type { Layout, Placed } from '../../dissectors/wire/layout.js';
import { maskDigits } from '../../dissectors/wire/line.js';
import {
  ETHER_TEXT,
  IPV4_TEXT,
  MOST_DIGITS,
  OVERRUN,
  putDecimal,
  putEther,
  putHex,
  putHexNumber,
  putIpv4,
} from './digits.js';
import { type JsonHead, type JsonSlot, jsonSlot } from './json-slot.js';
import { writeJsonValue } from './json-value.js';
import { putWords, type Utf8Text, type Words, wordsOf } from './utf8-text.js';

/**
 * How the value of a field is written. Those up to `id` are of bits of an integer; `value` reads the value first, and does
 * so for every kind.
 */
const FORMS = { decimal: 0, truth: 1, ipv4: 2, id: 3, ether: 4, bytes: 5, value: 6 } as const;
type Form = (typeof FORMS)[keyof typeof FORMS];

/** The most bytes of a value of each form; of bytes, two for each more. */
const MOST: Readonly<Record<Form, number>> = [MOST_DIGITS, 5, 2 + IPV4_TEXT, 2 + 8, 2 + ETHER_TEXT, 2, 0];

/** A field of a layout of fixed size as a member of an object: what writes it is all here, in one shape. */
export class JsonField {
  readonly field: Placed<Field>;
  readonly slot: JsonSlot;
  readonly number: number;
  readonly key: Words;
  readonly form: Form;
  readonly offset: number;
  /** The bytes of the field, or of the integer whose bits it is. */
  readonly size: number;
  readonly mask: number;
  readonly shift: number;
  readonly scale: number;
  /** Of an id: its digits. */
  readonly digits: number;

  constructor(field: Placed<Field>, slot: JsonSlot) {
    this.field = field;
    this.slot = slot;
    this.number = slot.number;
    this.key = slot.key;
    this.form = formOf(field);
    this.offset = field.offset;
    this.size = field.bits?.size ?? Number(field.size);
    this.mask = field.bits?.mask ?? 0;
    this.shift = field.bits?.shift ?? 0;
    this.scale = field.bits?.scale ?? 1;
    this.digits = maskDigits(field);
  }

  /** Whether its value is the hex digits of its bytes. */
  get isBytes(): boolean {
    return this.form === FORMS.bytes;
  }
}

function formOf({ kind, base, bits, size }: Placed<Field>): Form {
  if (kind === 'bytes') return FORMS.bytes;
  if (kind === 'ether' && size === 6) return FORMS.ether;
  if (!bits) return FORMS.value;
  if (kind === 'uint') return FORMS.decimal;
  if (kind === 'bool') return FORMS.truth;
  if (kind === 'ipv4') return FORMS.ipv4;
  return kind === 'id' && base === 'hex' ? FORMS.id : FORMS.value;
}

/** A layout of fixed size, as members of an object. */
export interface JsonLayout {
  readonly fields: readonly JsonField[];
  /** The places of fields in the layout. */
  readonly places: ReadonlyMap<JsonSlot, number>;
  /** What all its fields are named after; undefined where that is not one. */
  readonly head: JsonHead | undefined;
  /** The most bytes that they take, but for those of form `value`. */
  readonly most: number;
}

/** Finds out once how the fields of a layout of fixed size are written. */
export function jsonLayout({ list }: Layout): JsonLayout {
  const fields = list.map((field) => new JsonField(field, jsonSlot(field.path)));
  const heads = new Set(fields.map(({ slot }) => slot.head));
  const [head] = heads;
  return {
    fields,
    places: new Map(fields.map(({ slot }, place) => [slot, place])),
    head: heads.size === 1 ? head : undefined,
    most: fields.reduce(
      (sum, { key, form, size }) => sum + key.length + MOST[form] + (form === FORMS.bytes ? 2 * size : 0),
      OVERRUN,
    ),
  };
}

const TRUE = wordsOf('true');
const FALSE = wordsOf('false');
const QUOTE = 0x22;

/**
 * Writes fields of the message at `base`, from one place of its layout up to another, as members: `,"ttl":64,"proto":17`.
 * @param members where it is noted, from member `count` on, which each of them is: the number of its slot, and its start
 */
export function writeJsonFields(
  { fields, most }: Pick<JsonLayout, 'fields' | 'most'>,
  from: number,
  to: number,
  source: DataView,
  base: number,
  into: Utf8Text,
  members: Int32Array,
  count: number,
): void {
  into.reserve(most);
  let text = into.view;
  let end = into.length;
  let member = 2 * count;
  for (let place = from; place < to; place++) {
    const field = fields[place] as JsonField;
    const { form, size, mask } = field;
    const at = base + field.offset;
    members[member] = field.number;
    members[member + 1] = end;
    member += 2;
    end = putWords(text, end, field.key);
    if (form < FORMS.ether) {
      const whole = size === 1 ? source.getUint8(at) : size === 2 ? source.getUint16(at) : wordAt(source, at, size);
      if (form === FORMS.truth) end = putWords(text, end, (whole & mask) === 0 ? FALSE : TRUE);
      else if (form === FORMS.decimal) end = putDecimal(text, end, ((whole & mask) >>> field.shift) * field.scale);
      else end = putNumber(field, (whole & mask) >>> field.shift, text, end);
    } else if (form !== FORMS.value) end = putBytes(field, source, at, text, end);
    else {
      into.length = end;
      writeJsonValue(field.field, field.field.read(source, base), into);
      into.reserve(most);
      text = into.view;
      end = into.length;
    }
  }
  into.length = end;
}

const wordAt = (view: DataView, at: number, size: number): number =>
  size === 4 ? view.getInt32(at) : (view.getUint8(at) << 16) | view.getUint16(at + 1);

function putNumber({ form, digits }: JsonField, value: number, text: DataView, to: number): number {
  text.setUint8(to, QUOTE);
  const end = form === FORMS.ipv4 ? putIpv4(text, to + 1, value) : putHexNumber(text, to + 1, value, digits);
  text.setUint8(end, QUOTE);
  return end + 1;
}

function putBytes({ form, size }: JsonField, source: DataView, at: number, text: DataView, to: number): number {
  text.setUint8(to, QUOTE);
  const end = form === FORMS.ether ? putEther(text, to + 1, source, at) : putHex(text, to + 1, source, at, at + size);
  text.setUint8(end, QUOTE);
  return end + 1;
}
