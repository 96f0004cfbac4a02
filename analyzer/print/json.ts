import type { Layer } from '../../dissectors/layer.js';
import { type Finding, kindOf, textOf } from '../../dissectors/wire/finding.js';
import { HOSTS } from './fields.js';
import { type Statuses, statusesOf, writeChannelJson } from './json-channel.js';
import { type InnerHeaders, linesJson, writeLayerJson } from './json-layer.js';
import { jsonMemory } from './json-memory.js';
import { jsonText } from './json-text.js';
import { writeTouched } from './json-touched.js';
import type { Packet } from './packet.js';
import { writeEpochTime, writeIsoTime } from './time.js';
import { type Utf8Text, utf8 } from './utf8-text.js';

/** Layers that are a list however often they occur. Source: the command line page, "`-T json`". */
const LISTS: ReadonlySet<string> = new Set(['vlan', 'chan']);

/** Writes a packet as one line of JSON, without the line end. Source: the command line page, "`-T json`". */
export function writePacketJson(packet: Packet, into: Utf8Text): void {
  const { dissection, facts } = packet;
  const { findings } = dissection;
  if (!jsonMemory()?.usual(packet, into)) {
    writeFrame(packet, into);
    writeAllLayers(packet, into);
    writeTouched(facts.channels, into);
  }
  if (findings.length > 0 || facts.findings.length > 0) {
    into.add(`,"expert":[${[...findings, ...facts.findings].map(findingJson).join()}]`);
  }
  into.add('}');
}

function writeAllLayers(packet: Packet, into: Utf8Text): void {
  const { layers } = packet.dissection;
  into.add(`},"layers":[${layers.map(({ name }) => `"${name}"`)}]`);
  const statuses = statusesOf(packet);
  const inner: InnerHeaders = new Map();
  const guests = guestsOf(packet);
  for (let place = 0; place < layers.length; place++) {
    // A layer that occurs more than once stands where it first does.
    if (isFirst(layers, place)) writeLayers(packet, place, statuses, into, inner, guests);
  }
  for (const [name, headers] of inner) {
    if (guests.has(name)) continue;
    into.add(`,"${name}":${headers.length > 1 ? `[${headers.join()}]` : headers[0]}`);
  }
}

const NO_HEADERS: readonly string[] = [];
const NO_GUESTS: InnerHeaders = new Map();

/** Headers inside layers that have the name of another layer of the packet: its object is a list of them all. */
function guestsOf(packet: Packet): InnerHeaders {
  const { layers } = packet.dissection;
  let guests = NO_GUESTS;
  for (const { name } of layers) {
    const hosts = guests.has(name) ? undefined : HOSTS.get(name);
    const within = hosts ? layers.filter((layer) => hosts.includes(layer.name)) : [];
    const headers = within.flatMap((layer) => linesJson(packet, layer).get(name) ?? []);
    if (headers.length === 0) continue;
    if (guests === NO_GUESTS) guests = new Map();
    guests.set(name, headers);
  }
  return guests;
}

function isFirst(layers: readonly Layer[], place: number): boolean {
  for (let before = 0; before < place; before++) if (layers[before]?.name === layers[place]?.name) return false;
  return true;
}

/** All layers with the name of the one at `place`: a list where there are several, or may be. */
function writeLayers(
  packet: Packet,
  place: number,
  statuses: Statuses,
  into: Utf8Text,
  inner: InnerHeaders,
  guests: InnerHeaders,
): void {
  const { layers } = packet.dissection;
  const { name } = layers[place] as Layer;
  const more = guests.get(name) ?? NO_HEADERS;
  const several =
    LISTS.has(name) || more.length > 0 || layers.some((layer, other) => other > place && layer.name === name);
  into.add(`,"`);
  into.add(name);
  into.add(several ? '":[' : '":');
  for (let next = place; next < layers.length; next++) {
    const layer = layers[next] as Layer;
    if (layer.name !== name) continue;
    if (next > place) into.add(',');
    if (layer.facts?.type === 'channel') writeChannelJson(layer.facts.packet, statuses, into);
    else writeLayerJson(packet, layer, into, inner);
  }
  for (const header of more) into.add(`,${header}`);
  if (several) into.add(']');
}

const NUMBER = utf8('{"frame":{"number":');
const TIME = utf8(',"time":"');
const EPOCH = utf8('","time_epoch":"');
const LENGTH = utf8('","len":');
const CAPTURED = utf8(',"cap_len":');

function writeFrame({ number, seconds, nanos, wire, captured, on, comments }: Packet, into: Utf8Text): void {
  into.addBytes(NUMBER);
  into.addNumber(number);
  into.addBytes(TIME);
  writeIsoTime(seconds, nanos, into);
  into.addBytes(EPOCH);
  writeEpochTime(seconds, nanos, into);
  into.addBytes(LENGTH);
  into.addNumber(wire);
  into.addBytes(CAPTURED);
  into.addNumber(captured);
  if (on?.name !== undefined) into.add(`,"interface_name":${jsonText(on.name)}`);
  if (comments.length > 0) into.add(`,"comment":[${comments.map(jsonText).join()}]`);
}

function findingJson(finding: Finding): string {
  const { severity, group } = kindOf(finding.code);
  return `{"severity":"${severity}","group":"${group}","code":"${finding.code}","text":${jsonText(textOf(finding))}}`;
}
