import { randomBytes } from 'node:crypto';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Peer } from '../../crafter/peer/peer.js';
import { PacketWriter } from '../../crafter/peer/write.js';
import { bitsOf } from '../../dissectors/channel/capabilities.js';
import { dialectNamed } from '../../dissectors/channel/dialects.js';
import { DEFAULT_CHANNEL, RESERVED_HALF } from '../../dissectors/channel/packet.js';

const FLOOD = 1_000_000;
/** What the answer to one CHANNEL_NEW asks its packet to be padded to: 52 and 37 bytes. */
const LEAST = 89;
const [ALICE_AT, BOB_AT] = ['10.0.0.1:4242', '10.0.0.2:4242'];

/** A CHANNEL_NEW of a peer that does not exist, for a cookie that nobody made. */
function forged(place: number, responder: Uint8Array): Uint8Array {
  const sender = randomBytes(16);
  const writer = new PacketWriter(dialectNamed('hmac'), sender, LEAST);
  writer.start(responder, DEFAULT_CHANNEL, 0);
  writer.add('CHANNEL_NEW', { c1: place % RESERVED_HALF, cookie1: sender });
  return writer.finish(LEAST).slice();
}

/** Bytes of the heap and of buffers that are in use. */
function used(collect: () => void): number {
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** Sends packets of one peer to another until none is left. */
function talk(alice: Peer, bob: Peer, now: number): void {
  for (let isBusy = true; isBusy; ) {
    isBusy = false;
    for (const [from, to, at] of [
      [alice, bob, ALICE_AT],
      [bob, alice, BOB_AT],
    ] as const) {
      for (const effect of from.drain()) {
        if (effect.type !== 'send') continue;
        to.receive(effect.bytes, at, now);
        isBusy = true;
      }
    }
  }
}

const told = (sizes: Peer['sizes']): string =>
  Object.entries(sizes)
    .map(([name, size]) => `${name} ${size}`)
    .join(', ');

/** Prints what a million forged CHANNEL_NEW leave behind at a responder, and whether a handshake among them succeeds. */
export function floodBench(): void {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  const newPeer = (fill: number) => new Peer({ id: new Uint8Array(16).fill(fill), random: randomBytes, now: 0 });
  const [alice, bob] = [newPeer(0xa1), newPeer(0xb0)];
  console.log(`\n== ${FLOOD} forged CHANNEL_NEW, each from another peer and address, and one handshake among them`);
  const before = { memory: used(collect), sizes: told(bob.sizes) };
  let [answered, seconds] = [0, 0];
  for (let place = 0; place < FLOOD; place++) {
    const packet = forged(place, bob.id);
    const from = `10.${place >>> 16}.${(place >>> 8) & 0xff}.${place & 0xff}:4242`;
    const now = place / 1000;
    const start = performance.now();
    bob.receive(packet, from, now);
    const effects = bob.drain();
    seconds += (performance.now() - start) / 1000;
    for (const { type } of effects) if (type === 'send') answered += 1;
    if (place !== FLOOD / 2) continue;
    alice.open(bob.id, BOB_AT, { capabilities: bitsOf('tcp') }, now);
    talk(alice, bob, now);
  }
  const grown = used(collect) - before.memory;
  console.log(
    `  ${answered} answered, ${(FLOOD / seconds).toFixed(0)} a second; memory grew by ${(grown / 1024).toFixed(0)} KiB`,
  );
  console.log(`  responder before: ${before.sizes}`);
  console.log(`  responder after:  ${told(bob.sizes)}; handshake ${bob.sizes.channels === 1 ? 'succeeded' : 'FAILED'}`);
}
