import type { Application, Context, Dissector, NOT_MINE, Payload } from '../layer.js';
import { payloadAt } from '../payload.js';
import { type Finding, finding } from '../wire/finding.js';
import { fieldsOf } from '../wire/layout.js';
import { type Limit, type Stop, shortOf } from '../wire/stop.js';
import { fieldsOfItems } from './data.js';
import { DNS_FORM } from './form.js';
import { dnsHeader, type Flavour, HEADERS, HEADS, lengthPrefix, NAME_FIELDS } from './layout.js';
import { messageEnd } from './message.js';
import { EDNS_OPTIONS } from './options.js';
import { IN_STREAM, isPlausible } from './place.js';
import { RECORD_ITEMS } from './records.js';
import { summaryOf } from './summary.js';
import { tellMessage } from './tell.js';

const { size } = dnsHeader;

/**
 * Reads the message at `at` to its end. Total: any bytes give a payload, a stop, or `NOT_MINE`.
 * Source: RFC 1035, section 4.1.
 */
function dissect(view: DataView, at: number, limit: Limit, context: Context): Payload | Stop | typeof NOT_MINE {
  const { state } = context;
  const start = state ? at + lengthPrefix.size : at;
  // Of what an error quotes, nothing at all is here as often as not.
  if (context.quoted && at >= limit.captured) return undefined;
  if (start + size > limit.captured) return shortOf('dns', at, start + size - at, limit);
  if (!isPlausible(view, start, limit)) return undefined;
  const end = messageEnd(view, start, limit);
  const findings = typeof end === 'number' || context.quoted ? undefined : [findingOf(end, limit, context)];
  const facts = state && ({ type: 'pdu', state } as const);
  return payloadAt(context, limit.captured, limit, 'none', 0, facts, findings);
}

const findingOf = ({ why, what, at, need, have }: Stop, { captured }: Limit, { source }: Context): Finding =>
  finding(why, Math.min(at, captured), captured, [what, need, have], source);

const FIELDS = [
  ...new Map(
    [...fieldsOf(...HEADERS, ...HEADS), ...NAME_FIELDS, ...fieldsOfItems([EDNS_OPTIONS, ...RECORD_ITEMS])].map(
      (field) => [field.path, field] as const,
    ),
  ).values(),
];

function dissectorOf(name: Flavour, title: string): Dissector {
  const tell = tellMessage(name, title);
  return {
    name,
    title,
    form: DNS_FORM,
    fields: FIELDS,
    dissect,
    tell,
    summary: (view, layer) => summaryOf(name, view, layer),
  };
}

/** Source: RFC 1035, section 4.2. */
export const dns: Application = {
  dissector: dissectorOf('dns', 'Domain Name System'),
  udpPorts: [53],
  tcpPorts: [53],
  stream: IN_STREAM,
};
/** Source: RFC 6762, section 3. */
export const mdns: Application = {
  dissector: dissectorOf('mdns', 'Multicast Domain Name System'),
  udpPorts: [5353],
  tcpPorts: [5353],
  stream: IN_STREAM,
};
/** Source: RFC 4795, section 2. */
export const llmnr: Application = {
  dissector: dissectorOf('llmnr', 'Link-local Multicast Name Resolution'),
  udpPorts: [5355],
  tcpPorts: [5355],
  stream: IN_STREAM,
};
