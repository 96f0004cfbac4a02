import { expect, test } from 'vitest';
import { ACCEPT, BEGIN, COLLECT, COMMIT, LAST, LEASE } from '../../../dissectors/ceph/numbers.js';
import { CephLink, type Monitor, PORT, type Said } from '../../../fixtures/ceph.js';
import { host, type Scene } from '../../../fixtures/scene.js';
import { paxos } from '../../../fixtures/scenes/paxos.js';
import { packetsOf } from '../scene-packets.js';

const [zero, one, two] = [0, 1, 2].map((rank) => ({ rank, host: host(`monitor ${rank}`, 60 + rank, PORT) })) as [
  Monitor,
  Monitor,
  Monitor,
];

/** The rounds of what is said on the two connections of monitor 0: by whom, to or from which of the others, and what. */
function rounds(...said: readonly (readonly [by: number, other: 1 | 2, what: Said])[]) {
  const { packets, examiner } = packetsOf((scene: Scene) => {
    const links = { 1: new CephLink(scene, zero, one).open(), 2: new CephLink(scene, zero, two).open() };
    for (const [by, other, what] of said) links[other].say(by, what);
  });
  const rows = [...examiner.handshakes.table.rows.values()].filter(({ kind }) => kind === 'paxos');
  return { rows, codes: packets.flatMap(({ facts }) => facts.findings.map(({ code }) => code)) };
}

const promised: readonly (readonly [number, 1 | 2, Said])[] = [
  [0, 1, { op: COLLECT, pn: 100 }],
  [0, 2, { op: COLLECT, pn: 100 }],
  [1, 1, { op: LAST, pn: 100 }],
  [2, 2, { op: LAST, pn: 100 }],
];

test('promises of a majority make a proposal number a leader’s', () => {
  const { rows, codes } = rounds(...promised);
  expect(codes).toEqual([]);
  expect(rows.length).toBe(1);
  expect(rows[0]).toMatchObject({ state: 'answered', initiator: 'mon.0', id: 'pn 100' });
  expect(rows[0]?.reason).toBe('promised by 3 of 3 monitors: a majority');
  expect(rows[0]?.messages.map(({ name }) => name)).toEqual([
    'COLLECT (PREPARE)',
    'COLLECT (PREPARE)',
    'LAST (PROMISE)',
    'LAST (PROMISE)',
  ]);
});

test('a version is accepted by a majority, then committed, then told again by leases', () => {
  const { rows, codes } = rounds(
    ...promised,
    [0, 1, { op: BEGIN, pn: 100, values: { 1: 'x' } }],
    [0, 2, { op: BEGIN, pn: 100, values: { 1: 'x' } }],
    [1, 1, { op: ACCEPT, pn: 100 }],
    [0, 1, { op: COMMIT, pn: 100, lastCommitted: 1, values: { 1: 'x' } }],
    [0, 1, { op: LEASE, lastCommitted: 1 }],
  );
  expect(codes).toEqual([]);
  expect(rows[1]).toMatchObject({ state: 'established', id: 'pn 100 version 1', responder: 'mon.1, mon.2' });
  expect(rows[1]?.reason).toBe('committed: version 1 was accepted by 2 of 3 monitors');
  expect(rows[1]?.messages.length).toBe(5);
});

test('a peon that has promised more refuses', () => {
  const { rows, codes } = rounds([0, 1, { op: COLLECT, pn: 100 }], [1, 1, { op: LAST, pn: 201 }]);
  expect(codes).toEqual(['paxos-refused']);
  expect(rows[0]).toMatchObject({ state: 'refused', reason: 'mon.1 has promised 201, more than 100' });
});

test.each([
  ['the same value', 'old', []],
  ['another value', 'new', ['paxos-value-changed']],
])('a leader that was told of an accepted value proposes %s', (_, value, codes) => {
  const told = rounds(
    [0, 1, { op: COLLECT, pn: 300 }],
    [1, 1, { op: LAST, pn: 300, uncommitted: 100, values: { 1: 'old' } }],
    [0, 1, { op: BEGIN, pn: 300, values: { 1: value } }],
  );
  expect(told.codes).toEqual(codes);
});

test('a value that is committed without a majority, and messages about what was not seen', () => {
  const commit: Said = { op: COMMIT, pn: 100, lastCommitted: 1, values: { 1: 'x' } };
  const { codes } = rounds(...promised, [0, 1, { op: BEGIN, pn: 100, values: { 1: 'x' } }], [0, 1, commit]);
  expect(codes).toEqual(['paxos-minority']);
  expect(rounds([1, 1, { op: ACCEPT, pn: 100 }], [0, 1, commit]).codes).toEqual(['paxos-unseen', 'paxos-unseen']);
});

test('the rounds of the fixture: a leader falls silent, and the next proposes its value', () => {
  const { examiner } = packetsOf(paxos.play);
  const rows = [...examiner.handshakes.table.rows.values()].filter(({ kind }) => kind === 'paxos');
  expect(rows.map(({ initiator, id, state }) => `${initiator} ${id}: ${state}`)).toEqual([
    'mon.0 pn 100: answered',
    'mon.0 pn 100 version 1: established',
    'mon.0 pn 100 version 2: timed-out',
    'mon.1 pn 201: answered',
    'mon.1 pn 201 version 2: established',
    'mon.0 pn 200: refused',
  ]);
  expect(rows[2]?.reason).toBe('no majority: 1 of 3 monitors agreed within 10 s');
});
