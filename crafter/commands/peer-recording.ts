import type { Writable } from 'node:stream';
import { toHex } from '../../dissectors/wire/view.js';
import { type Endpoint, endpointFrom } from '../endpoint.js';
import { type Clock, momentOf, monotonic, REAL_CLOCK } from '../io/clock.js';
import { PcapSink } from '../io/pcap-sink.js';
import { after } from '../io/timers.js';
import type { UdpPort } from '../io/udp-port.js';

/** How long what was recorded may wait to be written, in milliseconds: a peer that is killed leaves no more unwritten. */
const FLUSH_MS = 100;

/** What a peer sends and receives, on its way into a capture file, with the secrets that judge its cookies. */
export class Recording {
  readonly #sink: PcapSink;
  readonly #onError: (error: Error) => void;
  readonly #clock: Clock;
  /** Calls off that what was recorded is written. */
  #unplan: (() => void) | undefined;
  #isOver = false;
  #lastText = '';
  #lastEndpoint: Endpoint | undefined;

  /**
   * @param path the file; `-` for standard output
   * @param onError told once, when the file cannot be written any more; then nothing more is recorded
   * @throws what the system says if the file cannot be made
   */
  constructor(path: string, stdout: Writable, onError: (error: Error) => void, clock: Clock = REAL_CLOCK) {
    this.#sink = new PcapSink(path, stdout);
    this.#onError = onError;
    this.#clock = clock;
    // What reads it meanwhile finds a capture from the start.
    this.#try(() => this.#sink.flush());
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
    this.#note(() => this.#sink.secrets(line));
  }

  /** A datagram that came in on a port. */
  received(bytes: Uint8Array, from: string, local: Endpoint): void {
    const remote = this.#endpointOf(from);
    if (remote) this.#note(() => this.#sink.datagram(bytes, remote, local, momentOf(monotonic())));
  }

  /** A port whose datagrams are recorded as they leave. */
  around(port: UdpPort): UdpPort {
    return {
      ...port,
      send: (bytes, to) => {
        const remote = this.#endpointOf(to);
        if (remote) this.#note(() => this.#sink.datagram(bytes, port.local, remote, momentOf(monotonic())));
        port.send(bytes, to);
      },
    };
  }

  /** Most datagrams come from where the one before came from, and go there. */
  #endpointOf(text: string): Endpoint | undefined {
    if (text !== this.#lastText) {
      this.#lastText = text;
      this.#lastEndpoint = endpointFrom(text);
    }
    return this.#lastEndpoint;
  }

  /** Writes what is not written yet. */
  close(): void {
    if (this.#isOver) return;
    this.#unplan?.();
    this.#try(() => this.#sink.close());
    this.#isOver = true;
  }

  #note(action: () => void): void {
    this.#try(action);
    if (this.#isOver) return;
    this.#unplan ??= after(FLUSH_MS, () => this.#flush(), this.#clock);
  }

  #flush(): void {
    this.#unplan = undefined;
    this.#try(() => this.#sink.flush());
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
