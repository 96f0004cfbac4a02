import { derived, type Field, named, type Value } from '../wire/field.js';
import type { Layout } from '../wire/layout.js';
import { type FieldSink, type Named, tellLayout } from '../wire/sink.js';
import { slice } from '../wire/view.js';
import { labelText, readName } from './name.js';

/** Data that is told from its start to its end: of a record, or of an option. */
export interface Data {
  readonly view: DataView;
  /** Where the message starts: pointers of names count from there. */
  readonly start: number;
  /** How far it has been told. */
  at: number;
  readonly end: number;
}

/** A part of some data: what can be in it, and how it is told. What does not fit is left out, and ends the data. */
export interface Item {
  readonly fields: readonly Named[];
  readonly tell: (sink: FieldSink, data: Data) => void;
}

/** Fields of fixed size. */
export const fixed = (layout: Layout): Item => ({
  fields: layout.list,
  tell: (sink, data) => {
    const { view, at, end } = data;
    const isWhole = tellLayout(sink, layout, view, at, { captured: end, wire: end });
    data.at = isWhole ? at + layout.size : end;
  },
});

const textField = (path: string, label: string): Named => named(path, derived(label, 'string'));
const bytesField = (path: string, label: string): Named => named(path, derived(label, 'bytes'));

/** Tells a value that stands in the bytes up to `end`, and goes on from there. */
function found(sink: FieldSink, data: Data, field: Named, end: number, value: () => Value): void {
  if (sink.wants(field.path)) sink.value(field, value(), data.at, end);
  data.at = end;
}

/** A domain name. */
export const domain = (path: string, label: string): Item => {
  const field = textField(path, label);
  return {
    fields: [field],
    tell: (sink, data) => {
      if (data.at >= data.end) return;
      const { text, end } = readName(data.view, data.start, data.at, data.end);
      found(sink, data, field, end, () => text);
    },
  };
};

/** A text after its length in one byte. */
export const counted = (path: string, label: string, lengthPath: string, lengthLabel: string): Item => {
  const field = textField(path, label);
  const length = named(lengthPath, { ...derived(lengthLabel), size: 1 });
  return {
    fields: [length, field],
    tell: (sink, data) => {
      const { view, at, end } = data;
      if (at >= end) return;
      const size = view.getUint8(at);
      sink.value(length, size, at, at + 1);
      data.at = at + 1;
      const last = Math.min(at + 1 + size, end);
      found(sink, data, field, last, () => labelText(view, at + 1, last));
    },
  };
};

/** As many bytes as the number of `width` bytes says that a layout before has told right in front of them. */
export const sized = (path: string, label: string, lengthAt: number, width: 1 | 2): Item => {
  const field = bytesField(path, label);
  return {
    fields: [field],
    tell: (sink, data) => {
      const { view, at, end } = data;
      const place = at - lengthAt;
      if (place < 0 || at > end || place + width > end) return;
      const size = width === 1 ? view.getUint8(place) : view.getUint16(place);
      const last = Math.min(at + size, end);
      if (last > at) found(sink, data, field, last, () => slice(view, at, last));
    },
  };
};

/** The same items again and again, to the end. */
export const repeated = (...items: readonly Item[]): Item => ({
  fields: items.flatMap(({ fields }) => fields),
  tell: (sink, data) => {
    while (data.at < data.end) {
      const before = data.at;
      for (const item of items) item.tell(sink, data);
      if (data.at <= before) return;
    }
  },
});

/** All bytes that are left. */
export const restBytes = (path: string, label: string): Item => rest(bytesField(path, label), slice);

/** All bytes that are left, as text. */
export const restText = (path: string, label: string): Item => rest(textField(path, label), labelText);

const rest = (field: Named, read: (view: DataView, at: number, end: number) => Value): Item => ({
  fields: [field],
  tell: (sink, data) => {
    const { view, at, end } = data;
    if (at < end) found(sink, data, field, end, () => read(view, at, end));
  },
});

/** Something that takes more than the above. */
export const special = (fields: readonly Named[], tell: Item['tell']): Item => ({ fields, tell });

/** Every field of some items. */
export const fieldsOfItems = (items: readonly Item[]): readonly Named[] => items.flatMap(({ fields }) => fields);

/** The same field under another name. */
export const renamed = (path: string, field: Field): Named => named(path, field);
