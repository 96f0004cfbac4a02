import { type Endpoint, endpointText } from '../endpoint.js';
import { monotonic } from './clock.js';
import { connectUdp, listenUdp, type UdpPort } from './udp-port.js';

/** Which way a datagram goes: to whom the relay was made for, or back to whoever asked. */
export type RelayWay = 'there' | 'back';

/** A client, with the port that the other side knows it by. */
export interface Flow {
  /** Where the client is: `192.0.2.1:5555`. */
  readonly client: string;
  /** Undefined while it is being opened. */
  port: UdpPort | undefined;
  /** Datagrams that came before it was open. */
  waiting: Uint8Array[];
  /** When something came last, in milliseconds. */
  usedAt: number;
}

/** What a relay tells. */
export interface RelayEvents {
  /** A datagram came; nothing goes on by itself. */
  readonly onDatagram: (bytes: Uint8Array, flow: Flow, way: RelayWay) => void;
  /** Nobody is there, or there is no room: the system's code. */
  readonly onProblem: (code: string) => void;
}

/** Clients at once: each takes a socket. When there are more, the one goes that has been quiet for longest, … */
const MOST_FLOWS = 256;
/** … if that is this long, in milliseconds; else what the newcomer sends is lost. */
const QUIET_MS = 10_000;
/** Datagrams of a new client that wait for its port. */
const MOST_WAITING = 64;

/** Relays datagrams between whoever sends something to an address and one that is somewhere else. */
export class UdpRelay {
  readonly #remote: Endpoint;
  readonly #events: RelayEvents;
  readonly #flows = new Map<string, Flow>();
  #port: UdpPort | undefined;
  #isClosed = false;
  /** Datagrams of clients that there was no room for. */
  lost = 0;

  private constructor(remote: Endpoint, events: RelayEvents) {
    this.#remote = remote;
    this.#events = events;
  }

  /** @throws {Error} what the system says if the address cannot be had */
  static async open(local: Endpoint, remote: Endpoint, events: RelayEvents): Promise<UdpRelay> {
    const relay = new UdpRelay(remote, events);
    relay.#port = await listenUdp(local, {
      onPacket: (bytes, from) => relay.#came(bytes, from),
      onProblem: events.onProblem,
    });
    return relay;
  }

  get local(): Endpoint {
    return this.#port?.local ?? this.#remote;
  }

  /** Sends a datagram on. */
  forward(bytes: Uint8Array, flow: Flow, way: RelayWay): void {
    if (this.#isClosed) return;
    if (way === 'back') this.#port?.send(bytes, flow.client);
    else flow.port?.send(bytes, endpointText(this.#remote));
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const ports = [...this.#flows.values()].flatMap(({ port }) => (port ? [port] : []));
    this.#flows.clear();
    await Promise.all([this.#port, ...ports].map((port) => port?.close()));
  }

  #came(bytes: Uint8Array, from: string): void {
    const flow = this.#flows.get(from) ?? this.#admit(from);
    if (!flow) {
      this.lost += 1;
      return;
    }
    flow.usedAt = monotonic();
    if (flow.port) this.#events.onDatagram(bytes, flow, 'there');
    else if (flow.waiting.length < MOST_WAITING) flow.waiting.push(bytes);
    else this.lost += 1;
  }

  #admit(client: string): Flow | undefined {
    if (this.#isClosed || !this.#hasRoom()) return undefined;
    const flow: Flow = { client, port: undefined, waiting: [], usedAt: monotonic() };
    this.#flows.set(client, flow);
    void this.#connect(flow);
    return flow;
  }

  #hasRoom(): boolean {
    if (this.#flows.size < MOST_FLOWS) return true;
    let oldest: Flow | undefined;
    for (const flow of this.#flows.values()) if (!oldest || flow.usedAt < oldest.usedAt) oldest = flow;
    if (!oldest || monotonic() - oldest.usedAt < QUIET_MS) return false;
    this.#flows.delete(oldest.client);
    void oldest.port?.close();
    return true;
  }

  async #connect(flow: Flow): Promise<void> {
    const isHere = (): boolean => !this.#isClosed && this.#flows.get(flow.client) === flow;
    try {
      const port = await connectUdp(this.#remote, {
        onPacket: (bytes) => {
          if (!isHere()) return;
          flow.usedAt = monotonic();
          this.#events.onDatagram(bytes, flow, 'back');
        },
        onProblem: this.#events.onProblem,
      });
      if (!isHere()) return void (await port.close());
      flow.port = port;
      const { waiting } = flow;
      flow.waiting = [];
      for (const bytes of waiting) this.#events.onDatagram(bytes, flow, 'there');
    } catch (error) {
      this.#flows.delete(flow.client);
      this.#events.onProblem((error as NodeJS.ErrnoException).code ?? String(error));
    }
  }
}
