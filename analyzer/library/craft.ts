/**
 * `handshark/craft`: packets from parts, each of which derives what is not given: lengths, checksums, numbers of
 * protocols. A field that is given is written as given, however wrong.
 *
 * @module craft
 */

import { DECLARED, declared as declaredPart } from '../../crafter/declared-part.js';
import * as allFaults from '../../crafter/faults.js';
import { DIALECTS, type Dialect, type DialectName, dialectNamed } from '../../dissectors/channel/dialects.js';

export { channelPacket, cookiesOf, data, message, unknownMessage } from '../../crafter/channel-part.js';
export { arp, ethernet, loopback, sll, sll2, vlan } from '../../crafter/link-part.js';
export {
  destinationOptions,
  fragment,
  hopByHop,
  ipv4,
  ipv4Fragments,
  ipv6,
  ipv6Fragments,
  routing,
} from '../../crafter/network-part.js';
export { build, joined, nothing, type Part, raw, text } from '../../crafter/part.js';
export { peerId } from '../../crafter/peer-id.js';
export { icmp, icmpv6, sctp, sctpChunk, sctpData, tcp, udp } from '../../crafter/transport-part.js';
export { DIALECTS, type Dialect, type DialectName, dialectNamed };

/** The layers that are written from their layouts alone, by name. */
export const LAYERS: readonly string[] = DECLARED;

/** A header of such a layer; `given` goes by the names of its fields without that of the layer. */
export const header = declaredPart;

/** What is wrong with a packet on purpose: each makes a fault of a part, for `faults.damaged`. */
export const faults = allFaults;
