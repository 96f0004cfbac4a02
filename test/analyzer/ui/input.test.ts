import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InputReader } from '../../../analyzer/ui/input.js';

const read = (text: string) => {
  const reader = new InputReader();
  return [...reader.push(text), ...reader.flush()];
};
const keys = (text: string) => read(text).map((event) => (event.type === 'key' ? event.key : event));
const press = (x: number, y: number) => ({ type: 'mouse', kind: 'press', x, y });

describe('input', () => {
  test.each([
    ['letters', 'aG?', ['a', 'G', '?']],
    ['letters beyond ASCII', 'ü日', ['ü', '日']],
    ['named characters', ' \r\t\x7f\b', ['space', 'enter', 'tab', 'backspace', 'backspace']],
    ['control keys', '\x03\x07\x0c\x1a', ['ctrl-c', 'ctrl-g', 'ctrl-l', 'ctrl-z']],
    ['arrows', '\x1b[A\x1b[B\x1b[C\x1b[D', ['up', 'down', 'right', 'left']],
    ['arrows in application mode', '\x1bOA\x1bOB\x1bOC\x1bOD', ['up', 'down', 'right', 'left']],
    [
      'arrows with modifiers',
      '\x1b[1;5A\x1b[1;2B\x1b[1;3C\x1b[1;6D',
      ['ctrl-up', 'shift-down', 'alt-right', 'ctrl-shift-left'],
    ],
    [
      'home and end, every way',
      '\x1b[H\x1b[F\x1bOH\x1bOF\x1b[1~\x1b[4~\x1b[7~\x1b[8~',
      ['home', 'end', 'home', 'end', 'home', 'end', 'home', 'end'],
    ],
    ['home and end with control', '\x1b[1;5H\x1b[1;5F', ['ctrl-home', 'ctrl-end']],
    [
      'pages, with control too',
      '\x1b[5~\x1b[6~\x1b[5;5~\x1b[6^',
      ['page-up', 'page-down', 'ctrl-page-up', 'ctrl-page-down'],
    ],
    ['rxvt with shift', '\x1b[5$\x1b[a', ['shift-page-up', 'shift-up']],
    ['insert and delete', '\x1b[2~\x1b[3~', ['insert', 'delete']],
    ['function keys of xterm', '\x1bOP\x1bOS\x1b[15~\x1b[19~\x1b[24~', ['f1', 'f4', 'f5', 'f8', 'f12']],
    ['function keys of the Linux console', '\x1b[[A\x1b[[E', ['f1', 'f5']],
    ['function keys with modifiers', '\x1b[1;2P\x1b[18;5~', ['shift-f1', 'ctrl-f7']],
    ['shift-tab', '\x1b[Z', ['shift-tab']],
    ['keys told by character', '\x1b[27u\x1b[103;5u\x1b[9;2u', ['escape', 'ctrl-g', 'shift-tab']],
    ['alt', '\x1bx\x1b\x7f', ['alt-x', 'alt-backspace']],
    ['Esc', '\x1b', ['escape']],
    ['Esc twice', '\x1b\x1b', ['escape', 'escape']],
    ['Esc before an arrow', '\x1b\x1b[A', ['escape', 'up']],
    ['many at once', 'jj\x1b[B\x1b[Bk\x7f\x7f', ['j', 'j', 'down', 'down', 'k', 'backspace', 'backspace']],
  ])('reads %s', (_, text, expected) => {
    expect(keys(text)).toEqual(expected);
  });

  test.each([
    ['a press', '\x1b[<0;1;1M', [press(0, 0)]],
    ['a press far right', '\x1b[<0;300;50M', [press(299, 49)]],
    ['a press with shift held', '\x1b[<4;3;2M', [press(2, 1)]],
    ['a release', '\x1b[<0;3;2m', [{ type: 'mouse', kind: 'release', x: 2, y: 1 }]],
    ['a drag', '\x1b[<32;3;2M', [{ type: 'mouse', kind: 'drag', x: 2, y: 1 }]],
    [
      'the wheel',
      '\x1b[<64;3;2M\x1b[<65;3;2M',
      ['wheel-up', 'wheel-down'].map((kind) => ({ type: 'mouse', kind, x: 2, y: 1 })),
    ],
    ['other buttons not', '\x1b[<2;3;2M\x1b[<1;3;2Mq', [{ type: 'key', key: 'q' }]],
    ['the old form not, and none of its characters', '\x1b[M !!q', [{ type: 'key', key: 'q' }]],
    ['nonsense not', '\x1b[<0;0;1M\x1b[<0;1M\x1b[<123456;1;1M\x1b[<1Mj', [{ type: 'key', key: 'j' }]],
  ])('reads %s of the mouse', (_, text, expected) => {
    expect(read(text)).toEqual(expected);
  });

  test.each([
    [
      'a paste',
      '\x1b[200~q\x1b[A\nrm\x1b[201~j',
      [
        { type: 'paste', text: 'q\x1b[A\nrm' },
        { type: 'key', key: 'j' },
      ],
    ],
    ['an empty paste', '\x1b[200~\x1b[201~', [{ type: 'paste', text: '' }]],
    [
      'answers of the terminal',
      '\x1b[?1;2c\x1b]11;rgb:0/0/0\x07\x1bP1+r\x1b\\\x1b[?2026;2$yj',
      [{ type: 'key', key: 'j' }],
    ],
    ['focus reports', '\x1b[I\x1b[O', []],
    ['unknown sequences', '\x1b[99~\x1b[1;5X\x1bOy', []],
    ['controls that are no keys', '\x80\x9bA', [{ type: 'key', key: 'A' }]],
  ])('tells %s from keys', (_, text, expected) => {
    expect(read(text)).toEqual(expected);
  });

  test('waits for the rest of a sequence, and takes a lone Esc for the key once told that there is none', () => {
    const reader = new InputReader();
    expect(reader.push('\x1b')).toEqual([]);
    expect(reader.isWaiting).toBe(true);
    expect(reader.push('[')).toEqual([]);
    expect(reader.push('5')).toEqual([]);
    expect(reader.push('~')).toEqual([{ type: 'key', key: 'page-up' }]);
    expect(reader.isWaiting).toBe(false);
    expect(reader.push('\x1b')).toEqual([]);
    expect(reader.flush()).toEqual([{ type: 'key', key: 'escape' }]);
    expect(reader.push('[5~')).toEqual(['[', '5', '~'].map((key) => ({ type: 'key', key })));
  });

  test('reads the same however the input is split', () => {
    const input = 'aü\x1b[1;5A\x1bOP\x1b[<0;10;20M\x1b[200~p\x1b[20x\x1b[201~\x1b[[A\x1b]0;t\x07\x1b[M !!z';
    fc.assert(
      fc.property(fc.array(fc.nat(input.length)), (cuts) => {
        const places = [0, ...cuts.toSorted((a, b) => a - b), input.length];
        const reader = new InputReader();
        const parts = places.slice(1).map((end, place) => input.slice(places[place], end));
        expect([...parts.flatMap((part) => reader.push(part)), ...reader.flush()]).toEqual(read(input));
      }),
    );
  });

  test('never throws, and keeps no more than a paste', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' })), (parts) => {
        const reader = new InputReader();
        for (const part of parts) reader.push(`\x1b[${part}`);
        reader.flush();
      }),
    );
    const [paste] = read(`\x1b[200~${'x'.repeat(1_000_000)}\x1b[201~`);
    expect(paste).toEqual({ type: 'paste', text: 'x'.repeat(65_536) });
    expect(keys(`\x1b]${'x'.repeat(10_000)}`)).toEqual([]);
  });
});
