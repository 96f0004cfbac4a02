import {
  ETHERTYPE_BRIDGED,
  ETHERTYPE_IPV4,
  ETHERTYPE_IPV6,
  ETHERTYPE_MPLS,
  NO_ETHERTYPE,
} from '../ethernet/ether-types.js';
import { headerDissector } from '../header.js';
import type { Dissector, Layer } from '../layer.js';
import { genericHeader, vxlanHeader } from './layout.js';

/** Its port. Source: RFC 7348, section 5. */
export const PORT_VXLAN = 4789;
export const PORT_VXLAN_GPE = 4790;

const networkOf =
  ({ vni }: typeof vxlanHeader.fields | typeof genericHeader.fields) =>
  (view: DataView, { at }: Layer): string =>
    `${vni.read(view, at)}`;

const noteOf =
  ({ vni }: typeof vxlanHeader.fields | typeof genericHeader.fields) =>
  (view: DataView, at: number): string =>
    `VNI ${vni.read(view, at)}`;

const plain = headerDissector({
  name: 'vxlan',
  title: 'Virtual eXtensible Local Area Network',
  short: 'VXLAN',
  layout: vxlanHeader,
  next: () => ({ table: 'ethertype', key: ETHERTYPE_BRIDGED }),
  note: noteOf(vxlanHeader.fields),
  networkOf: networkOf(vxlanHeader.fields),
});

/** EtherTypes of the next protocols. */
const NEXT: Readonly<Record<number, number>> = {
  1: ETHERTYPE_IPV4,
  2: ETHERTYPE_IPV6,
  3: ETHERTYPE_BRIDGED,
  5: ETHERTYPE_MPLS,
};

const generic = headerDissector({
  name: 'vxlan',
  title: 'Virtual eXtensible Local Area Network, Generic Protocol Extension',
  short: 'VXLAN-GPE',
  layout: genericHeader,
  next: (view, at) => ({
    table: 'ethertype',
    key: NEXT[genericHeader.fields.next_proto.read(view, at)] ?? NO_ETHERTYPE,
  }),
  note: noteOf(genericHeader.fields),
  networkOf: networkOf(genericHeader.fields),
});

const isGeneric = ({ facts, stop }: Layer): boolean =>
  facts?.type === 'form' ? facts.key === PORT_VXLAN_GPE : stop?.what === NEXT_PROTOCOL;
const NEXT_PROTOCOL = genericHeader.fields.next_proto.path;

/** Both headers are one layer, as in Wireshark; which of them one is, only its port tells. */
export const vxlan: Dissector = {
  ...plain,
  layout: undefined,
  fields: [...new Map([...generic.fields, ...plain.fields].map((field) => [field.path, field])).values()],
  tell: (view, layer, sink) => (isGeneric(layer) ? generic : plain).tell(view, layer, sink),
  summary: (view, layer) => (isGeneric(layer) ? generic : plain).summary(view, layer),
};

export const vxlanGpe: Dissector = {
  ...vxlan,
  dissect: (view, at, limit, context) => {
    const found = generic.dissect(view, at, limit, context);
    if (!found) return found;
    return found.ok ? { ...found, facts: { type: 'form', key: PORT_VXLAN_GPE } } : { ...found, what: NEXT_PROTOCOL };
  },
};
