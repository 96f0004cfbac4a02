import { Host } from '../link/host.js';
import { type Making, Network } from '../link/network.js';
import type { Channel } from '../peer/channel.js';
import { Echo } from '../peer/echo.js';
import type { Effect } from '../peer/effects.js';
import { Peer } from '../peer/peer.js';
import { peerId } from '../peer-id.js';
import { seeded } from '../seeded.js';
import { type Play, type PlayedSecret, Player } from './play.js';
import type { CommandName, Script } from './script.js';
import type { FieldValue } from './shape.js';
import type { Sight } from './sight.js';

/** Where the built-in peer is. */
export const PEER_PLACE = '10.0.0.2:4242';
const OWN_HOST = '10.0.0.1';
/** The own ports have the numbers from here on. */
const FIRST_PORT = 4242;
/** Longer than any script that was not written by mistake: in milliseconds of virtual time. */
const LONGEST = 24 * 3600 * 1000;

/** Where the own port with this number is. */
export const placeOf = (via: number): string => `${OWN_HOST}:${FIRST_PORT + via - 1}`;

/** Makes the network between; tests put peers with faults behind it. */
export type MakeNetwork = (making: Making) => Network;

/** Plays a script against the built-in peer, in virtual time: nothing waits, and the same seed makes the same play. */
export function playVirtually(
  script: Script,
  seed: number,
  makeNetwork: MakeNetwork = (making) => new Network(making),
): Play {
  const network = makeNetwork({ seed, conditions: script.network });
  const subject = new Subject(script, seed, network, (sight) => player.take({ type: 'seen', sight }, network.now));
  let wakeAt = 0;
  const player = new Player(script, seed, {
    send: (bytes, via) => {
      const goesOn = player.saw({ way: 'sent', from: placeOf(via), to: PEER_PLACE, bytes }, network.now);
      if (goesOn) network.send(placeOf(via), PEER_PLACE, bytes);
    },
    wakeAt: (time) => {
      wakeAt = time;
      network.at(time, (now) => player.take({ type: 'tick' }, now));
    },
    command: (name, given) => subject.command(name, given, player.local),
    done: () => {},
  });
  for (const via of portsOf(script)) {
    network.attach(placeOf(via), (sent, from, now) => {
      // A copy: a packet that the peer sends again is the same bytes, and still another packet.
      const bytes = sent.slice();
      const goesOn = player.saw({ way: 'came', from, to: placeOf(via), bytes }, now);
      if (goesOn) player.take({ type: 'packet', bytes, via }, now);
    });
  }
  network.at(0, (now) => player.take({ type: 'start' }, now));
  network.run(0);
  while (!player.outcome && wakeAt < LONGEST) network.run(Math.max(wakeAt, network.now));
  return player.play({ verdict: 'unreachable', why: 'the script takes longer than a day' }, subject.secrets);
}

/** The own ports that a script uses. */
export function portsOf({ steps }: Script): ReadonlySet<number> {
  const used = steps.flatMap((step) => (step.kind === 'send' || step.kind === 'expect' ? [step.packet.via] : []));
  return new Set([1, ...used]);
}

/** The built-in peer, with an application that does what the script says. */
class Subject {
  readonly #network: Network;
  readonly #host: Host;
  readonly #onSight: (sight: Sight) => void;
  readonly #echo: Echo | undefined;
  readonly secrets: PlayedSecret[] = [];
  #channel: Channel | undefined;

  constructor(script: Script, seed: number, network: Network, onSight: (sight: Sight) => void) {
    const { role, remote, remoteSecret, dialect, peer } = script;
    this.#network = network;
    this.#onSight = onSight;
    const id = remote === 'any' ? peerId(role === 'initiator' ? 'listener' : 'connector') : remote;
    const random = seeded(seed ^ 0x5eed).bytes;
    const settings = { ...peer, dialect: dialect.name };
    const given = { id, random, now: network.now, settings, ...(remoteSecret && { secret: remoteSecret }) };
    const subject = new Peer(given);
    this.#echo = script.echo ? new Echo(subject) : undefined;
    this.#host = new Host(network, PEER_PLACE, subject, (effect, now) => {
      if (effect.type === 'secret') this.secrets.push({ peer: id, secret: effect.secret });
      else this.#took(subject, effect, now);
    });
  }

  /** What the application makes of what its peer tells. */
  #took(peer: Peer, effect: Effect, now: number): void {
    switch (effect.type) {
      case 'established':
        this.#channel = effect.channel;
        return this.#onSight({ name: 'opened', caps: effect.channel.capabilities });
      case 'readable':
        for (let data = peer.read(effect.channel, now); data; data = peer.read(effect.channel, now)) {
          this.#onSight({ name: 'receive', data, isStream: effect.channel.isOrdered });
          this.#echo?.take(effect.channel, data, now);
        }
        return;
      case 'writable':
        return this.#echo?.pump(effect.channel, now);
      case 'ended':
        return this.#onSight({ name: 'ended' });
      case 'closed':
        this.#echo?.forget(effect.channel);
        return this.#onSight({ name: 'closed', reason: effect.reason });
      case 'failed':
        return this.#onSight({ name: 'failed' });
      case 'send':
      case 'confirmed':
      case 'log':
      case 'secret':
    }
  }

  /** Does what the script says; says why if the peer cannot. */
  command(name: CommandName, given: Readonly<Record<string, FieldValue>>, local: Uint8Array): string | undefined {
    try {
      this.#command(name, given, local);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      return `the built-in peer cannot ${name}: ${error.message}`;
    }
    this.#host.flush();
    return undefined;
  }

  #command(name: CommandName, given: Readonly<Record<string, FieldValue>>, local: Uint8Array): void {
    const { peer } = this.#host;
    const { now } = this.#network;
    if (name === 'open') {
      const [capabilities, padTo] = [Number(given.caps ?? 0), Number(given.padded_to ?? 0)];
      this.#channel = peer.open(local, placeOf(1), { capabilities, padTo, early: given.early === true }, now);
      if (!this.#channel) throw new RangeError('it has no room for one more channel');
    } else if (this.#channel) {
      if (name === 'send' && given.data instanceof Uint8Array) peer.send(this.#channel, given.data, now);
      else if (name === 'close') peer.close(this.#channel, now);
      else if (name === 'abort') peer.abort(this.#channel, Number(given.reason ?? 0), now);
    }
  }
}
