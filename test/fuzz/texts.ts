import { readdirSync, readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { compileFilter } from '../../analyzer/filter/compile.js';
import { FilterError } from '../../analyzer/filter/filter-error.js';
import type { Packet } from '../../analyzer/print/packet.js';
import { parseSecrets, SecretsError } from '../../analyzer/secrets/secrets.js';
import { parse } from '../../crafter/script/parser.js';
import { ScriptError } from '../../crafter/script/script-error.js';
import { type Seeded, seeded } from '../../crafter/seeded.js';
import type { Conversation } from './frames.js';
import { Broken, play } from './play.js';

/** The longest that a text may take to be read, and a filter to look at a packet, in milliseconds. */
const MOST_MS = 100;

/** Code of a fenced block of a page, by its language. */
const blocks = (page: string, language: string): readonly string[] =>
  [...readFileSync(page, 'utf8').matchAll(new RegExp(`^\`\`\`${language}[^\\n]*\\n(.*?)^\`\`\``, 'gms'))].map(
    ([, text]) => text ?? '',
  );

/** Texts as people write them, by kind. */
const seeds = {
  filters: () => [
    ...readFileSync('test/analyzer/filter/wireshark-table.txt', 'utf8')
      .split('\n')
      .map((line) => line.split('\t')[1] ?? ''),
    'frame matches "(?i)^a[b-d]{2,5}(e|f)*?$" && lower(chan.id) in {"a".."f"}',
  ],
  secrets: () =>
    readdirSync('fixtures')
      .filter((name) => name.endsWith('.secrets'))
      .map((name) => readFileSync(`fixtures/${name}`, 'utf8')),
  scripts: () =>
    [...blocks('docs/scripts.md', ''), ...blocks('docs/scripts.md', 'hs')].filter((text) => text.length > 0),
};
export type TextKind = keyof typeof seeds;
const loaded = new Map<TextKind, readonly string[]>();

function textsOf(kind: TextKind): readonly string[] {
  const known = loaded.get(kind) ?? seeds[kind]().filter((text) => text.trim() !== '');
  loaded.set(kind, known);
  return known;
}

const ODD = [
  '(',
  ')',
  '{',
  '}',
  '[',
  ']',
  '"',
  "'",
  '\\',
  '#',
  '%',
  '&&',
  '!',
  '-',
  '..',
  '0x',
  '1e9',
  '99999999999999999999',
  '\u0000',
  '\u001b[2J',
  '\u202e',
  'é',
  '*',
  '(a+)+',
  '\n',
  '==',
  'ip.src',
];

/** A text of a kind with one to six things changed. */
export function textCase(kind: TextKind, seed: number): string {
  const chance = seeded(seed);
  const texts = textsOf(kind);
  let text = texts[chance.integer(texts.length)] ?? '';
  for (let count = 1 + chance.integer(6); count > 0; count--) text = edited(text, texts, chance);
  return text.slice(0, 20_000);
}

function edited(text: string, texts: readonly string[], { integer }: Seeded): string {
  const at = integer(text.length + 1);
  const odd = ODD[integer(ODD.length)] ?? '';
  const other = texts[integer(texts.length)] ?? '';
  switch (integer(6)) {
    case 0:
      return text.slice(0, at) + odd + text.slice(at);
    case 1:
      return text.slice(0, at) + text.slice(at + 1 + integer(8));
    case 2:
      return text.slice(0, at) + other.slice(integer(other.length + 1));
    case 3:
      return text.slice(0, at) + text.slice(at, at + integer(20)).repeat(1 + integer(200)) + text.slice(at);
    case 4:
      return text.slice(0, at);
    default:
      return text.slice(0, at) + String.fromCharCode(integer(0x3000)) + text.slice(at + 1);
  }
}

/** Reads a text as its kind; what it may be refused with is an error of one line that says where it is wrong. */
export function checkText(kind: TextKind, text: string, packets: Conversation): Broken | undefined {
  try {
    let best = Number.POSITIVE_INFINITY;
    // A busy machine is no fault of the text: the best of three counts.
    for (let run = 0; run < 3 && best > MOST_MS; run++) {
      const since = performance.now();
      read(kind, text, packets);
      best = Math.min(best, performance.now() - since);
    }
    return best > MOST_MS ? new Broken('a text takes little time', `${best.toFixed(0)} ms`) : undefined;
  } catch (error) {
    if (error instanceof Broken) return error;
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return new Broken('nothing throws', stack.split('\n').slice(0, 3).join(' '));
  }
}

function read(kind: TextKind, text: string, packets: Conversation): void {
  switch (kind) {
    case 'filters': {
      const passes = orRefused(() => compileFilter(text), FilterError);
      if (passes) play(packets, [], (packet: Packet) => void passes(packet));
      return;
    }
    case 'secrets':
      orRefused(() => parseSecrets(text, 'secrets'), SecretsError);
      return;
    case 'scripts':
      orRefused(() => parse('script', text), ScriptError);
  }
}

function orRefused<T>(work: () => T, refusal: abstract new (...given: never[]) => Error): T | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof refusal) return undefined;
    throw error;
  }
}
