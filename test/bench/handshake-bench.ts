import { randomBytes } from 'node:crypto';
import { Peer } from '../../crafter/peer/peer.js';
import { bitsOf } from '../../dissectors/channel/capabilities.js';
import { median } from './measure.js';

/** Handshakes of one round: as many channels as two peers can comfortably have. */
const COUNT = 30_000;
const [ALICE_AT, BOB_AT] = ['10.0.0.1:4242', '10.0.0.2:4242'];
const BUNDLE = 20;

const newPeer = (fill: number): Peer => new Peer({ id: new Uint8Array(16).fill(fill), random: randomBytes, now: 0 });

/** Takes all that a peer wants sent to the other one; returns how many channels it says are confirmed. */
function carry(from: Peer, to: Peer, at: string, now: number): number {
  let confirmed = 0;
  for (const effect of from.drain()) {
    if (effect.type === 'send') to.receive(effect.bytes, at, now);
    else if (effect.type === 'confirmed') confirmed += 1;
  }
  return confirmed;
}

/** Opens `COUNT` channels, `bundle` at a time, each with its whole handshake; returns handshakes a second. */
function round(bundle: number): number {
  const [alice, bob] = [newPeer(0xa1), newPeer(0xb0)];
  const opening = { capabilities: bitsOf('tcp') };
  let confirmed = 0;
  const start = performance.now();
  for (let opened = 0; opened < COUNT; opened += bundle) {
    const now = opened / 100;
    for (let one = 0; one < bundle; one++) alice.open(bob.id, BOB_AT, opening, now);
    // NEW, ACKNOWLEDGE, FINALIZE, and the DATA_WINDOW that confirms it.
    carry(alice, bob, ALICE_AT, now);
    carry(bob, alice, BOB_AT, now);
    carry(alice, bob, ALICE_AT, now);
    carry(bob, alice, BOB_AT, now);
    confirmed += carry(alice, bob, ALICE_AT, now);
  }
  const seconds = (performance.now() - start) / 1000;
  if (confirmed !== COUNT || bob.sizes.channels !== COUNT) throw new Error(`${confirmed} handshakes of ${COUNT}`);
  return COUNT / seconds;
}

/** Prints how many whole handshakes two peers in one process make in a second, with real cookies and checksums. */
export function handshakeBench(rounds: number): void {
  console.log(`\n== handshakes between two peers in one process, ${COUNT} a round, ${rounds} rounds`);
  for (const [name, bundle] of [
    ['a packet each', 1],
    [`${BUNDLE} to a packet`, BUNDLE],
  ] as const) {
    // The first round is for the compiler.
    const rates = Array.from({ length: rounds + 1 }, () => round(bundle)).slice(1);
    console.log(`  ${name.padEnd(16)}${median(rates).toFixed(0).padStart(9)} handshakes/s`);
  }
}
