import { spawnSync } from 'node:child_process';
import { channelPacket, data, leastSize, message } from '../../crafter/channel-part.js';
import { ethernet } from '../../crafter/link-part.js';
import { ipv4 } from '../../crafter/network-part.js';
import { builder, type Part } from '../../crafter/part.js';
import { udp } from '../../crafter/transport-part.js';
import { dialectNamed } from '../../dissectors/channel/dialects.js';
import { toHex } from '../../dissectors/wire/view.js';
import { median } from './measure.js';

const dialect = dialectNamed('hmac');
const [ALICE, BOB] = [new Uint8Array(16).fill(0xa1), new Uint8Array(16).fill(0xb0)];
const COOKIE = Uint8Array.from({ length: 16 }, (_, at) => at);
const FRAME = { src: Uint8Array.of(2, 0, 0, 0, 0, 1), dst: Uint8Array.of(2, 0, 0, 0, 0, 2) };
const [SRC, DST] = [0xc0000201, 0xc0000202];
const PORTS = { srcport: 4242, dstport: 4243 };

const build = builder();

/** A whole frame, with a number that makes it another one than those before. */
const frame = (number: number, packet: Part): Uint8Array =>
  build(ethernet(FRAME, ipv4({ src: SRC, dst: DST, id: number }, udp(PORTS, packet))));

const newPacket = (number: number): Uint8Array => {
  const news = [message(dialect, 'CHANNEL_NEW', { c1: number, cookie1: COOKIE })];
  return frame(
    number,
    channelPacket(dialect, { sender: ALICE, recipient: BOB }, news, { paddedTo: leastSize(dialect, 1) }),
  );
};

const dataPacket = (size: number) => {
  const content = new Uint8Array(size).fill(0x64);
  return (number: number): Uint8Array =>
    frame(
      number,
      channelPacket(dialect, { sender: ALICE, recipient: BOB, id: 0x1234abcd, sequence: number }, [
        data(dialect, content),
      ]),
    );
};

/** What is built, by the names that the script for Scapy has for it. */
const KINDS: Readonly<Record<string, (number: number) => Uint8Array>> = {
  new: newPacket,
  'data-100': dataPacket(100),
  'data-1000': dataPacket(1000),
};

const COUNT = 200_000;

/** Packets a second. */
function round(make: (number: number) => Uint8Array): number {
  let bytes = 0;
  const start = performance.now();
  for (let number = 0; number < COUNT; number++) bytes += make(number & 0xffff).length;
  const seconds = (performance.now() - start) / 1000;
  if (bytes !== COUNT * make(0).length) throw new Error(`${bytes} bytes`);
  return COUNT / seconds;
}

const SCRIPT = 'test/bench/scapy-craft.py';

/** What Scapy says of its packets; nothing where it is not installed. */
function scapy(): readonly (readonly string[])[] {
  const hasScapy = (python: string) => spawnSync(python, ['-c', 'import scapy'], { stdio: 'ignore' }).status === 0;
  const python = ['python3', '/usr/bin/python3'].find(hasScapy);
  if (python === undefined) return [];
  const { stdout, status, stderr } = spawnSync(python, [SCRIPT, '0.5'], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return stdout
    .trim()
    .split('\n')
    .map((line) => line.split(' '));
}

/** Prints how many packets a second are built, from Ethernet to the message, by us and by Scapy. */
export function craftBench(rounds: number): void {
  console.log(`\n== packets built, from Ethernet to the message, ${COUNT} a round, ${rounds} rounds`);
  const theirs = scapy();
  for (const [name, make] of Object.entries(KINDS)) {
    // The first round is for the compiler.
    const ours = median(Array.from({ length: rounds + 1 }, () => round(make)).slice(1));
    console.log(`  ${name.padEnd(10)}${ours.toFixed(0).padStart(9)} packets/s`);
    for (const [, way = '', rate = '', bytes] of theirs.filter(([theirName]) => theirName === name)) {
      const isSame = bytes === toHex(make(7)) ? 'same bytes' : 'OTHER BYTES';
      const title = `scapy, ${way === 'whole' ? 'every layer' : 'around ready bytes'}`;
      console.log(
        `    ${title.padEnd(28)}${Number(rate).toFixed(0).padStart(7)} packets/s   ours/this ${(ours / Number(rate)).toFixed(0)}   ${isSame}`,
      );
    }
  }
  if (theirs.length === 0) console.log('  (scapy is not installed)');
}
