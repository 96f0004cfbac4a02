/**
 * `handshark/peer`: a whole peer of the channel protocol without a clock, a socket or chance of its own. Packets, times and
 * wishes come in as calls, what is to be done goes out as effects.
 *
 * @module peer
 */
export type { Channel, Phase, Role, Traffic } from '../../crafter/peer/channel.js';
export type { Effect } from '../../crafter/peer/effects.js';
export type { Opening } from '../../crafter/peer/initiator.js';
export { type Birth, Peer } from '../../crafter/peer/peer.js';
export type { Random } from '../../crafter/peer/random.js';
export { type Address, type Asking, DEFAULTS, type Settings } from '../../crafter/peer/settings.js';
export { peerId } from '../../crafter/peer-id.js';
export { bitsOf, MODES, type Mode } from '../../dissectors/channel/capabilities.js';
