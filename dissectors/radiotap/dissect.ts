import { headerDissector } from '../header.js';
import { fieldsOf } from '../wire/layout.js';
import { malformed } from '../wire/stop.js';
import { wlanKey } from '../wlan/link-types.js';
import { itemsIn, tellItems } from './items.js';
import { FLAGS, flagsField, LAYOUTS, presentWord, radiotapHeader } from './layout.js';

const { length } = radiotapHeader.fields;
const LEAST = radiotapHeader.size + presentWord.size;

export const radiotap = headerDissector({
  name: 'radiotap',
  title: 'Radiotap header',
  short: 'Radiotap',
  layout: radiotapHeader,
  tail: {
    fields: fieldsOf(...LAYOUTS),
    end: (view, at, _start, { wire }) => {
      const size = length.read(view, at);
      if (size < LEAST) return malformed('radiotap.length', at, LEAST, size);
      return at + size > wire ? malformed('radiotap.length', at, size, wire - at) : at + size;
    },
    tell: (view, at, _start, { captured }, sink) => tellItems(view, at, captured, sink),
  },
  next: (view, at, end) => {
    const flags = itemsIn(view, at, end).find(({ bit }) => bit === FLAGS);
    const { 'flags.fcs': hasFcs, 'flags.datapad': isPadded } = flagsField.fields;
    const key = flags ? wlanKey(hasFcs.read(view, flags.at), isPadded.read(view, flags.at)) : wlanKey(false, false);
    return { table: 'link', key };
  },
});
