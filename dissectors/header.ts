import type { Context, Dissector, Facts, Form, Layer, LayerName, NOT_MINE, Payload, Table, Tell } from './layer.js';
import type { Field, Value } from './wire/field.js';
import type { Finding } from './wire/finding.js';
import { fieldsOf, type Layout, type Placed } from './wire/layout.js';
import { encode, encodedSize } from './wire/message.js';
import { AT_LAST, type FieldSink, type Named, tellLayout } from './wire/sink.js';
import { type Limit, type Stop, shortOf } from './wire/stop.js';

/** What a header leads to; what is left out follows from the header: the payload starts at its end, and ends where it does. */
export interface Next {
  /** The payload, where it does not start at the end of the header. */
  readonly at?: number;
  readonly limit?: Limit;
  readonly table: Table;
  readonly key: number;
  readonly otherKey?: number;
  readonly findings?: readonly Finding[] | undefined;
  readonly facts?: Facts | undefined;
}

/** The rest of a header whose size only its own bytes tell: options, chains of extension headers, lists. */
export interface Tail {
  /** Every field in it. */
  readonly fields: readonly Named[];
  /**
   * Where it ends.
   * @param at where the header starts, whose layout is captured whole
   * @param start where the tail starts
   */
  readonly end: (view: DataView, at: number, start: number, limit: Limit) => number | Stop;
  /** Tells the tail `[start, limit.captured)`, which may be cut anywhere; left out where nothing is known of its bytes. */
  readonly tell?: (view: DataView, at: number, start: number, limit: Limit, sink: FieldSink) => void;
}

/** A field that is worked out, and told after one of the fields that stand in the header. */
export interface DerivedField {
  readonly field: Named;
  readonly after: Placed<Field>;
  /** Tells the field. @param start where the field that it follows starts */
  readonly tell: (sink: FieldSink, layer: Layer, start: number) => void;
}

/** A protocol of one header, declared. */
export interface Header {
  readonly name: LayerName;
  readonly title: string;
  /** What every header starts with. It is captured whole when any function below is called. */
  readonly layout: Layout;
  /** Layouts of the same size that stand in its place in some headers. */
  readonly forms?: { readonly all: readonly Layout[]; readonly of: (view: DataView, at: number) => Layout };
  /** Parts that follow the layout back to back, when its flags say so: `all` that there are, and those `of` a header. */
  readonly parts?: {
    readonly all: readonly Layout[];
    readonly of: (view: DataView, at: number, limit: Limit) => readonly Layout[];
  };
  readonly tail?: Tail;
  /** Whether the bytes are of this protocol at all; without it all are that lead here. */
  readonly isMine?: (view: DataView, at: number, limit: Limit, context: Context) => boolean;
  /** What the header `[at, end)`, captured whole, leads to. */
  readonly next: (view: DataView, at: number, end: number, limit: Limit, context: Context) => Next | Stop;
  /** Tells what belongs to the layer and stands after its payload. */
  readonly after?: Tell;
  /** Fields that are worked out; they are told of headers that are captured whole. */
  readonly derived?: readonly DerivedField[];
  /**
   * The values that a header to be written has where none is given: lengths, and numbers that are always the same.
   * @param size of the header and all that follows it, in bytes
   */
  readonly filled?: Form['filled'];
  /** What the tree and the list say of a header after its name, where its layout is captured: `VNI 7`. */
  readonly note?: (view: DataView, at: number, limit: Limit) => string;
  /** What a summary begins with: `VXLAN`. */
  readonly short: string;
  /** What the list calls the protocol, where its name in capitals will not do: `VXLAN-GPE`. */
  readonly label?: string;
  /** What tells one network from another with the same addresses. */
  readonly networkOf?: (view: DataView, layer: Layer) => string;
}

/**
 * The dissector of a protocol that is one header. Here, and nowhere else, is checked that the header is whole; its lines,
 * its heading and its summary come from the layouts.
 */
export function headerDissector(header: Header): Dissector {
  const { name, title, layout, forms, parts, tail, derived } = header;
  const tell = tellOf(header);
  return {
    name,
    title,
    ...(header.label !== undefined && { label: header.label }),
    networkOf: header.networkOf,
    layout: forms || parts || tail ? undefined : layout,
    form: forms || tail ? undefined : formOf(header),
    fields: [
      ...fieldsOf(layout, ...(forms?.all ?? []), ...(parts?.all ?? [])),
      ...(tail?.fields ?? []),
      ...(derived ?? []).map(({ field }) => field),
    ],
    dissect: (view, at, limit, context) => dissectHeader(header, view, at, limit, context),
    tell,
    summary: (view, { at, limit }) =>
      at + layout.size > limit.captured
        ? `${header.short}, cut off`
        : `${header.short}${noteOf(header, view, at, limit, ' ')}`,
  };
}

const NOTHING_FILLED: Form['filled'] = () => ({});

/** What a header without a tail is written from: its layout, and the parts that its own values announce. */
const formOf = ({ layout, parts, filled = NOTHING_FILLED }: Header): Form => ({
  layouts: [layout, ...(parts?.all ?? [])],
  filled,
  layoutsOf: (given) => (parts ? [layout, ...partsFor(layout, parts, given)] : [layout]),
});

function partsFor(layout: Layout, parts: NonNullable<Header['parts']>, given: Readonly<Record<string, Value>>) {
  const size = encodedSize(layout, given);
  const view = new DataView(new ArrayBuffer(size));
  encode(layout, given, view, 0);
  return parts.of(view, 0, { captured: size, wire: size });
}

const noteOf = ({ note }: Header, view: DataView, at: number, limit: Limit, separator: string): string => {
  const text = note?.(view, at, limit) ?? '';
  return text === '' ? '' : separator + text;
};

function dissectHeader(
  header: Header,
  view: DataView,
  at: number,
  limit: Limit,
  context: Context,
): Payload | Stop | typeof NOT_MINE {
  const { name, layout, tail, isMine } = header;
  if (at + layout.size > limit.captured) return shortOf(name, at, layout.size, limit);
  if (isMine && !isMine(view, at, limit, context)) return undefined;
  const start = partsEnd(header, view, at, limit);
  if (start > limit.captured) return shortOf(name, at, start - at, limit);
  const end = tail ? tail.end(view, at, start, limit) : start;
  if (typeof end !== 'number') return end;
  if (end > limit.captured) return shortOf(name, at, end - at, limit);
  const next = header.next(view, at, end, limit, context);
  if ('ok' in next) return next;
  return { ok: true, at: end, limit, ...next };
}

/** Where the parts of a header end; its layout is captured whole. */
function partsEnd({ layout, parts }: Header, view: DataView, at: number, limit: Limit): number {
  let end = at + layout.size;
  if (parts) for (const part of parts.of(view, at, limit)) end += part.size;
  return end;
}

/** What tells the fields of a header. */
function tellOf(header: Header): Tell {
  const { name, title, layout, forms, parts, tail, derived = NO_DERIVED } = header;
  return (view, layer, sink) => {
    const { at, limit } = layer;
    let start = at + layout.size;
    if (start > limit.captured) {
      sink.open(name, title, at, limit.captured);
      tellLayout(sink, layout, view, at, limit);
      return sink.close();
    }
    const text = sink.shows ? `${title}${noteOf(header, view, at, limit, ', ')}` : '';
    sink.open(name, text, at, tail ? AT_LAST : Math.min(partsEnd(header, view, at, limit), limit.captured));
    tellPart(forms?.of(view, at) ?? layout, view, at, layer, derived, sink);
    for (const part of parts?.of(view, at, limit) ?? NO_PARTS) {
      tellPart(part, view, start, layer, derived, sink);
      start += part.size;
    }
    // What is cut in its parts has no tail. A tail may have fields of the names that its header has: the next label of a
    // stack, the lengths of options.
    if (tail?.tell && start <= limit.captured) tail.tell(view, at, start, tailLimit(tail, view, start, layer), sink);
    header.after?.(view, layer, sink);
    sink.close(Math.min(start, limit.captured));
  };
}

const NO_DERIVED: readonly DerivedField[] = [];

/** Tells the part of a header at `at`, and after some of its fields what is worked out. */
function tellPart(
  layout: Layout,
  view: DataView,
  at: number,
  layer: Layer,
  derived: readonly DerivedField[],
  sink: FieldSink,
): void {
  const { limit, stop } = layer;
  let from = 0;
  if (!stop) {
    for (const { after, tell } of derived) {
      const place = layout.list.indexOf(after);
      if (place < 0) continue;
      tellLayout(sink, layout, view, at, limit, from, place + 1);
      from = place + 1;
      tell(sink, layer, at + after.offset);
    }
  }
  tellLayout(sink, layout, view, at, limit, from);
}

const NO_PARTS: readonly Layout[] = [];

/** The limit of a tail that starts at `start`: its end, as far as it is captured. */
function tailLimit(tail: Tail, view: DataView, start: number, { at, limit }: Layer): Limit {
  const end = tail.end(view, at, start, limit);
  const captured = typeof end === 'number' ? Math.min(end, limit.captured) : limit.captured;
  return { captured, wire: limit.wire };
}
