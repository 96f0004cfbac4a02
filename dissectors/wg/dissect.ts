import { headerDissector } from '../header.js';
import type { Application } from '../layer.js';
import type { Limit } from '../wire/stop.js';
import { WG_BODIES, WG_DATA, wgData, wgStart } from './layout.js';

/** Its usual port; none is fixed. Source: wg(8), "CONFIGURATION FILE FORMAT EXAMPLE". */
const PORT = 51_820;
/** The port of Cloudflare WARP, which puts an id of the client into the reserved bytes. */
const PORT_WARP = 2408;

const { type, reserved } = wgStart.fields;
const BODIES = [...new Set(WG_BODIES.values())];
/** What is added to each packet: a tag of Poly1305, in bytes. */
const TAG = 16;
/** The smallest datagram of data: a keep-alive, which carries nothing. In bytes. */
const LEAST_DATA = wgStart.size + wgData.size + TAG;
/**
 * Packets are padded to multiples of 16 bytes, but not beyond the MTU of the tunnel: one of another size is a full one,
 * and no tunnel has a smaller MTU than IPv4 asks for. In bytes.
 */
const PADDING = 16;
const LEAST_FULL = 576;

/** Whether a message of a type may have so many bytes. */
function isLength(of: number, length: number): boolean {
  if (of !== WG_DATA) return length === wgStart.size + (WG_BODIES.get(of)?.size ?? 0);
  return length >= LEAST_DATA && (length % PADDING === 0 || length >= LEAST_FULL);
}

/** On any port, bytes are of WireGuard where type, reserved bytes and length are as senders make them. */
function isMine(view: DataView, at: number, { wire }: Limit, key: number): boolean {
  const number = type.read(view, at);
  if (!WG_BODIES.has(number) || !isLength(number, wire - at)) return false;
  return key === PORT || key === PORT_WARP || reserved.read(view, at).every((byte) => byte === 0);
}

const hexText = (value: number): string => `0x${value.toString(16).toUpperCase().padStart(8, '0')}`;

/** The indices of a message, as far as they are captured. */
function indicesText(number: number, view: DataView, body: number, { captured }: Limit): string {
  const fields = WG_BODIES.get(number)?.fields ?? {};
  return ['sender', 'receiver']
    .map((name) => {
      const field = fields[name];
      if (!field || body + field.offset + Number(field.size) > captured) return '';
      return `, ${name}=${hexText(Number(field.read(view, body)))}`;
    })
    .join('');
}

/** What a list says of data: its number, and how much of it there is. */
function dataText(view: DataView, at: number, { captured, wire }: Limit): string {
  const body = at + wgStart.size;
  if (body + wgData.size > captured) return '';
  const length = wire - at - LEAST_DATA;
  return `, counter=${wgData.fields.counter.read(view, body)}, ${length === 0 ? 'keep-alive' : `datalen=${length}`}`;
}

const dissector = headerDissector({
  name: 'wg',
  title: 'WireGuard Protocol',
  short: 'WireGuard',
  label: 'WireGuard',
  layout: wgStart,
  parts: {
    all: BODIES,
    of: (view, at) => {
      const body = WG_BODIES.get(type.read(view, at));
      return body ? [body] : [];
    },
  },
  isMine: (view, at, limit, { key }) => isMine(view, at, limit, key),
  next: () => ({ table: 'none', key: 0 }),
  note: (view, at, limit) => {
    const number = type.read(view, at);
    const indices = indicesText(number, view, at + wgStart.size, limit);
    return `${type.names(number) ?? `type ${number}`}${indices}${number === WG_DATA ? dataText(view, at, limit) : ''}`;
  },
});

/** WireGuard over UDP, on any port. */
export const wg: Application = { dissector, udpPorts: [PORT, PORT_WARP], onAnyUdpPort: true };
