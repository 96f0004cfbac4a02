import { describe, expect, test } from 'vitest';
import { SUITE, scriptOf, scriptText } from '../../../crafter/conformance/suite.js';
import type { ConformanceTest } from '../../../crafter/conformance/test.js';
import type { Settings } from '../../../crafter/peer/settings.js';
import type { Play } from '../../../crafter/script/play.js';
import { failureText, storyText, verdictLine } from '../../../crafter/script/report.js';
import { type MakeNetwork, playVirtually } from '../../../crafter/script/virtual-play.js';
import type { DialectName } from '../../../dissectors/channel/dialects.js';
import { FAULTS } from '../foreign/faults.js';
import { BentNetwork } from './bent-network.js';
import { BROKEN_IN_HANDSHAKES } from './broken-in-handshakes.js';
import { BROKEN_INITIATORS } from './broken-initiators.js';
import { BROKEN_ON_CHANNELS } from './broken-on-channels.js';
import type { BrokenPeer } from './broken-peer.js';
import { MUTANTS } from './mutants.js';

const BROKEN_RESPONDERS = [...BROKEN_IN_HANDSHAKES, ...BROKEN_ON_CHANNELS];

const SEED = 7;

const named = (name: string): ConformanceTest => {
  const found = SUITE.find((one) => one.name === name);
  if (!found) throw new Error(`no test is called ${name}`);
  return found;
};

function playOf(of: ConformanceTest, dialect: DialectName, settings: Partial<Settings> = {}, bent?: BrokenPeer): Play {
  const peer = { ...settings, ...(of.needs?.includes('refusal') && { accept: () => false }) };
  const script = scriptOf(of, dialect, {
    peer,
    echo: of.needs?.includes('echo') === true,
    ...(of.of === 'responder' && { local: 'random' as const }),
  });
  const bend = bent?.bend(script.dialect, script.remoteSecret ?? new Uint8Array(0));
  const network: MakeNetwork | undefined = bend && ((making) => new BentNetwork(making, bend));
  return playVirtually(script, SEED, network);
}

/** The dialects in which a test is to find out a peer. */
const dialectsOf = (of: ConformanceTest, { dialects }: BrokenPeer): readonly DialectName[] =>
  of.dialects.filter((dialect) => dialects?.includes(dialect) ?? true);

/** What a play looked like, for a test that fails. */
const told = (play: Play): string => `${verdictLine(play)}\n${failureText(play)}${storyText(play)}`;

const DIALECTS: readonly DialectName[] = ['hmac', 'hmac-newcaps', 'seqno', 'channeler'];

describe.each(DIALECTS)('the built-in peer in %s', (dialect) => {
  test.each(SUITE.filter(({ dialects }) => dialects.includes(dialect)).map((one) => [one.name, one] as const))(
    'passes %s',
    (_, one) => {
      const play = playOf(one, dialect);
      expect(play.outcome, told(play)).toEqual({ verdict: 'pass' });
    },
  );
});

describe.each([
  ['responder', BROKEN_RESPONDERS],
  ['initiator', BROKEN_INITIATORS],
] as const)('a %s that', (_, peers) => {
  const cases = peers.flatMap((peer) => peer.fails.map((name) => [peer.what, name, peer] as const));
  test.each(cases)('%s is found out by %s', (_what, name, peer) => {
    const of = named(name);
    for (const dialect of dialectsOf(of, peer)) {
      const play = playOf(of, dialect, peer.settings, peer);
      expect(play.outcome.verdict, told(play)).toBe('fail');
    }
  });
});

/** A test that both roles share is one test: what notices a fault in the one role would notice it in the other. */
const sharedName = (name: string): string => name.replace(/-by-initiator$/, '');

test('every test finds out a broken peer: one behind a bent network in every dialect, a mutant, or one of somebody else', () => {
  const broken = [...BROKEN_RESPONDERS, ...BROKEN_INITIATORS];
  const found = new Set(
    broken.flatMap((peer) =>
      peer.fails.flatMap((name) => dialectsOf(named(name), peer).map((dialect) => `${name} in ${dialect}`)),
    ),
  );
  const noticing = [...MUTANTS.flatMap(({ noticedBy }) => noticedBy), ...Object.values(FAULTS).flat()];
  const noticed = new Set(noticing.map(sharedName));
  const asked = SUITE.filter(({ name }) => !noticed.has(sharedName(name))).flatMap(({ name, dialects }) =>
    dialects.map((dialect) => `${name} in ${dialect}`),
  );
  expect(asked.filter((one) => !found.has(one.replace('-by-initiator in', ' in')) && !found.has(one))).toEqual([]);
});

test('names are unique, and every script says what it asks and where that is written', () => {
  const names = SUITE.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  for (const one of SUITE) {
    expect(scriptText(one, one.dialects[0] ?? 'hmac')).toContain(`# Protocol page, section ${one.section}.`);
  }
});
