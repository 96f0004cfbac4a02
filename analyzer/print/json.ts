import { modeOf } from '../../dissectors/channel/capabilities.js';
import { type ChannelPacket, halfText, idText, type Message } from '../../dissectors/channel/dissect.js';
import { DEFAULT_CHANNEL, footer, PAYLOAD } from '../../dissectors/channel/packet.js';
import type { Layer } from '../../dissectors/layer.js';
import { kindOf, textOf } from '../../dissectors/wire/finding.js';
import { locate } from '../../dissectors/wire/layout.js';
import { type Line, plainText } from '../../dissectors/wire/line.js';
import { hexOf } from '../../dissectors/wire/view.js';
import { channelIdText } from '../track/channel.js';
import { cookiesOf } from '../track/cookie-fields.js';
import type { CookieStatus } from '../track/cookies.js';
import type { Packet } from './packet.js';
import { epochTime, isoTime } from './time.js';
import { layerLine } from './tree.js';

/** Characters that JSON lets through and a terminal should not see. */
const UNSAFE = /[\u007f-\u009f\p{Cf}\p{Co}\p{Zl}\p{Zp}]/gu;
const PLAIN = /^[\x20-\x21\x23-\x5b\x5d-\x7e]*$/;

/** A string as JSON, with everything escaped that could steer a terminal. Nothing is lost. */
export function jsonText(text: string): string {
  if (PLAIN.test(text)) return `"${text}"`;
  return JSON.stringify(text).replaceAll(UNSAFE, (character) =>
    Array.from({ length: character.length }, (_, at) => `\\u${halfText(character.charCodeAt(at))}`).join(''),
  );
}

/** Layers that are a list however often they occur. Source: the command line page, "`-T json`". */
const LISTS: ReadonlySet<string> = new Set(['vlan', 'chan']);

/** A packet as one line of JSON, without the line end. Source: the command line page, "`-T json`". */
export function packetJson(packet: Packet): string {
  const { dissection, facts } = packet;
  const parts = [
    `"frame":${frameJson(packet)}`,
    `"layers":[${dissection.layers.map(({ name }) => `"${name}"`).join()}]`,
  ];
  const statuses = statusesOf(packet);
  const byName = new Map<string, string[]>();
  for (const layer of dissection.layers) {
    const json = layer.facts?.type === 'channel' ? channelJson(layer.facts.packet, statuses) : layerJson(packet, layer);
    const list = byName.get(layer.name);
    if (list) list.push(json);
    else byName.set(layer.name, [json]);
  }
  for (const [name, list] of byName) {
    parts.push(list.length > 1 || LISTS.has(name) ? `"${name}":[${list.join()}]` : `"${name}":${list[0]}`);
  }
  if (facts.channels.length > 0) parts.push(`"channel":[${facts.channels.map(touchedJson).join()}]`);
  const findings = [...dissection.findings, ...facts.findings];
  if (findings.length > 0) {
    const experts = findings.map((finding) => {
      const { severity, group } = kindOf(finding.code);
      return `{"severity":"${severity}","group":"${group}","code":"${finding.code}","text":${jsonText(textOf(finding))}}`;
    });
    parts.push(`"expert":[${experts.join()}]`);
  }
  return `{${parts.join()}}`;
}

function frameJson({ number, seconds, nanos, wire, captured, on, comments }: Packet): string {
  const name = on?.name === undefined ? '' : `,"interface_name":${jsonText(on.name)}`;
  const comment = comments.length === 0 ? '' : `,"comment":[${comments.map(jsonText).join()}]`;
  return `{"number":${number},"time":"${isoTime(seconds, nanos)}","time_epoch":"${epochTime(seconds, nanos)}","len":${wire},"cap_len":${captured}${name}${comment}}`;
}

const touchedJson = ({ number, c1, c2, state, caps }: Packet['facts']['channels'][number]): string =>
  `{"number":${number},"id":"${channelIdText(c1, c2)}","state":"${state}"${caps === undefined ? '' : `,"mode":"${modeOf(caps)}"`}}`;

/** A layer by the lines of its tree: every field once, or as a list where it occurs more often. */
function layerJson(packet: Packet, layer: Layer): string {
  const values = new Map<string, string[]>();
  const collect = (line: Line): void => {
    if (line.field && line.value !== undefined && line.path.startsWith(`${layer.name}.`)) {
      const key = line.path.slice(layer.name.length + 1);
      const json = valueJson(line);
      const list = values.get(key);
      if (list) list.push(json);
      else values.set(key, [json]);
    }
    for (const child of line.children) collect(child);
  };
  collect(layerLine(packet, layer));
  const entries = [...values].map(([key, list]) => `"${key}":${list.length > 1 ? `[${list.join()}]` : list[0]}`);
  return `{${entries.join()}}`;
}

function valueJson({ field, value }: Line): string {
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (typeof value === 'number' && field?.kind === 'uint') return `${value}`;
  if (field && value !== undefined) return jsonText(plainText(field, value));
  return 'null';
}

/** The statuses of a packet's cookies, by the view and place where they stand. */
function statusesOf({ dissection, facts }: Packet): (packet: ChannelPacket, start: number) => CookieStatus {
  const cookies = facts.verdicts.length === 0 ? [] : cookiesOf(dissection);
  return (packet, start) => {
    const place = cookies.findIndex((cookie) => cookie.packet === packet && cookie.start === start);
    return facts.verdicts[place]?.status ?? 'unknown';
  };
}

type Statuses = ReturnType<typeof statusesOf>;

function channelJson(packet: ChannelPacket, statuses: Statuses): string {
  const { view, at, dialect, id, limit } = packet;
  const parts = [`"dialect":"${dialect.name}"`];
  for (const { field, start, end, value } of locate(dialect.header, view, at, limit).located) {
    if (field.kind === 'bytes') parts.push(`"${field.key}":"${hexOf(view, start, end)}"`);
    else if (field.kind === 'id') parts.push(`"${field.key}":"${plainText(field, value)}"`);
    else if (field.key === 'flags' || field.key === 'size') parts.push(`"${field.key}":${value}`);
    if (field.key === 'responder' && id !== undefined) parts.push(`"default":${id === DEFAULT_CHANNEL}`);
  }
  if (packet.sequence !== undefined) parts.push(`"sequence":${packet.sequence}`);
  if (packet.payloadSize !== undefined) parts.push(`"payload_size":${packet.payloadSize}`);
  if (packet.padding !== undefined) parts.push(`"padding":${packet.padding}`);
  if (packet.checksum !== undefined) parts.push(`"${footer.list[0]?.key}":"${idText(packet.checksum)}"`);
  if (packet.checksumStatus !== undefined) parts.push(`"checksum_status":"${packet.checksumStatus}"`);
  if (packet.payloadSize !== undefined && packet.limit.captured >= at + PAYLOAD) {
    parts.push(`"messages":[${packet.messages.map((message) => messageJson(packet, message, statuses)).join()}]`);
  }
  return `{${parts.join()}}`;
}

function messageJson(packet: ChannelPacket, message: Message, statuses: Statuses): string {
  const { view } = packet;
  const { kind, code, body, end, stop } = message;
  const parts = [`"type":"${kind?.name ?? 'UNKNOWN'}"`, `"code":${code}`];
  if (!kind) return `{${parts.join()},"data":"${hexOf(view, body, Math.max(body, end))}"}`;
  for (const { field, start, end: stopAt, value } of locate(kind.body, view, body, { captured: end, wire: end })
    .located) {
    const { key } = field;
    if (key.startsWith('caps.')) continue;
    if (key === 'caps') {
      parts.push(`"caps":${capabilitiesJson(Number(value))}`);
    } else if (field.kind === 'bytes') {
      parts.push(`"${key}":"${hexOf(view, start, stopAt)}"`);
      if (key.startsWith('cookie')) parts.push(`"${key}_status":"${statuses(packet, start)}"`);
    } else {
      parts.push(field.kind === 'id' ? `"${key}":"${plainText(field, value)}"` : `"${key}":${value}`);
    }
  }
  if (stop) {
    // What is left of a message that was cut off: the start of its data, where that is what was cut.
    if (stop.what === 'chan.data') parts.push(`"data":"${hexOf(view, stop.at, Math.max(stop.at, end))}"`);
    parts.push(`"stop":"${stop.why}"`);
  }
  return `{${parts.join()}}`;
}

/** Capabilities as JSON. Source: the command line page, "`-T json`". */
export const capabilitiesJson = (bits: number): string =>
  `{"bits":${bits},"resend":${(bits & 1) !== 0},"ordered":${(bits & 2) !== 0},"close_on_loss":${(bits & 4) !== 0},"mode":"${modeOf(bits)}"}`;
