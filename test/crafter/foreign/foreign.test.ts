import { describe, expect, test } from 'vitest';
import { PACE, SUITE, scriptOf } from '../../../crafter/conformance/suite.js';
import type { ConformanceTest } from '../../../crafter/conformance/test.js';
import type { Play } from '../../../crafter/script/play.js';
import { failureText, storyText, verdictLine } from '../../../crafter/script/report.js';
import { playVirtually } from '../../../crafter/script/virtual-play.js';
import { bitsOf } from '../../../dissectors/channel/capabilities.js';
import { FAULTS, type Fault } from './faults.js';
import { ForeignNetwork } from './foreign-network.js';
import { ALWAYS_C1 } from './peer.js';
import { DIALECTS, type DialectName } from './wire.js';

const SEED = 7;
/** What an initiator with much to say has: more than any test takes from it. */
const MUCH = Array.from({ length: 40 }, () => Buffer.alloc(1000, 'a'));
const LITTLE = [Buffer.from('hello')];

function played(of: ConformanceTest, dialect: DialectName, faults: readonly Fault[] = []): Play {
  const { needs = [], mode = 'tcp' } = of;
  const overrides = { echo: needs.includes('echo'), ...(of.of === 'responder' && { local: 'random' as const }) };
  const script = scriptOf(of, dialect, overrides, { pace: { ...PACE, earlierC1: ALWAYS_C1 }, echoes: false });
  const subject = {
    script,
    faults,
    caps: bitsOf(mode),
    input: needs.includes('much data') ? MUCH : LITTLE,
    refuses: needs.includes('refusal'),
  };
  return playVirtually(script, SEED, (making) => new ForeignNetwork(making, subject));
}

const told = (play: Play): string => `${verdictLine(play)}\n${failureText(play)}${storyText(play)}`;

describe.each(Object.values(DIALECTS).map(({ name }) => name))('a peer of somebody else in %s', (dialect) => {
  const tests = SUITE.filter(({ dialects }) => dialects.includes(dialect));
  test.each(tests.map((one) => [one.name, one] as const))('passes %s', (_, one) => {
    const play = played(one, dialect);
    expect(play.outcome, told(play)).toEqual({ verdict: 'pass' });
  });
});

describe('a peer of somebody else that', () => {
  const cases = Object.entries(FAULTS) as [Fault, readonly string[]][];
  test.each(cases)('%s is noticed', (fault, names) => {
    expect(names.length).toBeGreaterThan(0);
    for (const one of SUITE.filter(({ name }) => names.includes(name))) {
      for (const dialect of one.dialects.filter((name) => name !== 'channeler' || one.dialects.length === 1)) {
        const play = played(one, dialect, [fault]);
        expect(play.outcome.verdict, `${dialect}: ${told(play)}`).toBe('fail');
      }
    }
  });
});
