import { CLASS_ESCAPES, hex, LETTERS, NEGATED_ESCAPES, posixClass, REFUSED } from './pattern-classes.js';

/** What is wrong with a pattern. */
export interface Problem {
  readonly problem: string;
}

const UNCLOSED = 'a character class of the pattern has no closing bracket';

/** The code of an escaped character, from the letter after the backslash at `at` on, and where it ends. */
export function codeAt(pattern: string, at: number): { readonly code: number; readonly end: number } | Problem {
  const rest = pattern.slice(at, at + 12);
  const hexadecimal = /^x(?:\{([0-9a-fA-F]{1,8})\}|([0-9a-fA-F]{0,2}))/.exec(rest);
  const octal = /^(?:o\{([0-7]{1,6})\}|([0-7]{1,3}))/.exec(rest);
  const control = /^c([\x20-\x7e])/.exec(rest);
  const letter = rest[0] ?? '';
  const end = at + ((hexadecimal ?? octal ?? control)?.[0].length ?? 1);
  let code = LETTERS[letter] ?? letter.charCodeAt(0);
  if (hexadecimal) code = Number.parseInt(hexadecimal[1] ?? `0${hexadecimal[2] ?? ''}`, 16);
  else if (octal) code = Number.parseInt(octal[1] ?? octal[2] ?? '', 8);
  else if (control) code = (control[1] ?? '').toUpperCase().charCodeAt(0) ^ 0x40;
  else if (LETTERS[letter] === undefined && /[A-Za-z0-9]/.test(letter)) {
    return { problem: `\\${letter} is not an escape of patterns` };
  }
  return code > 0xff ? { problem: 'a character of the pattern does not fit a byte' } : { code, end };
}

/** Translates the character class whose opening bracket is just before `at`; `end` is behind its closing one. */
export const readBracket = (
  pattern: string,
  at: number,
  ignoreCase: boolean,
): { readonly text: string; readonly end: number } | Problem => new Bracket(pattern, at, ignoreCase).read();

class Bracket {
  private readonly pattern: string;
  private readonly ignoreCase: boolean;
  private at: number;

  constructor(pattern: string, at: number, ignoreCase: boolean) {
    this.pattern = pattern;
    this.at = at;
    this.ignoreCase = ignoreCase;
  }

  read(): { readonly text: string; readonly end: number } | Problem {
    const negated = this.pattern[this.at] === '^';
    if (negated) this.at++;
    const parts: string[] = [];
    for (let first = true; ; first = false) {
      const letter = this.pattern[this.at];
      if (letter === undefined) return { problem: UNCLOSED };
      if (letter === ']' && !first) break;
      const problem = this.member(parts);
      if (problem !== undefined) return { problem };
    }
    return { text: `[${negated ? '^' : ''}${parts.join('')}]`, end: this.at + 1 };
  }

  /** One member: a range, a character, or a class within. */
  private member(parts: string[]): string | undefined {
    const from = this.single();
    if (typeof from === 'string') {
      parts.push(from);
      return undefined;
    }
    if (typeof from !== 'number') return from.problem;
    if (this.pattern[this.at] !== '-' || this.pattern[this.at + 1] === ']' || this.at + 1 >= this.pattern.length) {
      parts.push(this.cases(from, from));
      return undefined;
    }
    this.at++;
    const to = this.single();
    if (typeof to === 'string') parts.push(this.cases(from, from), '\\-', to);
    else if (typeof to !== 'number') return to.problem;
    else if (to < from) return 'a range of a character class of the pattern is out of order';
    else parts.push(this.cases(from, to));
    return undefined;
  }

  /** A character by its code, or the text of a class within. */
  private single(): number | string | Problem {
    const posix = /^\[:(\^?)([a-z]+):\]/.exec(this.pattern.slice(this.at, this.at + 16));
    if (posix) {
      this.at += posix[0].length;
      const name = this.ignoreCase && /^(?:upper|lower)$/.test(posix[2] ?? '') ? 'alpha' : (posix[2] ?? '');
      return posixClass(name, posix[1] === '^');
    }
    const letter = this.pattern[this.at++] ?? '';
    return letter === '\\' ? this.escaped() : letter.charCodeAt(0);
  }

  private escaped(): number | string | Problem {
    const letter = this.pattern[this.at] ?? '';
    const set = CLASS_ESCAPES[letter] ?? NEGATED_ESCAPES[letter];
    if (letter === 'b' || set !== undefined) {
      this.at++;
      return set ?? 8;
    }
    if (REFUSED[letter] !== undefined) return { problem: `${REFUSED[letter]} are not supported in patterns` };
    if (letter === '') return { problem: UNCLOSED };
    const found = codeAt(this.pattern, this.at);
    if ('problem' in found) return found;
    this.at = found.end;
    return found.code;
  }

  /** A range, with the other case of its letters where case does not count. */
  private cases(from: number, to: number): string {
    const range = (start: number, end: number) => (start === end ? hex(start) : `${hex(start)}-${hex(end)}`);
    let text = range(from, to);
    if (!this.ignoreCase) return text;
    for (const first of [65, 97]) {
      const [start, end] = [Math.max(from, first), Math.min(to, first + 25)];
      if (start <= end) text += range(start ^ 0x20, end ^ 0x20);
    }
    return text;
  }
}
