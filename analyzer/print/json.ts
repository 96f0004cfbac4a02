import { modeOf } from '../../dissectors/channel/capabilities.js';
import type { Layer } from '../../dissectors/layer.js';
import { type Finding, kindOf, textOf } from '../../dissectors/wire/finding.js';
import { channelIdText } from '../track/channel.js';
import { cookiesOf } from '../track/cookie-fields.js';
import { channelJson, type Statuses } from './json-channel.js';
import { layerJson } from './json-layer.js';
import { jsonText } from './json-text.js';
import type { Packet } from './packet.js';
import { epochTime, isoTime } from './time.js';

/** Layers that are a list however often they occur. Source: the command line page, "`-T json`". */
const LISTS: ReadonlySet<string> = new Set(['vlan', 'chan']);

/** A packet as one line of JSON, without the line end. Source: the command line page, "`-T json`". */
export function packetJson(packet: Packet): string {
  const { dissection, facts } = packet;
  const { layers, findings } = dissection;
  let names = '';
  for (const { name } of layers) names += names === '' ? `"${name}"` : `,"${name}"`;
  let text = `{"frame":${frameJson(packet)},"layers":[${names}]`;
  const statuses = statusesOf(packet);
  for (const [place, layer] of layers.entries()) {
    // A layer that occurs more than once stands where it first does.
    if (isFirst(layers, place)) text += `,"${layer.name}":${layersJson(packet, place, statuses)}`;
  }
  if (facts.channels.length > 0) text += `,"channel":[${facts.channels.map(touchedJson).join()}]`;
  if (findings.length > 0 || facts.findings.length > 0) {
    text += `,"expert":[${[...findings, ...facts.findings].map(findingJson).join()}]`;
  }
  return `${text}}`;
}

function isFirst(layers: readonly Layer[], place: number): boolean {
  for (let before = 0; before < place; before++) if (layers[before]?.name === layers[place]?.name) return false;
  return true;
}

/** All layers with the name of the one at `place`: a list where there are several, or may be. */
function layersJson(packet: Packet, place: number, statuses: Statuses): string {
  const { layers } = packet.dissection;
  const first = layers[place] as Layer;
  let text = layerText(packet, first, statuses);
  let several = LISTS.has(first.name);
  for (let after = place + 1; after < layers.length; after++) {
    const layer = layers[after] as Layer;
    if (layer.name !== first.name) continue;
    text += `,${layerText(packet, layer, statuses)}`;
    several = true;
  }
  return several ? `[${text}]` : text;
}

const layerText = (packet: Packet, layer: Layer, statuses: Statuses): string =>
  layer.facts?.type === 'channel' ? channelJson(layer.facts.packet, statuses) : layerJson(packet, layer);

function frameJson({ number, seconds, nanos, wire, captured, on, comments }: Packet): string {
  const name = on?.name === undefined ? '' : `,"interface_name":${jsonText(on.name)}`;
  const comment = comments.length === 0 ? '' : `,"comment":[${comments.map(jsonText).join()}]`;
  return `{"number":${number},"time":"${isoTime(seconds, nanos)}","time_epoch":"${epochTime(seconds, nanos)}","len":${wire},"cap_len":${captured}${name}${comment}}`;
}

const touchedJson = ({ number, c1, c2, state, caps }: Packet['facts']['channels'][number]): string =>
  `{"number":${number},"id":"${channelIdText(c1, c2)}","state":"${state}"${caps === undefined ? '' : `,"mode":"${modeOf(caps)}"`}}`;

function findingJson(finding: Finding): string {
  const { severity, group } = kindOf(finding.code);
  return `{"severity":"${severity}","group":"${group}","code":"${finding.code}","text":${jsonText(textOf(finding))}}`;
}

const UNJUDGED: Statuses = () => 'unknown';

/** The statuses of a packet's cookies, by the packet and place where they stand. */
function statusesOf({ dissection, facts }: Packet): Statuses {
  if (facts.verdicts.length === 0) return UNJUDGED;
  const cookies = cookiesOf(dissection);
  return (packet, start) => {
    const place = cookies.findIndex((cookie) => cookie.packet === packet && cookie.start === start);
    return facts.verdicts[place]?.status ?? 'unknown';
  };
}
