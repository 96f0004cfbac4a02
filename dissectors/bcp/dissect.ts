import { headerDissector } from '../header.js';
import { bridgedHeader } from './layout.js';

const { 'flags.fcs_present': hasFcs, mac_type, pads } = bridgedHeader.fields;

const MAC_ETHERNET = 1;
const LINK_TYPE_ETHERNET = 1;
/** Bytes of the check sequence of Ethernet. */
const FCS = 4;

export const bridged = headerDissector({
  name: 'bcp_bpdu',
  title: 'Bridged PDU',
  short: 'Bridged PDU',
  layout: bridgedHeader,
  next: (view, at, end, { captured, wire }) => {
    const behind = pads.read(view, at) + (hasFcs.read(view, at) ? FCS : 0);
    const last = Math.max(end, wire - behind);
    const isEthernet = mac_type.read(view, at) === MAC_ETHERNET;
    const limit = { captured: Math.min(captured, last), wire: last };
    return { table: isEthernet ? 'link' : 'payload', key: isEthernet ? LINK_TYPE_ETHERNET : 0, limit };
  },
  note: (view, at) => mac_type.names(mac_type.read(view, at)) ?? '',
});
