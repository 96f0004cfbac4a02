import { bitsOf } from '../../dissectors/channel/capabilities.js';
import { dialectNamed } from '../../dissectors/channel/dialects.js';
import { toHex } from '../../dissectors/wire/view.js';
import { type Endpoint, endpointExpected, endpointText, ownEndpointFrom, remoteEndpointFrom } from '../endpoint.js';
import { monotonic } from '../io/clock.js';
import { codeReason, isRefusal, systemReason } from '../io/system-reason.js';
import { connectUdp, listenUdp, resolve } from '../io/udp-port.js';
import type { Opening } from '../peer/initiator.js';
import { DEFAULTS } from '../peer/settings.js';
import { peerId } from '../peer-id.js';
import { CraftError } from './craft-error.js';
import { inputReady } from './peer-input.js';
import type { PeerIo } from './peer-io.js';
import type { ConnectOptions, ListenOptions } from './peer-options.js';
import { type Part, type RunningPeer, startPeer } from './peer-running.js';

/** How many messages in a row must meet a closed port before the attempts are given up: the other may be starting. */
const REFUSALS = 3;
/** Input that is offered before the other peer has proven its address, in bytes; it must fit beside an answer. */
const GREETING = 1000;

/** `handshark peer listen`: waits for channels and bridges them. Source: the command line page. */
export const listen = (address: string, options: ListenOptions, io: PeerIo): Promise<void> =>
  telling(io, async () => {
    const local = await resolved(known(ownEndpointFrom(address), address), 'cannot listen', address);
    const greeting = options.earlyData ? await firstInput(io, options.packetSize) : undefined;
    let isServing = true;
    const part: Part = {
      role: 'listener',
      settings: { accept: () => isServing, greet: greeting && (() => greeting), ...channelsOf(options) },
      greeted: greeting?.length ?? 0,
      onOver: () => {
        if (options.keep) return;
        isServing = false;
        if (running.bridge.open === 0) running.finish();
      },
      onFailed: () => {},
    };
    const running: RunningPeer = await startPeer(options, io, part, (events) =>
      listenUdp(local, events).catch(refusing('cannot listen', address)),
    );
    running.news.listening(running.port.local, running.id);
    await running.over();
    // A listener that was to have a channel and had none has not done its work.
    io.earn(running.bridge.isGood && (options.keep || running.bridge.served > 0) ? 0 : 1);
  });

/** `handshark peer connect`: opens channels and bridges them. Source: the command line page. */
export const connect = (address: string, options: ConnectOptions, io: PeerIo): Promise<void> =>
  telling(io, async () => {
    const endpoint = known(remoteEndpointFrom(address), address);
    const remoteId = peerId(options.remoteId);
    if (toHex(remoteId) === toHex(peerId(options.peerId))) {
      throw new CraftError(`bad id: --remote-id ${options.remoteId}: this peer has that id itself`);
    }
    const opening = openingOf(options);
    const remote = await resolved(endpoint, 'cannot connect', address);
    if (options.earlyData) await inputReady(io.stdin);

    const attempts = new Attempts(options.channels ?? 1);
    const part: Part = {
      role: 'connector',
      settings: {},
      greeted: 0,
      onOver: () => attempts.over() && running.finish(),
      onFailed: () => attempts.failed() && running.finish(),
      onPacket: () => attempts.answered(),
      onProblem: (code) => {
        if (attempts.refused(code)) running.bridge.abandon();
      },
    };
    const running: RunningPeer = await startPeer(options, io, part, (events) =>
      connectUdp(remote, events).catch(refusing('cannot connect', address)),
    );
    for (let count = 0; count < attempts.wanted; count++) {
      const channel = running.host.peer.open(remoteId, endpointText(remote), opening, monotonic());
      if (channel) running.bridge.await(channel);
      else attempts.failed();
    }
    running.bridge.begin();
    await running.over();
    if (attempts.failures > 0 && !io.signal.aborted) io.complain(`cannot connect: ${address}: ${attempts.why}`, 1);
    io.earn(running.bridge.isGood && attempts.failures === 0 ? 0 : 1);
  });

/** The channels that `connect` opens, and how that goes. */
class Attempts {
  readonly wanted: number;
  failures = 0;
  #over = 0;
  #refusals = 0;
  #why = 'no answer';

  constructor(wanted: number) {
    this.wanted = wanted;
  }

  get why(): string {
    return this.wanted === 1 ? this.#why : `${this.#why} (${this.failures} of ${this.wanted} channels)`;
  }

  /** One is over; says whether all are. */
  over(): boolean {
    this.#over += 1;
    return this.#over === this.wanted;
  }

  failed(): boolean {
    this.failures += 1;
    return this.over();
  }

  answered(): void {
    this.#refusals = 0;
  }

  /** The system says that nobody is there; says whether to believe it. */
  refused(code: string): boolean {
    this.#refusals += 1;
    this.#why = codeReason(code);
    return this.#refusals >= REFUSALS;
  }
}

/** Runs something; what the user or the system is to blame for becomes one line. */
async function telling(io: PeerIo, run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (error) {
    if (!(error instanceof CraftError)) throw error;
    io.complain(error.message, error.status);
    io.stdin.destroy();
  }
}

function known(endpoint: Endpoint | undefined, address: string): Endpoint {
  if (!endpoint) throw new CraftError(`bad address: ${address}: ${endpointExpected(address)}`);
  return endpoint;
}

const resolved = (endpoint: Endpoint, what: string, address: string): Promise<Endpoint> =>
  resolve(endpoint).catch(refusing(what, address));

/** What to make of an error: the system's refusal is told, a bug is not. */
const refusing =
  (what: string, where: string) =>
  (error: unknown): never => {
    throw isRefusal(error) ? new CraftError(`${what}: ${where}: ${systemReason(error)}`, 1) : error;
  };

function openingOf({ mode, dialect, earlyData = false, packetSize = DEFAULTS.packetSize }: ConnectOptions): Opening {
  // An initiator that sends early data takes it too: its packets leave room for an answer with data.
  const early = earlyData ? { early: true, padTo: packetSize } : {};
  if (dialectNamed(dialect).numbered) return { capabilities: bitsOf(mode ?? 'tcp'), ...early };
  if (mode !== undefined && mode !== 'udp') throw new CraftError(`bad mode: ${mode}: ${dialect} has only udp`);
  return { capabilities: bitsOf('udp') };
}

const channelsOf = ({ channels }: ListenOptions) => (channels === undefined ? {} : { channels });

/** What input there is at first, to be offered at once. */
async function firstInput({ stdin }: PeerIo, packetSize = DEFAULTS.packetSize): Promise<Uint8Array | undefined> {
  await inputReady(stdin);
  const most = Math.min(GREETING, packetSize - 200, stdin.readableLength);
  const bytes: Uint8Array | null = most > 0 ? stdin.read(most) : null;
  return bytes ?? undefined;
}
