import { NO_ETHERTYPE } from '../ethernet/ether-types.js';
import { headerDissector } from '../header.js';
import { chdlcHeader } from './layout.js';

/** Cisco's keep-alives, under the number that RARP has elsewhere. */
const SLARP = 0x8035;

const { protocol } = chdlcHeader.fields;

export const chdlc = headerDissector({
  name: 'chdlc',
  title: 'Cisco HDLC',
  short: 'Cisco HDLC',
  layout: chdlcHeader,
  next: (view, at) => {
    const key = protocol.read(view, at);
    return { table: 'ethertype', key: key === SLARP ? NO_ETHERTYPE : key };
  },
  note: (view, at) => protocol.names(protocol.read(view, at)) ?? '',
});
