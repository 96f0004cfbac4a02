import type { Writable } from 'node:stream';
import type { CaptureEvent, NameRecord } from '../../dissectors/file/events.js';
import { CHANNEL_SECRETS } from '../../dissectors/file/pcapng-blocks.js';
import type { CaptureInterface } from '../../dissectors/file/records.js';
import type { Packet } from '../print/packet.js';
import { type CaptureWriter, openCaptureWriter, type WrittenPacket } from './capture-writer.js';

/** What a capture tells besides its packets. */
export interface WrittenCapture {
  /** What its packets are read from: never written over. */
  readonly inputs: readonly string[];
  /** Whether its channel secrets come with its packets, and were not read before. */
  readonly bringsSecrets: boolean;
  readonly interfaces: readonly CaptureInterface[];
  readonly log: { readonly events: readonly CaptureEvent[] };
}

/** How packets are written. */
export interface PacketFileOptions {
  readonly discardSecrets?: boolean;
  /** Where `-` goes. */
  readonly stdout?: Writable;
  /** Whether the file can be read as it grows; otherwise it gets its name once it is complete. */
  readonly grows?: boolean;
}

/** Packets of a capture on their way into another, with what the capture tells besides: interfaces, names, secrets, … */
export class PacketFile {
  private readonly writer: CaptureWriter;
  private readonly capture: WrittenCapture;
  private readonly discardSecrets: boolean;
  /** Events of the capture that were dealt with. */
  private seen = 0;

  private constructor(writer: CaptureWriter, capture: WrittenCapture, discardSecrets: boolean) {
    this.writer = writer;
    this.capture = capture;
    this.discardSecrets = discardSecrets;
  }

  /** @param secrets the texts of secrets files to take along; those of a capture that is a file are among them */
  static async open(
    path: string,
    capture: WrittenCapture,
    secrets: readonly string[],
    options: PacketFileOptions = {},
  ): Promise<PacketFile> {
    const section = capture.log.events.find((event) => event.type === 'section');
    const writer = await openCaptureWriter(path, {
      inputs: capture.inputs,
      beside: !options.grows,
      ...(options.stdout && { stdout: options.stdout }),
      ...(section && { section: { ...section, application: 'Handshark' } }),
    });
    // Secrets stand before the packets that need them.
    for (const text of secrets) writer.secrets(text);
    return new PacketFile(writer, capture, options.discardSecrets ?? false);
  }

  /** Takes along what the capture has told since the last call; to be called before the packets that follow. */
  takeEvents(): void {
    const { capture, writer } = this;
    const { events } = capture.log;
    // All that are known so far, with packets or without: their numbers stay what they were.
    if (writer.format === 'pcapng') writer.interfaces(capture.interfaces);
    const names: NameRecord[] = [];
    for (; this.seen < events.length; this.seen++) {
      const event = events[this.seen];
      if (event?.type === 'name') names.push(event);
      else if (event?.type === 'custom' && event.copy) writer.custom(event.enterprise, event.bytes);
      else if (event?.type === 'secrets' && !this.discardSecrets) {
        // The channel secrets of a file were read before its packets; a pipe brings them now.
        if (event.kind !== CHANNEL_SECRETS || capture.bringsSecrets) writer.secrets(event.bytes, event.kind);
      }
    }
    writer.names(names);
  }

  /** Writes a packet; the promise, if there is one, says when to go on. */
  packet({ dissection, captured, on, ...packet }: Packet): Promise<void> | undefined {
    const view = dissection.sources[0]?.view;
    if (!view || !on) return undefined;
    return this.frame({
      ...packet,
      from: on,
      bytes: new Uint8Array(view.buffer, view.byteOffset + dissection.start, captured),
    });
  }

  /** The same, where its bytes are at hand. */
  frame({ seconds, nanos, bytes, wire, from, comments = [] }: WrittenPacket): Promise<void> | undefined {
    return this.writer.packet({ seconds, nanos, bytes, wire, from, ...(comments.length > 0 && { comments }) });
  }

  /** What the file does not say as it should, in one line; undefined if it says all. */
  get problem(): string | undefined {
    return this.writer.problem;
  }

  /** Writes what was taken so far. */
  flush(): Promise<void> {
    return this.writer.flush();
  }

  /** Lets the file go: it will not be complete. */
  abandon(): Promise<void> {
    return this.writer.abandon();
  }

  /** Writes what is left, and what the interfaces have counted. */
  async close(): Promise<void> {
    const { capture, writer } = this;
    try {
      writer.interfaces(capture.interfaces);
      this.takeEvents();
      for (const event of capture.log.events) {
        const on = event.type === 'statistics' ? capture.interfaces[event.interfaceId] : undefined;
        if (event.type === 'statistics' && on) writer.statistics(on, event);
      }
    } finally {
      await writer.close();
    }
  }
}
