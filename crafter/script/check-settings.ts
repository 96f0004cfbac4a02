import { DIALECTS, dialectNamed } from '../../dissectors/channel/dialects.js';
import { fromHex } from '../../dissectors/wire/view.js';
import { type Endpoint, endpointExpected, ownEndpointFrom, remoteEndpointFrom } from '../endpoint.js';
import { peerId } from '../peer-id.js';
import { networkSetting, peerSetting, truthIn } from './peer-settings.js';
import type { ScriptSettings, Target } from './script.js';
import { ScriptError } from './script-error.js';
import { lineText } from './sources.js';
import type { FieldTree, Position, ScriptTree, SettingTree, WordTree } from './tree.js';
import { suggestion } from './words.js';

/** What whoever runs a script says in place of the script. */
export type Overrides = Partial<
  Pick<ScriptSettings, 'target' | 'local' | 'remote' | 'secret' | 'seed' | 'timeout' | 'peer' | 'echo' | 'network'>
>;

type Draft = { -readonly [K in keyof ScriptSettings]?: ScriptSettings[K] };
/** Makes the error at a place. */
type Refuse = (at: Position, problem: string) => ScriptError;
/** Takes the words of one setting. */
type Take = (draft: Draft, words: readonly WordTree[], refuse: Refuse) => void;

const DEFAULT_TOLERANCE = 50;
const DEFAULT_TIMEOUT = 2000;

/**
 * The settings of a script, with defaults for what it leaves open.
 * @throws {ScriptError} on a value that makes no sense, or one that is set twice
 */
export function settingsOf({ file, settings, parts }: ScriptTree, overrides: Overrides): ScriptSettings {
  const refuse: Refuse = ({ line, column }, problem) => new ScriptError(file, line, column, problem);
  const draft: Draft = { peer: {}, network: {} };
  const seen = new Map<string, number>();
  for (const setting of settings) {
    if (setting.kind === 'let' || setting.kind === 'ignore' || setting.kind === 'drop') continue;
    const { name, line } = setting;
    const before = seen.get(name);
    if (before !== undefined) throw refuse(setting, `${name} was set in ${lineText(parts, before)} already`);
    seen.set(name, line);
    if (setting.kind === 'word') WORDS[name]?.(draft, setting.words, refuse);
    else listed(draft, setting, refuse);
  }
  return withDefaults({ ...draft, ...overrides, peer: { ...draft.peer, ...overrides.peer } });
}

function withDefaults(draft: Draft): ScriptSettings {
  const { role = 'initiator', target = { kind: 'peer' } } = draft;
  const isInitiator = role === 'initiator';
  return {
    dialect: draft.dialect ?? dialectNamed('hmac'),
    role,
    target,
    local: draft.local ?? peerId(isInitiator ? 'connector' : 'listener'),
    remote: draft.remote ?? (target.kind === 'listen' ? 'any' : peerId(isInitiator ? 'listener' : 'connector')),
    secret: draft.secret ?? 'random',
    // The built-in peer may be given any secret, so it is given one that is known.
    remoteSecret:
      draft.remoteSecret ?? (target.kind === 'peer' ? peerId('the secret of the built-in peer') : undefined),
    tolerance: draft.tolerance ?? DEFAULT_TOLERANCE,
    timeout: draft.timeout ?? DEFAULT_TIMEOUT,
    seed: draft.seed,
    peer: draft.peer ?? {},
    echo: draft.echo ?? false,
    network: draft.network ?? {},
  };
}

/** The one word of a setting that takes one. */
function only(words: readonly WordTree[], refuse: Refuse): WordTree {
  const [first, second] = words;
  if (second) throw refuse(second, `expected the end of the line, found "${second.text}"`);
  return first as WordTree;
}

const secretFrom = (words: readonly WordTree[], refuse: Refuse): Uint8Array => {
  const word = only(words, refuse);
  if (word.isQuoted) return new TextEncoder().encode(word.text);
  if (/^(0x)?([0-9a-f]{2})+$/i.test(word.text)) return fromHex(word.text.replace(/^0x/i, ''));
  throw refuse(word, `expected a secret in hex, or "text", found "${word.text}"`);
};

const secondsFrom = (words: readonly WordTree[], refuse: Refuse): number => {
  const word = only(words, refuse);
  if (!/^\d+(\.\d+)?$/.test(word.text)) throw refuse(word, `expected seconds such as 0.05, found "${word.text}"`);
  return Number(word.text) * 1000;
};

const oneOf = (words: readonly WordTree[], known: readonly string[], refuse: Refuse): string => {
  const word = only(words, refuse);
  if (known.includes(word.text)) return word.text;
  const hint = suggestion(word.text, known);
  throw refuse(word, `expected one of ${known.join(', ')}, found "${word.text}"${hint}`);
};

const WORDS: Readonly<Record<string, Take>> = {
  dialect: (draft, words, refuse) => {
    const name = oneOf(
      words,
      DIALECTS.map((dialect) => dialect.name),
      refuse,
    );
    draft.dialect = DIALECTS.find((dialect) => dialect.name === name) ?? dialectNamed('hmac');
  },
  role: (draft, words, refuse) => {
    draft.role = oneOf(words, ['initiator', 'responder'], refuse) === 'initiator' ? 'initiator' : 'responder';
  },
  local: (draft, words, refuse) => {
    const { text, isQuoted } = only(words, refuse);
    draft.local = text === 'random' && !isQuoted ? 'random' : peerId(text);
  },
  remote: (draft, words, refuse) => {
    const { text, isQuoted } = only(words, refuse);
    draft.remote = text === '*' && !isQuoted ? 'any' : peerId(text);
  },
  secret: (draft, words, refuse) => {
    const isRandom = words[0]?.text === 'random' && !words[0].isQuoted;
    draft.secret = isRandom && only(words, refuse) ? 'random' : secretFrom(words, refuse);
  },
  remote_secret: (draft, words, refuse) => {
    draft.remoteSecret = secretFrom(words, refuse);
  },
  target: (draft, words, refuse) => {
    draft.target = targetFrom(words, refuse);
  },
  listen: (draft, words, refuse) => {
    draft.target = { kind: 'listen', ...addressFrom(only(words, refuse), ownEndpointFrom, refuse) };
  },
  tolerance: (draft, words, refuse) => {
    draft.tolerance = secondsFrom(words, refuse);
  },
  timeout: (draft, words, refuse) => {
    draft.timeout = secondsFrom(words, refuse);
  },
  seed: (draft, words, refuse) => {
    const word = only(words, refuse);
    if (!/^\d{1,15}$/.test(word.text)) throw refuse(word, `expected a whole number, found "${word.text}"`);
    draft.seed = Number(word.text);
  },
};

function targetFrom(words: readonly WordTree[], refuse: Refuse): Target {
  const [kind, ...rest] = words;
  if (kind?.text === 'peer') {
    only(words, refuse);
    return { kind: 'peer' };
  }
  const [address] = rest;
  if (kind?.text !== 'udp' || !address) {
    throw refuse(kind ?? (words[0] as WordTree), 'expected "peer" or "udp HOST:PORT"');
  }
  return { kind: 'udp', ...addressFrom(only(rest, refuse), remoteEndpointFrom, refuse) };
}

function addressFrom(word: WordTree, read: typeof remoteEndpointFrom, refuse: Refuse): Endpoint {
  const address = read(word.text);
  if (!address) throw refuse(word, `${endpointExpected(word.text)}, found "${word.text}"`);
  return address;
}

/** Settings of the built-in peer, or of the network between. */
function listed(draft: Draft, setting: Extract<SettingTree, { kind: 'list' }>, refuse: Refuse): void {
  for (const field of setting.fields) {
    const at: FieldTree = field;
    if (field.name === undefined) throw refuse(at, `expected NAME=VALUE, such as ${setting.name} idle=5`);
    try {
      if (setting.name === 'peer' && field.name === 'echo') draft.echo = truthIn('echo', field.pattern);
      else if (setting.name === 'peer') draft.peer = { ...draft.peer, ...peerSetting(field.name, field.pattern) };
      else draft.network = { ...draft.network, ...networkSetting(field.name, field.pattern) };
    } catch (error) {
      if (error instanceof RangeError) throw refuse(at, error.message);
      throw error;
    }
  }
}
