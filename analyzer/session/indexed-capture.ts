import { fstatSync } from 'node:fs';
import { basename } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { linkTypeText } from '../../dissectors/link-types.js';
import { isToldOnce, textOf } from '../../dissectors/wire/finding.js';
import { FileRoom } from '../capture/file-room.js';
import type { Responder } from '../handshakes/responders.js';
import { NO_CHANNELS } from '../index/channel-columns.js';
import { ChannelList, type Ends } from '../index/channel-list.js';
import type { ChannelSnapshot } from '../index/channel-row.js';
import { SEGMENT_ROWS } from '../index/columns.js';
import { EndAddresses, endOf } from '../index/end-address.js';
import { NO_HANDSHAKES } from '../index/handshake-columns.js';
import { HandshakeList } from '../index/handshake-list.js';
import type { HandshakeSnapshot } from '../index/handshake-row.js';
import type { Matches } from '../index/matches.js';
import { rowOf } from '../index/packet-index.js';
import type { ScanMessage, ScanOrder, ScanTask } from '../index/scan-message.js';
import { scanThread } from '../index/scan-thread.js';
import { ScannedCapture } from '../index/scanned-capture.js';
import { SnapshotEnds } from '../index/snapshot-ends.js';
import { handshakesBy, touchedBy } from '../index/touched.js';
import { unblock } from '../index/unblock.js';
import type { Step } from '../print/ladder.js';
import type { Packet } from '../print/packet.js';
import type {
  Cancel,
  DataNews,
  FindNews,
  MatchNews,
  SaveNews,
  SaveTask,
  Search,
  StatisticsKind,
  StatisticsNews,
  Wanted,
} from '../query/news.js';
import { Queries } from '../query/queries.js';
import { QueryClient } from '../query/query-client.js';
import type { Secret } from '../secrets/secrets.js';
import { type CaptureFacts, captureFactSheets } from '../stats/capture-facts.js';
import { responderFilters, responderSheet } from '../stats/responders.js';
import type { CaptureView, Detail, LiveState, Row } from '../store/capture-view.js';
import { printable } from '../text/printable.js';
import { detailOf, rowOfPacket, stepsOf } from './packet-views.js';
import { RowRules } from './row-rules.js';

/** What was refused before any packet of it was read; the message is one line for the user. */
export class RefusedCapture extends Error {
  override readonly name = 'CaptureError';
}

/** The least time after which what depends on the ends of channels is asked again, in milliseconds. */
const ASK_AGAIN_MS = 2000;

/** The built workers of a capture. */
export interface Scripts {
  readonly scan: URL;
  readonly query: URL;
}

/** A capture that a worker scans and another searches: the columns are shared with them, the bytes stay in the file. */
export class IndexedCapture implements CaptureView {
  readonly title: string;
  /** Fulfilled once the capture is open: a pipe may wait long. @throws {RefusedCapture} if it cannot be */
  readonly opened: Promise<void>;
  progress: number | undefined = 0;
  done = false;
  problem: string | undefined;
  /** Whether the thread that scans has died, and the file with it that packets are read from again. */
  hasFailed = false;
  private readonly task: ScanTask;
  private readonly worker: Worker;
  private readonly listeners = new Set<() => void>();
  private readonly scanned = new ScannedCapture(false);
  private readonly client: QueryClient;
  private readonly queries: Queries;
  private readonly ends: Ends;
  private readonly rules = new RowRules();
  private readonly liveState: () => LiveState | undefined;
  private isOpened = false;
  private isDrawn = false;
  /** Whether the file is known to have become shorter. */
  private isShort = false;
  private settle: { readonly opened: () => void; readonly refused: (error: Error) => void } | undefined;
  private snapshot: ChannelList;
  private handshakeList = new HandshakeList();
  private readonly remarked = new Set<string>();
  readonly remarks: string[] = [];
  private handshakeColumns = NO_HANDSHAKES;
  private askedAgain = Number.NEGATIVE_INFINITY;
  /** The time of the first packet of the capture, whether it is kept or not. */
  private origin: { readonly seconds: number; readonly nanos: number } | undefined;
  /** The file, where its room is given back. */
  private room: FileRoom | undefined;
  /** The oldest packet whose bytes in memory may still be read. */
  private inUse = 1;

  /** @param live tells how capturing goes, where packets come from an interface */
  constructor(task: ScanTask, scripts: Scripts, live: () => LiveState | undefined = () => undefined) {
    this.task = task;
    this.liveState = live;
    this.opened = new Promise((opened, refused) => {
      this.settle = { opened, refused };
    });
    // A caller that does not await `opened` still gets the error: `end` puts it into `problem`.
    this.opened.catch(() => {});
    this.title = printable(task.title ?? (task.path === '-' ? 'standard input' : basename(task.path)));
    const { scanned } = this;
    const addresses = new EndAddresses(scanned.index);
    this.ends = {
      quickly: (packet, end) => addresses.of(packet, end) ?? '',
      exactly: (packet, end) => addresses.of(packet, end) ?? endOf(scanned.packet(packet), end),
    };
    this.snapshot = new ChannelList(NO_CHANNELS, this.ends);
    this.client = new QueryClient(
      scripts.query,
      () => ({
        origin: scanned.origin,
        news: scanned.everything(),
        channels: this.snapshot.columns,
        handshakes: this.handshakeColumns,
      }),
      (first) => this.reuse(first),
    );
    this.queries = new Queries(scanned, this.client);
    this.worker = scanThread(scripts.scan);
    this.worker.on('message', (message: ScanMessage) => this.take(message));
    this.worker.on('error', (error: Error) => {
      this.hasFailed = true;
      this.end(`the scan failed: ${error.message}`);
    });
    this.order({ type: 'scan', task });
  }

  get live(): LiveState | undefined {
    return this.liveState();
  }

  get count(): number {
    return this.scanned.index.length;
  }

  get first(): number {
    return this.scanned.index.first;
  }

  row(number: number, fields: readonly string[] = [], rules: readonly string[] = []): Row {
    // Rows are asked for to be drawn, which is done by the next turn.
    if (!this.isDrawn) setImmediate(() => this.order({ type: 'drawn' }));
    this.isDrawn = true;
    const packet = this.scanned.packet(number);
    this.remark(packet);
    return rowOfPacket(packet, this.origin ?? packet, fields, this.rules.firstOf(packet, rules));
  }

  detail(number: number): Detail {
    this.lookAtFile();
    return detailOf(this.scanned.packet(number));
  }

  steps(number: number): readonly Step[] {
    return stepsOf(this.scanned.packet(number));
  }

  touched(number: number, list: 'channels' | 'handshakes'): readonly number[] {
    if (number < this.first) return [];
    return (list === 'channels' ? touchedBy : handshakesBy)(this.scanned.index, number);
  }

  channels(): ChannelSnapshot {
    return this.snapshot;
  }

  handshakes(): HandshakeSnapshot {
    return this.handshakeList;
  }

  match(wanted: Wanted, listener: (news: MatchNews) => void): Cancel {
    this.lookAtFile();
    return this.queries.match(wanted, listener);
  }

  find(
    search: Search,
    from: number,
    backwards: boolean,
    within: Matches | undefined,
    listener: (news: FindNews) => void,
  ): Cancel {
    this.lookAtFile();
    return this.queries.find(search, from, backwards, within, listener);
  }

  statistics(kind: StatisticsKind, filter: string, listener: (news: StatisticsNews) => void): Cancel {
    this.lookAtFile();
    if (kind === 'properties') {
      const looked = this.count;
      const sheets = captureFactSheets(this.facts());
      listener({ sheets, filters: sheets.map(() => []), looked, done: true, problem: undefined });
      return () => {};
    }
    if (kind !== 'handshakes') return this.queries.statistics(kind, filter, listener);
    return this.queries.statistics(kind, filter, (news) =>
      listener(withResponders(news, this.handshakeList.responders, filter)),
    );
  }

  data(channel: number, listener: (news: DataNews) => void): Cancel {
    this.lookAtFile();
    const place = this.snapshot.placeOf(channel);
    const initiator = place < 0 ? '' : this.snapshot.at(place).initiator;
    return this.queries.data(channel, initiator, listener);
  }

  save(task: SaveTask, listener: (news: SaveNews) => void): Cancel {
    if (!this.hasFailed) return this.queries.save(task, this.task.captures?.paths ?? [this.task.path], listener);
    const instead = this.live ? 'they are kept in a file when you quit' : 'open the capture again';
    listener({ written: 0, done: true, problem: `packets can no longer be read: ${instead}` });
    return () => {};
  }

  /** Judges packets that come from now on by these secrets as well. */
  learn(secrets: readonly Secret[]): void {
    this.order({ type: 'secrets', secrets });
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Has whoever watches look again: something besides the packets has changed. */
  refresh(): void {
    this.notify();
  }

  /** Ends reading: what was read stays. For captures that grow. */
  stop(): void {
    this.order({ type: 'stop' });
  }

  close(): void {
    this.listeners.clear();
    this.queries.close();
    if (!this.isOpened) unblock(this.task.path);
    void this.worker.terminate();
  }

  private take(message: ScanMessage): void {
    switch (message.type) {
      case 'opened':
        this.isOpened = true;
        this.settle?.opened();
        this.scanned.open(message);
        if (this.task.isPrivate) this.room = new FileRoom(message.descriptor);
        this.client.ready();
        return;
      case 'grown': {
        const { news, progress } = message;
        this.scanned.apply(news);
        if (this.count > 0) this.origin ??= this.timeOf(this.first);
        this.progress = progress;
        this.client.grow(news);
        this.queries.grown();
        return this.notify();
      }
      case 'channels':
        this.snapshot = new ChannelList(message.channels, this.ends);
        return this.notify();
      case 'handshakes':
        // Comes after the channels of the same moment.
        this.handshakeList = new HandshakeList(message.handshakes);
        this.handshakeColumns = message.handshakes;
        this.scanned.ends = new SnapshotEnds(this.snapshot.columns, message.handshakes);
        this.client.know(this.snapshot.columns, message.handshakes);
        this.askAgain(false);
        return this.notify();
      case 'ended':
        return this.end(message.problem);
    }
  }

  /** What is known of the capture as a whole. */
  private facts(): CaptureFacts {
    const { index, interfaces, comments, secrets, origin } = this.scanned;
    const counts = interfaces.map(() => 0);
    let [wire, captured, cut] = [0, 0, 0];
    let isOrdered = true;
    let before = Number.NEGATIVE_INFINITY;
    for (const { columns, from, to } of index.runs(index.first, index.length)) {
      for (let row = from; row < to; row++) {
        const [sent = 0, kept = 0] = [columns.wire[row], columns.captured[row]];
        wire += sent;
        captured += kept;
        if (kept < sent) cut++;
        const on = columns.interfaceId[row] ?? 0;
        counts[on] = (counts[on] ?? 0) + 1;
        const time = (columns.seconds[row] ?? 0) + (columns.nanos[row] ?? 0) / 1e9;
        if (time < before) isOrdered = false;
        before = time;
      }
    }
    const size = origin.descriptor < 0 ? Number.POSITIVE_INFINITY : sizeOf(origin.descriptor);
    return {
      path: this.title,
      size: Number.isFinite(size) ? size : undefined,
      packets: Math.max(0, this.count - this.first + 1),
      forgotten: this.first - 1,
      wire,
      captured,
      cut,
      begun: index.momentOf(this.first),
      ended: index.momentOf(this.count),
      isOrdered,
      interfaces: interfaces.map(({ name, linkType }, place) => ({
        name: name ?? `${place}`,
        linkType: linkTypeText(linkType),
        packets: counts[place] ?? 0,
      })),
      comments: comments.size,
      secrets: secrets.length,
    };
  }

  /** Notes findings that say nothing of the one packet, with the first that has them. */
  private remark({ number, dissection }: Packet): void {
    for (const finding of dissection.findings) {
      if (!isToldOnce(finding) || this.remarked.has(finding.code)) continue;
      this.remarked.add(finding.code);
      this.remarks.push(`packet ${number} and others: ${textOf(finding)}; such packets are not marked`);
    }
  }

  /** Has what depends on the ends of channels and handshakes asked again: not all the time while they change. */
  private askAgain(isLast: boolean): void {
    const now = performance.now();
    if (!isLast && now - this.askedAgain < ASK_AGAIN_MS) return;
    this.askedAgain = now;
    this.queries.ended();
  }

  private timeOf(number: number): { readonly seconds: number; readonly nanos: number } {
    const { seconds, nanos } = this.scanned.index.columnsOf(number);
    const row = rowOf(number);
    return { seconds: seconds[row] ?? 0, nanos: nanos[row] ?? 0 };
  }

  /** Tells, once, that the file has lost bytes of packets since they were scanned. */
  private lookAtFile(): void {
    const { origin, index } = this.scanned;
    if (this.isShort || origin.descriptor < 0 || index.length < index.first) return;
    const row = rowOf(index.length);
    const { offset, captured } = index.columnsOf(index.length);
    if (sizeOf(origin.descriptor) >= (offset[row] ?? 0) + (captured[row] ?? 0)) return;
    this.isShort = true;
    this.problem ??= 'the file has become shorter since it was read: what is gone shows as zeros';
    // The caller is in the middle of an update: listeners are told in the next turn.
    setImmediate(() => this.notify());
  }

  /** Gives memory of packets that were forgotten back to the scan, once the query worker reads it no more. */
  private reuse(first: number): void {
    const free = Math.min(first, this.first);
    if (free <= this.inUse) return;
    this.order({ type: 'reuse', segments: (free - this.inUse) / SEGMENT_ROWS });
    this.inUse = free;
    if (this.task.isPrivate && free <= this.count) this.room?.freeBefore(this.offsetOf(free));
  }

  /** Where the bytes of a packet begin in the file. */
  private offsetOf(number: number): number {
    return this.scanned.index.columnsOf(number).offset[rowOf(number)] ?? 0;
  }

  private order(order: ScanOrder): void {
    this.worker.postMessage(order);
  }

  private end(problem: string | undefined): void {
    this.problem = problem === undefined ? undefined : printable(problem);
    if (!this.isOpened) this.settle?.refused(new RefusedCapture(problem ?? 'the scan ended too soon'));
    this.done = true;
    this.progress = 1;
    this.askAgain(true);
    this.notify();
  }

  private notify(): void {
    for (const listener of this.listeners) listener();
  }
}

/** Puts what the scan has counted of responders before what was counted of channels. */
function withResponders(news: StatisticsNews, responders: readonly Responder[], filter: string): StatisticsNews {
  const sheet = responderSheet(responders);
  if (sheet.rows.length === 0) return news;
  const notes =
    filter === '' ? sheet.notes : [...sheet.notes, 'all handshakes count here, whatever the display filter'];
  return {
    ...news,
    sheets: [{ ...sheet, notes }, ...news.sheets],
    filters: [responderFilters(sheet), ...news.filters],
  };
}

/** The size of an open file; that of one which was closed meanwhile cannot be known. */
function sizeOf(descriptor: number): number {
  try {
    return fstatSync(descriptor).size;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
