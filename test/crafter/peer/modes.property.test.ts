import { describe, expect, test } from 'vitest';
import type { Conditions } from '../../../crafter/link/conditions.js';
import type { Channel } from '../../../crafter/peer/channel.js';
import { seeded } from '../../../crafter/seeded.js';
import { bitsOf, MODES, type Mode, RESEND } from '../../../dissectors/channel/capabilities.js';
import type { DialectName } from '../../../dissectors/channel/dialects.js';
import type { Message } from '../../../dissectors/channel/dissect.js';
import { distance } from '../../../dissectors/channel/sequence.js';
import { toHex } from '../../../dissectors/wire/view.js';
import { ALICE_AT, BOB, BOB_AT, type Pair, pair, type Seen, type Side } from './pair.js';

/** How many networks each mode is tried in. */
const SEEDS = Number(process.env.HANDSHARK_SEEDS ?? 150);
const GAP_TIMEOUT = 200;

/** A numbered packet of one direction: its DATA, and when it arrived whole, which may be never or often. */
interface Numbered {
  readonly number: number;
  readonly data: readonly string[];
  readonly arrivals: number[];
  isGivenUp: boolean;
  isClose: boolean;
}

/** One direction of the channel of a run: what the wire saw, and what the application read. */
interface Direction {
  readonly sent: readonly Numbered[];
  readonly read: readonly string[];
  /** How it ended for the reader, and when. */
  readonly hasEnded: boolean;
  readonly endedAt: number;
  readonly end: ReturnType<Side['endOf']>;
  readonly given: readonly string[];
  readonly lost: number;
}

function conditionsOf(seed: number): Partial<Conditions> {
  const { integer, chance } = seeded(seed);
  const upTo = (most: number): number => integer(1000 * most) / 1000;
  if (seed % 5 === 0) return { delay: integer(60) };
  return {
    loss: chance(0.7) ? upTo(0.3) : 0,
    duplicate: chance(0.4) ? upTo(0.2) : 0,
    corrupt: chance(0.2) ? upTo(0.1) : 0,
    delay: integer(80),
    jitter: chance(0.5) ? integer(60) : 0,
    reorder: chance(0.4) ? upTo(0.3) : 0,
    reorderDelay: integer(300),
    ...(chance(0.2) && { rate: 1 + integer(100), queue: 20_000 }),
  };
}

/** Plays one channel between two peers in one network, from the first packet to the last timer. */
function play(mode: Mode, seed: number): { run: Pair; toBob: Direction; toAlice: Direction } {
  const { integer, chance, bytes } = seeded(seed ^ 0x5eed);
  // A small window makes losses where nothing holds the sender back; that is tested by itself.
  const window = chance(0.5) && (bitsOf(mode) & RESEND) !== 0 ? 16 : 256;
  const dialect: DialectName = seed % 7 === 3 ? 'seqno' : seed % 7 === 6 ? 'hmac-newcaps' : 'hmac';
  const settings = { packetSize: 150 + integer(400), window, dialect };
  const greeting = chance(0.2) ? bytes(8) : undefined;
  const bobs = { ...settings, greet: () => greeting, halfOpen: chance(0.2) };
  const run = pair({ seed, conditions: conditionsOf(seed), alice: settings, bob: bobs });
  const { network, alice, bob } = run;
  // Every fifth network has no faults at all.
  if (seed % 5 !== 0 && chance(0.15)) network.partition(ALICE_AT, BOB_AT, integer(3000), 3000 + integer(20_000));
  const isSlow = chance(0.3);
  const given = new Map<Side, string[]>([
    [alice, []],
    [bob, greeting ? [toHex(greeting)] : []],
  ]);
  const talk = (side: Side, channel: Channel): void => {
    const count = integer(chance(0.2) ? 120 : 25);
    let at = network.now;
    for (let message = 0; message < count; message++) {
      const content = bytes(8 + integer(settings.packetSize - 150));
      at += chance(0.5) ? 0 : integer(60);
      network.at(at, () => {
        if (side.send(channel, content) > 0) given.get(side)?.push(toHex(content));
      });
    }
    if (chance(0.85)) network.at(at + integer(400), () => side.close(channel));
  };
  if (isSlow) {
    const readSlowly = (side: Side) => (channel: Channel) => {
      const step = (): void => {
        if (side.readOne(channel)) network.at(network.now + 5, step);
        side.host.flush();
      };
      network.at(network.now + 5, step);
    };
    alice.onReadable = readSlowly(alice);
    bob.onReadable = readSlowly(bob);
  }
  bob.onEffect = (effect) => {
    if (effect.type === 'established') talk(bob, effect.channel);
  };
  const channel = alice.open(BOB, BOB_AT, mode, { early: chance(0.3), padTo: chance(0.5) ? 1200 : 0 });
  talk(alice, channel);
  expect(network.run(3_600_000)).toBe(true);

  const direction = (from: Side, to: Side): Direction => {
    const own = to === alice ? channel : bob.established[0];
    const told = to.told.find(({ effect }) => effect.type === 'closed' && effect.channel === own);
    return {
      sent: numbered(run.seen, from.host.place, channel.id),
      read: own ? (to.read.get(own) ?? []).map(toHex) : [],
      hasEnded: to.told.some(({ effect }) => effect.type === 'ended' && effect.channel === own),
      endedAt: told?.at ?? Number.POSITIVE_INFINITY,
      end: to.endOf(own),
      given: given.get(from) ?? [],
      lost: own?.receiver.counts.lost ?? 0,
    };
  };
  return { run, toBob: direction(alice, bob), toAlice: direction(bob, alice) };
}

/** The numbered packets that one side sent on a channel, in order, as the wire saw them. */
function numbered(seen: readonly Seen[], from: string, id: number): readonly Numbered[] {
  const packets = new Map<number, Numbered>();
  for (const { packet, fate, time, from: place } of seen) {
    if (place !== from || packet.id !== id || packet.checksumStatus !== 'good') continue;
    const names = packet.messages.map(({ kind }) => kind?.name);
    if (!names.some((name) => name === 'DATA' || name === 'CHANNEL_CLOSE' || name === 'CHANNEL_COOKIE')) continue;
    const number = packet.sequence ?? 0;
    const data = packet.messages.flatMap(({ kind, body, end }) => {
      if (kind?.name !== 'DATA') return [];
      const length = Number(kind.body.fields.length?.read(packet.view, body));
      return length > 0
        ? [toHex(new Uint8Array(packet.view.buffer, packet.view.byteOffset + end - length, length))]
        : [];
    });
    const isClose = names.includes('CHANNEL_CLOSE');
    const known = packets.get(number) ?? { number, data, arrivals: [], isGivenUp: false, isClose };
    packets.set(number, known);
    if (known.data.length > 0 && data.length === 0) known.isGivenUp = true;
    if (fate === 'arrived') known.arrivals.push(time);
  }
  return [...packets.values()];
}

/** Whether the pieces are a part of the packets' DATA, in order; gives the packets that are not in it. */
function missingFrom(sent: readonly Numbered[], read: readonly string[]): readonly Numbered[] | undefined {
  let at = 0;
  const missing: Numbered[] = [];
  for (const packet of sent) {
    if (packet.data.length === 0) continue;
    if (packet.data.every((piece, place) => read[at + place] === piece)) at += packet.data.length;
    else missing.push(packet);
  }
  return at === read.length ? missing : undefined;
}

const sorted = (pieces: readonly string[]): readonly string[] => [...pieces].sort();
const allOf = (sent: readonly Numbered[]): readonly string[] => sent.flatMap(({ data }) => data);

/** When the gap that a missing packet is in was opened: with the first packet beyond it. */
const openedAt = (sent: readonly Numbered[], missing: Numbered): number =>
  Math.min(
    ...sent.filter(({ number }) => distance(missing.number, number) > 0).map(({ arrivals }) => Math.min(...arrivals)),
  );

/** Whether a loss that closes the channel had come to light when it was closed. */
function hadOpenGap({ sent, endedAt }: Direction): boolean {
  return sent.some((packet) => {
    const deadline = openedAt(sent, packet) + GAP_TIMEOUT;
    return deadline <= endedAt && Math.min(...packet.arrivals) >= deadline;
  });
}

/** Whether a CLOSE 0 was sent that no DATA_PROGRESS past it answered before its repeats were over. */
function hadUnansweredClose(seen: readonly Seen[]): boolean {
  return seen.some(({ packet, fate, from, time }) => {
    const [only] = packet.messages.slice(-1);
    if (fate !== 'sent' || only?.kind?.name !== 'CHANNEL_CLOSE' || valueIn(packet, only, 'reason') !== 0) return false;
    const past = ((packet.sequence ?? 0) + 1) & 0xffff;
    const answers = seen.filter((other) => other.fate === 'arrived' && other.from !== from && other.time >= time);
    return !answers.some(({ packet: answer, time: at }) =>
      answer.messages.some(
        (message) =>
          message.kind?.name === 'DATA_PROGRESS' && valueIn(answer, message, 'next') === past && at < time + REPEATED,
      ),
    );
  });
}

/** How long a CLOSE is repeated; in milliseconds. */
const REPEATED = 12_600;

const valueIn = (packet: Seen['packet'], { kind, body }: Message, key: string): number =>
  Number(kind?.body.fields[key]?.read(packet.view, body));

const checks: Record<Mode, (direction: Direction) => void> = {
  udp: ({ sent, read }) => {
    const counts = new Map<string, number>();
    for (const { data, arrivals } of sent) for (const piece of data) counts.set(piece, arrivals.length);
    for (const piece of read) counts.set(piece, (counts.get(piece) ?? 0) - 1);
    expect([...counts.values()].every((left) => left >= 0)).toBe(true);
  },
  x: (direction) => {
    const { sent, read, hasEnded } = direction;
    expect(new Set(read).size).toBe(read.length);
    expect(read.every((piece) => allOf(sent).includes(piece))).toBe(true);
    if (hasEnded) expect(sorted(read)).toEqual(sorted(allOf(sent)));
  },
  'streaming-1': ({ sent, read, hasEnded, lost }) => {
    const missing = missingFrom(sent, read);
    expect(missing).toBeDefined();
    if (!hasEnded || !missing) return;
    expect(missing.length).toBe(lost);
    for (const packet of missing)
      expect(Math.min(...packet.arrivals)).toBeGreaterThanOrEqual(openedAt(sent, packet) + GAP_TIMEOUT);
  },
  y: ({ sent, read, hasEnded }) => {
    expect(allOf(sent).slice(0, read.length)).toEqual(read);
    if (hasEnded) expect(read).toEqual(allOf(sent));
  },
  z: ({ sent, read, hasEnded }) => {
    expect(new Set(read).size).toBe(read.length);
    const all = allOf(sent);
    expect(read.every((piece) => all.includes(piece))).toBe(true);
    if (!hasEnded) return;
    const missing = sent.filter(({ data }) => data.some((piece) => !read.includes(piece)));
    expect(missing.every(({ isGivenUp }) => isGivenUp)).toBe(true);
  },
  sctp: ({ sent, read, hasEnded, given }) => {
    expect(new Set(read).size).toBe(read.length);
    expect(read.every((piece) => allOf(sent).includes(piece))).toBe(true);
    if (hasEnded) expect(sorted(read)).toEqual(sorted(given));
  },
  'streaming-2': ({ sent, read, hasEnded }) => {
    const missing = missingFrom(sent, read);
    expect(missing).toBeDefined();
    if (hasEnded) expect(missing?.every(({ isGivenUp }) => isGivenUp)).toBe(true);
  },
  tcp: ({ read, hasEnded, given }) => {
    expect(given.join('').startsWith(read.join(''))).toBe(true);
    if (hasEnded) expect(read.join('')).toBe(given.join(''));
  },
};

/** What must have happened in so many networks for their promises to mean something. */
const SPICE: Record<Mode, (seen: readonly Direction[]) => boolean> = {
  udp: (seen) => seen.some(({ read }) => new Set(read).size < read.length),
  x: (seen) => seen.some(({ end }) => end === 1),
  y: (seen) => seen.some(({ end }) => end === 1),
  'streaming-1': (seen) => seen.some(({ hasEnded, lost }) => hasEnded && lost > 0),
  z: (seen) => seen.some(({ hasEnded, sent }) => hasEnded && sent.some(({ isGivenUp }) => isGivenUp)),
  'streaming-2': (seen) => seen.some(({ hasEnded, sent }) => hasEnded && sent.some(({ isGivenUp }) => isGivenUp)),
  sctp: (seen) => seen.some(({ end }) => end === 1),
  tcp: (seen) => seen.some(({ end }) => end === 1),
};
const ENOUGH = 250;

describe.each(MODES)('%s keeps its promise, no more and no less', (mode) => {
  test(`in ${SEEDS} networks`, { timeout: 60_000 + 100 * SEEDS }, () => {
    const seen: Direction[] = [];
    for (let seed = 1; seed <= SEEDS; seed++) {
      try {
        seen.push(...check(mode, seed));
      } catch (error) {
        throw new Error(`${mode}, seed ${seed}: ${error instanceof Error ? error.message : error}`, { cause: error });
      }
    }
    expect(seen.filter(({ end }) => end === 0).length).toBeGreaterThan(seen.length / 4);
    if (SEEDS >= ENOUGH) expect(SPICE[mode](seen)).toBe(true);
  });
});

function check(mode: Mode, seed: number): readonly Direction[] {
  const { run, toBob, toAlice } = play(mode, seed);
  const { alice, bob, seen, network } = run;
  for (const direction of [toBob, toAlice]) {
    checks[mode](direction);
    const closesOnLoss = mode === 'x' || mode === 'y' || mode === 'sctp' || mode === 'tcp';
    if (!closesOnLoss && direction.end === 1) expect(hadUnansweredClose(seen)).toBe(true);
    // In a network without faults everything arrives, whatever the mode.
    if (seed % 5 === 0 && direction.hasEnded) expect(sorted(direction.read)).toEqual(sorted(allOf(direction.sent)));
  }
  const lossy = mode === 'x' || mode === 'y';
  if (lossy && (toBob.end === 1 || toAlice.end === 1)) {
    expect(hadOpenGap(toBob) || hadOpenGap(toAlice) || hadUnansweredClose(seen)).toBe(true);
  }
  for (const { channels, timers } of [alice.peer.sizes, bob.peer.sizes]) expect([channels, timers]).toEqual([0, 0]);
  expect(network.waiting).toBe(0);
  const odd = seen.filter(({ fate, packet }) => fate === 'sent' && packet.findings.length > 0);
  expect(odd.flatMap(({ packet }) => packet.findings.map(({ code }) => code))).toEqual([]);
  return [toBob, toAlice];
}
