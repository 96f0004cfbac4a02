import { describe, expect, test } from 'vitest';
import type { Action } from '../../../analyzer/store/action.js';
import type { Command } from '../../../analyzer/store/keys.js';
import type { RunLine, RunNews } from '../../../analyzer/store/state/craft.js';
import { cellsOf } from '../../../analyzer/text/cells.js';
import { type Given, Opened } from './opened.js';

const craft = (argument: string): Action => ({ type: 'command', command: 'craft', argument });
const set = (argument: string): Action => ({ type: 'command', command: 'set-value', argument });

/** What a user reads after these. */
const read = (given: Given, ...steps: readonly (Command | Action)[]): readonly string[] =>
  new Opened(given).play(...steps).rows();

const news = (lines: readonly RunLine[], more: Partial<RunNews> = {}): Action => ({
  type: 'played',
  news: { restart: false, lines, status: 'PASS a.hs (0.1 s)', severity: 'chat', done: true, recording: '/r', ...more },
});
const packet = (at: number, way: 'sent' | 'came', info: string, note = ''): RunLine => ({
  type: 'packet',
  at,
  way,
  info,
  severity: 'none',
  bytes: new Uint8Array(0),
  note,
});
const run: Action = { type: 'command', command: 'run', argument: 'a.hs' };

describe('the editor', () => {
  test('shows fields, bytes and what our dissectors say, at 80 by 23', () => {
    expect(read({}, craft('close'), 'last', 'up', 'up', 'up', 'up', set('refused')).slice(2)).toEqual([
      `▸─ Edit new CHANNEL_CLOSE ${'─'.repeat(54)}`,
      '  = Spin                     0',
      '  = Packet size              55',
      '  = Sequence number          0',
      '  = Payload size             3',
      'Message 1: CHANNEL_CLOSE',
      '  * Reason                   4 (refused)',
      '  = Padding                  0 bytes',
      '  = Checksum                 df0fec9d',
      "    Initiator's secret       (not known)",
      "    Responder's secret       (not known)",
      `── 55 bytes, 5 changed ${'─'.repeat(57)}`,
      '0000  99 83 8c aa 00 00 00 00  00 00 00 00 00 00 00 00  ................',
      '0010  00 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00  ................',
      '0020  00 00 00 00 f0 f0 f0 f0  00 00 00 37 00 00 00 03  ...........7....',
      '0030  0e 00 04 df 0f ec 9d                              .......',
      '',
      '! hmac: CLOSE refused [sent-to-self] [message-misplaced]',
      '! sender and recipient are the same peer',
      '! CHANNEL_CLOSE does not count on the default channel',
      ' fake.pcap  packet 1 of 200  ? help  Enter edit  s send  w save  a add  f fault',
    ]);
  });

  test('shows them side by side at 160 by 50', () => {
    expect(read({ columns: 160, rows: 49 }, craft('close')).slice(2, 10)).toEqual([
      `▸─ Edit new CHANNEL_CLOSE ${'─'.repeat(61)}── 55 bytes ${'─'.repeat(61)}`,
      'Channel packet: dialect hmac                                                           0000  99 83 8c aa 00 00 00 00  00 00 00 00 00 00 00 00  ................',
      '  = Protocol id              99838caa                                                  0010  00 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00  ................',
      '  = Sender                   00000000000000000000000000000000                          0020  00 00 00 00 f0 f0 f0 f0  00 00 00 37 00 00 00 03  ...........7....',
      '  = Recipient                00000000000000000000000000000000                          0030  0e 00 00 18 95 7b 82                              .....{.',
      '  = Channel                  f0f0f0f0',
      "  = Initiator's half         f0f0",
      "  = Responder's half         f0f0",
    ]);
  });

  test('shows bytes alone where only bytes are edited', () => {
    expect(read({}, craft('close'), 'edit-bytes', set('00 01')).slice(2, 8)).toEqual([
      `▸─ Edit new CHANNEL_CLOSE: 55 bytes, 2 changed ${'─'.repeat(33)}`,
      '0000  00 01 8c aa 00 00 00 00  00 00 00 00 00 00 00 00  ................',
      '0010  00 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00  ................',
      '0020  00 00 00 00 f0 f0 f0 f0  00 00 00 37 00 00 00 03  ...........7....',
      '0030  0e 00 00 18 95 7b 82                              .....{.',
      '',
    ]);
  });
});

describe('the ladder of a script', () => {
  test('grows while it is played', () => {
    const steps = [run, news([packet(0, 'sent', 'NEW 1a2b')], { done: false, status: 'playing with 127.0.0.1:1' })];
    expect(read({}, ...steps).slice(2, 7)).toEqual([
      `▸─ Packet editor [Script a.hs] ${'─'.repeat(49)}`,
      ' playing with 127.0.0.1:1',
      '        script                                              peer',
      '     0.0000 ├ NEW 1a2b ───────────────────────────────────────▶│',
      '',
    ]);
    const ended = news([packet(0, 'sent', 'NEW 1a2b'), packet(31.25, 'came', 'ACKNOWLEDGE 1a2b0001', 'line 7')], {
      restart: true,
    });
    expect(read({}, ...steps, ended).slice(2, 8)).toEqual([
      `▸─ Packet editor [Script a.hs] ${'─'.repeat(49)}`,
      ' PASS a.hs (0.1 s)',
      '        script                                              peer',
      '     0.0000 ├ NEW 1a2b ───────────────────────────────────────▶│',
      '     0.0313 │◀─────────────────────────── ACKNOWLEDGE 1a2b0001 ┤ line 7',
      '',
    ]);
  });
});

test('why a script failed is in sight, whatever is told of the packet, and can be read to its end', () => {
  const text = (nth: number): RunLine => ({ type: 'text', text: `${nth} ${'x'.repeat(90)} end`, severity: 'error' });
  const packets = Array.from({ length: 30 }, (_, at) => packet(at, 'sent', 'NEW 1a2b'));
  const reason = Array.from({ length: 30 }, (_, nth) => text(nth));
  const ended = news([...packets, ...reason], { restart: true, severity: 'error' });
  expect(read({}, run, ended).slice(5, 13)).toEqual([
    ...Array.from({ length: 6 }, (_, row) => expect.stringMatching(`^     0.0${24 + row}0 ├ NEW`)),
    `0 ${'x'.repeat(77)}…`,
    `1 ${'x'.repeat(77)}…`,
  ]);
  expect(read({}, run, ended, 'shift-right', 'shift-right')[11]).toBe(`${'x'.repeat(76)} end`);
});

test('the hints are keys of what is shown', () => {
  const hints = (...steps: readonly (Command | Action)[]) => read({}, ...steps).at(-1);
  expect(hints('show-craft')).toMatch(/ {2}\? help {2}r play a script {2}: command {2}Backspace back$/);
  expect(hints(run, news([packet(0, 'sent', 'NEW 1a2b')]))).toMatch(
    / {2}\? help {2}e edit {2}o open {2}w keep {2}r play/,
  );
  expect(hints(craft('new'))).toMatch(/ {2}\? help {2}Enter edit {2}s send/);
});

describe('on any terminal', () => {
  const hostile = ` \x1b]52;c;aGk=\x07\x1b[2J\u202e${'日本'.repeat(40)}e${'\u0301'.repeat(300)}`;
  const scenes: readonly (readonly (Command | Action)[])[] = [
    ['show-craft'],
    [craft('data'), 'last', 'up', 'up', 'up', 'up', set(`"${hostile}"`)],
    [craft('new'), { type: 'command', command: 'add-fault', argument: hostile }],
    [craft('new'), 'add-message'],
    [craft('new'), 'edit-bytes', 'last'],
    [
      { type: 'command', command: 'run', argument: hostile },
      news([packet(1, 'sent', hostile, hostile), { type: 'text', text: hostile, severity: 'error' }], {
        status: hostile,
      }),
    ],
  ];

  test('fits, and nothing gets through to the terminal', () => {
    for (const columns of [1, 2, 7, 20, 39, 49, 50, 79, 80, 123, 124, 160]) {
      for (const rows of [1, 2, 3, 5, 8, 12, 13, 14, 15, 24, 50]) {
        for (const steps of scenes) {
          const shown = read({ columns, rows }, ...steps);
          expect([columns, rows, shown.length]).toEqual([columns, rows, rows]);
          expect(Math.max(...shown.map(cellsOf))).toBeLessThanOrEqual(columns);
          expect(shown.join('')).not.toMatch(/[\p{C}\p{DI}]/u);
        }
      }
    }
  });

  test('needs no more than ASCII where there is no more', () => {
    for (const steps of scenes) {
      expect(read({ ascii: true }, ...steps).join('\n')).toMatch(/^[\x20-\x7e\n]*$/);
    }
  });

  test('marks what was typed, what is derived and what has changed, without colours too', () => {
    const rows = new Opened({})
      .play(craft('close'), 'last', 'up', 'up', 'up', 'up', set('4'), 'down')
      .frame()
      .split('\n');
    expect(rows.find((row) => row.includes('Reason'))).toContain('\x1b[1m  * Reason');
    expect(rows.find((row) => row.includes('Payload size'))).toContain('\x1b[2m  = Payload size');
    expect(rows.find((row) => row.includes('0030'))).toContain('\x1b[1m04');
  });
});
