import { describe, expect, test } from 'vitest';
import type { Action } from '../../../analyzer/store/action.js';
import { commandFor } from '../../../analyzer/store/keys.js';
import { Store } from '../../../analyzer/store/store.js';
import { FakeCapture } from './fake-capture.js';
import { Opened } from './opened.js';

const typed = (text: string): Action => ({ type: 'typed', text });
const status = (opened: Opened): string => opened.rows().at(-1) ?? '';

test('a notice goes away by itself once it has been read', () => {
  let now = 0;
  const due: { readonly at: number; readonly run: () => void }[] = [];
  const clock = {
    now: () => now,
    after: (delay: number, run: () => void) => {
      const one = { at: now + delay, run };
      due.push(one);
      return () => void due.splice(due.indexOf(one), 1);
    },
  };
  const pass = (milliseconds: number) => {
    const end = now + milliseconds;
    for (;;) {
      const next = due.toSorted((one, other) => one.at - other.at)[0];
      if (next === undefined || next.at > end) break;
      due.splice(due.indexOf(next), 1);
      now = Math.max(now, next.at);
      next.run();
    }
    now = end;
  };
  const store = new Store(new FakeCapture({ count: 9 }), { size: { columns: 80, rows: 24 } }, clock);
  store.dispatch({ type: 'command', command: 'time' });
  pass(1000);
  expect(store.snapshot().notice?.text).toMatch(/^times: /);
  pass(10_000);
  expect(store.snapshot().notice).toBeUndefined();
  // What went wrong stays longer.
  store.dispatch({ type: 'command', command: 'go-to', argument: '99' });
  pass(10_000);
  expect(store.snapshot().notice?.text).toMatch(/^no packet 99/);
  pass(10_000);
  expect(store.snapshot().notice).toBeUndefined();
  store.close();
});

test('holding the screens still tells at once how many packets are new', () => {
  const opened = new Opened({ count: 20, final: 1e6 }).play('pause').grow(32);
  expect(status(opened)).toContain('paused, 12 new packets');
});

describe('the filter bar', () => {
  test('says what may have been meant, and puts the cursor where the filter stops making sense', () => {
    const opened = new Opened().play('filter', typed('frame and udp.prot == 42'), 'accept');
    expect(status(opened)).toContain('"udp.prot" is an unknown field or protocol; did you mean udp.port?');
    expect(opened.state.prompt).toMatchObject({ text: 'frame and udp.prot == 42', cursor: 10 });
    expect(opened.state.history.filter).toEqual([]);
  });

  test('brings the filter before again', () => {
    const opened = new Opened().play('filter', typed('udp'), 'accept', 'filter', 'clear', typed('tcp'), 'accept');
    expect(opened.play('previous-filter').rows()[1]).toMatch(/^ Filter: udp /);
    expect(opened.play('previous-filter').rows()[1]).toMatch(/^ Filter: tcp /);
  });

  test('takes the field of a cell of the list, at once or to be gone on with', () => {
    const opened = new Opened().play('next-cell', 'next-cell', 'next-cell', 'filter-this');
    expect(opened.rows()[1]).toMatch(/^ Filter: ip\.src /);
    opened.play('next-cell', 'filter-prepare');
    expect(opened.rows()[1]).toMatch(/^ Filter: ip\.src && ip\.dst/);
    expect(opened.state.prompt?.kind).toBe('filter');
  });
});

describe('habits', () => {
  test('q closes what was opened from another view, and quits only then', () => {
    const opened = new Opened({ count: 200 }).play('show-channels', 'open', 'close');
    expect(opened.state.screen).toBe('channels');
    expect(opened.play('show-packets', 'zoom', 'close').state.zoomed).toBe(false);
    const orders: unknown[] = [];
    const world = { take: (order: unknown) => void orders.push(order) };
    new Opened({ world }).play('close');
    expect(orders).toEqual([{ type: 'program', what: 'quit' }]);
  });

  test.each([
    [':q', { type: 'program', what: 'quit' }],
    [':e /tmp/x.pcap', { type: 'open-capture', key: 'open', path: '/tmp/x.pcap' }],
    [':open /tmp/x.pcap', { type: 'open-capture', key: 'open', path: '/tmp/x.pcap' }],
  ])('%s does what it does elsewhere', (line, order) => {
    const orders: unknown[] = [];
    const world = { take: (one: unknown) => void orders.push(one) };
    new Opened({ world }).play('palette', typed(line.slice(1)), 'accept');
    expect(orders).toContainEqual(order);
  });

  test('a key that means nothing says so', () => {
    expect(status(new Opened().play({ type: 'unbound', key: 'Q' }))).toContain('Q does nothing here: ? shows the keys');
  });

  test('keys of sngrep do the like', () => {
    expect(['f2', 'f3', 'f4', 'f5', 'f7', 'f9', 'f10'].map((key) => commandFor('list', key))).toEqual([
      'save',
      'find',
      'show-ladder',
      'redraw',
      'filter',
      'toggle-filter',
      'add-column',
    ]);
  });

  test('Space marks a packet and goes on; removed columns come back', () => {
    const opened = new Opened().play('mark-and-down', 'mark-and-down');
    expect([[...opened.state.marks], opened.state.list.selected]).toEqual([[1, 2], 3]);
    opened.play({ type: 'command', command: 'remove-column', argument: 'destination' });
    expect(opened.rows()[2]).not.toContain('Destination');
    expect(opened.play('reset-columns').rows()[2]).toContain('Destination');
  });
});
