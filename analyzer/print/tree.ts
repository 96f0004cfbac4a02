import { modeOf } from '../../dissectors/channel/capabilities.js';
import { channelDerived, type TellCookie, tellChannel } from '../../dissectors/channel/explain.js';
import { encapsulationName, encapsulationOf } from '../../dissectors/encapsulations.js';
import type { Layer } from '../../dissectors/layer.js';
import { linkTypeName, linkTypeText } from '../../dissectors/link-types.js';
import { dissectorNamed } from '../../dissectors/registry.js';
import { derived, type Field, type Value } from '../../dissectors/wire/field.js';
import { kindOf, textOf } from '../../dissectors/wire/finding.js';
import { derivedLine, heading, type Line } from '../../dissectors/wire/line.js';
import type { Named } from '../../dissectors/wire/sink.js';
import { TreeSink } from '../../dissectors/wire/tree-sink.js';
import { slice } from '../../dissectors/wire/view.js';
import { epochTime } from '../text/elapsed.js';
import { channelIdText } from '../track/channel.js';
import { cookiesOf } from '../track/cookie-fields.js';
import { reasonOf, type Verdict } from '../track/cookies.js';
import { LINKS, type LinkName } from '../track/links.js';
import type { Packet } from './packet.js';
import { summarize } from './row.js';
import { Clock, fractionDigits, isoTime } from './time.js';
import type { Timeline } from './timeline.js';

/** The fields that tell how packets belong together. */
function linkFields(): Readonly<Record<LinkName, Field>> {
  const entries = Object.entries(LINKS).map(([name, label]) => [name, derived(label)]);
  return Object.fromEntries(entries) as Record<LinkName, Field>;
}

/** Fields of a packet that are not in its bytes, and of what no layer explains. */
export const PACKET_FIELDS = {
  'frame.number': derived('Frame number'),
  'frame.time': derived('Arrival time', 'string'),
  'frame.time_epoch': derived('Epoch time', 'string'),
  'frame.time_relative': derived('Time since the first packet', 'string'),
  'frame.time_delta': derived('Time since the packet before', 'string'),
  'frame.time_delta_displayed': derived('Time since the packet shown before', 'string'),
  'frame.len': derived('Frame length'),
  'frame.cap_len': derived('Captured length'),
  'frame.interface_id': derived('Interface'),
  'frame.interface_name': derived('Interface name', 'string'),
  'frame.link_type': derived('Link type', 'uint', 'dec', linkTypeName),
  'frame.encap_type': derived('Encapsulation type', 'uint', 'dec', encapsulationName),
  'frame.protocols': derived('Layers', 'string'),
  'frame.comment': derived('Comment', 'string'),
  '_ws.col.number': derived('Column: number'),
  '_ws.col.time': derived('Column: time', 'string'),
  '_ws.col.source': derived('Column: source', 'string'),
  '_ws.col.destination': derived('Column: destination', 'string'),
  '_ws.col.protocol': derived('Column: protocol', 'string'),
  '_ws.col.length': derived('Column: length'),
  '_ws.col.info': derived('Column: info', 'string'),
  'data.data': derived('Data', 'bytes', 'hex'),
  'data.len': derived('Length'),
  'channel.number': derived('Channel number'),
  'channel.id': derived('Channel', 'string'),
  'channel.state': derived('State', 'string'),
  'channel.mode': derived('Mode', 'string'),
  ...linkFields(),
  'expert.severity': derived('Severity', 'string'),
  'expert.group': derived('Group', 'string'),
  'expert.code': derived('Finding', 'string'),
  'expert.text': derived('Message', 'string'),
} satisfies Readonly<Record<string, Field>>;

type PacketField = keyof typeof PACKET_FIELDS;

const line = (path: PacketField, value: Value, source = 0, start = 0, end = start): Line => ({
  ...derivedLine(path, PACKET_FIELDS[path], value, source, start, end),
  text: `${PACKET_FIELDS[path].label}: ${value instanceof Uint8Array ? `${value.length} bytes` : String(value)}`,
});

/** The whole tree of a packet: the frame, each layer, the channels it touches, and what is worth telling. */
export function packetTree(packet: Packet): readonly Line[] {
  return [
    frameLine(packet),
    ...packet.dissection.layers.map((layer) => layerLine(packet, layer)),
    ...afterLayers(packet),
  ];
}

/** The lines that follow from more than one layer. */
export function afterLayers(packet: Packet): readonly Line[] {
  return [...channelLines(packet), ...relatedLines(packet), ...expertLines(packet)];
}

/** The link type by its registered number, and by Wireshark's. */
const linkLines = (linkType: number): readonly Line[] => {
  const encapsulation = encapsulationOf(linkType);
  return [
    { ...line('frame.link_type', linkType), text: `Link type: ${linkTypeText(linkType)}` },
    {
      ...line('frame.encap_type', encapsulation),
      text: `Encapsulation type: ${encapsulation} (${encapsulationName(encapsulation)})`,
    },
  ];
};

/** What the packet answers, repeats or duplicates, and what does so with it. */
function relatedLines({ links, number }: Packet): readonly Line[] {
  if (!links) return [];
  const lines = LINK_NAMES.flatMap((name) => links.of(name, number).map((other) => line(name, other)));
  return lines.length === 0 ? [] : [heading('', 'Related packets', 0, 0, 0, lines)];
}

const LINK_NAMES = Object.keys(LINKS) as LinkName[];

export function frameLine({
  dissection,
  number,
  seconds,
  nanos,
  captured,
  wire,
  on,
  comments,
  timeline,
}: Packet): Line {
  const lines = [
    ...comments.map((comment) => line('frame.comment', comment)),
    line('frame.number', number),
    line('frame.time', isoTime(seconds, nanos)),
    line('frame.time_epoch', epochTime(seconds, nanos)),
    ...(timeline ? timeLines(timeline) : []),
    line('frame.len', wire),
    line('frame.cap_len', captured),
    ...(on?.id === undefined ? [] : [line('frame.interface_id', on.id)]),
    ...(on?.name === undefined ? [] : [line('frame.interface_name', on.name)]),
    ...(on === undefined ? [] : linkLines(on.linkType)),
    line('frame.protocols', dissection.layers.map(({ name }) => name).join(':')),
  ];
  const cut = captured < wire ? `, ${captured} captured` : '';
  return heading('frame', `Frame ${number}: ${wire} bytes${cut}`, 0, 0, captured, lines);
}

/** The columns of the list as fields; the time as it is shown unless the user wants it otherwise. */
export function columnLines(packet: Packet): readonly Line[] {
  const { source, destination, protocol, info } = summarize(packet);
  return [
    line('_ws.col.number', packet.number),
    line('_ws.col.time', timeColumn(packet)),
    line('_ws.col.source', source),
    line('_ws.col.destination', destination),
    line('_ws.col.protocol', protocol),
    line('_ws.col.length', packet.wire),
    line('_ws.col.info', info),
  ];
}

/** Since the first packet, with the digits that the interface tells. */
export const timeColumn = ({ timeline, seconds, nanos, on }: Packet): string =>
  new Clock('r').show(seconds, nanos, fractionDigits(on?.resolution), timeline);

const timeLines = ({ relative, delta, deltaDisplayed }: Timeline): readonly Line[] => [
  line('frame.time_relative', relative),
  line('frame.time_delta', delta),
  ...(deltaDisplayed === undefined ? [] : [line('frame.time_delta_displayed', deltaDisplayed)]),
];

/** The tree of one layer. */
export function layerLine(packet: Packet, layer: Layer): Line {
  const source = packet.dissection.sources[layer.source];
  const view = source?.view ?? new DataView(new ArrayBuffer(0));
  if (layer.facts?.type === 'channel') {
    const tree = new TreeSink(layer.source);
    tellChannel(layer.facts.packet, tree, tellingCookies(packet, view));
    return tree.made[0] ?? heading(layer.name, layer.name, layer.source, layer.at, layer.end);
  }
  const { at, end, limit, stop } = layer;
  if (layer.name === 'data' || layer.name === 'chan') return dataLine(layer, view);
  const explained =
    dissectorNamed(layer.name)?.lines(view, layer) ?? heading(layer.name, layer.name, layer.source, at, end);
  if (!stop) return explained;
  const where = heading(
    '',
    `[${stop.why} here: ${stop.what}]`,
    layer.source,
    Math.min(at, limit.captured),
    limit.captured,
  );
  return { ...explained, children: [...explained.children, where] };
}

function dataLine({ at, end, source, facts }: Layer, view: DataView): Line {
  const bytes = slice(view, at, end);
  const of = facts?.type === 'link' ? `, of link type ${linkTypeText(facts.linkType)}` : '';
  const length = line('data.len', bytes.length, source, at, end);
  return heading('data', `Data (${bytes.length} bytes)${of}`, source, at, end, [
    { ...line('data.data', bytes, source, at, end), text: `Data: ${preview(bytes)}` },
    length,
  ]);
}

const PREVIEW = 32;

const preview = (bytes: Uint8Array): string =>
  Array.from(bytes.subarray(0, PREVIEW), (byte) => byte.toString(16).padStart(2, '0')).join('') +
  (bytes.length > PREVIEW ? '…' : '');

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

function channelLines({ facts }: Packet): readonly Line[] {
  return facts.channels.map(({ number, c1, c2, state, caps }) => {
    const id = channelIdText(c1, c2);
    return heading('channel', `Channel ${number}: ${id}, ${state}`, 0, 0, 0, [
      line('channel.number', number),
      line('channel.id', id),
      line('channel.state', state),
      ...(caps === undefined ? [] : [line('channel.mode', modeOf(caps))]),
    ]);
  });
}

function expertLines({ dissection, facts }: Packet): readonly Line[] {
  const findings = [...dissection.findings, ...facts.findings];
  if (findings.length === 0) return [];
  const lines = findings.map((finding) => {
    const { severity, group } = kindOf(finding.code);
    const { source, start, end, code } = finding;
    const text = textOf(finding);
    return heading('', `${severity}: ${text}`, source, start, end, [
      line('expert.severity', severity, source, start, end),
      line('expert.group', group, source, start, end),
      line('expert.code', code, source, start, end),
      line('expert.text', text, source, start, end),
    ]);
  });
  return [heading('expert', `Findings (${findings.length})`, 0, 0, 0, lines)];
}
