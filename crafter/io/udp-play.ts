import { endpointText } from '../endpoint.js';
import { type Play, type PlayedPacket, Player } from '../script/play.js';
import type { CommandName, Script, Target } from '../script/script.js';
import { portsOf } from '../script/virtual-play.js';
import { monotonic } from './clock.js';
import { codeReason } from './system-reason.js';
import { Alarm } from './timers.js';
import { connectUdp, listenUdp, resolve, type UdpEvents, type UdpPort } from './udp-port.js';

/** How a script is played with a peer on the network. */
export interface UdpPlay {
  /** Ends the play. */
  readonly signal: AbortSignal;
  /** Told when the script waits for someone, with the address. */
  readonly onListening?: (address: string) => void;
  /** Told what the other peer's user should do now. */
  readonly onCommand?: (name: CommandName) => void;
  /** Told of every packet, as it goes or comes. */
  readonly onPacket?: (packet: PlayedPacket) => void;
  /** Whether a packet may be the first: what was left over from before may not. */
  readonly isFirst?: (bytes: Uint8Array, from: string) => boolean;
}

/**
 * Plays a script over UDP, in real time. A script that listens starts with the first packet that comes.
 * @throws {Error} with the system's code, if an address cannot be had
 */
export async function playOverUdp(script: Script, seed: number, options: UdpPlay): Promise<Play> {
  const { signal, onCommand = () => {} } = options;
  let end = (): void => {};
  const over = new Promise<void>((resolve) => {
    end = resolve;
  });
  const ports = new Map<number, UdpPort>();
  let remote = '';
  let hasStarted = false;
  const alarm = new Alarm((now) => player.take({ type: 'tick' }, now));
  const player = new Player(script, seed, {
    send: (bytes, via) => {
      const port = ports.get(via);
      if (!port) return;
      const goesOn = player.saw({ way: 'sent', from: endpointText(port.local), to: remote, bytes }, monotonic());
      if (goesOn) port.send(bytes, remote);
    },
    wakeAt: (time) => alarm.noLaterThan(time),
    command: (name) => {
      onCommand(name);
      return undefined;
    },
    done: end,
    ...(options.onPacket && { saw: options.onPacket }),
  });
  const start = (): void => {
    hasStarted = true;
    player.take({ type: 'start' }, monotonic());
  };
  const events = (via: number): UdpEvents => ({
    onPacket: (bytes, from) => {
      if (!hasStarted) {
        if (script.target.kind !== 'listen' || options.isFirst?.(bytes, from) === false) return;
        remote = from;
        start();
      }
      if (from !== remote) return;
      const now = monotonic();
      const to = endpointText(ports.get(via)?.local ?? NOWHERE);
      const goesOn = player.saw({ way: 'came', from, to, bytes }, now);
      if (goesOn) player.take({ type: 'packet', bytes, via }, now);
    },
    onProblem: (code) => player.take({ type: 'unreachable', why: codeReason(code) }, monotonic()),
  });
  try {
    const target = await placeOf(script);
    for (const via of portsOf(script)) ports.set(via, await openPort(target, via, events(via)));
    signal.addEventListener('abort', end, { once: true });
    if (signal.aborted) end();
    if (target.kind === 'listen') {
      options.onListening?.(endpointText(ports.get(1)?.local ?? NOWHERE));
    } else {
      remote = endpointText(target);
      start();
    }
    await over;
  } finally {
    alarm.cancel();
    signal.removeEventListener('abort', end);
    await Promise.all([...ports.values()].map((port) => port.close()));
  }
  return player.play({ verdict: 'unreachable', why: 'interrupted' });
}

const NOWHERE = { host: '0.0.0.0', port: 0 };

type Place = Exclude<Target, { kind: 'peer' }>;

/** Where a script is played, with its host as an address. */
async function placeOf({ target }: Script): Promise<Place> {
  if (target.kind === 'peer') throw new Error('the built-in peer is not on the network');
  return { kind: target.kind, ...(await resolve(target)) };
}

function openPort(target: Place, via: number, events: UdpEvents): Promise<UdpPort> {
  if (target.kind === 'udp') return connectUdp(target, events);
  const port = target.port === 0 ? 0 : target.port + via - 1;
  return listenUdp({ host: target.host, port }, events);
}
