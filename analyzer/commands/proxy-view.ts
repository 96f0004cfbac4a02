import { randomBytes } from 'node:crypto';
import { type Endpoint, endpointFrom } from '../../crafter/endpoint.js';
import { type Moment, momentOf, monotonic } from '../../crafter/io/clock.js';
import { DatagramFrames } from '../../crafter/io/datagram-frames.js';
import { PcapSink } from '../../crafter/io/pcap-sink.js';
import { isRefusal, systemReason } from '../../crafter/io/system-reason.js';
import type { RelayWay } from '../../crafter/io/udp-relay.js';
import { dialectNamed } from '../../dissectors/channel/dialects.js';
import type { CaptureInterface } from '../../dissectors/file/records.js';
import { severityOf } from '../../dissectors/wire/finding.js';
import { viewOf } from '../../dissectors/wire/view.js';
import { compileFilter } from '../filter/compile.js';
import { sharedSecretOf } from '../index/shared-secret.js';
import type { Packet } from '../print/packet.js';
import { Timeline } from '../print/timeline.js';
import { Examiner } from '../track/examine.js';
import type { Io } from './io.js';
import { Output } from './output.js';
import type { Printer } from './printer.js';
import { printerOf } from './printers.js';
import type { ProxyOptions, RuleWords } from './proxy-options.js';
import { secretsFrom } from './reading.js';
import { printChannels } from './run-channels.js';

/** What is known at the end, besides what was seen. */
export interface ProxyEnd {
  /** Packets of clients that there was no room for, and packets that were to be held and were not. */
  readonly lost: number;
  readonly held: number;
  /** How many packets each rule was applied to. */
  readonly applied: readonly number[];
  readonly words: readonly RuleWords[];
}

/** LINKTYPE_RAW: packets that begin with IP. */
const LINKTYPE_RAW = 101;

const ON: CaptureInterface = {
  linkType: LINKTYPE_RAW,
  snapLength: 0,
  resolution: { base: 10, exponent: 6 },
  offset: 0,
  section: 0,
};

/** How often what was recorded is written, in packets. */
const WRITTEN_EVERY = 16;

/** What a proxy sees: packets are examined, shown, recorded and, in the end, judged. */
export class ProxyView {
  readonly #io: Io;
  readonly #examiner: Examiner;
  readonly #frames = new DatagramFrames();
  readonly #timeline = new Timeline();
  readonly #output: Output;
  readonly #printer: Printer | undefined;
  readonly #passes: (packet: Packet) => boolean;
  #sink: PcapSink | undefined;
  readonly #isText: boolean;
  readonly #path: string;
  /** Findings by who sent the packet, and by what they are. */
  readonly #findings = new Map<string, Map<string, number>>();
  #last:
    | { readonly bytes: Uint8Array; readonly from: Endpoint; readonly to: Endpoint; readonly at: Moment }
    | undefined;
  #packets = 0;

  /** @throws {SecretsError | FilterError} for what cannot be understood; what the system says if it cannot record */
  constructor(options: ProxyOptions, io: Io) {
    const { write, filter, dialect } = options;
    this.#io = io;
    this.#path = write ?? '';
    this.#isText = options.format !== 'json';
    this.#passes = filter === undefined ? () => true : compileFilter(filter);
    const { write: _, ...shown } = options;
    // What is recorded to standard output cannot be shown there as well.
    this.#printer = write === '-' ? undefined : printerOf({ ...shown, field: [], fieldOption: [] }, io);
    this.#output = new Output(write === '-' ? io.stderr : io.stdout);
    this.#examiner = new Examiner({
      secrets: secretsFrom(options.secrets, io.remark),
      dialect: dialect && dialectNamed(dialect),
      seed: randomBytes(4).readInt32LE(),
      sharedSecret: sharedSecretOf,
    });
    this.#sink = write === undefined ? undefined : new PcapSink(write, io.stdout);
    this.#sink?.flush();
  }

  /** Examines a datagram. The packet is valid until the next. */
  take(bytes: Uint8Array, client: string, target: Endpoint, way: RelayWay): Packet {
    const at = momentOf(monotonic());
    const own = endpointFrom(client) ?? target;
    const [from, to] = way === 'there' ? [own, target] : [target, own];
    // The frame is kept: what is followed over several packets may look at it later.
    const frame = new Uint8Array(this.#frames.headSize(from, to) + bytes.length);
    this.#frames.write(frame, viewOf(frame), 0, bytes, from, to);
    this.#packets += 1;
    const { length } = frame;
    const { seconds, nanos } = at;
    const examined = this.#examiner.examine(
      viewOf(frame),
      0,
      length,
      length,
      LINKTYPE_RAW,
      this.#packets,
      seconds,
      nanos,
    );
    this.#timeline.next(seconds, nanos);
    this.#last = { bytes, from, to, at };
    this.#count(examined.dissection.findings, examined.facts.findings, `${from.host}:${from.port}`);
    return {
      ...examined,
      number: this.#packets,
      seconds,
      nanos,
      captured: length,
      wire: length,
      on: ON,
      comments: [],
      secrets: this.#examiner.tracker.judge.secrets,
      timeline: this.#timeline,
      links: undefined,
    };
  }

  /** Shows the packet that was taken last, and records it with what was done to it. */
  show(packet: Packet, done: string): void {
    if (this.#last) {
      const { bytes, from, to, at } = this.#last;
      this.#record((sink) => {
        sink.datagram(bytes, from, to, at, done === '' ? undefined : `proxy: ${done}`);
        if (this.#packets % WRITTEN_EVERY === 0) sink.flush();
      });
    }
    if (!this.#printer || !this.#passes(packet)) return;
    this.#printer.print(packet, this.#output.text);
    if (done !== '' && this.#isText) this.#output.text.add(`      ^ ${done}\n`);
    void this.#output.flush();
  }

  /** Nothing came of it. */
  abandon(): void {
    this.#sink?.close();
  }

  /** Tells, after the last packet, what became of the channels, what was found of either side, and what was done. */
  async end({ lost, held, applied, words }: ProxyEnd): Promise<void> {
    this.#record((sink) => sink.close());
    await this.#output.flush();
    const io = this.#io;
    const { table } = this.#examiner.tracker;
    const channels = [...table.channels.values()];
    const format = this.#isText ? 'text' : 'json';
    if (channels.length > 0) await printChannels(channels, format, this.#output);
    for (const [from, codes] of this.#findings) {
      const texts = [...codes].map(([code, count]) => `${count} × ${code}`);
      io.remark(`found in packets of ${from}: ${texts.join(', ')}`);
    }
    for (const [place, { kind, text }] of words.entries()) {
      const count = applied[place] ?? 0;
      io.remark(`--${kind} ${text}: ${count} ${count === 1 ? 'packet' : 'packets'}`);
    }
    if (lost > 0) io.remark(`packets of more clients than there is room for, lost: ${lost}`);
    if (held > 0) io.remark(`packets that were not delayed, since too many were already: ${held}`);
  }

  /** A capture that cannot be written any more ends the recording, not the relaying. */
  #record(action: (sink: PcapSink) => void): void {
    if (!this.#sink) return;
    try {
      action(this.#sink);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      this.#sink = undefined;
      this.#io.complain(`proxy: cannot write: ${this.#path}: ${systemReason(error)}`, 1);
    }
  }

  #count(own: Packet['dissection']['findings'], tracked: Packet['facts']['findings'], from: string): void {
    for (const finding of [...own, ...tracked]) {
      if (severityOf(finding) === 'chat') continue;
      // A proxy may stand there for long, and clients come and go.
      if (!this.#findings.has(from) && this.#findings.size >= MOST_SENDERS) return;
      const codes = this.#findings.get(from) ?? new Map<string, number>();
      this.#findings.set(from, codes.set(finding.code, (codes.get(finding.code) ?? 0) + 1));
    }
  }
}

/** Senders whose findings are counted. */
const MOST_SENDERS = 1000;
