import { describe, expect, test } from 'vitest';
import { isOwnHost, isOwnInterface, isOwnNamespace, type ProcessFacts } from '../../../crafter/io/own-network.js';

describe('a namespace of one’s own', () => {
  /** Processes by their numbers: parent, and network namespace, which may be hidden. */
  const facts = (processes: Record<number, readonly [parent: number, namespace?: string]>): ProcessFacts => ({
    parentOf: (pid) => processes[pid]?.[0],
    namespaceOf: (pid) => processes[pid]?.[1],
  });

  test.each([
    ['that of the first process', facts({ 9: [8, 'a'], 8: [1, 'a'], 1: [0, 'a'] }), false],
    ['another than that of the first process', facts({ 9: [8, 'b'], 8: [1, 'b'], 1: [0, 'a'] }), true],
    [
      'another than a parent’s, the first process hidden',
      facts({ 9: [8, 'b'], 8: [7, 'b'], 7: [1, 'a'], 1: [0] }),
      true,
    ],
    ['a parent hidden, too', facts({ 9: [8, 'b'], 8: [7], 7: [1, 'a'], 1: [0] }), true],
    ['all others hidden', facts({ 9: [8, 'b'], 8: [1], 1: [0] }), false],
    ['started from outside a container', facts({ 9: [0, 'b'], 1: [0, 'b'] }), false],
    ['nothing known', facts({}), false],
    ['parents in a circle', facts({ 9: [8, 'a'], 8: [9, 'a'] }), false],
  ])('%s', (_, known, isOwn) => {
    expect(isOwnNamespace(known, 9)).toBe(isOwn);
  });
});

test.each([
  ['127.0.0.1', true],
  ['127.255.0.9', true],
  ['::1', true],
  ['::ffff:127.0.0.1', true],
  ['192.0.2.1', false],
  ['2001:db8::1', false],
  ['128.0.0.1', false],
])('%s is of this machine: %s', (host, isOwn) => {
  expect(isOwnHost(host)).toBe(isOwn || isOwnNamespace());
});

test('the loopback is of this machine, an interface that is not there is not', () => {
  expect([isOwnInterface('lo'), isOwnInterface('nosuch0')]).toEqual([true, isOwnNamespace()]);
});
