import { ETHERTYPE_IPV4 } from '../ethernet/ether-types.js';
import { findingOf, statusField, statusLine, UNVERIFIED, verdict } from '../internet-checksum.js';
import type { Context, Dissector, Layer, Payload } from '../layer.js';
import { sum16 } from '../wire/checksum.js';
import { fieldsOf, type Layout } from '../wire/layout.js';
import { derivedLine, explain, flatLines, heading, insertAfter, type Line, nest } from '../wire/line.js';
import { type Limit, type Stop, shortOf, within } from '../wire/stop.js';
import { EXTENSION_FIELDS, explainExtensions } from './extensions.js';
import {
  addressMaskBody,
  advertisementBody,
  CODE_NAMES,
  DERIVED,
  echoBody,
  errorBody,
  extendedReplyBody,
  extendedRequestBody,
  fragmentationBody,
  icmpHeader,
  longErrorBody,
  longParameterBody,
  mtuBody,
  parameterBody,
  redirectBody,
  restBody,
  routerAddress,
  timestampBody,
} from './layout.js';

const { fields, size } = icmpHeader;

const UNREACHABLE = 3;
const QUENCH = 4;
const REDIRECT = 5;
const ADVERTISEMENT = 9;
const SOLICITATION = 10;
const TIME_EXCEEDED = 11;
const PARAMETER = 12;
const EXTENDED_REQUEST = 42;

/** The code of an unreachable destination that tells an MTU. */
const FRAGMENTATION_NEEDED = 4;

/** Where an error message starts to quote, and where the quoted packet's length is told. */
const QUOTE = size + errorBody.size;
const QUOTE_LENGTH = size + longErrorBody.fields.length.offset;
const WORD = 4;

/** Bodies that are the same for all messages of a type. */
const BODIES: ReadonlyMap<number, Layout> = new Map<number, Layout>([
  [0, echoBody],
  [QUENCH, errorBody],
  [REDIRECT, redirectBody],
  [8, echoBody],
  [ADVERTISEMENT, advertisementBody],
  [SOLICITATION, errorBody],
  [13, timestampBody],
  [14, timestampBody],
  [15, echoBody],
  [16, echoBody],
  [17, addressMaskBody],
  [18, addressMaskBody],
  [EXTENDED_REQUEST, extendedRequestBody],
  [43, extendedReplyBody],
]);

const quotes = (type: number): boolean =>
  type === UNREACHABLE || type === QUENCH || type === REDIRECT || type === TIME_EXCEEDED || type === PARAMETER;
const tellsLength = (type: number): boolean => type === UNREACHABLE || type === TIME_EXCEEDED || type === PARAMETER;

/** Finds what the ICMP message at `at` carries: data, or the start of a packet that it complains of. */
function dissect(view: DataView, at: number, limit: Limit, context: Context): Payload | Stop {
  if (at + size > limit.captured) return shortOf('icmp', at, size, limit);
  const type = fields.type.read(view, at);
  const need = quotes(type) ? QUOTE : size + (BODIES.get(type)?.size ?? 0);
  if (at + need > limit.captured) return shortOf('icmp', at, need, limit);

  const facts = judgeMessage(view, at, limit);
  const findings = findingOf(facts, 'icmp-checksum-bad', at + fields.checksum.offset, context);
  const end = at + need;
  if (quotes(type)) {
    const told = tellsLength(type) ? view.getUint8(at + QUOTE_LENGTH) * WORD : 0;
    const inside = told === 0 ? limit : within(end, told, limit);
    return { ok: true, at: end, limit: inside, table: 'ethertype', key: ETHERTYPE_IPV4, quoted: true, facts, findings };
  }
  const after = afterBody(view, at, end, type, limit);
  if (after > limit.captured) return shortOf('icmp', at, after - at, limit);
  return { ok: true, at: after, limit, table: 'payload', key: type, facts, findings };
}

/** Where data starts: after the addresses of routers, and after what names the interface that a message asks for. */
function afterBody(view: DataView, at: number, end: number, type: number, limit: Limit): number {
  if (type === EXTENDED_REQUEST) return limit.wire;
  return type === ADVERTISEMENT ? end + addressBytes(view, at) : end;
}

const addressBytes = (view: DataView, at: number): number => {
  const { num_addrs, addr_entry_size } = advertisementBody.fields;
  return num_addrs.read(view, at + size) * addr_entry_size.read(view, at + size) * WORD;
};

const judgeMessage = (view: DataView, at: number, limit: Limit) =>
  limit.captured < limit.wire ? UNVERIFIED : verdict(sum16(view, at, limit.wire), fields.checksum.read(view, at));

const STATUS = statusField('icmp');

function lines(view: DataView, layer: Layer): Line {
  const { at, end, limit, source, facts, stop } = layer;
  const flat = flatLines(icmpHeader, view, at, limit, source).lines;
  if (facts?.type === 'checksum') {
    const start = at + fields.checksum.offset;
    insertAfter(flat, fields.checksum.path, statusLine(STATUS, facts, source, start, start + 2));
  }
  const children = [...nest(flat)];
  if (at + size <= limit.captured) children.push(...explainBody(view, at, limit, source));
  if (!stop) children.push(...explainAfter(view, at, limit, source));
  return heading('icmp', `${icmp.title}${typeText(view, at, limit)}`, source, at, end, children);
}

function explainBody(view: DataView, at: number, limit: Limit, source: number): readonly Line[] {
  const lines: Line[] = [];
  let start = at + size;
  for (const body of bodiesAt(view, at, limit)) {
    lines.push(...explain(body, view, start, limit, source).lines);
    start += body.size;
  }
  const length = lines.findIndex(({ path }) => path === 'icmp.length');
  const value = lines[length]?.value;
  if (typeof value === 'number') {
    const place = at + QUOTE_LENGTH;
    const { originalLength } = DERIVED;
    lines.splice(
      length + 1,
      0,
      derivedLine(originalLength.path, originalLength, value * WORD, source, place, place + 1),
    );
  }
  return lines;
}

/** The layouts of what follows the first word, back to back. */
function bodiesAt(view: DataView, at: number, limit: Limit): readonly Layout[] {
  const type = fields.type.read(view, at);
  const told = at + QUOTE_LENGTH < limit.captured && view.getUint8(at + QUOTE_LENGTH) > 0;
  switch (type) {
    case UNREACHABLE:
      if (fields.code.read(view, at) === FRAGMENTATION_NEEDED)
        return told ? [longErrorBody, mtuBody] : [fragmentationBody];
      return told ? [longErrorBody, restBody] : [errorBody];
    case TIME_EXCEEDED:
      return told ? [longErrorBody, restBody] : [errorBody];
    case PARAMETER:
      return told ? [longParameterBody, restBody] : [parameterBody];
    // Nothing in these bytes means anything.
    case QUENCH:
    case SOLICITATION:
      return [];
    default: {
      const body = BODIES.get(type);
      return body ? [body] : [];
    }
  }
}

/** What stands after the body and is not payload: addresses, or extensions after a quoted packet. */
function explainAfter(view: DataView, at: number, limit: Limit, source: number): readonly Line[] {
  const type = fields.type.read(view, at);
  if (type === EXTENDED_REQUEST) return explainExtensions(view, at + QUOTE, limit, source);
  if (type === ADVERTISEMENT) return explainAddresses(view, at, limit, source);
  if (!tellsLength(type)) return [];
  const told = view.getUint8(at + QUOTE_LENGTH) * WORD;
  return told === 0 ? [] : explainExtensions(view, at + QUOTE + told, limit, source);
}

function explainAddresses(view: DataView, at: number, limit: Limit, source: number): readonly Line[] {
  const entry = advertisementBody.fields.addr_entry_size.read(view, at + size) * WORD;
  if (entry < routerAddress.size) return [];
  const lines: Line[] = [];
  const end = Math.min(at + QUOTE + addressBytes(view, at), limit.captured);
  for (let start = at + QUOTE; start + entry <= end; start += entry) {
    lines.push(...explain(routerAddress, view, start, limit, source).lines);
  }
  return lines;
}

/** The type and code in words. */
function typeText(view: DataView, at: number, limit: Limit): string {
  if (at + 2 > limit.captured) return '';
  const type = fields.type.read(view, at);
  const code = fields.code.read(view, at);
  const codeText = CODE_NAMES[type]?.[code] ?? (code === 0 ? '' : `code ${code}`);
  return `, ${fields.type.names(type) ?? `type ${type}`}${codeText && ` (${codeText})`}`;
}

function summary(view: DataView, { at, limit, stop }: Layer): string {
  const text = typeText(view, at, limit).slice(2);
  if (stop || text === '') return text === '' ? 'ICMP, cut off' : `${text}, cut off`;
  if (BODIES.get(fields.type.read(view, at)) !== echoBody) return text;
  const { ident, seq } = echoBody.fields;
  return `${text} id=${ident.read(view, at + size)} seq=${seq.read(view, at + size)}`;
}

export const icmp: Dissector = {
  name: 'icmp',
  title: 'Internet Control Message Protocol',
  fields: [
    ...fieldsOf(
      icmpHeader,
      longErrorBody,
      mtuBody,
      longParameterBody,
      routerAddress,
      extendedRequestBody,
      extendedReplyBody,
      ...BODIES.values(),
    ),
    STATUS,
    ...EXTENSION_FIELDS,
  ],
  dissect,
  lines,
  summary,
};
