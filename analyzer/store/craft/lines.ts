import { LAYERS } from '../../../crafter/commands/craft-layers.js';
import type { KeyedField } from '../../../crafter/commands/field-value.js';
import { messageOf } from '../../../dissectors/channel/dialects.js';
import { footer, PAYLOAD, privateHeader } from '../../../dissectors/channel/packet.js';
import { type Value, varintLength } from '../../../dissectors/wire/field.js';
import type { Layout } from '../../../dissectors/wire/layout.js';
import { plainText, valueText } from '../../../dissectors/wire/line.js';
import { encodedSize } from '../../../dissectors/wire/message.js';
import { slice, toHex, viewOf } from '../../../dissectors/wire/view.js';
import type { MessageDraft, PacketDraft, Piece } from './draft.js';
import { located } from './located.js';
import type { Made } from './make.js';
import { isPartOf } from './shared-bits.js';

/** What a line of the editor is about. */
export type Place =
  | { readonly in: 'layer'; readonly nth: number; readonly field?: KeyedField }
  | { readonly in: 'header'; readonly field?: KeyedField }
  | { readonly in: 'message'; readonly nth: number; readonly field?: KeyedField }
  | { readonly in: 'body'; readonly nth: number }
  | { readonly in: 'padding' }
  | { readonly in: 'secret'; readonly role: 'initiator' | 'responder' }
  | { readonly in: 'fault' | 'frame-fault'; readonly nth: number };

/** Where a value comes from: what was captured, what the user typed, what follows from the rest, or a word around it. */
export type Provenance = 'kept' | 'typed' | 'derived' | 'part';

/** A line of the editor. Its bytes are `[start, end)` of the frame; none where both are the same. */
export interface EditLine {
  readonly place: Place;
  readonly isHeading: boolean;
  readonly label: string;
  /** As the tree shows it. */
  readonly text: string;
  /** As it is typed. */
  readonly plain: string;
  readonly from: Provenance;
  readonly start: number;
  readonly end: number;
}

/** All lines of a packet that is edited, field by field. */
export function linesOf(draft: PacketDraft, made: Made): readonly EditLine[] {
  return [
    ...layerLines(draft, made),
    ...headerLines(draft, made),
    ...messageLines(draft, made),
    ...endLines(draft, made),
    ...secretLines(draft),
    ...faultLines(draft),
  ];
}

const heading = (place: Place, label: string, text: string, start = 0, end = start): EditLine => ({
  place,
  isHeading: true,
  label,
  text,
  plain: '',
  from: 'kept',
  start,
  end,
});

const LAYER_TITLES: Readonly<Record<keyof typeof LAYERS, string>> = {
  eth: 'Ethernet',
  vlan: 'VLAN',
  sll: 'Linux cooked',
  sll2: 'Linux cooked, version 2',
  null: 'Loopback',
  loop: 'Loopback of OpenBSD',
  ip: 'IPv4',
  ipv6: 'IPv6',
  udp: 'UDP',
  tcp: 'TCP',
  sctp: 'SCTP',
  'sctp-data': 'SCTP DATA',
};

function layerLines({ layers }: PacketDraft, { bytes }: Made): readonly EditLine[] {
  let at = 0;
  return layers.flatMap((layer, nth) => {
    const { layout }: { readonly layout: Layout } = LAYERS[layer.name];
    const start = at;
    at += layout.size;
    const place = { in: 'layer', nth } as const;
    const fields = fieldLines(layout, layer, bytes, start, start, at, (field) => ({ ...place, field }));
    return [heading(place, LAYER_TITLES[layer.name], '', start, Math.min(at, bytes.length)), ...fields];
  });
}

/** The lines of a message's fields, whose values are read from the bytes that were made. */
function fieldLines(
  layout: Layout,
  piece: Piece,
  bytes: Uint8Array,
  at: number,
  shownAt: number,
  end: number,
  place: (field: KeyedField) => Place,
): readonly EditLine[] {
  return located(layout, viewOf(bytes), at, end).map(({ field, start, end: fieldEnd, value }) => ({
    place: place(field),
    isHeading: false,
    label: field.label,
    text: valueText(field, value),
    plain: plainText(field, value),
    from: provenanceOf(field, layout, piece),
    start: start - at + shownAt,
    end: fieldEnd - at + shownAt,
  }));
}

function provenanceOf(field: KeyedField, { list }: Layout, { given, original }: Piece): Provenance {
  const value = given[field.key];
  if (value !== undefined) return isSame(value, original[field.key]) ? 'kept' : 'typed';
  return list.some((one) => given[one.key] !== undefined && isPartOf(field, one)) ? 'part' : 'derived';
}

/** Whether two values are the same, bytes by their bytes. */
export const isSame = (one: Value | undefined, other: Value | undefined): boolean =>
  one instanceof Uint8Array && other instanceof Uint8Array ? toHex(one) === toHex(other) : one === other;

function headerLines({ dialect, header }: PacketDraft, { bytes, at, clean }: Made): readonly EditLine[] {
  // Faults leave the headers where they are, and what they say of them is to be seen.
  const shown = bytes.length >= at + PAYLOAD ? bytes : clean;
  const from = shown === bytes ? at : 0;
  const place = (field: KeyedField): Place => ({ in: 'header', field });
  const privateAt = PAYLOAD - privateHeader.size;
  return [
    heading({ in: 'header' }, 'Channel packet', `dialect ${dialect.name}`, at, Math.min(at + PAYLOAD, bytes.length)),
    ...fieldLines(dialect.header, header, shown, from, at, from + privateAt, place),
    ...fieldLines(privateHeader, header, shown, from + privateAt, at + privateAt, from + PAYLOAD, place),
  ];
}

function messageLines({ dialect, messages }: PacketDraft, { at, clean }: Made): readonly EditLine[] {
  let next = PAYLOAD;
  return messages.flatMap((message, nth) => {
    const start = next;
    next += sizeOf(message, dialect);
    const place = { in: 'message', nth } as const;
    const title = `Message ${nth + 1}`;
    const kind = message.name && messageOf(dialect, message.name);
    const body = start + varintLength(message.code);
    if (kind === undefined) {
      const text = toHex(slice(viewOf(clean), body, next));
      const line = { place: { in: 'body', nth } as const, isHeading: false, label: 'Body', text, plain: text };
      return [
        heading(place, title, `of type ${message.code}`, at + start, at + next),
        { ...line, from: 'kept', start: at + body, end: at + next } as const,
      ];
    }
    return [
      heading(place, title, kind.name, at + start, at + next),
      ...fieldLines(kind.body, message, clean, body, at + body, next, (field) => ({ ...place, field })),
    ];
  });
}

function sizeOf({ name, code, given, body }: MessageDraft, dialect: PacketDraft['dialect']): number {
  const kind = name && messageOf(dialect, name);
  return varintLength(code) + (kind ? encodedSize(kind.body, given) : (body?.length ?? 0));
}

function endLines(draft: PacketDraft, { bytes, at, clean, payload }: Made): readonly EditLine[] {
  const { dialect, messages, padding, originalPadding, header } = draft;
  const end = clean.length - footer.size;
  const count = end - messages.reduce((sum, message) => sum + sizeOf(message, dialect), PAYLOAD);
  const line = {
    isHeading: false,
    label: 'Padding',
    text: count === 1 ? '1 byte' : `${count} bytes`,
    plain: `${count}`,
  } as const;
  const from = padding === undefined ? 'derived' : padding === originalPadding ? 'kept' : 'typed';
  // Faults may have moved the end, or taken it away; then there is nothing to light up.
  const isThere = payload?.length === clean.length && bytes.length >= at + clean.length;
  const [shown, base] = isThere ? [bytes, at] : [clean, 0];
  const footerLines = fieldLines(footer, header, shown, base + end, at + end, base + clean.length, (field) => ({
    in: 'header',
    field,
  }));
  return [
    { ...line, place: { in: 'padding' }, from, start: at + end - count, end: at + end } as const,
    ...footerLines,
  ].map((one) => (isThere ? one : { ...one, start: 0, end: 0 }));
}

function secretLines({ dialect, secrets }: PacketDraft): readonly EditLine[] {
  if (dialect.mac === 'none') return [];
  return (['initiator', 'responder'] as const).map((role) => {
    const secret = secrets[role];
    const plain = secret === undefined ? '' : secret.length === 0 ? '""' : toHex(secret);
    return {
      place: { in: 'secret', role },
      isHeading: false,
      label: role === 'initiator' ? "Initiator's secret" : "Responder's secret",
      text: plain === '' ? '(not known)' : plain,
      plain,
      from: 'kept',
      start: 0,
      end: 0,
    };
  });
}

function faultLines({ faults, frameFaults }: PacketDraft): readonly EditLine[] {
  const line =
    (where: 'fault' | 'frame-fault', label: string) =>
    (text: string, nth: number): EditLine => ({
      place: { in: where, nth },
      isHeading: false,
      label,
      text,
      plain: text,
      from: 'typed',
      start: 0,
      end: 0,
    });
  return [...faults.map(line('fault', 'Fault')), ...frameFaults.map(line('frame-fault', 'Fault of the frame'))];
}
