import type { DialectName } from '../../dissectors/channel/dialects.js';

/** Where packets come from and go to: an opaque text, such as `10.0.0.1:4242`. Equal texts are one address. */
export type Address = string;

/** Someone who asks for a channel, with a proof in hand. */
export interface Asking {
  readonly remoteId: Uint8Array;
  readonly from: Address;
  readonly id: number;
  readonly capabilities: number;
}

/** Every number of a peer. Times are in milliseconds. */
export interface Settings {
  readonly dialect: DialectName;
  /** The largest packet sent; in `channeler`, the size of every packet sent. */
  readonly packetSize: number;

  /** When a handshake message goes out, counted from the first, which is 0. */
  readonly retries: readonly number[];
  /** When a handshake that got no answer fails, counted from its first message. */
  readonly failAfter: number;
  /** How often an attempt starts again because of a collision. */
  readonly restarts: number;
  /** Numbered packets an initiator sends before its channel is confirmed. */
  readonly earlyPackets: number;
  /** Early packets of a responder that an initiator holds until the acknowledgement comes. */
  readonly heldEarly: number;
  /** How long, and for how many attempts, a responder keeps early data of its own. */
  readonly earlyKeep: number;
  readonly earlyAttempts: number;
  /** How long, and for how many attempts, a responder of `seqno` and `hmac-newcaps` remembers a CHANNEL_NEW. */
  readonly pendingKeep: number;
  readonly pendingAttempts: number;

  /** How long one secret makes cookies. */
  readonly secretPeriod: number;
  /** Whether a proof counts only from the address that its `c2` was given to. */
  readonly bindAddress: boolean;
  /** Whether to give a channel to someone who asks for one. */
  readonly accept: (asking: Asking) => boolean;
  /** Data to send before the initiator has proven its address; no early data where it gives none. */
  readonly greet: ((remoteId: Uint8Array, from: Address) => Uint8Array | undefined) | undefined;

  /** Channels and attempts at once, those included that are over and not read to their end. */
  readonly channels: number;
  /** Of them, those that one other peer may have opened: the rest is for others. */
  readonly channelsOfRemote: number;
  /** Closed channels that are remembered. */
  readonly closedChannels: number;
  /** How long a closed channel still answers. */
  readonly linger: number;

  readonly idle: number;
  /** Sends DATA_WINDOW on a channel that was quiet this long; 0 for never. */
  readonly keepAlive: number;
  /** Whether a channel stays open for sending after the other peer has closed its direction. */
  readonly halfOpen: boolean;
  readonly closeRepeat: number;
  readonly closeRepeats: number;

  readonly gapTimeout: number;
  /** How far ahead a number ends a gap at once. */
  readonly gapSpan: number;

  /** Packets the receiver allows to come before the application has read those before. */
  readonly window: number;
  /** What received packets may weigh while they wait to be read or for those before them, in bytes: of a channel, … */
  readonly receiveBuffer: number;
  /** … of all channels of a remote, … */
  readonly receiveBufferOfRemote: number;
  /** … and of all channels there are. */
  readonly receiveBufferOfAll: number;
  /** How many messages those packets may hold: every one is work for whoever reads. */
  readonly receiveMessages: number;
  readonly receiveMessagesOfRemote: number;
  readonly receiveMessagesOfAll: number;
  /** How long packets may wait behind a gap while there is no room for those of others. */
  readonly stuckFor: number;
  /** Packets the sender has under way at most, whatever the other peer allows. */
  readonly flight: number;
  /** Bytes that wait to be sent at most. */
  readonly sendBuffer: number;
  readonly progressDelay: number;
  /** A report goes out on every so many packets. */
  readonly progressEvery: number;

  readonly firstTimeout: number;
  readonly granularity: number;
  readonly minTimeout: number;
  readonly maxTimeout: number;
  /** When a packet is given up: after so many sendings, or so long after the first. */
  readonly sendings: number;
  readonly giveUpAfter: number;
  /** Later packets that must be reported before one is sent again at once. */
  readonly fastResend: number;
  readonly firstCongestionWindow: number;

  /** Whether decisions are told as `log` effects. */
  readonly log: boolean;
}

/** Source: protocol page, sections 2 to 6; what it leaves open is written down in docs/peer-decisions.md. */
export const DEFAULTS: Settings = {
  dialect: 'hmac',
  packetSize: 1200,

  retries: [0, 200, 600, 1400, 3000, 6200],
  failAfter: 12_600,
  restarts: 8,
  earlyPackets: 8,
  heldEarly: 16,
  earlyKeep: 15_000,
  earlyAttempts: 64,
  pendingKeep: 30_000,
  pendingAttempts: 1024,

  secretPeriod: 120_000,
  bindAddress: true,
  accept: () => true,
  greet: undefined,

  channels: 65_536,
  channelsOfRemote: 16_384,
  closedChannels: 65_536,
  linger: 15_000,

  idle: 60_000,
  keepAlive: 0,
  halfOpen: false,
  closeRepeat: 200,
  closeRepeats: 5,

  gapTimeout: 200,
  gapSpan: 1024,

  window: 256,
  receiveBuffer: 4_194_304,
  receiveBufferOfRemote: 33_554_432,
  receiveBufferOfAll: 67_108_864,
  receiveMessages: 131_072,
  receiveMessagesOfRemote: 1_048_576,
  receiveMessagesOfAll: 2_097_152,
  stuckFor: 20_000,
  flight: 2048,
  sendBuffer: 262_144,
  progressDelay: 20,
  progressEvery: 2,

  firstTimeout: 200,
  granularity: 30,
  minTimeout: 100,
  maxTimeout: 2000,
  sendings: 8,
  giveUpAfter: 10_000,
  fastResend: 3,
  firstCongestionWindow: 4,

  log: false,
};

/** The smallest packets that every message fits in, with some data; the largest that a datagram holds; in bytes. */
export const PACKET_SIZES = { least: 128, most: 65_507 };
/** Numbers that a window may never reach: half of the number space. */
export const MOST_WINDOW = 0x7fff;
/** The window before the first DATA_WINDOW with a DATA_PROGRESS. */
export const FIRST_WINDOW = 16;
