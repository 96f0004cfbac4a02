import { describe, expect, test } from 'vitest';
import type { Arrow } from '../../../analyzer/print/ladder.js';
import type { LadderGeometry } from '../../../analyzer/store/screens/ladder-geometry.js';
import { LadderCanvas } from '../../../analyzer/ui/ladder-canvas.js';
import { themeOf } from '../../../analyzer/ui/theme.js';

/** Four columns 20 cells apart, of which a window of 41 cells shows three. */
const geometry = (skipped: number): LadderGeometry => ({
  gutter: 0,
  number: 5,
  time: 9,
  delta: 9,
  room: 41,
  spacing: 20,
  lanes: ['a', 'b', 'c', 'd'].map((id) => ({ id, label: id, address: '' })),
  skipped,
});

const arrow = (from: string, to: string, more: Partial<Arrow> = {}): Arrow => ({
  type: 'arrow',
  packet: 1,
  seconds: 0,
  nanos: 0,
  from,
  to,
  channel: 1,
  messages: ['DATA'],
  text: 'DATA 40',
  missing: 0,
  verdicts: [],
  fate: 'taken',
  notes: [],
  ...more,
});

const drawn = (skipped: number, draw: (canvas: LadderCanvas) => void): string => {
  const canvas = new LadderCanvas(geometry(skipped), themeOf(false, false));
  draw(canvas);
  return canvas
    .spans()
    .map(({ text }) => text)
    .join('');
};

describe('what an arrow says is read', () => {
  test.each([
    ['where it begins', 0, arrow('a', 'd'), '├─ DATA 40 ──────────────────────────────'],
    ['behind the left edge', 20, arrow('a', 'd'), '─ DATA 40 ─────────────────────────────▶│'],
    ['on its way back', 20, arrow('d', 'a'), '─ DATA 40 ──────────────────────────────┤'],
    ['with what is missing', 20, arrow('a', 'd', { missing: 3 }), '╌ 3 numbers not seen ╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌×  │'],
    [
      'cut before the right edge',
      0,
      arrow('b', 'd', { text: 'x'.repeat(40) }),
      `│${' '.repeat(19)}├─ ${'x'.repeat(16)}…─`,
    ],
    ['or not, where none of it is seen', 20, arrow('a', 'b'), '│                   │                   │'],
  ])('%s', (_, skipped, message, line) => {
    const isLoss = message.missing > 0;
    expect(drawn(skipped, (canvas) => (isLoss ? canvas.loss(message) : canvas.arrow(message, '', {})))).toBe(line);
  });

  test('and so is what is no arrow', () => {
    expect(drawn(20, (canvas) => canvas.remark(' a remark ', {}))).toBe('│  a remark         │                   │');
  });
});
