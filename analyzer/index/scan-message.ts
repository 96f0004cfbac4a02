import type { DialectName } from '../../dissectors/channel/dialects.js';
import type { NamedCaptures } from '../capture/named-captures.js';
import type { Secret } from '../secrets/secrets.js';
import type { ChannelColumns } from './channel-columns.js';
import type { HandshakeColumns } from './handshake-columns.js';
import type { CaptureNews, Origin } from './scanned-capture.js';

/** What a scan worker is to do. */
export interface ScanTask {
  readonly path: string;
  /** Several captures that are read as one, instead. */
  readonly captures?: NamedCaptures;
  /** What to call the capture, where its path says nothing. */
  readonly title?: string;
  /** Those of the files that were named; those inside the capture the worker finds. */
  readonly secrets: readonly Secret[];
  readonly dialect?: DialectName;
  readonly track: boolean;
  readonly seed: number;
  readonly follow: boolean;
  /** Whether custom blocks of a pcapng file are packets, as in Wireshark. */
  readonly countBlocks?: boolean;
  /** Rest once the first screen is scanned, until it is drawn: both at once take twice as long where cores are few. */
  readonly rests?: boolean;
  /** Packets that are kept at least; older ones are forgotten. All, if left out. */
  readonly keep?: number;
  /** Whether the file is ours alone and without a name: the room of packets that are forgotten is given back. */
  readonly isPrivate?: boolean;
  /** How often a followed file is looked at, in milliseconds. */
  readonly interval?: number;
}

/** What a scan worker tells, in this order: opened, grown and channels, ended. */
export type ScanMessage =
  | ({ readonly type: 'opened' } & Origin)
  | {
      readonly type: 'grown';
      readonly news: CaptureNews;
      readonly progress: number | undefined;
    }
  | { readonly type: 'channels'; readonly channels: ChannelColumns }
  | { readonly type: 'handshakes'; readonly handshakes: HandshakeColumns }
  | { readonly type: 'ended'; readonly problem: string | undefined };

/** What a scan worker is told. */
export type ScanOrder =
  /** Comes first, and once. */
  | { readonly type: 'scan'; readonly task: ScanTask }
  | { readonly type: 'stop' }
  /** The first screen is drawn. */
  | { readonly type: 'drawn' }
  /** Secrets by which packets are judged from now on. */
  | { readonly type: 'secrets'; readonly secrets: readonly Secret[] }
  /** So many of the oldest segments that were forgotten are read by nobody any more. */
  | { readonly type: 'reuse'; readonly segments: number };
