import { Terminal } from '@xterm/headless';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rowChange } from '../../../analyzer/ui/row-change.js';

const LOOKS = ['', '\x1b[1m', '\x1b[7m', '\x1b[1m\x1b[31m'];
const sign = fc.constantFrom(...'ab ▸─×1', '日');
const span = fc
  .tuple(fc.constantFrom(...LOOKS), fc.array(sign, { maxLength: 12 }))
  .map(([look, signs]) => (look === '' || signs.length === 0 ? signs.join('') : `${look}${signs.join('')}\x1b[0m`));
const row = fc.array(span, { maxLength: 5 }).map((spans) => spans.join(''));

const written = (terminal: Terminal, text: string) => new Promise<void>((done) => terminal.write(text, done));
const cellsIn = (terminal: Terminal) =>
  Array.from({ length: terminal.cols }, (_, x) => {
    const cell = terminal.buffer.active.getLine(0)?.getCell(x);
    return [cell?.getChars() || ' ', cell?.isBold(), cell?.isInverse(), cell?.getFgColor()];
  });

test('what is written makes the one row the other, whatever stands in them', async () => {
  await fc.assert(
    fc.asyncProperty(row, row, async (was, now) => {
      const [changed, fresh] = [0, 1].map(() => new Terminal({ cols: 80, rows: 2, allowProposedApi: true }));
      if (!changed || !fresh) throw new Error('no terminals');
      await written(changed, `\x1b[1;1H${was}`);
      await written(changed, rowChange(was, now, 1));
      await written(fresh, `\x1b[1;1H${now}`);
      expect(cellsIn(changed)).toEqual(cellsIn(fresh));
    }),
    { numRuns: 60 },
  );
});

test('a row of which little changes costs little', () => {
  const text = `${'─'.repeat(30)} packet 1 of 100 ${'─'.repeat(30)}`;
  expect(rowChange(text, text.replace('1 of', '2 of'), 24)).toBe('\x1b[24;39H2');
  // A selection that moves on takes its look along, and nothing else.
  expect(rowChange('\x1b[7mab\x1b[0m', 'ab', 3)).toBe('\x1b[3;1Hab');
});
