import { Lexer, type Token } from './lexer.js';
import { type Cursor, cursorOf } from './parse-cursor.js';
import { expressionIn, fieldsIn } from './parse-expression.js';
import { lineIn, packetIn } from './parse-line.js';
import type { LineTree, ScriptTree, SettingTree, WordTree } from './tree.js';

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
};

/**
 * Reads the text of a script. What its names mean is not looked at here.
 * @throws {ScriptError} saying where, what was found and what was expected
 */
export function parse(file: string, text: string): ScriptTree {
  const cursor = cursorOf(new Lexer(file, text));
  const settings: SettingTree[] = [];
  const lines: LineTree[] = [];
  for (;;) {
    const token = cursor.peek();
    if (token.kind === 'end') break;
    if (token.kind === 'newline') cursor.next();
    else if (token.kind === 'name') settings.push(settingIn(cursor, lines.length > 0));
    else lines.push(lineIn(cursor));
  }
  return { file, source: text.split(/\r?\n/), settings, lines };
}

function settingIn(cursor: Cursor, isLate: boolean): SettingTree {
  const { text: name, line, column } = cursor.next();
  const kind = Object.hasOwn(SETTINGS, name) ? SETTINGS[name] : undefined;
  const token = { kind: 'name', text: name, isApart: true, line, column } satisfies Token;
  if (kind === undefined) {
    throw cursor.error(token, `a time such as +0.2, or one of ${Object.keys(SETTINGS).join(', ')}`);
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
  }
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
