import { expect, test } from 'vitest';
import type { Channel as Tracked } from '../../../analyzer/track/channel.js';
import type { Conditions } from '../../../crafter/link/conditions.js';
import { Host } from '../../../crafter/link/host.js';
import { Network } from '../../../crafter/link/network.js';
import type { Channel } from '../../../crafter/peer/channel.js';
import type { Effect } from '../../../crafter/peer/effects.js';
import { Peer } from '../../../crafter/peer/peer.js';
import type { Settings } from '../../../crafter/peer/settings.js';
import { seeded } from '../../../crafter/seeded.js';
import { bitsOf, MODES, type Mode } from '../../../dissectors/channel/capabilities.js';
import { type ChannelPacket, takesNumber } from '../../../dissectors/channel/dissect.js';
import { CODES } from '../../../dissectors/channel/messages.js';
import { ALICE, ALICE_SECRET, BOB, BOB_SECRET, BOTH, dissectBytes, Watch } from './watch.js';

const HERE = '10.0.0.1:4242';
const THERE = '10.0.0.2:4242';

/** Two peers, and a capture next to the first: what it sends, and what arrives there. */
interface Played {
  readonly watch: Watch;
  readonly network: Network;
  readonly alice: Host;
  readonly bob: Host;
  /** What the application of alice was told. */
  readonly told: readonly Effect[];
  /** The packets that the capture saw, whole ones only. */
  readonly seen: readonly { readonly packet: ChannelPacket; readonly mine: boolean }[];
}

interface Making {
  readonly seed: number;
  readonly conditions?: Partial<Conditions>;
  readonly settings?: Partial<Settings>;
  readonly bobs?: Partial<Settings>;
}

function played({ seed, conditions = {}, settings = {}, bobs = {} }: Making): Played {
  const watch = new Watch(BOTH);
  const seen: { packet: ChannelPacket; mine: boolean }[] = [];
  const told: Effect[] = [];
  const network = new Network({
    seed,
    conditions,
    observer: ({ time, from, to, bytes, fate }) => {
      const mine = from === HERE && fate === 'sent';
      if (!mine && !(to === HERE && fate === 'arrived')) return;
      const [packet] = dissectBytes(bytes).channels;
      if (packet?.checksumStatus === 'good') seen.push({ packet, mine });
      watch.fold(time, bytes.slice());
    },
  });
  // Secrets stay as they are: the test has only the first.
  const common = { secretPeriod: 1e9, ...settings };
  const random = (of: number) => {
    const { bytes } = seeded(of);
    return (size: number) => bytes(size);
  };
  const there = new Peer({
    now: 0,
    id: BOB,
    secret: BOB_SECRET,
    random: random(seed * 2 + 1),
    settings: { ...common, ...bobs },
  });
  const here = new Peer({ now: 0, id: ALICE, secret: ALICE_SECRET, random: random(seed * 2), settings: common });
  const bob = new Host(network, THERE, there, (effect, now) => answer(there, effect, now));
  const alice = new Host(network, HERE, here, (effect, now) => {
    told.push(effect);
    if (effect.type === 'readable') while (here.read(effect.channel, now)) {}
  });
  return { watch, network, alice, bob, told, seen };
}

/** Bob reads everything, and says a little himself. */
function answer(bob: Peer, effect: Effect, now: number): void {
  if (effect.type === 'readable') while (bob.read(effect.channel, now)) {}
  if (effect.type !== 'established') return;
  for (let at = 0; at < 10; at++) bob.send(effect.channel, new Uint8Array(30).fill(at), now);
}

/** Alice opens a channel, says something for a while, and closes it. */
function talk({ network, alice }: Played, mode: Mode, seed: number, early: boolean): Channel {
  const { integer } = seeded(seed);
  const channel = alice.peer.open(BOB, THERE, { capabilities: bitsOf(mode), early }, 0);
  if (!channel) throw new Error('no room for a channel');
  alice.flush();
  const count = integer(80);
  let at = 0;
  for (let message = 0; message < count; message++) {
    at += integer(40);
    network.at(at, (now) => {
      alice.peer.send(channel, new Uint8Array(20 + integer(60)), now);
      alice.flush();
    });
  }
  network.at(at + 50, (now) => {
    alice.peer.close(channel, now);
    alice.flush();
  });
  return channel;
}

const conditionsOf = (seed: number): Partial<Conditions> => {
  const { integer, chance } = seeded(seed);
  const upTo = (most: number): number => integer(1000 * most) / 1000;
  return {
    loss: chance(0.7) ? upTo(0.3) : 0,
    duplicate: chance(0.4) ? upTo(0.2) : 0,
    corrupt: chance(0.3) ? upTo(0.1) : 0,
    delay: 1 + integer(60),
    jitter: chance(0.5) ? integer(30) : 0,
  };
};

/** What a capture shows of one direction, straight from its packets. */
function shown({ seen }: Played, id: number, mine: boolean) {
  const numbers: number[] = [];
  let packets = 0;
  let bytes = 0;
  for (const one of seen) {
    const { packet } = one;
    if (one.mine !== mine || packet.id !== id) continue;
    packets++;
    bytes += packet.size ?? 0;
    if (packet.messages.some(({ code }) => takesNumber(code))) numbers.push(packet.sequence ?? 0);
  }
  return { packets, bytes, numbers, again: numbers.length - new Set(numbers).size };
}

/** How many numbers never came though later ones did, and how many came after later ones. */
function missingAndLate(start: number, { numbers }: ReturnType<typeof shown>) {
  const come = new Set<number>();
  let highest = -1;
  let late = 0;
  for (const number of numbers) {
    // No direction here is long enough to wrap.
    const offset = (number - start) & 0xffff;
    if (offset < highest && !come.has(offset)) late++;
    come.add(offset);
    highest = Math.max(highest, offset);
  }
  return { lost: highest + 1 - come.size, late };
}

function onlyChannel({ watch }: Played): Tracked {
  const [channel] = watch.channels;
  if (!channel || watch.channels.length !== 1) throw new Error(`${watch.channels.length} channels`);
  return channel;
}

/** The reasons of the CLOSEs that a capture shows, by direction. */
const closes = ({ seen }: Played, id: number, mine: boolean): readonly number[] =>
  seen
    .filter(({ packet, mine: own }) => own === mine && packet.id === id)
    .flatMap(({ packet }) =>
      packet.messages
        .filter(({ code }) => code === CODES.CHANNEL_CLOSE)
        .map(({ kind, body }) => Number(kind?.body.fields.reason?.read(packet.view, body))),
    );

test.each(MODES)('%s: what the tracker says of a simulated channel is what its peers know', (mode) => {
  for (let seed = 1; seed <= 40; seed++) {
    const early = seed % 3 === 0;
    const run = played({ seed, conditions: conditionsOf(seed) });
    const channel = talk(run, mode, seed, early);
    expect(run.network.run(600_000)).toBe(true);
    const where = `${mode}, seed ${seed}`;
    const tracked = onlyChannel(run);
    const failed = run.told.some((effect) => effect.type === 'failed' && effect.channel === channel);
    if (tracked.c2 === undefined) {
      expect([where, tracked.state, failed]).toEqual([where, 'timed-out', true]);
      continue;
    }
    const id = channel.id >>> 0;
    expect([where, tracked.c1, tracked.c2]).toEqual([where, id >>> 16, id & 0xffff]);
    expect([where, tracked.cookie1Status]).toEqual([where, 'valid']);
    if (tracked.proved) expect([where, tracked.cookie2Status, tracked.caps]).toEqual([where, 'valid', bitsOf(mode)]);

    // What alice sends is all there is to see of her direction.
    const mine = shown(run, id, true);
    const { traffic } = channel;
    expect([where, tracked.fromInitiator?.packets ?? 0]).toEqual([where, mine.packets]);
    expect([where, tracked.fromInitiator?.bytes ?? 0]).toEqual([where, mine.bytes]);
    // What a closed channel answers is sent by nobody's account.
    expect([where, traffic.sent <= mine.packets]).toEqual([where, true]);
    const out = tracked.fromInitiator;
    expect([where, out?.lost ?? 0, out?.reordered ?? 0, out?.duplicates ?? 0]).toEqual([where, 0, 0, 0]);
    expect([where, out?.resent ?? 0]).toEqual([where, mine.again]);

    // What bob sent has been through the network.
    const theirs = shown(run, id, false);
    const back = tracked.fromResponder;
    expect([where, back?.packets ?? 0, back?.bytes ?? 0]).toEqual([where, theirs.packets, theirs.bytes]);
    const answered = tracked.accepted ?? tracked.answers[0];
    if (back && answered) {
      const { lost, late } = missingAndLate(answered.a >>> 16, theirs);
      expect([where, back.lost]).toEqual([where, lost]);
      expect([where, back.reordered + back.resent + back.duplicates]).toEqual([where, theirs.again + late]);
    }

    const both = [...closes(run, id, true), ...closes(run, id, false)];
    const done = closes(run, id, true).includes(0) && closes(run, id, false).includes(0);
    const closed = done || both.some((reason) => reason !== 0);
    if (closed) expect([where, tracked.state]).toEqual([where, 'closed']);
    else if (failed) expect([where, tracked.state]).toEqual([where, 'timed-out']);
    else expect([where, tracked.state]).toEqual([where, 'established']);
  }
});

test('a refusal is seen as one', () => {
  for (const early of [false, true]) {
    const run = played({ seed: 5, conditions: { delay: 10 }, bobs: { accept: () => false } });
    talk(run, 'tcp', 5, early);
    run.network.run(600_000);
    expect(onlyChannel(run).state).toBe('refused');
  }
});

test('early data of the responder is seen as what it is', () => {
  const run = played({ seed: 9, conditions: { delay: 10 }, bobs: { greet: () => new Uint8Array(20) } });
  const channel = run.alice.peer.open(BOB, THERE, { capabilities: bitsOf('sctp'), padTo: 400 }, 0);
  run.alice.flush();
  run.network.run(25);
  const [tracked] = run.watch.channels;
  expect([tracked?.state, tracked?.cookie1Status]).toEqual(['established', 'valid']);
  expect(tracked?.fromResponder?.dataBytes).toBeGreaterThanOrEqual(20);
  expect(channel?.phase).toBe('unconfirmed');
});

test('attempts of both at once, some of which collide, end as the peers say', () => {
  for (let seed = 1; seed <= 30; seed++) {
    const run = played({ seed, conditions: { delay: 10 } });
    const mine = run.alice.peer.open(BOB, THERE, { capabilities: 7 }, 0);
    const theirs = run.bob.peer.open(ALICE, HERE, { capabilities: 7 }, 0);
    run.alice.flush();
    run.bob.flush();
    run.network.run(5000);
    const rows = run.watch.rows.map(({ id, by, state }) => [id, by, state]).sort();
    const ids = [mine, theirs].map((channel) => (channel?.id ?? 0).toString(16).padStart(8, '0'));
    expect(rows).toEqual(
      [
        [ids[0], 'alice', 'established'],
        [ids[1], 'bob', 'established'],
      ].sort(),
    );
  }
});

test.each(['hmac-newcaps', 'seqno', 'channeler'] as const)('%s is followed as its peers play it', (dialect) => {
  for (let seed = 1; seed <= 20; seed++) {
    const run = played({ seed, settings: { dialect }, conditions: { delay: 10, loss: seed % 2 === 0 ? 0.15 : 0 } });
    const channel = talk(run, 'tcp', seed, false);
    run.network.run(600_000);
    const tracked = onlyChannel(run);
    const where = `${dialect}, seed ${seed}`;
    const failed = run.told.some((effect) => effect.type === 'failed' && effect.channel === channel);
    const id = channel.id >>> 0;
    const done = closes(run, id, true).includes(0) && closes(run, id, false).includes(0);
    const ends = done || [...closes(run, id, true), ...closes(run, id, false)].some((reason) => reason !== 0);
    expect([where, tracked.state]).toEqual([where, failed ? 'timed-out' : ends ? 'closed' : 'established']);
    expect([where, tracked.fromInitiator?.packets ?? 0]).toEqual([where, shown(run, id, true).packets]);
    if (dialect !== 'channeler' && !failed) {
      expect([where, tracked.fromInitiator?.lost, tracked.fromInitiator?.resent]).toEqual([
        where,
        0,
        shown(run, id, true).again,
      ]);
      expect([where, tracked.caps]).toEqual([where, 7]);
    }
  }
});
