import { modeOf } from '../../dissectors/channel/capabilities.js';
import { encapsulationName, encapsulationOf } from '../../dissectors/encapsulations.js';
import { linkTypeText } from '../../dissectors/link-types.js';
import type { Value } from '../../dissectors/wire/field.js';
import { type Finding, kindOf, textOf } from '../../dissectors/wire/finding.js';
import type { FieldSink, Named } from '../../dissectors/wire/sink.js';
import type { TouchedHandshake } from '../handshakes/handshake.js';
import { epochTime } from '../text/elapsed.js';
import type { State } from '../track/channel.js';
import { channelIdText } from '../track/channel.js';
import type { Touched } from '../track/facts.js';
import { type HandshakeEnd, LINKS, type LinkName } from '../track/links.js';
import type { Packet } from './packet.js';
import { PACKET_FIELDS } from './packet-fields.js';
import { summarize } from './row.js';
import { Clock, fractionDigits, isoTime } from './time.js';

const {
  '_ws.col.destination': COLUMN_DESTINATION,
  '_ws.col.info': COLUMN_INFO,
  '_ws.col.length': COLUMN_LENGTH,
  '_ws.col.number': COLUMN_NUMBER,
  '_ws.col.protocol': COLUMN_PROTOCOL,
  '_ws.col.source': COLUMN_SOURCE,
  '_ws.col.time': COLUMN_TIME,
  'channel.id': CHANNEL_ID,
  'channel.mode': CHANNEL_MODE,
  'channel.number': CHANNEL_NUMBER,
  'channel.outcome': CHANNEL_OUTCOME,
  'channel.state': CHANNEL_STATE,
  'expert.code': EXPERT_CODE,
  'expert.group': EXPERT_GROUP,
  'expert.severity': EXPERT_SEVERITY,
  'expert.text': EXPERT_TEXT,
  'frame.cap_len': FRAME_CAP_LEN,
  'frame.comment': FRAME_COMMENT,
  'frame.file': FRAME_FILE,
  'frame.interface_id': FRAME_INTERFACE_ID,
  'frame.interface_name': FRAME_INTERFACE_NAME,
  'frame.len': FRAME_LEN,
  'frame.number': FRAME_NUMBER,
  'frame.protocols': FRAME_PROTOCOLS,
  'frame.time': FRAME_TIME,
  'frame.time_delta': FRAME_TIME_DELTA,
  'frame.time_delta_displayed': FRAME_TIME_DELTA_DISPLAYED,
  'frame.time_epoch': FRAME_TIME_EPOCH,
  'frame.time_relative': FRAME_TIME_RELATIVE,
  'handshake.cookie.status': HANDSHAKE_COOKIE,
  'handshake.kind': HANDSHAKE_KIND,
  'handshake.number': HANDSHAKE_NUMBER,
  'handshake.outcome': HANDSHAKE_OUTCOME,
  'handshake.proof.status': HANDSHAKE_PROOF,
  'handshake.reason': HANDSHAKE_REASON,
  'handshake.state': HANDSHAKE_STATE,
  'frame.link_type': LINK_TYPE,
  'frame.encap_type': ENCAPSULATION,
} = PACKET_FIELDS;

/** Tells a value of a packet, which no bracket marks in the tree: all of these are worked out. */
export function tellValue(sink: FieldSink, field: Named, value: Value, start = 0, end = start): void {
  sink.value(field, value, start, end, sink.shows ? `${field.label}: ${String(value)}` : '');
}

type TellPart = (packet: Packet, sink: FieldSink) => void;

/** A part that tells one field, where it has a value. */
const part = (field: Named, read: (packet: Packet) => Value | undefined): readonly [Named, TellPart] => [
  field,
  (packet, sink) => {
    const value = read(packet);
    if (value !== undefined) tellValue(sink, field, value);
  },
];

/** What is known of a packet as a whole, field by field. */
const FRAME_PARTS: readonly (readonly [Named, TellPart])[] = [
  [
    FRAME_COMMENT,
    ({ comments }, sink) => {
      for (const comment of comments) tellValue(sink, FRAME_COMMENT, comment);
    },
  ],
  part(FRAME_NUMBER, ({ number }) => number),
  part(FRAME_TIME, ({ seconds, nanos }) => isoTime(seconds, nanos)),
  part(FRAME_TIME_EPOCH, ({ seconds, nanos }) => epochTime(seconds, nanos)),
  part(FRAME_TIME_RELATIVE, ({ timeline }) => timeline?.relative),
  part(FRAME_TIME_DELTA, ({ timeline }) => timeline?.delta),
  part(FRAME_TIME_DELTA_DISPLAYED, ({ timeline }) => timeline?.deltaDisplayed),
  part(FRAME_LEN, ({ wire }) => wire),
  part(FRAME_CAP_LEN, ({ captured }) => captured),
  part(FRAME_FILE, ({ on }) => on?.file),
  part(FRAME_INTERFACE_ID, ({ on }) => on?.id),
  part(FRAME_INTERFACE_NAME, ({ on }) => on?.name),
  [LINK_TYPE, ({ on }, sink) => on && tellLinkType(on.linkType, sink)],
  [ENCAPSULATION, ({ on }, sink) => on && tellEncapsulation(on.linkType, sink)],
  part(FRAME_PROTOCOLS, ({ dissection }) => dissection.layers.map(({ name }) => name).join(':')),
];

/** Tells what is known of a packet as a whole. */
export function tellFrame(packet: Packet, sink: FieldSink): void {
  const { number, captured, wire } = packet;
  const cut = captured < wire ? `, ${captured} captured` : '';
  sink.source = 0;
  sink.open('frame', sink.shows ? `Frame ${number}: ${wire} bytes${cut}` : '', 0, captured);
  for (const [, tell] of FRAME_PARTS) tell(packet, sink);
  sink.close();
}

/** What tells some fields of a packet as a whole, and no others. */
export function frameTeller(paths: readonly string[]): TellPart {
  const parts = FRAME_PARTS.filter(([{ path }]) => paths.includes(path));
  return (packet, sink) => {
    for (const [, tell] of parts) tell(packet, sink);
  };
}

/** The link type by its registered number. */
const tellLinkType = (linkType: number, sink: FieldSink): void =>
  sink.value(LINK_TYPE, linkType, 0, 0, sink.shows ? `${LINK_TYPE.label}: ${linkTypeText(linkType)}` : '');

/** The link type by Wireshark's number. */
function tellEncapsulation(linkType: number, sink: FieldSink): void {
  const number = encapsulationOf(linkType);
  const text = sink.shows ? `${ENCAPSULATION.label}: ${number} (${encapsulationName(number)})` : '';
  sink.value(ENCAPSULATION, number, 0, 0, text);
}

/** Tells the columns of the list as fields; the time as it is shown unless the user wants it otherwise. */
export function tellColumns(packet: Packet, sink: FieldSink): void {
  const { source, destination, protocol, info } = summarize(packet);
  tellValue(sink, COLUMN_NUMBER, packet.number);
  tellValue(sink, COLUMN_TIME, timeColumn(packet));
  tellValue(sink, COLUMN_SOURCE, source);
  tellValue(sink, COLUMN_DESTINATION, destination);
  tellValue(sink, COLUMN_PROTOCOL, protocol);
  tellValue(sink, COLUMN_LENGTH, packet.wire);
  tellValue(sink, COLUMN_INFO, info);
}

/** Since the first packet, with the digits that the interface tells. */
export const timeColumn = ({ timeline, seconds, nanos, on }: Packet): string =>
  new Clock('r').show(seconds, nanos, fractionDigits(on?.resolution), timeline);

/** Tells what follows from more than one layer: channels, packets that belong together, findings. */
export function tellAfter({ dissection, facts, links, number }: Packet, sink: FieldSink): void {
  sink.source = 0;
  for (const channel of facts.channels) tellTouched(channel, links?.endOfChannel(channel.number), sink);
  for (const handshake of facts.handshakes ?? NO_HANDSHAKES) tellHandshake(handshake, links?.endOf(handshake), sink);
  if (links) tellRelated(links, number, sink);
  const count = dissection.findings.length + facts.findings.length;
  if (count === 0) return;
  sink.open('expert', sink.shows ? `Findings (${count})` : '', 0, 0);
  for (const finding of dissection.findings) tellFinding(finding, sink);
  for (const finding of facts.findings) tellFinding(finding, sink);
  sink.close();
}

function tellTouched({ number, c1, c2, state, caps }: Touched, end: State | undefined, sink: FieldSink): void {
  const id = sink.shows || sink.wants(CHANNEL_ID.path) ? channelIdText(c1, c2) : '';
  sink.open('channel', sink.shows ? `Channel ${number}: ${id}, ${state}` : '', 0, 0);
  tellValue(sink, CHANNEL_NUMBER, number);
  tellValue(sink, CHANNEL_ID, id);
  tellValue(sink, CHANNEL_STATE, state);
  if (end) tellValue(sink, CHANNEL_OUTCOME, end);
  if (caps !== undefined) tellValue(sink, CHANNEL_MODE, modeOf(caps));
  sink.close();
}

const NO_HANDSHAKES: readonly TouchedHandshake[] = [];

/** Tells how a handshake stands after the packet, and what became of it in the end where that is known. */
function tellHandshake(handshake: TouchedHandshake, end: HandshakeEnd | undefined, sink: FieldSink): void {
  const { number, kind, state, cookieStatus, proofStatus } = handshake;
  sink.open('handshake', sink.shows ? `Handshake ${number}: ${kind}, ${state}` : '', 0, 0);
  tellValue(sink, HANDSHAKE_NUMBER, number);
  tellValue(sink, HANDSHAKE_KIND, kind);
  tellValue(sink, HANDSHAKE_STATE, state);
  if (cookieStatus) tellValue(sink, HANDSHAKE_COOKIE, cookieStatus);
  if (proofStatus) tellValue(sink, HANDSHAKE_PROOF, proofStatus);
  if (end) {
    tellValue(sink, HANDSHAKE_OUTCOME, end.state);
    tellValue(sink, HANDSHAKE_REASON, end.reason);
  }
  sink.close();
}

const LINK_NAMES = Object.keys(LINKS) as LinkName[];

/** What the packet answers, repeats or duplicates, and what does so with it. */
function tellRelated(links: NonNullable<Packet['links']>, number: number, sink: FieldSink): void {
  let isOpen = false;
  for (const name of LINK_NAMES) {
    for (const other of links.of(name, number)) {
      if (!isOpen) sink.open('', 'Related packets', 0, 0);
      isOpen = true;
      tellValue(sink, PACKET_FIELDS[name], other);
    }
  }
  if (isOpen) sink.close();
}

function tellFinding(finding: Finding, sink: FieldSink): void {
  const { source, start, end, code } = finding;
  const { severity, group } = kindOf(code);
  const text = sink.shows || sink.wants(EXPERT_TEXT.path) ? textOf(finding) : '';
  sink.source = source;
  sink.open('', sink.shows ? `${severity}: ${text}` : '', start, end);
  tellValue(sink, EXPERT_SEVERITY, severity, start, end);
  tellValue(sink, EXPERT_GROUP, group, start, end);
  tellValue(sink, EXPERT_CODE, code, start, end);
  tellValue(sink, EXPERT_TEXT, text, start, end);
  sink.close();
}
