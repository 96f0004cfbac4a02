import type { Layer } from '../layer.js';
import { ipv4Text, ipv6Text } from '../wire/field.js';
import { hex16 } from '../wire/view.js';
import { dnsHeader, type Flavour, questionEnd, recordHead } from './layout.js';
import { countOf, questionAfter, rcodeOf, recordAfter, SECTIONS } from './message.js';
import { labelText, readName, skipName } from './name.js';
import { OPCODES, RCODES, TYPE_OPT, typeText } from './numbers.js';
import { messageStart } from './place.js';

/** The most records that a summary names: a line is no longer than a screen or two. */
const MOST_NAMED = 32;
const CLASS_BIT = 0x8000;

const { fields } = dnsHeader;

/** A message in one line, as Wireshark has it: `Standard query response 0x1234 A example.org A 192.0.2.1`. */
export function summaryOf(flavour: Flavour, view: DataView, layer: Layer): string {
  const at = messageStart(layer);
  const { captured } = layer.limit;
  if (at + dnsHeader.size > captured) return `${flavour.toUpperCase()}, cut off`;
  const opcode = fields['flags.opcode'].read(view, at);
  const isResponse = fields['flags.response'].read(view, at);
  const operation = OPCODES[opcode] ?? `Unknown operation (${opcode})`;
  let text = `${operation}${isResponse ? ' response' : ''} 0x${hex16(fields.id.read(view, at))}`;
  if (isResponse) {
    const code = rcodeOf(view, at, captured);
    if (code !== 0) text += ` ${RCODES[code] ?? `Unknown error (${code})`}`;
  }
  return text + entriesText(flavour, view, at, captured);
}

function entriesText(flavour: Flavour, view: DataView, at: number, end: number): string {
  let text = '';
  let place = at + dnsHeader.size;
  let named = 0;
  for (let section = 0; section < SECTIONS.length; section++) {
    for (let left = countOf(view, at, section); left > 0; left--) {
      const after = section === 0 ? questionAfter(view, place, end) : recordAfter(view, place, end);
      if (after < 0) return text;
      if (named === MOST_NAMED) return `${text} …`;
      text += section === 0 ? questionText(flavour, view, at, place, end) : recordText(flavour, view, at, place, after);
      named++;
      place = after;
    }
  }
  return text;
}

function questionText(flavour: Flavour, view: DataView, start: number, at: number, end: number): string {
  const place = skipName(view, at, end);
  const type = typeText(questionEnd.fields['qry.type'].read(view, place));
  const text = ` ${type} ${readName(view, start, at, end).text}`;
  if (flavour !== 'mdns') return text;
  const isUnicast = (questionEnd.fields['qry.class'].read(view, place) & CLASS_BIT) !== 0;
  return `${text}, "Q${isUnicast ? 'U' : 'M'}" question`;
}

function recordText(flavour: Flavour, view: DataView, start: number, at: number, end: number): string {
  const place = skipName(view, at, end);
  const type = recordHead.fields['resp.type'].read(view, place);
  const flush = (recordHead.fields['resp.class'].read(view, place) & CLASS_BIT) !== 0;
  const mark = flavour === 'mdns' && flush && type !== TYPE_OPT ? ', cache flush' : '';
  const data = wordsOf(view, start, type, place + recordHead.size, end);
  return ` ${typeText(type)}${mark}${data === '' ? '' : ` ${data}`}`;
}

/** What the list says of the data `[at, end)` of a record. */
function wordsOf(view: DataView, start: number, type: number, at: number, end: number): string {
  const name = (from: number): string => (from < end ? readName(view, start, from, end).text : '');
  const number = (from: number): string => (from + 2 <= end ? `${view.getUint16(from)}` : '');
  switch (type) {
    case 1:
      return at + 4 <= end ? ipv4Text(view.getUint32(at)) : '';
    case 28:
      return at + 16 <= end ? ipv6Text(view, at) : '';
    case 2:
    case 5:
    case 6:
    case 12:
    case 39:
    case 47:
      return name(at);
    case 35:
      return `${number(at)} ${number(at + 2)} ${counted(view, at + 4, end)}`;
    case 15:
    case 36:
      return `${number(at)} ${name(at + 2)}`;
    case 13:
      return at < end ? `${counted(view, at, end)} ${counted(view, at + 1 + view.getUint8(at), end)}` : '';
    case 33:
      return `${number(at)} ${number(at + 2)} ${number(at + 4)} ${name(at + 6)}`;
    default:
      return '';
  }
}

/** The text after its length in one byte. */
const counted = (view: DataView, at: number, end: number): string =>
  at < end ? labelText(view, at + 1, Math.min(end, at + 1 + view.getUint8(at))) : '';

const WORDS: Readonly<Record<number, string>> = {
  1: 'addr',
  2: 'ns',
  5: 'cname',
  6: 'mname',
  12: 'ptr',
  15: 'preference and exchange',
  28: 'addr',
  33: 'priority, weight, port and target',
  39: 'dname',
  47: 'next domain name',
};

/** What the tree heads a record with: `addr 192.0.2.1`. */
export function dataText(view: DataView, start: number, type: number, at: number, end: number): string {
  const word = WORDS[type];
  const words = word === undefined ? '' : wordsOf(view, start, type, at, end);
  return words === '' ? '' : `${word} ${words}`;
}
