import { randomBytes, randomInt } from 'node:crypto';
import { Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { monotonic } from '../io/clock.js';
import { impaired } from '../io/impaired-port.js';
import { PeerHost } from '../io/peer-host.js';
import { isRefusal, systemReason } from '../io/system-reason.js';
import type { UdpEvents, UdpPort } from '../io/udp-port.js';
import { Peer } from '../peer/peer.js';
import { DEFAULTS, type Settings } from '../peer/settings.js';
import { Stay } from '../peer/stay.js';
import { peerId } from '../peer-id.js';
import { CraftError } from './craft-error.js';
import { type BridgeEvents, PeerBridge } from './peer-bridge.js';
import type { PeerIo } from './peer-io.js';
import { PeerNews } from './peer-news.js';
import type { PeerOptions } from './peer-options.js';
import { Recording } from './peer-recording.js';

const MS = 1000;
/** A DATA_WINDOW is sent on channels that were quiet this long, so that they do not idle to their end. */
const KEEP_ALIVE = 20_000;
/** How long the other peers have to end their directions once the user wants an end, in milliseconds. */
const LAST_WORDS = 2000;
/** Packets that may come before those before them are read: on a busy machine a reader is away for some time. */
const WINDOW = 1024;
/** How long a peer stays at most after its last channel, whatever still arrives, in milliseconds: it answers no longer. */
const MOST_STAY = DEFAULTS.linger;
/** How much later than it was sent something held back leaves, in milliseconds: what follows overtakes it. */
const REORDER_DELAY = 2;

/** What one role adds. */
export interface Part extends BridgeEvents {
  readonly role: 'listener' | 'connector';
  readonly settings: Partial<Settings>;
  /** Bytes of input that every channel begins with. */
  readonly greeted: number;
  readonly onPacket?: () => void;
  readonly onProblem?: (code: string) => void;
}

/** A peer with all that it runs on. */
export interface RunningPeer {
  readonly id: Uint8Array;
  readonly port: UdpPort;
  readonly host: PeerHost;
  readonly bridge: PeerBridge;
  readonly news: PeerNews;
  /** The work is done. */
  readonly finish: () => void;
  /** Waits for the end, lets what is under way arrive, and closes everything. */
  readonly over: () => Promise<void>;
}

/** Sets a peer up on a port, between standard input and output. @throws {CraftError} if the recording cannot begin */
export async function startPeer(
  options: PeerOptions,
  io: PeerIo,
  part: Part,
  openPort: (events: UdpEvents) => Promise<UdpPort>,
): Promise<RunningPeer> {
  const { dialect, log } = options;
  const id = peerId(options.peerId);
  const vantage = part.role === 'listener' ? 'server' : 'client';
  const news = new PeerNews(io.tell, log === 'json', vantage, monotonic());
  const period = options.secretRotate === undefined ? DEFAULTS.secretPeriod : options.secretRotate * MS;
  const ending = new Ending(io.signal);
  const socket = await openPort({
    onPacket: (bytes, from) => {
      stay.arrived(monotonic());
      recording?.received(bytes, from, socket.local);
      part.onPacket?.();
      host.receive(bytes, from);
    },
    onProblem: (code) => part.onProblem?.(code),
  });
  const recording = recordingOf(options, io, socket);
  const port = impairedBy(options, recording?.around(socket) ?? socket);
  const settings = { ...settingsOf(options, period), ...part.settings };
  const { secret } = options;
  const peer = new Peer({ id, random: randomBytes, now: monotonic(), settings, ...(secret && { secret }) });
  const stay = new Stay(peer, 2 * options.delay);
  const host = new PeerHost(peer, port, (effect) => {
    if (effect.type === 'secret') recording?.secret(id, effect.secret, effect.from, period);
    else bridge.take(effect);
  });
  const manners = {
    followsEnd: part.role === 'listener',
    isEarly: options.earlyData === true && part.role === 'connector',
    greeted: part.greeted,
    echoes: options.echo === true,
    endsByIdling: dialect === 'channeler',
    rate: options.pace,
  };
  const check = () => ending.isWanted && bridge.open === 0 && ending.come();
  const bridge = new PeerBridge(options.write === '-' ? { ...io, stdout: nowhere() } : io, host, news, manners, {
    onOver: (channel) => {
      part.onOver(channel);
      check();
    },
    onFailed: (channel, why) => {
      part.onFailed(channel, why);
      check();
    },
  });
  host.flush();
  io.onExit(() => {
    // Nobody reads any more: the other peers are told, as far as that goes without waiting.
    bridge.abort();
    recording?.close();
  });

  const over = async (): Promise<void> => {
    await ending.wait(bridge);
    bridge.stop();
    await bridge.output.written();
    if (bridge.served > 0)
      await staying(stay, bridge.isAbandoned || ending.isWanted ? LAST_WORDS : MOST_STAY, io.signal);
    host.close();
    await port.close();
    recording?.close();
  };
  return { id, port, host, bridge, news, finish: () => ending.come(), over };
}

/** Waits until the program may go; no longer than `most`, nor than until the user wants an end. */
async function staying(stay: Stay, most: number, signal: AbortSignal): Promise<void> {
  const end = monotonic() + most;
  const interrupt = signal.aborted ? undefined : { signal };
  for (;;) {
    const now = monotonic();
    const until = Math.min(end, stay.until(now));
    if (until <= now) return;
    // What is due at that time is done by then.
    const interrupted = await sleep(until - now + 1, false, interrupt).catch(() => true);
    if (interrupted) return;
  }
}

/** When a peer ends: because its work is done, or because the user wants it. */
class Ending {
  readonly #signal: AbortSignal;
  readonly #promise: Promise<void>;
  come: () => void = () => {};

  constructor(signal: AbortSignal) {
    this.#signal = signal;
    this.#promise = new Promise((resolve) => {
      this.come = resolve;
    });
  }

  get isWanted(): boolean {
    return this.#signal.aborted;
  }

  /** Waits for the end. If the user wants it, channels are closed, and cut off when that takes long. */
  async wait(bridge: PeerBridge): Promise<void> {
    let cut: NodeJS.Timeout | undefined;
    const close = () => {
      bridge.close();
      if (bridge.open === 0) return this.come();
      cut = setTimeout(() => {
        bridge.abort();
        this.come();
      }, LAST_WORDS);
    };
    if (this.#signal.aborted) close();
    else this.#signal.addEventListener('abort', close, { once: true });
    await this.#promise;
    this.#signal.removeEventListener('abort', close);
    clearTimeout(cut);
  }
}

const settingsOf = (options: PeerOptions, secretPeriod: number): Partial<Settings> => ({
  dialect: options.dialect,
  ...(options.packetSize !== undefined && { packetSize: options.packetSize }),
  secretPeriod,
  halfOpen: true,
  keepAlive: KEEP_ALIVE,
  window: WINDOW,
  log: options.log === 'json',
});

function impairedBy({ loss, reorder, duplicate, delay, seed }: PeerOptions, port: UdpPort): UdpPort {
  if (loss + reorder + duplicate + delay === 0) return port;
  return impaired(port, { loss, reorder, duplicate, delay, reorderDelay: REORDER_DELAY }, seed ?? randomInt(2 ** 32));
}

/** Where the channel goes when standard output takes the capture: it would end up in the middle of it. */
const nowhere = () => new Writable({ write: (_chunk, _encoding, done) => done() });

function recordingOf({ write }: PeerOptions, io: PeerIo, socket: UdpPort): Recording | undefined {
  if (write === undefined) return undefined;
  try {
    return new Recording(write, io.stdout, (error) => io.complain(`cannot write: ${write}: ${systemReason(error)}`, 1));
  } catch (error) {
    void socket.close();
    if (!isRefusal(error)) throw error;
    throw new CraftError(`cannot write: ${write}: ${systemReason(error)}`, 1);
  }
}
