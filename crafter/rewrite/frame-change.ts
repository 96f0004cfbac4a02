import type { Dissection } from '../../dissectors/dissect.js';
import { ipv4Header } from '../../dissectors/ipv4/layout.js';
import { ipv6Header } from '../../dissectors/ipv6/layout.js';
import type { Layer } from '../../dissectors/layer.js';
import { udpHeader } from '../../dissectors/udp/layout.js';
import type { Named } from '../../dissectors/wire/sink.js';
import { put, slice, viewOf } from '../../dissectors/wire/view.js';
import type { ChannelRewriter } from '../channel-rewriter.js';
import { type AddressRule, type End, ruled } from './address-rule.js';
import type { Anonymizer } from './anonymizer.js';
import { type Cover, coversOf } from './covers.js';
import { changeField, type FieldChange } from './field-change.js';
import { type FieldPlace, placesOf } from './field-places.js';
import { type Repair, repairChecksums } from './repair.js';

/** A new number for ports of one number. */
export interface PortRule {
  readonly end: End;
  readonly from?: number;
  readonly to: number;
}

/** What is to become of frames, their length aside. */
export interface FrameChanges {
  readonly addresses: readonly AddressRule[];
  readonly ports: readonly PortRule[];
  readonly fields: readonly FieldChange[];
  readonly anonymizer?: Anonymizer;
  readonly channel: ChannelRewriter;
  readonly repair: Repair;
  /** Whether lengths that reach beyond the frame are made to end with it. */
  readonly fixLengths: boolean;
}

/** What could not be done. */
export interface FrameMisses {
  /** Channel packets that do not lie in one frame. */
  channels: number;
  /** Values that have no room where the old ones stand. */
  values: number;
}

const changesNothing = (changes: FrameChanges): boolean =>
  changes.addresses.length === 0 &&
  changes.ports.length === 0 &&
  changes.fields.length === 0 &&
  !changes.anonymizer &&
  changes.channel.isIdle &&
  changes.repair !== 'anew' &&
  !changes.fixLengths;

/**
 * Changes a captured frame, without changing its length.
 * @param bytes the frame as it was dissected; it is not changed
 * @param misses counts what could not be done
 */
export function changedFrame(
  bytes: Uint8Array,
  dissection: Dissection,
  changes: FrameChanges,
  misses: FrameMisses,
): Uint8Array {
  if (changesNothing(changes)) return bytes;
  const changed = bytes.slice();
  const [before, frame] = [viewOf(bytes), viewOf(changed)];
  const covers = coversOf(dissection, before);
  const given = new Set<number>();
  for (const packet of dissection.channels) {
    if (packet.view === dissection.sources[0]?.view) changes.channel.rewrite(packet, frame, packet.at);
    else if (!changes.channel.isIdle) misses.channels++;
  }
  changeAddresses(frame, dissection, before, changes);
  changePorts(frame, dissection, before, covers, changes.ports);
  changeFields(frame, dissection, before, changes.fields, given, misses);
  if (changes.fixLengths) fixLengths(frame, dissection);
  repairChecksums(before, frame, covers, changes.repair, given);
  return changed;
}

const KINDS: ReadonlySet<string> = new Set(['ipv4', 'ipv6', 'ether']);

/** Whether a field is an address; those of links are bytes where they may be of any kind of link. */
const isAddress = ({ kind, path }: Named): boolean => KINDS.has(kind) || path.endsWith('linkaddr');

function changeAddresses(
  frame: DataView,
  dissection: Dissection,
  before: DataView,
  { addresses, anonymizer }: FrameChanges,
): void {
  if (addresses.length === 0 && !anonymizer) return;
  const own = dissection.layers.filter(({ source, quoted }) => source === 0 && !quoted);
  const innermost = own.findLast(({ facts }) => facts?.type === 'network');
  const outermost = own.find(({ name }) => LINKS.has(name));
  const places = placesOf(dissection, before, isAddress);
  for (const place of places) {
    const address = slice(frame, place.start, place.end);
    if (!SIZES.has(address.length)) continue;
    const isOf = (rule: AddressRule) => concerns(rule, place, innermost, outermost);
    const changed = ruled(addresses, address, isOf) ?? anonymizer?.change(address);
    if (changed) put(frame, place.start, changed);
  }
}

/** Bytes of addresses of IPv4, Ethernet and IPv6. */
const SIZES: ReadonlySet<number> = new Set([4, 6, 16]);
const LINKS: ReadonlySet<string> = new Set(['eth', 'sll', 'wlan']);
const NETWORKS: ReadonlySet<string> = new Set(['ip', 'ipv6']);

/** Whether a rule is about an address at this place. */
function concerns({ end, from, to }: AddressRule, { field, layer }: FieldPlace, innermost?: Layer, outermost?: Layer) {
  if (end === 'any') return true;
  if (layer.quoted) return false;
  const isMac = to.length === 6;
  if (!(isMac ? LINKS : NETWORKS).has(layer.name)) return false;
  if (!from && layer !== (isMac ? outermost : innermost)) return false;
  return end === 'src'
    ? /^(ip|ipv6|eth)\.src$|^sll\.src|^wlan\.sa$/.test(field.path)
    : /^(ip|ipv6|eth)\.dst$|^wlan\.da$/.test(field.path);
}

const isPort = ({ path }: Named): boolean => /^(udp|tcp|sctp)\.(src|dst)port$/.test(path);

function changePorts(
  frame: DataView,
  dissection: Dissection,
  before: DataView,
  covers: readonly Cover[],
  ports: readonly PortRule[],
): void {
  if (ports.length === 0) return;
  const changePort = (at: number, end: 'src' | 'dst', isQuoted: boolean): void => {
    const was = frame.getUint16(at);
    // What comes back in an error message was sent the other way, with the same ports.
    const fits = (rule: PortRule) =>
      (rule.end === 'any' || (rule.end === end && !isQuoted)) && (rule.from ?? was) === was;
    const rule = ports.find(fits);
    if (rule) frame.setUint16(at, rule.to);
  };
  for (const { start, field, layer } of placesOf(dissection, before, isPort)) {
    changePort(start, field.path.endsWith('.srcport') ? 'src' : 'dst', layer.quoted === true);
  }
  // Of a datagram in fragments the first has the ports, which are read only once it is whole.
  for (const { at, isFragment, end } of covers) {
    if (!isFragment || at + 4 > end) continue;
    changePort(at, 'src', false);
    changePort(at + 2, 'dst', false);
  }
}

function changeFields(
  frame: DataView,
  dissection: Dissection,
  before: DataView,
  fields: readonly FieldChange[],
  given: Set<number>,
  misses: FrameMisses,
): void {
  for (const change of fields) {
    for (const place of placesOf(dissection, before, ({ path }) => path === change.path)) {
      if (place.layer.quoted) continue;
      if (!changeField(frame, place, change)) misses.values++;
      else if (/checksum$|crc/.test(change.path)) given.add(place.start);
    }
  }
}

/** Ends the packets that reach beyond the frame with it, outermost first. */
function fixLengths(frame: DataView, { layers }: Dissection): void {
  const end = frame.byteLength;
  for (const { name, at, source, quoted, stop } of layers) {
    if (source !== 0 || quoted || (stop && name !== 'udp')) continue;
    const left = end - at;
    if (name === 'ip' && left >= ipv4Header.size) shorten(frame, at, ipv4Header.fields.len, left);
    else if (name === 'ipv6' && left >= ipv6Header.size)
      shorten(frame, at, ipv6Header.fields.plen, left - ipv6Header.size);
    else if (name === 'udp' && left >= udpHeader.size) shorten(frame, at, udpHeader.fields.length, left);
  }
}

function shorten(
  frame: DataView,
  at: number,
  field: {
    readonly read: (view: DataView, at: number) => number;
    readonly write: (view: DataView, at: number, value: number) => void;
  },
  most: number,
): void {
  if (field.read(frame, at) > most) field.write(frame, at, most);
}
