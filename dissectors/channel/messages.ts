import { bit, bytes, bytesBy, hexId, over, u16, u32, varint } from '../wire/field.js';
import { type Layout, layout } from '../wire/layout.js';
import { CLOSE_ON_LOSS, modeOf, ORDERED, RESEND } from './capabilities.js';
import { channelId } from './packet.js';

export type MessageName =
  | 'CHANNEL_NEW'
  | 'CHANNEL_ACKNOWLEDGE'
  | 'CHANNEL_FINALIZE'
  | 'CHANNEL_COOKIE'
  | 'CHANNEL_CLOSE'
  | 'DATA'
  | 'DATA_PROGRESS'
  | 'DATA_WINDOW';

/** Message type codes. Source: protocol page, section 3 "Messages, by dialect". */
export const CODES: Readonly<Record<MessageName, number>> = {
  CHANNEL_NEW: 10,
  CHANNEL_ACKNOWLEDGE: 11,
  CHANNEL_FINALIZE: 12,
  CHANNEL_COOKIE: 13,
  CHANNEL_CLOSE: 14,
  DATA: 20,
  DATA_PROGRESS: 21,
  DATA_WINDOW: 22,
};

/** What the reasons of CHANNEL_CLOSE mean. Source: protocol page, section 6. */
export const CLOSE_REASONS: Readonly<Record<number, string>> = {
  0: 'done',
  1: 'loss',
  2: 'idle',
  3: 'protocol error',
  4: 'refused',
};
export const REFUSED = 4;

/** A message of one dialect: what follows its type. */
export interface MessageKind {
  readonly name: MessageName;
  readonly code: number;
  readonly body: Layout;
}

const message = (name: MessageName, body: Layout): MessageKind => ({ name, code: CODES[name], body });

const c1 = hexId(u16("Initiator's half", 'hex'));

const capabilities = {
  caps: over(u16('Capabilities', 'hex', modeOf)),
  'caps.resend': over(bit(u16('Resend', 'hex'), RESEND)),
  'caps.ordered': over(bit(u16('Ordered', 'hex'), ORDERED)),
  'caps.close_on_loss': bit(u16('Close on loss', 'hex'), CLOSE_ON_LOSS),
};

/** The type of a message, which comes before its body. */
export const messageType = layout('chan', { 'msg.type': varint('Message type') });

const close = message('CHANNEL_CLOSE', layout('chan', { reason: u16('Reason', 'dec', CLOSE_REASONS) }));
const data = message('DATA', layout('chan', { length: varint('Length'), data: bytesBy('Data', 'length') }));
const progress = message(
  'DATA_PROGRESS',
  layout('chan', { next: u16('Next expected'), received: u32('Received beyond it', 'hex') }),
);
const window = message('DATA_WINDOW', layout('chan', { window: u16('Window') }));

/** The messages of the article's final form, with HMAC cookies of 16 bytes. */
export const hmacMessages: readonly MessageKind[] = [
  message('CHANNEL_NEW', layout('chan', { c1, cookie1: bytes('Cookie 1', 16) })),
  message(
    'CHANNEL_ACKNOWLEDGE',
    layout('chan', {
      id: channelId('Channel', false),
      cookie1: bytes('Cookie 1', 16),
      cookie2: bytes('Cookie 2', 16),
    }),
  ),
  message(
    'CHANNEL_FINALIZE',
    layout('chan', { id: channelId('Channel', false), cookie2: bytes('Cookie 2', 16), ...capabilities }),
  ),
  message('CHANNEL_COOKIE', layout('chan', { cookie: bytes('Cookie', 16), ...capabilities })),
  close,
  data,
  progress,
  window,
];

/** The final form before its addendum: capabilities in CHANNEL_NEW. */
export const newcapsMessages: readonly MessageKind[] = [
  message('CHANNEL_NEW', layout('chan', { c1, cookie1: bytes('Cookie 1', 16), ...capabilities })),
  message(
    'CHANNEL_ACKNOWLEDGE',
    layout('chan', {
      id: channelId('Channel', false),
      cookie1: bytes('Cookie 1', 16),
      cookie2: bytes('Cookie 2', 16),
    }),
  ),
  message('CHANNEL_FINALIZE', layout('chan', { id: channelId('Channel', false), cookie2: bytes('Cookie 2', 16) })),
  message('CHANNEL_COOKIE', layout('chan', { cookie: bytes('Cookie', 16) })),
  close,
  data,
  progress,
  window,
];

/** The article's first form: sequence numbers exchanged as TCP does, no cookies. */
export const seqnoMessages: readonly MessageKind[] = [
  message('CHANNEL_NEW', layout('chan', { c1, s1: u16("Initiator's start"), ...capabilities })),
  message(
    'CHANNEL_ACKNOWLEDGE',
    layout('chan', { id: channelId('Channel', false), ack: u16('Acknowledged'), s2: u16("Responder's start") }),
  ),
  message('CHANNEL_FINALIZE', layout('chan', { id: channelId('Channel', false), ack: u16('Acknowledged') })),
  close,
  data,
  progress,
  window,
];

/** The reference implementation: CRC cookies of 4 bytes, the responder's half first. */
export const channelerMessages: readonly MessageKind[] = [
  message('CHANNEL_NEW', layout('chan', { c1, cookie1: bytes('Cookie 1', 4) })),
  message(
    'CHANNEL_ACKNOWLEDGE',
    layout('chan', {
      id: channelId('Channel', true),
      cookie1: bytes('Cookie 1', 4),
      cookie2: bytes('Cookie 2', 4),
    }),
  ),
  message(
    'CHANNEL_FINALIZE',
    layout('chan', { id: channelId('Channel', true), cookie2: bytes('Cookie 2', 4), ...capabilities }),
  ),
  message('CHANNEL_COOKIE', layout('chan', { cookie: bytes('Cookie', 4), ...capabilities })),
  data,
];
