import { expect, test } from 'vitest';
import type { Channel } from '../../../crafter/peer/channel.js';
import { seeded } from '../../../crafter/seeded.js';
import { MODES, modeOf } from '../../../dissectors/channel/capabilities.js';
import { ALICE, ALICE_AT, BOB, BOB_AT, pair, type Side } from './pair.js';

const SEEDS = Math.ceil(Number(process.env.HANDSHARK_SEEDS ?? 150) / 12);

/** Says a few things on a channel and closes it. */
function talk(side: Side, channel: Channel, words: readonly string[], end: number): void {
  for (const word of words) side.send(channel, word);
  side.network.at(end, () => side.close(channel));
}

test(`two peers that open many channels to each other at once keep them apart, in ${SEEDS} networks`, {
  timeout: 120_000,
}, () => {
  for (let seed = 1; seed <= SEEDS; seed++) {
    const { integer, chance } = seeded(seed);
    const conditions = { loss: 0.1, delay: integer(50), jitter: integer(50), duplicate: 0.05, reorder: 0.1 };
    const { network, alice, bob } = pair({ seed, conditions, isWatched: false });
    const opened: { readonly side: Side; readonly channel: Channel; readonly words: readonly string[] }[] = [];
    for (let count = 0; count < 40; count++) {
      const [side, to, at] = chance(0.5) ? ([alice, BOB, BOB_AT] as const) : ([bob, ALICE, ALICE_AT] as const);
      const words = Array.from({ length: 1 + integer(5) }, (_, word) => `${count}.${word} `);
      network.at(integer(100), () => {
        const channel = side.open(to, at, modeOf(integer(MODES.length)), { early: chance(0.5) });
        opened.push({ side, channel, words });
        talk(side, channel, words, 500 + integer(2000));
      });
    }
    expect(network.run(3_600_000)).toBe(true);
    for (const { side, channel, words } of opened) {
      const other = side === alice ? bob : alice;
      const theirs = other.established.find(({ id, role }) => id === channel.id && role === 'responder');
      const read = other.messagesOf(theirs).join('').split(' ').filter(Boolean);
      // Only words of this channel, and all of them where the mode promises that and the channel ended well.
      expect(read.every((word) => words.includes(`${word} `))).toBe(true);
      const isComplete = (channel.capabilities & 1) !== 0 && other.endOf(theirs) === 0;
      if (isComplete) expect([...read].sort()).toEqual(words.map((word) => word.trim()).sort());
    }
    for (const { peer } of [alice, bob])
      expect(peer.sizes).toMatchObject({ channels: 0, timers: 0, pending: 0, early: 0 });
    expect(opened).toHaveLength(40);
  }
});
