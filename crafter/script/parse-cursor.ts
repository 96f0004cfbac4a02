import { found, type Lexer, type Token, type TokenKind } from './lexer.js';
import { ScriptError } from './script-error.js';
import type { Position } from './tree.js';

/** Tokens one after the other, and the errors that they are wrong with. */
export interface Cursor {
  /** The file that is read. */
  readonly file: string;
  readonly peek: () => Token;
  readonly next: () => Token;
  /** What comes next up to a blank; nothing may have been peeked. */
  readonly word: () => Token;
  /** Whether the next token is this symbol; if so it is taken. */
  readonly take: (symbol: string) => boolean;
  /** The next token, which must be this symbol. */
  readonly symbol: (symbol: string, expected?: string) => Token;
  /** The next token, which must be a name. */
  readonly name: (expected: string) => Token;
  /** The next token, which must be a whole number. */
  readonly count: (expected: string) => number;
  /** The end of the line, which must come now. */
  readonly endLine: (expected?: string) => void;
  /** The error that something else was expected in place of a token. */
  readonly error: (token: Token, expected: string) => ScriptError;
  /** The error at a place, in words. */
  readonly wrong: (at: Position, problem: string) => ScriptError;
}

export function cursorOf(lexer: Lexer): Cursor {
  const wrong = ({ line, column }: Position, problem: string) => new ScriptError(lexer.file, line, column, problem);
  const error = (token: Token, expected: string) => {
    const { open } = lexer;
    const where = open && open.line < token.line ? `; the "(" of line ${open.line} is still open` : '';
    return wrong(token, `expected ${expected}, found ${found(token)}${where}`);
  };
  const expect = (kind: TokenKind, expected: string): Token => {
    if (lexer.peek().kind !== kind) throw error(lexer.peek(), expected);
    return lexer.next();
  };
  const isSymbol = (symbol: string): boolean => lexer.peek().kind === 'symbol' && lexer.peek().text === symbol;
  return {
    file: lexer.file,
    peek: () => lexer.peek(),
    next: () => lexer.next(),
    word: () => lexer.word(),
    take: (symbol) => {
      if (!isSymbol(symbol)) return false;
      lexer.next();
      return true;
    },
    symbol: (symbol, expected = `"${symbol}"`) => {
      if (!isSymbol(symbol)) throw error(lexer.peek(), expected);
      return lexer.next();
    },
    name: (expected) => expect('name', expected),
    count: (expected) => {
      const token = expect('number', expected);
      const value = Number(token.text);
      if (!Number.isSafeInteger(value)) throw error(token, expected);
      return value;
    },
    endLine: (expected = 'the end of the line') => {
      const { kind } = lexer.peek();
      if (kind === 'end') return;
      if (kind !== 'newline') throw error(lexer.peek(), expected);
      lexer.next();
    },
    error,
    wrong,
  };
}
