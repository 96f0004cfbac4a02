import type { Conditions } from '../../../crafter/link/conditions.js';
import { Host } from '../../../crafter/link/host.js';
import { Network, type Sighting } from '../../../crafter/link/network.js';
import type { Channel } from '../../../crafter/peer/channel.js';
import type { Effect } from '../../../crafter/peer/effects.js';
import { Peer } from '../../../crafter/peer/peer.js';
import type { Settings } from '../../../crafter/peer/settings.js';
import { seeded } from '../../../crafter/seeded.js';
import { bitsOf, type Mode } from '../../../dissectors/channel/capabilities.js';
import { type ChannelPacket, dissectChannel, isChannelPacket } from '../../../dissectors/channel/dissect.js';
import { viewOf } from '../../../dissectors/wire/view.js';

export const ALICE = new Uint8Array(16).fill(0xa1);
export const BOB = new Uint8Array(16).fill(0xb0);
/** Where the two are. */
export const ALICE_AT = '10.0.0.1:4242';
export const BOB_AT = '10.0.0.2:4242';

export const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
export const bytes = (given: string): Uint8Array => new TextEncoder().encode(given);

/** Random bytes that are the same for the same seed. */
export const randomOf = (seed: number) => {
  const { bytes: draw } = seeded(seed);
  return (size: number): Uint8Array => draw(size);
};

/** What an application saw, with the times. */
export interface Told {
  readonly at: number;
  readonly type: Effect['type'];
  readonly effect: Effect;
}

/** One of two peers that talk, with an application that notes all it is told. */
export class Side {
  readonly host: Host;
  readonly network: Network;
  readonly told: Told[] = [];
  /** What was read of each channel, in order. */
  readonly read = new Map<Channel, Uint8Array[]>();
  /** Replaced by tests that read in their own way. */
  onReadable: (channel: Channel) => void = (channel) => this.readAll(channel);
  onEffect: (effect: Effect, now: number) => void = () => {};

  constructor(network: Network, place: string, id: Uint8Array, seed: number, settings: Partial<Settings>) {
    this.network = network;
    const peer = new Peer({ id, random: randomOf(seed), now: network.now, settings });
    this.host = new Host(network, place, peer, (effect, at) => {
      if (effect.type === 'log' || effect.type === 'secret') return;
      this.told.push({ at, type: effect.type, effect });
      if (effect.type === 'readable') this.onReadable(effect.channel);
      this.onEffect(effect, at);
    });
  }

  get peer(): Peer {
    return this.host.peer;
  }

  /** Opens a channel to a place. */
  open(remoteId: Uint8Array, to: string, mode: Mode, more: { early?: boolean; padTo?: number } = {}): Channel {
    const channel = this.peer.open(remoteId, to, { capabilities: bitsOf(mode), ...more }, this.network.now);
    if (!channel) throw new Error('no room for the channel');
    this.host.flush();
    return channel;
  }

  send(channel: Channel, given: string | Uint8Array): number {
    const taken = this.peer.send(channel, typeof given === 'string' ? bytes(given) : given, this.network.now);
    this.host.flush();
    return taken;
  }

  close(channel: Channel): void {
    this.peer.close(channel, this.network.now);
    this.host.flush();
  }

  abort(channel: Channel, reason: number): void {
    this.peer.abort(channel, reason, this.network.now);
    this.host.flush();
  }

  /** Reads one DATA. */
  readOne(channel: Channel): Uint8Array | undefined {
    const data = this.peer.read(channel, this.network.now);
    const all = this.read.get(channel) ?? [];
    this.read.set(channel, all);
    if (data) all.push(data);
    return data;
  }

  readAll(channel: Channel): void {
    while (this.readOne(channel)) {
      // Until there is nothing left.
    }
  }

  /** Everything read of a channel, as text. */
  textOf(channel: Channel | undefined): string {
    return channel ? (this.read.get(channel) ?? []).map(text).join('') : '';
  }

  /** The messages read of a channel, as text. */
  messagesOf(channel: Channel | undefined): readonly string[] {
    return channel ? (this.read.get(channel) ?? []).map(text) : [];
  }

  /** The channels that were established here, in order. */
  get established(): readonly Channel[] {
    return this.told.flatMap(({ effect }) => (effect.type === 'established' ? [effect.channel] : []));
  }

  /** How a channel ended. */
  endOf(channel: Channel | undefined): number | 'timed out' | 'called off' | undefined {
    for (const { effect } of this.told) {
      if (effect.type === 'closed' && effect.channel === channel) return effect.reason;
      if (effect.type === 'failed' && effect.channel === channel) return effect.why;
    }
    return undefined;
  }
}

/** A packet that was seen, dissected. */
export interface Seen extends Sighting {
  readonly packet: ChannelPacket;
}

export interface Making {
  readonly seed?: number;
  readonly conditions?: Partial<Conditions>;
  readonly alice?: Partial<Settings>;
  readonly bob?: Partial<Settings>;
  /** Whether packets are kept in `seen`. */
  readonly isWatched?: boolean;
}

/** Alice, who opens channels, Bob, who answers, and the network between them. */
export interface Pair {
  readonly network: Network;
  readonly alice: Side;
  readonly bob: Side;
  readonly seen: readonly Seen[];
}

const isPacket = (given: Uint8Array): boolean =>
  isChannelPacket(viewOf(given), 0, { captured: given.length, wire: given.length });

export const dissect = (given: Uint8Array): ChannelPacket =>
  dissectChannel(viewOf(given), 0, { captured: given.length, wire: given.length });

export function pair({ seed = 1, conditions = {}, alice = {}, bob = {}, isWatched = true }: Making = {}): Pair {
  const seen: Seen[] = [];
  const observer = (sighting: Sighting) => {
    // What was corrupted may not even be a packet any more.
    if (!isWatched || !isPacket(sighting.bytes)) return;
    seen.push({ ...sighting, packet: dissect(sighting.bytes) });
  };
  const network = new Network({ seed, conditions, observer });
  return {
    network,
    alice: new Side(network, ALICE_AT, ALICE, seed * 2 + 1, alice),
    bob: new Side(network, BOB_AT, BOB, seed * 2 + 2, bob),
    seen,
  };
}

/** The names of a packet's messages, with its channel: `NEW`, `FINALIZE`, `DATA CLOSE`. */
export const namesOf = ({ packet }: Seen): string =>
  packet.messages.map(({ kind, code }) => kind?.name.replace('CHANNEL_', '') ?? String(code)).join(' ');

/** What one side sent, as the names of its messages, with times in milliseconds. */
export const sentBy = (seen: readonly Seen[], place: string): readonly string[] =>
  seen.filter(({ from, fate }) => from === place && fate === 'sent').map((one) => `${one.time} ${namesOf(one)}`);
