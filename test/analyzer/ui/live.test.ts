/** The second job of the program: watch traffic while it comes. */

import { createSocket } from 'node:dgram';
import { appendFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { openCapture } from '../../../analyzer/capture/capture.js';
import { enhancedPacket, interfaceDescription, sectionHeader } from '../../../dissectors/file/pcapng-writer.js';
import { has } from '../capture/files.js';
import type { PtySession } from './pty.js';
import { RealProgram } from './real-program.js';

const program = new RealProgram();
afterEach(() => program.end());
afterAll(() => program.remove());

/** The line of the status. */
const statusOf = (shown: PtySession): string => shown.rows().at(-1) ?? '';
/** The rows of the packet list that are on the screen, by their numbers. */
const numbersOf = (shown: PtySession): readonly number[] =>
  shown.rows().flatMap((row) => {
    const [, number] = /^. +(\d+) +\d+\.\d+…? /.exec(row) ?? [];
    return number === undefined ? [] : [Number(number)];
  });

/** Ethernet, IPv4 and UDP from port 1 to port 2, without data. */
const FRAME = Buffer.from(
  ['020000000001020000000002', '0800', '4500001c0000000040110000', '0102030405060708', '0001000200080000'].join(''),
  'hex',
);

const blocks = (from: number, count: number): Uint8Array =>
  Buffer.concat(
    Array.from({ length: count }, (_, place) =>
      enhancedPacket({ interfaceId: 0, seconds: from + place, nanos: 0, bytes: FRAME, wire: FRAME.length }),
    ),
  );

/** A file that is still written. */
function growing(name: string, count: number) {
  const path = join(program.home, name);
  writeFileSync(
    path,
    Buffer.concat([sectionHeader(), interfaceDescription({ linkType: 1, name: 'eth0' }), blocks(1, count)]),
  );
  let written = count;
  const grow = (more: number) => {
    appendFileSync(path, blocks(written + 1, more));
    written += more;
  };
  return { path, grow };
}

describe('a file that grows', () => {
  test('is waited for on the screen while it has no bytes yet', async () => {
    const path = join(program.home, 'empty-so-far.pcapng');
    writeFileSync(path, '');
    const shown = program.start(80, 24, '--follow', path);
    await shown.untilShown('No packets yet.');
    appendFileSync(path, Buffer.concat([sectionHeader(), interfaceDescription({ linkType: 1 }), blocks(1, 3)]));
    await shown.untilShown('packet 3 of 3');
    shown.send('q');
    await shown.untilExit();
    expect(shown.exit?.exitCode).toBe(0);
  });

  test('is followed, held still, and gone on with at 80 by 24', async () => {
    const { path, grow } = growing('followed.pcapng', 100);
    const shown = program.start(80, 24, '--follow', path);
    await shown.untilShown('packet 100 of 100');
    grow(50);
    await shown.untilShown('packet 150 of 150');
    expect(statusOf(shown)).toContain('following');
    expect(numbersOf(shown).at(-1)).toBe(150);

    // The selection stays where the user goes, while the list grows.
    shown.send('gj');
    await shown.untilShown('packet 2 of 150');
    grow(50);
    await shown.untilShown('packet 2 of 200');
    expect(numbersOf(shown)[0]).toBe(1);

    shown.send('F');
    await shown.untilShown('following the newest packet');
    shown.send('P');
    await shown.untilShown('paused, ');
    const before = numbersOf(shown);
    grow(1234);
    shown.send('k');
    await shown.untilShown('paused, 1,234 new');
    expect(statusOf(shown)).toContain('packet 199 of 200');
    expect(numbersOf(shown)).toEqual(before);
    shown.send('F');
    await shown.untilShown('following the newest packet');
    shown.send('P');
    await shown.untilShown('resumed');
    await shown.until('the newest packet is shown', () => numbersOf(shown).at(-1) === 1434);

    shown.send(':stop\r');
    await shown.untilShown('no more is read');
    grow(5);
    shown.send('j');
    await shown.untilShown('packet 1,434 of 1,434');
    shown.send('P');
    await shown.untilShown('nothing to hold still: all packets have been read');
    shown.send(':restart\r');
    await shown.untilShown('nothing to restart: packets come from a file or a pipe');
    shown.send('q');
    await shown.untilExit();
    expect(shown.exit?.exitCode).toBe(0);
  }, 60_000);

  test('forgets its oldest packets, and says how many, through a resize', async () => {
    const { path, grow } = growing('forgotten.pcapng', 65_000);
    const shown = program.start(120, 40, '--keep', '1K', '--follow', path);
    await shown.untilShown('packet 65,000 of 65,000');
    shown.send('g');
    await shown.untilShown('packet 1 of 65,000');
    grow(70_000);
    await shown.untilShown('packet 131,073 of 135,000');
    await shown.untilShown('131,072 forgotten');
    expect(numbersOf(shown)[0]).toBe(131_073);
    shown.resize(80, 24);
    await shown.until('it fits', () => statusOf(shown).includes('131,072 forgotten'));
    shown.send(':12\r');
    await shown.untilShown('no packet 12: there are 131073 to 135000');
    shown.send('G');
    await shown.until('the last one is shown', () => numbersOf(shown).at(-1) === 135_000);
    shown.send('q');
    await shown.untilExit();
  }, 60_000);

  test('a number of packets that is none is refused before the screen is taken', async () => {
    const shown = program.start(80, 24, '--keep', 'many', 'fixtures/demo.pcapng');
    await shown.untilExit();
    expect(shown.exit?.exitCode).toBe(2);
    expect(shown.rows().join(' ')).toContain('such as 200000, 200K or 2M');
  });

  test('a file to write to goes with what is captured', async () => {
    const shown = program.start(80, 24, '-w', join(program.home, 'no.pcapng'), 'fixtures/demo.pcapng');
    await shown.untilExit();
    expect(shown.exit?.exitCode).toBe(2);
    expect(shown.rows().join('')).toContain('goes with -i');
  });
});

/** Why nothing can be captured here; undefined if it can. */
const missing =
  process.platform !== 'linux' || process.getuid?.() !== 0
    ? 'capturing needs root'
    : has('dumpcap')
      ? undefined
      : 'dumpcap is not installed';

describe('live traffic', () => {
  // Below the ports that the system gives out, and another one for each run on a machine.
  const PORT = 20_000 + (process.pid % 10_000);
  const live = (...more: readonly string[]) => [
    '-i',
    'lo',
    '-f',
    `udp dst port ${PORT}`,
    '--engine',
    'dumpcap',
    ...more,
  ];

  async function send(count: number): Promise<void> {
    const socket = createSocket('udp4');
    for (let sent = 0; sent < count; sent++)
      await new Promise<void>((done) => socket.send(`packet ${sent}`, PORT, '127.0.0.1', () => done()));
    socket.close();
  }

  test('is held still, saved, dropped and captured anew', async ({ skip }) => {
    if (missing) skip(missing);
    const path = join(program.home, 'saved.pcapng');
    const shown = program.start(100, 30, ...live());
    await shown.untilShown('dumpcap on lo, 0 received');
    await send(5);
    await shown.untilShown('of 5');
    await shown.untilShown('dumpcap on lo, 5 received');
    shown.send('P');
    await shown.untilShown('paused, ');
    await send(7);
    shown.send('k');
    await shown.untilShown('paused, 7 new');
    await shown.untilShown('12 received');
    expect(numbersOf(shown).at(-1)).toBe(5);
    shown.send('F');
    await shown.untilShown('following the newest packet');
    shown.send('P');
    await shown.until('all are shown', () => numbersOf(shown).at(-1) === 12);

    shown.send('q');
    await shown.untilShown('12 packets are not saved: q again to quit, w to save');
    shown.send('w');
    await shown.untilShown('Save what is shown to:');
    shown.send(`${path}\r`);
    await shown.untilShown('12 packets saved to');
    const saved = await openCapture(path);
    for await (const _ of saved.batches());
    expect(saved.packets).toBe(12);
    await saved.close();

    await send(1);
    await shown.until('the newest is shown', () => numbersOf(shown).at(-1) === 13);
    shown.send(':restart\r');
    await shown.untilShown('1 packet is not saved: :restart again to drop them');
    shown.send(':restart\r');
    await shown.untilShown('No packets yet.');
    // What was sent before the new capture had begun is not in it.
    const sending = setInterval(() => void send(1), 200);
    await shown
      .until('new packets are shown', () => numbersOf(shown).slice(0, 3).join() === '1,2,3')
      .finally(() => clearInterval(sending));

    shown.send(':stop\r');
    await shown.untilShown('capturing ends');
    shown.send('k');
    await shown.until('it has ended', () => /stopped, \d+ received, 0 dropped/.test(statusOf(shown)));
    shown.send('q');
    await shown.untilShown('packets are not saved: q again');
    shown.send('q');
    await shown.untilExit();
    expect(shown.exit?.exitCode).toBe(0);
  }, 90_000);

  test('is kept when a signal or a lost terminal ends the program, and nobody could be asked', async ({ skip }) => {
    if (missing) skip(missing);
    const folder = join(program.home, 'handshark');
    for (const [place, signal] of (['SIGTERM', 'SIGINT', 'SIGHUP'] as const).entries()) {
      const shown = program.start(100, 30, ...live());
      await shown.untilShown('dumpcap on lo, 0 received');
      await send(3);
      await shown.untilShown('of 3');
      await send(2);
      shown.kill(signal);
      // A terminal that has gone says so more than once.
      if (signal === 'SIGHUP') shown.kill(signal);
      await shown.untilExit();
      const kept = readdirSync(folder).filter((name) => name.startsWith('captured-'));
      expect(kept).toHaveLength(place + 1);
      expect(shown.raw.replaceAll(/\s/g, '')).toContain('5packetsthatwereinnofile:keptin');
      const saved = await openCapture(join(folder, kept.at(-1) ?? ''));
      for await (const _ of saved.batches());
      expect(saved.packets).toBe(5);
      await saved.close();
    }
  }, 60_000);

  test('goes to a file as well, and is then not asked about', async ({ skip }) => {
    if (missing) skip(missing);
    const path = join(program.home, 'written.pcap');
    const shown = program.start(100, 30, ...live('-w', path));
    await shown.untilShown('dumpcap on lo, 0 received');
    await send(4);
    await shown.untilShown('of 4');
    shown.send(':restart\r');
    await shown.until('it is refused', () => /quit\s+and\s+start\s+again/.test(shown.rows().join(' ')));
    shown.send('q');
    await shown.untilExit();
    const written = await openCapture(path);
    for await (const _ of written.batches());
    expect([written.packets, written.format]).toEqual([4, 'pcap']);
    await written.close();
  }, 60_000);
});
