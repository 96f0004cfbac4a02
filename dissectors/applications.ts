import { ceph } from './ceph/dissect.js';
import { dns, llmnr, mdns } from './dns/dissect.js';
import { dtlsApplication } from './dtls/dissect.js';
import { ipsecInUdp } from './esp/dissect.js';
import { hipApplication } from './hip/dissect.js';
import { ike } from './isakmp/dissect.js';
import type { Application } from './layer.js';
import { openvpnProtocol } from './openvpn/dissect.js';
import { quicApplication } from './quic/dissect.js';
import { stunApplication } from './stun/dissect.js';
import { tlsApplication } from './tls/dissect.js';
import { wg } from './wg/dissect.js';

/** Protocols over UDP and TCP that nothing else is found in. Each says itself what leads to it. */
export const APPLICATIONS: readonly Application[] = [
  // A line each: the order is that in which they look at what no port leads to.
  dns,
  mdns,
  llmnr,
  tlsApplication,
  quicApplication,
  dtlsApplication,
  ike,
  ipsecInUdp,
  hipApplication,
  stunApplication,
  openvpnProtocol,
  wg,
  ceph,
];
