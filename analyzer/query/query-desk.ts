import { type ChannelColumns, NO_CHANNELS } from '../index/channel-columns.js';
import type { HandshakeColumns } from '../index/handshake-columns.js';
import { NumberList, type NumberNews } from '../index/number-list.js';
import type { CaptureNews, ScannedCapture } from '../index/scanned-capture.js';
import { SnapshotEnds } from '../index/snapshot-ends.js';
import { type Answering, Unanswerable } from './answering.js';
import { ChannelData } from './channel-data.js';
import { filterTest } from './filter-test.js';
import { Finding, type Ground } from './finding.js';
import { Matching } from './matching.js';
import type { Answer, Question } from './messages.js';
import { Saving } from './saving.js';
import { searchTest, searchWithin } from './search-test.js';
import { Sifter } from './sifter.js';
import { Statistics } from './statistics.js';
import { tallyOf } from './tallies.js';

/** How long questions are worked on before messages are heard, in milliseconds. */
const TURN = 10;
/** Least time between two answers to one question, in milliseconds; and how many times the cost of one goes by. */
const LEAST_GAP = 50;
const COSTS = 10;

/** A question on the desk. */
interface Open {
  readonly answering: Answering;
  more: boolean;
  /** Whether there is something that was not told. */
  news: boolean;
  /** Whether it was told that there is no more to do for now. */
  ended: boolean;
  /** When it may be told. */
  due: number;
}

/** Works on questions about a capture, a little on each in turn, and tells what it has found. */
export class QueryDesk {
  private readonly capture: ScannedCapture;
  private readonly tell: (id: number, answer: Answer) => void;
  private readonly open = new Map<number, Open>();
  private channels: ChannelColumns = NO_CHANNELS;
  private turn: NodeJS.Immediate | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(capture: ScannedCapture, tell: (id: number, answer: Answer) => void) {
    this.capture = capture;
    this.tell = tell;
  }

  /** Takes over what the scan has found since. */
  grow(news: CaptureNews): void {
    this.capture.apply(news);
    for (const open of this.open.values()) open.more = true;
    this.plan();
  }

  know(channels: ChannelColumns, handshakes: HandshakeColumns): void {
    this.channels = channels;
    this.capture.ends = new SnapshotEnds(channels, handshakes);
    // Some counts are made of channels as well as of packets.
    for (const open of this.open.values()) open.more = true;
    this.plan();
  }

  ask(id: number, question: Question): void {
    const changed = () => {
      const open = this.open.get(id);
      if (open) open.news = true;
      this.plan();
    };
    const due = Number.NEGATIVE_INFINITY;
    this.open.set(id, { answering: this.answeringOf(question, changed), more: true, news: true, ended: false, due });
    this.plan();
  }

  cancel(id: number): void {
    this.open.get(id)?.answering.cancel?.();
    this.open.delete(id);
  }

  private plan(): void {
    this.turn ??= setImmediate(() => {
      this.turn = undefined;
      this.work();
    });
  }

  /** Gives every question one turn. */
  private work(): void {
    const slice = TURN / this.open.size;
    for (const [id, open] of this.open) {
      if (open.more) {
        const end = performance.now() + slice;
        open.more = open.answering.work(() => performance.now() >= end);
        open.news = true;
        if (open.more) this.plan();
      }
      if (open.news) this.answer(id, open);
    }
  }

  private answer(id: number, open: Open): void {
    const start = performance.now();
    // The end is told at once.
    if (start < open.due && (open.more || open.ended)) {
      this.timer ??= setTimeout(() => {
        this.timer = undefined;
        this.plan();
      }, open.due - start);
      return;
    }
    open.news = false;
    open.ended = !open.more;
    this.tell(id, open.answering.answer());
    const end = performance.now();
    open.due = end + Math.max(LEAST_GAP, COSTS * (end - start));
  }

  private answeringOf(question: Question, changed: () => void): Answering {
    const { capture } = this;
    const { index } = capture;
    const packet = (number: number) => capture.packet(number);
    const ground: Ground = { index, packet };
    switch (question.type) {
      case 'match': {
        const { filter, search, found, looked } = question;
        const test = search === undefined ? filterTest(filter, capture) : searchWithin(search, filter, capture);
        if (!('problem' in test)) return new Matching(index, new Sifter(index, packet, test, looked), found);
        const news = { from: 0, chunks: [], count: 0 };
        return new Unanswerable({ type: 'match', news, looked: 0, done: true, problem: test.problem });
      }
      case 'find': {
        const { search, from, backwards, within } = question;
        const test = searchTest(search, capture);
        if (!('problem' in test)) return new Finding(ground, test, from, backwards, listOf(within));
        return new Unanswerable({ type: 'find', number: 0, looked: 0, done: true, problem: test.problem });
      }
      case 'statistics': {
        const { kind, filter } = question;
        const test = filterTest(filter, capture);
        if (!('problem' in test)) {
          return new Statistics(ground, test, () => tallyOf(kind, filter.trim(), index, () => this.channels));
        }
        const none = { sheets: [], filters: [], looked: 0, done: true };
        return new Unanswerable({ type: 'statistics', ...none, problem: test.problem });
      }
      case 'data':
        return new ChannelData(ground, question.channel, question.initiator);
      case 'save':
        return new Saving(capture, { ...question, numbers: listOf(question.numbers) }, changed);
    }
  }
}

function listOf(news: NumberNews | undefined): NumberList | undefined {
  if (!news) return undefined;
  const list = new NumberList();
  list.apply(news);
  return list;
}
