/** The third job of the program, from start to finish: craft a variation of a packet and send it. */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { constants } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { readPacket } from '../../../analyzer/commands/read-packet.js';
import { parseCraft } from '../../../crafter/commands/craft-arguments.js';
import { baseOf } from '../../../crafter/commands/craft-base.js';
import { craftPacket } from '../../../crafter/commands/craft-packet.js';
import { build } from '../../../crafter/part.js';
import { toHex } from '../../../dissectors/wire/view.js';
import type { PtySession } from './pty.js';
import { RealProgram } from './real-program.js';

const ENTER = '\r';
const CLEAR = '\x15';
const TAB = '\t';

const program = new RealProgram();
let socket: Socket | undefined;
afterEach(() => {
  socket?.close();
  socket = undefined;
  program.end();
});
afterAll(() => program.remove());

/** A port of this machine, and what came to it, in hex. */
async function listener(): Promise<{ readonly port: number; readonly came: string[] }> {
  const came: string[] = [];
  socket = createSocket('udp4').on('message', (message) => came.push(toHex(message)));
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return { port: socket.address().port, came };
}

/** Opens a capture and goes to its packets. */
async function packetsOf(columns: number, rows: number, ...given: readonly string[]): Promise<PtySession> {
  const opened = await program.open(columns, rows, ...given);
  opened.send('2');
  await opened.untilShown('Packet 1');
  return opened;
}

/** Gives keys, and waits for what they bring. */
async function press(shown: PtySession, keys: string, expected: string): Promise<void> {
  shown.send(keys);
  await shown.untilShown(expected);
}

describe('a variation of a packet', () => {
  test('is made of a captured one, sent and saved, at 80 by 24', async () => {
    const { port, came } = await listener();
    const shown = await packetsOf(80, 24, 'fixtures/handshake-hmac.pcap');
    await press(shown, 'e', 'Edit packet 1');
    expect(shown.rows().slice(2, 6)).toEqual([
      `▸─ Edit packet 1 ${'─'.repeat(63)}`,
      'Channel packet: dialect hmac',
      '  = Protocol id              99838caa',
      '    Sender                   2bd806c97f0e00af1a1fc3328fa763a9',
    ]);
    // To the message, to its first field, and another value for it.
    await press(shown, '}j', 'CHANNEL_NEW');
    await press(shown, ENTER, "Initiator's half: 1a2b");
    await press(shown, `${CLEAR}beef!${ENTER}`, '"beef!" is not hex digits');
    // However long what was typed is, what is wrong with it is told.
    await press(shown, `${CLEAR}${'beef'.repeat(100)}!${ENTER}`, 'beef!" is not hex digits');
    await press(shown, `${CLEAR}beef${ENTER}`, "* Initiator's half         beef");
    await shown.untilShown('hmac: NEW beef');
    await press(shown, 'f', 'Fault:');
    await press(shown, `reserved-f${TAB}${ENTER}`, 'reserved flag bits 0xfffc set');

    await press(shown, 's', 'Send to (HOST:PORT or interface):');
    await press(shown, `127.0.0.1:${port}${ENTER}`, 'sent 1 packet of 89 bytes to');
    await press(shown, 'S', 'sent 1 packet of 89 bytes to');
    const packet = await readPacket('fixtures/handshake-hmac.pcap', 1);
    const words = ['--c1', 'beef', '--fault', 'reserved-flags'];
    const crafted = craftPacket(parseCraft(words), packet && baseOf(packet, ''));
    const expected = toHex(build(crafted.packet));
    await expect.poll(() => came, { timeout: 50_000 }).toEqual([expected, expected]);

    const path = join(program.home, 'variation.pcapng');
    await press(shown, 'w', 'Save to');
    await press(shown, `${path}${ENTER}`, 'the packet is saved to');
    expect(await readPacket(path, 1)).toEqual({ bytes: build(crafted.frame), linkType: 1 });
    await press(shown, '6', 'sent 1 packet of 89 bytes to');
    shown.send('q');
    await shown.untilExit();
    expect(shown.exit?.exitCode).toBe(0);
    // Where it went is offered again the next time.
    expect(await readFile(join(program.home, 'handshark', 'state.json'), 'utf8')).toContain(
      `"target":["127.0.0.1:${port}"]`,
    );
  });

  test('is made of nothing, byte by byte, at 120 by 40 and through a resize', async () => {
    const { port, came } = await listener();
    const shown = await packetsOf(120, 40, 'fixtures/mixed-traffic.pcap');
    await press(shown, `:craft data${ENTER}`, 'Edit new DATA');
    await press(shown, 'b', '54 bytes');
    shown.resize(160, 50);
    await press(shown, `G${ENTER}${CLEAR}00ff"${ENTER}`, 'is neither hex digits');
    await press(shown, `${CLEAR}00ff${ENTER}`, 'changed');
    await press(shown, `s127.0.0.1:${port}${ENTER}`, 'sent 1 packet of');
    const whole = toHex(build(craftPacket(parseCraft(['data'])).packet));
    await expect.poll(() => came, { timeout: 50_000 }).toEqual([`${whole.slice(0, -2)}00ff`]);
  });
});

test('a script is played, its ladder grows, and what it recorded is opened', async () => {
  const shown = await packetsOf(80, 24, 'fixtures/handshake-hmac.pcap');
  const path = join(program.home, 'talk.hs');
  await writeFile(path, 'dialect hmac\n0.0 > new(c1=0x1a2b) -> c1\n* < ack(id=c1...)\n');
  await press(shown, `:run ${path}${ENTER}`, 'PASS');
  await shown.untilShown('NEW 1a2b ─');
  await shown.untilShown('ACKNOWLEDGE 1a2b');
  await press(shown, 'o', 'run-1.pcapng is open: Ctrl-W goes back to handshake-hmac.pcap');
  await press(shown, '2', 'run-1.pcapng over handshake-hmac.pcap  packet 1 of 2');
  // Times are written in a way that goes for the capture below as well.
  await press(shown, 't', 'times:');
  await press(shown, '\x17', 'back in handshake-hmac.pcap');
  shown.send('q');
  await shown.untilExit();
  expect(shown.exit?.exitCode).toBe(0);
});

test('what was sent before Esc is told, and stands in the log', async () => {
  const { port, came } = await listener();
  const shown = await packetsOf(80, 24, 'fixtures/handshake-hmac.pcap');
  await press(shown, 'e', 'Edit packet 1');
  await press(shown, `s127.0.0.1:${port} 1000000${ENTER}`, '(Esc ends it)');
  await expect.poll(() => came.length, { timeout: 50_000 }).toBeGreaterThan(0);
  await press(shown, '\x1b', `of 89 bytes each to 127.0.0.1:${port}`);
  const [row = ''] = shown.rows().filter((one) => one.startsWith(' ended: sent '));
  expect(Number(/sent (\d+) packets/.exec(row)?.[1])).toBeGreaterThan(0);
  await press(shown, '6', row.trim().slice(0, 40));
});

test('a script that Esc ends leaves its ladder with lines, and what it recorded', async () => {
  const { port } = await listener();
  const shown = await packetsOf(80, 24, 'fixtures/handshake-hmac.pcap');
  const path = join(program.home, 'long.hs');
  await writeFile(path, `target udp 127.0.0.1:${port}\n0.0 > new(c1=0x1a2b)\n+100 > new(c1=0x1a2c)\n`);
  await press(shown, `:run ${path}${ENTER}`, 'NEW 1a2b ─');
  await press(shown, '\x1b', '▶│ line 2');
  await shown.untilShown(`ended: playing ${path}`, 3);
  const kept = join(program.home, 'long.pcapng');
  await press(shown, `w${kept}${ENTER}`, 'saved to');
  expect((await readPacket(kept, 1))?.bytes.length).toBeGreaterThan(0);
});

test.each(['SIGTERM', 'SIGHUP'] as const)('what a script recorded is not left lying after %s', async (signal) => {
  const recordings = async () => (await readdir(program.home)).filter((name) => name.startsWith('handshark-'));
  const before = await recordings();
  const shown = await packetsOf(80, 24, 'fixtures/handshake-hmac.pcap');
  const path = join(program.home, 'one.hs');
  await writeFile(path, 'dialect hmac\n0.0 > new(c1=0x1a2b)\n');
  await press(shown, `:run ${path}${ENTER}`, 'PASS');
  expect(await recordings()).toHaveLength(before.length + 1);
  process.kill(shown.pid, signal);
  await shown.untilExit();
  expect(shown.exit?.signal).toBe(constants.signals[signal]);
  expect(await recordings()).toEqual(before);
});
