import { derived, named, u8, u16 } from '../wire/field.js';
import { layout } from '../wire/layout.js';
import { tellLayout } from '../wire/sink.js';
import { type Data, domain, fieldsOfItems, fixed, type Item, repeated, restBytes, restText, special } from './data.js';
import {
  EXTENDED_ERRORS,
  OPTION_CHAIN,
  OPTION_COOKIE,
  OPTION_ERROR,
  OPTION_KEEPALIVE,
  OPTION_PADDING,
  OPTION_SUBNET,
  OPTIONS,
} from './numbers.js';

/** An option as a whole. */
const OPTION = named('dns.opt', derived('Option', 'bool'));
/** What every option starts with. Source: RFC 6891, section 6.1.2. */
export const optionHead = layout('dns', {
  'opt.code': u16('Option code', 'dec', OPTIONS),
  /** Of what follows, in bytes. */
  'opt.len': u16('Option length'),
});
const DATA = named('dns.opt.data', derived('Option data', 'bytes'));

/** In bytes. Source: RFC 7873, section 4. */
export const CLIENT_COOKIE_SIZE = 8;
const CLIENT = named('dns.opt.cookie.client', derived('Client cookie', 'bytes'));
const server = restBytes('dns.opt.cookie.server', 'Server cookie');
const cookie = special([CLIENT, ...server.fields], (sink, data) => {
  const { view, at, end } = data;
  const last = Math.min(at + CLIENT_COOKIE_SIZE, end);
  if (sink.wants(CLIENT.path)) sink.value(CLIENT, bytesAt(view, at, last), at, last);
  data.at = last;
  server.tell(sink, data);
});

const bytesAt = (view: DataView, at: number, end: number): Uint8Array =>
  new Uint8Array(view.buffer, view.byteOffset + at, end - at);

const subnetHead = layout('dns', {
  'opt.client.family': u16('Family', 'dec', { 1: 'IPv4', 2: 'IPv6' }),
  'opt.client.netmask': u8('Source netmask'),
  'opt.client.scope': u8('Scope netmask'),
});
const SUBNET = named('dns.opt.client.addr', derived('Client subnet', 'bytes'));
const SUBNET4 = named('dns.opt.client.addr4', derived('Client subnet', 'ipv4'));
const SUBNET6 = named('dns.opt.client.addr6', derived('Client subnet', 'ipv6'));

/** An address of which only the bytes of its network are sent. Source: RFC 7871, section 6. */
const subnet = special([SUBNET, SUBNET4, SUBNET6], (sink, data) => {
  const { view, at, end } = data;
  if (at >= end) return;
  const family = subnetHead.fields['opt.client.family'].read(view, at - subnetHead.size);
  const size = family === 1 ? 4 : 16;
  const address = new Uint8Array(size);
  address.set(bytesAt(view, at, Math.min(end, at + size)));
  if (family === 1) sink.value(SUBNET4, new DataView(address.buffer).getUint32(0), at, end);
  else if (family === 2) sink.value(SUBNET6, address, at, end);
  else sink.value(SUBNET, bytesAt(view, at, end), at, end);
  data.at = end;
});

const algorithms = (path: string, label: string): readonly Item[] => [
  repeated(fixed(layout('dns', { [path]: u8(label) }))),
];

/** What options hold, by code. Sources: RFCs 6975, 7828, 7830, 7871, 7873, 7901, 8914. */
const CONTENTS: ReadonlyMap<number, readonly Item[]> = new Map<number, readonly Item[]>([
  [5, algorithms('opt.dau', 'DAU')],
  [6, algorithms('opt.dhu', 'DHU')],
  [7, algorithms('opt.n3u', 'N3U')],
  [OPTION_SUBNET, [fixed(subnetHead), subnet]],
  [OPTION_COOKIE, [cookie]],
  // In tenths of a second.
  [OPTION_KEEPALIVE, [fixed(layout('dns', { 'opt.edns_tcp_keepalive.timeout': u16('Timeout') }))]],
  [OPTION_PADDING, [restBytes('dns.opt.padding', 'Padding')]],
  [OPTION_CHAIN, [domain('dns.opt.chain.fqdn', 'Closest trust point')]],
  [
    OPTION_ERROR,
    [
      fixed(layout('dns', { 'opt.ext_error.info_code': u16('Info code', 'dec', EXTENDED_ERRORS) })),
      restText('dns.opt.ext_error.extra_text', 'Extra text'),
    ],
  ],
]);

const NOTHING: readonly Item[] = [];

/** The options of an OPT record, to its end. */
export const EDNS_OPTIONS: Item = special(
  [OPTION, ...optionHead.list, DATA, ...fieldsOfItems([...CONTENTS.values()].flat())],
  (sink, data) => {
    const { view, start, end } = data;
    while (data.at + optionHead.size <= end) {
      const { at } = data;
      const code = optionHead.fields['opt.code'].read(view, at);
      const from = at + optionHead.size;
      const inside: Data = {
        view,
        start,
        at: from,
        end: Math.min(from + optionHead.fields['opt.len'].read(view, at), end),
      };
      sink.openValue(OPTION, true, at, inside.end, `Option: ${OPTIONS[code] ?? `Unknown (${code})`}`);
      tellLayout(sink, optionHead, view, at, { captured: end, wire: end });
      if (inside.end > from && sink.wants(DATA.path))
        sink.value(DATA, bytesAt(view, from, inside.end), from, inside.end);
      for (const item of CONTENTS.get(code) ?? NOTHING) item.tell(sink, inside);
      sink.close();
      data.at = inside.end;
    }
  },
);
