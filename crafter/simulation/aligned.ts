/** Rows as lines of aligned columns: numbers to the right, words to the left. */
export function aligned(rows: readonly (readonly string[])[], right?: readonly boolean[]): readonly string[] {
  const [heads = [], ...body] = rows;
  const widths = heads.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  const numeric =
    right ?? heads.map((_, column) => body.every((row) => /^[\d.+/]*( ms)?$|^-$/.test(row[column] ?? '')));
  const cell = (text: string, column: number): string =>
    numeric[column] ? text.padStart(widths[column] ?? 0) : text.padEnd(widths[column] ?? 0);
  return rows.map((row) => row.map(cell).join('  ').trimEnd());
}
