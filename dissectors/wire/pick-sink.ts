import type { Field, Value } from './field.js';
import type { Layout, Placed } from './layout.js';
import type { Line } from './line.js';
import type { FieldSink, Named } from './sink.js';

/** Takes the values of the fields that were asked for. */
export interface Taker {
  /** A field of a message that starts at `base`: its value is still to be read. */
  field(field: Placed<Field>, view: DataView, base: number): void;
  value(field: Field, value: Value): void;
  /** A layer or a header, which is there. */
  presence(): void;
}

/** Takes one or two fields of what is told, by their filter names, and passes over all others. */
export class PickSink implements FieldSink {
  readonly shows = false;
  source = 0;
  private readonly first: string;
  private readonly second: string;
  private readonly taker: Taker;
  /** Where the wanted fields stand in the layouts that were told. */
  private readonly places = new Map<Layout, readonly number[]>();

  constructor([first = '', second = first]: readonly string[], taker: Taker) {
    this.first = first;
    this.second = second;
    this.taker = taker;
  }

  wants(path: string): boolean {
    return path === this.first || path === this.second;
  }

  wantsAny(paths: ReadonlySet<string>): boolean {
    return paths.has(this.first) || paths.has(this.second);
  }

  open(): void {}

  openValue(field: Named, value: Value): void {
    this.value(field, value);
  }

  apart(): void {}

  close(): void {}

  field(field: Placed<Field>, view: DataView, base: number): void {
    const { path } = field;
    if (path === this.first || path === this.second) this.taker.field(field, view, base);
  }

  fields(layout: Layout, view: DataView, base: number, from: number, to: number): void {
    const places = this.places.get(layout) ?? this.placesIn(layout);
    for (let count = 0; count < places.length; count++) {
      const place = places[count] as number;
      if (place >= from && place < to) this.taker.field(layout.list[place] as Placed<Field>, view, base);
    }
  }

  private placesIn(layout: Layout): readonly number[] {
    const places = layout.list.flatMap(({ path }, place) => (this.wants(path) ? [place] : []));
    this.places.set(layout, places);
    return places;
  }

  value(field: Named, value: Value): void {
    const { path } = field;
    if (path === this.first || path === this.second) this.taker.value(field, value);
  }

  lines(lines: readonly Line[]): void {
    for (const { path, field, value, children } of lines) {
      if (field && value !== undefined && this.wants(path)) this.taker.value(field, value);
      this.lines(children);
    }
  }
}

/**
 * Takes the presence of a layer or a header: each group of its name, or once for what is told between two calls of
 * `begin` if some field is named after it, for headers inside layers have no group of their own.
 */
export class HeadSink implements FieldSink {
  readonly shows = false;
  source = 0;
  private readonly name: string;
  private readonly prefix: string;
  private readonly taker: Taker;
  private groups = 0;
  private isNamed = false;

  constructor(name: string, taker: Taker) {
    this.name = name;
    this.prefix = `${name}.`;
    this.taker = taker;
  }

  begin(): void {
    this.groups = 0;
    this.isNamed = false;
  }

  end(): void {
    if (this.groups === 0 && this.isNamed) this.taker.presence();
  }

  wants(path: string): boolean {
    return path.startsWith(this.prefix);
  }

  wantsAny(): boolean {
    return true;
  }

  open(path: string): void {
    if (path === this.name) {
      this.groups++;
      this.taker.presence();
    }
  }

  openValue(field: Named): void {
    this.value(field);
  }

  apart(): void {}

  close(): void {}

  field(field: Placed<Field>): void {
    this.value(field);
  }

  fields({ list }: Layout, _view: DataView, _base: number, from: number, to: number): void {
    for (let place = from; place < to && !this.isNamed; place++) this.value(list[place] as Placed<Field>);
  }

  value({ path }: Named): void {
    if (!this.isNamed && path.startsWith(this.prefix)) this.isNamed = true;
  }

  lines(lines: readonly Line[]): void {
    for (const { path, field, children } of lines) {
      if (!field) this.open(path);
      else if (path.startsWith(this.prefix)) this.isNamed = true;
      this.lines(children);
    }
  }
}
