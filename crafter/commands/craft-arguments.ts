import { dialectNamed, messageOf } from '../../dissectors/channel/dialects.js';
import { CODES, type MessageName } from '../../dissectors/channel/messages.js';
import type { Value } from '../../dissectors/wire/field.js';
import { fromHex } from '../../dissectors/wire/view.js';
import { DECLARED, surplusOf } from '../declared-part.js';
import { MESSAGE_PROTOCOLS, messageWordsOf, protocolMessage } from '../protocol-messages.js';
import { at, CraftError } from './craft-error.js';
import { ALL_KINDS, fieldNamed, HEADER_FIELDS, MESSAGE_FIELDS } from './craft-fields.js';
import { type AnyLayer, layerKind } from './craft-layers.js';
import { type CraftArguments, type Draft, type MessagePlan, OPTIONS, SHORT } from './craft-options.js';
import { type KeyedField, optionOf, valueFrom } from './field-value.js';
import { MESSAGE_WORDS, messageNamed, SHORT_WORDS } from './message-words.js';

/** The value that may follow a message at once, without its name. */
const BARE_VALUE: Partial<Readonly<Record<MessageName, string>>> = {
  CHANNEL_CLOSE: 'reason',
  DATA: 'data',
  DATA_PROGRESS: 'next',
  DATA_WINDOW: 'window',
};

const NOT_SAID = -1;

/**
 * Understands the words after `handshark craft`. Pure.
 * @throws {CraftError} saying which word is wrong, and what was expected
 */
export function parseCraft(argv: readonly string[]): CraftArguments {
  const draft: Draft = {
    messages: [],
    header: {},
    common: {},
    layers: [],
    payload: [],
    bare: false,
    faults: [],
    frameFaults: [],
    count: NOT_SAID,
    vary: [],
    pieces: {},
    seed: 1,
    append: false,
    answer: false,
    take: [],
    when: [],
    timeout: 2,
    yes: false,
    destination: { to: 'hex' },
    help: false,
  };
  const words = [...argv];
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    if (/^-[^-]/.test(word)) words.unshift(...longForm(word));
    else if (word.startsWith('--')) takeOption(draft, word.slice(2), words);
    else takeMessage(draft, word, words);
  }
  if (draft.protocol) placeProtocol(draft, draft.protocol);
  if (draft.count === NOT_SAID) draft.count = draft.listen === undefined ? 1 : Number.POSITIVE_INFINITY;
  if (draft.base?.file === '') throw new CraftError('--packet: of which capture? Say --from-capture FILE too');
  if (draft.payload.length > 0 && (draft.messages.length > 0 || draft.base)) {
    throw new CraftError(
      '--payload: stands instead of a channel packet: neither messages nor --from-capture go with it',
    );
  }
  return draft;
}

function longForm(word: string): string[] {
  const long = SHORT[word.slice(1, 2)];
  if (long === undefined) throw new CraftError(`unknown option ${word}`);
  const value = word.slice(2);
  return value === '' ? [`--${long}`] : [`--${long}=${value}`];
}

/** Takes an option: `word` is its name, or `NAME=VALUE`. @throws {CraftError} if there is no such option, or no such value */
export function takeOption(draft: Draft, word: string, words: string[]): void {
  const equals = word.indexOf('=');
  const name = equals < 0 ? word : word.slice(0, equals);
  const attached = equals < 0 ? undefined : word.slice(equals + 1);
  const value = (): string => {
    const found = attached ?? words.shift();
    if (found === undefined) throw new CraftError(`--${name}: needs a value`);
    return found;
  };
  const current = draft.messages.at(-1);
  const own = current && fieldOf(fieldsOf(current, draft), name);
  if (current && own) {
    current.given[own.key] = at(`--${name}`, () => valueFrom(own, own.kind === 'bool' ? (attached ?? '1') : value()));
    return;
  }
  if (draft.protocol && takeProtocolField(draft, draft.protocol, name, attached, value)) return;
  const option = Object.hasOwn(OPTIONS, name) ? OPTIONS[name] : undefined;
  if (option) {
    const given = option.value === undefined ? '' : value();
    at(`--${name}`, () => option.take(draft, given));
    return;
  }
  const ofHeader = fieldOf(HEADER_FIELDS, name);
  const field = ofHeader ?? fieldOf(MESSAGE_FIELDS, name);
  if (!field) throw new CraftError(`unknown option --${name}; handshark craft --help lists them`);
  const into = ofHeader ? draft.header : draft.common;
  into[field.key] = at(`--${name}`, () => valueFrom(field, field.kind === 'bool' ? (attached ?? '1') : value()));
}

const fieldOf = (fields: readonly KeyedField[], option: string): KeyedField | undefined =>
  fields.find((field) => optionOf(field) === option);

/** The fields of a message in its dialect; in any, as long as the dialect is not known. */
function fieldsOf({ name, code }: MessagePlan, { dialect, base }: Draft): readonly KeyedField[] {
  if (name === undefined) return [];
  const inDialect = messageOf(dialect ?? dialectNamed('hmac'), name);
  if (inDialect && !base) return inDialect.body.list;
  return ALL_KINDS.filter((kind) => kind.code === code).flatMap(({ body }) => body.list);
}

/** Takes a field of the message of another protocol; tells whether it has one of that name. */
function takeProtocolField(
  draft: Draft,
  { name: layer, given }: AnyLayer,
  name: string,
  attached: string | undefined,
  value: () => string,
): boolean {
  const kind = layerKind(layer);
  const extra = Object.keys(kind?.extra ?? {}).find((key) => optionOf({ key }) === name);
  const read = extra === undefined ? undefined : kind?.extra?.[extra];
  const field = kind && fieldOf(kind.fields, name);
  const key = extra ?? field?.key;
  if (key === undefined) return false;
  const readText = (text: string): Value => (read ? read(text) : valueFrom(field as KeyedField, text));
  const text = !read && field?.kind === 'bool' ? (attached ?? '1') : value();
  draft.protocol = { name: layer, given: { ...given, [key]: at(`--${name}`, () => readText(text)) } };
  return true;
}

/** Puts the message of another protocol where it goes: inside all layers. */
function placeProtocol(draft: Draft, { name, given }: AnyLayer): void {
  if (!DECLARED.includes(name)) {
    // Chunks stand in a packet of SCTP.
    if (name.startsWith('sctp-') && draft.layers.at(-1)?.name !== 'sctp')
      draft.layers.push({ name: 'sctp', given: {} });
    draft.layers.push({ name, given });
    return;
  }
  const [surplus] = surplusOf(name, given);
  if (surplus !== undefined) throw new CraftError(`${name}: ${surplus}: a message of this type has no such field`);
  draft.payload.push({ name, given });
}

/** Takes a message of another protocol by its two words. */
function takeProtocol(draft: Draft, protocol: string, words: string[]): void {
  const known = messageWordsOf(protocol) ?? [];
  const word = words[0] ?? '';
  const message = protocolMessage(protocol, word.toLowerCase());
  if (!message) throw new CraftError(`${protocol} "${word}": expected one of its messages: ${known.join(', ')}`);
  if (draft.protocol || draft.messages.length > 0) {
    throw new CraftError(`${protocol} ${word}: stands alone; put more of them into --payload or --layer`);
  }
  words.shift();
  draft.protocol = { name: message.layer, given: message.given };
}

function takeMessage(draft: Draft, word: string, words: string[]): void {
  const next = words[0];
  const protocol = word.toLowerCase();
  if (messageWordsOf(protocol)) return takeProtocol(draft, protocol, words);
  if (word.toLowerCase() === 'unknown') {
    if (next === undefined || !/^\d+$/.test(next)) throw new CraftError('unknown: needs the number of its type');
    words.shift();
    const body =
      words[0] !== undefined && /^([0-9a-f]{2})+$/i.test(words[0]) ? fromHex(words.shift() ?? '') : undefined;
    draft.messages.push({ code: Number(next), given: {}, body: body ?? new Uint8Array(0) });
    return;
  }
  const name = messageNamed(word);
  if (name === undefined) {
    throw new CraftError(
      `"${word}" is no message; expected one of ${SHORT_WORDS.join(', ')}, unknown, or a protocol: ${MESSAGE_PROTOCOLS.join(', ')}`,
    );
  }
  const given: Record<string, Value> = {};
  draft.messages.push({ code: CODES[name], name, given });
  const key = BARE_VALUE[name];
  if (key === undefined || next === undefined || next.startsWith('-')) return;
  if (name === 'DATA') given.data = new TextEncoder().encode(words.shift());
  else if (!MESSAGE_WORDS.has(next) && next !== 'unknown') {
    given[key] = at(word, () => valueFrom(fieldNamed(key), words.shift() ?? ''));
  }
}
