import { DnsHandshakes } from './dns/tracker.js';
import { HipTracker } from './hip/tracker.js';
import { IkeTracker } from './ikev2/tracker.js';
import { OpenvpnTracker } from './openvpn/tracker.js';
import { PaxosRounds } from './paxos/tracker.js';
import { PppoeTracker } from './pppoe/tracker.js';
import { QuicHandshakes } from './quic/tracker.js';
import { SctpHandshakes } from './sctp/tracker.js';
import type { KindTracker } from './step.js';
import { StunTracker } from './stun/tracker.js';
import { TcpHandshakes } from './tcp/tracker.js';
import { TlsHandshakes } from './tls/tracker.js';
import type { SharedSecret } from './wireguard/noise.js';
import { WireGuardTracker } from './wireguard/tracker.js';

/** What the trackers of kinds are made with. */
export interface KindOptions {
  /** Any number; strangers must not know it. */
  readonly seed?: number;
  /** What the program has a faster way for than plain JavaScript. */
  readonly sharedSecret?: SharedSecret | undefined;
}

/** A tracker for each kind of handshakes but the channel's, in the order in which they see a packet. */
export const newKindTrackers = ({ seed = 0, sharedSecret }: KindOptions): readonly KindTracker[] => [
  new TcpHandshakes(seed),
  new WireGuardTracker(sharedSecret),
  new TlsHandshakes('tls'),
  new TlsHandshakes('dtls'),
  new QuicHandshakes(),
  new DnsHandshakes(),
  new SctpHandshakes(seed),
  new IkeTracker(),
  new PppoeTracker(),
  new OpenvpnTracker(),
  new PaxosRounds(),
  new StunTracker(),
  new HipTracker(),
];
