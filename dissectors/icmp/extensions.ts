import { statusField, statusLine, UNVERIFIED, verdict } from '../internet-checksum.js';
import { sum16 } from '../wire/checksum.js';
import { fieldsOf, type Layout } from '../wire/layout.js';
import { explain, flatLines, foundLine, heading, type Line } from '../wire/line.js';
import { type Limit, within } from '../wire/stop.js';
import { asciiText, slice } from '../wire/view.js';
import {
  DERIVED,
  extensionHeader,
  identityAddress,
  identityIndex,
  identityIpv4,
  identityIpv6,
  interfaceAddress,
  interfaceIndex,
  interfaceIpv4,
  interfaceIpv6,
  interfaceMtu,
  interfaceName,
  labelEntry,
  objectHeader,
} from './layout.js';

const LABELS = 1;
const INTERFACE = 2;
const IDENTITY = 3;
const FAMILY_IPV4 = 1;
const FAMILY_IPV6 = 2;

const STATUS = statusField('icmp.ext');

/**
 * The lines of the extensions `[at, limit)` that follow a quoted packet.
 * Source: RFC 4884, section 7 "ICMP Extension Structure".
 */
export function explainExtensions(view: DataView, at: number, limit: Limit, source: number): readonly Line[] {
  const end = limit.captured;
  if (at >= end) return [];
  const children = [...explain(extensionHeader, view, at, limit, source).lines];
  if (at + extensionHeader.size <= end) {
    const start = at + extensionHeader.fields['ext.checksum'].offset;
    children.push(statusLine(STATUS, judgeExtensions(view, at, limit), source, start, start + 2));
  }
  for (let start = at + extensionHeader.size; start < end; ) {
    const whole = start + objectHeader.size <= end;
    const length = whole ? objectHeader.fields['ext.length'].read(view, start) : 0;
    if (length < objectHeader.size || start + length > end) {
      children.push(heading('', 'Object, cut off', source, start, end));
      break;
    }
    children.push(explainObject(view, start, within(start, length, limit), source));
    start += length;
  }
  return [heading('', 'Extensions', source, at, end, children)];
}

function judgeExtensions(view: DataView, at: number, limit: Limit) {
  if (limit.captured < limit.wire) return UNVERIFIED;
  const stored = extensionHeader.fields['ext.checksum'].read(view, at);
  if (stored === 0) return { status: 'absent', expected: 0 } as const;
  return verdict(sum16(view, at, limit.wire), stored);
}

function explainObject(view: DataView, at: number, limit: Limit, source: number): Line {
  const { lines } = explain(objectHeader, view, at, limit, source);
  const kind = objectHeader.fields['ext.class'].read(view, at);
  const name = objectHeader.fields['ext.class'].names(kind) ?? `class ${kind}`;
  const children = [...lines, ...explainData(view, at, kind, limit, source)];
  return heading('', `Object: ${name}`, source, at, limit.captured, children);
}

function explainData(view: DataView, at: number, kind: number, limit: Limit, source: number): readonly Line[] {
  const data = at + objectHeader.size;
  const form = objectHeader.fields['ext.ctype'].read(view, at);
  switch (kind) {
    case LABELS: {
      const lines: Line[] = [];
      for (let start = data; start + labelEntry.size <= limit.captured; start += labelEntry.size) {
        lines.push(...explain(labelEntry, view, start, limit, source).lines);
      }
      return lines;
    }
    case INTERFACE:
      return explainInterface(view, data, form, limit, source);
    case IDENTITY:
      return explainIdentity(view, data, form, limit, source);
    default:
      return dataLine(view, data, limit, source);
  }
}

const dataLine = (view: DataView, at: number, limit: Limit, source: number): readonly Line[] =>
  at < limit.captured
    ? [foundLine(DERIVED.objectData, slice(view, at, limit.captured), source, at, limit.captured)]
    : [];

/** Which parts an interface object holds, as bits of its C-Type. */
const HAS_INDEX = 8;
const HAS_ADDRESS = 4;
const HAS_NAME = 2;
const HAS_MTU = 1;

function explainInterface(view: DataView, at: number, form: number, limit: Limit, source: number): readonly Line[] {
  const lines: Line[] = [];
  let start = at;
  const add = (layout: Layout) => {
    lines.push(...flatLines(layout, view, start, limit, source).lines);
    start += layout.size;
  };
  if (form & HAS_INDEX) add(interfaceIndex);
  if (form & HAS_ADDRESS && start + interfaceAddress.size <= limit.captured) {
    const family = interfaceAddress.fields['int_info.afi'].read(view, start);
    add(interfaceAddress);
    if (family === FAMILY_IPV4) add(interfaceIpv4);
    if (family === FAMILY_IPV6) add(interfaceIpv6);
  }
  if (form & HAS_NAME && start + interfaceName.size <= limit.captured) {
    const size = interfaceName.fields['int_info.name_length'].read(view, start);
    const end = Math.min(start + Math.max(size, interfaceName.size), limit.captured);
    add(interfaceName);
    lines.push(foundLine(DERIVED.interfaceName, asciiText(view, start, end), source, start, end));
    start = end;
  }
  if (form & HAS_MTU) add(interfaceMtu);
  return lines;
}

const BY_NAME = 1;
const BY_INDEX = 2;
const BY_ADDRESS = 3;

function explainIdentity(view: DataView, at: number, form: number, limit: Limit, source: number): readonly Line[] {
  switch (form) {
    case BY_NAME:
      return [foundLine(DERIVED.identityName, asciiText(view, at, limit.captured), source, at, limit.captured)];
    case BY_INDEX:
      return flatLines(identityIndex, view, at, limit, source).lines;
    case BY_ADDRESS: {
      const { lines, stop } = flatLines(identityAddress, view, at, limit, source);
      if (stop) return lines;
      const address = at + identityAddress.size;
      const family = identityAddress.fields['int_ident.afi'].read(view, at);
      if (family === FAMILY_IPV4) return [...lines, ...flatLines(identityIpv4, view, address, limit, source).lines];
      if (family === FAMILY_IPV6) return [...lines, ...flatLines(identityIpv6, view, address, limit, source).lines];
      return [...lines, ...dataLine(view, address, limit, source)];
    }
    default:
      return dataLine(view, at, limit, source);
  }
}

export const EXTENSION_FIELDS = [
  ...fieldsOf(
    extensionHeader,
    objectHeader,
    labelEntry,
    interfaceIndex,
    interfaceAddress,
    interfaceIpv4,
    interfaceIpv6,
    interfaceName,
    interfaceMtu,
    identityIndex,
    identityAddress,
    identityIpv4,
    identityIpv6,
  ),
  ...Object.values(DERIVED),
  STATUS,
];
