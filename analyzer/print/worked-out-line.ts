import type { Field, Value } from '../../dissectors/wire/field.js';
import { bytesText } from '../../dissectors/wire/finding.js';
import { derivedLine, type Line } from '../../dissectors/wire/line.js';

/** The line of a field that is worked out; bytes are counted, not shown. */
export function workedOutLine(
  path: string,
  field: Field | undefined,
  value: Value,
  source: number,
  start = 0,
  end = start,
): Line {
  if (!field) throw new Error(`${path} is not declared`);
  const line = derivedLine(path, field, value, source, start, end);
  if (!(value instanceof Uint8Array)) return line;
  return { ...line, text: `${field.label}: ${bytesText(value.length)}` };
}
