import { codeAt, type Problem, readBracket } from './pattern-bracket.js';
import { ASSERTIONS, CLASS_ESCAPES, hex, isLetter, NEGATED_ESCAPES, REFUSED } from './pattern-classes.js';
import { both, type Cost, ONE_WAY, referred, repeated } from './pattern-cost.js';

/** A pattern in the words of JavaScript. */
export interface Translated {
  readonly source: string;
  /** Whether it refers back to what it found in either case, which JavaScript can only do for a whole pattern. */
  readonly ignoreCase: boolean;
  /** What a backtracking engine may have to try at worst. */
  readonly cost: Cost;
}

/** Groups within each other. */
const DEEPEST = 100;
/** The largest count of a repeat. */
const MOST_COUNT = 1000;
/** What counts within each other may multiply to. */
const MOST_COPIES = 10_000;

/** The options that `(?imsx)` turns on and off. */
interface Modes {
  readonly i: boolean;
  readonly m: boolean;
  readonly s: boolean;
  readonly x: boolean;
}

/** Where the last thing written starts, for a repeat that follows. */
interface Atom {
  readonly start: number;
  readonly copies: number;
  readonly cost: Cost;
}

interface Group {
  readonly modes: Modes;
  readonly start: number;
  readonly close: string;
  /** What it is called, where it captures. */
  readonly called: string | undefined;
  branches: number;
  copies: number;
  cost: Cost;
}

/**
 * Translates a pattern of PCRE2, as Wireshark uses it, to JavaScript's: letters match in either case, bytes are single
 * characters. What JavaScript cannot say is told.
 * Source: pcre2pattern(3).
 */
export function translate(pattern: string): Translated | Problem {
  return new Translator(pattern).run();
}

class Translator {
  private readonly pattern: string;
  private at = 0;
  private out: string[] = [];
  private modes: Modes = { i: true, m: false, s: false, x: false };
  private readonly whole: Group = {
    modes: this.modes,
    start: 0,
    close: '',
    called: undefined,
    branches: 1,
    copies: 1,
    cost: ONE_WAY,
  };
  private readonly groups: Group[] = [];
  private atom: Atom | undefined;
  private ignoreCase = false;
  /** What each capturing group is called in the translation; helpers shift their numbers. */
  private readonly captures: string[] = [];
  private readonly names = new Map<string, string>();
  /** What each of them costs, once it is closed. */
  private readonly costs = new Map<string, Cost>();
  private helpers = 0;

  constructor(pattern: string) {
    this.pattern = pattern;
  }

  run(): Translated | Problem {
    while (this.at < this.pattern.length) {
      const problem = this.step();
      if (problem !== undefined) return { problem };
    }
    if (this.groups.length > 0) return { problem: 'a group of the pattern has no closing parenthesis' };
    return { source: this.out.join(''), ignoreCase: this.ignoreCase, cost: this.whole.cost };
  }

  private get group(): Group {
    return this.groups.at(-1) ?? this.whole;
  }

  /** Translates what comes next; returns what is wrong with it. */
  private step(): string | undefined {
    const letter = this.pattern[this.at] ?? '';
    this.at++;
    switch (letter) {
      case '\\':
        return this.escape();
      case '[':
        return this.bracket();
      case '(':
        return this.open();
      case ')':
        return this.close();
      case '|':
        this.out.push('|');
        this.group.branches++;
        this.atom = undefined;
        return undefined;
      case '^':
        return this.push(this.modes.m ? '(?:^|(?<=\\n))' : '(?:^)');
      case '$':
        return this.push(this.modes.m ? '(?:$|(?=\\n))' : '(?:\\n?$)');
      case '.':
        return this.push(this.modes.s ? '[\\x00-\\xff]' : '[\\x00-\\t\\x0b-\\xff]');
      case '*':
      case '+':
      case '?':
        return this.repeat(letter, letter === '+' ? 1 : 0, letter === '?' ? 1 : Number.POSITIVE_INFINITY);
      case '{':
        return this.counted();
      default:
        return this.modes.x && this.skipped(letter) ? undefined : this.literal(letter.charCodeAt(0));
    }
  }

  private skipped(letter: string): boolean {
    if (/\s/.test(letter)) return true;
    if (letter !== '#') return false;
    const end = this.pattern.indexOf('\n', this.at);
    this.at = end < 0 ? this.pattern.length : end + 1;
    return true;
  }

  private push(text: string): undefined {
    this.atom = { start: this.out.length, copies: 1, cost: ONE_WAY };
    this.out.push(text);
  }

  private literal(code: number): undefined {
    return this.push(isLetter(code) && this.modes.i ? `[${hex(code)}${hex(code ^ 0x20)}]` : hex(code));
  }

  private repeat(text: string, least: number, most: number): string | undefined {
    const { atom, group } = this;
    if (!atom) return 'a repeat of the pattern has nothing to repeat';
    this.atom = undefined;
    const copies = atom.copies * Math.max(1, least, most === Number.POSITIVE_INFINITY ? 1 : most);
    if (copies > MOST_COPIES) return `the repeats of the pattern multiply to more than ${MOST_COPIES}`;
    group.copies = Math.max(group.copies, copies);
    group.cost = both(group.cost, repeated(atom.cost, least, most));
    const suffix = this.pattern[this.at];
    if (suffix === '?' || suffix === '+') this.at++;
    if (suffix !== '+') {
      this.out.push(suffix === '?' ? `${text}?` : text);
      return undefined;
    }
    // Possessive: what was taken is not given back.
    const inner = this.out.splice(atom.start).join('');
    this.out.push(this.atomic(`(?:${inner})${text}`));
    return undefined;
  }

  private atomic(inner: string): string {
    const name = `_${this.helpers++}`;
    return `(?:(?=(?<${name}>${inner}))\\k<${name}>)`;
  }

  private counted(): string | undefined {
    const [all, least, comma, most] =
      /^(\d{1,9})(,?)(\d{1,9})?\}/.exec(this.pattern.slice(this.at, this.at + 24)) ?? [];
    if (all === undefined) return this.literal(0x7b);
    this.at += all.length;
    const count = Number(most ?? least);
    if (count > MOST_COUNT || Number(least) > MOST_COUNT) return `a repeat of the pattern counts beyond ${MOST_COUNT}`;
    if (most !== undefined && Number(least) > count) return 'the numbers of a repeat of the pattern are out of order';
    const open = comma === ',' && most === undefined;
    return this.repeat(`{${least}${comma}${most ?? ''}}`, Number(least), open ? Number.POSITIVE_INFINITY : count);
  }

  private open(): string | undefined {
    if (this.groups.length >= DEEPEST) return `the groups of the pattern are nested deeper than ${DEEPEST}`;
    if (this.pattern[this.at] === '*') return 'verbs such as (*UTF) are not supported in patterns';
    if (this.pattern[this.at] !== '?') return this.enterCapture();
    const rest = this.pattern.slice(this.at + 1, this.at + 80);
    const named = /^(?:P?<([A-Za-z_]\w*)>|'([A-Za-z_]\w*)')/.exec(rest);
    if (named) {
      this.at += 1 + named[0].length;
      return this.enterCapture(named[1] ?? named[2]);
    }
    const same = /^P=([A-Za-z_]\w*)\)/.exec(rest);
    if (same) {
      this.at += 1 + same[0].length;
      return this.reference(this.names.get(same[1] ?? ''));
    }
    const special = /^(?:[:|>]|[=!]|<[=!])/.exec(rest)?.[0];
    if (special !== undefined) {
      this.at += 1 + special.length;
      return this.special(special);
    }
    return this.options(rest);
  }

  private special(sign: string): string | undefined {
    switch (sign) {
      case ':':
        return this.enter('(?:', ')');
      case '>':
        return this.enter(`(?:(?=(?<_${this.helpers}>`, `))\\k<_${this.helpers++}>)`);
      case '|':
        return 'branch resets (?|…) are not supported in patterns';
      default:
        // JavaScript cannot repeat what looks around; in a group of its own it can.
        return this.enter(`(?:(?${sign}`, '))');
    }
  }

  private enterCapture(name?: string): undefined {
    const called = `g${this.captures.length}`;
    this.captures.push(called);
    if (name !== undefined) this.names.set(name, called);
    return this.enter(`(?<${called}>`, ')', called);
  }

  private enter(open: string, close: string, called?: string): undefined {
    const start = this.out.length;
    this.groups.push({ modes: this.modes, start, close, called, branches: 1, copies: 1, cost: ONE_WAY });
    this.out.push(open);
    this.atom = undefined;
  }

  private close(): string | undefined {
    const closed = this.groups.pop();
    if (!closed) return 'a closing parenthesis of the pattern has no opening one';
    this.out.push(closed.close);
    this.modes = closed.modes;
    const cost = both(closed.cost, { ...ONE_WAY, ways: closed.branches });
    this.atom = { start: closed.start, copies: closed.copies, cost };
    if (closed.called !== undefined) this.costs.set(closed.called, cost);
    const { group } = this;
    group.copies = Math.max(group.copies, closed.copies);
    group.cost = both(group.cost, cost);
    return undefined;
  }

  /** `(?i)` for the rest of the group, `(?i:…)` for a group, or a comment. */
  private options(rest: string): string | undefined {
    if (rest.startsWith('#')) {
      const end = this.pattern.indexOf(')', this.at);
      this.at = end + 1;
      return end < 0 ? 'a comment of the pattern has no end' : undefined;
    }
    const [all, on = '', off = '', end] = /^([imsx]*)(?:-([imsx]*))?([:)])/.exec(rest) ?? [];
    if (all === undefined) return `${JSON.stringify(`(?${rest.slice(0, 3)}`)} is not supported in patterns`;
    this.at += 1 + all.length;
    const before = this.modes;
    const is = (mode: keyof Modes) => (on.includes(mode) || before[mode]) && !off.includes(mode);
    const modes = { i: is('i'), m: is('m'), s: is('s'), x: is('x') };
    if (end === ':') this.enter('(?:', ')');
    this.modes = modes;
    return undefined;
  }

  private reference(called: string | undefined): string | undefined {
    if (called === undefined) return 'the pattern refers to a group that does not come before';
    this.ignoreCase ||= this.modes.i;
    // A group that took no part fails in Perl; in JavaScript it matches the empty text, but so it does nothing.
    this.push(`\\k<${called}>`);
    // Within its own group a reference matches what nothing has closed yet.
    const cost = referred(this.costs.get(called) ?? ONE_WAY);
    this.atom = { start: this.out.length - 1, copies: 1, cost };
    this.group.cost = both(this.group.cost, cost);
    return undefined;
  }

  private escape(): string | undefined {
    const letter = this.pattern[this.at];
    if (letter === undefined) return 'the pattern ends in a backslash';
    if (letter === 'Q') return this.quote();
    if (letter === 'E') {
      this.at++;
      return undefined;
    }
    const reference = this.referenceAt();
    if (reference) return this.reference(reference.called);
    const set = CLASS_ESCAPES[letter] ?? NEGATED_ESCAPES[letter];
    const refused = REFUSED[letter];
    if (refused !== undefined) return `${refused} are not supported in patterns`;
    if (set === undefined && !/[bBAzZR]/.test(letter)) {
      const code = codeAt(this.pattern, this.at);
      if ('problem' in code) return code.problem;
      this.at = code.end;
      return this.literal(code.code);
    }
    this.at++;
    if (set !== undefined) return this.push(`[${set}]`);
    return this.push(ASSERTIONS[letter] ?? '');
  }

  private bracket(): string | undefined {
    const found = readBracket(this.pattern, this.at, this.modes.i);
    if ('problem' in found) return found.problem;
    this.at = found.end;
    return this.push(found.text);
  }

  private quote(): string | undefined {
    const end = this.pattern.indexOf('\\E', this.at);
    const stop = end < 0 ? this.pattern.length : end;
    for (let at = this.at + 1; at < stop; at++) this.literal(this.pattern.charCodeAt(at));
    this.at = end < 0 ? stop : stop + 2;
    return undefined;
  }

  /** `\1`, `\g{1}`, `\g{-1}`, `\k<name>` and their kin. */
  private referenceAt(): { readonly called: string | undefined } | undefined {
    const rest = this.pattern.slice(this.at, this.at + 80);
    const [all, plain, group, name] =
      /^(?:([1-9])(?!\d)|g\{?(-?\d{1,3})\}?|(?:k[<{']|g\{)([A-Za-z_]\w*)[>}'])/.exec(rest) ?? [];
    if (all === undefined) return undefined;
    this.at += all.length;
    if (name !== undefined) return { called: this.names.get(name) };
    const number = Number(plain ?? group);
    return { called: this.captures[number < 0 ? this.captures.length + number : number - 1] };
  }
}
