import { dissect } from '../../dissectors/dissect.js';
import { liveReassembly } from '../../dissectors/reassembly/reassembly.js';
import { viewOf } from '../../dissectors/wire/view.js';
import { endpointText } from '../endpoint.js';
import { arrivalOf } from '../frames/arrival.js';
import { type ForgedEnd, ownPort } from '../frames/forged-end.js';
import { build, type Part, raw } from '../part.js';
import { type Play, Player } from '../script/play.js';
import type { CommandName, Script } from '../script/script.js';
import { portsOf } from '../script/virtual-play.js';
import { monotonic } from './clock.js';
import type { FrameTap, TapFrames, TappedFrame } from './frame-tap.js';
import { Neighbourhood } from './neighbourhood.js';
import { interfaceTrouble } from './own-network.js';
import { openRawPort, type RawCounts } from './raw-port.js';
import { Alarm } from './timers.js';

/** How a script is played on an interface. */
export interface InterfacePlay {
  readonly name: string;
  readonly end: ForgedEnd;
  readonly tap: TapFrames;
  /** Ends the play. */
  readonly signal: AbortSignal;
  /** Told what the other peer's user should do now. */
  readonly onCommand?: (name: CommandName) => void;
}

/** What was played, and what became of the frames. */
export interface PlayedFrames {
  readonly play: Play;
  readonly frames: RawCounts;
}

/** How often the interface is looked at, in milliseconds: who captures may not notice that it went down. */
const LOOK_MS = 250;

/**
 * Plays a script on an interface, in real time: its packets leave as whole frames from a forged end, and what comes for
 * that end is its answers. Meanwhile the forged address is answered for, so that others find it.
 * @throws {RawPortError} if frames cannot be sent there, or the other end is not there
 * @throws {FrameTapError} if it cannot be listened to
 */
export async function playOnInterface(script: Script, seed: number, options: InterfacePlay): Promise<PlayedFrames> {
  const { name, end, signal, onCommand = () => {} } = options;
  const port = await openRawPort(name, end.linkType);
  let isFull = false;
  const send = (frame: Part): void => {
    // A script waits for nothing but its times: what the interface has no room for waits on the way to it.
    const room = port.send(build(frame));
    port.flush();
    isFull ||= room !== undefined;
    void room?.then(() => {
      isFull = false;
    });
  };
  const neighbours = new Neighbourhood(end, name, send);
  const remote = endpointText(end.remote);
  const placeOf = (via: number): string => endpointText({ host: end.local.host, port: ownPort(end, via) });
  const ports = portsOf(script);
  let isOver = (): void => {};
  const over = new Promise<void>((resolve) => {
    isOver = resolve;
  });
  const alarm = new Alarm((now) => player.take({ type: 'tick' }, now));
  const player = new Player(script, seed, {
    send: (bytes, via) => {
      const goesOn = player.saw({ way: 'sent', from: placeOf(via), to: remote, bytes }, monotonic());
      if (goesOn) send(end.datagram(raw(bytes), via, neighbours.macs));
    },
    wakeAt: (time) => alarm.noLaterThan(time),
    command: (command) => {
      onCommand(command);
      return undefined;
    },
    done: isOver,
  });
  let isPlaying = false;
  const reassembly = liveReassembly();
  let frames = 0;
  const onFrame = ({ bytes, linkType }: TappedFrame): void => {
    const limit = { captured: bytes.length, wire: bytes.length };
    const arrival = arrivalOf(dissect(viewOf(bytes), 0, limit, linkType, ++frames, reassembly), end);
    // However many ask, no more answers wait than there is room for.
    if (arrival?.type === 'question' && !isFull) neighbours.asked(arrival.asker);
    else if (arrival?.type === 'answer') neighbours.told(arrival.mac);
    if (!arrival || !('via' in arrival) || !ports.has(arrival.via) || !isPlaying) return;
    const now = monotonic();
    if (arrival.type === 'unreachable') return player.take(arrival, now);
    const { via } = arrival;
    const goesOn = player.saw({ way: 'came', from: remote, to: placeOf(via), bytes: arrival.bytes }, now);
    if (goesOn) player.take({ type: 'packet', bytes: arrival.bytes, via }, now);
  };
  const lost = (why: string | undefined): void => {
    if (why !== undefined && !signal.aborted) player.take({ type: 'unreachable', why: `${name}: ${why}` }, monotonic());
  };
  const looking = setInterval(() => lost(port.gone ?? interfaceTrouble(name)), LOOK_MS);
  let tap: FrameTap | undefined;
  let sent: RawCounts = { sent: 0, failed: 0 };
  signal.addEventListener('abort', isOver, { once: true });
  try {
    tap = await options.tap(name, filterFor(end), onFrame);
    void tap.ended.then(lost);
    await neighbours.find(signal);
    if (!signal.aborted) {
      isPlaying = true;
      player.take({ type: 'start' }, monotonic());
      await over;
    }
  } finally {
    // What still comes while the listening ends is too late.
    isPlaying = false;
    clearInterval(looking);
    alarm.cancel();
    signal.removeEventListener('abort', isOver);
    await tap?.close();
    sent = await port.close();
  }
  return { play: player.play({ verdict: 'unreachable', why: 'interrupted' }), frames: sent };
}

/** What is for the forged end, in libpcap's language: its packets, with or without tags, and those that look for it. */
const filterFor = ({ local, macs }: ForgedEnd): string => {
  const own = `dst host ${local.host}`;
  if (!macs) return own;
  const wanted = `arp or icmp6 or ${own}`;
  return `${wanted} or (vlan and (${wanted}))`;
};
