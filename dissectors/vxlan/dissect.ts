import {
  ETHERTYPE_BRIDGED,
  ETHERTYPE_IPV4,
  ETHERTYPE_IPV6,
  ETHERTYPE_MPLS,
  NO_ETHERTYPE,
} from '../ethernet/ether-types.js';
import { headerDissector } from '../header.js';
import type { Layer } from '../layer.js';
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

export const vxlan = headerDissector({
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

export const vxlanGpe = headerDissector({
  name: 'vxlan_gpe',
  title: 'Virtual eXtensible Local Area Network, Generic Protocol Extension',
  short: 'VXLAN-GPE',
  label: 'VXLAN-GPE',
  layout: genericHeader,
  next: (view, at) => ({
    table: 'ethertype',
    key: NEXT[genericHeader.fields.next_proto.read(view, at)] ?? NO_ETHERTYPE,
  }),
  note: noteOf(genericHeader.fields),
  networkOf: networkOf(genericHeader.fields),
});
