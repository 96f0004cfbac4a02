import { expect, test } from 'vitest';
import { Peers } from '../../../analyzer/track/peers.js';
import { seeded } from '../../../crafter/seeded.js';
import { toHex, viewOf } from '../../../dissectors/wire/view.js';

test('a peer is known by its id as long as a channel holds it', () => {
  const peers = new Peers(1);
  const view = viewOf(seeded(1).bytes(40));
  const peer = peers.findOrMake(view, 3);
  expect([peer.id, toHex(peer.bytes)]).toEqual(new Array(2).fill(toHex(seeded(1).bytes(40).subarray(3, 19))));
  expect(peers.findOrMake(view, 3)).not.toBe(peer);
  peers.hold(peer);
  peers.hold(peer);
  expect([peers.findOrMake(view, 3) === peer, peers.findOrMake(view, 4) === peer]).toEqual([true, false]);
  peers.release(peer);
  expect(peers.findOrMake(view, 3)).toBe(peer);
  peers.release(peer);
  expect(peers.findOrMake(view, 3)).not.toBe(peer);
});

test('strangers who do not know the seed cannot choose ids that fall together', () => {
  // Ids that differ in few bits, and only in those that a product does not spread.
  for (const [bits, shift] of [
    [4, 28],
    [2, 30],
    [4, 0],
    [1, 31],
  ] as const) {
    const hashes = new Set<number>();
    const peers = new Peers(0x1234567);
    const view = viewOf(new Uint8Array(16));
    const each = 1 << bits;
    for (let at = 0; at < each ** 4; at++) {
      for (let word = 0; word < 4; word++) {
        view.setUint32(4 * word, ((Math.floor(at / each ** word) % each) << shift) >>> 0);
      }
      hashes.add(peers.findOrMake(view, 0).hash);
    }
    expect(hashes.size).toBeGreaterThan(0.9 * each ** 4);
  }
});
