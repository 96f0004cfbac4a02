import { expect, test } from 'vitest';
import { ASKER, measure } from '../../../crafter/models/contest.js';
import type { Model } from '../../../crafter/models/model.js';
import { paxos, paxosColliding } from '../../../crafter/models/paxos.js';
import { sctp } from '../../../crafter/models/sctp.js';
import { tcp, tcpCookies } from '../../../crafter/models/tcp.js';
import { tls, tlsCookie } from '../../../crafter/models/tls.js';
import { compare } from '../../../crafter/simulation/comparison.js';

const FLOOD = 8000;

test.each<readonly [name: string, Model, messages: number, packets: number, trips: number, entries: number]>([
  // SYN, SYN-ACK, ACK, data.
  ['tcp', tcp, 4, 4, 1, 1024],
  ['tcpCookies', tcpCookies, 4, 4, 1, 0],
  // INIT, INIT ACK, COOKIE ECHO with data.
  ['sctp', sctp, 4, 3, 1, 0],
  // ClientHello, a flight of five, Finished with data.
  ['tls', tls, 8, 3, 1, 1024],
  // Before it ClientHello and HelloRetryRequest.
  ['tlsCookie', tlsCookie, 10, 5, 2, 0],
  // PREPARE, PROMISE, PROPOSE, ACCEPT, data.
  ['paxos', paxos, 5, 5, 2, 1024],
])('%s: messages, packets, round trips and state', (_name, model, messages, packets, roundTrips, entries) => {
  for (const seed of [1, 2]) {
    const measures = measure(model, FLOOD, seed);
    expect(measures).toMatchObject({ messages, packets, roundTrips, entries, isReached: entries === 0 });
  }
});

test('proposals of both parties at once collide, and they agree all the same', () => {
  for (let seed = 1; seed <= 50; seed++) {
    const { messages, roundTrips } = measure(paxosColliding(ASKER), 0, seed);
    expect(messages).toBeGreaterThan(5);
    expect(roundTrips).toBeGreaterThan(0);
    expect(roundTrips).toBeLessThan(20);
  }
});

test('only what answers with little is no amplifier', () => {
  const factors = Object.fromEntries(compare(1).map(({ name, amplification }) => [name, amplification]));
  expect(factors.sctp).toBeGreaterThan(4);
  for (const name of ['hmac', 'hmac, early data', 'seqno', 'hmac-newcaps'])
    expect(factors[name]).toBeLessThanOrEqual(1);
});

test('the channels of the comparison: early data saves what the cookie costs', () => {
  const rows = compare(2).filter(({ name }) => /seqno|hmac/.test(name));
  expect(
    rows.map(({ name, packets, roundTrips, entries, isReached }) => [name, packets, roundTrips, entries, isReached]),
  ).toEqual([
    ['seqno', 5, 2, 1024, false],
    ['hmac-newcaps', 5, 2, 1024, false],
    ['hmac', 5, 2, 0, true],
    ['hmac, early data', 3, 1, 0, true],
  ]);
});
