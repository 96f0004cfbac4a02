import type { Application, Context, Dissector, Form, Layer } from '../layer.js';
import { payloadAt } from '../payload.js';
import { type Finding, finding } from '../wire/finding.js';
import { fieldsOf } from '../wire/layout.js';
import { type FieldSink, tellLayout } from '../wire/sink.js';
import { toldReach } from '../wire/sliced.js';
import { type Limit, shortOf } from '../wire/stop.js';
import * as layouts from './layout.js';
import { walkPayloads } from './payloads.js';
import { PORT_ISAKMP } from './port.js';
import { tellPayloads } from './tell.js';

const { isakmpHeader, isakmpHeader1, LONE_PAYLOADS } = layouts;
const { mjver, nextpayload, exchangetype, messageid, length, flag_i, flag_r } = isakmpHeader.fields;
const { flag_e } = isakmpHeader1.fields;
const VERSIONS = [1, 2];
/** Where the length stands in the header. */
const LENGTH_AT = length.offset;

/** Whether the header at `at`, which is captured whole, is one of IKE. */
const isMine = (view: DataView, at: number): boolean =>
  VERSIONS.includes(mjver.read(view, at)) &&
  exchangetype.read(view, at) !== 0 &&
  length.read(view, at) >= isakmpHeader.size;

const isVersion1 = (view: DataView, at: number): boolean => mjver.read(view, at) === 1;
const isEncrypted = (view: DataView, at: number): boolean => isVersion1(view, at) && flag_e.read(view, at);

const dissect: Dissector['dissect'] = (view, at, limit, context) => {
  if (at + isakmpHeader.size > limit.wire) return undefined;
  if (at + isakmpHeader.size > limit.captured) return shortOf('isakmp', at, isakmpHeader.size, limit);
  if (!isMine(view, at)) return undefined;
  const start = at + isakmpHeader.size;
  const told = length.read(view, at) - isakmpHeader.size;
  const reach = toldReach(length.path, at + LENGTH_AT, 4, start, told, limit, context);
  const findings = [...(reach.findings ?? []), ...brokenIn(view, at, reach.limit, context)];
  return payloadAt(context, reach.limit.captured, reach.limit, 'none', 0, undefined, findings);
};

/** The finding for a chain of payloads whose lengths do not fit: not where the capture cut it. */
function brokenIn(view: DataView, at: number, { captured, wire }: Limit, { source, quoted }: Context): Finding[] {
  if (isEncrypted(view, at) || captured < wire || quoted) return [];
  const first = nextpayload.read(view, at);
  const stop = walkPayloads(view, at + isakmpHeader.size, captured, first, () => false);
  return stop ? [finding('malformed', stop.at, captured, [stop.what, stop.need, stop.have], source)] : [];
}

function tell(view: DataView, { at, limit, end }: Layer, sink: FieldSink): void {
  const isWhole = at + isakmpHeader.size <= limit.captured;
  sink.open('isakmp', sink.shows ? `${isakmp.title}${isWhole ? `, ${noteOf(view, at)}` : ''}` : '', at, end);
  const header = isWhole && isVersion1(view, at) ? isakmpHeader1 : isakmpHeader;
  tellLayout(sink, header, view, at, limit);
  const start = at + isakmpHeader.size;
  if (isWhole && isEncrypted(view, at)) tellLayout(sink, layouts.encrypted, view, start, limit);
  else if (isWhole) tellPayloads(view, start, limit.captured, nextpayload.read(view, at), isVersion1(view, at), sink);
  sink.close();
}

/** As Wireshark's list has it: `IKE_SA_INIT MID=00 Initiator Request`. */
function noteOf(view: DataView, at: number): string {
  const exchange = exchangetype.read(view, at);
  const name = exchangetype.names(exchange) ?? `exchange ${exchange}`;
  if (isVersion1(view, at)) return name;
  const who = flag_i.read(view, at) ? 'Initiator' : 'Responder';
  const what = flag_r.read(view, at) ? 'Response' : 'Request';
  return `${name} MID=${messageid.read(view, at).toString(16).padStart(2, '0')} ${who} ${what}`;
}

/** A header, and the one payload that it announces. */
const form: Form = {
  layouts: [isakmpHeader, ...LONE_PAYLOADS.values()],
  layoutsOf: ({ nextpayload: first }) => {
    const lone = typeof first === 'number' ? LONE_PAYLOADS.get(first) : undefined;
    return lone ? [isakmpHeader, lone] : [isakmpHeader];
  },
  filled: (size) => ({
    version: 0x20,
    exchangetype: 34,
    flags: 0x08,
    length: size,
    payloadlength: Math.max(0, size - isakmpHeader.size),
  }),
};

const isakmp: Dissector = {
  name: 'isakmp',
  title: 'Internet Security Association and Key Management Protocol',
  form,
  fields: [
    ...fieldsOf(
      isakmpHeader,
      isakmpHeader1,
      layouts.payloadHead,
      layouts.plainHead,
      layouts.proposal,
      layouts.spi,
      ...layouts.TRANSFORMS.values(),
      layouts.otherTransform,
      layouts.attributeHead,
      layouts.attributeLength,
      layouts.attributeValue,
      layouts.keyExchange,
      layouts.nonce,
      layouts.vendor,
      layouts.encrypted,
      layouts.fragmentHead,
      layouts.notification1,
      layouts.notify,
      layouts.notifyData,
      layouts.security1,
      layouts.opaque,
    ),
    layouts.TYPE_PAYLOAD,
    layouts.KEY_LENGTH,
  ],
  dissect,
  tell,
  summary: (view, { at, limit }) =>
    at + isakmpHeader.size > limit.captured ? 'ISAKMP, cut off' : `ISAKMP ${noteOf(view, at)}`,
};

/** IKE, versions 1 and 2. */
export const ike: Application = { dissector: isakmp, udpPorts: [PORT_ISAKMP] };
