import { sha1 } from '@noble/hashes/legacy.js';
import { expect, test } from 'vitest';
import { declared } from '../../../../crafter/declared-part.js';
import { ipv4 } from '../../../../crafter/network-part.js';
import { nothing, type Part } from '../../../../crafter/part.js';
import type { Value } from '../../../../dissectors/wire/field.js';
import { inShort, messagesOf, rowsOf } from '../rows-of.js';
import { codesOf, HandshakeWatch } from '../watch.js';

const [INITIATOR, RESPONDER] = [new Uint8Array(16).fill(1), new Uint8Array(16).fill(2)];
const [I1, R1, I2, R2] = [1, 2, 3, 4];
const RAW_IPV4 = 228;

function packet(packet_type: number, given: Readonly<Record<string, Value>> = {}): Part {
  const isInitiator = packet_type === I1 || packet_type === I2;
  const [hit_sndr, hit_rcvr] = isInitiator ? [INITIATOR, RESPONDER] : [RESPONDER, INITIATOR];
  const [src, dst] = isInitiator ? [0x0a000001, 0x0a000002] : [0x0a000002, 0x0a000001];
  return ipv4({ src, dst }, declared('hip', { packet_type, hit_sndr, hit_rcvr, ...given }, nothing));
}
const see = (watch: HandshakeWatch, ms: number, part: Part) => watch.packet(ms, part, RAW_IPV4);

/** The first number that solves a puzzle of the first version: SHA-1, and 8 bytes each. */
function solve(random: Uint8Array, difficulty: number): Uint8Array {
  for (let number = 0; ; number++) {
    const j = new Uint8Array(8);
    new DataView(j.buffer).setUint32(4, number);
    const hash = sha1(Uint8Array.of(...random, ...INITIATOR, ...RESPONDER, ...j));
    if (((hash[19] ?? 1) & ((1 << difficulty) - 1)) === 0) return j;
  }
}
const RANDOM = new Uint8Array(8).fill(7);
const puzzle = (tlv_puzzle_lifetime: number) => ({
  tlv_puzzle_k: 4,
  tlv_puzzle_lifetime,
  tlv_puzzle_opaque: 9,
  'tlv.puzzle_random_i': RANDOM,
});
const solution = (given: Readonly<Record<string, Value>> = {}) => ({
  tlv_solution_k: 4,
  tlv_solution_opaque: 9,
  'tlv.solution_random_i': RANDOM,
  tlv_solution_j: solve(RANDOM, 4),
  ...given,
});

test('exchanges of the fixture: used, solved wrong, a puzzle of another, too late, over UDP', async () => {
  const rows = await rowsOf('fixtures/hip.pcap', 'hip');
  expect(rows.map(inShort)).toEqual([
    'established | 1 | echo-ok | valid | data went both ways',
    'timed-out | 1 | echo-ok | invalid | the solution does not solve the puzzle: the responder drops it',
    'refused | 1 | echo-bad | invalid | the responder refused: BLOCKED_BY_POLICY',
    'echoed | 1 | stale | valid | the puzzle had run out; no R2 so far',
    'challenged | 1 | - | - | the responder set a puzzle of 6 bits; no I2 so far',
  ]);
  expect(messagesOf(rows[0] ?? expect.fail())).toEqual([
    '1 → I1',
    '2 ← R1 (a puzzle of 6 bits)',
    '3 → I2 (puzzle solved)',
    '4 ← R2',
    '5 → ESP',
    '6 ← ESP',
  ]);
});

test.each([
  ['what was asked, solved', {}, 'echo-ok', 'valid', []],
  [
    'another number',
    { 'tlv.solution_random_i': new Uint8Array(8) },
    'echo-bad',
    'invalid',
    ['hip-solution-wrong', 'hip-puzzle-other'],
  ],
  ['another opaque', { tlv_solution_opaque: 8 }, 'echo-bad', 'valid', ['hip-puzzle-other']],
  ['an easier puzzle', { tlv_solution_k: 3 }, 'echo-bad', 'valid', ['hip-puzzle-other']],
  [
    'a hash of no suite',
    { tlv_solution_j: new Uint8Array(9), 'tlv.solution_random_i': new Uint8Array(9) },
    'echo-bad',
    'unknown',
    ['hip-puzzle-other'],
  ],
])('judges puzzles of the first version as well: %s', (_, given, cookie, proof, codes) => {
  const watch = new HandshakeWatch();
  see(watch, 0, packet(I1, { version: 1 }));
  see(watch, 5, packet(R1, { version: 1, ...puzzle(37) }));
  const facts = see(watch, 9, packet(I2, { version: 1, ...solution(given) }));
  expect(codesOf(facts)).toEqual(codes);
  expect(watch.rows).toMatchObject([
    { state: 'echoed', cookieStatus: cookie, proofStatus: proof, stateless: 'likely' },
  ]);
});

test('a puzzle is good for two to the power of its lifetime less 32, in seconds', () => {
  for (const [ms, codes] of [
    [1900, []],
    [2100, ['hip-puzzle-stale']],
  ] as const) {
    const watch = new HandshakeWatch();
    see(watch, 0, packet(R1, puzzle(33)));
    expect(codesOf(see(watch, ms, packet(I2, solution())))).toEqual(codes);
  }
});

test('a solution without its puzzle says nothing of the echo; the answer ends the exchange', () => {
  const watch = new HandshakeWatch();
  see(watch, 0, packet(I2, solution()));
  expect(watch.rows).toMatchObject([{ state: 'echoed', cookieStatus: 'unknown', proofStatus: 'valid' }]);
  see(watch, 5, packet(R2));
  expect(watch.rows).toMatchObject([{ state: 'answered' }]);
});
