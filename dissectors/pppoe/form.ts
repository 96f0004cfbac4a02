import type { Form } from '../layer.js';
import { bytesBy, u16 } from '../wire/field.js';
import { type Layout, layout } from '../wire/layout.js';
import { pppoeHeader } from './layout.js';

/** A tag of one type around bytes that may be given; its type is written whatever is given for it. */
const tagOf = (type: number, key: string, label: string): Layout =>
  layout('pppoed', {
    tag: { ...u16('Tag', 'hex'), write: (view: DataView, at: number) => view.setUint16(at, type) },
    tag_length: u16('Tag length'),
    [key]: bytesBy(label, 'tag_length'),
  });

/** An empty service name, which asks for any service: every packet of the discovery stage but the last has one. */
const anyService = tagOf(257, 'tags.any_service', 'Any service');
const TAGS: ReadonlyMap<string, Layout> = new Map([
  ['tags.host_uniq', tagOf(259, 'tags.host_uniq', 'Host-Uniq')],
  ['tags.ac_cookie', tagOf(260, 'tags.ac_cookie', 'Access concentrator cookie')],
  ['tags.relay_session_id', tagOf(272, 'tags.relay_session_id', 'Relay session id')],
]);
const TERMINATE = 0xa7;

/** A packet of the discovery stage: its header, an empty service name, and the tags that values are given for. */
export const DISCOVERY_FORM: Form = {
  layouts: [pppoeHeader, anyService, ...TAGS.values()],
  layoutsOf: (given) => [
    pppoeHeader,
    ...(given.code === TERMINATE ? [] : [anyService]),
    ...[...TAGS].flatMap(([key, tag]) => (key in given ? [tag] : [])),
  ],
  filled: (size) => ({ version: 1, type: 1, code: 9, payload_length: Math.max(0, size - pppoeHeader.size), tag: 0 }),
};
