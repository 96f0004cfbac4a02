import { epochTime } from '../../text/elapsed.js';
import type { Packet } from '../packet.js';
import type { Utf8Text } from '../utf8-text.js';
import { isMark, isMasked, type NameFilter, type Shown, shownOf, shownValue, valueHex } from './shown-fields.js';
import { xmlText } from './xml-text.js';

/**
 * What stands before the first packet.
 * @param creator the program, with its version
 * @param time when it is printed
 */
export const pdmlHead = (creator: string, time: Date, capture: string): string =>
  `<?xml version="1.0" encoding="utf-8"?>
<pdml version="0" creator="${xmlText(creator)}" time="${time.toISOString()}" capture_file="${xmlText(capture)}">
`;

export const PDML_FOOT = '\n</pdml>\n';

/** Writes the tree of a packet as PDML. Source: Wireshark, doc/README.xml-output. */
export function writePdml(packet: Packet, filter: NameFilter, into: Utf8Text): void {
  into.add(`<packet>\n${generalInformation(packet)}`);
  for (const layer of shownOf(packet)) writeProtocol(layer, filter, into);
  into.add('</packet>\n\n');
}

function generalInformation({ number, seconds, nanos, captured, wire }: Packet): string {
  const field = (name: string, show: string, label: string, value: string) =>
    `    <field name="${name}" pos="0" show="${show}" showname="${label}" value="${value}" size="${captured}"/>\n`;
  const hex = (value: number) => value.toString(16);
  const epoch = epochTime(seconds, nanos);
  return `  <proto name="geninfo" pos="0" showname="General information" size="${captured}">
${field('num', `${number}`, 'Number', hex(number))}${field('len', `${wire}`, 'Frame Length', hex(wire))}${field('caplen', `${captured}`, 'Captured Length', hex(captured))}${field('timestamp', timeText(seconds, nanos), 'Captured Time', epoch)}  </proto>
`;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** A time in the words of Wireshark, in UTC; the plain number of seconds where no calendar has it. */
function timeText(seconds: number, nanos: number): string {
  const date = new Date(seconds * 1000);
  if (Number.isNaN(date.getTime())) return epochTime(seconds, nanos);
  const clock = date.toISOString().slice(11, 19);
  const day = `${date.getUTCDate()}`.padStart(2);
  const fraction = `${nanos}`.padStart(9, '0');
  return `${MONTHS[date.getUTCMonth()]} ${day}, ${date.getUTCFullYear()} ${clock}.${fraction} UTC`;
}

function writeProtocol(layer: Shown, filter: NameFilter, into: Utf8Text): void {
  const { name, text, size, start, children } = layer;
  into.add(`  <proto name="${xmlText(name)}" showname="${xmlText(text)}" size="${size}" pos="${start}">\n`);
  if (!filter.opens(name, false)) into.add(`    <field name="filtered" value="${xmlText(name)}" />\n`);
  else for (const child of children) writeField(child, 2, filter, into);
  into.add('  </proto>\n');
}

/** Fields that say what others have said already. */
const HIDDEN = /^ip(?:v6)?\.(?:src|dst)_host$/;

function writeField(shown: Shown, depth: number, filter: NameFilter, into: Utf8Text): void {
  const { name, text, size, start, field, value, hex, children } = shown;
  const indent = '  '.repeat(depth);
  const isText = field === undefined || value === undefined;
  const what = isText
    ? `name="${xmlText(name)}" show="${xmlText(text)}"`
    : `name="${xmlText(name)}" showname="${xmlText(text)}"${HIDDEN.test(name) ? ' hide="yes"' : ''}`;
  const show = isText ? '' : ` show="${xmlText(shownValue(field, value))}"`;
  const bytes =
    size === 0 || (field && isMark(field))
      ? ''
      : isMasked(shown)
        ? ` value="${valueHex(shown)}" unmaskedvalue="${hex}"`
        : ` value="${hex}"`;
  into.add(`${indent}<field ${what} size="${size}" pos="${start}"${show}${bytes}`);
  if (children.length === 0) {
    into.add('/>\n');
    return;
  }
  into.add('>\n');
  if (filter.opens(name, true)) for (const child of children) writeField(child, depth + 1, filter, into);
  else into.add(`${indent}  <field name="filtered" value="${xmlText(name)}" />\n`);
  into.add(`${indent}</field>\n`);
}
