import { modeOf } from '../../dissectors/channel/capabilities.js';
import { encapsulationOf } from '../../dissectors/encapsulations.js';
import { type Finding, kindOf, textOf } from '../../dissectors/wire/finding.js';
import type { TouchedHandshake } from '../handshakes/handshake.js';
import type { Packet } from '../print/packet.js';
import { summarize } from '../print/row.js';
import { timeColumn } from '../print/tell-packet.js';
import { channelIdText } from '../track/channel.js';
import type { Touched } from '../track/facts.js';
import { LINKS, type LinkName } from '../track/links.js';
import { durationOf, type Reader } from './reader.js';
import { momentOf } from './time.js';
import type { Value } from './types.js';

const one =
  (read: (packet: Packet) => Value | undefined): Reader =>
  (packet, visit) => {
    const value = read(packet);
    return value !== undefined && visit(value);
  };

const ofChannels =
  (read: (channel: Touched, links: Packet['links']) => Value | undefined): Reader =>
  ({ facts, links }, visit) =>
    facts.channels.some((channel) => {
      const value = read(channel, links);
      return value !== undefined && visit(value);
    });

const ofHandshakes =
  (read: (handshake: TouchedHandshake, links: Packet['links']) => Value | undefined): Reader =>
  ({ facts, links }, visit) =>
    facts.handshakes?.some((handshake) => {
      const value = read(handshake, links);
      return value !== undefined && visit(value);
    }) ?? false;

const ofFindings =
  (read: (finding: Finding) => Value): Reader =>
  ({ dissection, facts }, visit) =>
    dissection.findings.some((finding) => visit(read(finding))) ||
    facts.findings.some((finding) => visit(read(finding)));

const ofLinks =
  (name: LinkName): Reader =>
  ({ links, number }, visit) =>
    links?.of(name, number).some(visit) ?? false;

const moment = one(({ seconds, nanos }) => momentOf(seconds, nanos));

/** What is known of a packet, and of what it touches, without looking into its layers. */
const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['frame', one(() => 1)],
  ['frame.number', one(({ number }) => number)],
  ['frame.time', moment],
  ['frame.time_epoch', moment],
  ['frame.time_relative', one(({ timeline }) => timeline && durationOf(timeline.relative))],
  ['frame.time_delta', one(({ timeline }) => timeline && durationOf(timeline.delta))],
  [
    'frame.time_delta_displayed',
    one(({ timeline }) => timeline?.deltaDisplayed && durationOf(timeline.deltaDisplayed)),
  ],
  ['frame.len', one(({ wire }) => wire)],
  ['frame.cap_len', one(({ captured }) => captured)],
  ['frame.file', one(({ on }) => on?.file)],
  ['frame.interface_id', one(({ on }) => on?.id)],
  ['frame.interface_name', one(({ on }) => on?.name)],
  ['frame.link_type', one(({ on }) => on?.linkType)],
  ['frame.encap_type', one(({ on }) => on && encapsulationOf(on.linkType))],
  ['frame.protocols', one(({ dissection }) => dissection.layers.map(({ name }) => name).join(':'))],
  ['frame.comment', ({ comments }, visit) => comments.some(visit)],
  ['_ws.col.number', one(({ number }) => number)],
  ['_ws.col.time', one(timeColumn)],
  ['_ws.col.source', one((packet) => summarize(packet).source)],
  ['_ws.col.destination', one((packet) => summarize(packet).destination)],
  ['_ws.col.protocol', one((packet) => summarize(packet).protocol)],
  ['_ws.col.length', one(({ wire }) => wire)],
  ['_ws.col.info', one((packet) => summarize(packet).info)],
  ['channel', ofChannels(() => 1)],
  ['channel.number', ofChannels(({ number }) => number)],
  ['channel.id', ofChannels(({ c1, c2 }) => channelIdText(c1, c2))],
  ['channel.state', ofChannels(({ state }) => state)],
  ['channel.mode', ofChannels(({ caps }) => (caps === undefined ? undefined : modeOf(caps)))],
  ['channel.outcome', ofChannels(({ number }, links) => links?.endOfChannel(number))],
  ['handshake', ofHandshakes(() => 1)],
  ['handshake.number', ofHandshakes(({ number }) => number)],
  ['handshake.kind', ofHandshakes(({ kind }) => kind)],
  ['handshake.state', ofHandshakes(({ state }) => state)],
  ['handshake.cookie.status', ofHandshakes(({ cookieStatus }) => cookieStatus)],
  ['handshake.proof.status', ofHandshakes(({ proofStatus }) => proofStatus)],
  ['handshake.outcome', ofHandshakes((one, links) => links?.endOf(one)?.state)],
  ['handshake.reason', ofHandshakes((one, links) => links?.endOf(one)?.reason)],
  ...Object.keys(LINKS).map((name): [string, Reader] => [name, ofLinks(name as LinkName)]),
  ['expert', ofFindings(() => 1)],
  ['expert.severity', ofFindings(({ code }) => kindOf(code).severity)],
  ['expert.group', ofFindings(({ code }) => kindOf(code).group)],
  ['expert.code', ofFindings(({ code }) => code)],
  ['expert.text', ofFindings((finding) => textOf(finding))],
]);

/** What reads a field that no layer has, if it is one. */
export const packetReader = (path: string): Reader | undefined => READERS.get(path);
