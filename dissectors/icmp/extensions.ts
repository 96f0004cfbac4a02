import { statusField, tellStatus, UNVERIFIED, verdict } from '../internet-checksum.js';
import { sum16 } from '../wire/checksum.js';
import { fieldsOf, type Layout } from '../wire/layout.js';
import { type FieldSink, tellLayout } from '../wire/sink.js';
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
 * Tells the extensions `[at, limit)` that follow a quoted packet.
 * Source: RFC 4884, section 7 "ICMP Extension Structure".
 */
export function tellExtensions(view: DataView, at: number, limit: Limit, sink: FieldSink): void {
  const end = limit.captured;
  if (at >= end) return;
  sink.open('', 'Extensions', at, end);
  if (tellLayout(sink, extensionHeader, view, at, limit)) {
    const start = at + extensionHeader.fields['ext.checksum'].offset;
    sink.apart();
    tellStatus(sink, STATUS, judgeExtensions(view, at, limit), start, start + 2);
  }
  for (let start = at + extensionHeader.size; start < end; ) {
    const whole = start + objectHeader.size <= end;
    const length = whole ? objectHeader.fields['ext.length'].read(view, start) : 0;
    if (length < objectHeader.size || start + length > end) {
      sink.open('', 'Object, cut off', start, end);
      sink.close();
      break;
    }
    tellObject(view, start, within(start, length, limit), sink);
    start += length;
  }
  sink.close();
}

function judgeExtensions(view: DataView, at: number, limit: Limit) {
  if (limit.captured < limit.wire) return UNVERIFIED;
  const stored = extensionHeader.fields['ext.checksum'].read(view, at);
  if (stored === 0) return { status: 'absent', expected: 0 } as const;
  return verdict(sum16(view, at, limit.wire), stored);
}

function tellObject(view: DataView, at: number, limit: Limit, sink: FieldSink): void {
  const kind = objectHeader.fields['ext.class'].read(view, at);
  const name = objectHeader.fields['ext.class'].names(kind) ?? `class ${kind}`;
  sink.open('', sink.shows ? `Object: ${name}` : '', at, limit.captured);
  tellLayout(sink, objectHeader, view, at, limit);
  sink.apart();
  tellData(view, at, kind, limit, sink);
  sink.close();
}

function tellData(view: DataView, at: number, kind: number, limit: Limit, sink: FieldSink): void {
  const data = at + objectHeader.size;
  const form = objectHeader.fields['ext.ctype'].read(view, at);
  switch (kind) {
    case LABELS:
      for (let start = data; start + labelEntry.size <= limit.captured; start += labelEntry.size) {
        tellLayout(sink, labelEntry, view, start, limit);
        sink.apart();
      }
      return;
    case INTERFACE:
      return tellInterface(view, data, form, limit, sink);
    case IDENTITY:
      return tellIdentity(view, data, form, limit, sink);
    default:
      return tellBytes(view, data, limit, sink);
  }
}

function tellBytes(view: DataView, at: number, { captured }: Limit, sink: FieldSink): void {
  if (at < captured) sink.value(DERIVED.objectData, slice(view, at, captured), at, captured);
}

/** Which parts an interface object holds, as bits of its C-Type. */
const HAS_INDEX = 8;
const HAS_ADDRESS = 4;
const HAS_NAME = 2;
const HAS_MTU = 1;

function tellInterface(view: DataView, at: number, form: number, limit: Limit, sink: FieldSink): void {
  let start = at;
  const add = (layout: Layout) => {
    tellLayout(sink, layout, view, start, limit);
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
    sink.value(DERIVED.interfaceName, asciiText(view, start, end), start, end);
    start = end;
  }
  if (form & HAS_MTU) add(interfaceMtu);
}

const BY_NAME = 1;
const BY_INDEX = 2;
const BY_ADDRESS = 3;

function tellIdentity(view: DataView, at: number, form: number, limit: Limit, sink: FieldSink): void {
  switch (form) {
    case BY_NAME:
      return sink.value(DERIVED.identityName, asciiText(view, at, limit.captured), at, limit.captured);
    case BY_INDEX:
      tellLayout(sink, identityIndex, view, at, limit);
      return;
    case BY_ADDRESS: {
      if (!tellLayout(sink, identityAddress, view, at, limit)) return;
      const address = at + identityAddress.size;
      const family = identityAddress.fields['int_ident.afi'].read(view, at);
      if (family === FAMILY_IPV4) tellLayout(sink, identityIpv4, view, address, limit);
      else if (family === FAMILY_IPV6) tellLayout(sink, identityIpv6, view, address, limit);
      else tellBytes(view, address, limit, sink);
      return;
    }
    default:
      return tellBytes(view, at, limit, sink);
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
