import { LAYERS, type LayerKey } from '../../../crafter/commands/craft-layers.js';
import { type KeyedField, valueFrom } from '../../../crafter/commands/field-value.js';
import { faultNamed } from '../../../crafter/fault-names.js';
import { type Dialect, messageOf } from '../../../dissectors/channel/dialects.js';
import type { MessageName } from '../../../dissectors/channel/messages.js';
import { footer, privateHeader } from '../../../dissectors/channel/packet.js';
import type { Value } from '../../../dissectors/wire/field.js';
import type { Layout } from '../../../dissectors/wire/layout.js';
import { typedBytes } from './bytes.js';
import type { LayerDraft, MessageDraft, PacketDraft, Piece } from './draft.js';
import type { Place } from './lines.js';
import { MOST_BYTES } from './make.js';
import { newLayer, newMessage } from './new-draft.js';
import { isPartOf } from './shared-bits.js';

/** More pieces of a kind than these are a mistake. */
const MOST_PIECES = 100;

/**
 * The draft with another value at a place.
 * @throws {RangeError} saying what was found and what was expected
 */
export function withValue(draft: PacketDraft, place: Place, text: string): PacketDraft {
  switch (place.in) {
    case 'layer':
    case 'header':
    case 'message':
      if (place.field === undefined) throw new RangeError('a heading has no value');
      return withPiece(draft, place, typed(pieceAt(draft, place), layoutAt(draft, place), place.field, text));
    case 'body':
      return {
        ...draft,
        messages: draft.messages.with(place.nth, {
          ...messageAt(draft, place.nth),
          body: typedBytes(text),
        }),
      };
    case 'padding':
      if (!/^\d+$/.test(text) || Number(text) > MOST_BYTES)
        throw new RangeError(`"${text}" is no number of bytes up to ${MOST_BYTES}`);
      return { ...draft, padding: Number(text) };
    case 'secret':
      return withSecret(draft, place.role, text);
    case 'fault':
      return { ...draft, faults: draft.faults.with(place.nth, checkedFault(text)) };
    case 'frame-fault':
      return { ...draft, frameFaults: draft.frameFaults.with(place.nth, checkedFrameFault(text)) };
  }
}

/** The draft without what was typed at a place: as it was captured, or derived. Undefined where nothing was typed. */
export function withoutValue(draft: PacketDraft, place: Place): PacketDraft | undefined {
  if (place.in === 'padding') {
    return draft.padding === draft.originalPadding ? undefined : { ...draft, padding: draft.originalPadding };
  }
  if (!('field' in place) || place.field === undefined) return undefined;
  const { given, original } = pieceAt(draft, place);
  const { key } = place.field;
  if (given[key] === original[key]) return undefined;
  // Bits that were given before beside the whole word come back with it.
  const parts = layoutAt(draft, place).list.filter(
    (one) => one.key === key || (place.field !== undefined && isPartOf(one, place.field)),
  );
  const restored: Record<string, Value> = { ...given };
  for (const { key: part } of parts) {
    delete restored[part];
    const before = original[part];
    if (before !== undefined) restored[part] = before;
  }
  return withPiece(draft, place, { given: restored, original });
}

/** The draft with a value left to be derived; undefined where it is already, or never can be. */
export function derivedAt(draft: PacketDraft, place: Place): PacketDraft | undefined {
  if (place.in === 'padding') return draft.padding === undefined ? undefined : { ...draft, padding: undefined };
  if (!('field' in place) || place.field === undefined) return undefined;
  const { given, original } = pieceAt(draft, place);
  if (given[place.field.key] === undefined) return undefined;
  const { [place.field.key]: _, ...rest } = given;
  return withPiece(draft, place, { given: rest, original });
}

type FieldPlace = Extract<Place, { readonly in: 'layer' | 'header' | 'message' }>;

function pieceAt(draft: PacketDraft, place: FieldPlace): Piece {
  if (place.in === 'header') return draft.header;
  if (place.in === 'message') return messageAt(draft, place.nth);
  return layerAt(draft, place.nth);
}

function messageAt({ messages }: PacketDraft, nth: number): MessageDraft {
  const message = messages[nth];
  if (message === undefined) throw new RangeError('there is no such message');
  return message;
}

function layerAt({ layers }: PacketDraft, nth: number): LayerDraft {
  const layer = layers[nth];
  if (layer === undefined) throw new RangeError('there is no such layer');
  return layer;
}

function withPiece(draft: PacketDraft, place: FieldPlace, { given, original }: Piece): PacketDraft {
  switch (place.in) {
    case 'header':
      return { ...draft, header: { given, original } };
    case 'message':
      return {
        ...draft,
        messages: draft.messages.with(place.nth, { ...messageAt(draft, place.nth), given, original }),
      };
    case 'layer':
      return { ...draft, layers: draft.layers.with(place.nth, { ...layerAt(draft, place.nth), given, original }) };
  }
}

/** The layout in which a field of a place is. */
function layoutAt(draft: PacketDraft, place: FieldPlace): Layout {
  if (place.in === 'layer') return LAYERS[layerAt(draft, place.nth).name].layout;
  const key = place.field?.key ?? '';
  if (place.in === 'header') {
    return [privateHeader, footer].find(({ list }) => list.some((field) => field.key === key)) ?? draft.dialect.header;
  }
  const { name } = messageAt(draft, place.nth);
  const kind = name && messageOf(draft.dialect, name);
  if (!kind) throw new RangeError('the message has no fields');
  return kind.body;
}

function typed({ given, original }: Piece, { list }: Layout, field: KeyedField, text: string): Piece {
  const value = textIn(field, text) ?? valueFrom(field, text.trim());
  // Bits that are given beside their word would take its place.
  const others = Object.entries(given).filter(([key]) => {
    const other = list.find((one) => one.key === key);
    return other === undefined || !isPartOf(other, field);
  });
  return { given: { ...Object.fromEntries(others), [field.key]: value }, original };
}

/** Bytes may be typed as text in quotes, where there may be any number of them. */
function textIn({ size, kind }: KeyedField, text: string): Uint8Array | undefined {
  return typeof size === 'object' && kind === 'bytes' && /^".*"$/s.test(text.trim()) ? typedBytes(text) : undefined;
}

/** A secret in hex or in quotes; nothing typed means that it is not known. Cookies are made with it. */
function withSecret(draft: PacketDraft, role: 'initiator' | 'responder', text: string): PacketDraft {
  const { [role]: _, ...others } = draft.secrets;
  if (text.trim() === '') return { ...draft, secrets: others };
  const secrets = { ...others, [role]: typedBytes(text.trim()) };
  const made = role === 'initiator' ? 'cookie1' : 'cookie2';
  // What was captured gives way; what was typed stays.
  const messages = draft.messages.map((message) => {
    const kept = Object.entries(message.given).filter(
      ([key, value]) => (key !== made && key !== 'cookie') || message.original[key] !== value,
    );
    return { ...message, given: Object.fromEntries(kept) };
  });
  return { ...draft, secrets, messages };
}

/** The draft with one message more, after the one of a place. @throws {RangeError} if the dialect lacks it */
export function withMessage(draft: PacketDraft, name: MessageName, place: Place): PacketDraft {
  if (!messageOf(draft.dialect, name)) throw new RangeError(`the dialect ${draft.dialect.name} has no ${name}`);
  const after = place.in === 'message' || place.in === 'body' ? place.nth + 1 : draft.messages.length;
  return { ...draft, messages: inserted(draft.messages, after, newMessage(name)) };
}

/** The draft with one layer more around all others. */
export const withLayer = (draft: PacketDraft, name: LayerKey): PacketDraft => ({
  ...draft,
  layers: inserted(draft.layers, 0, newLayer(name)),
});

/** A fault of the channel packet, or, after the word `frame`, of the whole frame. @throws {RangeError} */
export function withFault(draft: PacketDraft, text: string): PacketDraft {
  const [, frame] = /^frame\s+(.*)$/s.exec(text.trim()) ?? [];
  if (frame !== undefined) {
    return { ...draft, frameFaults: inserted(draft.frameFaults, draft.frameFaults.length, checkedFrameFault(frame)) };
  }
  return { ...draft, faults: inserted(draft.faults, draft.faults.length, checkedFault(text)) };
}

function checkedFault(typed: string): string {
  const text = typed.trim();
  faultNamed(text);
  const [, count] = /^trailing:(\S+)$/.exec(text) ?? [];
  if (count !== undefined && Number(count) > MOST_BYTES)
    throw new RangeError(`at most ${MOST_BYTES} bytes can be added`);
  return text;
}

function checkedFrameFault(typed: string): string {
  const text = typed.trim();
  if (!/^(cut|flip|trailing):/.test(text)) throw new RangeError(`"${text}" is not cut:N, flip:N or trailing:N`);
  return checkedFault(text);
}

function inserted<T>(list: readonly T[], at: number, one: T): readonly T[] {
  if (list.length >= MOST_PIECES) throw new RangeError(`no more than ${MOST_PIECES} of them`);
  return list.toSpliced(at, 0, one);
}

/** The draft without what a place is about; undefined where that cannot be taken out. */
export function without(draft: PacketDraft, place: Place): PacketDraft | undefined {
  switch (place.in) {
    case 'layer':
      return { ...draft, layers: draft.layers.toSpliced(place.nth, 1) };
    case 'message':
    case 'body':
      return { ...draft, messages: draft.messages.toSpliced(place.nth, 1) };
    case 'fault':
      return { ...draft, faults: draft.faults.toSpliced(place.nth, 1) };
    case 'frame-fault':
      return { ...draft, frameFaults: draft.frameFaults.toSpliced(place.nth, 1) };
    case 'secret':
      return withSecret(draft, place.role, '');
    default:
      return undefined;
  }
}

/** The draft with the message or layer of a place once more. @throws {RangeError} */
export function doubled(draft: PacketDraft, place: Place): PacketDraft | undefined {
  if (place.in === 'message' || place.in === 'body') {
    return { ...draft, messages: inserted(draft.messages, place.nth + 1, messageAt(draft, place.nth)) };
  }
  if (place.in !== 'layer') return undefined;
  return { ...draft, layers: inserted(draft.layers, place.nth, layerAt(draft, place.nth)) };
}

/** The draft with the message, layer or fault of a place moved by one; undefined where it cannot go further. */
export function moved(draft: PacketDraft, place: Place, by: 1 | -1): PacketDraft | undefined {
  switch (place.in) {
    case 'layer': {
      const layers = swapped(draft.layers, place.nth, by);
      return layers && { ...draft, layers };
    }
    case 'message':
    case 'body': {
      const messages = swapped(draft.messages, place.nth, by);
      return messages && { ...draft, messages };
    }
    case 'fault': {
      const faults = swapped(draft.faults, place.nth, by);
      return faults && { ...draft, faults };
    }
    default:
      return undefined;
  }
}

function swapped<T>(list: readonly T[], at: number, by: 1 | -1): readonly T[] | undefined {
  const [one, other] = [list[at], list[at + by]];
  return one === undefined || other === undefined ? undefined : list.with(at, other).with(at + by, one);
}

/** The same packet in another dialect: values that it has no place for are left out. @throws {RangeError} */
export function inDialect(draft: PacketDraft, dialect: Dialect): PacketDraft {
  const messages = draft.messages.map((message) => {
    if (message.name === undefined) return message;
    const kind = messageOf(dialect, message.name);
    if (!kind) throw new RangeError(`the dialect ${dialect.name} has no ${message.name}`);
    return { ...message, given: fitting(message.given, kind.body), original: fitting(message.original, kind.body) };
  });
  return { ...draft, dialect, messages };
}

const fitting = (given: Piece['given'], { list }: Layout): Piece['given'] =>
  Object.fromEntries(
    Object.entries(given).filter(([key, value]) => {
      const field = list.find((one) => one.key === key);
      if (field === undefined) return false;
      return !(value instanceof Uint8Array && typeof field.size === 'number' && field.size !== value.length);
    }),
  );
