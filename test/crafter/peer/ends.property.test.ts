import { describe, expect, test } from 'vitest';
import type { Channel } from '../../../crafter/peer/channel.js';
import { Stay } from '../../../crafter/peer/stay.js';
import { seeded } from '../../../crafter/seeded.js';
import { bitsOf, MODES, type Mode, ORDERED, RESEND } from '../../../dissectors/channel/capabilities.js';
import { BOB, BOB_AT, pair, type Side, text } from './pair.js';

/** Pairs of programs in each mode. */
const PAIRS = Number(process.env.HANDSHARK_SEEDS ?? 150);
/** How long a CLOSE is repeated, a gap stays open, and a program waits after its last packet, in milliseconds. */
const [REPEATS, GAP, QUIET] = [12_600, 200, 2000];

/** One program of a pair: it says its messages, ends when the other does or when it is done, and goes. */
interface Program {
  readonly side: Side;
  readonly said: string[];
  channel: Channel | undefined;
  reason: number | undefined;
  /** When its own direction was closed, when the other CLOSE took effect, when the channel ended, and when it went. */
  closedAt: number;
  endedAt: number;
  overAt: number;
  wentAt: number;
}

/** Plays a pair as `peer listen` and `peer connect` do, until both have gone. */
function play(mode: Mode, seed: number): readonly [connector: Program, listener: Program] {
  const { integer, chance } = seeded(seed);
  // A packet holds 17 lines where they are a stream, so that a lost one cuts none in two.
  const settings = { packetSize: 191, halfOpen: true, keepAlive: 20_000 };
  const conditions = { loss: 0.2, delay: integer(40) };
  const { network, alice, bob } = pair({ seed, conditions, alice: settings, bob: settings, isWatched: false });
  const most = chance(0.3) ? 60 : 6;
  const programs = [alice, bob].map((side): Program => {
    const stay = new Stay(side.peer);
    const program: Program = {
      ...{ side, said: [], channel: undefined, reason: undefined },
      ...{ closedAt: 0, endedAt: 0, overAt: Number.POSITIVE_INFINITY, wentAt: Number.POSITIVE_INFINITY },
    };
    const go = (now: number): void => {
      const until = stay.until(now);
      if (until > now) return network.at(until, go);
      program.wentAt = now;
      network.attach(side.host.place, () => {});
    };
    network.attach(side.host.place, (bytes, from, now) => {
      stay.arrived(now);
      side.peer.receive(bytes, from, now);
      side.host.flush();
    });
    side.onEffect = (effect, now) => {
      if (effect.type === 'ended') program.endedAt = now;
      if (effect.type === 'ended' && side === bob) close(program, now);
      if (effect.type !== 'closed' && effect.type !== 'failed') return;
      program.overAt = now;
      program.reason = effect.type === 'closed' ? effect.reason : -1;
      network.at(now, go);
    };
    return program;
  });
  const [connector, listener] = programs;
  if (!connector || !listener) throw new Error('no programs');
  const close = (program: Program, now: number): void => {
    program.closedAt = now;
    if (program.channel) program.side.close(program.channel);
  };
  const talk = (program: Program, channel: Channel, count: number): void => {
    program.channel = channel;
    for (let message = 0; message < count; message++) {
      const line = `${message}`.padStart(8, '0');
      if (program.side.send(channel, line) > 0) program.said.push(line);
    }
  };
  const answers = chance(0.4) ? 1 + integer(most) : 0;
  const established = bob.onEffect;
  bob.onEffect = (effect, now) => {
    if (effect.type === 'established') talk(listener, effect.channel, answers);
    established(effect, now);
  };
  const early = chance(0.3) && (bitsOf(mode) & ORDERED) === 0;
  talk(connector, alice.open(BOB, BOB_AT, mode, { early }), 1 + integer(most));
  close(connector, 0);
  network.run(1e6);
  return [connector, listener];
}

/** What a program read of the other's lines. */
const readBy = ({ side, channel }: Program): readonly string[] => {
  const pieces = (channel ? side.read.get(channel) : undefined) ?? [];
  return channel?.isOrdered ? (pieces.map(text).join('').match(/.{8}/g) ?? []) : pieces.map(text);
};

/** Whether what was read of what was said is as much as a mode promises to whoever ends with 0. */
function isKept(mode: Mode, from: Program, to: Program): boolean {
  const { said, channel } = from;
  const read = readBy(to);
  const isPart = read.every((line) => said.includes(line));
  const isOnce = new Set(read).size === read.length;
  const isInOrder = read.every((line, at) => at === 0 || line > (read[at - 1] ?? ''));
  const isWhole = new Set(read).size === said.length;
  const givenUp = channel?.traffic.givenUp ?? 0;
  if (mode === 'udp') return isPart;
  if (mode === 'streaming-1') return isPart && isOnce && isInOrder;
  if (mode === 'z') return isPart && isOnce && (isWhole || givenUp > 0);
  if (mode === 'streaming-2') return isPart && isOnce && isInOrder && (isWhole || givenUp > 0);
  return isPart && isOnce && isWhole && (isInOrder || mode === 'x' || mode === 'sctp');
}

/** When a program must have ended its channel, from what it did and heard last. */
const deadlineOf = ({ closedAt, endedAt, channel }: Program, mode: Mode): number => {
  // A handshake takes as long as a CLOSE, twice; and what is sent again is given up before that time is over.
  const handshake = 2 * REPEATS;
  const transfer = (bitsOf(mode) & RESEND) !== 0 ? REPEATS : 0;
  const heard = Math.max(closedAt, endedAt, channel?.arrivedAt ?? 0);
  return heard + handshake + transfer + REPEATS + GAP;
};

describe.each(MODES)('%s', (mode) => {
  test(`${PAIRS} pairs of programs at 20 % loss end in time, alike, and with 0 only if the mode's promise is kept`, {
    timeout: 60_000 + 200 * PAIRS,
  }, () => {
    const ends: string[] = [];
    for (let seed = 1; seed <= PAIRS; seed++) {
      const [connector, listener] = play(mode, seed);
      const told = `${mode}, seed ${seed}: ${connector.reason} at ${connector.overAt}, ${listener.reason} at ${listener.overAt}`;
      for (const program of [connector, listener]) {
        // A listener that nobody reached is still there, and one whose confirmations were all lost idles.
        if (program === listener && connector.reason === -1) continue;
        expect(program.overAt, told).toBeLessThanOrEqual(deadlineOf(program, mode));
        expect(program.wentAt - program.overAt, told).toBeLessThanOrEqual(REPEATS + QUIET + 1000);
        expect(program.reason, told).not.toBe(2);
      }
      if (connector.reason === 0) expect(isKept(mode, connector, listener), told).toBe(true);
      if (listener.reason === 0) expect(isKept(mode, listener, connector), told).toBe(true);
      const isAlike = connector.reason === listener.reason || connector.reason === -1;
      // Who was given no answer cannot know: all it has said may be lost, and is a loss.
      const unheard = [connector, listener].filter(({ reason }) => reason === 1);
      if (!isAlike)
        expect(
          unheard.map(({ channel }) => channel?.traffic.givenUp),
          told,
        ).toEqual([expect.any(Number)]);
      if (!isAlike) expect(unheard[0]?.channel?.traffic.givenUp, told).toBeGreaterThan(0);
      ends.push(isAlike ? (connector.reason === 0 ? 'done' : 'not done') : 'other');
    }
    expect(ends.filter((end) => end === 'other').length).toBeLessThanOrEqual(0.03 * PAIRS);
    expect(ends.filter((end) => end === 'done').length).toBeGreaterThan(PAIRS / 3);
  });
});
