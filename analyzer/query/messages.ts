import type { ChannelColumns } from '../index/channel-columns.js';
import type { HandshakeColumns } from '../index/handshake-columns.js';
import type { NumberNews } from '../index/number-list.js';
import type { CaptureNews, Origin } from '../index/scanned-capture.js';
import type { DataPiece, FindNews, SaveNews, Search, StatisticsKind, StatisticsNews } from './news.js';

/** What a query worker is asked about the packets of a capture. */
export type Question =
  | {
      readonly type: 'match';
      readonly filter: string;
      /** What is searched for among those that pass the filter. */
      readonly search?: Search;
      /** The packets that were found already, and the last that was looked at. */
      readonly found: NumberNews;
      readonly looked: number;
    }
  | {
      readonly type: 'find';
      readonly search: Search;
      readonly from: number;
      readonly backwards: boolean;
      /** Of these packets only. */
      readonly within: NumberNews | undefined;
    }
  | { readonly type: 'statistics'; readonly kind: Exclude<StatisticsKind, 'properties'>; readonly filter: string }
  /** @param initiator the id of the peer that initiated it, as far as is known */
  | { readonly type: 'data'; readonly channel: number; readonly initiator: string }
  | {
      readonly type: 'save';
      readonly path: string;
      /** What the packets are read from: never written over. */
      readonly inputs: readonly string[];
      /** All packets unless given. */
      readonly numbers: NumberNews | undefined;
      readonly withHandshakes: boolean;
    };

/** How far a filter has been answered. */
export interface MatchAnswer {
  readonly type: 'match';
  readonly news: NumberNews;
  readonly looked: number;
  readonly done: boolean;
  readonly problem: string | undefined;
}

/** What a query worker tells of a question, one kind for each. */
export type Answer =
  | MatchAnswer
  | ({ readonly type: 'find' } & FindNews)
  | ({ readonly type: 'statistics' } & StatisticsNews)
  | {
      readonly type: 'data';
      /** Those that came since the last answer. */
      readonly pieces: readonly DataPiece[];
      readonly left: number;
      readonly done: boolean;
      readonly problem: string | undefined;
    }
  | ({ readonly type: 'save' } & SaveNews);

/** What a query worker is told. */
export type QueryOrder =
  | { readonly type: 'capture'; readonly news: CaptureNews }
  | { readonly type: 'channels'; readonly channels: ChannelColumns; readonly handshakes: HandshakeColumns }
  | { readonly type: 'ask'; readonly id: number; readonly question: Question }
  | { readonly type: 'cancel'; readonly id: number };

/** What a query worker tells. */
export type QueryReply =
  | { readonly type: 'answer'; readonly id: number; readonly answer: Answer }
  /** Nothing before this packet is read any more. */
  | { readonly type: 'forgotten'; readonly first: number };

/** What a query worker is made with. */
export interface QueryTask {
  readonly origin: Origin;
  readonly news: CaptureNews;
  readonly channels: ChannelColumns;
  readonly handshakes: HandshakeColumns;
}
