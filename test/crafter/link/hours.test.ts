import { expect, test } from 'vitest';
import { Host } from '../../../crafter/link/host.js';
import { Network, type Sighting } from '../../../crafter/link/network.js';
import type { Channel } from '../../../crafter/peer/channel.js';
import { Peer } from '../../../crafter/peer/peer.js';
import { seeded } from '../../../crafter/seeded.js';
import { MODES } from '../../../dissectors/channel/capabilities.js';
import { pcapFileHeader, pcapRecord } from '../../../dissectors/file/pcap-writer.js';

const HOUR = 3_600_000;
/** The link type of bare packets. */
const USER0 = 147;

test('hours of traffic between many peers pass in seconds, and leave nothing behind', { timeout: 60_000 }, () => {
  const conditions = {
    loss: 0.05,
    delay: 20,
    jitter: 15,
    duplicate: 0.02,
    corrupt: 0.01,
    reorder: 0.05,
    reorderDelay: 40,
  };
  const network = new Network({ seed: 4, conditions });
  const { integer } = seeded(4);
  const ended = { done: 0, other: 0 };
  const hosts = Array.from({ length: 5 }, (_, place) => {
    const id = new Uint8Array(16).fill(place + 1);
    const peer = new Peer({ id, random: (size) => seeded(integer(1e9)).bytes(size), now: 0 });
    const host: Host = new Host(network, `10.0.0.${place + 1}:1`, peer, (effect, now) => {
      if (effect.type === 'readable') while (peer.read(effect.channel, now));
      if (effect.type === 'closed') ended[effect.reason === 0 ? 'done' : 'other'] += 1;
    });
    return host;
  });
  for (let at = 0; at < 3 * HOUR; at += 20_000) {
    network.at(at, (now) => talk(hosts, integer, network, now));
  }
  expect(network.run(4 * HOUR)).toBe(true);
  for (const { peer } of hosts) expect(peer.sizes).toMatchObject({ channels: 0, timers: 0 });
  expect(ended.done).toBeGreaterThan(700);
});

/** One peer opens a channel to another, in any mode, and says something. */
function talk(hosts: readonly Host[], integer: (below: number) => number, network: Network, now: number): void {
  const from = hosts[integer(hosts.length)];
  const to = hosts[integer(hosts.length)];
  if (!from || !to || from === to) return;
  const channel = from.peer.open(
    to.peer.id,
    to.place,
    { capabilities: integer(MODES.length), early: integer(2) === 1 },
    now,
  );
  if (!channel) throw new Error('no room');
  say(from, channel, network, integer(20));
  from.flush();
}

function say(host: Host, channel: Channel, network: Network, times: number): void {
  if (times > 0) {
    host.peer.send(channel, new Uint8Array(200), network.now);
    network.at(network.now + 50, () => say(host, channel, network, times - 1));
  } else {
    host.peer.close(channel, network.now);
  }
  host.flush();
}

test('a run can be written as a capture', () => {
  const sightings: Sighting[] = [];
  const network = new Network({ seed: 1, conditions: { delay: 10 }, observer: (one) => sightings.push(one) });
  const [alice, bob] = [1, 2].map((place) => {
    const id = new Uint8Array(16).fill(place);
    return new Host(network, `10.0.0.${place}:1`, new Peer({ id, random: seeded(place).bytes, now: 0 }));
  });
  if (!alice || !bob) throw new Error('no hosts');
  alice.peer.open(bob.peer.id, bob.place, { capabilities: 7 }, 0);
  alice.flush();
  network.run(100);
  const records = sightings
    .filter(({ fate }) => fate === 'sent')
    .map(({ time, bytes }) =>
      pcapRecord({ seconds: Math.floor(time / 1000), nanos: (time % 1000) * 1e6, bytes, wire: bytes.length }),
    );
  const file = Buffer.concat([pcapFileHeader({ linkType: USER0 }), ...records]);
  // The file's header, and for each of the four packets a record's header and its bytes.
  expect(file.length).toBe(24 + 4 * 16 + 89 + 89 + 75 + 55);
  expect(file.subarray(0, 4).toString('hex')).toBe('d4c3b2a1');
});
