/**
 * Rows as lines of aligned columns: numbers to the right, words to the left, a head above.
 * @param right which columns have numbers; those that look so, unless given
 */
export function table(
  heads: readonly string[],
  rows: readonly (readonly string[])[],
  right?: readonly boolean[],
): readonly string[] {
  const widths = heads.map((head, column) =>
    rows.reduce((most, row) => Math.max(most, (row[column] ?? '').length), head.length),
  );
  const numeric = right ?? heads.map((_, column) => rows.every((row) => /^[\d.]*$/.test(row[column] ?? '')));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => (numeric[column] ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0)))
      .join('  ')
      .trimEnd();
  return [line(heads), ...rows.map(line)];
}
