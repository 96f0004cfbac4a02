import type { Field, Value } from './field.js';
import type { Layout, Placed } from './layout.js';
import { type Line, valueText } from './line.js';
import { AT_LAST, type FieldSink, type Named } from './sink.js';

/** A line that more may be hung beneath. */
interface Open {
  readonly path: string;
  readonly children: Line[];
}

/** A group that has been begun: its lines, and those of them that the next may continue, outermost first. */
interface Group {
  readonly heading: GrowingLine | undefined;
  readonly lines: Line[];
  readonly open: Open[];
  /** Where the last of its lines ends. */
  last: number;
}

/** A heading whose end may still be unknown. */
type GrowingLine = Omit<Line, 'end'> & { end: number; readonly children: Line[] };

/** Makes the detail tree: each line stands beneath the one whose path it continues, `ip.flags.df` under `ip.flags`. */
export class TreeSink implements FieldSink {
  readonly shows = true;
  source: number;
  private readonly groups: Group[] = [];
  private group: Group = { heading: undefined, lines: [], open: [], last: 0 };

  constructor(source: number) {
    this.source = source;
  }

  /** The lines so far. */
  get made(): readonly Line[] {
    return (this.groups[0] ?? this.group).lines;
  }

  wants(): boolean {
    return true;
  }

  wantsAny(): boolean {
    return true;
  }

  open(path: string, text: string, start: number, end: number): void {
    this.enter({ path, text, source: this.source, start, end, children: [] });
  }

  openValue(field: Named, value: Value, start: number, end: number, text = textOf(field, value)): void {
    this.enter({ path: field.path, field, value, text, source: this.source, start, end, children: [] });
  }

  private enter(line: GrowingLine): void {
    this.hang(line);
    this.groups.push(this.group);
    this.group = { heading: line, lines: line.children, open: [], last: 0 };
  }

  close(least = 0): void {
    const around = this.groups.pop();
    if (!around) return;
    const { heading, last } = this.group;
    if (heading?.end === AT_LAST) {
      heading.end = Math.max(least, last);
      around.last = Math.max(around.last, heading.end);
    }
    this.group = around;
  }

  apart(): void {
    this.group.open.length = 0;
  }

  field(field: Placed<Field>, view: DataView, base: number): void {
    const start = base + field.offset;
    this.value(field, field.read(view, base), start, start + (field.size as number));
  }

  fields({ list }: Layout, view: DataView, base: number, from: number, to: number): void {
    for (let place = from; place < to; place++) this.field(list[place] as Placed<Field>, view, base);
  }

  value(field: Named, value: Value, start: number, end: number, text = textOf(field, value)): void {
    this.hang({ path: field.path, field, value, text, source: this.source, start, end, children: [] });
  }

  lines(lines: readonly Line[]): void {
    for (const line of lines) this.hang({ ...line, children: [...line.children] });
  }

  private hang(line: Line & { readonly children: Line[] }): void {
    const { lines, open } = this.group;
    const { path, children } = line;
    this.group.last = Math.max(this.group.last, line.end);
    while (open.length > 0 && !path.startsWith(`${open.at(-1)?.path}.`)) open.pop();
    (open.at(-1)?.children ?? lines).push(line);
    if (path !== '') open.push({ path, children });
  }
}

const textOf = (field: Named, value: Value): string => `${field.label}: ${valueText(field, value)}`;
