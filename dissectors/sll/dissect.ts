import { LEAST_ETHERTYPE, NO_ETHERTYPE } from '../ethernet/ether-types.js';
import { dissectLlc, llcEnd, tellLlc } from '../ethernet/llc.js';
import type { Context, Dissector, Layer, Payload } from '../layer.js';
import { payloadAt } from '../payload.js';
import { fieldsOf, type Layout } from '../wire/layout.js';
import { type FieldSink, tellLayout } from '../wire/sink.js';
import { type Limit, type Stop, shortOf } from '../wire/stop.js';
import { SLL_HEADERS, SLL2_HEADERS, sll2Header, sllHeader } from './layout.js';

export const LINK_TYPE_SLL = 113;
export const LINK_TYPE_SLL2 = 276;

/** The protocol of Linux for frames that start with LLC. */
const LLC = 4;
/** Interfaces whose protocol field is a family of netlink, not an EtherType. */
const NETLINK = 824;
/** Addresses longer than the field for them are cut. */
const MOST_ADDRESS = 8;

const VERSION_1 = { type: 'cooked', version: 1 } as const;
const VERSION_2 = { type: 'cooked', version: 2 } as const;

/** Finds the payload of the cooked packet at `at`, of the version that the link type tells. */
function dissect(view: DataView, at: number, limit: Limit, context: Context): Payload | Stop {
  const facts = context.key === LINK_TYPE_SLL2 ? VERSION_2 : VERSION_1;
  const header = facts === VERSION_2 ? sll2Header : sllHeader;
  if (at + header.size > limit.captured) return shortOf('sll', at, header.size, limit);
  const protocol = header.fields.etype.read(view, at);
  const end = at + header.size;
  if (protocol === LLC) return { ...dissectLlc(view, end, limit), facts };
  const key = protocol < LEAST_ETHERTYPE || header.fields.hatype.read(view, at) === NETLINK ? NO_ETHERTYPE : protocol;
  return payloadAt(context, end, limit, 'ethertype', key, facts);
}

/** Which version a layer is of. Where the header did not fit, the stop tells how long it should have been. */
const isVersion2 = ({ facts, stop }: Layer): boolean =>
  facts?.type === 'cooked' ? facts.version === 2 : stop?.need === sll2Header.size;

/** The layout that fits the header at `at`, as far as it is captured. */
function layoutAt(view: DataView, at: number, limit: Limit, version2: boolean): Layout {
  const header = version2 ? sll2Header : sllHeader;
  if (at + header.size > limit.captured) return header;
  const length = Math.min(header.fields.halen.read(view, at), MOST_ADDRESS);
  const layouts = (version2 ? SLL2_HEADERS : SLL_HEADERS)[length];
  const protocol = header.fields.etype.read(view, at) < LEAST_ETHERTYPE ? 'ltype' : 'etype';
  return layouts?.[protocol] ?? header;
}

function tell(view: DataView, layer: Layer, sink: FieldSink): void {
  const { at, limit, stop } = layer;
  const version2 = isVersion2(layer);
  const layout = layoutAt(view, at, limit, version2);
  const end = Math.min(at + layout.size, limit.captured);
  const hasLlc = !stop && protocolAt(view, at, version2) === LLC;
  sink.open('sll', version2 ? VERSION_2_TITLE : TITLE, at, hasLlc ? llcEnd(view, end, limit) : end);
  tellLayout(sink, layout, view, at, limit);
  if (hasLlc) tellLlc(view, end, limit, sink);
  sink.close();
}

const TITLE = 'Linux cooked capture';
const VERSION_2_TITLE = `${TITLE} v2`;

const protocolAt = (view: DataView, at: number, version2: boolean): number =>
  (version2 ? sll2Header : sllHeader).fields.etype.read(view, at);

function summary(view: DataView, layer: Layer): string {
  const version2 = isVersion2(layer);
  const { fields, size } = version2 ? sll2Header : sllHeader;
  if (layer.at + size > layer.limit.captured) return 'Linux cooked, cut off';
  const kind = fields.pkttype.read(view, layer.at);
  const protocol = fields.etype.read(view, layer.at);
  const name = fields.etype.names(protocol) ?? `0x${protocol.toString(16).padStart(4, '0')}`;
  return `${fields.pkttype.names(kind) ?? `packet type ${kind}`}, ${name}`;
}

export const sll: Dissector = {
  name: 'sll',
  title: TITLE,
  fields: fieldsOf(...[...SLL_HEADERS, ...SLL2_HEADERS].flatMap(({ etype, ltype }) => [etype, ltype])),
  dissect,
  tell,
  summary,
};
