import { channelDerived, type TellCookie, tellChannel } from '../../dissectors/channel/explain.js';
import type { Layer } from '../../dissectors/layer.js';
import { linkTypeText } from '../../dissectors/link-types.js';
import { dissectorNamed } from '../../dissectors/registry.js';
import type { FieldSink, Named } from '../../dissectors/wire/sink.js';
import { slice } from '../../dissectors/wire/view.js';
import { cookiesOf } from '../track/cookie-fields.js';
import { reasonOf, type Verdict } from '../track/cookies.js';
import type { Packet } from './packet.js';
import { PACKET_FIELDS } from './packet-fields.js';
import { tellValue } from './tell-packet.js';

const NO_VIEW = new DataView(new ArrayBuffer(0));

/** Tells the fields of one layer of a packet, in a group of its name. */
export function tellLayerOf(packet: Packet, layer: Layer, sink: FieldSink): void {
  const { name, source, at, end, facts } = layer;
  const view = packet.dissection.sources[source]?.view ?? NO_VIEW;
  sink.source = source;
  if (facts?.type === 'channel') {
    const tellCookie = tellingCookies(packet, view);
    return tellChannel(facts.packet, sink, { tellCookie, start: startOf(packet, facts.packet.id) });
  }
  if (name === 'data' || name === 'chan') return tellData(layer, view, sink);
  const dissector = dissectorNamed(name);
  if (dissector) return dissector.tell(view, layer, sink);
  sink.open(name, name, at, end);
  sink.close();
}

function tellData({ at, end, facts }: Layer, view: DataView, sink: FieldSink): void {
  const length = Math.max(0, Math.min(end, view.byteLength) - at);
  const of = facts?.type === 'link' && sink.shows ? `, of link type ${linkTypeText(facts.linkType)}` : '';
  sink.open('data', sink.shows ? `Data (${length} bytes)${of}` : '', at, end);
  if (sink.wants('data.data')) {
    const bytes = slice(view, at, end);
    sink.value(PACKET_FIELDS['data.data'], bytes, at, end, sink.shows ? `Data: ${preview(bytes)}` : '');
  }
  tellValue(sink, PACKET_FIELDS['data.len'], length, at, end);
  sink.close();
}

const PREVIEW = 32;

const preview = (bytes: Uint8Array): string =>
  Array.from(bytes.subarray(0, PREVIEW), (byte) => byte.toString(16).padStart(2, '0')).join('') +
  (bytes.length > PREVIEW ? '…' : '');

/** Where the numbers of a packet on this channel start, in its direction. */
const startOf = ({ facts }: Packet, id: number | undefined): number | undefined =>
  facts.channels.find(({ c1, c2 }) => c2 !== undefined && ((c1 << 16) | c2) >>> 0 === id)?.start;

/** Tells the verdict on each cookie; undefined for packets without cookies that were judged. */
function tellingCookies({ dissection, facts, secrets }: Packet, view: DataView): TellCookie | undefined {
  if (facts.verdicts.length === 0) return undefined;
  const verdicts = new Map<number, Verdict>();
  for (const [place, field] of cookiesOf(dissection).entries()) {
    const verdict = facts.verdicts[place];
    if (verdict && field.packet.view === view) verdicts.set(field.start, verdict);
  }
  return (sink, key, start, end) => {
    const verdict = verdicts.get(start);
    const field = verdict && STATUSES[`${key}.status`];
    if (field) sink.value(field, verdict.status, start, end, sink.shows ? `[${reasonOf(verdict, secrets)}]` : '');
  };
}

const STATUSES: Readonly<Record<string, Named>> = channelDerived;
