import type { ChannelPacket, Message } from '../../dissectors/channel/dissect.js';
import type { FindingCode } from '../../dissectors/wire/finding.js';
import type { Waiting } from '../handshakes/waiting.js';
import type { Moment } from '../secrets/secrets.js';
import type { Channel } from './channel.js';
import type { CookieJudge, Verdict } from './cookies.js';
import type { Peer } from './peers.js';
import type { ChannelTable } from './table.js';

/** What a message changes, wherever it stands: what is known of channels, and what is told of its packet. */
export interface Tracking {
  readonly table: ChannelTable;
  readonly judge: CookieJudge;
  /** Attempts that fail without an answer, and channels that have ended. */
  readonly attempts: Waiting<Channel>;
  readonly lingering: Waiting<Channel>;
  /** Judges the cookies of a message that has no effect where it stands. */
  readonly judgeOnly: (step: Step, message: Message, channel?: Channel) => void;
  /** Notes that a packet is about a channel, though it does not count. */
  readonly list: (channel: Channel, number: number) => void;
  /** Notes that a packet counts for a channel. */
  readonly touch: (channel: Channel, number: number) => void;
  /** Adds a finding about a place in the packet of a step. */
  readonly note: (step: Step, code: FindingCode, place: Pick<Message, 'at' | 'end'>, given?: readonly number[]) => void;
  readonly addVerdict: (verdict: Verdict) => void;
}

/** One channel packet on its way through the tracker: who, what, when, and what is found out about it. */
export interface Step {
  readonly tracker: Tracking;
  readonly packet: ChannelPacket;
  readonly number: number;
  readonly sender: Peer;
  readonly recipient: Peer;
  /** In seconds since the first packet of the capture; it may go back. */
  readonly now: number;
  /** The same on the clock of timeouts, which never goes back. */
  readonly clock: number;
  readonly moment: Moment;
  /** Where the bytes of the packet lie: offsets of findings count from here. */
  readonly source: number;
  readonly shift: number;
  /** Whether it was not sent here, but quoted by an error message. */
  readonly quoted: boolean;
}
