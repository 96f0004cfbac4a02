import { ETHERTYPE_IPV4, ETHERTYPE_IPV6, NO_ETHERTYPE } from '../ethernet/ether-types.js';
import { headerDissector } from '../header.js';
import { fieldsOf } from '../wire/layout.js';
import { toldReach } from '../wire/sliced.js';
import { attributesIn, HEAD, isPayload, tellAttributes } from './attributes.js';
import { ATTRIBUTE, nflogHeader, VALUES } from './layout.js';

const { family } = nflogHeader.fields;

/** The address families of Linux. */
const FAMILY_IPV4 = 2;
const FAMILY_IPV6 = 10;

export const nflog = headerDissector({
  name: 'nflog',
  title: 'Netfilter log',
  short: 'Netfilter',
  layout: nflogHeader,
  tail: {
    fields: [...fieldsOf(...VALUES.values()), ...Object.values(ATTRIBUTE)],
    end: (view, _at, start, limit) => {
      const { attributes, stop } = attributesIn(view, start, limit);
      const last = attributes.at(-1);
      if (stop) return stop;
      return last && isPayload(last) ? last.at + HEAD : limit.captured;
    },
    tell: (view, at, _start, limit, sink) => tellAttributes(view, at, limit, sink),
  },
  next: (view, at, end, limit, context) => {
    const last = attributesIn(view, at + nflogHeader.size, limit).attributes.at(-1);
    if (!last || !isPayload(last)) return { table: 'none', key: 0 };
    const version = family.read(view, at);
    const key = version === FAMILY_IPV4 ? ETHERTYPE_IPV4 : version === FAMILY_IPV6 ? ETHERTYPE_IPV6 : NO_ETHERTYPE;
    const reach = toldReach(ATTRIBUTE.length.path, last.at, 2, end, last.length - HEAD, limit, context);
    return { table: 'ethertype', key, ...reach };
  },
  note: (view, at) => family.names(family.read(view, at)) ?? '',
});
