import type { ChannelPacket, Message } from '../../dissectors/channel/dissect.js';
import { messageValues } from '../../dissectors/channel/explain.js';
import { PAYLOAD } from '../../dissectors/channel/packet.js';
import { slice } from '../../dissectors/wire/view.js';
import type { Capture } from './script.js';
import type { FieldValue } from './shape.js';

/** A field of a packet around its messages; undefined where it could not be read. */
export function headerValue(packet: ChannelPacket, key: string): FieldValue | undefined {
  const { view, at, dialect, sequence, payloadSize, checksum, padding, findings, id } = packet;
  switch (key) {
    case 'sequence':
      return sequence;
    case 'payload_size':
      return payloadSize;
    case 'checksum':
      return checksum;
    case 'padding':
      return padding;
    case 'findings':
      return findings.length;
    default: {
      if (id === undefined) return undefined;
      const field = dialect.header.list.find((known) => known.key === key);
      const value = field?.read(view, at);
      return typeof value === 'string' || typeof value === 'bigint' ? undefined : value;
    }
  }
}

/** A field of a message; undefined where it could not be read. */
export function messageValue(packet: ChannelPacket, message: Message, key: string): FieldValue | undefined {
  if (!message.kind) return ofUnknown(packet, message, key);
  const field = message.kind.body.fields[key];
  // Truths are bits of a word, read by their own field.
  if (field?.kind === 'bool') return message.stop ? undefined : (field.read(packet.view, message.body) as boolean);
  return messageValues(packet, message).get(key);
}

function ofUnknown({ view, at, payloadSize = 0 }: ChannelPacket, { code, body }: Message, key: string): FieldValue {
  return key === 'code' ? code : slice(view, body, Math.max(body, at + PAYLOAD + payloadSize));
}

/** What becomes of the fields that a line keeps. A field that is not there is left out. */
export function captured(captures: readonly Capture[], packet: ChannelPacket): ReadonlyMap<string, FieldValue> {
  const values = new Map<string, FieldValue>();
  for (const { field, nth, as } of captures) {
    const value = capturedValue(packet, field, nth);
    // The bytes of a packet outlive it here.
    if (value !== undefined) values.set(as, value instanceof Uint8Array ? value.slice() : value);
  }
  return values;
}

function capturedValue(packet: ChannelPacket, field: string, nth: number): FieldValue | undefined {
  const own = packet.messages.flatMap((message) => {
    const value = message.stop ? undefined : (messageValue(packet, message, field) ?? halfOf(packet, message, field));
    return message.kind && value !== undefined ? [value] : [];
  });
  const found = own[nth - 1];
  if (found !== undefined || nth > 1) return found;
  return headerValue(packet, headerName(field));
}

const headerName = (field: string): string => (field === 'c1' ? 'initiator' : field === 'c2' ? 'responder' : field);

const HALF = 0xffff;

/** `c1` or `c2` of a message that has a whole id. */
function halfOf(packet: ChannelPacket, message: Message, field: string): number | undefined {
  if (field !== 'c1' && field !== 'c2') return undefined;
  const id = message.kind && messageValue(packet, message, 'id');
  if (typeof id !== 'number') return undefined;
  return field === 'c1' ? id >>> 16 : id & HALF;
}
