/** Numbers that follow each other, both ends included. */
export interface Range {
  readonly first: number;
  readonly last: number;
}

/** Numbers in the order in which they came, those that follow each other as one range. */
export class Ranges {
  readonly all: { first: number; last: number }[] = [];

  add(number: number): void {
    const last = this.all.at(-1);
    if (last && number === last.last + 1) last.last = number;
    else this.all.push({ first: number, last: number });
  }
}

export const rangeText = ({ first, last }: Range): string =>
  first === last ? `${first}` : last === first + 1 ? `${first} ${last}` : `${first}-${last}`;

/** Ranges as text: `1-4 6 9-12`. What is beyond `most` of them is counted. */
export function rangesText(ranges: readonly Range[], most = Number.POSITIVE_INFINITY): string {
  const shown = ranges.slice(0, most).map(rangeText).join(' ');
  return ranges.length > most ? `${shown} … (${ranges.length - most} more pieces)` : shown;
}
