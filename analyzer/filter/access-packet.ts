import { modeOf } from '../../dissectors/channel/capabilities.js';
import { encapsulationOf } from '../../dissectors/encapsulations.js';
import { type Finding, kindOf, textOf } from '../../dissectors/wire/finding.js';
import type { Packet } from '../print/packet.js';
import { channelIdText } from '../track/channel.js';
import type { Touched } from '../track/facts.js';
import { LINKS, type LinkName } from '../track/links.js';
import type { Reader } from './reader.js';
import { momentOf } from './time.js';
import type { Value } from './types.js';

const one =
  (read: (packet: Packet) => Value | undefined): Reader =>
  (packet, visit) => {
    const value = read(packet);
    return value !== undefined && visit(value);
  };

const ofChannels =
  (read: (channel: Touched) => Value | undefined): Reader =>
  ({ facts }, visit) =>
    facts.channels.some((channel) => {
      const value = read(channel);
      return value !== undefined && visit(value);
    });

const ofFindings =
  (read: (finding: Finding) => Value): Reader =>
  ({ dissection, facts }, visit) =>
    dissection.findings.some((finding) => visit(read(finding))) ||
    facts.findings.some((finding) => visit(read(finding)));

const ofLinks =
  (name: LinkName): Reader =>
  ({ links, number }, visit) =>
    links?.of(name, number).some(visit) ?? false;

/** Nanoseconds from seconds with nine digits behind the point. */
const durationOf = (seconds: string): bigint => BigInt(seconds.replace('.', ''));

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
  ['frame.interface_name', one(({ on }) => on?.name)],
  ['frame.link_type', one(({ on }) => on?.linkType)],
  ['frame.encap_type', one(({ on }) => on && encapsulationOf(on.linkType))],
  ['frame.protocols', one(({ dissection }) => dissection.layers.map(({ name }) => name).join(':'))],
  ['frame.comment', ({ comments }, visit) => comments.some(visit)],
  ['channel', ofChannels(() => 1)],
  ['channel.number', ofChannels(({ number }) => number)],
  ['channel.id', ofChannels(({ c1, c2 }) => channelIdText(c1, c2))],
  ['channel.state', ofChannels(({ state }) => state)],
  ['channel.mode', ofChannels(({ caps }) => (caps === undefined ? undefined : modeOf(caps)))],
  ...Object.keys(LINKS).map((name): [string, Reader] => [name, ofLinks(name as LinkName)]),
  ['expert', ofFindings(() => 1)],
  ['expert.severity', ofFindings(({ code }) => kindOf(code).severity)],
  ['expert.group', ofFindings(({ code }) => kindOf(code).group)],
  ['expert.code', ofFindings(({ code }) => code)],
  ['expert.text', ofFindings((finding) => textOf(finding))],
]);

/** What reads a field that no layer has, if it is one. */
export const packetReader = (path: string): Reader | undefined => READERS.get(path);
