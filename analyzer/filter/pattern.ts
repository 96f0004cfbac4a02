import type { Cost } from './pattern-cost.js';
import { translate } from './pattern-translate.js';

/** The longest pattern that is compiled. */
const LONGEST = 4096;
/** How much of a subject is looked at by a pattern that may go back, by how many repeats without bound it has. */
const LOOKED_AT: readonly number[] = [Number.POSITIVE_INFINITY, 8192, 512];
/** Steps that such a pattern may take at one place of a subject, times the places: some 50 ms. */
const MOST_STEPS = 1 << 23;
/** In how many ways the rest of such a pattern may match. */
const MOST_WAYS = 1000;

/** Sets a flag of V8, where this runs on Node.js: no browser has a way to. */
const setFlag = (flag: string): void => {
  const { process } = globalThis as { readonly process?: Partial<Pick<NodeJS.Process, 'getBuiltinModule'>> };
  process?.getBuiltinModule?.('v8').setFlagsFromString(flag);
};

/** What tells whether a text, one character a byte, matches. */
export type Matcher = (subject: string) => boolean;

/**
 * Compiles a Perl-compatible pattern: letters match in either case unless `(?-i)` says otherwise.
 *
 * Patterns come from people, subjects from anybody. A search that goes back too often is finished by an engine whose time
 * is linear in the subject. It cannot look around, refer back or count far: patterns that do must be simple, and the more
 * they repeat, the less they see of a long subject.
 * @param pattern one character a byte
 * @returns what is wrong with a pattern that cannot be compiled
 */
export function compilePattern(pattern: string): Matcher | { readonly problem: string } {
  const compiled = compile(pattern);
  if ('problem' in compiled) return compiled;
  const { regExp: one, most } = compiled;
  return most === Number.POSITIVE_INFINITY
    ? (subject) => one.test(subject)
    : (subject) => one.test(startOf(subject, most));
}

/** What tells where a text, one character a byte, first matches: where that begins, and where it ends. */
export type PatternFinder = (subject: string) => readonly [from: number, to: number] | undefined;

/** Compiles a pattern as `compilePattern` does, to tell where it matches. */
export function compilePatternFinder(pattern: string): PatternFinder | { readonly problem: string } {
  const compiled = compile(pattern);
  if ('problem' in compiled) return compiled;
  const { regExp: one, most } = compiled;
  return (subject) => {
    const found = one.exec(startOf(subject, most));
    return found === null ? undefined : [found.index, found.index + found[0].length];
  };
}

const startOf = (subject: string, most: number): string => (subject.length > most ? subject.slice(0, most) : subject);

/** A pattern, and how much of a subject it may look at. */
function compile(pattern: string): { readonly regExp: RegExp; readonly most: number } | { readonly problem: string } {
  if (pattern.length > LONGEST) return { problem: `the pattern is longer than ${LONGEST} bytes` };
  const translated = translate(pattern);
  if ('problem' in translated) return translated;
  const { source, ignoreCase, cost } = translated;
  const linear = isLinear(source);
  const most = linear ? Number.POSITIVE_INFINITY : placesFor(cost);
  if (!linear && (cost.wild || cost.ways > MOST_WAYS || most === undefined)) {
    return { problem: 'the pattern repeats too much for one that looks around, refers back, is possessive or counts' };
  }
  setFlag('--enable-experimental-regexp-engine-on-excessive-backtracks');
  const compiled = regExp(source, ignoreCase ? 'i' : '');
  if ('problem' in compiled) return compiled;
  return { regExp: compiled, most: most ?? Number.POSITIVE_INFINITY };
}

/** How much of a subject a pattern that may go back looks at; undefined for one that repeats too much. */
function placesFor({ ways, unbounded, length }: Cost): number | undefined {
  const most = LOOKED_AT[unbounded];
  return most === undefined ? undefined : Math.min(most, Math.ceil(MOST_STEPS / (ways * length)));
}

/** Whether the engine whose time is linear can match a pattern: it refuses those that it cannot. */
function isLinear(source: string): boolean {
  setFlag('--enable-experimental-regexp-engine');
  try {
    return new RegExp(source, 'l').source !== '';
  } catch {
    return false;
  } finally {
    setFlag('--no-enable-experimental-regexp-engine');
  }
}

function regExp(source: string, flags: string): RegExp | { readonly problem: string } {
  try {
    return new RegExp(source, flags);
  } catch (error) {
    // What the translation cannot foresee: a pattern too large for the engine.
    if (!(error instanceof SyntaxError)) throw error;
    return { problem: `the pattern cannot be compiled: ${error.message.replace(/^.*: /s, '').toLowerCase()}` };
  }
}
