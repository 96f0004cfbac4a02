import type { Layer } from '../layer.js';
import { asciiText, hexOf } from '../wire/view.js';
import { pppoeHeader, tagHead } from './layout.js';

/** Codes of the discovery stage. Source: RFC 2516, section 5. */
export const PADI = 0x09;
export const PADO = 0x07;
export const PADR = 0x19;
export const PADS = 0x65;
export const PADT = 0xa7;

/** What a discovery packet says, as far as handshakes go. Tags are in hex, texts without what cannot be printed. */
export interface Discovery {
  readonly code: number;
  readonly session: number;
  readonly hostUniq: string | undefined;
  readonly cookie: string | undefined;
  readonly service: string | undefined;
  readonly concentrator: string | undefined;
  /** The first error that it tells: of the service name, of the system, or any other. */
  readonly error: string | undefined;
}

const { code, session_id, payload_length } = pppoeHeader.fields;
const { tag, tag_length } = tagHead.fields;
/** Tags looked at of one packet: as many as fit a frame of 1500 bytes. */
const MOST_TAGS = 375;
const [END_OF_LIST, SERVICE, CONCENTRATOR, HOST_UNIQ, COOKIE] = [0, 257, 258, 259, 260] as const;
const ERRORS: Readonly<Record<number, string>> = {
  513: 'Service-Name-Error',
  514: 'AC-System-Error',
  515: 'Generic-Error',
};

/** Reads a layer of the discovery stage whose header is captured. */
export function readDiscovery(view: DataView, { at, limit }: Layer): Discovery | undefined {
  const start = at + pppoeHeader.size;
  if (start > limit.captured) return undefined;
  const found: { -readonly [Key in keyof Discovery]: Discovery[Key] } = {
    code: code.read(view, at),
    session: session_id.read(view, at),
    hostUniq: undefined,
    cookie: undefined,
    service: undefined,
    concentrator: undefined,
    error: undefined,
  };
  const end = Math.min(limit.captured, start + payload_length.read(view, at));
  let place = start;
  for (let count = 0; place + tagHead.size <= end && count < MOST_TAGS; count++) {
    const type = tag.read(view, place);
    const value = place + tagHead.size;
    const stop = value + tag_length.read(view, place);
    if (type === END_OF_LIST || stop > end) break;
    if (type === HOST_UNIQ) found.hostUniq ??= hexOf(view, value, stop);
    else if (type === COOKIE) found.cookie ??= hexOf(view, value, stop);
    else if (type === SERVICE) found.service ??= asciiText(view, value, stop);
    else if (type === CONCENTRATOR) found.concentrator ??= asciiText(view, value, stop);
    else if (type in ERRORS) found.error ??= `${ERRORS[type]} ${asciiText(view, value, stop)}`.trim();
    place = stop;
  }
  return found;
}

/** The number of the session that a frame of the session stage belongs to; its header is captured. */
export const sessionOf = (view: DataView, { at }: Layer): number => session_id.read(view, at);
