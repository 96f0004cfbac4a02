import { messagesBeforeId, summarizeChannel, writeSummary } from '../../dissectors/channel/explain.js';
import type { Dissection } from '../../dissectors/dissect.js';
import type { Layer } from '../../dissectors/layer.js';
import { linkTypeText } from '../../dissectors/link-types.js';
import { dissectorNamed } from '../../dissectors/registry.js';
import { etherText, ipv4Text, ipv6Text } from '../../dissectors/wire/field.js';
import { isToldOnce, SEVERITIES, type Severity, severityOf } from '../../dissectors/wire/finding.js';
import { hexOf } from '../../dissectors/wire/view.js';
import { wlanEnds } from '../../dissectors/wlan/ends.js';
import type { Packet } from './packet.js';
import type { Utf8Text } from './utf8-text.js';

/** What rows are written from. */
type Examined = Pick<Packet, 'dissection' | 'facts'>;

/** A packet in the words of a list's columns; not yet made safe, and without its time. */
export interface Summary {
  readonly source: string;
  readonly destination: string;
  /** The dialect of a channel packet, else the innermost layer. */
  readonly protocol: string;
  readonly info: string;
  readonly severity: Severity | 'none';
}

const NO_VIEW = new DataView(new ArrayBuffer(0));

/** What a row of the packet list says of a packet. */
export function summarize(packet: Examined): Summary {
  const [source, destination] = addressesOf(packet);
  const [protocol, info] = [protocolOf(packet), infoOf(packet)];
  return { source, destination, protocol, info, severity: severityOfPacket(packet) };
}

/** The innermost layer that was sent here and says something. */
function lastSent(layers: readonly Layer[]): Layer | undefined {
  // What a datagram of QUIC holds of TLS, its own layer tells.
  if (layers.at(-1)?.name === 'tls') {
    const datagram = layers.findLast(({ facts }) => facts?.type === 'quic');
    if (datagram) return datagram;
  }
  for (let place = layers.length - 1; place >= 0; place--) {
    const layer = layers[place];
    if (layer && !layer.quoted && layer.name !== 'data') return layer;
  }
  return layers.at(-1);
}

/** The worst finding of a packet, but for what is not worth a mark. */
export function severityOfPacket({ dissection, facts }: Examined): Severity | 'none' {
  if (dissection.findings.length === 0 && facts.findings.length === 0) return 'none';
  let worst = -1;
  for (const finding of dissection.findings) {
    if (!isToldOnce(finding)) worst = Math.max(worst, SEVERITIES.indexOf(severityOf(finding)));
  }
  for (const finding of facts.findings) worst = Math.max(worst, SEVERITIES.indexOf(severityOf(finding)));
  return SEVERITIES[worst] ?? 'none';
}

/** What the list calls a packet: the dialect of a channel packet, which no other layer can follow; else its innermost layer. */
export function protocolOf({ dissection }: Examined): string {
  const { channels } = dissection;
  const channel = channels[channels.length - 1];
  if (channel) return channel.dialect.name;
  const layer = lastSent(dissection.layers);
  if (!layer) return '';
  if (layer.facts?.type === 'channel') return layer.facts.packet.dialect.name;
  const dissector = dissectorNamed(layer.name);
  const own = dissector?.labelOf?.(dissection.sources[layer.source]?.view ?? NO_VIEW, layer);
  return own ?? LABELS[layer.name] ?? dissector?.label ?? layer.name.toUpperCase();
}

const LABELS: Readonly<Record<string, string>> = {
  eth: 'Ethernet',
  ip: 'IPv4',
  ipv6: 'IPv6',
  icmpv6: 'ICMPv6',
  null: 'Loopback',
};

/** How often the first message of a packet was sent before it, 0 for not at all. */
const timesBefore = (findings: Examined['facts']['findings']): number =>
  findings.reduce((most, { code, given }) => (REPEATS.has(code) ? Math.max(most, Number(given[1] ?? 1)) : most), 0);

/** Findings that a message of a handshake was sent before; their second word is how often. */
export const REPEATS: ReadonlySet<string> = new Set(['new-repeated', 'acknowledge-repeated', 'finalize-repeated']);

/** What a packet says, in one line that may be cut: what it is about comes last, and a resend says so in a word. */
export function infoForList(packet: Examined): string {
  const { dissection, facts } = packet;
  const [channel] = dissection.channels;
  const before = timesBefore(facts.findings);
  if (channel === undefined || dissection.channels.length > 1 || dissection.quoted.length > 0) return infoOf(packet);
  const own = summarizeChannel(channel);
  const whole = before === 0 ? infoOf(packet) : infoOf({ dissection, facts: withoutRepeats(facts) });
  const rest = whole.startsWith(own) ? whole.slice(own.length) : '';
  return `${messagesBeforeId(channel)}${before === 0 ? '' : ` (resend${before > 1 ? ` ${before}` : ''})`}${rest}`;
}

const withoutRepeats = (facts: Examined['facts']): Examined['facts'] => ({
  ...facts,
  findings: facts.findings.filter(({ code }) => !REPEATS.has(code)),
});

/** What a packet says, in one line. */
export function infoOf({ dissection, facts }: Examined): string {
  const { channels, quoted, findings } = dissection;
  let text = '';
  for (const packet of channels) text += (text === '' ? '' : ' | ') + summarizeChannel(packet);
  if (channels.length === 0) text = innermost(dissection);
  if (quoted.length > 0) text += ` quotes ${quoted.map(summarizeChannel).join(' | ')}`;
  if (findings.length === 0 && facts.findings.length === 0) return text;
  const notes = new Set<string>();
  for (const { code } of findings) if (code !== 'checksum-bad' && code !== 'encrypted') notes.add(code);
  for (const { code } of facts.findings) notes.add(code);
  // What a packet's own summary says is not said again.
  for (const note of notes) if (!text.includes(`[${note}]`)) text += ` [${note}]`;
  return text;
}

/** Writes what `infoOf` gives, with everything made visible that a terminal should not see. */
export function writeInfo(packet: Examined, into: Utf8Text): void {
  const { channels, quoted, findings } = packet.dissection;
  const [channel] = channels;
  const isPlain = quoted.length === 0 && findings.length === 0 && packet.facts.findings.length === 0;
  if (channel && channels.length === 1 && isPlain) writeSummary(channel, into);
  else into.addPrintable(infoOf(packet));
}

function innermost({ layers, sources }: Dissection): string {
  const layer = lastSent(layers);
  if (!layer) return '';
  const view = sources[layer.source]?.view ?? NO_VIEW;
  const length = `${layer.end - layer.at} bytes of data`;
  if (layer.facts?.type === 'link') return `link type ${linkTypeText(layer.facts.linkType)}, ${length}`;
  if (layer.name === 'data' || layer.name === 'chan') return length;
  // A segment that is known by its stream says what it is, however short its header was cut.
  if (layer.stop && !layer.facts) return `[${layer.stop.why}: ${layer.stop.what}]`;
  if (layer.facts?.type === 'pdu') return pdusText(layers, sources, layer.name);
  return dissectorNamed(layer.name)?.summary(view, layer) ?? '';
}

/** The most PDUs of one segment that the list names. */
const MOST_PDUS = 16;

/** The PDUs of a segment, in one line. */
function pdusText(layers: readonly Layer[], sources: Dissection['sources'], name: string): string {
  const pdus = layers.filter((layer) => layer.name === name && layer.facts?.type === 'pdu');
  const dissector = dissectorNamed(name);
  const texts = pdus
    .slice(0, MOST_PDUS)
    .map((layer) => dissector?.summary(sources[layer.source]?.view ?? NO_VIEW, layer) ?? '');
  return `${texts.join(', ')}${pdus.length > MOST_PDUS ? ', …' : ''}`;
}

/** The addresses of an Ethernet or IEEE 802.11 frame, where they are captured. */
function linkEnds(view: DataView, { name, at, limit }: Layer): readonly [string, string] | undefined {
  if (name === 'wlan') return wlanEnds(view, at, limit);
  return at + 12 <= limit.captured ? [etherText(view, at + 6), etherText(view, at)] : undefined;
}

/** The addresses of a row: the innermost network layer's, else the link's, else the peers of a bare channel packet. */
export function addressesOf({ dissection }: Examined): readonly [string, string] {
  const { network, layers, sources, channels } = dissection;
  if (network) {
    const { at, view, destination } = network;
    if (network.version === 4) return [ipv4Text(view.getUint32(at + 12)), ipv4Text(view.getUint32(destination))];
    return [ipv6Text(view, at + 8), ipv6Text(view, destination)];
  }
  const link = layers.find(({ name }) => name === 'eth' || name === 'wlan');
  const ends = link && linkEnds(sources[link.source]?.view ?? NO_VIEW, link);
  if (ends) return ends;
  const packet = channels[0];
  if (packet && packet.at + 36 <= packet.limit.captured) {
    return [
      `${hexOf(packet.view, packet.at + 4, packet.at + 8)}…`,
      `${hexOf(packet.view, packet.at + 20, packet.at + 24)}…`,
    ];
  }
  return ['', ''];
}
