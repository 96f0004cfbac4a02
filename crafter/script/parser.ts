import { Lexer, type Token } from './lexer.js';
import { conditionIn } from './parse-block.js';
import { type Cursor, cursorOf } from './parse-cursor.js';
import { expressionIn, fieldsIn, placeOf } from './parse-expression.js';
import { lineIn, packetIn } from './parse-line.js';
import { locating } from './sources.js';
import type { BlockTree, BranchTree, PacketRange, ScriptTree, SettingTree, SourcePart, WordTree } from './tree.js';

/** How the settings read: one or more words, a list of fields, a variable, or a packet. */
const SETTINGS: Readonly<Record<string, SettingTree['kind']>> = {
  dialect: 'word',
  role: 'word',
  local: 'word',
  remote: 'word',
  secret: 'word',
  remote_secret: 'word',
  target: 'word',
  listen: 'word',
  tolerance: 'word',
  timeout: 'word',
  seed: 'word',
  peer: 'list',
  network: 'list',
  let: 'let',
  ignore: 'ignore',
  drop: 'drop',
};

/** How deep files may include others, and how many a script may include at all: what goes beyond includes itself. */
const DEEPEST_INCLUDE = 16;
/** Files that a script may include in all: a file that includes itself twice would double them. */
const MOST_INCLUDES = 256;
/** How deep conditions may stand in others. */
const DEEPEST_BLOCK = 32;

/** Text that a script includes. */
export interface Included {
  /** As errors and reports name it. */
  readonly file: string;
  readonly text: string;
}

/** Finds what a script includes, by the name it says and the file that says so; throws what `Parser` passes on. */
export type FindIncluded = (name: string, from: string) => Included;

/**
 * Reads the text of a script. What its names mean is not looked at here.
 * @param find left out where nothing can be included
 * @throws {ScriptError} saying where, what was found and what was expected
 */
export function parse(file: string, text: string, find?: FindIncluded): ScriptTree {
  const parser = new Parser(find);
  return locating(parser.parts, () => {
    const lines = parser.read(file, text, 0);
    return { file, parts: parser.parts, source: parser.source, settings: parser.settings, lines };
  });
}

/** What the files of one script have in common. */
class Parser {
  readonly #find: FindIncluded | undefined;
  readonly parts: SourcePart[] = [];
  readonly source: string[] = [];
  readonly settings: SettingTree[] = [];
  #hasLines = false;

  constructor(find: FindIncluded | undefined) {
    this.#find = find;
  }

  /** Reads a file with all that it includes. */
  read(file: string, text: string, depth: number): readonly BlockTree[] {
    const first = this.source.length + 1;
    this.parts.push({ file, first });
    this.source.push(...text.split(/\r?\n/));
    const cursor = cursorOf(new Lexer(file, text, first));
    const lines = this.#blocks(cursor, depth, 0);
    if (cursor.peek().kind !== 'end') throw cursor.error(cursor.peek(), 'a line; no "if" is open');
    return lines;
  }

  /** Lines, up to the end of the file or an `else` or `end`, which is left. */
  #blocks(cursor: Cursor, depth: number, level: number): BlockTree[] {
    const lines: BlockTree[] = [];
    for (;;) {
      const token = cursor.peek();
      if (token.kind === 'end' || (token.kind === 'name' && (token.text === 'else' || token.text === 'end')))
        return lines;
      if (token.kind === 'newline') cursor.next();
      else if (token.kind === 'name' && token.text === 'if') lines.push(this.#branch(cursor, depth, level));
      else if (token.kind === 'name' && token.text === 'include') lines.push(...this.#include(cursor, depth));
      else if (token.kind === 'name') this.settings.push(settingIn(cursor, this.#hasLines));
      else {
        this.#hasLines = true;
        lines.push({ ...lineIn(cursor), isBlock: false });
      }
    }
  }

  #branch(cursor: Cursor, depth: number, level: number): BranchTree {
    const place = placeOf(cursor.next());
    if (level >= DEEPEST_BLOCK) throw cursor.wrong(place, `conditions stand in others deeper than ${DEEPEST_BLOCK}`);
    this.#hasLines = true;
    const condition = conditionIn(cursor);
    cursor.endLine('"and", "or" or the end of the line');
    const then = this.#blocks(cursor, depth, level + 1);
    let otherwise: readonly BlockTree[] = [];
    if (cursor.peek().text === 'else') {
      cursor.next();
      if (cursor.peek().text === 'if') {
        // An `else if` shares the `end`.
        return { ...place, isBlock: true, condition, then, otherwise: [this.#branch(cursor, depth, level + 1)] };
      }
      cursor.endLine();
      otherwise = this.#blocks(cursor, depth, level + 1);
    }
    if (cursor.peek().text !== 'end') throw cursor.wrong(place, 'this "if" has no "end"');
    cursor.next();
    cursor.endLine();
    return { ...place, isBlock: true, condition, then, otherwise };
  }

  #include(cursor: Cursor, depth: number): readonly BlockTree[] {
    const at = cursor.next();
    const name = cursor.next();
    if (name.kind !== 'text') throw cursor.error(name, 'the name of a file in quotes');
    cursor.endLine();
    if (!this.#find) throw cursor.wrong(at, 'nothing can be included here');
    if (depth >= DEEPEST_INCLUDE || this.parts.length > MOST_INCLUDES) {
      throw cursor.wrong(at, `${name.text} is one file too many; does it include itself?`);
    }
    const { file, text } = this.#find(name.text, cursor.file);
    return this.read(file, text, depth + 1);
  }
}

function settingIn(cursor: Cursor, isLate: boolean): SettingTree {
  const { text: name, line, column } = cursor.next();
  const kind = Object.hasOwn(SETTINGS, name) ? SETTINGS[name] : undefined;
  const token = { kind: 'name', text: name, isApart: true, line, column } satisfies Token;
  if (kind === undefined) {
    throw cursor.error(token, `a time such as +0.2, "if", "include", or one of ${Object.keys(SETTINGS).join(', ')}`);
  }
  if (isLate) throw cursor.wrong(token, `"${name}" must stand before the first line with a time`);
  return { ...bodyIn(cursor, kind, name), line, column };
}

type Body = SettingTree extends infer One ? (One extends SettingTree ? Omit<One, 'line' | 'column'> : never) : never;

function bodyIn(cursor: Cursor, kind: SettingTree['kind'], name: string): Body {
  switch (kind) {
    case 'word':
      return { kind, name, words: wordsIn(cursor, name) };
    case 'list':
      return ended(cursor, { kind, name, fields: fieldsIn(cursor, ['newline', 'end']) });
    case 'let': {
      const variable = cursor.name('the name of a variable');
      cursor.symbol('=');
      return ended(cursor, { kind, name: variable.text, value: expressionIn(cursor) });
    }
    case 'ignore': {
      const isRepeats = cursor.peek().text === 'repeats';
      if (isRepeats) cursor.next();
      return ended(cursor, { kind, packet: isRepeats ? undefined : packetIn(cursor, 'ignore') });
    }
    case 'drop':
      return ended(cursor, { kind, packets: rangesIn(cursor) });
  }
}

/** `packet 7, 9..12`: the packets of a play, counted from 1 in both directions. */
function rangesIn(cursor: Cursor): readonly PacketRange[] {
  if (cursor.name('"packet" and a number').text !== 'packet')
    throw cursor.error(cursor.peek(), '"packet" and a number');
  const ranges: PacketRange[] = [];
  do {
    const from = cursor.count('the number of a packet, from 1');
    ranges.push({ from, to: cursor.take('..') ? cursor.count('the number of the last packet') : from });
  } while (cursor.take(','));
  return ranges;
}

function ended(cursor: Cursor, body: Body): Body {
  cursor.endLine();
  return body;
}

/** The words of a setting, to the end of the line. */
function wordsIn(cursor: Cursor, setting: string): readonly WordTree[] {
  const words: WordTree[] = [];
  for (;;) {
    const token = cursor.word();
    const { text, line, column, kind } = token;
    if (kind === 'name' || kind === 'text') words.push({ text, line, column, isQuoted: kind === 'text' });
    else if (words.length === 0) throw cursor.error(token, `a value for ${setting}`);
    else return words;
  }
}
