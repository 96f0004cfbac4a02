import { describe, expect, test } from 'vitest';
import { probeOf, Traits } from '../../../crafter/commands/check-traits.js';
import { SUITE, scriptOf } from '../../../crafter/conformance/suite.js';
import { playVirtually } from '../../../crafter/script/virtual-play.js';
import type { DialectName } from '../../../dissectors/channel/dialects.js';

const DIALECTS: readonly DialectName[] = ['hmac', 'hmac-newcaps', 'seqno', 'channeler'];

test.each(DIALECTS)('a responder of %s is known to send back what it receives, or not to', (dialect) => {
  const passes = (echo: boolean): boolean => playVirtually(probeOf(dialect, { echo }), 3).outcome.verdict === 'pass';
  expect([passes(true), passes(false)]).toEqual([true, false]);
});

describe('an initiator', () => {
  const learned = (name: string, echo: boolean): Traits => {
    const one = SUITE.find((known) => known.name === name);
    if (!one) throw new Error(`no test is called ${name}`);
    const traits = new Traits();
    traits.learn(playVirtually(scriptOf(one, 'hmac', { echo }), 3));
    return traits;
  };

  test('shows its mode, whether it has much to send, and whether it sends back what it receives', () => {
    expect({ ...learned('opens', false) }).toMatchObject({ mode: 'tcp', hasMuch: false, echoes: false });
    expect({ ...learned('first-window-sctp-by-initiator', false) }).toMatchObject({ mode: 'sctp', hasMuch: true });
    expect(learned('data-acknowledged-by-initiator', true).echoes).toBe(true);
    expect(learned('data-acknowledged-by-initiator', false).echoes).toBe(false);
    expect(learned('unreported-x-by-initiator', true).mode).toBe('x');
  });
});
