import type { Writable } from 'node:stream';
import { toHex } from '../../dissectors/wire/view.js';
import { type Endpoint, endpointFrom } from '../endpoint.js';
import { momentOf, monotonic } from '../io/clock.js';
import { PcapSink } from '../io/pcap-sink.js';
import type { UdpPort } from '../io/udp-port.js';

/** What a peer sends and receives, on its way into a capture file, with the secrets that judge its cookies. */
export class Recording {
  readonly #sink: PcapSink;
  readonly #onError: (error: Error) => void;
  #isOver = false;

  /**
   * @param path the file; `-` for standard output
   * @param onError told once, when the file cannot be written any more; then nothing more is recorded
   * @throws what the system says if the file cannot be made
   */
  constructor(path: string, stdout: Writable, onError: (error: Error) => void) {
    this.#sink = new PcapSink(path, stdout);
    this.#onError = onError;
  }

  get packets(): number {
    return this.#sink.packets;
  }

  /**
   * Notes a secret of a peer that came into use.
   * @param from in milliseconds, as `monotonic` counts them
   * @param period how long it is used, and then accepted once more, in milliseconds
   */
  secret(peer: Uint8Array, secret: Uint8Array, from: number, period: number): void {
    const line = `PEER_SECRET ${toHex(peer)} ${toHex(secret)} ${epoch(from)} ${epoch(from + 2 * period)}\n`;
    this.#try(() => this.#sink.secrets(line));
  }

  /** A datagram that came in on a port. */
  received(bytes: Uint8Array, from: string, local: Endpoint): void {
    const remote = endpointFrom(from);
    if (remote) this.#try(() => this.#sink.datagram(bytes, remote, local, momentOf(monotonic())));
  }

  /** A port whose datagrams are recorded as they leave. */
  around(port: UdpPort): UdpPort {
    return {
      ...port,
      send: (bytes, to) => {
        const remote = endpointFrom(to);
        if (remote) this.#try(() => this.#sink.datagram(bytes, port.local, remote, momentOf(monotonic())));
        port.send(bytes, to);
      },
    };
  }

  /** Writes what is not written yet. */
  close(): void {
    if (this.#isOver) return;
    this.#try(() => this.#sink.close());
    this.#isOver = true;
  }

  #try(action: () => void): void {
    if (this.#isOver) return;
    try {
      action();
    } catch (error) {
      this.#isOver = true;
      this.#onError(error instanceof Error ? error : new Error(String(error)));
    }
  }
}

/** A time of `monotonic` in seconds since 1970, to the microsecond, never later than it is. */
function epoch(ms: number): string {
  const { seconds, nanos } = momentOf(ms);
  return `${seconds}.${String(Math.floor(nanos / 1000)).padStart(6, '0')}`;
}
