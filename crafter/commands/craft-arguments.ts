import { dialectNamed, messageOf } from '../../dissectors/channel/dialects.js';
import { CODES, type MessageName } from '../../dissectors/channel/messages.js';
import type { Value } from '../../dissectors/wire/field.js';
import { fromHex } from '../../dissectors/wire/view.js';
import { at, CraftError } from './craft-error.js';
import { ALL_KINDS, fieldNamed, HEADER_FIELDS, MESSAGE_FIELDS } from './craft-fields.js';
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

function takeMessage(draft: Draft, word: string, words: string[]): void {
  const next = words[0];
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
    throw new CraftError(`"${word}" is no message; expected one of ${SHORT_WORDS.join(', ')}, unknown`);
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
