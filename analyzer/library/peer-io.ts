/**
 * `handshark/peer/io`: what a peer of `handshark/peer` runs on in Node.js: UDP ports, the clock of the machine, and a host
 * that brings a peer's packets and timers to both.
 *
 * @module peer/io
 */
export type { Endpoint } from '../../crafter/endpoint.js';
export { monotonic } from '../../crafter/io/clock.js';
export { type Application, PeerHost } from '../../crafter/io/peer-host.js';
export { connectUdp, listenUdp, type UdpEvents, type UdpPort } from '../../crafter/io/udp-port.js';
