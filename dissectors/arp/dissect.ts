import { ETHERTYPE_IPV4 } from '../ethernet/ether-types.js';
import type { Dissector, Layer, Payload } from '../layer.js';
import { etherText, ipv4Text } from '../wire/field.js';
import { fieldsOf, type Layout } from '../wire/layout.js';
import { derivedLine, flatLines, heading, type Line } from '../wire/line.js';
import { type Limit, type Stop, shortOf } from '../wire/stop.js';
import { arpEthernet, arpEthernetIpv4, arpHead, arpIpv4, arpOther, DERIVED } from './layout.js';

const { fields } = arpHead;
const REQUEST = 1;
const REPLY = 2;
/** Hardware types whose addresses read as Ethernet's. */
const ETHERNET = 1;
const IEEE_802 = 6;

/** Finds the end of the ARP packet at `at`; what follows pads the frame. */
function dissect(view: DataView, at: number, limit: Limit): Payload | Stop {
  if (at + arpHead.size > limit.captured) return shortOf('arp', at, arpHead.size, limit);
  const size = sizeAt(view, at);
  if (at + size > limit.captured) return shortOf('arp', at, size, limit);
  const end = at + size;
  return { ok: true, at: end, limit: { captured: end, wire: end }, table: 'none', key: 0 };
}

const sizeAt = (view: DataView, at: number): number =>
  arpHead.size + 2 * (fields['hw.size'].read(view, at) + fields['proto.size'].read(view, at));

function layoutAt(view: DataView, at: number): Layout {
  const hardware = fields['hw.type'].read(view, at);
  const ethernet = (hardware === ETHERNET || hardware === IEEE_802) && fields['hw.size'].read(view, at) === 6;
  const ipv4 = fields['proto.type'].read(view, at) === ETHERTYPE_IPV4 && fields['proto.size'].read(view, at) === 4;
  if (ethernet) return ipv4 ? arpEthernetIpv4 : arpEthernet;
  return ipv4 ? arpIpv4 : arpOther;
}

function lines(view: DataView, { at, limit, source }: Layer): Line {
  const whole = at + arpHead.size <= limit.captured;
  const layout = whole ? layoutAt(view, at) : arpHead;
  const children = flatLines(layout, view, at, limit, source).lines;
  const end = Math.min(at + (whole ? sizeAt(view, at) : arpHead.size), limit.captured);
  if (layout === arpEthernetIpv4 && at + layout.size <= limit.captured)
    children.push(...derivedLines(view, at, source));
  const operation = whole ? ` (${nameOf(view, at)})` : '';
  return heading('arp', `${arp.title}${operation}`, source, at, end, children);
}

function nameOf(view: DataView, at: number): string {
  const opcode = fields.opcode.read(view, at);
  return fields.opcode.names(opcode) ?? `opcode ${opcode}`;
}

/** Only what is so is told, as a filter for presence expects. */
function derivedLines(view: DataView, at: number, source: number): Line[] {
  const { fields: addresses, size } = arpEthernetIpv4;
  const opcode = fields.opcode.read(view, at);
  const sender = addresses['src.proto_ipv4'].read(view, at);
  const target = addresses['dst.proto_ipv4'].read(view, at);
  const known = addresses['dst.hw_mac'].read(view, at).some((byte) => byte !== 0);
  const gratuitous = (opcode === REQUEST || opcode === REPLY) && sender === target;
  const told = [
    [DERIVED.gratuitous, gratuitous],
    [DERIVED.announcement, gratuitous && opcode === REQUEST && !known],
    [DERIVED.probe, !gratuitous && opcode === REQUEST && sender === 0],
  ] as const;
  return told.filter(([, is]) => is).map(([field]) => derivedLine(field.path, field, true, source, at, at + size));
}

function summary(view: DataView, { at, limit }: Layer): string {
  if (at + arpHead.size > limit.captured) return 'ARP, cut off';
  if (layoutAt(view, at) !== arpEthernetIpv4 || at + arpEthernetIpv4.size > limit.captured) {
    return `ARP ${nameOf(view, at)}`;
  }
  const { fields: addresses } = arpEthernetIpv4;
  const sender = ipv4Text(addresses['src.proto_ipv4'].read(view, at));
  const target = ipv4Text(addresses['dst.proto_ipv4'].read(view, at));
  switch (fields.opcode.read(view, at)) {
    case REQUEST:
      return `Who has ${target}? Tell ${sender}`;
    case REPLY:
      return `${sender} is at ${etherText(view, at + addresses['src.hw_mac'].offset)}`;
    default:
      return `ARP ${nameOf(view, at)} ${sender} → ${target}`;
  }
}

export const arp: Dissector = {
  name: 'arp',
  title: 'Address Resolution Protocol',
  fields: [...fieldsOf(arpEthernetIpv4, arpOther), ...Object.values(DERIVED)],
  dissect,
  lines,
  summary,
};
