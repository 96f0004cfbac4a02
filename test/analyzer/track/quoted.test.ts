import { expect, test } from 'vitest';
import { ethernet } from '../../../crafter/link-part.js';
import * as network from '../../../crafter/network-part.js';
import { build, joined, type Part, raw } from '../../../crafter/part.js';
import { udp } from '../../../crafter/transport-part.js';
import { BOTH, establish, Kit, Watch } from './watch.js';

const ETHERNET = 1;
const kit = new Kit();
const HERE = { src: 0xc0000201, dst: 0xc0000202, ttl: 64 };

/** A frame with an ICMP "port unreachable" that quotes a channel packet, or as much of it as there is. */
function unreachable(quoted: Uint8Array, kept = quoted.length): Uint8Array {
  const inner = build(network.ipv4(HERE, udp({ srcport: 4242, dstport: 4242 }, raw(quoted))));
  const head = raw(Uint8Array.of(3, 3, 0, 0, 0, 0, 0, 0));
  const icmp: Part = { ...joined([head, raw(inner.subarray(0, 28 + kept))]), protocol: 1 };
  return build(
    ethernet(
      { src: new Uint8Array(6), dst: new Uint8Array(6) },
      network.ipv4({ ...HERE, src: HERE.dst, dst: HERE.src }, icmp),
    ),
  );
}

const see = (watch: Watch, ms: number, frame: Uint8Array): string => watch.see(ms, frame, frame.length, ETHERNET);

test('an error is tied to the handshake packet that it answers, and changes nothing', () => {
  const watch = new Watch(BOTH);
  watch.see(0, kit.new());
  watch.see(200, kit.new());
  const before = watch.rows;
  expect(see(watch, 201, unreachable(kit.new()))).toBe('1a2b new ! icmp-answer 1 2 = valid');
  expect(watch.rows).toEqual(before);
  watch.see(220, kit.acknowledge());
  expect(see(watch, 221, unreachable(kit.acknowledge()))).toBe('1a2b3c4d acknowledged ! icmp-answer 1 4 = valid valid');
  watch.see(222, kit.finalize());
  expect(see(watch, 223, unreachable(kit.finalize()))).toBe('1a2b3c4d established ! icmp-answer 1 6 = valid');
  expect(see(watch, 224, unreachable(kit.new()))).toBe('1a2b3c4d established ! icmp-answer 1 2 = valid');
});

test('an error is tied to the packet of a channel that it answers', () => {
  const watch = new Watch(BOTH);
  establish(watch, kit);
  watch.see(50, kit.data('initiator', 0));
  expect(see(watch, 51, unreachable(kit.data('initiator', 0)))).toBe('1a2b3c4d established ! icmp-answer 1 5');
  expect(see(watch, 52, unreachable(kit.window('responder')))).toBe('1a2b3c4d established ! icmp-answer 1 4');
});

test('an error that quotes only the start of a packet is tied to it by its ids', () => {
  const watch = new Watch(BOTH);
  watch.see(0, kit.new());
  // 48 bytes of headers, the type and the half.
  expect(see(watch, 1, unreachable(kit.new(), 51))).toBe('1a2b new ! icmp-answer 1 1');
  expect(see(watch, 2, unreachable(kit.new(), 30))).toBe('-');
});

test('an error about a channel that is not known says what its cookies are, and no more', () => {
  const watch = new Watch(BOTH);
  expect(see(watch, 0, unreachable(kit.new()))).toBe('- = valid');
  expect(see(watch, 1, unreachable(kit.early('initiator', 0)))).toBe('- = valid');
  expect(watch.rows).toEqual([]);
});
