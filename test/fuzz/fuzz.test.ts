import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { packetTree } from '../../analyzer/print/tree.js';
import { finding } from '../../dissectors/wire/finding.js';
import { fixtureCorpus } from './corpus.js';
import { checkFile } from './files.js';
import type { Conversation } from './frames.js';
import { framesOf } from './frames.js';
import { KINDS } from './kinds.js';
import { minimised } from './minimise.js';
import { brokenBy, caseOf } from './packets.js';
import { checkPlaces, play } from './play.js';

/** Cases of each kind: a second or two; `npm run fuzz` tries as many as one likes. */
const CASES: Readonly<Record<string, number>> = {
  packets: 60,
  files: 30,
  peers: 40,
  filters: 800,
  secrets: 800,
  scripts: 300,
};

const HOSTILE = 'fixtures/hostile';
const KEPT = existsSync(HOSTILE) ? readdirSync(HOSTILE).filter((name) => /\.pcap(ng)?$/.test(name)) : [];

test.each(KINDS.map(({ name, run }) => [name, run] as const))(
  '%s that were changed by chance break no rule',
  async (name, run) => {
    const corpus = await fixtureCorpus();
    const failures: string[] = [];
    for (let seed = 1; seed <= (CASES[name] ?? 100); seed++) {
      const { found } = await run(corpus, seed);
      if (found) failures.push(`seed ${seed}, from ${found.from}: ${found.message}`);
    }
    expect(failures).toEqual([]);
  },
  120_000,
);

test.each(KEPT)('%s, which broke a rule once, breaks none', async (name) => {
  const path = `${HOSTILE}/${name}`;
  expect(brokenBy(await framesOf(path), [])?.message).toBeUndefined();
  expect((await checkFile(readFileSync(path)))?.message).toBeUndefined();
});

test('a seed makes the same case each time, and another makes another', async () => {
  const corpus = await fixtureCorpus();
  expect(caseOf(corpus, 5)).toEqual(caseOf(corpus, 5));
  expect(caseOf(corpus, 5)).not.toEqual(caseOf(corpus, 6));
});

test('a case is made as short as what breaks it', () => {
  const frame = (text: string) => ({ bytes: Buffer.from(text), wire: 99, linkType: 1, seconds: 0, nanos: 0 });
  const frames: Conversation = [...'abcdefgh'].map((letter) => frame(`${letter}${'.'.repeat(40)}`));
  const has = (some: Conversation, letter: string) => some.some(({ bytes }) => Buffer.from(bytes).includes(letter));
  const least = minimised(frames, (some) => has(some, 'c') && has(some, 'f'));
  expect(least.map(({ bytes }) => Buffer.from(bytes).toString())).toEqual(['c', 'f']);
});

test('what breaks a rule is found', async () => {
  const frames = await framesOf('fixtures/handshake-hmac.pcap', 1);
  play(frames, [], (packet) => {
    const lying = { ...packet, facts: { ...packet.facts, findings: [finding('new-repeated', 75, 62)] } };
    expect(() => checkPlaces(packet, packetTree(packet))).not.toThrow();
    expect(() => checkPlaces(lying, [])).toThrow('places lie in the packet: packet 1: finding new-repeated: [75, 62)');
  });
});
