import { bit, bytes, over, part, u16, u32 } from '../wire/field.js';
import { layout } from '../wire/layout.js';

/** What every L2TP header over UDP starts with: 2 bytes, big-endian. Source: RFC 2661, section 3.1. */
export const l2tpFlags = layout('l2tp', {
  flags: over(u16('Flags', 'hex')),
  type: over(part(u16('Type', 'dec', { 0: 'data', 1: 'control' }), 0x8000)),
  length_bit: over(bit(u16('Length'), 0x4000)),
  seq_bit: over(bit(u16('Sequence'), 0x0800)),
  offset_bit: over(bit(u16('Offset'), 0x0200)),
  priority: over(bit(u16('Priority'), 0x0100)),
  version: part(u16('Version'), 0x000f),
});

/** The parts of version 2 that follow, under their flags. */
export const lengthPart = layout('l2tp', { length: u16('Length') });
export const tunnelPart = layout('l2tp', { tunnel: u16('Tunnel id'), session: u16('Session id') });
export const sequencePart = layout('l2tp', { Ns: u16('Ns'), Nr: u16('Nr') });
/** In bytes: padding after the header. */
export const offsetPart = layout('l2tp', { offset: u16('Offset') });

/** The flags of version 3, which knows fewer. Source: RFC 3931, section 3.2.1. */
export const versionThreeFlags = layout('l2tp', {
  flags: over(u16('Flags', 'hex')),
  type: over(part(u16('Type', 'dec', { 0: 'data', 1: 'control' }), 0x8000)),
  length_bit: over(bit(u16('Length'), 0x4000)),
  seq_bit: over(bit(u16('Sequence'), 0x0800)),
  version: part(u16('Version'), 0x000f),
});

/** The parts of version 3. Source: RFC 3931, sections 3.2.1 and 4.1. */
export const connectionPart = layout('l2tp', { ccid: u32('Control connection id', 'hex') });
export const reservedPart = layout('l2tp', { res: u16('Reserved', 'hex') });
export const sessionPart = layout('l2tp', { sid: u32('Session id', 'hex') });

/** A cookie of either size that version 3 allows. Source: RFC 3931, section 4.1. */
export const shortCookie = layout('l2tp', { cookie: bytes('Cookie', 4) });
export const longCookie = layout('l2tp', { cookie: bytes('Cookie', 8) });

/** What an attribute of a control message starts with: 6 bytes. Source: RFC 2661, section 4.1. */
export const attributeHead = layout('l2tp', {
  'avp.mandatory': over(bit(u16('Mandatory'), 0x8000)),
  'avp.hidden': over(bit(u16('Hidden'), 0x4000)),
  /** In bytes, with these 6. */
  'avp.length': part(u16('Length'), 0x03ff),
  'avp.vendor_id': u16('Vendor id'),
  'avp.type': u16('Type'),
});
