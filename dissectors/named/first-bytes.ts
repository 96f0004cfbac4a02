import type { Limit } from '../wire/stop.js';

/** Whether the payload at `at` is of a protocol, as far as its first bytes tell. */
export type Tells = (view: DataView, at: number, limit: Limit) => boolean;

/** Whether the payload begins with this text, in ASCII. */
export function startsWith(view: DataView, at: number, { captured }: Limit, text: string): boolean {
  if (at + text.length > captured) return false;
  for (let place = 0; place < text.length; place++) {
    if (view.getUint8(at + place) !== text.charCodeAt(place)) return false;
  }
  return true;
}

/** The most bytes of a first line that are looked at: longer ones are no lines of these protocols. */
const MOST_LINE = 2048;
const LINE_FEED = 10;

/** Where the line that starts at `at` ends, without its CR LF: at the latest where the payload does. */
export function lineEnd(view: DataView, at: number, { captured }: Limit): number {
  const most = Math.min(captured, at + MOST_LINE);
  let end = at;
  while (end < most && view.getUint8(end) !== LINE_FEED) end++;
  return end > at && end < captured && view.getUint8(end - 1) === 13 ? end - 1 : end;
}

/** Whether the first line ends with this text. */
function firstLineEndsWith(view: DataView, at: number, limit: Limit, text: string): boolean {
  const end = lineEnd(view, at, limit);
  return end < limit.captured && end - text.length >= at && startsWith(view, end - text.length, limit, text);
}

/** Methods of RFC 9110, section 9, and those that discovery over UDP and WebDAV use. */
const HTTP_METHODS: readonly string[] = [
  'GET ',
  'POST ',
  'HEAD ',
  'PUT ',
  'DELETE ',
  'OPTIONS ',
  'CONNECT ',
  'PATCH ',
  'TRACE ',
  'PROPFIND ',
];
const DISCOVERY_METHODS: readonly string[] = ['M-SEARCH ', 'NOTIFY '];
/** Methods of RFC 3261, section 7.1, and its extensions. */
const SIP_METHODS: readonly string[] = [
  'INVITE ',
  'ACK ',
  'BYE ',
  'CANCEL ',
  'OPTIONS ',
  'REGISTER ',
  'SUBSCRIBE ',
  'NOTIFY ',
  'PUBLISH ',
  'MESSAGE ',
  'INFO ',
  'REFER ',
  'UPDATE ',
  'PRACK ',
];

const beginsWithAny = (view: DataView, at: number, limit: Limit, texts: readonly string[]): boolean => {
  for (const text of texts) if (startsWith(view, at, limit, text)) return true;
  return false;
};

/** Whether the first byte is a capital letter, as that of every request and answer below: all others are told at once. */
const isCapital = (view: DataView, at: number, { captured }: Limit): boolean => {
  const first = at < captured ? view.getUint8(at) : 0;
  return first >= 0x41 && first <= 0x5a;
};

const requestOf =
  (answer: string, methods: readonly string[], versions: readonly string[]): Tells =>
  (view, at, limit) => {
    if (!isCapital(view, at, limit)) return false;
    if (startsWith(view, at, limit, answer)) return true;
    return beginsWithAny(view, at, limit, methods) && versions.some((text) => firstLineEndsWith(view, at, limit, text));
  };

/** A message of HTTP/1: a request or an answer. Source: RFC 9112, sections 3 and 4. */
export const isHttp: Tells = requestOf('HTTP/1.', HTTP_METHODS, [' HTTP/1.1', ' HTTP/1.0']);
/** A message of SSDP. Source: UPnP Device Architecture 2.0, section 1.2. */
export const isSsdp: Tells = requestOf('HTTP/1.1 ', DISCOVERY_METHODS, [' HTTP/1.1', ' HTTP/1.0']);
/** A message of SIP. Source: RFC 3261, section 7. */
export const isSip: Tells = requestOf('SIP/2.0 ', SIP_METHODS, [' SIP/2.0']);
/** The line in which both sides of SSH tell their versions. Source: RFC 4253, section 4.2. */
export const isSsh: Tells = (view, at, limit) =>
  startsWith(view, at, limit, 'SSH-2.0-') || startsWith(view, at, limit, 'SSH-1.');
