import { headerDissector } from '../header.js';
import { etherTypeOf } from '../loopback/layout.js';
import { encHeader } from './layout.js';

const { af, spi } = encHeader.fields;

export const enc = headerDissector({
  name: 'enc',
  title: 'OpenBSD encapsulation',
  short: 'IPsec',
  layout: encHeader,
  next: (view, at) => ({ table: 'ethertype', key: etherTypeOf(af.read(view, at)) }),
  note: (view, at) => `SPI 0x${spi.read(view, at).toString(16).padStart(8, '0')}`,
});
