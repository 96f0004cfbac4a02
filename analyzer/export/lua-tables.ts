import { MODES, RESERVED_CAPABILITIES } from '../../dissectors/channel/capabilities.js';
import { DIALECTS, type Dialect } from '../../dissectors/channel/dialects.js';
import { channelDerived } from '../../dissectors/channel/explain.js';
import { CODES, messageType } from '../../dissectors/channel/messages.js';
import {
  DEFAULT_CHANNEL,
  ENCRYPTED,
  ENVELOPE,
  footer,
  PAYLOAD,
  privateHeader,
  RESERVED_FLAGS,
  RESERVED_HALF,
} from '../../dissectors/channel/packet.js';
import { CASTAGNOLI_POLYNOMIAL } from '../../dissectors/wire/checksum.js';
import { type Field, VARINT_MAX } from '../../dissectors/wire/field.js';
import { type FindingCode, type Group, kindOf, type Severity } from '../../dissectors/wire/finding.js';
import type { Layout, Placed } from '../../dissectors/wire/layout.js';
import { viewOf } from '../../dissectors/wire/view.js';
import type { LuaValue } from './lua-text.js';

/** How a field stands in its message: read from the field itself, so that there is no second description of it. */
function placeTable(field: Placed<Field>): LuaValue {
  const { key, size, advance, offset } = field;
  const common = { key, advance: typeof advance === 'number' ? advance : undefined };
  if (size === 'varint') return { ...common, varint: true };
  if (size === 'rest') throw new Error(`${field.path}: fields that take the rest of a message are not exported`);
  if (typeof size === 'object') return { key, by: size.by };
  if (field.kind === 'bytes') return { ...common, size };
  if (field.kind === 'bool') return { ...common, size, mask: maskOf(field, size, offset) };
  return { ...common, size, order: orderOf(field, size, offset) };
}

const fieldAt = (bytes: readonly number[], offset: number): DataView =>
  viewOf(Uint8Array.from([...new Array<number>(offset).fill(0), ...bytes]));

/** Which bytes a number is made of, most significant first: ids may have their halves the other way round. */
function orderOf(field: Field, size: number, offset: number): readonly number[] {
  const read = (byte: number): number =>
    Number(
      field.read(
        fieldAt(
          Array.from({ length: size }, (_, at) => (at === byte ? 0xff : 0)),
          offset,
        ),
        0,
      ),
    );
  const bytes = Array.from({ length: size }, (_, byte) => ({ byte, value: read(byte) }));
  return bytes
    .filter(({ value }) => value > 0)
    .sort((one, other) => other.value - one.value)
    .map(({ byte }) => byte);
}

/** Which bit of a word, as a number of its size, makes a truth true. */
function maskOf(field: Field, size: number, offset: number): number {
  for (let bit = 0; bit < 8 * size; bit++) {
    const bytes = Array.from({ length: size }, (_, at) => (size - 1 - at === bit >>> 3 ? 1 << (bit & 7) : 0));
    if (field.read(fieldAt(bytes, offset), 0) === true) return 2 ** bit;
  }
  return 0;
}

const layoutTable = ({ list }: Layout): LuaValue => list.map(placeTable);

function dialectTable(dialect: Dialect): LuaValue {
  const { name, header, messages, numbered } = dialect;
  return {
    name,
    numbered,
    header: layoutTable(header),
    messages: new Map(
      messages.map(({ code, name: message, body }) => [code, { name: message, body: layoutTable(body) }]),
    ),
  };
}

/** The dialects by their protocol ids, each with all that it says about packets. */
export const dialectTables = (): LuaValue =>
  new Map(DIALECTS.map((dialect) => [dialect.protocolId, dialectTable(dialect)]));

/** What all dialects share: the other two layouts, and the numbers of the protocol page. */
export const sharedTables = (): LuaValue => ({
  private: layoutTable(privateHeader),
  footer: layoutTable(footer),
  envelope: ENVELOPE,
  payload: PAYLOAD,
  footer_size: footer.size,
  private_size: privateHeader.size,
  default_channel: DEFAULT_CHANNEL,
  reserved_half: RESERVED_HALF,
  reserved_flags: RESERVED_FLAGS,
  reserved_capabilities: RESERVED_CAPABILITIES,
  encrypted: ENCRYPTED,
  varint_max: VARINT_MAX,
  polynomial: CASTAGNOLI_POLYNOMIAL,
  modes: MODES,
  codes: CODES,
});

/** What only knowledge of secrets tells: the script knows none. */
const NOT_WORKED_OUT: ReadonlySet<string> = new Set([
  'cookie1.status',
  'cookie2.status',
  'cookie.status',
  'sequence.start',
  'sequence.relative',
]);

/** Every field of channel packets by its key, as Wireshark is to know it. */
export function fieldTables(): LuaValue {
  const found = new Map<string, { readonly [key: string]: LuaValue | undefined }>();
  const add = (key: string, field: Field, offset: number) => {
    const known = found.get(key);
    const type = typeOf(field, offset);
    if (known && known.type !== type) throw new Error(`chan.${key} is of two types: ${known.type}, ${type}`);
    if (!known) found.set(key, { type, label: field.label, base: field.base, names: namesOf(key, field) });
  };
  const layouts: readonly Layout[] = [
    ...DIALECTS.flatMap(({ header, messages }) => [header, ...messages.map(({ body }) => body)]),
    privateHeader,
    messageType,
    footer,
  ];
  for (const { list } of layouts) for (const field of list) add(field.key, field, field.offset);
  for (const [key, field] of Object.entries(channelDerived)) if (!NOT_WORKED_OUT.has(key)) add(key, field, 0);
  return [...found].map(([key, table]) => ({ key, ...table }));
}

/** The type of a field, by the name of the function of `ProtoField` that makes it. */
function typeOf(field: Field, offset: number): string {
  const { kind, size } = field;
  if (kind === 'bool' || kind === 'bytes' || kind === 'string') return kind;
  if (size === 'varint') return 'uint64';
  if (typeof size !== 'number' || size === 0) return 'uint32';
  return `uint${8 * orderOf(field, size, offset).length}`;
}

/** More names than this are not a list but a rule, such as that of modes. */
const MOST_NAMES = 64;

function namesOf(key: string, field: Field): LuaValue | undefined {
  if (key === 'msg.type') return new Map(Object.entries(CODES).map(([name, code]) => [code, name]));
  if (field.kind !== 'uint') return undefined;
  const names = new Map<number, string>();
  for (let value = 0; value < 0x1_0000 && names.size <= MOST_NAMES; value++) {
    const name = field.names(value);
    if (name !== undefined) names.set(value, name);
  }
  return names.size === 0 || names.size > MOST_NAMES ? undefined : names;
}

/** What the script tells of a packet by itself. */
export const TOLD: readonly FindingCode[] = [
  'truncated',
  'malformed',
  'flags-reserved',
  'half-reserved',
  'sent-to-self',
  'trailing-bytes',
  'checksum-bad',
  'encrypted',
  'message-unknown',
  'message-cut',
  'message-misplaced',
  'cookie-not-first',
  'numbered-control',
  'caps-reserved',
  'varint-bad',
];

const SEVERITIES: Readonly<Record<Severity, string>> = { chat: 'CHAT', note: 'NOTE', warn: 'WARN', error: 'ERROR' };
/** The groups that Wireshark has as well; the others are matters of the protocol. */
const GROUPS: Partial<Record<Group, string>> = {
  checksum: 'CHECKSUM',
  malformed: 'MALFORMED',
  undecoded: 'UNDECODED',
  sequence: 'SEQUENCE',
};

/** Those findings as Wireshark's expert information. */
export const findingTables = (): LuaValue =>
  TOLD.map((code) => {
    const { about, group, severity } = kindOf(code);
    return { code, about, group: GROUPS[group] ?? 'PROTOCOL', severity: SEVERITIES[severity] };
  });
