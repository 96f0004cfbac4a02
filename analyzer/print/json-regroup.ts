import { type JsonHead, type JsonSlot, slotNumbered } from './json-slot.js';
import { Utf8Text } from './utf8-text.js';

const [COMMA, OPEN, OPEN_LIST, CLOSE_LIST] = [0x2c, 0x7b, 0x5b, 0x5d];

/** A field in an object: its members by their numbers, in their order. */
type Occurrences = number[];

/**
 * Writes the members of a layer again, where fields occur more than once, each then with a list of its values, or where
 * some are of headers inside it, which become objects of their own. The object of the layer is left open.
 * @param members for each member the number of its slot, and where it starts; the last ends where the text does
 * @param inner where the other objects go, by name
 */
export function writeRegrouped(
  own: JsonHead,
  members: Int32Array,
  count: number,
  into: Utf8Text,
  inner: Map<string, string[]>,
): void {
  const start = members[1] ?? 0;
  const written = Uint8Array.prototype.slice.call(into.buffer, start, into.length);
  const bounds = Array.from(
    { length: count + 1 },
    (_, place) => (place < count ? (members[2 * place + 1] as number) : into.length) - start,
  );
  into.length = start;
  const headers = headersOf(own, members, count);
  for (const [head, fields] of headers) {
    const text = head === own ? into : new Utf8Text(written.length);
    const open = text.length;
    for (const [slot, occurrences] of fields) writeField(slot, occurrences, written, bounds, text);
    if (text.length === open) text.addByte(OPEN);
    else text.buffer[open] = OPEN;
    if (head === own) continue;
    text.add('}');
    const list = inner.get(head.name);
    if (list) list.push(text.toString());
    else inner.set(head.name, [text.toString()]);
  }
}

/** The fields of each header, in the order of their first members. */
function headersOf(own: JsonHead, members: Int32Array, count: number): Map<JsonHead, Map<JsonSlot, Occurrences>> {
  const headers = new Map<JsonHead, Map<JsonSlot, Occurrences>>([[own, new Map()]]);
  for (let place = 0; place < count; place++) {
    const slot = slotNumbered(members[2 * place] as number);
    const fields = headers.get(slot.head) ?? new Map<JsonSlot, Occurrences>();
    headers.set(slot.head, fields);
    const occurrences = fields.get(slot);
    if (occurrences) occurrences.push(place);
    else fields.set(slot, [place]);
  }
  return headers;
}

function writeField(
  { key }: JsonSlot,
  members: Occurrences,
  written: Uint8Array,
  bounds: readonly number[],
  into: Utf8Text,
): void {
  const [first = 0] = members;
  if (members.length === 1) return into.addBytes(written.subarray(bounds[first], bounds[first + 1]));
  into.addWords(key);
  members.forEach((member, place) => {
    into.addByte(place === 0 ? OPEN_LIST : COMMA);
    into.addBytes(written.subarray((bounds[member] as number) + key.length, bounds[member + 1]));
  });
  into.addByte(CLOSE_LIST);
}
