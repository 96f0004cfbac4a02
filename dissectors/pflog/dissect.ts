import { headerDissector } from '../header.js';
import { etherTypeOf } from '../loopback/layout.js';
import { malformed } from '../wire/stop.js';
import { pflogDirection, pflogHeader, pflogOwners } from './layout.js';

const { action, af, ifname, length } = pflogHeader.fields;

/** The header has been this long since it tells of owners. */
const WITH_OWNERS = pflogHeader.size + pflogOwners.size + pflogDirection.size;
const LEAST = pflogHeader.size + pflogDirection.size;
/** The packet starts at a multiple of this many bytes. */
const WORD = 4;

export const pflog = headerDissector({
  name: 'pflog',
  title: 'Packet filter log',
  short: 'Packet filter',
  layout: pflogHeader,
  parts: {
    all: [pflogOwners, pflogDirection],
    of: (view, at) => (length.read(view, at) < WITH_OWNERS ? [pflogDirection] : [pflogOwners, pflogDirection]),
  },
  tail: {
    fields: [],
    end: (view, at) => {
      const size = length.read(view, at);
      return size < LEAST ? malformed('pflog.length', at, LEAST, size) : at + Math.ceil(size / WORD) * WORD;
    },
  },
  next: (view, at) => ({ table: 'ethertype', key: etherTypeOf(af.read(view, at)) }),
  note: (view, at) => `${action.names(action.read(view, at)) ?? 'action'} on ${ifname.read(view, at)}`,
});
