import { ETHERTYPE_BRIDGED } from '../ethernet/ether-types.js';
import { headerDissector } from '../header.js';
import { etheripHeader } from './layout.js';

export const etherip = headerDissector({
  name: 'etherip',
  title: 'Ethernet over IP',
  short: 'EtherIP',
  label: 'EtherIP',
  layout: etheripHeader,
  next: () => ({ table: 'ethertype', key: ETHERTYPE_BRIDGED }),
});
