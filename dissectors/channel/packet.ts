import { bit, bytes, type Field, hexId, over, u16, u32 } from '../wire/field.js';
import { layout } from '../wire/layout.js';

/** The id of the channel that needs no handshake and carries the handshakes. */
export const DEFAULT_CHANNEL = 0xf0f0f0f0;
/** The half that is never a `c1` or `c2`. */
export const RESERVED_HALF = 0xf0f0;

export const ENCRYPTED = 1;
export const SPIN = 2;
export const RESERVED_FLAGS = 0xfffc;

/** Bytes of an empty packet: headers and checksum. */
export const ENVELOPE = 52;
/** Where the messages start. */
export const PAYLOAD = 48;

const swapHalves = (id: number): number => ((id << 16) | (id >>> 16)) >>> 0;

/** A full channel id; its value is always `c1 ‖ c2`, whichever half the dialect puts first. */
export function channelId(label: string, responderFirst: boolean): Field<number> {
  const plain = hexId(u32(label, 'hex'));
  if (!responderFirst) return plain;
  return {
    ...plain,
    read: (view, at) => swapHalves(view.getUint32(at)),
    write: (view, at, id) => view.setUint32(at, swapHalves(id)),
  };
}

const half = (label: string, responderFirst: boolean, high: boolean): Field<number> => {
  const whole = channelId(label, responderFirst);
  return {
    ...whole,
    size: 4,
    mask: high ? 0xffff0000 : 0xffff,
    read: (view, at) => (high ? whole.read(view, at) >>> 16 : whole.read(view, at) & 0xffff),
    write: (view, at, value) => {
      const id = whole.read(view, at);
      whole.write(view, at, (high ? (value << 16) | (id & 0xffff) : (id & 0xffff0000) | value) >>> 0);
    },
  };
};

/**
 * The public header: 44 bytes, big-endian, readable in every packet.
 * Source: protocol page, section 2 "Packet".
 */
const publicHeader = (responderFirst: boolean) =>
  layout('chan', {
    protocol_id: hexId(u32('Protocol id', 'hex')),
    sender: bytes('Sender', 16),
    recipient: bytes('Recipient', 16),
    id: over(channelId('Channel', responderFirst)),
    initiator: over(half("Initiator's half", responderFirst, true)),
    responder: half("Responder's half", responderFirst, false),
    flags: over(u16('Flags', 'hex')),
    'flags.encrypted': over(bit(u16('Encrypted', 'hex'), ENCRYPTED)),
    'flags.spin': bit(u16('Spin', 'hex'), SPIN),
    size: u16('Packet size'),
  });

/** The public header of dialects that write the initiator's half of an id first. */
export const initiatorFirstHeader = publicHeader(false);
/** The public header of the reference implementation, which writes the responder's half first. */
export const responderFirstHeader = publicHeader(true);

/**
 * The private header: 4 bytes after the public one, opaque when the packet is encrypted.
 * Source: protocol page, section 2 "Packet".
 */
export const privateHeader = layout('chan', {
  sequence: u16('Sequence number'),
  payload_size: u16('Payload size'),
});

/** The footer: CRC-32C over the packet before it. */
export const footer = layout('chan', { checksum: hexId(u32('Checksum', 'hex')) });
