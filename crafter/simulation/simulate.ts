import { bitsOf, ORDERED } from '../../dissectors/channel/capabilities.js';
import { dialectNamed } from '../../dissectors/channel/dialects.js';
import { Host } from '../link/host.js';
import { Network, type Place } from '../link/network.js';
import type { Opening } from '../peer/initiator.js';
import { Peer } from '../peer/peer.js';
import { DEFAULTS } from '../peer/settings.js';
import { peerId } from '../peer-id.js';
import { hashOf, seeded } from '../seeded.js';
import { Application } from './application.js';
import { type ChannelRecord, Records } from './channel-record.js';
import { Drops } from './drops.js';
import { flood, forgedAcknowledge } from './flood.js';
import { openingTime, type Plan, type Side } from './plan.js';
import { type Happening, Story } from './story.js';
import { type FloodLoad, type Load, type SentPacket, Watch } from './watch.js';

/** Where the two peers are. */
export const PLACES: Readonly<Record<Side, Place>> = { initiator: '10.0.0.1:4242', responder: '10.0.0.2:4242' };
export const PEER_IDS: Readonly<Record<Side, Uint8Array>> = {
  initiator: peerId('initiator'),
  responder: peerId('responder'),
};
/** Longer than any run that was not asked for by mistake: in milliseconds of virtual time. */
const LONGEST = 24 * 3_600_000;

/** A secret that came into use. Times in milliseconds of virtual time. */
export interface UsedSecret {
  readonly peer: Uint8Array;
  readonly secret: Uint8Array;
  readonly from: number;
  /** When it stops being accepted. */
  readonly until: number;
}

/** What the responder held for handshakes that were not proven: the most at a time. */
export interface StateHeld {
  /** CHANNEL_NEW that it remembers. */
  pending: number;
  /** Peers that it knows. */
  peers: number;
}

/** What came of a plan. */
export interface Run {
  readonly plan: Plan;
  readonly channels: readonly ChannelRecord[];
  readonly happenings: readonly Happening[];
  /** Happenings that were too many to be kept. */
  readonly untold: number;
  readonly loads: Readonly<Record<Side, Load>>;
  readonly flood: FloodLoad;
  readonly held: StateHeld;
  /** All packets as they were sent, if they were wanted. */
  readonly packets: readonly SentPacket[];
  readonly secrets: readonly UsedSecret[];
  /** When the last thing happened, in milliseconds. */
  readonly duration: number;
}

/**
 * Lets two peers talk over a virtual network, in virtual time: nothing waits, and the same plan makes the same run.
 * @param keepsPackets whether the packets are wanted
 */
export function simulate(plan: Plan, keepsPackets = false): Run {
  const sides = new Map<Place, Side>([
    [PLACES.initiator, 'initiator'],
    [PLACES.responder, 'responder'],
  ]);
  const watch = new Watch(sides, keepsPackets);
  const drops = new Drops(plan.drops);
  const network = new Network({
    seed: plan.seed,
    conditions: plan.conditions,
    observer: (sighting) => watch.see(sighting),
    isFateByNumber: true,
    isDropped: (from, to) => {
      const by = sides.get(from);
      return by !== undefined && sides.has(to) && drops.isDropped(by);
    },
  });
  const stage = new Stage(plan, network);
  const initiator = stage.end('initiator');
  stage.end('responder');
  network.at(openingTime(plan), (now) => stage.open(initiator, now));
  if (plan.flood > 0) {
    const packetSize = plan.settings.packetSize ?? DEFAULTS.packetSize;
    const { dialect, seed, flood: count } = plan;
    flood(network, PLACES.responder, PEER_IDS.responder, { count, dialect, packetSize, seed: seed ^ 0xf100d });
  }
  network.run(LONGEST);
  return {
    plan,
    channels: stage.records.all,
    happenings: stage.story.all,
    untold: stage.story.untold,
    loads: watch.loads,
    flood: watch.flood,
    held: stage.held,
    packets: watch.packets,
    secrets: stage.secrets,
    duration: stage.lastAt,
  };
}

/** A peer with its application. */
interface Player {
  readonly host: Host;
  readonly application: Application;
}

/** The two peers, and what is noted of them. */
class Stage {
  readonly #plan: Plan;
  readonly #network: Network;
  readonly records: Records;
  readonly story = new Story();
  readonly secrets: UsedSecret[] = [];
  readonly held: StateHeld = { pending: 0, peers: 0 };
  lastAt = 0;

  constructor(plan: Plan, network: Network) {
    this.#plan = plan;
    this.#network = network;
    this.records = new Records(plan, (capabilitiesOf(plan) & ORDERED) !== 0);
  }

  end(side: Side): Player {
    const { dialect, settings } = this.#plan;
    const network = this.#network;
    const application = new Application(this.#plan, side, network, this.records, this.story);
    const { greeting } = application;
    const id = PEER_IDS[side];
    const peer = new Peer({
      id,
      random: seeded(seedOf(this.#plan, side)).bytes,
      now: 0,
      settings: { halfOpen: true, log: true, ...settings, dialect, ...(greeting && { greet: () => greeting }) },
    });
    const period = peer.settings.secretPeriod;
    const host = new Host(network, PLACES[side], peer, (effect, now) => {
      if (effect.type === 'secret') {
        this.secrets.push({ peer: id, secret: effect.secret, from: effect.from, until: effect.from + 2 * period });
        return;
      }
      this.lastAt = now;
      if (effect.type === 'log' && effect.event === 'acknowledged') this.#sample(peer);
      application.take(effect, now);
    });
    application.host = host;
    return { host, application };
  }

  /** Opens all channels at once, so that their handshakes share packets. */
  open({ host, application }: Player, now: number): void {
    const { isEarly, answers } = this.#plan;
    const { packetSize } = host.peer.settings;
    // Room for early data of the responder, if there will be any.
    const early = isEarly ? { early: true, ...(answers > 0 && { padTo: packetSize }) } : {};
    const opening: Opening = { capabilities: capabilitiesOf(this.#plan), ...early };
    for (const record of this.records.all) {
      const channel = host.peer.open(PEER_IDS.responder, PLACES.responder, opening, now);
      if (!channel) continue;
      application.opened(channel, record, now);
      for (let count = 0; count < this.#plan.spurious; count++) this.#acknowledge(channel.c1, count, now);
    }
    host.flush();
  }

  /** Lets somebody guess the acknowledgement of an attempt, before the right one can be there. */
  #acknowledge(c1: number, count: number, now: number): void {
    const bytes = forgedAcknowledge(this.#plan.dialect, PEER_IDS, c1, this.#plan.seed + count);
    this.#network.at(now + 1 + count, () => this.#network.inject(PLACES.responder, PLACES.initiator, bytes));
  }

  /** Notes what a peer keeps now, if it is more than before. */
  #sample(peer: Peer): void {
    const { pending, peers } = peer.sizes;
    if (pending > this.held.pending) this.held.pending = pending;
    if (peers > this.held.peers) this.held.peers = peers;
  }
}

/**
 * What the chance of a peer begins with. Runs that differ in how they are set up have other ids and cookies, so that their
 * channels are not taken for one where they are in one capture.
 */
const seedOf = ({ seed, dialect, mode, channels }: Plan, side: Side): number =>
  hashOf(`${dialect} ${mode} ${channels} ${side}`, seed);

/** `channeler` has no capabilities. */
const capabilitiesOf = ({ dialect, mode }: Plan): number => (dialectNamed(dialect).numbered ? bitsOf(mode) : 0);
