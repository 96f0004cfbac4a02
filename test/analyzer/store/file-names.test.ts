import { describe, expect, test } from 'vitest';
import type { Action } from '../../../analyzer/store/action.js';
import type { Command } from '../../../analyzer/store/keys.js';
import type { AppState } from '../../../analyzer/store/state.js';
import { play, stateOf } from './play.js';

const typed = (text: string): Action => ({ type: 'typed', text });
const files = (start: string, ...paths: readonly string[]): Action => ({ type: 'files', typed: start, paths });
const lineOf = ({ prompt }: AppState) => [prompt?.text, prompt?.cursor];
const offered = ({ prompt }: AppState) => prompt?.completion?.items.map(({ text }) => text);
const open = (...steps: readonly (Command | Action)[]) => play(stateOf(5), 'open-capture', ...steps);

describe('the name of a file', () => {
  test('is completed as far as the files have it in common, and the files are offered', () => {
    const asked = open(typed('traces/a'), 'complete');
    expect(asked.orders.at(-1)).toEqual({ type: 'files', key: 'files', typed: 'traces/a' });
    const some = play(asked, files('traces/a', 'traces/abc.pcap', 'traces/abd.pcap'));
    expect([lineOf(some), offered(some)]).toEqual([
      ['traces/ab', 9],
      ['traces/abc.pcap', 'traces/abd.pcap'],
    ]);
    expect(lineOf(play(some, 'complete', 'complete'))).toEqual(['traces/abd.pcap', 15]);
  });

  test('is put in where there is but one, and the next Tab looks into the folder', () => {
    const folder = play(open(typed('tr'), 'complete'), files('tr', 'traces/'));
    expect([lineOf(folder), offered(folder)]).toEqual([['traces/', 7], undefined]);
    expect(play(folder, 'complete').orders.at(-1)).toEqual({ type: 'files', key: 'files', typed: 'traces/' });
  });

  test('stays as it is where there is none, or something else has been typed since', () => {
    expect(lineOf(play(open(typed('x'), 'complete'), files('x')))).toEqual(['x', 1]);
    expect(lineOf(play(open(typed('x'), 'complete', typed('y')), files('x', 'xa')))).toEqual(['xy', 2]);
    expect(play(open(typed('x'), 'complete', 'escape'), files('x', 'xa')).prompt).toBeUndefined();
  });

  test('is completed within characters of no kind, and before what follows the cursor', () => {
    const some = play(open(typed('ab'), 'left', 'complete'), files('a', 'a😀', 'a😁'));
    expect(lineOf(some)).toEqual(['ab', 1]);
  });

  test('is completed in the palette, and where the home folder is meant', () => {
    const asked = play(stateOf(5), 'palette', typed('run ~/s'), 'complete');
    expect(asked.orders.at(-1)).toEqual({ type: 'files', key: 'files', typed: '~/s' });
    expect(lineOf(play(asked, files('~/s', '/home/me/script.hs')))).toEqual(['run /home/me/script.hs', 22]);
  });

  test('is not asked for where something else is typed', () => {
    const before = play(stateOf(5), 'go-to', typed('3'), 'complete');
    expect(before.orders.some(({ type }) => type === 'files')).toBe(false);
  });
});
