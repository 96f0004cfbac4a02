import { readSync } from 'node:fs';
import { basename } from 'node:path';
import { Worker } from 'node:worker_threads';
import { dialectNamed } from '../../dissectors/channel/dialects.js';
import { dissect } from '../../dissectors/dissect.js';
import type { CaptureInterface } from '../../dissectors/file/records.js';
import type { Piece } from '../../dissectors/layer.js';
import { SEVERITIES } from '../../dissectors/wire/finding.js';
import { viewOf } from '../../dissectors/wire/view.js';
import type { Packet } from '../print/packet.js';
import { summarize } from '../print/row.js';
import { elapsed } from '../print/time.js';
import { packetTree } from '../print/tree.js';
import type { CaptureView, Detail, Row } from '../store/capture-view.js';
import { STATES, type State } from '../track/channel.js';
import type { PacketFacts } from '../track/facts.js';
import type { Secret } from '../track/secrets.js';
import { printable } from '../ui/printable.js';
import { type Contribution, replaying } from './contributions.js';
import { readFacts } from './facts-pool.js';
import { IntReader } from './ints.js';
import { NO_CAPS, PacketIndex } from './packet-index.js';
import type { ScanMessage, ScanTask } from './scan-message.js';

/** A capture that a worker scans: the columns are here, the bytes stay in the file. */
export class IndexedCapture implements CaptureView {
  readonly title: string;
  readonly index = new PacketIndex();
  progress: number | undefined = 0;
  done = false;
  problem: string | undefined;
  private readonly task: ScanTask;
  private readonly worker: Worker;
  private readonly listeners = new Set<() => void>();
  private readonly interfaces: CaptureInterface[] = [];
  private readonly comments = new Map<number, readonly string[]>();
  private secrets: readonly Secret[] = [];
  private descriptor = -1;

  /** @param script the built scan worker */
  constructor(task: ScanTask, script: URL) {
    this.task = task;
    this.title = printable(task.path === '-' ? 'standard input' : basename(task.path));
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

  /** A packet again as it was when it was scanned: dissected afresh, with the facts that were found then. */
  packet(number: number): Packet {
    const row = number - 1;
    const { columns, pool } = this.index;
    const captured = columns.captured[row] ?? 0;
    const wire = columns.wire[row] ?? 0;
    const bytes = this.read({ packet: number, at: 0, length: captured });
    const on = this.interfaces[columns.interfaceId[row] ?? 0];
    const place = columns.facts[row] ?? 0;
    const read = (piece: Piece) => this.read(piece);
    const kept = place > 0 ? readFacts(new IntReader(pool.values, place - 1), read) : undefined;
    const contributions: readonly Contribution[] = kept?.contributions ?? [];
    const limit = { captured, wire: Math.max(wire, captured) };
    const { dialect } = this.task;
    const options = dialect ? { dialect: dialectNamed(dialect) } : {};
    const dissection = dissect(viewOf(bytes), 0, limit, on?.linkType ?? -1, number, replaying(contributions), options);
    const facts = kept?.facts ?? this.plainFacts(row, dissection.channels[0]?.id ?? 0);
    return {
      dissection,
      facts,
      number,
      seconds: columns.seconds[row] ?? 0,
      nanos: columns.nanos[row] ?? 0,
      captured,
      wire,
      on,
      comments: this.comments.get(number) ?? [],
      secrets: this.secrets,
    };
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  close(): void {
    this.listeners.clear();
    void this.worker.terminate();
  }

  /** The facts of a packet that has no more than its columns: one channel, its own. */
  private plainFacts(row: number, id: number): PacketFacts {
    const { channel, state, caps } = this.index.columns;
    const number = channel[row] ?? 0;
    if (number === 0) return { channels: [], verdicts: [], findings: [] };
    const known = caps[row] ?? NO_CAPS;
    const touched = {
      number,
      c1: id >>> 16,
      c2: id & 0xffff,
      state: STATES[state[row] ?? 0] as State,
      caps: known === NO_CAPS ? undefined : known,
    };
    return { channels: [touched], verdicts: [], findings: [] };
  }

  private read({ packet, at, length }: Piece): Uint8Array {
    const bytes = new Uint8Array(length);
    const offset = (this.index.columns.offset[packet - 1] ?? 0) + at;
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
        const { columns, rows, pool } = message.scanned;
        for (const one of message.interfaces) this.interfaces.push(one);
        for (const [number, texts] of message.comments) this.comments.set(number, texts);
        this.index.append(columns, rows, pool);
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
