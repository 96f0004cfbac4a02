/** A value of a table; undefined for one that there is none of. */
export type Cell = string | number | undefined;

/** How text shows a number: seconds to the microsecond, microseconds as milliseconds, or to two places. */
export type NumberStyle = 'seconds' | 'millis' | 'rounded';

/** A column of a table. */
export interface Column {
  /** In JSON and CSV, where numbers are plain. */
  readonly key: string;
  /** Above the column in text. */
  readonly head: string;
  /** In text; plain unless given. */
  readonly show?: NumberStyle;
  /** In text, columns of one part stand together, beneath this title and beside those that have none. */
  readonly part?: string;
  /** Not in text: the title says it. */
  readonly inTitle?: true;
  /** Above the column on a screen that is too narrow for all of them. */
  readonly short?: string;
  /**
   * Where a screen is too narrow even so, those with the greatest number are left out first, together, and those that
   * tell of nothing before them. Left out, the column stays.
   */
  readonly spare?: number;
  /** Its texts are the ids of peers, or what stands for many in brackets. */
  readonly isPeer?: true;
}

/** A table of statistics, for people and for programs. */
export interface Sheet {
  readonly title: string;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Cell[])[];
  /** What a reader of the text should know besides: what was left out. */
  readonly notes: readonly string[];
}

/** A number as text shows it. */
export function shownNumber(value: number, show: NumberStyle | undefined): string {
  switch (show) {
    case undefined:
      return `${value}`;
    case 'seconds':
      return value.toFixed(6);
    case 'millis':
      return (value / 1000).toFixed(3);
    case 'rounded':
      return Number.isInteger(value) ? `${value}` : value.toFixed(2);
  }
}
