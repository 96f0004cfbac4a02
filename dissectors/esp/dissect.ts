import { headerDissector } from '../header.js';
import { PROTOCOL_ESP } from '../ipv4/protocols.js';
import { PORT_ISAKMP } from '../isakmp/port.js';
import type { Application, Dissector } from '../layer.js';
import { payloadAt } from '../payload.js';
import { type FieldSink, tellLayout } from '../wire/sink.js';
import type { Limit } from '../wire/stop.js';
import { espHeader, natKeepalive, nonEspMarker } from './layout.js';

/** Encrypted packets over IP. What follows the header is opaque. Source: RFC 4303. */
export const esp = headerDissector({
  name: 'esp',
  title: 'Encapsulating Security Payload',
  short: 'ESP',
  layout: espHeader,
  next: () => ({ table: 'none', key: 0 }),
  note: (view, at) => `(SPI=0x${espHeader.fields.spi.read(view, at).toString(16).padStart(8, '0')})`,
});

/** The port of ESP and IKE in UDP. Source: RFC 3948, section 2. */
const PORT_ENCAPSULATION = 4500;
const KEEPALIVE = 0xff;

const isKeepalive = (view: DataView, at: number, { captured, wire }: Limit): boolean =>
  wire - at === natKeepalive.size && captured > at && view.getUint8(at) === KEEPALIVE;

/** Whether the four bytes at `at`, which are captured, are those of a packet of IKE: no SPI is zero. */
const hasMarker = (view: DataView, at: number): boolean => nonEspMarker.fields.non_esp_marker.read(view, at) === 0;

const dissect: Dissector['dissect'] = (view, at, limit, context) => {
  if (isKeepalive(view, at, limit)) return payloadAt(context, at + natKeepalive.size, limit, 'none', 0);
  if (at + nonEspMarker.size > limit.captured || at + espHeader.size > limit.wire) return undefined;
  if (hasMarker(view, at)) return payloadAt(context, at + nonEspMarker.size, limit, 'udp.port', PORT_ISAKMP);
  return payloadAt(context, at, limit, 'ip.proto', PROTOCOL_ESP);
};

function tell(view: DataView, { at, end, limit }: Parameters<Dissector['summary']>[1], sink: FieldSink): void {
  sink.open('udpencap', sink.shows ? udpencap.title : '', at, end);
  if (end > at) tellLayout(sink, end - at === natKeepalive.size ? natKeepalive : nonEspMarker, view, at, limit);
  sink.close();
}

const udpencap: Dissector = {
  name: 'udpencap',
  title: 'UDP Encapsulation of IPsec Packets',
  fields: [...natKeepalive.list, ...nonEspMarker.list],
  form: {
    layouts: [nonEspMarker],
    layoutsOf: () => [nonEspMarker],
    filled: () => ({}),
  },
  dissect,
  tell,
  summary: (_view, { at, end }) => (end - at === natKeepalive.size ? 'NAT-keepalive' : 'IPsec in UDP'),
};

/** ESP and IKE in UDP, for hosts behind network address translators. */
export const ipsecInUdp: Application = { dissector: udpencap, udpPorts: [PORT_ENCAPSULATION] };
