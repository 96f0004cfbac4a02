import { isLength } from '../ethernet/ether-types.js';
import { headerDissector } from '../header.js';
import { LINK_TYPE_LLC } from '../llc/link-type.js';
import { toldReach } from '../wire/sliced.js';
import { serviceTag } from './layout.js';

const { etype, isid } = serviceTag.fields;

export const ieee8021ah = headerDissector({
  name: 'ieee8021ah',
  title: 'IEEE 802.1ah',
  short: 'IEEE 802.1ah',
  layout: serviceTag,
  next: (view, at, end, limit, context) => {
    const key = etype.read(view, at);
    if (!isLength(key)) return { table: 'ethertype', key };
    return { table: 'link', key: LINK_TYPE_LLC, ...toldReach(etype.path, end - 2, 2, end, key, limit, context) };
  },
  note: (view, at) => `service ${isid.read(view, at)}`,
  networkOf: (view, { at }) => `${isid.read(view, at)}`,
});
