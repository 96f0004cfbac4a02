import { derived, ipv4, ipv6, named, u16 } from '../wire/field.js';
import { layout } from '../wire/layout.js';
import { tellLayout } from '../wire/sink.js';
import { counted, type Data, fieldsOfItems, fixed, type Item, repeated, restBytes, special } from './data.js';
import { SERVICE_KEYS } from './numbers.js';

/** A parameter of a service as a whole. */
const PARAMETER = named('dns.svcb.svcparam', derived('SvcParam', 'bool'));
const head = layout('dns', {
  'svcb.svcparam.key': u16('SvcParamKey', 'dec', SERVICE_KEYS),
  'svcb.svcparam.value.length': u16('SvcParamValue length'),
});

const VALUES: ReadonlyMap<number, Item> = new Map([
  [0, repeated(fixed(layout('dns', { 'svcb.svcparam.mandatory.key': u16('Mandatory key', 'dec', SERVICE_KEYS) })))],
  [1, repeated(counted('dns.svcb.svcparam.alpn', 'ALPN', 'dns.svcb.svcparam.alpn.length', 'ALPN length'))],
  [3, fixed(layout('dns', { 'svcb.svcparam.port': u16('Port') }))],
  [4, repeated(fixed(layout('dns', { 'svcb.svcparam.ipv4hint.ip': ipv4('IP') })))],
  [5, restBytes('dns.svcb.svcparam.echconfig', 'ECHConfig')],
  [6, repeated(fixed(layout('dns', { 'svcb.svcparam.ipv6hint.ip': ipv6('IP') })))],
]);
const unknown = restBytes('dns.svcb.svcparam.value', 'SvcParamValue');

/** The parameters of a service, to the end of the record. Source: RFC 9460, section 2.2. */
export const SERVICE_PARAMETERS: Item = special(
  [PARAMETER, ...head.list, ...fieldsOfItems([...VALUES.values(), unknown])],
  (sink, data) => {
    const { view, start, end } = data;
    while (data.at + head.size <= end) {
      const { at } = data;
      const key = head.fields['svcb.svcparam.key'].read(view, at);
      const length = head.fields['svcb.svcparam.value.length'].read(view, at);
      const inside: Data = { view, start, at: at + head.size, end: Math.min(at + head.size + length, end) };
      sink.openValue(PARAMETER, true, at, inside.end, `SvcParam: ${SERVICE_KEYS[key] ?? `key${key}`}`);
      tellLayout(sink, head, view, at, { captured: end, wire: end });
      (VALUES.get(key) ?? unknown).tell(sink, inside);
      sink.close();
      data.at = inside.end;
    }
  },
);
