import { describe, expect, test } from 'vitest';
import { fittedColumns } from '../../../analyzer/store/screens/statistics-fit.js';
import type { StatisticsColumn } from '../../../analyzer/store/screens/statistics-lines.js';

const column = (head: string, more: Partial<StatisticsColumn> = {}): StatisticsColumn => ({
  head,
  right: true,
  spare: 0,
  isEmpty: false,
  ...more,
});

const COLUMNS = [
  column('Peer', { right: false, isPeer: true }),
  column('Channels', { short: 'Chan' }),
  column('refused', { spare: 1 }),
  column('early', { spare: 1, isEmpty: true }),
  column('Bytes sent', { short: 'B sent', spare: 2 }),
  column('What', { right: false }),
];
const WIDTHS = [8, 3, 2, 1, 6, 30];

/** The heads and widths of what fits. */
const fitting = (room: number, widths = WIDTHS) =>
  fittedColumns(COLUMNS, widths, room).map(({ head, width }) => `${head} ${width}`);

describe('the columns of a table', () => {
  test('are all there in full where there is room', () => {
    const all = ['Peer 8', 'Channels 8', 'refused 7', 'early 5', 'Bytes sent 10', 'What 30'];
    expect(fitting(78)).toEqual(all);
    expect(fitting(1000)).toEqual(all);
  });

  test('have short heads before anything else is given up', () => {
    expect(fitting(77)).toEqual(['Peer 8', 'Chan 4', 'refused 7', 'early 5', 'B sent 6', 'What 30']);
    expect(fitting(70)).toEqual(['Peer 8', 'Chan 4', 'refused 7', 'early 5', 'B sent 6', 'What 30']);
  });

  test('with long texts are cut a little before any is left out', () => {
    expect(fitting(64)).toEqual(['Peer 8', 'Chan 4', 'refused 7', 'early 5', 'B sent 6', 'What 24']);
    expect(fitting(80, [40, 3, 2, 1, 6, 30])).toEqual([
      'Peer 24',
      'Chan 4',
      'refused 7',
      'early 5',
      'B sent 6',
      'What 24',
    ]);
  });

  test('are left out where nothing is in them first, then by how easily they are spared', () => {
    expect(fitting(63)).toEqual(['Peer 8', 'Chan 4', 'refused 7', 'B sent 6', 'What 30']);
    expect(fitting(56)).toEqual(['Peer 8', 'Chan 4', 'refused 7', 'What 30']);
    expect(fitting(48)).toEqual(['Peer 8', 'Chan 4', 'What 30']);
  });

  test('stay where they cannot be spared, with their texts cut as far as must be', () => {
    expect(fitting(30)).toEqual(['Peer 8', 'Chan 4', 'What 14']);
    expect(fitting(10)).toEqual(['Peer 8', 'Chan 4', 'What 8']);
  });
});
