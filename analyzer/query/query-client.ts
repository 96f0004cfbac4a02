import { Worker } from 'node:worker_threads';
import type { ChannelColumns } from '../index/channel-columns.js';
import type { HandshakeColumns } from '../index/handshake-columns.js';
import type { CaptureNews } from '../index/scanned-capture.js';
import type { Answer, QueryOrder, QueryReply, QueryTask, Question } from './messages.js';

/** How long a worker has to take away what it has not written to its end, in milliseconds. */
const LAST_WORDS_MS = 200;

/** A question that was asked. */
interface Asked {
  readonly question: Question;
  readonly listener: (answer: Answer) => void;
  /** Called with what went wrong when the worker dies. */
  readonly fail: (problem: string) => void;
}

/** Asks a query worker, which is started with the first question. */
export class QueryClient {
  private readonly script: URL;
  private readonly task: () => QueryTask;
  /** Told of the oldest packet that the worker may still read. */
  private readonly forgotten: (first: number) => void;
  private readonly asked = new Map<number, Asked>();
  private worker: Worker | undefined;
  private ids = 0;
  private isReady = false;

  /** @param task what a worker that starts now is made with */
  constructor(script: URL, task: () => QueryTask, forgotten: (first: number) => void) {
    this.script = script;
    this.task = task;
    this.forgotten = forgotten;
  }

  /** @returns what ends the question */
  ask(question: Question, listener: (answer: Answer) => void, fail: (problem: string) => void): () => void {
    const id = ++this.ids;
    this.asked.set(id, { question, listener, fail });
    if (this.isReady) this.send(id, question);
    return () => {
      if (this.asked.delete(id)) this.tell({ type: 'cancel', id });
    };
  }

  /** Packets can be read from now on: what was asked before is sent. */
  ready(): void {
    this.isReady = true;
    for (const [id, { question }] of this.asked) this.send(id, question);
  }

  /** Hands on what the scan has found. */
  grow(news: CaptureNews): void {
    if (this.worker) this.tell({ type: 'capture', news });
    else this.forgotten(news.index.first);
  }

  know(channels: ChannelColumns, handshakes: HandshakeColumns): void {
    const isWanted = [...this.asked.values()].some(({ question }) => countsChannels(question));
    if (isWanted) this.tell({ type: 'channels', channels, handshakes });
  }

  close(): void {
    const { worker } = this;
    const saves = [...this.asked].filter(([, { question }]) => question.type === 'save');
    for (const [id] of saves) this.tell({ type: 'cancel', id });
    this.asked.clear();
    this.worker = undefined;
    // What is being written would be left lying about.
    if (saves.length > 0) setTimeout(() => void worker?.terminate(), LAST_WORDS_MS);
    else void worker?.terminate();
  }

  private send(id: number, question: Question): void {
    const worker = this.started();
    if (countsChannels(question)) {
      const { channels, handshakes } = this.task();
      this.tell({ type: 'channels', channels, handshakes });
    }
    worker.postMessage({ type: 'ask', id, question } satisfies QueryOrder);
  }

  private started(): Worker {
    if (this.worker) return this.worker;
    const worker = new Worker(this.script, { workerData: this.task() });
    worker.on('message', (reply: QueryReply) => {
      if (reply.type === 'forgotten') this.forgotten(reply.first);
      else this.asked.get(reply.id)?.listener(reply.answer);
    });
    worker.on('error', (error: Error) => this.die(error.message));
    this.worker = worker;
    return worker;
  }

  private tell(order: QueryOrder): void {
    this.worker?.postMessage(order);
  }

  /** All questions end; the next one starts another worker. */
  private die(why: string): void {
    this.worker = undefined;
    const all = [...this.asked.values()];
    this.asked.clear();
    for (const { fail } of all) fail(`the query failed: ${why}`);
    this.forgotten(Number.POSITIVE_INFINITY);
  }
}

/** Whether the answer is made of what is known of channels and handshakes. */
function countsChannels(question: Question): boolean {
  switch (question.type) {
    case 'statistics':
      return question.kind === 'rtt' || question.kind === 'handshakes' || asksForEnds(question.filter);
    case 'match':
      return asksForEnds(question.filter) || (question.search !== undefined && asksForEnds(question.search.what));
    case 'find':
      return asksForEnds(question.search.what);
    default:
      return false;
  }
}

/** Whether a filter may ask what became of channels or handshakes in the end, which more packets can change. */
export const asksForEnds = (filter: string): boolean =>
  /\b(?:channel\.outcome|handshake\.(?:outcome|reason))\b/.test(filter);
