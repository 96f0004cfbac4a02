import { ETHERTYPE_IPV4 } from '../ethernet/ether-types.js';
import type { Dissector, Layer, Payload } from '../layer.js';
import { etherText, ipv4Text } from '../wire/field.js';
import { fieldsOf, type Layout } from '../wire/layout.js';
import { type FieldSink, pathSet, tellDerived, tellLayout } from '../wire/sink.js';
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

function tell(view: DataView, { at, limit }: Layer, sink: FieldSink): void {
  const whole = at + arpHead.size <= limit.captured;
  const layout = whole ? layoutAt(view, at) : arpHead;
  const end = Math.min(at + (whole ? sizeAt(view, at) : arpHead.size), limit.captured);
  const operation = whole && sink.shows ? ` (${nameOf(view, at)})` : '';
  sink.open('arp', sink.shows ? `${arp.title}${operation}` : '', at, end);
  tellLayout(sink, layout, view, at, limit);
  if (layout === arpEthernetIpv4 && at + layout.size <= limit.captured) tellKinds(view, at, sink);
  sink.close();
}

function nameOf(view: DataView, at: number): string {
  const opcode = fields.opcode.read(view, at);
  return fields.opcode.names(opcode) ?? `opcode ${opcode}`;
}

/** Only what is so is told, as a filter for presence expects. */
function tellKinds(view: DataView, at: number, sink: FieldSink): void {
  if (!sink.wantsAny(KINDS)) return;
  const { fields: addresses, size } = arpEthernetIpv4;
  const opcode = fields.opcode.read(view, at);
  const sender = addresses['src.proto_ipv4'].read(view, at);
  const target = addresses['dst.proto_ipv4'].read(view, at);
  const known = addresses['dst.hw_mac'].read(view, at).some((byte) => byte !== 0);
  const gratuitous = (opcode === REQUEST || opcode === REPLY) && sender === target;
  const end = at + size;
  if (gratuitous) tellDerived(sink, DERIVED.gratuitous, true, at, end);
  if (gratuitous && opcode === REQUEST && !known) tellDerived(sink, DERIVED.announcement, true, at, end);
  if (!gratuitous && opcode === REQUEST && sender === 0) tellDerived(sink, DERIVED.probe, true, at, end);
}

const KINDS = pathSet(Object.values(DERIVED));

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
  tell,
  summary,
};
