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

/** A number of bytes, as texts tell it. */
export const bytesText = (count: Argument | undefined): string => `${count} byte${count === 1 ? '' : 's'}`;

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
  'packet-sliced': kind(
    'note',
    'undecoded',
    'A length that reaches beyond its frame: the packet was cut, and the file does not say so, or the sender lies.',
    (what, need, have) => `${what}: ${bytesText(need)}, the frame has ${have}: truncated, and the file does not say so`,
  ),
  'link-type-unknown': kind(
    'note',
    'undecoded',
    'A link type that is not dissected: the whole frame is data.',
    (linkType) => `link type ${linkType} is not dissected`,
  ),
  'too-deep': kind(
    'warn',
    'undecoded',
    'More layers than the dissector follows.',
    (most) => `more than ${most} layers`,
  ),

  'time-carried': kind(
    'warn',
    'malformed',
    'The capture file tells a fraction of a second that is a second or more; it is carried over.',
    (carried) => `frame.time: the file tells a fraction of ${carried} second${carried === 1 ? '' : 's'} or more`,
  ),

  'ip-version-bad': kind(
    'error',
    'malformed',
    'What should be an IP packet has another version number.',
    (version, expected) => `IP version ${version} where version ${expected} was announced`,
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
  'udplite-checksum-bad': kind(
    'error',
    'checksum',
    'The UDP-Lite checksum is wrong.',
    (expected) => `UDP-Lite checksum should be ${expected}`,
  ),
  'udplite-checksum-zero': kind(
    'error',
    'checksum',
    'A UDP-Lite checksum of zero, which the protocol does not allow.',
    () => 'UDP-Lite checksum of zero',
  ),
  'gre-checksum-bad': kind(
    'warn',
    'checksum',
    'The GRE checksum is wrong.',
    (expected) => `GRE checksum should be ${expected}`,
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
  'hip-checksum-bad': kind(
    'error',
    'checksum',
    'The checksum of a HIP packet is wrong; its receiver drops it.',
    (expected) => `HIP checksum should be ${expected}`,
  ),
  'stun-fingerprint-bad': kind(
    'warn',
    'checksum',
    'The FINGERPRINT of a STUN message is not that of its bytes: damaged, or no STUN at all.',
    (expected) => `STUN fingerprint is wrong, should be 0x${Number(expected).toString(16).padStart(8, '0')}`,
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
    'Two fragments of one datagram, or pieces of one SCTP message, are of the same bytes and differ.',
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
  'stream-unknown': kind(
    'warn',
    'undecoded',
    'Bytes of a stream that follow PDUs of its protocol, and are no PDU of it.',
    (count) => `${bytesText(count)} of the stream are no PDU of its protocol`,
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
  'ack-number-wrong': kind(
    'warn',
    'handshake',
    'An acknowledgement number that is not the start plus one; the peer drops the message.',
    (found, expected) => `acknowledges ${found}, expected ${expected}: belongs to another attempt`,
  ),
  'new-repeated': kind(
    'note',
    'handshake',
    'A CHANNEL_NEW sent again.',
    (first) => `CHANNEL_NEW of packet ${first} sent again`,
  ),
  'acknowledge-repeated': kind(
    'note',
    'handshake',
    'A CHANNEL_ACKNOWLEDGE sent again.',
    (first) => `CHANNEL_ACKNOWLEDGE of packet ${first} sent again`,
  ),
  'acknowledge-other-half': kind(
    'note',
    'handshake',
    "A second CHANNEL_ACKNOWLEDGE of one attempt, with another responder's half.",
    (first) => `another responder's half than in packet ${first}`,
  ),
  'finalize-repeated': kind(
    'note',
    'handshake',
    'A CHANNEL_FINALIZE for a channel that is established or was closed; it changes nothing.',
    (first) =>
      first === 0 ? 'CHANNEL_FINALIZE for an established channel' : `CHANNEL_FINALIZE of packet ${first} sent again`,
  ),
  'new-unseen': kind(
    'note',
    'handshake',
    'The CHANNEL_NEW that this follows from is not in the capture.',
    () => 'CHANNEL_NEW not seen',
  ),
  'acknowledge-unseen': kind(
    'note',
    'handshake',
    'The CHANNEL_ACKNOWLEDGE that this follows from is not in the capture.',
    () => 'CHANNEL_ACKNOWLEDGE not seen',
  ),
  'finalize-unseen': kind(
    'note',
    'handshake',
    'The CHANNEL_FINALIZE or CHANNEL_COOKIE that this follows from is not in the capture.',
    () => 'CHANNEL_FINALIZE not seen',
  ),
  'spurious-acknowledgement': kind(
    'warn',
    'handshake',
    'A segment of a TCP handshake acknowledges another number than the one sent plus one: it belongs to another attempt.',
    (found, wanted) => `acknowledges ${found}, wanted ${wanted}`,
  ),
  'syn-unseen': kind(
    'note',
    'handshake',
    'The SYN that a SYN-ACK answers is not in the capture.',
    () => 'the SYN that this answers was not seen',
  ),
  'tls-hello-unseen': kind(
    'note',
    'handshake',
    'A ServerHello, HelloRetryRequest or HelloVerifyRequest whose ClientHello is not in the capture.',
    () => 'the ClientHello that this answers was not seen',
  ),
  'tls-retry-again': kind(
    'error',
    'handshake',
    'A second HelloRetryRequest in one connection: a client must end it with an alert.',
    () => 'a second HelloRetryRequest',
  ),
  'tls-retry-group': kind(
    'error',
    'handshake',
    'A HelloRetryRequest for a group that the client does not offer, or has sent a share of already.',
    (group, why) => `asks for group ${group}, ${why === 0 ? 'which was not offered' : 'a share of which was sent'}`,
  ),
  'tls-retry-changed': kind(
    'error',
    'handshake',
    'The ClientHello after a HelloRetryRequest differs from the first in what must stay the same.',
    (what, extension) =>
      `the second ClientHello has ${
        what === 3
          ? `another extension ${extension}`
          : ['other random bytes', 'another session id', 'other suites'][Number(what)]
      }`,
  ),
  'tls-share-other': kind(
    'error',
    'handshake',
    'The ClientHello after a HelloRetryRequest does not have the one key share that was asked for.',
    (group) => `no key share of group ${group} alone, which was asked for`,
  ),
  'tls-cookie-missing': kind(
    'error',
    'cookie',
    'The ClientHello after a HelloRetryRequest or HelloVerifyRequest does not return the cookie.',
    () => 'the cookie that was handed out does not come back',
  ),
  'tls-cookie-other': kind(
    'warn',
    'cookie',
    'A ClientHello of TLS or DTLS returns a cookie that is none of the last few that were handed out in its attempt.',
    () => 'this cookie was not handed out in this attempt',
  ),
  'tls-cookie-stale': kind(
    'warn',
    'cookie',
    'A ClientHello returns a cookie whose time tells that it is too old for the server that made it.',
    (age, life) => `the cookie is ${age} s old, its server takes those of ${life} s`,
  ),
  'tls-cookie-empty': kind(
    'error',
    'cookie',
    'A HelloRetryRequest with a cookie of no bytes, which a client must refuse.',
    () => 'an empty cookie',
  ),
  'tls-cookie-hash': kind(
    'error',
    'cookie',
    'The hash in a cookie of OpenSSL is not that of the first ClientHello.',
    () => 'the hash in the cookie is not that of the first ClientHello',
  ),
  'dtls-message-number': kind(
    'warn',
    'handshake',
    'A handshake message of DTLS has another message_seq than the one that comes next.',
    (found, wanted) => `message_seq ${found}, wanted ${wanted}`,
  ),
  'fast-open-cookie-invalid': kind(
    'warn',
    'cookie',
    'A TCP fast open cookie that no known key of the server yields for this client.',
    () => 'the fast open cookie is not what any known key of the server yields for this client',
  ),
  'mptcp-token-unknown': kind(
    'note',
    'handshake',
    'A subflow that joins a multipath TCP connection whose keys are not in the capture.',
    () => 'the connection that this subflow joins was not seen',
  ),
  'mptcp-hmac-invalid': kind(
    'warn',
    'cookie',
    'A subflow that joins a multipath TCP connection without proving that it knows the keys.',
    () => 'an HMAC of this subflow is not what the keys of the connection yield',
  ),
  'handshake-unseen': kind(
    'note',
    'handshake',
    'A channel whose handshake is not in the capture; who initiated it is a guess.',
    () => 'handshake not seen: the first sender is taken for the initiator',
  ),
  'cookie-invalid': kind(
    'warn',
    'cookie',
    'A cookie that no known secret of its creator yields.',
    (which) => `cookie ${which} is not what any known secret of its creator yields`,
  ),
  'cookie-stale': kind(
    'warn',
    'cookie',
    'A cookie made with a secret whose time is over.',
    (which) => `cookie ${which} was made with a secret outside its time`,
  ),
  'cookie-echo-bad': kind(
    'warn',
    'cookie',
    'A cookie that differs from the one it must return.',
    (which, first) => `cookie ${which} differs from that of packet ${first}`,
  ),
  'quic-initial-unseen': kind(
    'note',
    'handshake',
    'A QUIC server answers an Initial that is not in the capture.',
    () => 'the Initial that this answers was not seen',
  ),
  'quic-initial-short': kind(
    'warn',
    'handshake',
    "A client's QUIC Initial in a datagram of fewer than 1200 bytes: servers discard it.",
    (size) => `a client's Initial in a datagram of ${size} bytes, of at least 1200`,
  ),
  'quic-retry-invalid': kind(
    'warn',
    'handshake',
    "The integrity tag of a QUIC Retry is not that of the client's first connection id: the client ignores it.",
    () => "the tag was not made with the client's first connection id: the client ignores this Retry",
  ),
  'quic-retry-repeated': kind(
    'note',
    'handshake',
    'A QUIC Retry that is not the first of its connection: the client ignores it.',
    () => 'not the first Retry: the client ignores it',
  ),
  'quic-token-other': kind(
    'warn',
    'cookie',
    'A QUIC Initial with another token than that of the Retry before it.',
    () => "this token is not the Retry's",
  ),
  'quic-token-missing': kind(
    'warn',
    'cookie',
    'A QUIC Initial that follows a Retry, but does not return its token.',
    () => 'the client follows the Retry without its token',
  ),
  'quic-token-refused': kind(
    'warn',
    'cookie',
    'A QUIC server closes the connection because of the token: INVALID_TOKEN.',
    () => 'the server does not accept the token',
  ),
  'quic-version-refused': kind(
    'note',
    'handshake',
    "A QUIC server does not speak the client's version, and lists those that it does.",
    (version) => `the server does not speak version 0x${Number(version).toString(16)}`,
  ),
  'quic-negotiation-odd': kind(
    'warn',
    'handshake',
    'A QUIC Version Negotiation that lists the version it answers: the client ignores it.',
    (version) => `version 0x${Number(version).toString(16)} is refused, and listed`,
  ),
  'wg-mac1-invalid': kind(
    'warn',
    'cookie',
    'A WireGuard initiation whose mac1 was made with none of the public keys that are known: its receiver drops it.',
    () => 'mac1 was made for none of the known public keys',
  ),
  'wg-mac2-invalid': kind(
    'warn',
    'cookie',
    'A WireGuard message whose mac2 was not made with the cookie that its sender was given.',
    () => 'mac2 was not made with the cookie that was sent',
  ),
  'wg-mac2-stale': kind(
    'warn',
    'cookie',
    'A WireGuard message whose mac2 was made with a cookie that is older than 120 s.',
    () => 'mac2 was made with a cookie older than 120 s',
  ),
  'wg-mac2-missing': kind(
    'note',
    'cookie',
    'A WireGuard message without mac2, though its sender was given a cookie.',
    () => 'no mac2, though a cookie was sent',
  ),
  'wg-initiation-unseen': kind(
    'note',
    'handshake',
    'The WireGuard initiation that this answers is not in the capture.',
    () => 'initiation not seen',
  ),
  'wg-timestamp-old': kind(
    'warn',
    'handshake',
    'A WireGuard initiation whose time is before that of an earlier one of its sender: its receiver drops it.',
    () => "the initiator's clock went back: a receiver drops what is not later than before",
  ),
  'dns-cookie-invalid': kind(
    'warn',
    'cookie',
    'A DNS server cookie that no known secret of the server yields for this client.',
    () => 'the server cookie is not what any known secret of the server yields for this client',
  ),
  'dns-cookie-stale': kind(
    'note',
    'cookie',
    'A DNS server cookie that is older than an hour, or more than five minutes ahead.',
    (age) => `the server cookie is ${age} s old`,
  ),
  'dns-cookie-other': kind(
    'warn',
    'cookie',
    'A DNS server cookie that is none of those that the server gave to this client.',
    () => 'the server cookie is none of those that the server gave to this client',
  ),
  'dns-cookie-changed': kind(
    'warn',
    'cookie',
    'A DNS answer whose client cookie is not the one of the query: it does not come from the server that was asked.',
    () => 'the client cookie is not the one of the query',
  ),
  'dns-badcookie-ignored': kind(
    'warn',
    'handshake',
    'A DNS client that asks without the server cookie that the last BADCOOKIE gave it.',
    (packet) => `asks without the server cookie of the BADCOOKIE in packet ${packet}`,
  ),
  'dns-query-unseen': kind(
    'note',
    'handshake',
    'The DNS query that this answers is not in the capture.',
    () => 'the query that this answers was not seen',
  ),
  'sctp-init-unseen': kind(
    'note',
    'handshake',
    'The SCTP INIT that this follows from is not in the capture.',
    () => 'INIT not seen',
  ),
  'sctp-tag-wrong': kind(
    'warn',
    'handshake',
    'An SCTP chunk of a handshake whose verification tag is not the one that its receiver chose: it is dropped.',
    () => 'the verification tag is not the one that the receiver chose',
  ),
  'sctp-cookie-missing': kind(
    'warn',
    'cookie',
    'An SCTP INIT ACK without a state cookie.',
    () => 'INIT ACK without a state cookie',
  ),
  'sctp-cookie-other': kind(
    'warn',
    'cookie',
    'An SCTP COOKIE ECHO with a cookie that the responder did not give.',
    () => 'the cookie is none of those that the responder gave',
  ),
  'sctp-cookie-forgeable': kind(
    'warn',
    'cookie',
    'An SCTP state cookie that is visibly made without a key: anybody can make one.',
    () => 'the cookie was made without a key: anybody can make one',
  ),
  'sctp-cookie-stale': kind(
    'warn',
    'cookie',
    'An SCTP cookie that came back too late, as its maker says.',
    (micros) => `the cookie was stale by ${micros} µs`,
  ),
  'sctp-restart': kind(
    'note',
    'handshake',
    'An SCTP INIT between ends that have an association: one of them has started again.',
    (number) => `the association of handshake ${number} is started again`,
  ),
  'ikev2-cookie-bad': kind(
    'warn',
    'cookie',
    'An IKEv2 cookie that differs from those the responder sent for this SPI: it is not accepted.',
    () => 'the returned cookie is none that was sent for this SPI',
  ),
  'ikev2-cookie-not-first': kind(
    'warn',
    'protocol',
    'An IKEv2 cookie that is not the first payload of its request.',
    () => 'the cookie must be the first payload',
  ),
  'ikev2-request-changed': kind(
    'warn',
    'handshake',
    'A repeated IKE_SA_INIT whose nonce or key exchange differs, though no other group was asked for.',
    () => 'nonce or key exchange differ from the request before',
  ),
  'ikev2-request-unseen': kind(
    'note',
    'handshake',
    'The IKE_SA_INIT request that this answers is not in the capture.',
    () => 'IKE_SA_INIT request not seen',
  ),
  'hip-solution-wrong': kind(
    'error',
    'cookie',
    'The solution in an I2 does not solve its puzzle: a responder drops it. No secret is needed to see that.',
    () => 'the solution does not solve the puzzle',
  ),
  'hip-puzzle-other': kind(
    'error',
    'cookie',
    'An I2 with a puzzle that the responder did not set in its last R1 packets.',
    () => 'the puzzle is none that the responder set',
  ),
  'hip-puzzle-stale': kind(
    'warn',
    'cookie',
    'An I2 that came after the lifetime of its puzzle.',
    (late) => `the puzzle ran out ${late} s before`,
  ),
  'stun-nonce-other': kind(
    'warn',
    'cookie',
    'A request with a NONCE that the server did not give to this client, as far as the capture shows.',
    () => 'the nonce is none that the server gave',
  ),
  'stun-nonce-missing': kind(
    'note',
    'cookie',
    'A client that was given a NONCE asks on without it.',
    () => 'the nonce that the server gave is missing',
  ),
  'pppoe-host-uniq-bad': kind(
    'warn',
    'cookie',
    'A PPPoE offer or grant whose Host-Uniq is not that of the host: the host ignores it.',
    () => 'Host-Uniq is not what the host sent',
  ),
  'pppoe-cookie-bad': kind(
    'warn',
    'cookie',
    'A PADR without the AC-Cookie of the offer that it answers.',
    () => 'the AC-Cookie is not that of the offer',
  ),
  'openvpn-hmac-invalid': kind(
    'warn',
    'cookie',
    'An OpenVPN control packet whose HMAC was made with none of the known static keys: who has them drops it.',
    () => 'the HMAC was made with none of the known static keys',
  ),
  'openvpn-session-bad': kind(
    'warn',
    'cookie',
    'An OpenVPN client that names another session than the server answered with.',
    () => 'names another session than the server answered with',
  ),
  'openvpn-reset-unseen': kind(
    'note',
    'handshake',
    "The OpenVPN client's hard reset that this answers is not in the capture.",
    () => "the client's hard reset was not seen",
  ),
  'paxos-unseen': kind(
    'note',
    'handshake',
    'The proposal that a message of Paxos is about is not in the capture.',
    () => 'the proposal that this is about was not seen',
  ),
  'paxos-refused': kind(
    'warn',
    'handshake',
    'A peon has promised a higher proposal number: the proposal is refused.',
    (pn) => `has promised ${pn}: the proposal is refused`,
  ),
  'paxos-value-changed': kind(
    'warn',
    'protocol',
    'A leader of Paxos proposes another value than the one that a peon had accepted.',
    (version) => `another value for version ${version} than the one that a peon had accepted`,
  ),
  'paxos-minority': kind(
    'note',
    'protocol',
    'A value is committed of which the capture does not show that a majority accepted it.',
    (count, all) => `committed, though only ${count} of ${all} monitors are seen to accept`,
  ),
  'attempt-cancelled': kind(
    'note',
    'handshake',
    'A wrong cookie in a CHANNEL_ACKNOWLEDGE: the reference implementation cancels its attempt, others drop the message.',
    () => 'wrong cookie 1: the reference implementation cancels its attempt',
  ),
  collision: kind(
    'warn',
    'handshake',
    'Both peers chose the same half for attempts to each other; both start again.',
    (number) => `collides with the attempt of channel ${number}`,
  ),
  refused: kind('warn', 'handshake', 'The responder refuses the channel.', () => 'the responder refuses the channel'),
  'close-loss': kind('warn', 'protocol', 'A channel closed because of loss.', () => 'closed because of loss'),
  'close-idle': kind('note', 'protocol', 'A channel closed because it was idle.', () => 'closed because it was idle'),
  'close-error': kind(
    'error',
    'protocol',
    'A channel closed because of a protocol error.',
    (reason) => `closed with reason ${reason}`,
  ),
  'after-close': kind(
    'note',
    'protocol',
    'A new number on a channel, or in a direction, that had ended, in anything but a CLOSE of another reason.',
    (closed) => `numbered after the close in packet ${closed}`,
  ),
  'sequence-gap': kind(
    'warn',
    'sequence',
    'Numbers before this one have not been seen.',
    (count) => `${count} number${count === 1 ? '' : 's'} before this one not seen`,
  ),
  reordered: kind('note', 'sequence', 'A packet that comes after a later number.', (late) => `late by ${late}`),
  'after-gap': kind(
    'warn',
    'sequence',
    'A packet that comes when its gap has been given up, in a mode without resend: its receiver drops it.',
    (ms) => `came ${ms} ms after its gap opened, which had been given up by then`,
  ),
  resent: kind('note', 'sequence', 'A number that its sender sent again.', (first) =>
    Number(first) <= 0
      ? `sent again${first === 0 ? ' (the first sending was not seen)' : ''}`
      : `packet ${first} sent again`,
  ),
  duplicate: kind(
    'note',
    'sequence',
    'A number that was seen before, too soon to be sent again on purpose.',
    (first) => (first === 0 ? 'seen before' : `the same as packet ${first}`),
  ),
  'given-up': kind(
    'warn',
    'sequence',
    'A number whose content the sender has given up: one DATA of length 0 in its place.',
    () => 'given up: its content will not come',
  ),
  'number-old': kind(
    'note',
    'sequence',
    'A number before the start of its direction, or too old to compare.',
    (number, expected) => `number ${number}, expected ${expected} or later`,
  ),
  'icmp-answer': kind(
    'warn',
    'response',
    'An ICMP error answers a packet of a channel.',
    (number, packet) => `answers ${packet === 0 ? 'a packet' : `packet ${packet}`} of channel ${number}`,
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

/** What nearly every packet of a host may have, and says nothing of any of them: told once, not by a mark a packet. */
const TOLD_ONCE: ReadonlySet<FindingCode> = new Set<FindingCode>(['checksum-offloaded']);
export const isToldOnce = ({ code }: Finding): boolean => TOLD_ONCE.has(code);

/** How many findings are above `chat`, and the worst that is worth a mark, as a place in {@link SEVERITIES}, −1 for none. */
export function tallyOf(findings: readonly Finding[]): { readonly count: number; readonly worst: number } {
  let count = 0;
  let worst = -1;
  for (const found of findings) {
    const rank = SEVERITIES.indexOf(severityOf(found));
    if (rank > CHAT) count++;
    if (isToldOnce(found)) continue;
    worst = Math.max(worst, rank);
  }
  return { count, worst };
}

const CHAT = SEVERITIES.indexOf('chat');
