import { readFileSync } from 'node:fs';
import type { NameRecord } from '../../dissectors/file/events.js';
import { CHANNEL_SECRETS } from '../../dissectors/file/pcapng-blocks.js';
import type { Capture } from '../capture/capture.js';
import { systemError } from '../capture/capture-error.js';
import { type CaptureWriter, openCaptureWriter } from '../capture/capture-writer.js';
import type { Packet } from '../print/packet.js';
import { parseSecrets } from '../track/secrets.js';
import type { Io } from './io.js';
import type { Reading } from './reading.js';
import { UsageError } from './usage-error.js';

/** How packets are written. */
export interface WriteOptions {
  readonly write?: string;
  /** Secrets files that travel in the file: editcap's option. */
  readonly injectSecrets?: readonly string[];
  /** Leave out the secrets that travel in the capture. */
  readonly discardSecrets?: boolean;
}

/** The texts of secrets files that are to travel in a capture. @throws {UsageError | SecretsError | CaptureError} */
export function secretsToInject({ write, injectSecrets = [], discardSecrets }: WriteOptions): readonly string[] {
  const [first] = injectSecrets;
  if (write === undefined && first !== undefined) throw new UsageError(`--inject-secrets: ${first}: goes with -w`);
  if (write === undefined && discardSecrets) throw new UsageError('--discard-secrets: goes with -w');
  if (first !== undefined && write?.toLowerCase().endsWith('.pcap')) {
    throw new UsageError(`--inject-secrets: ${first}: a pcap file has no room for secrets; name the file .pcapng`);
  }
  return injectSecrets.map((file) => {
    let text: string;
    try {
      text = readFileSync(file, 'utf8');
    } catch (error) {
      throw systemError('cannot read secrets', file, error);
    }
    // What nobody could read again must not travel.
    parseSecrets(text, file);
    return text.endsWith('\n') ? text : `${text}\n`;
  });
}

/** Packets of a capture on their way into another, with what the capture tells besides: interfaces, names, secrets, … */
export class PacketFile {
  private readonly writer: CaptureWriter;
  private readonly capture: Capture;
  private readonly discardSecrets: boolean;
  /** Events of the capture that were dealt with. */
  private seen = 0;

  private constructor(writer: CaptureWriter, capture: Capture, discardSecrets: boolean) {
    this.writer = writer;
    this.capture = capture;
    this.discardSecrets = discardSecrets;
  }

  /** @param injected the texts of secrets files to take along */
  static async open(path: string, reading: Reading, options: WriteOptions, injected: readonly string[], io: Io) {
    const { capture, inside } = reading;
    const section = capture.log.events.find((event) => event.type === 'section');
    const writer = await openCaptureWriter(path, {
      input: capture.path,
      stdout: io.stdout,
      ...(section && { section: { ...section, application: 'Handshark' } }),
    });
    const discardSecrets = options.discardSecrets ?? false;
    // Secrets stand before the packets that need them.
    for (const text of discardSecrets ? [] : inside) writer.secrets(text);
    for (const text of injected) writer.secrets(text);
    return new PacketFile(writer, capture, discardSecrets);
  }

  /** Takes along what the capture has told since the last call; to be called before the packets that follow. */
  takeEvents(): void {
    const { capture, writer } = this;
    const { events } = capture.log;
    const names: NameRecord[] = [];
    for (; this.seen < events.length; this.seen++) {
      const event = events[this.seen];
      if (event?.type === 'name') names.push(event);
      else if (event?.type === 'custom' && event.copy) writer.custom(event.enterprise, event.bytes);
      else if (event?.type === 'secrets' && !this.discardSecrets) {
        // The channel secrets of a file were read before its packets; a pipe brings them now.
        if (event.kind !== CHANNEL_SECRETS || capture.path === '-') writer.secrets(event.bytes, event.kind);
      }
    }
    writer.names(names);
  }

  /** Writes a packet; the promise, if there is one, says when to go on. */
  packet({ dissection, captured, seconds, nanos, wire, on, comments }: Packet): Promise<void> | undefined {
    const view = dissection.sources[0]?.view;
    if (!view || !on) return undefined;
    const bytes = new Uint8Array(view.buffer, view.byteOffset + dissection.start, captured);
    return this.writer.packet({ seconds, nanos, bytes, wire, from: on, ...(comments.length > 0 && { comments }) });
  }

  /** Writes what was taken so far. */
  flush(): Promise<void> {
    return this.writer.flush();
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
