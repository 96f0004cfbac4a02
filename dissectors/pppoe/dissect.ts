import { type Header, headerDissector } from '../header.js';
import type { Context, Dissector } from '../layer.js';
import { LINK_TYPE_PPP_BARE } from '../ppp/link-types.js';
import { finding } from '../wire/finding.js';
import { toldReach } from '../wire/sliced.js';
import type { Limit } from '../wire/stop.js';
import { DISCOVERY_FORM } from './form.js';
import { pppoeHeader } from './layout.js';
import { TAG_FIELDS, tagStop, tellTags } from './tags.js';

const { code, payload_length, session_id } = pppoeHeader.fields;

/** Where the payload of the header at `at` ends. */
const endOf = (view: DataView, at: number): number => at + pppoeHeader.size + payload_length.read(view, at);

/** How far the payload of the header `[at, end)` reaches. */
const reachOf = (view: DataView, at: number, end: number, limit: Limit, context: Context) =>
  toldReach(payload_length.path, end - 2, 2, end, payload_length.read(view, at), limit, context);

const note: Header['note'] = (view, at) => {
  const number = code.read(view, at);
  return `${code.names(number) ?? `code ${number}`}, session ${session_id.read(view, at)}`;
};

/** The discovery stage: a header, and tags. */
const discovery = headerDissector({
  name: 'pppoed',
  title: 'PPP-over-Ethernet discovery',
  label: 'PPPoED',
  short: 'PPPoE',
  layout: pppoeHeader,
  tail: {
    fields: TAG_FIELDS,
    end: (view, at, start, { wire }) => Math.max(start, Math.min(endOf(view, at), wire)),
    tell: (view, _at, start, { captured }, sink) => tellTags(view, start, captured, sink),
  },
  next: (view, at, end, limit, context) => {
    const { source } = context;
    const stop = tagStop(view, at + pppoeHeader.size, end);
    const { findings = [] } = reachOf(view, at, at + pppoeHeader.size, limit, context);
    // Of a sliced frame it is no fault of the tags that they end early.
    const why = findings.length > 0 ? 'truncated' : 'malformed';
    const cut = stop && finding(why, stop.at, end, [stop.what, stop.need, stop.have], source);
    return { table: 'none', key: 0, findings: cut ? [...findings, cut] : findings };
  },
  note,
});

export const pppoed: Dissector = { ...discovery, form: DISCOVERY_FORM };

/** The session stage: a header, and a PPP frame without address and control. Padding behind it is not part of it. */
export const pppoes = headerDissector({
  name: 'pppoes',
  title: 'PPP-over-Ethernet session',
  label: 'PPPoES',
  short: 'PPPoE',
  layout: pppoeHeader,
  next: (view, at, end, limit, context) => ({
    table: 'link',
    key: LINK_TYPE_PPP_BARE,
    ...reachOf(view, at, end, limit, context),
  }),
  note,
  networkOf: (view, { at }) => `${session_id.read(view, at)}`,
});
