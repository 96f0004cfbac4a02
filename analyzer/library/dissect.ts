/**
 * `handshark/dissect`: takes one packet apart. For packets that belong together (fragments, streams, channels,
 * handshakes) see `handshark/track`.
 *
 * @module dissect
 */
import { type DialectName, dialectNamed } from '../../dissectors/channel/dialects.js';
import { viewOf } from '../../dissectors/wire/view.js';
import { Examiner } from '../track/examine.js';
import { DissectedPacket } from './packet.js';

export {
  DissectedPacket,
  type FieldValue,
  type FindingView,
  type LayerView,
  type SummaryView,
  type TreeNode,
  UnknownFieldError,
} from './packet.js';
export type { DialectName };

/** LINKTYPE_ numbers that are used most. Source: the registry of link types of tcpdump.org. */
export const LINK_TYPES = {
  null: 0,
  ethernet: 1,
  ppp: 9,
  raw: 101,
  ieee80211: 105,
  linuxSll: 113,
  user0: 147,
  ipv4: 228,
  ipv6: 229,
  linuxSll2: 276,
} as const;

export interface DissectOptions {
  /** The dialect of channel packets; found out for each packet unless given. */
  readonly dialect?: DialectName;
  /** How long the packet was on the wire, in bytes, where less was captured. */
  readonly originalLength?: number;
}

/**
 * Takes a packet apart. Never throws on input: what cannot be read is a finding.
 * @param bytes the frame as it was captured; kept, not copied
 * @param linkType a LINKTYPE_ number; Ethernet unless given
 */
export function dissect(
  bytes: Uint8Array,
  linkType: number = LINK_TYPES.ethernet,
  { dialect, originalLength = bytes.length }: DissectOptions = {},
): DissectedPacket {
  const examiner = new Examiner({ track: false, ...(dialect && { dialect: dialectNamed(dialect) }) });
  const { length } = bytes;
  const wire = Math.max(length, originalLength);
  const examined = examiner.examine(viewOf(bytes), 0, length, wire, linkType, 1, 0, 0);
  return new DissectedPacket({
    ...examined,
    number: 1,
    seconds: 0,
    nanos: 0,
    isTimed: false,
    captured: length,
    wire,
    on: undefined,
    comments: [],
    timeline: undefined,
    links: undefined,
    secrets: [],
  });
}
