import { DIALECTS } from '../../dissectors/channel/dialects.js';
import type { MessageKind } from '../../dissectors/channel/messages.js';
import {
  DEFAULT_CHANNEL,
  footer,
  initiatorFirstHeader,
  PAYLOAD,
  privateHeader,
  responderFirstHeader,
} from '../../dissectors/channel/packet.js';
import { type Field, shiftOf } from '../../dissectors/wire/field.js';
import type { Layout, Placed } from '../../dissectors/wire/layout.js';
import {
  ADD,
  type Code,
  constant,
  EQUAL,
  get,
  MULTIPLY,
  SUBTRACT,
  type WasmFunction,
} from '../../dissectors/wire/wasm-code.js';
import { GOOD, PLAIN_LAYOUTS } from './plain-layer.js';
import {
  AT,
  bitsOf,
  decimal,
  etherAt,
  hexAt,
  hexBetween,
  integerAt,
  ipv4At,
  nineDigits,
  TEXT_FUNCTIONS,
  TO,
  textAt,
  textOf,
  truth,
} from './text-code.js';

type Pieces = readonly (string | Code)[];

const sizeOf = ({ size }: Placed<Field>): number => (typeof size === 'number' ? size : 0);

/** The value of a field as JSON; undefined for a kind that only the lines of the tree can write. */
function jsonOf(field: Placed<Field>, base: number): Pieces | undefined {
  const { kind, mask, scale } = field;
  const offset = base + field.offset;
  const whole = integerAt(offset, sizeOf(field));
  const bits = mask === 0 ? whole : bitsOf(whole, mask, shiftOf(mask));
  switch (kind) {
    case 'uint':
      return [decimal(scale === 1 ? bits : [...bits, ...constant(scale), ...MULTIPLY])];
    case 'bool':
      return [truth(bits)];
    case 'ether':
      return ['"', etherAt(offset), '"'];
    case 'ipv4':
      return ['"', ipv4At(offset), '"'];
    default:
      return undefined;
  }
}

/** The fields of a layout of fixed size as members of a JSON object; undefined if it has others. */
function membersOf({ list }: Layout, base: number): Pieces | undefined {
  const pieces: (string | Code)[] = [];
  for (const field of list) {
    const value = typeof field.size === 'number' ? jsonOf(field, base) : undefined;
    if (!value) return undefined;
    pieces.push(`${field === list[0] ? '' : ','}"${field.key}":`, ...value);
    if (field.key === 'checksum') pieces.push(`,"checksum.status":${GOOD}`);
  }
  return pieces;
}

const functionOf = (name: string, parameters: number, pieces: Pieces): WasmFunction => ({
  name,
  parameters,
  integers: 0,
  vectors: 0,
  code: [...textOf(pieces), ...get(TO)],
});

/** Where texts stand that functions write as they are, each after a word with its length; and the most that one has. */
export const TEXTS = { second: 256, epoch: 320, interface: 384, dialect: 900 } as const;
export const MOST_TEXT = 500;
/** Where the id of a channel stands. */
export const ID_AT = 1000;

const [NUMBER, NANOS, WIRE, CAPTURED] = [2, 3, 4, 5];

/** `(at, to, number, nanos, wire, captured)`: a usual frame, up to the object of its channel packet. */
function frontFunction(): WasmFunction {
  const names = [...PLAIN_LAYOUTS.map(({ name }) => name), 'chan'];
  const headers: (string | Code)[] = [];
  let base = 0;
  for (const layout of PLAIN_LAYOUTS) {
    headers.push(`,"${layout.name}":{`, ...(membersOf(layout, base) ?? []), '}');
    base += layout.size;
  }
  return functionOf('front', 6, [
    ...['{"frame":{"number":', decimal(get(NUMBER))],
    ...[',"time":"', textAt(constant(TEXTS.second)), nineDigits(get(NANOS))],
    ...['Z","time_epoch":"', textAt(constant(TEXTS.epoch)), nineDigits(get(NANOS))],
    ...['","len":', decimal(get(WIRE)), ',"cap_len":', decimal(get(CAPTURED)), textAt(constant(TEXTS.interface))],
    `},"layers":[${names.map((name) => `"${name}"`)}]`,
    ...headers,
    ',"chan":[',
  ]);
}

const [CHECKSUM_AT, PADDING] = [2, 3];

/** `(at, to, checksumAt, padding)`: a channel packet with a good checksum and nothing encrypted, up to its messages. */
function envelopeFunction(name: string, header: typeof initiatorFirstHeader, responderFirst: boolean): WasmFunction {
  const { protocol_id, sender, recipient, id, flags, size } = header.fields;
  const [initiator, responder] = responderFirst ? [id.offset + 2, id.offset] : [id.offset, id.offset + 2];
  const privateAt = PAYLOAD - privateHeader.size;
  const { sequence, payload_size } = privateHeader.fields;
  // Both halves of the default channel are the same.
  const isDefault = [integerAt(initiator, 2), integerAt(responder, 2)].flatMap((half, place) => [
    ...[...half, ...constant(DEFAULT_CHANNEL >>> 16), ...EQUAL],
    ...(place === 0 ? [] : MULTIPLY),
  ]);
  const checksum: Code = [...get(CHECKSUM_AT)];
  return functionOf(name, 4, [
    ...[textAt(constant(TEXTS.dialect)), hexAt(protocol_id.offset, 4)],
    ...['","sender":"', hexAt(sender.offset, 16), '","recipient":"', hexAt(recipient.offset, 16)],
    ...['","id":"', hexAt(initiator, 2), hexAt(responder, 2)],
    ...['","initiator":"', hexAt(initiator, 2), '","responder":"', hexAt(responder, 2)],
    ...['","default":', truth(isDefault)],
    ...[',"flags":', decimal(integerAt(flags.offset, 2)), ',"size":', decimal(integerAt(size.offset, 2))],
    ...[',"sequence":', decimal(integerAt(privateAt + sequence.offset, 2))],
    ...[',"payload_size":', decimal(integerAt(privateAt + payload_size.offset, 2))],
    ...[',"padding":', decimal(get(PADDING))],
    ...[',"checksum":"', hexBetween(checksum, [...checksum, ...constant(footer.size), ...ADD])],
    '","checksum_status":"good","messages":[',
  ]);
}

/** `(at, to)`: a message whose fields say all that there is to say of it, by its body; undefined for others. */
function messageFunction({ name, code, body }: MessageKind): WasmFunction | undefined {
  const plain = body.list.every(({ key }) => !key.startsWith('cookie') && !key.startsWith('caps'));
  const members = plain ? membersOf(body, 0) : undefined;
  return members && functionOf(name, 2, [`{"type":"${name}","code":${code},`, ...members, '}']);
}

const DATA_END = 2;

/** `(at, to, end)`: a DATA message with the bytes `[at, end)`. */
function dataFunction({ name, code }: MessageKind): WasmFunction {
  const length: Code = [...get(DATA_END), ...get(AT), ...SUBTRACT];
  const bytes = hexBetween(get(AT), get(DATA_END));
  return functionOf(name, 3, [`{"type":"${name}","code":${code},"length":`, decimal(length), ',"data":"', bytes, '"}']);
}

const CHANNEL = 2;

/** `(stateAt, to, number)`: the end of a channel packet, and the one tracked channel of the frame. */
function endFunction(): WasmFunction {
  return functionOf('end', 3, [
    ...[']}],"channel":[{"number":', decimal(get(CHANNEL))],
    ...[',"id":"', hexBetween(constant(ID_AT), constant(ID_AT + 4)), '","state":"', textAt(get(AT)), '"}]'],
  ]);
}

/** Messages that are the same in every dialect that has them: those that channels consist of once they are open. */
export const COMMON: readonly MessageKind[] = commonKinds();

function commonKinds(): readonly MessageKind[] {
  const kinds = new Set(DIALECTS.flatMap(({ messages }) => messages));
  return [...kinds].filter((kind) => [...kinds].every((other) => other === kind || other.name !== kind.name));
}

/** The functions by which usual packets become JSON; those for layers and messages have the names of what they write. */
export function jsonFunctions(): readonly WasmFunction[] {
  return [
    ...TEXT_FUNCTIONS,
    frontFunction(),
    envelopeFunction('initiatorFirst', initiatorFirstHeader, false),
    envelopeFunction('responderFirst', responderFirstHeader, true),
    endFunction(),
    ...PLAIN_LAYOUTS.map((layout) => functionOf(layout.name, 2, ['{', ...(membersOf(layout, 0) ?? []), '}'])),
    ...COMMON.flatMap((kind) => (kind.name === 'DATA' ? [dataFunction(kind)] : (messageFunction(kind) ?? []))),
  ];
}
