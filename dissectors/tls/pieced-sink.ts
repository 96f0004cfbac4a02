import type { Value } from '../wire/field.js';
import type { Layout, Placed } from '../wire/layout.js';
import type { Line } from '../wire/line.js';
import type { FieldSink, Named } from '../wire/sink.js';
import type { ContentPiece } from './records.js';

/** Hands on what is told of bytes that were put together, with the places where they stand in their records. */
export class PiecedSink implements FieldSink {
  private readonly inner: FieldSink;
  private readonly pieces: readonly ContentPiece[];

  constructor(inner: FieldSink, pieces: readonly ContentPiece[]) {
    this.inner = inner;
    this.pieces = pieces;
  }

  get shows(): boolean {
    return this.inner.shows;
  }

  get source(): number {
    return this.inner.source;
  }

  set source(source: number) {
    this.inner.source = source;
  }

  wants(path: string): boolean {
    return this.inner.wants(path);
  }

  wantsAny(paths: ReadonlySet<string>): boolean {
    return this.inner.wantsAny(paths);
  }

  open(path: string, text: string, start: number, end: number): void {
    this.inner.open(path, text, this.startOf(start), this.endOf(start, end));
  }

  openValue(field: Named, value: Value, start: number, end: number, text?: string): void {
    this.inner.openValue(field, value, this.startOf(start), this.endOf(start, end), text);
  }

  apart(): void {
    this.inner.apart();
  }

  close(least?: number): void {
    this.inner.close(least);
  }

  field(field: Placed<Named>, view: DataView, base: number): void {
    const start = base + field.offset;
    this.value(field, field.read(view, base), start, start + Number(field.size));
  }

  fields({ list }: Layout, view: DataView, base: number, from: number, to: number): void {
    for (const field of list.slice(from, to)) this.field(field, view, base);
  }

  value(field: Named, value: Value, start: number, end: number, text?: string): void {
    this.inner.value(field, value, this.startOf(start), this.endOf(start, end), text);
  }

  lines(lines: readonly Line[]): void {
    this.inner.lines(lines);
  }

  /** Where a byte stands in its record. */
  private startOf(at: number): number {
    const piece = this.pieces.find(({ to }) => at < to) ?? this.pieces.at(-1);
    return piece ? piece.at + Math.min(at, piece.to) - piece.from : at;
  }

  /** The place behind the last byte of `[start, end)`. */
  private endOf(start: number, end: number): number {
    return end > start ? this.startOf(end - 1) + 1 : this.startOf(start);
  }
}
