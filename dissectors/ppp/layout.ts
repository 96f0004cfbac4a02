import { derived, named, u8, u16 } from '../wire/field.js';
import { layout } from '../wire/layout.js';
import { PPP_PROTOCOL_NAMES } from './protocols.js';

const protocol = u16('Protocol', 'hex', PPP_PROTOCOL_NAMES);

/**
 * The header of PPP where nothing of it is left out: 4 bytes, big-endian.
 * Source: RFC 1661, "PPP Encapsulation"; RFC 1662, "Frame Format".
 */
export const pppHeader = layout('ppp', { address: u8('Address', 'hex'), control: u8('Control', 'hex'), protocol });

/** The header without address and control. */
export const pppBareHeader = layout('ppp', { protocol });

const DIRECTION_NAMES: Readonly<Record<number, string>> = { 0: 'sent', 1: 'received' };

/** Who sent a frame, where the capture tells: as Wireshark has it, 0 is the capturing side. */
export const DIRECTION = named('ppp.direction', derived('Direction', 'uint', 'dec', DIRECTION_NAMES));

/** The address that all frames have: where it does not stand, address and control have been left out. */
export const ALL_STATIONS = 0xff;
