import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { FloodPackets } from '../peer/flood-packets.js';
import { type Answer, fieldOf, Puppet } from '../peer/lone.js';
import { dissect } from '../peer/pair.js';
import { listener, Program, textOf } from './peers.js';

const OURS = '11'.repeat(16);
const CHANNELS = 4;
/** 67 MB in all, as 33 million messages. */
const PACKETS = 256;
/** What the listener may take beside what it had, in bytes: its bound of 4 MiB for each channel, and what comes and goes. */
const MOST = 100e6;
/** How long answers that must come may take, in milliseconds. */
const PATIENCE = 30_000;

/** The memory of a process, in bytes. */
function residentOf(pid: number): number {
  const kib = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kib) * 1024;
}

/** A puppet with a socket of its own. */
class Attacker {
  readonly puppet = new Puppet();
  readonly #socket: Socket = createSocket('udp4');
  readonly #port: number;

  constructor(address: string) {
    this.#port = Number(address.split(':')[1]);
  }

  /** Sends a packet, and waits for an answer with such a message, for half a second unless told otherwise. */
  async ask(packet: Uint8Array, wanted: string, patience = 500): Promise<Answer | undefined> {
    const signal = AbortSignal.timeout(patience);
    let sent = false;
    for (;;) {
      const arrival = once(this.#socket, 'message', { signal }).catch(() => []);
      if (!sent) this.#socket.send(packet, this.#port, '127.0.0.1');
      sent = true;
      const [bytes]: readonly unknown[] = await arrival;
      if (!(bytes instanceof Uint8Array)) return undefined;
      const answer = dissect(bytes);
      if (answer.messages[0]?.kind?.name === wanted) return { to: '', bytes, packet: answer, names: '' };
    }
  }

  /** Opens a channel, and says so little that many packets may follow; the flood, and the number it begins with. */
  async open(c1: number): Promise<{ readonly flood: FloodPackets; readonly start: number }> {
    const acknowledged = await this.ask(this.puppet.opening(c1), 'CHANNEL_ACKNOWLEDGE', PATIENCE);
    if (!acknowledged) throw new Error('not answered');
    await this.ask(this.puppet.finalize(acknowledged, 'tcp'), 'DATA_WINDOW', PATIENCE);
    const id = Number(fieldOf(acknowledged, 'CHANNEL_ACKNOWLEDGE', 'id'));
    const cookie2 = Buffer.from(String(fieldOf(acknowledged, 'CHANNEL_ACKNOWLEDGE', 'cookie2')), 'hex');
    const start = cookie2.readUInt16BE(2);
    await this.ask(this.puppet.packet(id, start, [this.puppet.data('')]), 'DATA_PROGRESS');
    return { flood: new FloodPackets(this.puppet.packet(id, 0, []), 'empty DATA'), start: start + 1 };
  }

  close(): void {
    this.#socket.close();
  }
}

test('a flood of out-of-order packets full of messages leaves a listener its memory, and others their channels', {
  timeout: 90_000,
}, async () => {
  const { program, address } = await listener(['-k', '--peer-id', OURS], '');
  const before = residentOf(program.child.pid ?? 0);
  const attacker = new Attacker(address);
  for (let c1 = 1; c1 <= CHANNELS; c1++) {
    const { flood, start } = await attacker.open(c1);
    for (let offset = 1; offset <= PACKETS; offset++) await attacker.ask(flood.at(start + offset), 'DATA_PROGRESS');
  }
  const honest = new Program(['peer', 'connect', address, '--remote-id', OURS], 'still here');
  expect((await honest.ended()).status).toBe(0);
  expect(residentOf(program.child.pid ?? 0) - before).toBeLessThan(MOST);
  attacker.close();
  program.child.kill('SIGTERM');
  expect(textOf(await program.ended())).toBe('still here');
});
