import type { Field, Value } from '../../dissectors/wire/field.js';
import { ipv6Text } from '../../dissectors/wire/field.js';
import { maskDigits, plainText } from '../../dissectors/wire/line.js';
import { viewOf } from '../../dissectors/wire/view.js';
import { writeJsonText } from './json-text.js';
import type { Utf8Text } from './utf8-text.js';

const QUOTE = 0x22;

/** Writes the value of a field as JSON: numbers and truths as what they are, all else as the text that `-T fields` prints. */
export function writeJsonValue(field: Field, value: Value, into: Utf8Text): void {
  if (typeof value === 'boolean') into.add(value ? 'true' : 'false');
  else if (typeof value === 'number') writeNumber(field, value, into);
  else if (value instanceof Uint8Array) writeBytes(field, value, into);
  else writeJsonText(plainText(field, value), into);
}

function writeNumber(field: Field, value: number, into: Utf8Text): void {
  const isCount = value >= 0 && Number.isSafeInteger(value);
  switch (field.kind) {
    case 'uint':
      if (isCount) into.addNumber(value);
      else into.add(`${value}`);
      return;
    case 'ipv4':
      into.addByte(QUOTE);
      into.addIpv4(value);
      into.addByte(QUOTE);
      return;
    case 'id':
      if (!isCount || value > 0xffffffff || field.base === 'dec') break;
      into.addByte(QUOTE);
      into.addHexNumber(value, maskDigits(field));
      into.addByte(QUOTE);
      return;
  }
  writeJsonText(plainText(field, value), into);
}

function writeBytes({ kind }: Field, value: Uint8Array, into: Utf8Text): void {
  into.addByte(QUOTE);
  if (kind === 'ether' && value.length === 6) into.addEther(viewOf(value), 0);
  else if (kind === 'ipv6' && value.length === 16) into.add(ipv6Text(viewOf(value), 0));
  else into.addHexBytes(value);
  into.addByte(QUOTE);
}
