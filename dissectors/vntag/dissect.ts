import { isLength } from '../ethernet/ether-types.js';
import { headerDissector } from '../header.js';
import { LINK_TYPE_LLC } from '../llc/link-type.js';
import { toldReach } from '../wire/sliced.js';
import { vnTag, vnTagLength, vnTagType } from './layout.js';

const { dst, src } = vnTag.fields;
const TYPE = vnTag.size;

export const vntag = headerDissector({
  name: 'vntag',
  title: 'VN-Tag',
  short: 'VN-Tag',
  layout: vnTag,
  parts: {
    all: [vnTagType, vnTagLength],
    of: (view, at, { captured }) => {
      const isWhole = at + TYPE + vnTagType.size <= captured;
      return [isWhole && isLength(view.getUint16(at + TYPE)) ? vnTagLength : vnTagType];
    },
  },
  next: (view, at, end, limit, context) => {
    const key = view.getUint16(at + TYPE);
    if (!isLength(key)) return { table: 'ethertype', key };
    return { table: 'link', key: LINK_TYPE_LLC, ...toldReach('vntag.len', at + TYPE, 2, end, key, limit, context) };
  },
  note: (view, at) => `${src.read(view, at)} → ${dst.read(view, at)}`,
});
