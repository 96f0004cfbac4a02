import type { Layer, Tell } from '../layer.js';
import { type FieldSink, pathSet, tellDerived, tellLayout } from '../wire/sink.js';
import type { Data } from './data.js';
import {
  dnsHeader,
  EXTENDED_RCODE,
  type Flavour,
  headerAt,
  lengthPrefix,
  multicastOptHead,
  multicastQuestionEnd,
  multicastRecordHead,
  optHead,
  QUESTION_LABELS,
  QUESTION_LENGTH,
  QUESTION_NAME,
  questionEnd,
  RECORD_NAME,
  recordHead,
  SERVICE,
  SERVICE_DOMAIN,
  SERVICE_PROTOCOL,
} from './layout.js';
import { countOf, questionAfter, rcodeOf, recordAfter, SECTIONS } from './message.js';
import { readName, skipName } from './name.js';
import { CLASSES, DYNAMIC_UPDATE, TYPE_OPT, TYPE_SRV, typeText } from './numbers.js';
import { EDNS_OPTIONS } from './options.js';
import { messageStart } from './place.js';
import { itemsOf } from './records.js';
import { dataText } from './summary.js';

const HEADINGS = ['Queries', 'Answers', 'Authoritative nameservers', 'Additional records'];
const UPDATE_HEADINGS = ['Zone', 'Prerequisites', 'Updates', 'Additional records'];

/** A message that is being told. */
interface Message {
  readonly sink: FieldSink;
  readonly view: DataView;
  readonly at: number;
  readonly end: number;
  readonly flavour: Flavour;
}

/** What tells the fields of a message. */
export const tellMessage =
  (flavour: Flavour, title: string): Tell =>
  (view, layer, sink) => {
    const { limit } = layer;
    const at = messageStart(layer);
    const end = limit.captured;
    const isWhole = at + dnsHeader.size <= end;
    sink.open(flavour, isWhole && sink.shows ? `${title} (${kindOf(view, at)})` : title, layer.at, end);
    if (at > layer.at) tellLayout(sink, lengthPrefix, view, layer.at, limit);
    if (isWhole) {
      tellLayout(sink, headerAt(view, at, flavour), view, at, limit);
      tellExtended({ sink, view, at, end, flavour }, layer);
      tellSections({ sink, view, at, end, flavour });
    } else tellLayout(sink, dnsHeader, view, at, limit);
    sink.close();
  };

const kindOf = (view: DataView, at: number): string =>
  dnsHeader.fields['flags.response'].read(view, at) ? 'response' : 'query';

/** Tells the whole reply code of a response whose OPT record has more bits of it. */
function tellExtended({ sink, view, at, end }: Message, { stop }: Layer): void {
  if (stop || !sink.wants(EXTENDED_RCODE.path) || !dnsHeader.fields['flags.response'].read(view, at)) return;
  const code = rcodeOf(view, at, end);
  if (code > 0x0f) tellDerived(sink, EXTENDED_RCODE, code, at + 2, at + 4);
}

function tellSections(message: Message): void {
  const { sink, view, at, end } = message;
  const isUpdate = dnsHeader.fields['flags.opcode'].read(view, at) === DYNAMIC_UPDATE;
  let place = at + dnsHeader.size;
  for (let section = 0; section < SECTIONS.length; section++) {
    const count = countOf(view, at, section);
    if (count === 0) continue;
    const last = sectionEnd(message, section, place, count);
    sink.open('', (isUpdate ? UPDATE_HEADINGS : HEADINGS)[section] ?? '', place, last.place);
    for (let entry = 0; entry < last.whole; entry++) {
      place = section === 0 ? tellQuestion(message, place) : tellRecord(message, place);
    }
    sink.close();
    if (last.whole < count) return;
    place = Math.min(place, end);
  }
}

/** Where a section ends that starts at `at`, and how many of its entries are whole. */
function sectionEnd({ view, end }: Message, section: number, at: number, count: number) {
  let place = at;
  for (let whole = 0; whole < count; whole++) {
    const after = section === 0 ? questionAfter(view, place, end) : recordAfter(view, place, end);
    if (after < 0) return { place, whole };
    place = after;
  }
  return { place, whole: count };
}

function tellQuestion({ sink, view, at: start, end, flavour }: Message, at: number): number {
  const head = flavour === 'mdns' ? multicastQuestionEnd : questionEnd;
  const place = skipName(view, at, end);
  if (
    sink.shows ||
    sink.wants(QUESTION_NAME.path) ||
    sink.wants(QUESTION_LENGTH.path) ||
    sink.wants(QUESTION_LABELS.path)
  ) {
    const { text, labels } = readName(view, start, at, end);
    const type = head.fields['qry.type'].read(view, place);
    const heading = sink.shows
      ? `${text}: type ${typeText(type)}, ${classText(head.fields['qry.class'].read(view, place))}`
      : '';
    sink.open('', heading, at, place + head.size);
    sink.value(QUESTION_NAME, text, at, place);
    tellDerived(sink, QUESTION_LENGTH, text.length, at, place);
    tellDerived(sink, QUESTION_LABELS, labels, at, place);
  } else sink.open('', '', at, place + head.size);
  tellLayout(sink, head, view, place, { captured: end, wire: end });
  sink.close();
  return place + head.size;
}

const classText = (number: number): string => `class ${CLASSES[number] ?? `Unknown (${number})`}`;

function tellRecord(message: Message, at: number): number {
  const { sink, view, at: start, end, flavour } = message;
  const place = skipName(view, at, end);
  const type = recordHead.fields['resp.type'].read(view, place);
  const last = recordAfter(view, at, end);
  const name = sink.shows || sink.wantsAny(OWNER_PATHS) ? readName(view, start, at, end).text : '';
  sink.open('', sink.shows ? headingOf(message, name, type, place, last) : '', at, last);
  if (name !== '') tellOwner(sink, type, name, at, place);
  tellLayout(sink, headOf(type, flavour), view, place, { captured: end, wire: end });
  const data: Data = { view, start, at: place + recordHead.size, end: last };
  if (type === TYPE_OPT) EDNS_OPTIONS.tell(sink, data);
  else for (const item of itemsOf(type)) item.tell(sink, data);
  sink.close();
  return last;
}

const OWNER_PATHS = pathSet([RECORD_NAME, SERVICE, SERVICE_PROTOCOL, SERVICE_DOMAIN]);

/** Tells whose a record is. */
function tellOwner(sink: FieldSink, type: number, name: string, at: number, end: number): void {
  if (type !== TYPE_SRV) return sink.value(RECORD_NAME, name, at, end);
  const [service = '', protocol = '', ...domain] = name.split('.');
  sink.value(SERVICE, service, at, end);
  sink.value(SERVICE_PROTOCOL, protocol, at, end);
  sink.value(SERVICE_DOMAIN, domain.join('.'), at, end);
}

const headOf = (type: number, flavour: Flavour) => {
  if (type === TYPE_OPT) return flavour === 'mdns' ? multicastOptHead : optHead;
  return flavour === 'mdns' ? multicastRecordHead : recordHead;
};

function headingOf({ view, at, flavour }: Message, name: string, type: number, place: number, last: number): string {
  if (type === TYPE_OPT) return `${name}: type OPT`;
  const head = flavour === 'mdns' ? multicastRecordHead : recordHead;
  const about = dataText(view, at, type, place + recordHead.size, last);
  const words = `${name}: type ${typeText(type)}, ${classText(head.fields['resp.class'].read(view, place))}`;
  return about === '' ? words : `${words}, ${about}`;
}
