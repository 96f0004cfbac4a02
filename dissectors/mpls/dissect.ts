import { ETHERTYPE_BRIDGED, ETHERTYPE_IPV4, ETHERTYPE_IPV6, NO_ETHERTYPE } from '../ethernet/ether-types.js';
import { looksLikeEthernet } from '../ethernet/guess.js';
import { headerDissector, type Next } from '../header.js';
import { type FieldSink, tellLayout } from '../wire/sink.js';
import { type Limit, type Stop, shortOf } from '../wire/stop.js';
import { channelHeader, controlWord, labelEntry } from './layout.js';

/** Its port in UDP. Source: RFC 7510, section 3. */
export const PORT_MPLS = 6635;

const { label, bottom } = labelEntry.fields;

/** Where the label stack ends whose second entry would start at `start`. */
function stackEnd(view: DataView, at: number, start: number, limit: Limit): number | Stop {
  let end = start;
  for (let last = at; bottom.read(view, last) === 0; end += labelEntry.size) {
    if (end + labelEntry.size > limit.captured) return shortOf('mpls', end, labelEntry.size, limit);
    last = end;
  }
  return end;
}

function tellStack(view: DataView, _at: number, start: number, limit: Limit, sink: FieldSink): void {
  for (let entry = start; entry < limit.captured; entry += labelEntry.size) {
    const end = Math.min(entry + labelEntry.size, limit.captured);
    const isCut = end - entry < labelEntry.size;
    sink.open('', isCut ? 'Label, cut off' : sink.shows ? `Label ${label.read(view, entry)}` : '', entry, end);
    tellLayout(sink, labelEntry, view, entry, limit);
    sink.close();
  }
}

/**
 * What a label stack leads to: nothing in it tells, so its first four bits decide, as in Wireshark. Where they are 0
 * there is a control word before an Ethernet frame, or an Ethernet frame whose EtherType can be read without one.
 * Source: RFC 4928, section 3; RFC 4385, sections 3 and 5.
 */
function next(view: DataView, _at: number, end: number, limit: Limit): Next {
  const nibble = end < limit.captured ? view.getUint8(end) >>> 4 : -1;
  if (nibble === 0 && !looksLikeEthernet(view, end + controlWord.size, limit) && looksLikeEthernet(view, end, limit)) {
    return { table: 'ethertype', key: ETHERTYPE_BRIDGED };
  }
  return { table: 'mpls.pfn', key: nibble };
}

export const mpls = headerDissector({
  name: 'mpls',
  title: 'Multiprotocol Label Switching',
  short: 'MPLS',
  layout: labelEntry,
  tail: { fields: [], end: stackEnd, tell: tellStack },
  next,
  note: (view, at) => `label ${label.read(view, at)}`,
  networkOf: (view, { end }) => `${label.read(view, end - labelEntry.size)}`,
});

export const ethernetPseudowire = headerDissector({
  name: 'pwethcw',
  title: 'Ethernet pseudowire control word',
  short: 'Ethernet pseudowire',
  label: 'Pseudowire',
  layout: controlWord,
  next: () => ({ table: 'ethertype', key: ETHERTYPE_BRIDGED }),
});

/** EtherTypes of the packets that channels carry. */
const CHANNELS: Readonly<Record<number, number>> = { 33: ETHERTYPE_IPV4, 87: ETHERTYPE_IPV6 };

export const associatedChannel = headerDissector({
  name: 'pwach',
  title: 'Pseudowire associated channel',
  short: 'Pseudowire channel',
  label: 'Pseudowire',
  layout: channelHeader,
  next: (view, at) => ({
    table: 'ethertype',
    key: CHANNELS[channelHeader.fields.channel_type.read(view, at)] ?? NO_ETHERTYPE,
  }),
});
