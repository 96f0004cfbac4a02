import { describe, expect, test } from 'vitest';
import type { Action } from '../../../analyzer/store/action.js';
import { withAlias } from '../../../analyzer/store/peer-name.js';
import { STANDARD_SETTINGS } from '../../../analyzer/store/settings.js';
import { cellsOf } from '../../../analyzer/text/cells.js';
import { CHANNELS } from './fake-channels.js';
import { type Given, Opened } from './opened.js';

const ALICE = 'a1'.repeat(16);
const settings = withAlias(STANDARD_SETTINGS, ALICE, 'alice');
const open = (given: Given = {}) => new Opened({ start: { settings }, ...given });

describe('the screen of channels', () => {
  test('shows a row a channel and why it is in its state, at 80 by 23', () => {
    const rows = open().play('show-channels', 'choose').rows();
    expect(rows.slice(2, 9)).toEqual([
      '▸  No▴   Begin From     To       Id       State        C1 C2 Pkt→ Pkt← Findings',
      '◆    1   0.100 alice    b0b0b0b0 1a2b0001 established  ✓  ✓    10    5',
      ' !   2   0.200 alice    b0b0b0b0 1a2c     timed-out    ✓        0    0       !1',
      '     3   0.300 b0b0b0b0 alice    1a2b0003 closed       ✓  ✓    30   15',
      ' ×   4   0.400 alice    b0b0b0b0 1a2b0004 refused      ✓  ✗    40   20       ×2',
      '     5   0.500 alice    b0b0b0b0 1a2d     new          ?        0    0',
      '',
    ]);
    expect(rows.slice(17)).toEqual([
      '── Channel 2: 1a2c, timed-out ───────────── 5 channels, by number, 1 selected ──',
      '! CHANNEL_NEW sent at least 36 times in 195.0 ms, no answer: nobody at b0b0b0b0',
      '  (10.0.0.2:4242) answers, or answers were not captured',
      '',
      '',
      ' fake.pcap  packet 1 of 200  ? help  Enter ladder  Space select  f find  s sort',
    ]);
  });

  test('has room for addresses, verdicts in words and round trips, at 160 by 50', () => {
    const rows = open({ columns: 160, rows: 49 }).play('show-channels', 'down', 'down', 'down').rows();
    expect(rows.slice(2, 4).map((row) => row.split(/ +/))).toEqual([
      [
        '▸',
        'No▴',
        'Begin',
        'From',
        'To',
        'Id',
        'State',
        'Mode',
        'C1',
        'C2',
        'RTT',
        'ms',
        'Pkt→',
        'Pkt←',
        'Lost',
        'Findings',
      ],
      [
        '',
        '1',
        '0.100',
        'alice',
        '10.0.0.1:4242',
        'b0b0b0b0',
        '10.0.0.2:4242',
        '1a2b0001',
        'established',
        'tcp',
        '✓',
        'valid',
        '✓',
        'valid',
        '1.000',
        '10',
        '5',
        '3',
      ],
    ]);
    expect(rows.slice(42, 47)).toEqual([
      `── Channel 4: 1a2b0004, refused ${'─'.repeat(103)} 5 channels, by number ──`,
      '× b0b0b0b0 refuses the channel: CLOSE 4 answers a valid proof',
      '! packet 14: cookie 2 is not what any known secret of its creator yields',
      '! packet 39: 2 numbers before this one not seen',
      '· alice sent 40 packets, 1600 bytes of data (1 lost); b0b0b0b0 sent 20 packets, 800 bytes of data (2 lost)',
    ]);
  });

  test.each([
    [20, ['No', 'State']],
    [40, ['No', 'From', 'To', 'State']],
    [70, ['No', 'Begin', 'From', 'To', 'Id', 'State', 'C1', 'C2', 'Findings']],
    [
      220,
      [
        'No',
        'Begin',
        'From',
        'To',
        'Id',
        'Dialect',
        'State',
        'Mode',
        'C1',
        'C2',
        'RTT',
        'ms',
        'RTT2',
        'ms',
        'Pkt→',
        'Pkt←',
        'Bytes→',
        'Bytes←',
        'Lost',
        'Resent',
        'Findings',
      ],
    ],
  ])('drops what matters least at %i cells', (columns, expected) => {
    const rows = open({ columns, rows: 23 }).play('show-channels').rows();
    expect(rows[2]?.replace(/[▸▴]/g, ' ').trim().split(/ +/)).toEqual(expected);
  });

  test('says that there are none, or none with the words', () => {
    expect(open({ channels: [] }).play('show-channels').rows()[3]).toBe('  The capture has no channels.');
    expect(open({ channels: [], count: 1, final: 9 }).play('show-channels').rows()[3]).toBe('  No channels so far.');
    const found = open().play('show-channels', { type: 'command', command: 'find-channels', argument: 'zz' });
    expect(found.rows()[3]).toBe('  No channel has these words.');
  });
});

describe('the screen of the ladder', () => {
  test('draws a row a message, with times, verdicts, findings, losses and marks, at 80 by 23', () => {
    const rows = open().play('show-channels', 'open', 'down', 'down', 'mark').rows();
    expect(rows.slice(2, 15)).toEqual([
      '▸─ Ladder of channel 1 (1a2b0001): 40 packets ──────────────────────────────────',
      '     No.      Time     Delta alice                                      b0b0b0b0',
      '                             10.0.0.1:4242                         10.0.0.2:4242',
      '       1  0.000000           ├─ NEW 1a2b (c1✓ valid) ─────────────────────────▶│',
      '       6  0.005000 +0.005000 │◀─ ACKNOWLEDGE 1a2b0001 (c1✓ valid, c2✓ valid) ──┤',
      '◆     11  0.010000 +0.005000 ├─ FINALIZE 1a2b0001 tcp (c2✓ valid) ────────────▶│',
      '      16  0.015000 +0.005000 │◀─ WINDOW 64 ────────────────────────────────────┤',
      ' !    21  0.020000 +0.005000 ├╌ DATA 40 ! packet 1 sent again ╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌▶│',
      '      26  0.025000 +0.005000 │◀─ DATA 26 ──────────────────────────────────────┤',
      '      31  0.030000 +0.005000 ├─ DATA 31 ──────────────────────────────────────▶│',
      ' !                           │  ×╌ 2 numbers not seen ╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌│',
      ' !    36  0.035000 +0.005000 │◀─ DATA 36 ! 2 numbers before this one not seen ─┤',
      '      41  0.040000 +0.005000 ├─ DATA 41 ──────────────────────────────────────▶│',
    ]);
    expect(rows.slice(19)).toEqual([
      '── Packet 11 ───────────────────────────────────────────────────────────────────',
      'alice → b0b0b0b0: FINALIZE 1a2b0001 tcp (c2✓ valid)',
      '',
      ' fake.pcap  packet 11 of 200    ? help  Enter packet  Backspace back  v preview',
    ]);
  });

  test('draws what is dropped without a head, and tells why below, with the tree', () => {
    const rows = open().play('show-channels', 'down', 'down', 'down', 'open', 'down', 'down', 'preview').rows();
    expect(rows[7]).toBe(' !    14  0.013000 +0.005000 ├─ FINALIZE 1a2b0004 tcp (c2✗ invalid) ! cookie…─×│');
    expect(rows.slice(13, 19)).toEqual([
      '── Packet 14 ───────────────────────────────────────────────────────────────────',
      'alice → b0b0b0b0: FINALIZE 1a2b0004 tcp (c2✗ invalid), dropped by who receives',
      'it',
      '! cookie 2 is not what any known secret of its creator yields',
      'Frame 14: 62 bytes on wire, 62 captured',
      'Ethernet, 02:00:00:00:00:01 to 02:00:00:00:00:02',
    ]);
  });

  test('merges several channels, with the tree beside them, at 160 cells', () => {
    const rows = open({ columns: 160, rows: 19 })
      .play('show-channels', 'choose', 'choose', 'down', 'open', 'down', 'down')
      .rows();
    expect(rows.slice(2, 9)).toEqual([
      `▸─ Ladder of channels 1, 2: 80 packets ${'─'.repeat(53)}│── Packet 6 ${'─'.repeat(55)}`,
      `     No.      Time     Delta alice${' '.repeat(50)}b0b0b0b0│b0b0b0b0 → alice: ACKNOWLEDGE 1a2b0001 (c1✓ valid, c2✓ valid)`,
      `                             10.0.0.1:4242${' '.repeat(37)}10.0.0.2:4242│Frame 6: 62 bytes on wire, 62 captured`,
      `       1  0.000000           ├─ #1 NEW 1a2b (c1✓ valid) ${'─'.repeat(34)}▶││Ethernet, 02:00:00:00:00:01 to 02:00:00:00:00:02`,
      `       2  0.001000 +0.001000 ├─ #2 NEW 1a2b (c1✓ valid) ${'─'.repeat(34)}▶││IPv4, 10.0.0.6 to 192.168.100.200`,
      '       6  0.005000 +0.004000 │◀─ #1 ACKNOWLEDGE 1a2b0001 (c1✓ valid, c2✓ valid) ───────────┤│UDP, 4242 to 4242',
      ' •     7  0.006000 +0.001000 ├╌ #2 NEW 1a2b (c1✓ valid) • CHANNEL_NEW of packet 2 sent a…╌▶││Channel packet',
    ]);
  });

  test('collapses data, shows the time of the day, and bytes', () => {
    const rows = open().play('show-channels', 'open', 'collapse-data', 'time-format', 'preview', 'preview').rows();
    expect(rows.slice(5, 16)).toEqual([
      '       1 22:13:20.001000           ├─ NEW 1a2b (c1✓ valid) ───────────────────▶│',
      '       6 22:13:20.006000 +0.005000 │◀─ ACKNOWLEDGE 1a2b0001 (c1✓ c2✓) ─────────┤',
      '      11 22:13:20.011000 +0.005000 ├─ FINALIZE 1a2b0001 tcp (c2✓ valid) ──────▶│',
      '      16 22:13:20.016000 +0.005000 │◀─ WINDOW 64 ──────────────────────────────┤',
      ' !    21 22:13:20.021000 +0.005000 ├╌ DATA 40 ! packet 1 sent again ╌╌╌╌╌╌╌╌╌╌▶│',
      '      26                           │  ⋮ 2 packets of data, up to packet 31     │',
      ' !                                 │  ×╌ 2 numbers not seen ╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌│',
      ' !    36 22:13:20.036000 +0.015000 │◀─ DATA 36 ! 2 numbers before this one no…─┤',
      '── Packet 1 ────────────────────────────────────────────────────────────────────',
      'alice → b0b0b0b0: NEW 1a2b (c1✓ valid)',
      "002a  27 2e 35 3c 43 4a 51 58 5f 66 6d 74 7b 82 89 90  '.5<CJQX_fmt{...",
    ]);
  });

  test('scrolls sideways where there are more peers than columns', () => {
    const [first, second] = CHANNELS;
    if (first === undefined || second === undefined) throw new Error('the fake has two channels');
    const peers = ['c1', 'd1', 'e1', 'f1'].map((id) => id.repeat(16));
    const channels = [1, 2, 3, 4].map((number) => ({ ...first, number, responder: peers[number - 1] ?? '' }));
    const opened = open({ channels }).play('show-channels', 'choose', 'choose', 'choose', 'choose', 'open');
    const heads = () => opened.rows()[3]?.trim().split(/ +/).slice(3);
    expect(heads()).toEqual(['alice', 'c1c1c1c1', 'd1d1d1d1']);
    expect(opened.rows()[2]).toContain('packets, peers 1 to 3 of 5 (< >) ─');
    opened.play('shift-right');
    expect(heads()).toEqual(['c1c1c1c1', 'd1d1d1d1', 'e1e1e1e1']);
    opened.play('shift-right', 'shift-right', 'shift-right');
    expect(heads()).toEqual(['d1d1d1d1', 'e1e1e1e1', 'f1f1f1f1']);
  });

  test('asks for no file where there is nothing to draw', () => {
    const { state } = open({ channels: [], count: 0 }).play('show-ladder', 'save-ladder');
    expect([state.prompt, state.notice?.text]).toEqual([undefined, 'there is nothing to draw']);
  });

  test('says what to do where there is nothing to draw', () => {
    expect(open({ channels: [], count: 0 }).play('show-ladder').rows()[5]).toBe(
      '  Choose channels (1), then Enter draws their ladder.',
    );
  });
});

test('the screen of the difference shows two packets side by side', () => {
  const rows = open().play('mark', 'down', 'compare').rows();
  expect(rows.slice(2, 10)).toEqual([
    '▸─ Packet 1 and packet 2: 4 of 19 lines differ ─────────────────────────────────',
    'Frame 1: 62 bytes on wire, 62 captured ≠ Frame 2: 62 bytes on wire, 62 captured',
    '  [Number: 1]                          ≠   [Number: 2]',
    'Ethernet, 02:00:00:00:00:01 to 02:00:…   Ethernet, 02:00:00:00:00:01 to 02:00:…',
    '  Destination: 02:00:00:00:00:02           Destination: 02:00:00:00:00:02',
    '  Source: 02:00:00:00:00:01                Source: 02:00:00:00:00:01',
    '  Type: 0x0800 (IPv4)                      Type: 0x0800 (IPv4)',
    'IPv4, 10.0.0.1 to 192.168.100.200      ≠ IPv4, 10.0.0.2 to 192.168.100.200',
  ]);
  const only = open({ columns: 60, rows: 13, ascii: true }).play('mark', 'down', 'compare', 'only-differences').rows();
  expect(only.slice(2, 8)).toEqual([
    '>- Packet 1 and packet 2: 4 of 19 lines differ, only t~ ----',
    'Frame 1: 62 bytes on wire, ~ # Frame 2: 62 bytes on wire, ~',
    '  [Number: 1]                #   [Number: 2]',
    'IPv4, 10.0.0.1 to 192.168.1~ # IPv4, 10.0.0.2 to 192.168.1~',
    '  Source: 10.0.0.1           #   Source: 10.0.0.2',
    '',
  ]);
});

describe('on every terminal', () => {
  const HOSTILE = '\x1b[2J\x1b]52;c;eA==\x07\u202e日本e\u0301\u0301\u0301\ufe0f';
  const hostile = withAlias(STANDARD_SETTINGS, ALICE, HOSTILE.repeat(4));
  const channels = CHANNELS.map((row) => ({ ...row, id: row.id + HOSTILE, initiatorAddress: HOSTILE }));
  const steps = [
    ['show-channels', 'choose', 'down'],
    ['show-channels', 'choose', 'choose', 'open', 'down', 'preview'],
    ['mark', 'down', 'compare', 'shift-right'],
  ] as const;

  test('fits, and lets nothing through that a terminal could obey', () => {
    for (const columns of [1, 3, 20, 40, 63, 80, 120, 160]) {
      for (const rows of [1, 4, 5, 12, 24]) {
        for (const commands of steps) {
          const given = { columns, rows, channels, text: HOSTILE, start: { settings: hostile } };
          const shown = new Opened(given).play(...commands).rows();
          expect([columns, rows, shown.length]).toEqual([columns, rows, rows]);
          expect(Math.max(...shown.map(cellsOf))).toBeLessThanOrEqual(columns);
          expect(shown.join('')).not.toMatch(/[\p{C}\p{DI}]/u);
        }
      }
    }
  }, 60_000);

  test('draws with ASCII alone where there is no more', () => {
    for (const commands of steps) {
      const given = { columns: 160, rows: 29, ascii: true, channels, text: HOSTILE, start: { settings: hostile } };
      expect(
        new Opened(given)
          .play(...commands)
          .rows()
          .join(''),
      ).toMatch(/^[\x20-\x7e]*$/);
    }
  });

  test('keeps the columns of arrows straight, whatever peers are called', () => {
    const rows = new Opened({ start: { settings: hostile } }).play('show-channels', 'open').rows();
    expect(new Set(rows.slice(5, 15).map(cellsOf))).toEqual(new Set([80]));
  });
});

describe('the data of a channel', () => {
  test('tells how much of it went in the direction that is shown', () => {
    const opened = open().play('show-channels', 'channel-data', 'direction');
    expect(opened.rows()[2]).toMatch(/^▸─ Channel 1: 205 of 410 bytes; from the initiator, as text ─/);
    opened.play('direction');
    expect(opened.rows()[2]).toMatch(/^▸─ Channel 1: 205 of 410 bytes; from the responder, as text ─/);
  });

  test('stands in hex in 80 columns, with nothing cut', () => {
    const rows = open().play('show-channels', 'channel-data', 'form').rows();
    expect(rows.slice(2, 6)).toEqual([
      '▸─ Channel 1: 410 bytes; both ways, as hex ─────────────────────────────────────',
      '→  1  0000  6c 69 6e 65 20 30 20 6f 66 20 63 68 61 6e 6e 65  line 0 of channe',
      '→     0010  6c 20 31 0a                                      l 1.',
      '←  6  0000  6c 69 6e 65 20 31 20 6f 66 20 63 68 61 6e 6e 65  line 1 of channe',
    ]);
    expect(rows.filter((row) => row.endsWith('…'))).toEqual([]);
  });
});

describe('channels that a search hides', () => {
  const found: Action = { type: 'command', command: 'find-channels', argument: 'timed-out' };

  test('are not acted on', () => {
    const opened = new Opened({ count: 200 }).play('show-channels', 'choose', found, 'open');
    expect(opened.rows().join('\n')).toContain('Ladder of channel 2 (1a2c)');
    opened.play('back', 'packets');
    expect(opened.rows()[1]).toMatch(/^ Filter: channel\.number == 2 /);
  });

  test('are told of, and selected again once they are shown', () => {
    const opened = new Opened({ count: 200, columns: 100 }).play('show-channels', 'choose', found);
    expect(opened.rows().join('\n')).toContain('1 selected (1 hidden)');
    opened.play({ ...found, argument: '' }, 'open');
    expect(opened.rows().join('\n')).toContain('Ladder of channel 1 ');
  });
});
