import type { Layer } from '../../dissectors/layer.js';
import { type Finding, kindOf, textOf } from '../../dissectors/wire/finding.js';
import { type Statuses, statusesOf } from './cookie-statuses.js';
import { writeChannelJson } from './json-channel.js';
import { handshakeJson } from './json-handshake.js';
import { JsonShapes, type SameLayers } from './json-shape.js';
import { type InnerHeaders, JsonSink } from './json-sink.js';
import { type JsonHead, jsonHead } from './json-slot.js';
import { jsonText } from './json-text.js';
import { writeTouched } from './json-touched.js';
import type { Packet } from './packet.js';
import { tellLayerOf } from './tell-layer.js';
import { writeEpochTime, writeIsoTime } from './time.js';
import { Utf8Text, wordsOf } from './utf8-text.js';

const [COMMA, OPEN_LIST, CLOSE_LIST, CLOSE] = [0x2c, 0x5b, 0x5d, 0x7d];

/** Writes packets as JSON. Source: the command line page, "`-T json`". */
export class JsonPackets {
  private readonly sink = new JsonSink();
  private readonly shapes = new JsonShapes();
  /** The headers inside the layers of the packet that have names of their own, and are no lists with other layers. */
  private readonly inner: InnerHeaders = new Map();

  /** Writes a packet as one line, without the line end. */
  write(packet: Packet, into: Utf8Text): void {
    const { dissection, facts } = packet;
    const { findings, layers } = dissection;
    writeFrame(packet, into);
    const { names, groups } = this.shapes.of(layers);
    into.addWords(names);
    const statuses = statusesOf(packet);
    for (let place = 0; place < groups.length; place++)
      this.writeLayers(packet, groups[place] as SameLayers, statuses, into);
    if (this.inner.size > 0) this.writeInner(groups, into);
    writeTouched(facts.channels, into);
    if (facts.handshakes) into.add(`,"handshake":[${facts.handshakes.map(handshakeJson).join()}]`);
    if (findings.length > 0 || facts.findings.length > 0) {
      into.add(`,"expert":[${[...findings, ...facts.findings].map(findingJson).join()}]`);
    }
    into.addByte(CLOSE);
  }

  /** Writes all layers of one name: a list where there are several, or may be. */
  private writeLayers(packet: Packet, group: SameLayers, statuses: Statuses, into: Utf8Text): void {
    const { places, key, hosts, head } = group;
    const { layers } = packet.dissection;
    const guests = hosts.length > 0 ? this.guestsOf(packet, group) : NO_HEADERS;
    const isList = group.isList || guests.length > 0;
    into.addWords(key);
    if (isList) into.addByte(OPEN_LIST);
    for (let count = 0; count < places.length; count++) {
      if (count > 0) into.addByte(COMMA);
      const layer = layers[places[count] as number] as Layer;
      if (layer.facts?.type === 'channel') writeChannelJson(layer.facts.packet, statuses, into);
      else this.writeLayer(packet, layer, head, into, this.inner);
    }
    for (const header of guests) into.add(`,${header}`);
    if (isList) into.addByte(CLOSE_LIST);
  }

  private writeLayer(packet: Packet, layer: Layer, head: JsonHead, into: Utf8Text, inner: InnerHeaders): void {
    this.sink.begin(head, into);
    tellLayerOf(packet, layer, this.sink);
    this.sink.end(inner);
  }

  /** The headers inside other layers that have the name of these. */
  private guestsOf(packet: Packet, { name, hosts }: SameLayers): readonly string[] {
    const inner: InnerHeaders = new Map();
    const nowhere = new Utf8Text();
    for (const place of hosts) {
      const layer = packet.dissection.layers[place] as Layer;
      this.writeLayer(packet, layer, jsonHead(layer.name), nowhere, inner);
    }
    return inner.get(name) ?? NO_HEADERS;
  }

  /** Writes the headers that stand in no list with layers of their name. */
  private writeInner(groups: readonly SameLayers[], into: Utf8Text): void {
    for (const [name, headers] of this.inner) {
      if (groups.some((group) => group.name === name)) continue;
      into.add(`,"${name}":${headers.length > 1 ? `[${headers.join()}]` : headers[0]}`);
    }
    this.inner.clear();
  }
}

const NO_HEADERS: readonly string[] = [];

const NUMBER = wordsOf('{"frame":{"number":');
const TIME = wordsOf(',"time":"');
const EPOCH = wordsOf('","time_epoch":"');
const LENGTH = wordsOf('","len":');
const CAPTURED = wordsOf(',"cap_len":');

function writeFrame({ number, seconds, nanos, wire, captured, on, comments }: Packet, into: Utf8Text): void {
  into.addWords(NUMBER);
  into.addNumber(number);
  into.addWords(TIME);
  writeIsoTime(seconds, nanos, into);
  into.addWords(EPOCH);
  writeEpochTime(seconds, nanos, into);
  into.addWords(LENGTH);
  into.addNumber(wire);
  into.addWords(CAPTURED);
  into.addNumber(captured);
  if (on?.file !== undefined) into.add(`,"file":${jsonText(on.file)}`);
  if (on?.name !== undefined) into.add(`,"interface_name":${jsonText(on.name)}`);
  if (comments.length > 0) into.add(`,"comment":[${comments.map(jsonText).join()}]`);
}

function findingJson(finding: Finding): string {
  const { severity, group } = kindOf(finding.code);
  return `{"severity":"${severity}","group":"${group}","code":"${finding.code}","text":${jsonText(textOf(finding))}}`;
}
