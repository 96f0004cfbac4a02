import { readSync } from 'node:fs';
import { basename } from 'node:path';
import { Worker } from 'node:worker_threads';
import { type Dialect, dialectNamed } from '../../dissectors/channel/dialects.js';
import type { CaptureInterface } from '../../dissectors/file/records.js';
import { SEVERITIES } from '../../dissectors/wire/finding.js';
import type { Packet } from '../print/packet.js';
import { summarize } from '../print/row.js';
import { elapsed } from '../print/time.js';
import { packetTree } from '../print/tree.js';
import type { CaptureView, Detail, Row } from '../store/capture-view.js';
import type { Secret } from '../track/secrets.js';
import { printable } from '../ui/printable.js';
import { PacketIndex } from './packet-index.js';
import { type Replayable, replay } from './replay.js';
import type { ScanMessage, ScanTask } from './scan-message.js';

/** A capture that a worker scans: the columns are here, the bytes stay in the file. */
export class IndexedCapture implements CaptureView, Replayable {
  readonly title: string;
  readonly index = new PacketIndex();
  readonly interfaces: CaptureInterface[] = [];
  readonly comments = new Map<number, readonly string[]>();
  readonly dialect: Dialect | undefined;
  secrets: readonly Secret[] = [];
  progress: number | undefined = 0;
  done = false;
  problem: string | undefined;
  private readonly worker: Worker;
  private readonly listeners = new Set<() => void>();
  private descriptor = -1;

  /** @param script the built scan worker */
  constructor(task: ScanTask, script: URL) {
    this.dialect = task.dialect && dialectNamed(task.dialect);
    this.title = printable(task.title ?? (task.path === '-' ? 'standard input' : basename(task.path)));
    this.worker = new Worker(script, { workerData: task });
    this.worker.on('message', (message: ScanMessage) => this.take(message));
    this.worker.on('error', (error: Error) => this.end(`the scan failed: ${error.message}`));
  }

  get count(): number {
    return this.index.length;
  }

  row(number: number): Row {
    const packet = this.packet(number);
    const { source, destination, protocol, info, severity } = summarize(packet);
    const { seconds, nanos } = this.index.columns;
    return {
      number,
      time: elapsed(seconds[0] ?? 0, nanos[0] ?? 0, packet.seconds, packet.nanos).slice(0, -3),
      source: printable(source),
      destination: printable(destination),
      protocol: printable(protocol),
      length: packet.wire,
      info: printable(info),
      severity,
    };
  }

  detail(number: number): Detail {
    const packet = this.packet(number);
    return { number, lines: packetTree(packet), sources: packet.dissection.sources };
  }

  /** The worst finding of a packet, from its column. */
  severityOf(number: number): (typeof SEVERITIES)[number] | 'none' {
    return SEVERITIES[(this.index.columns.severity[number - 1] ?? 0) - 1] ?? 'none';
  }

  /** A packet again as it was when it was scanned. */
  packet(number: number): Packet {
    return replay(this, number);
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  close(): void {
    this.listeners.clear();
    void this.worker.terminate();
  }

  bytesAt(offset: number, length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    let filled = 0;
    while (filled < length) {
      const count = readSync(this.descriptor, bytes, filled, length - filled, offset + filled);
      // The file has become shorter since it was scanned: what is gone reads as zeros, and its checksums say so.
      if (count === 0) break;
      filled += count;
    }
    return bytes;
  }

  private take(message: ScanMessage): void {
    switch (message.type) {
      case 'opened':
        this.descriptor = message.descriptor;
        this.secrets = message.secrets;
        return;
      case 'batch': {
        const { columns, rows, pool, fresh } = message.scanned;
        for (const one of message.interfaces) this.interfaces.push(one);
        for (const [number, texts] of message.comments) this.comments.set(number, texts);
        this.index.append(columns, rows, pool, fresh);
        this.progress = message.progress;
        this.notify();
        return;
      }
      case 'ended':
        this.end(message.problem);
    }
  }

  private end(problem: string | undefined): void {
    this.problem = problem === undefined ? undefined : printable(problem);
    this.done = true;
    this.progress = 1;
    this.notify();
  }

  private notify(): void {
    for (const listener of this.listeners) listener();
  }
}
