import { ScriptError } from './script-error.js';
import type { Position } from './tree.js';

export type TokenKind = 'number' | 'hex' | 'text' | 'name' | 'symbol' | 'newline' | 'end';

/** A piece of a script. */
export interface Token extends Position {
  readonly kind: TokenKind;
  /** As written; for a text what stands between its quotes, escapes undone; for hex the digits. */
  readonly text: string;
  /** Whether a blank, or the start of a line, stands before it. */
  readonly isApart: boolean;
}

const NUMBER = /\d+(\.\d+)?/y;
const HEX = /0x([0-9a-fA-F]*)/y;
/** A dash or a dot between letters and digits belongs to the name: `streaming-1`, `caps.resend`. */
const NAME = /[A-Za-z_]\w*(?:[.-][A-Za-z0-9_]\w*)*/y;
const SYMBOL = /->|\.\.\.|\.\.|<\?|<<|>>|==|!=|<=|>=|[()[\]=,+\-*~<>!$:?&|^]/y;
const BLANK = /[ \t\r]+|#[^\n]*|\\[ \t\r]*(?:#[^\n]*)?\n/y;
const WORD = /[^\s#]+/y;

/** A script as tokens, one after the other. Newlines inside parentheses, and after a backslash, are blanks. */
export class Lexer {
  readonly file: string;
  readonly #source: string;
  #at = 0;
  #line: number;
  #lineStart = 0;
  /** Positions of the parentheses that are open. */
  readonly #open: Token[] = [];
  #peeked: Token | undefined;

  /** @param first the number of the first line */
  constructor(file: string, source: string, first = 1) {
    this.file = file;
    this.#source = source;
    this.#line = first;
  }

  /** The innermost parenthesis that is still open. */
  get open(): Position | undefined {
    return this.#open.at(-1);
  }

  peek(): Token {
    this.#peeked ??= this.#read();
    return this.#peeked;
  }

  next(): Token {
    const token = this.peek();
    this.#peeked = undefined;
    return token;
  }

  /** What comes next up to a blank, whatever it is made of: an address, a peer id. Nothing may have been peeked. */
  word(): Token {
    const isApart = this.#skipBlanks();
    if (this.#source[this.#at] === '"') return this.#text(isApart);
    const text = this.#match(WORD)?.[0];
    if (text === undefined) return this.next();
    const token = this.#token('name', text, isApart);
    this.#advance(text.length);
    return token;
  }

  #read(): Token {
    const isApart = this.#skipBlanks();
    const rest = this.#source[this.#at];
    if (rest === undefined) return this.#token('end', '', isApart);
    if (rest === '\n') {
      const token = this.#token('newline', '\n', isApart);
      this.#newline();
      return token;
    }
    if (rest === '"') return this.#text(isApart);
    for (const [kind, form] of FORMS) {
      const found = this.#match(form);
      if (!found) continue;
      const token = this.#token(kind, kind === 'hex' ? (found[1] ?? '') : found[0], isApart);
      this.#advance(found[0].length);
      if (kind === 'symbol') this.#nest(token);
      return token;
    }
    throw this.#error(`"${printable(rest)}" has no place in a script`);
  }

  #nest(token: Token): void {
    if (token.text === '(') this.#open.push(token);
    else if (token.text === ')') this.#open.pop();
  }

  /** Skips blanks and comments; says whether there were any, or a line begins here. */
  #skipBlanks(): boolean {
    let isApart = this.#at === this.#lineStart;
    for (;;) {
      const blank = this.#match(BLANK)?.[0];
      if (blank !== undefined) {
        this.#advance(blank.length);
        if (blank.endsWith('\n')) this.#beginLine();
      } else if (this.#open.length > 0 && this.#source[this.#at] === '\n') {
        this.#newline();
      } else {
        return isApart;
      }
      isApart = true;
    }
  }

  #text(isApart: boolean): Token {
    const start = this.#token('text', '', isApart);
    let text = '';
    let at = this.#at + 1;
    for (;;) {
      const letter = this.#source[at];
      if (letter === undefined || letter === '\n') throw this.#error('this text does not end: expected "');
      if (letter === '"') break;
      if (letter !== '\\') {
        text += letter;
        at += 1;
        continue;
      }
      const escaped = this.#source[at + 1] ?? '';
      const meaning = Object.hasOwn(ESCAPES, escaped) ? ESCAPES[escaped] : undefined;
      if (meaning === undefined) {
        const problem = `"\\${printable(escaped)}" is no escape, expected one of \\" \\\\ \\n \\r \\t`;
        throw new ScriptError(this.file, this.#line, at - this.#lineStart + 1, problem);
      }
      text += meaning;
      at += 2;
    }
    this.#advance(at + 1 - this.#at);
    return { ...start, text };
  }

  #match(form: RegExp): RegExpExecArray | undefined {
    form.lastIndex = this.#at;
    return form.exec(this.#source) ?? undefined;
  }

  #token(kind: TokenKind, text: string, isApart: boolean): Token {
    return { kind, text, isApart, line: this.#line, column: this.#at - this.#lineStart + 1 };
  }

  #advance(count: number): void {
    this.#at += count;
  }

  #newline(): void {
    this.#at += 1;
    this.#beginLine();
  }

  #beginLine(): void {
    this.#line += 1;
    this.#lineStart = this.#at;
  }

  #error(problem: string): ScriptError {
    return new ScriptError(this.file, this.#line, this.#at - this.#lineStart + 1, problem);
  }
}

const FORMS: readonly (readonly [TokenKind, RegExp])[] = [
  ['hex', HEX],
  ['number', NUMBER],
  ['name', NAME],
  ['symbol', SYMBOL],
];

const ESCAPES: Readonly<Record<string, string>> = { '"': '"', '\\': '\\', n: '\n', r: '\r', t: '\t' };

/** What stands for a token in an error. */
export function found({ kind, text }: Token): string {
  switch (kind) {
    case 'newline':
      return 'the end of the line';
    case 'end':
      return 'the end of the script';
    case 'hex':
      return `"0x${printable(text)}"`;
    case 'text':
    case 'number':
    case 'name':
    case 'symbol':
      return `"${printable(text)}"`;
  }
}

/** Text of a script that is safe to show. */
export const printable = (text: string): string => text.replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, '·');
