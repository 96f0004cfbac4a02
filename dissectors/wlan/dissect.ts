import { headerDissector, type Next } from '../header.js';
import type { Context, Dissector, Layer } from '../layer.js';
import { LINK_TYPE_LLC } from '../llc/link-type.js';
import type { Layout } from '../wire/layout.js';
import { type FieldSink, tellLayout } from '../wire/sink.js';
import type { Limit } from '../wire/stop.js';
import { wlanEnds } from './ends.js';
import {
  AGGREGATE_ADDRESSES,
  aggregateBit,
  aidPart,
  CONTROL,
  checkSequence,
  DATA,
  DATA_ADDRESSES,
  durationPart,
  endAddresses,
  fourthAddress,
  frameControl,
  htControl,
  MANAGEMENT,
  managementAddresses,
  PARTS,
  pollAddresses,
  QUALITIES,
  receiver,
  receiverAndTransmitter,
  sequencePart,
} from './layout.js';
import { hasFcs, isPadded, LINK_TYPE_AGGREGATE } from './link-types.js';

const { flags, 'fc.type': type, 'fc.subtype': subtype, 'fc.version': version } = frameControl.fields;
const { 'fc.type_subtype': kind, 'fc.ds': ds } = frameControl.fields;
const isAggregate = aggregateBit.fields['qos.amsdupresent'];

/** Bits of the subtype of data frames: there is no payload; there is QoS control. */
const NULL = 0x4;
const QOS = 0x8;
/** Flags: the frame is a piece of a larger one and not the last, is encrypted, has HT control. */
const MORE_FRAGMENTS = 0x04;
const PROTECTED = 0x40;
const ORDER = 0x80;
const BOTH_WAYS = 3;
/** Subtypes of control frames. */
const PS_POLL = 10;
const CLEAR_TO_SEND = 12;
const ACKNOWLEDGEMENT = 13;
const CF_END = 14;
const CONTROL_WRAPPER = 7;

/** Where QoS control would stand in a data frame. */
function qualityAt(view: DataView, at: number): number {
  const addresses = ds.read(view, at) === BOTH_WAYS ? 4 : 3;
  return at + frameControl.size + durationPart.size + addresses * 6 + sequencePart.size;
}

function aggregates(view: DataView, at: number, captured: number): boolean {
  const quality = qualityAt(view, at);
  const has = (subtype.read(view, at) & (QOS | NULL)) === QOS && quality + aggregateBit.size <= captured;
  return has && isAggregate.read(view, quality);
}

function partsOf(view: DataView, at: number, { captured }: Limit): readonly Layout[] {
  const hasControl = (flags.read(view, at) & ORDER) !== 0;
  switch (type.read(view, at)) {
    case DATA:
      return dataParts(view, at, captured, hasControl);
    case MANAGEMENT:
      return [durationPart, managementAddresses, sequencePart, ...(hasControl ? [htControl] : [])];
    case CONTROL:
      return controlParts(subtype.read(view, at));
    default:
      return [];
  }
}

function dataParts(view: DataView, at: number, captured: number, hasControl: boolean): readonly Layout[] {
  const direction = ds.read(view, at);
  const known = aggregates(view, at, captured) ? AGGREGATE_ADDRESSES : DATA_ADDRESSES;
  const parts = [durationPart, ...known.slice(direction, direction + 1), sequencePart];
  if (direction === BOTH_WAYS) parts.push(fourthAddress);
  if ((subtype.read(view, at) & QOS) === 0) return parts;
  parts.push(qualityOf(direction >= 2, (subtype.read(view, at) & NULL) !== 0));
  if (hasControl) parts.push(htControl);
  return parts;
}

const qualityOf = (fromAccessPoint: boolean, isNull: boolean): Layout =>
  fromAccessPoint
    ? QUALITIES[isNull ? 'accessPointNull' : 'accessPoint']
    : QUALITIES[isNull ? 'stationNull' : 'station'];

function controlParts(number: number): readonly Layout[] {
  switch (number) {
    case PS_POLL:
      return [aidPart, pollAddresses];
    case CLEAR_TO_SEND:
    case ACKNOWLEDGEMENT:
    case CONTROL_WRAPPER:
      return [durationPart, receiver];
    case CF_END:
    case CF_END + 1:
      return [durationPart, endAddresses];
    default:
      return [durationPart, receiverAndTransmitter];
  }
}

/** What the body of a frame is. Encrypted ones, pieces of larger ones and those of other kinds than data are opaque. */
function next(view: DataView, at: number, end: number, limit: Limit, { key }: Context): Next {
  const facts = { type: 'form', key } as const;
  const body = isPadded(key) ? Math.min(at + Math.ceil((end - at) / 4) * 4, limit.captured) : end;
  const inside = hasFcs(key) ? withoutFcs(body, limit) : limit;
  const found = { at: body, limit: inside, facts };
  const sort = subtype.read(view, at);
  const isEntered = type.read(view, at) === DATA && !(sort & NULL);
  if (!isEntered || body >= inside.wire) return { ...found, table: body < inside.wire ? 'payload' : 'none', key: 0 };
  if (flags.read(view, at) & PROTECTED || isPiece(view, at)) return { ...found, table: 'payload', key: 0 };
  const isAggregated = aggregates(view, at, limit.captured);
  return { ...found, table: 'link', key: isAggregated ? LINK_TYPE_AGGREGATE : LINK_TYPE_LLC };
}

function withoutFcs(body: number, { captured, wire }: Limit): Limit {
  const end = Math.max(body, wire - checkSequence.size);
  return { captured: Math.min(captured, end), wire: end };
}

/** Pieces of a frame are not put together again: only their hardware does that. */
function isPiece(view: DataView, at: number): boolean {
  const number = sequencePart.fields.frag.read(view, at + frameControl.size + durationPart.size + 3 * 6);
  return number > 0 || (flags.read(view, at) & MORE_FRAGMENTS) !== 0;
}

function note(view: DataView, at: number): string {
  const number = kind.read(view, at);
  return kind.names(number) ?? `type ${type.read(view, at)}, subtype ${subtype.read(view, at)}`;
}

/** Tells the check sequence at the end of a frame. */
function tellFcs(view: DataView, { limit, end, facts }: Layer, sink: FieldSink): void {
  const at = limit.wire - checkSequence.size;
  const has = facts?.type === 'form' && hasFcs(facts.key) && at >= end;
  if (has) tellLayout(sink, checkSequence, view, at, limit);
}

const header = headerDissector({
  name: 'wlan',
  title: 'IEEE 802.11',
  short: '802.11',
  layout: frameControl,
  parts: { all: PARTS, of: partsOf },
  // Versions above 0 have another frame control.
  isMine: (view, at) => version.read(view, at) === 0,
  next,
  note,
  after: tellFcs,
});

export const wlan: Dissector = {
  ...header,
  summary: (view, layer) => {
    const ends = wlanEnds(view, layer.at, layer.limit);
    return ends ? `${ends[0]} → ${ends[1]} ${header.summary(view, layer)}` : header.summary(view, layer);
  },
};
