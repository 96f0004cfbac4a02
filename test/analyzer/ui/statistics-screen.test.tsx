import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { StatisticsKind } from '../../../analyzer/query/news.js';
import type { Action } from '../../../analyzer/store/action.js';
import { STATISTICS_KINDS } from '../../../analyzer/store/screens/statistics.js';
import { type Settings, STANDARD_SETTINGS } from '../../../analyzer/store/settings.js';
import { type Scanned, scanned } from '../pipeline/pipeline.js';
import { answered } from '../query/asking.js';
import { type Given, Opened } from './opened.js';

let demo: Scanned;
beforeAll(async () => {
  demo = await scanned('fixtures/demo.pcapng');
});
afterAll(() => demo.close());

/** The screen of a kind of statistics, of what the demonstration has. */
async function opened(kind: Counted, given: Given = {}): Promise<Opened> {
  const news = await answered(demo.capture, { type: 'statistics', kind, filter: '' }, demo.channels);
  const screen = new Opened(given).play('show-statistics');
  while (screen.state.statistics.kind !== kind) screen.play('next-kind');
  return screen.play({ type: 'counted', news });
}

/** Every line of the statistics, a page after the other. */
function allRows(screen: Opened): readonly string[] {
  const count = screen.state.statistics.lines.length;
  const rows = new Set<string>();
  for (let page = 0; page * 10 < count; page++) {
    for (const row of screen.rows().slice(3, -1)) rows.add(row);
    screen.play('page-down');
  }
  return [...rows];
}

/** What is counted of packets. */
type Counted = Exclude<StatisticsKind, 'properties'>;
const COUNTED = STATISTICS_KINDS.flatMap(([kind]): Counted[] => (kind === 'properties' ? [] : [kind]));

describe('statistics', () => {
  test.each(COUNTED)('of %s fit 80 columns, cutting nothing but what findings are about', async (kind) => {
    const rows = allRows(await opened(kind));
    const cut = rows.filter((row) => row.endsWith('…'));
    expect(cut.filter((row) => !/^ {3}(error|warn|note|chat) /.test(row))).toEqual([]);
    expect(Math.max(...rows.map((row) => row.length))).toBeLessThanOrEqual(80);
  });

  test('leave out columns that tell least, and say how to read them', async () => {
    const screen = await opened('handshakes');
    expect(screen.rows().slice(3, 6)).toEqual([
      ' Outcomes, messages sent and sent again  (> shows 3 more columns)',
      '   Peer      Role       Chan  estab  closed  refus  timed  colli  Sent  Again',
      '   (all)                  21      5      12      1      1      2    59      6',
    ]);
    expect(screen.play('shift-right').rows().slice(3, 6)).toEqual([
      ' Outcomes, messages sent and sent again',
      '   Peer      Channels  new  acknowledged  established  early  closed  refused  …',
      '   (all)           21    0             0            5      0      12        1  …',
    ]);
    const end = screen.play('shift-right', 'shift-right', 'shift-right', 'shift-right', 'shift-right', 'shift-right');
    expect(end.rows()[4]).toBe('   Peer      refused  timed-out  collided  Sent  Again');
  });

  test('have all columns where there is room', async () => {
    const rows = (await opened('handshakes', { columns: 160 })).rows();
    expect(rows.slice(3, 5)).toEqual([
      ' Outcomes, messages sent and sent again',
      '   Peer      Role       Channels  new  acknowledged  established  early  closed  refused  timed-out  collided  Sent  Again',
    ]);
  });

  test('show the end of what findings are about to who reads on', async () => {
    const screen = await opened('expert');
    const steps = new Array<'shift-right'>(20).fill('shift-right');
    const rows = screen.play(...steps).rows();
    expect(rows[4]).toBe('   Severity  What');
    expect(rows.slice(5).filter((row) => row.endsWith('…'))).toEqual([]);
    expect(rows.join('\n')).toContain('both start again.');
  });

  test('call peers by names of any width', async () => {
    const aliases = new Map([['4ea5ee68fea05586106890ded5733820', 'ゲートウェイ']]);
    const settings: Settings = { ...STANDARD_SETTINGS, aliases };
    const rows = (await opened('handshakes', { start: { settings } })).rows();
    expect(rows.slice(4, 8)).toEqual([
      '   Peer          Role       Chan  estab  closed  refus  timed  Sent  Again',
      '   (all)                      21      5      12      1      1    59      6',
      '   ゲートウェイ  responder    16      5       9      1      0    14      0',
      '   66cd9688      initiator     4      0       3      1      0     8      0',
    ]);
  });

  test('have heads of ASCII where there is nothing else', async () => {
    const rows = allRows(await opened('conversations', { ascii: true, columns: 160 }));
    expect(rows.find((row) => row.includes('Pkts'))).toMatch(/Pkts > {2}Bytes > {2}Pkts < {2}Bytes </);
  });
});

describe('going from a table to packets and back', () => {
  const typed = (text: string): Action => ({ type: 'typed', text });

  test('brings the filter again that was there, and leaves other tables as they were', () => {
    const opened = new Opened({ count: 200 }).play('filter', typed('udp'), 'accept', 'show-statistics', 'down', 'open');
    expect(opened.rows()[1]).toMatch(/^ Filter: frame\.number == 2 /);
    opened.play('back');
    expect(opened.rows()[1]).toMatch(/^ Filter: udp /);
    expect(opened.state.screen).toBe('statistics');
    // One that was typed meanwhile stays.
    opened.play('open', 'filter', 'clear', typed('tcp'), 'accept', 'back');
    expect(opened.rows()[1]).toMatch(/^ Filter: tcp /);
  });

  test('shows all packets again where there was no filter', () => {
    const opened = new Opened({ count: 200 }).play('show-statistics', 'open', 'back');
    expect(opened.rows()[1]).toContain('all packets');
  });
});

test('heads stay in sight, tables are sorted, and the current tab is always seen', () => {
  const opened = new Opened({ count: 200 }).play('show-statistics', 'last');
  expect(opened.rows()[3]).toMatch(/^ {3}What +Packets$/);
  opened.play('first', 'down', 'next-column', 'next-column');
  expect(opened.rows()[4]).toMatch(/^ {3}What +Packets?▾$/);
  expect(opened.rows()[5]).toMatch(/ 99$/);
  const narrow = new Opened({ count: 200, columns: 40 }).play('show-statistics', 'previous-kind');
  expect(narrow.rows()[2]).toContain('[Properties]');
});
