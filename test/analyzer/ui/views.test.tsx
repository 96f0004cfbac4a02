import { describe, expect, test } from 'vitest';
import type { Action } from '../../../analyzer/store/action.js';
import type { Command } from '../../../analyzer/store/keys.js';
import { Store } from '../../../analyzer/store/store.js';
import { cellsOf } from '../../../analyzer/text/cells.js';
import { Screen } from '../../../analyzer/ui/App.js';
import { renderToString } from '../../../analyzer/ui/ink.js';
import { hasColours, isAsciiLocale, themeOf } from '../../../analyzer/ui/theme.js';
import type { Clock } from '../../../crafter/io/clock.js';
import { FakeCapture, type FakeOptions } from './fake-capture.js';
import { Opened } from './opened.js';

/** A clock on which everything is due as soon as it is asked. */
function hurry(): { readonly clock: Clock; readonly run: () => void } {
  let due = () => {};
  const after: Clock['after'] = (delay, callback) => {
    if (delay >= 1000) return () => {};
    due = callback;
    return () => {};
  };
  return { clock: { now: () => 0, after }, run: () => due() };
}

interface Given extends FakeOptions {
  readonly columns?: number;
  readonly rows?: number;
  readonly ascii?: boolean;
  readonly colour?: boolean;
}

/** The frame after some commands, as the terminal gets it. */
function frame(given: Given, ...steps: readonly (Command | Action)[]): string {
  const { columns = 80, rows = 23, ascii = false, colour = false } = given;
  const { clock, run } = hurry();
  const store = new Store(new FakeCapture(given), { size: { columns, rows } }, clock);
  for (const step of steps) store.dispatch(typeof step === 'string' ? { type: 'command', command: step } : step);
  run();
  const state = store.snapshot();
  return renderToString(<Screen state={state} theme={themeOf(ascii, colour)} />, { columns });
}

/** What a user reads: the rows, without looks and blanks at their ends. */
const read = (given: Given, ...steps: readonly (Command | Action)[]): readonly string[] =>
  plain(frame(given, ...steps))
    .split('\n')
    .map((row) => row.trimEnd());
const plain = (text: string): string => text.replaceAll(/\x1b\[[0-9;]*m/g, '');

describe('the screen', () => {
  test('shows list, tree and bytes at 80 by 23', () => {
    expect(read({ count: 1234, final: 4936 })).toEqual([
      '  0 Handshakes  1 Channels  2 Packets  3 Ladder  4 Statistics  5 Craft  6 Log',
      ' Filter: all packets  (/ to type one)',
      '▸   No.      Time Source      Destination     Protocol  Info',
      '      1  0.001000 10.0.0.1    192.168.100.200 CHAN      Packet number 1',
      '·     2  0.002000 10.0.0.2    192.168.100.200 CHAN-HMAC Packet number 2',
      '      3  0.003000 10.0.0.3    192.168.100.200 TCP       Packet number 3',
      '•     4  0.004000 10.0.0.4    192.168.100.200 UDP       Packet number 4',
      '      5  0.005000 10.0.0.5    192.168.100.200 CHAN      Packet number 5',
      '!     6  0.006000 10.0.0.6    192.168.100.200 CHAN-HMAC Packet number 6',
      '      7  0.007000 10.0.0.7    192.168.100.200 TCP       Packet number 7',
      `── Packet 1 ${'─'.repeat(68)}`,
      '▸ Frame 1: 62 bytes on wire, 62 captured',
      '▸ Ethernet, 02:00:00:00:00:01 to 02:00:00:00:00:02',
      '▸ IPv4, 10.0.0.1 to 192.168.100.200',
      '▸ UDP, 4242 to 4242',
      '▸ Channel packet',
      '',
      `── Frame (62 bytes) ${'─'.repeat(60)}`,
      '0000  01 08 0f 16 1d 24 2b 32  39 40 47 4e 55 5c 63 6a  .....$+29@GNU\\cj',
      '0010  71 78 7f 86 8d 94 9b a2  a9 b0 b7 be c5 cc d3 da  qx..............',
      "0020  e1 e8 ef f6 fd 04 0b 12  19 20 27 2e 35 3c 43 4a  ......... '.5<CJ",
      '0030  51 58 5f 66 6d 74 7b 82  89 90 97 9e a5 ac        QX_fmt{.......',
      ' fake.pcap  packet 1 of 1,234  25%           ? help  q quit  Tab pane  / filter',
    ]);
  });

  test('has a tree that opens, at 60 cells', () => {
    const rows = read({ columns: 60, rows: 29 }, 'next-pane', 'down', 'toggle', 'down');
    expect(rows.slice(2, 4)).toEqual([
      '    No.      Time Source      Destination Info',
      '      1  0.001000 10.0.0.1    192.1…0.200 Packet number 1',
    ]);
    expect(rows.slice(12, 20)).toEqual([
      `▸─ Packet 1 ${'─'.repeat(48)}`,
      '▸ Frame 1: 62 bytes on wire, 62 captured',
      '▾ Ethernet, 02:00:00:00:00:01 to 02:00:00:00:00:02',
      '    Destination: 02:00:00:00:00:02',
      '    Source: 02:00:00:00:00:01',
      '    Type: 0x0800 (IPv4)',
      '▸ IPv4, 10.0.0.1 to 192.168.100.200',
      '▸ UDP, 4242 to 4242',
    ]);
  });

  test('shows the sources of a packet that was put together, and follows the line to its own', () => {
    const third = ['next-packet', 'next-packet', 'open'] as const;
    expect(read({}, ...third)[17]).toBe(`── [Frame (62 bytes)] Reassembled IPv4 (300 bytes) ${'─'.repeat(29)}`);
    expect(read({}, ...third, 'last').slice(17, 19)).toEqual([
      `── Frame (62 bytes) [Reassembled IPv4 (300 bytes)] ${'─'.repeat(29)}`,
      '0000  20 21 22 23 24 25 26 27  28 29 2a 2b 2c 2d 2e 2f   !"#$%&\'()*+,-./',
    ]);
  });

  test('lights the bytes of the line, in hex and in text, without colour too', () => {
    const row = frame({}, 'open', 'down', 'right', 'right').split('\n')[18];
    const on = '\x1b[7m';
    const off = '\x1b[27m';
    expect(row).toContain(`${on}01 08 0f 16 1d 24${off} 2b 32`);
    expect(row).toContain(`${on}.....$${off}+29@`);
  });

  test('marks severity with a sign, and a colour where there are colours', () => {
    const row = (colour: boolean) => frame({ count: 9, colour }).split('\n')[8];
    expect(row(false)).toMatch(/^! {5}6 /);
    expect(row(true)).toMatch(/^\x1b\[33m! {5}6 /);
    expect(frame({ count: 9, problem: 'cut off' }, 'next-pane')).not.toMatch(/\x1b\[(3[0-8]|9[0-7]|4[0-8])m/);
  });

  test.each<[string, Given, readonly string[]]>([
    [
      'an empty capture',
      { count: 0 },
      [
        '  The capture has no packets.',
        ' fake.pcap  no packets    ? help  q quit  Tab pane  / filter  : command  z zoom',
      ],
    ],
    [
      'a capture that has not begun',
      { count: 0, final: 9 },
      ['  No packets yet.', ' fake.pcap  no packets  0%        ? help  q quit  Tab pane  / filter  : command'],
    ],
    [
      'one packet',
      { count: 1 },
      [
        '      1  0.001000 10.0.0.1    192.1…0.200 CHAN         61 Packet number 1',
        ' fake.pcap  packet 1 of 1         ? help  q quit  Tab pane  / filter  : command',
      ],
    ],
  ])('looks right for %s', (_, given, [first, status]) => {
    const rows = read(given);
    expect([rows[3], rows[22]]).toEqual([first, status]);
  });

  test('looks right for ten million packets', () => {
    const rows = read({ count: 10_000_000, columns: 100 }, 'last');
    expect([rows[3], rows[9], rows[22]]).toEqual([
      '•  9999994  9999.994000 10.0.0.244  192.168.100.200 CHAN-HMAC   1254 Packet number 9999994',
      '  10000000 10000.000000 10.0.0.0    192.168.100.200 UDP         1260 Packet number 10000000',
      ' fake.pcap  packet 10,000,000 of 10,000,000   ? help  q quit  Tab pane  / filter  : command  z zoom',
    ]);
  });

  test('tells of live traffic no fewer packets than there are, and how to get help in 80 cells', () => {
    const status = (columns: number, rows: number) => {
      const opened = new Opened({ title: 'lo', columns, final: 1e9 });
      const source = { source: 'dumpcap on lo', running: true, ended: undefined, file: undefined };
      opened.capture.live = { ...source, received: 12_300, dropped: undefined };
      return opened.grow(12_345).play('last').rows()[rows];
    };
    // Keys come before counts that matter less.
    expect(status(80, 22)).toMatch(/^ lo {2}packet [\d,]+ of 12,345 {2}drops unknown {2,}\? help {2}q quit/);
    expect(status(100, 22)).toContain('12,345 received, drops unknown');
    expect(status(140, 22)).toContain('dumpcap on lo, 12,345 received, drops unknown ');
  });

  test('says what is wrong with the capture', () => {
    expect(read({ problem: 'record 4 is cut off at byte 1234' })[21]).toBe('× record 4 is cut off at byte 1234');
  });

  test('asks for a packet, and answers', () => {
    const typed: Action = { type: 'typed', text: '77' };
    expect(read({}, 'go-to', typed)[22]).toMatch(/^ Go to packet: 77 {30,}Enter go there {2}Esc cancel$/);
    expect(read({}, 'go-to', typed, 'accept')[22]).toMatch(/^ no packet 77: there are 1 to 3 {2}/);
  });

  test('tells how a search is taken, left, and changed, as far as there is room', () => {
    const typed: Action = { type: 'typed', text: 'a longer text to find' };
    expect(read({}, 'find')[22]).toBe(
      ' Find text in list:        Enter find  Esc cancel  Ctrl-T where  Ctrl-R as what',
    );
    expect(read({}, 'find', typed)[22]).toMatch(
      /^ Find text in list: a longer text to find {6,}Enter find {2}Esc cancel$/,
    );
    expect(read({}, 'palette')[22]).toMatch(/^ : +Enter run {2}Esc cancel {2}Tab complete {2}Up earlier ones$/);
  });

  test('writes times out at 80 cells in every format, and the date as far as it fits', () => {
    const time = (format: string): Action => ({ type: 'command', command: 'time', argument: format });
    const first = (format: string) => read({}, time(format))[3]?.slice(2, 54);
    expect(first('u')).toBe('    1 22:13:20.001000 10.0.0.1    192.1…0.200 CHAN  ');
    expect(first('e')).toBe('    1 1700000000.001000 10.0.0.1    192.1…0.200 CHAN');
    expect(first('ad')).toMatch(/^ {4}1 2023-11-1[45] \d\d:\d\d:\d\d\.\d+… 10\.0\.0\.1 {4}192\.1…0/);
    // 60 cells have room for the start of them.
    expect(read({ columns: 60 }, time('ad'))[3]).toMatch(/^ {6}1 2023-11-1[45] /);
  });

  test('prints the keys from their table', () => {
    expect(read({}, 'help').slice(0, 4)).toEqual([
      `▸─ Keys ${'─'.repeat(72)}`,
      ' Packets',
      '   Tab                     next pane',
      '   Shift-Tab               pane before',
    ]);
    expect(read({}, 'help')[22]).toMatch(/Esc close/);
    expect(read({}, 'help', 'last')[21]).toBe('   Ctrl-C                  quit');
  });

  test('reads on in long information and long lines', () => {
    const given = { text: ' with much more to say than fits into the row, ending here' };
    const info = (row: string | undefined) => row?.slice(63);
    expect(info(read(given)[3])).toBe('number 1 with mu…');
    expect(info(read(given, 'shift-right')[3])).toBe(' with much more …');
    expect(read({ ...given, columns: 30, rows: 39 }, 'open', 'last', 'shift-right', 'shift-right')).toContain(
      ' with much more to say than f…',
    );
  });

  test('needs no more than ASCII where there is no more', () => {
    const text = frame(
      { count: 9, ascii: true, text: ' ü日\x1b', problem: 'é' },
      'next-packet',
      'next-packet',
      'open',
      'expand-all',
    );
    expect(plain(text)).toMatch(/^[\x20-\x7e\n]*$/);
    expect(plain(text)).toContain('\n>- Packet 3 ---');
  });

  test.each([
    ['C', { LANG: 'C' }, true],
    ['nothing', {}, true],
    ['UTF-8', { LANG: 'de_DE.UTF-8' }, false],
    ['utf8', { LC_CTYPE: 'C.utf8', LANG: 'C' }, false],
    ['an empty override', { LC_ALL: '', LANG: 'en_US.UTF-8' }, false],
    ['UTF-8 on the console of Linux', { LANG: 'en_US.UTF-8', TERM: 'linux' }, true],
    ['UTF-8 on a terminal of old', { LANG: 'en_US.UTF-8', TERM: 'vt100' }, true],
    ['UTF-8 on a terminal of today', { LANG: 'en_US.UTF-8', TERM: 'xterm-256color' }, false],
    ['an override', { LC_ALL: 'POSIX', LANG: 'en_US.UTF-8' }, true],
  ])('the locale %s asks for ASCII or not', (_, environment, ascii) => {
    expect(isAsciiLocale(environment)).toBe(ascii);
  });

  test.each([
    ['vt100', false],
    ['vt220', false],
    ['dumb', false],
    ['xterm-mono', false],
    ['linux', true],
    ['xterm', true],
    ['screen-256color', true],
  ])('the terminal %s has colours or not', (TERM, has) => {
    expect(hasColours({ TERM })).toBe(has);
  });

  test('fits every terminal, to its last row', () => {
    const hostile = ` \x1b[2J\u202e${'日本'.repeat(40)}e${'\u0301'.repeat(300)}`;
    for (const columns of [1, 2, 3, 7, 20, 39, 40, 60, 79, 80, 81, 120, 200]) {
      for (const rows of [1, 2, 3, 4, 5, 10, 11, 24, 50]) {
        for (const steps of [
          [],
          ['open', 'expand-all', 'last'],
          ['previous-pane', 'last'],
          ['help', 'last'],
          ['go-to'],
        ] as const) {
          const shown = read({ columns, rows, text: hostile, problem: hostile, title: hostile }, ...steps);
          expect([columns, rows, shown.length]).toEqual([columns, rows, rows]);
          expect(Math.max(...shown.map(cellsOf))).toBeLessThanOrEqual(columns);
          expect(shown.join('')).not.toMatch(/[\p{C}\p{DI}]/u);
        }
      }
    }
  });
});
