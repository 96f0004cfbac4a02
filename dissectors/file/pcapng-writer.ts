import { concatenated, viewOf } from '../wire/view.js';
import type { InterfaceStatistics, NameRecord } from './events.js';
import {
  BLOCK_OVERHEAD,
  BYTE_ORDER_MAGIC,
  CHANNEL_SECRETS,
  CUSTOM_COPIED,
  CUSTOM_KEPT,
  DECRYPTION_SECRETS,
  ENHANCED_PACKET,
  INTERFACE_DESCRIPTION,
  INTERFACE_STATISTICS,
  NAME_RESOLUTION,
  OPTION_COMMENT,
  padded,
  SECTION_HEADER,
} from './pcapng-blocks.js';
import type { CaptureInterface } from './records.js';
import { utf8Of } from './utf8.js';

/** Each function gives one whole block of a little-endian section. Source: draft-ietf-opsawg-pcapng. */

export interface SectionHeader {
  readonly application?: string;
  readonly hardware?: string;
  readonly os?: string;
  readonly comments?: readonly string[];
}

/**
 * An interface; its times are written in nanoseconds, whatever they were read from, unless it says otherwise. An offset
 * is for times before 1970.
 */
export interface InterfaceDescription
  extends Pick<CaptureInterface, 'linkType'>,
    Partial<Omit<CaptureInterface, 'linkType' | 'resolution' | 'section'>> {
  /** Digits of the fraction of a second; 9 if left out. */
  readonly digits?: number | undefined;
}

export interface EnhancedPacket {
  /** Place among the section's interfaces. */
  readonly interfaceId: number;
  /** Since 1970-01-01T00:00:00Z, less the interface's offset; and nanoseconds below a second. */
  readonly seconds: number;
  readonly nanos: number;
  /** As the interface has them; 9 if left out. */
  readonly digits?: number | undefined;
  readonly bytes: Uint8Array;
  /** Bytes the packet had on the wire. */
  readonly wire: number;
  readonly comments?: readonly string[];
}

/** Code and value. */
type OptionEntry = readonly [code: number, value: Uint8Array];

/** The longest value of an option that a multiple of four bytes can follow. */
const LONGEST_OPTION = 0xfffc;
const NANOSECONDS = 9;

/** The most seconds that 64 bits of nanoseconds can tell: a day in July 2554. */
export const MOST_SECONDS = 18_446_744_072;

/** How many digits of a time fit in 64 bits behind its seconds; 9 until July 2554. */
export function digitsOf(seconds: number, nanos: number): number {
  let digits = NANOSECONDS;
  while (digits > 0 && unitsOf(seconds, nanos, digits) > MOST) digits--;
  return digits;
}

export function sectionHeader(given: SectionHeader = {}): Uint8Array {
  const fields = new Uint8Array(16);
  const view = viewOf(fields);
  view.setUint32(0, BYTE_ORDER_MAGIC, true);
  view.setUint16(4, 1, true);
  // The length of the section is not known yet.
  view.setBigInt64(8, -1n, true);
  const { application = 'Handshark', hardware, os, comments } = given;
  return block(SECTION_HEADER, [
    fields,
    options([...commentOptions(comments), ...text(2, hardware), ...text(3, os), ...text(4, application)]),
  ]);
}

export function interfaceDescription(given: InterfaceDescription): Uint8Array {
  const {
    linkType,
    snapLength = 0,
    offset = 0,
    digits = NANOSECONDS,
    fcsLength,
    name,
    description,
    filter,
    hardware,
    os,
    comments,
  } = given;
  const fields = new Uint8Array(8);
  const view = viewOf(fields);
  view.setUint16(0, linkType, true);
  view.setUint32(4, snapLength, true);
  return block(INTERFACE_DESCRIPTION, [
    fields,
    options([
      ...commentOptions(comments),
      ...text(2, name),
      ...text(3, description),
      [9, Uint8Array.of(digits)],
      // The byte before the text says that it is text.
      ...(filter === undefined ? [] : [[11, utf8Of(`\0${filter}`)] as const]),
      ...text(12, os),
      ...(fcsLength === undefined ? [] : [[13, Uint8Array.of(fcsLength)] as const]),
      ...(offset === 0 ? [] : [[14, integer64(BigInt(offset))] as const]),
      ...text(15, hardware),
    ]),
  ]);
}

/** One packet. A time that does not fit in 64 bits of its unit becomes the nearest that does. */
export function enhancedPacket(packet: EnhancedPacket): Uint8Array {
  const { interfaceId, bytes, wire, comments } = packet;
  const fixed = 28 + padded(bytes.length);
  const list = comments === undefined ? NO_OPTIONS : options(commentOptions(comments));
  const length = fixed + list.length + 4;
  const whole = new Uint8Array(length);
  const view = viewOf(whole);
  view.setUint32(0, ENHANCED_PACKET, true);
  view.setUint32(4, length, true);
  view.setUint32(8, interfaceId, true);
  setTime(view, 12, packet.seconds, packet.nanos, packet.digits);
  view.setUint32(20, bytes.length, true);
  view.setUint32(24, wire, true);
  whole.set(bytes, 28);
  whole.set(list, fixed);
  view.setUint32(length - 4, length, true);
  return whole;
}

export function nameResolution(names: readonly NameRecord[]): Uint8Array {
  const types = { ipv4: 1, ipv6: 2, eui48: 3, eui64: 4 } as const;
  const records = names.map(({ kind, address, names: given }): OptionEntry => {
    const texts = utf8Of(given.map((name) => `${name}\0`).join(''));
    return [types[kind], concatenated([address, texts.subarray(0, LONGEST_OPTION - address.length)])];
  });
  // Records look like options, down to the one that ends them.
  return block(NAME_RESOLUTION, [options(records, true)]);
}

/** @param digits of the fraction of a second, as the interface has them; 9 if left out */
export function interfaceStatistics(given: InterfaceStatistics, digits?: number): Uint8Array {
  const fields = new Uint8Array(12);
  const view = viewOf(fields);
  view.setUint32(0, given.interfaceId, true);
  setTime(view, 4, given.seconds, given.nanos, digits);
  return block(INTERFACE_STATISTICS, [
    fields,
    options([
      ...commentOptions(given.comments),
      ...count(4, given.received),
      ...count(5, given.dropped),
      ...count(6, given.accepted),
      ...count(7, given.droppedByOs),
      ...count(8, given.delivered),
    ]),
  ]);
}

/** Secrets of any kind, or the text of a secrets file. */
export function decryptionSecrets(secrets: Uint8Array | string, kind: number = CHANNEL_SECRETS): Uint8Array {
  const bytes = typeof secrets === 'string' ? utf8Of(secrets) : secrets;
  const fields = new Uint8Array(8);
  viewOf(fields).setUint32(0, kind, true);
  viewOf(fields).setUint32(4, bytes.length, true);
  return block(DECRYPTION_SECRETS, [fields, bytes]);
}

/** @param copy whether programs that do not know the block may copy it */
export function customBlock(enterprise: number, bytes: Uint8Array, copy: boolean): Uint8Array {
  const fields = new Uint8Array(4);
  viewOf(fields).setUint32(0, enterprise, true);
  return block(copy ? CUSTOM_COPIED : CUSTOM_KEPT, [fields, bytes]);
}

/** Wraps a body, padded, in type and lengths. */
function block(type: number, pieces: readonly Uint8Array[]): Uint8Array {
  const body = concatenated(pieces);
  const length = padded(body.length) + BLOCK_OVERHEAD;
  const whole = new Uint8Array(length);
  const view = viewOf(whole);
  view.setUint32(0, type, true);
  view.setUint32(4, length, true);
  whole.set(body, 8);
  view.setUint32(length - 4, length, true);
  return whole;
}

const NO_OPTIONS = new Uint8Array(0);

/** A list of options and its end; nothing at all for an empty list, unless it must have an end. */
function options(entries: readonly OptionEntry[], always = false): Uint8Array {
  if (entries.length === 0 && !always) return NO_OPTIONS;
  const size = entries.reduce((sum, [, value]) => sum + 4 + padded(value.length), 4);
  const list = new Uint8Array(size);
  const view = viewOf(list);
  let at = 0;
  for (const [code, value] of entries) {
    view.setUint16(at, code, true);
    view.setUint16(at + 2, value.length, true);
    list.set(value, at + 4);
    at += 4 + padded(value.length);
  }
  return list;
}

const commentOptions = (comments: readonly string[] = []): readonly OptionEntry[] =>
  comments.flatMap((comment) => text(OPTION_COMMENT, comment));

const text = (code: number, value: string | undefined): readonly OptionEntry[] =>
  value === undefined ? [] : [[code, utf8Of(value).subarray(0, LONGEST_OPTION)]];

const count = (code: number, value: number | undefined): readonly OptionEntry[] =>
  value === undefined ? [] : [[code, integer64(BigInt(value))]];

function integer64(value: bigint): Uint8Array {
  const bytes = new Uint8Array(8);
  viewOf(bytes).setBigUint64(0, BigInt.asUintN(64, value), true);
  return bytes;
}

/** The latest time of a packet block, in its units: two words of 32 bits hold it. */
const MOST = (1n << 64n) - 1n;

/** A time in units of so many digits; below 0 before 1970. */
const unitsOf = (seconds: number, nanos: number, digits: number): bigint =>
  BigInt(Math.trunc(seconds)) * 10n ** BigInt(digits) + BigInt(Math.floor(nanos / 10 ** (NANOSECONDS - digits)));

/** Writes a time in units of so many digits, its upper half first. */
function setTime(view: DataView, at: number, seconds: number, nanos: number, digits = NANOSECONDS): void {
  const exact = unitsOf(seconds, nanos, digits);
  const units = exact < 0n ? 0n : exact > MOST ? MOST : exact;
  view.setUint32(at, Number(units >> 32n), true);
  view.setUint32(at + 4, Number(units & 0xffff_ffffn), true);
}
