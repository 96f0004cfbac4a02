/** Captures that a screen could stumble over: damaged ones, one without packets, one with a single packet. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { handshark } from '../../built-program.js';
import { PtySession } from './pty.js';
import { quit, RealProgram } from './real-program.js';

const program = new RealProgram();
afterEach(() => program.end());
afterAll(() => program.remove());

describe.each([
  [80, 24],
  [120, 40],
])('at %i by %i', (columns, rows) => {
  test.each([
    ['cut-record.pcap', '× damaged at offset 704: the file ends in the middle of packet 6; 5 packets cam'],
    ['corrupt-record.pcap', '× damaged at offset 704: packet 6 claims 3735928559 captured bytes; at most 26'],
    ['bad-block.pcapng', '× damaged at offset 864: block of type 6 begins with length 61 and ends with le'],
  ])('%s: all that can be read is shown, and what is wrong', async (name, problem) => {
    const shown = await program.open(columns, rows, `fixtures/${name}`);
    await shown.untilShown('packet 1 of 5', rows - 1);
    await shown.untilShown(problem, rows - 2);
    for (const number of [1, 2, 3, 4, 5]) {
      expect(shown.rows()[2 + number]).toMatch(new RegExp(`^ {6}${number} `));
    }
    // The last packet whole, with its bytes.
    shown.send('G');
    await shown.untilShown('packet 5 of 5', rows - 1);
    await shown.untilShown('Packet 5');
    await shown.untilShown('0030  ');
    // The line stays on every screen, and the log keeps it.
    for (const [key, there] of [
      ['1', '1 channel, by number'],
      ['\r', 'Ladder of channel 1 (1a2b3c4d): 5 packets'],
      ['6', '─ Log ─'],
    ] as const) {
      shown.send(key);
      await shown.untilShown(there);
      expect(shown.rows()[rows - 2]).toContain(problem.slice(0, 40));
    }
    expect(shown.rows()[3]).toContain('damaged at offset');
    expect(await quit(shown)).toBe(0);
  });

  test.each(['empty.pcap', 'empty-ng.pcapng'])('%s: every screen says that there is nothing', async (name) => {
    const shown = await program.open(columns, rows, `fixtures/${name}`);
    await shown.untilShown('The capture has no packets.', 3);
    await shown.untilShown('no packets', rows - 1);
    // Keys that have nothing to work on do no harm.
    shown.send('jkGgnN}{mTtcyLd');
    for (const [key, there] of [
      ['1', 'The capture has no channels.'],
      ['\r ', 'The capture has no channels.'],
      ['3', 'Choose channels (1), then Enter draws their ladder.'],
      ['jk\r', 'Choose channels (1), then Enter draws their ladder.'],
      ['4', '(all)'],
      ['\t', '[Round trips]'],
      ['5', 'Craft'],
      ['6', '─ Log ─'],
      [':7\r', 'there are no packets'],
      ['2', 'The capture has no packets.'],
      ['/chan\r', '0 of 0'],
      ['fnew\r', 'not found'],
    ] as const) {
      shown.send(key);
      await shown.untilShown(there);
    }
    expect(await quit(shown)).toBe(0);
  });

  test('a single packet', async () => {
    const whole = readFileSync('fixtures/modes.pcap');
    const path = join(program.home, 'one.pcap');
    writeFileSync(path, whole.subarray(0, 24 + 16 + whole.readUInt32LE(24 + 8)));
    const shown = await program.open(columns, rows, path);
    await shown.untilShown('packet 1 of 1', rows - 1);
    expect(shown.rows()[3]).toMatch(/^ {6}1 {2}0\.000000 192\.0\.2\.1 +192\.0\.2\.2 +hmac +131 NEW 8000/);
    shown.send('GjkJKg');
    await shown.untilShown('Packet 1 ─');
    shown.send('1');
    await shown.untilShown('· CHANNEL_NEW sent once, no answer so far: nobody at 81b637d8 (192.0.2.2:4242)');
    shown.send('\r');
    await shown.untilShown('Ladder of channel 1 (8000): 1 packet ─');
    await shown.untilShown('├─ NEW 8000 (c1? unknown) ─');
    expect(await quit(shown)).toBe(0);
  });
});

test('times that jump by years are told in full, or it is seen that they are cut', async () => {
  const file = Buffer.from(readFileSync('fixtures/modes.pcap'));
  const seconds = file.readUInt32LE(24);
  const jumps = [0, 630_720_000, -seconds, 4_000];
  let at = 24;
  for (const jump of jumps) {
    file.writeUInt32LE(seconds + jump, at);
    at += 16 + file.readUInt32LE(at + 8);
  }
  const path = join(program.home, 'jumps.pcap');
  writeFileSync(path, file.subarray(0, at));
  const shown = await program.open(80, 24, path);
  await shown.untilShown('packet 1 of 4', 23);
  const cells = (first: number, start: number, end: number) =>
    shown
      .rows()
      .slice(first, first + jumps.length)
      .map((row) => row.slice(start, end).trim());
  expect(cells(3, 8, 26)).toEqual(['0.000000', '630720000.020790', '-1767323044.978880', '4000.041277']);
  shown.send('13');
  await shown.untilShown('Ladder of channel 1');
  // The title is drawn before the last of its steps are.
  await shown.untilShown('4000.041277', 5 + jumps.length - 1);
  expect(cells(5, 8, 31)).toEqual([
    '0.000000',
    '630720000.0 +6307200…',
    '-1767323044 -2398043…',
    '4000.041277 +1767327…',
  ]);
  expect(await quit(shown)).toBe(0);
});

test.each([
  ['names, as in a loop', '"$0" "$1" "$2" </dev/null'],
  ['closed', '"$0" "$1" "$2" <&-'],
  ['the capture', 'cat "$2" | "$0" "$1" -'],
])('keys come from the terminal where standard input is %s', async (_, line) => {
  const own = `export XDG_STATE_HOME=${program.home} XDG_CONFIG_HOME=${program.home}`;
  const given = ['-c', `${own}; ${line}`, ...handshark('fixtures/handshake-hmac.pcap')];
  const shown = new PtySession('bash', given, 80, 24);
  await shown.untilShown('packet 1 of');
  shown.send('j');
  await shown.untilShown('packet 2 of');
  expect(await quit(shown)).toBe(0);
});

describe('a named pipe that nobody writes to', () => {
  const pipe = (): string => {
    const path = join(program.home, `pipe-${Math.random()}`);
    execFileSync('mkfifo', [path]);
    return path;
  };

  test('is let go of when the user quits, or by SIGTERM', async () => {
    const shown = program.start(80, 24, pipe());
    await shown.untilShown('No packets yet.');
    expect(await quit(shown)).toBe(0);
    const ended = program.start(80, 24, pipe());
    await ended.untilShown('No packets yet.');
    ended.kill('SIGTERM');
    await ended.untilExit();
    expect(ended.exit?.signal).toBe(15);
  });

  test('does not keep other captures from being opened over this one', async () => {
    const shown = await program.open(80, 24, 'fixtures/handshake-hmac.pcap');
    for (let tries = 0; tries < 5; tries++) {
      shown.send(`\x0f${pipe()}\r`);
      await shown.untilShown('(Esc ends it)');
      shown.send('\x1b');
      await shown.untilShown('ended: opening ');
    }
    shown.send('\x0ffixtures/vlan.pcap\r');
    await shown.untilShown('vlan.pcap is open');
    shown.send(`\x0f${pipe()}\r`);
    await shown.untilShown('(Esc ends it)');
    expect(await quit(shown)).toBe(0);
  });
});

test.each([
  ['package.json/x', /^handshark: cannot read: package\.json\/x: /],
  ['x'.repeat(300), /^handshark: cannot read: x+: /],
])('a path that leads nowhere is told of in one line: %.20s', async (path, expected) => {
  const shown = program.start(200, 24, path);
  await shown.untilExit();
  const lines = shown.raw.split('\r\n').filter((line) => line !== '');
  expect([shown.exit?.exitCode, lines.length]).toEqual([1, path.length > 200 ? lines.length : 1]);
  expect(shown.raw.replaceAll('\r\n', '')).toMatch(expected);
  expect(shown.raw).not.toContain('    at ');
});
