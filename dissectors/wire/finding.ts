/** How much a finding matters, least first. */
export type Severity = 'chat' | 'note' | 'warn' | 'error';
export const SEVERITIES: readonly Severity[] = ['chat', 'note', 'warn', 'error'];

export type Group =
  | 'checksum'
  | 'malformed'
  | 'undecoded'
  | 'protocol'
  | 'reassembly'
  | 'sequence'
  | 'handshake'
  | 'cookie'
  | 'response';

type Argument = number | string;

interface Kind {
  readonly severity: Severity;
  readonly group: Group;
  /** What the documents say of it, in one sentence. */
  readonly about: string;
  /** What the user reads, from the finding's arguments. */
  readonly text: (...given: readonly Argument[]) => string;
}

const kind = (severity: Severity, group: Group, about: string, text: Kind['text']): Kind => ({
  severity,
  group,
  about,
  text,
});

const bytesText = (count: Argument | undefined): string => `${count} byte${count === 1 ? '' : 's'}`;

/** Every finding there is. Codes are stable: scripts and filters name them. */
export const FINDINGS = {
  truncated: kind(
    'note',
    'undecoded',
    'The capture kept less of the packet than was sent.',
    (what, need, have) => `${what}: needs ${bytesText(need)}, the capture kept ${have}`,
  ),
  malformed: kind(
    'error',
    'malformed',
    'The packet contradicts itself, or ends before it should.',
    (what, need, have) => `${what}: needs ${bytesText(need)}, there ${have === 1 ? 'is' : 'are'} ${have}`,
  ),
  'too-deep': kind(
    'warn',
    'undecoded',
    'More layers than the dissector follows.',
    (most) => `more than ${most} layers`,
  ),

  'ip-checksum-bad': kind(
    'error',
    'checksum',
    'The IPv4 header checksum is wrong.',
    (expected) => `IPv4 header checksum should be ${expected}`,
  ),
  'udp-checksum-bad': kind(
    'error',
    'checksum',
    'The UDP checksum is wrong.',
    (expected) => `UDP checksum should be ${expected}`,
  ),
  'udp-checksum-zero': kind(
    'error',
    'checksum',
    'A UDP checksum of zero, which IPv6 does not allow.',
    () => 'UDP checksum of zero over IPv6',
  ),
  'tcp-checksum-bad': kind(
    'error',
    'checksum',
    'The TCP checksum is wrong.',
    (expected) => `TCP checksum should be ${expected}`,
  ),
  'icmp-checksum-bad': kind(
    'warn',
    'checksum',
    'The ICMP or ICMPv6 checksum is wrong.',
    (expected) => `ICMP checksum should be ${expected}`,
  ),
  'sctp-checksum-bad': kind(
    'error',
    'checksum',
    'The SCTP checksum is wrong.',
    (expected) => `SCTP checksum should be ${expected}`,
  ),
  'checksum-offloaded': kind(
    'chat',
    'checksum',
    'The checksum is that of the pseudo-header only: left to the network card, which had not seen the packet yet.',
    () => 'checksum left to the network card (offloaded)',
  ),
  'checksum-bad': kind(
    'warn',
    'checksum',
    'The CRC-32C in the footer of a channel packet is wrong; its peer drops it.',
    (expected) => `channel checksum should be ${expected}`,
  ),

  'fragment-overlap': kind(
    'warn',
    'reassembly',
    'Two fragments of one datagram cover the same bytes.',
    () => 'fragment overlaps another',
  ),
  'fragment-conflict': kind(
    'error',
    'reassembly',
    'Two fragments of one datagram cover the same bytes and differ.',
    () => 'fragment overlaps another with other bytes',
  ),
  'fragment-too-long': kind(
    'error',
    'reassembly',
    'A fragment reaches beyond the longest datagram or the last fragment.',
    () => 'fragment reaches beyond the end of its datagram',
  ),
  'tcp-retransmission': kind('note', 'sequence', 'A TCP segment that was seen before.', () => 'TCP retransmission'),
  'tcp-out-of-order': kind(
    'note',
    'sequence',
    'A TCP segment that arrived after a later one.',
    () => 'TCP segment out of order',
  ),
  'tcp-lost-segment': kind(
    'warn',
    'sequence',
    'TCP bytes before this segment are not in the capture.',
    (count) => `${bytesText(count)} of the TCP stream before this segment not captured`,
  ),
  'tcp-overlap-conflict': kind(
    'warn',
    'reassembly',
    'A TCP segment repeats bytes with other values.',
    () => 'TCP segment repeats bytes with other values',
  ),
  'stream-garbage': kind(
    'warn',
    'undecoded',
    'Bytes of a stream between channel packets that are no channel packet.',
    (count) => `${bytesText(count)} passed over in search of the next channel packet`,
  ),

  'flags-reserved': kind(
    'note',
    'protocol',
    'Reserved flag bits are set; peers ignore them.',
    (bits) => `reserved flag bits ${bits} set`,
  ),
  'caps-reserved': kind(
    'note',
    'protocol',
    'Reserved capability bits are set; peers ignore them.',
    (bits) => `reserved capability bits ${bits} set`,
  ),
  encrypted: kind(
    'chat',
    'undecoded',
    'The private header, payload and padding are encrypted.',
    () => 'encrypted: private header and payload are opaque',
  ),
  'message-unknown': kind(
    'warn',
    'undecoded',
    'A message type that the dialect lacks; what follows it cannot be read.',
    (code, left) => `unknown message type ${code}, ${bytesText(left)} undissected`,
  ),
  'message-cut': kind(
    'error',
    'malformed',
    'A message that the end of the payload cuts off; the peer drops the packet.',
    (name, need, have) => `${name}: needs ${bytesText(need)}, the payload has ${have}`,
  ),
  'varint-bad': kind(
    'error',
    'malformed',
    'A varint cut off by the end of the payload, or of more than 5 bytes.',
    (what) => `${what}: varint cut off or longer than 5 bytes`,
  ),
  'message-misplaced': kind(
    'warn',
    'protocol',
    'NEW, ACKNOWLEDGE or FINALIZE off the default channel, or another message on it; peers ignore it.',
    (name, where) => `${name} does not count ${where}`,
  ),
  'cookie-not-first': kind(
    'warn',
    'protocol',
    'A CHANNEL_COOKIE that is not the first message of its packet; peers ignore it.',
    () => 'CHANNEL_COOKIE counts only as the first message',
  ),
  'half-reserved': kind(
    'warn',
    'protocol',
    'An id or half that uses the reserved half f0f0; peers drop the packet.',
    (id) => `${id} uses the reserved half f0f0`,
  ),
  'numbered-control': kind(
    'warn',
    'protocol',
    'A numbered packet carries DATA_PROGRESS or DATA_WINDOW.',
    () => 'a numbered packet carries DATA_PROGRESS or DATA_WINDOW',
  ),
  'sent-to-self': kind(
    'warn',
    'protocol',
    'Sender and recipient are the same peer; peers drop the packet.',
    () => 'sender and recipient are the same peer',
  ),
  'trailing-bytes': kind(
    'note',
    'protocol',
    'Bytes of a datagram beyond the packet size; peers ignore them.',
    (count) => `${bytesText(count)} after the packet`,
  ),
  'new-unpadded': kind(
    'note',
    'protocol',
    'Too small for the answer: a responder must not send more than it received before the address is proven.',
    (size, least) => `a packet of ${bytesText(size)}, the answer needs at least ${least}`,
  ),
  'reference-habit': kind('chat', 'protocol', 'A habit of the reference implementation.', (what) => `${what}`),
} satisfies Readonly<Record<string, Kind>>;

export type FindingCode = keyof typeof FINDINGS;

/** Something worth telling the user about a packet. Data: the text is made when it is shown. */
export interface Finding {
  readonly code: FindingCode;
  readonly source: number;
  readonly start: number;
  readonly end: number;
  readonly given: readonly Argument[];
}

export const finding = (
  code: FindingCode,
  start: number,
  end: number,
  given: readonly Argument[] = [],
  source = 0,
): Finding => ({ code, source, start, end, given });

export const kindOf = (code: FindingCode): Kind => FINDINGS[code];
export const textOf = ({ code, given }: Finding): string => (FINDINGS[code] as Kind).text(...given);
export const severityOf = ({ code }: Finding): Severity => FINDINGS[code].severity;
