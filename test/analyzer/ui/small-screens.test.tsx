import { describe, expect, test } from 'vitest';
import type { Command } from '../../../analyzer/store/keys.js';
import { Opened } from './opened.js';

const typed = (text: string) => ({ type: 'typed', text }) as const;

describe('a display filter on a small screen', () => {
  const sizes = [24, 13, 12, 8, 5, 4, 3, 2];

  test.each(sizes)('is seen while it is typed, at 80 by %i', (rows) => {
    const opened = new Opened({ rows }).play('filter', typed('udp.port == 42'));
    expect(opened.rows().join('\n')).toContain('Filter: udp.port == 42');
  });

  test.each(sizes.filter((rows) => rows > 2))('is told while it is on, with what passes it, at 80 by %i', (rows) => {
    const opened = new Opened({ rows }).play('filter', typed('udp'), 'accept');
    expect(opened.rows().join('\n')).toMatch(/udp +66 of 200|\[filter: 66 of 200\]/);
    opened.play('down', 'go-to', typed('999'), 'accept');
    expect(opened.rows().join('\n')).toMatch(/66 of 200/);
    expect(opened.rows().join('\n')).toContain('no packet 999');
  });

  test('takes no room where there is none', () => {
    const opened = new Opened({ rows: 12 });
    expect(opened.rows().join('\n')).not.toContain('Filter');
    opened.play('filter', typed('udp'), 'accept', 'toggle-filter');
    expect(opened.rows()[0]).toMatch(/^ Filter: udp +off$/);
    opened.play('filter', 'clear', 'accept');
    expect(opened.rows().join('\n')).not.toContain('Filter');
  });

  test('leaves every other line that is typed to be seen', () => {
    const prompts: readonly Command[] = ['palette', 'go-to', 'find', 'save', 'open-capture'];
    for (const rows of [24, 12, 6, 3, 2])
      for (const command of prompts)
        expect(new Opened({ rows }).play(command, typed('12345')).rows().join('\n')).toContain('12345');
  });
});

test.each([
  [80, 24],
  [80, 12],
  [160, 50],
])('the last row of the terminal is used, at %i by %i', (columns, rows) => {
  const shown = new Opened({ columns, rows }).rows();
  expect([shown.length, shown.at(-1)?.slice(0, 10)]).toEqual([rows, ' fake.pcap']);
});

test('information has room at 80 cells: lengths give way to it, times and destinations stay', () => {
  const row = new Opened({ text: ' and more' }).rows()[4];
  expect(row).toBe('·     2  0.002000 10.0.0.2    192.168.100.200 CHAN-HMAC Packet number 2 and more');
});
