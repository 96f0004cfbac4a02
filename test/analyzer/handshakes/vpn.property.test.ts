import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HANDSHAKE_STATES } from '../../../analyzer/handshakes/handshake.js';
import { readAll } from '../../dissectors/file/read-all.js';
import { HandshakeWatch } from './watch.js';

const NAMES = ['wireguard', 'ikev2', 'pppoe-discovery', 'openvpn', 'openvpn-protected', 'openvpn-tcp'];

/** What happens to the packets of a capture: their order, bytes that are replaced, and where each ends. */
const damage = fc.record({
  order: fc.array(fc.nat(), { minLength: 30, maxLength: 60 }),
  bytes: fc.array(fc.record({ packet: fc.nat(), at: fc.nat(200), value: fc.nat(255) }), { maxLength: 40 }),
  cuts: fc.array(fc.record({ packet: fc.nat(), size: fc.nat(200) }), { maxLength: 5 }),
});

test.each(NAMES)('no damage to the packets of %s makes its tracker throw, or forget what states there are', (name) => {
  const packets = readAll(readFileSync(`fixtures/${name}.pcap`)).rows.map(({ bytes }) => Buffer.from(bytes, 'hex'));
  const path = `fixtures/${name}.secrets`;
  const secrets = existsSync(path) ? readFileSync(path, 'utf8') : '';
  fc.assert(
    fc.property(damage, ({ order, bytes, cuts }) => {
      const sent = order.map((place) => Uint8Array.from(packets[place % packets.length] ?? []));
      for (const { packet, at, value } of bytes) {
        const one = sent[packet % sent.length];
        if (one && at < one.length) one[at] = value;
      }
      for (const { packet, size } of cuts) {
        const place = packet % sent.length;
        sent[place] = sent[place]?.slice(0, size) ?? new Uint8Array(0);
      }
      const watch = new HandshakeWatch(secrets);
      for (const [place, one] of sent.entries()) watch.frame(place * 1000, one);
      for (const { state, reason, number } of watch.rows) {
        expect(HANDSHAKE_STATES).toContain(state);
        expect(reason.length, `row ${number}`).toBeGreaterThan(0);
      }
    }),
    { numRuns: 60 },
  );
});
