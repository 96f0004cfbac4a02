import type { DialectName } from '../../dissectors/channel/dialects.js';
import type { Play } from '../script/play.js';
import { difference, failureText, problemOf, storyText } from '../script/report.js';
import { playJson } from '../script/report-json.js';
import type { ConformanceTest } from './test.js';

/** How one test went. */
export interface Result {
  readonly test: ConformanceTest;
  /** Left out for a test that was not played. */
  readonly play?: Play;
  /** Why it was not played. */
  readonly skipped?: string;
  /** How often it was played. */
  readonly tries?: number;
  /** Whether the peer has not answered any more since. */
  readonly isLast?: boolean;
}

/** Whom the suite was played with. */
export interface Subject {
  /** An address, or `built-in peer`. */
  readonly where: string;
  readonly dialect: DialectName;
}

export type Format = 'text' | 'json' | 'tap';
type Verdict = 'pass' | 'fail' | 'skip';

export function verdictOf({ play }: Result): Verdict {
  if (!play) return 'skip';
  return play.outcome.verdict === 'pass' ? 'pass' : 'fail';
}

const countOf = (results: readonly Result[], verdict: Verdict): number =>
  results.filter((result) => verdictOf(result) === verdict).length;

/** A report in pieces: before the tests, after each of them, and at the end. */
export interface Reporter {
  readonly begin: (subject: Subject, count: number) => string;
  readonly result: (result: Result, number: number) => string;
  readonly end: (subject: Subject, results: readonly Result[]) => string;
}

/** @param isVerbose whether the packets of tests that passed are told too */
export const reporterOf = (format: Format, isVerbose: boolean): Reporter =>
  ({ text: textReporter(isVerbose), json: JSON_REPORTER, tap: TAP_REPORTER })[format];

const NAME_WIDTH = 40;

const textReporter = (isVerbose: boolean): Reporter => ({
  begin: ({ where, dialect }, count) => `${where}, dialect ${dialect}: ${count} tests\n`,
  result: (result) => {
    const { test, play, skipped, tries = 1 } = result;
    const verdict = { pass: 'ok  ', fail: 'FAIL', skip: 'skip' }[verdictOf(result)];
    const again = tries > 1 && verdict !== 'FAIL' ? ` (at try ${tries})` : '';
    const note = skipped === undefined ? again : ` (${skipped})`;
    const line = `${verdict}  ${test.name.padEnd(NAME_WIDTH)}  ${test.asks}${note}\n`;
    if (verdict !== 'FAIL') return play && isVerbose ? `${line}${storyText(play)}` : line;
    const gone = result.isLast ? '      The peer has not answered any more since\n' : '';
    return `${line}      Protocol page, section ${test.section}\n${gone}${play ? whyText(play) : ''}`;
  },
  end: (_, results) => `${summary(results)}\n`,
});

const summary = (results: readonly Result[]): string => {
  const skipped = countOf(results, 'skip');
  const more = skipped > 0 ? `, ${skipped} skipped` : '';
  return `${countOf(results, 'pass')} passed, ${countOf(results, 'fail')} failed${more}`;
};

/** Why a play failed: the line, expected and actual, the packet; and all packets before. */
function whyText(play: Play): string {
  const { outcome } = play;
  if (outcome.verdict === 'unreachable') return `      ${outcome.why}\n`;
  if (outcome.verdict === 'pass') return '';
  return `      ${problemOf(outcome.failure)}\n${failureText(play)}    packets\n${storyText(play)}`;
}

const JSON_REPORTER: Reporter = {
  begin: () => '',
  result: () => '',
  end: ({ where, dialect }, results) => {
    const [passed, failed, skipped] = (['pass', 'fail', 'skip'] as const).map((verdict) => countOf(results, verdict));
    return `${JSON.stringify({ subject: where, dialect, passed, failed, skipped, tests: results.map(resultJson) })}\n`;
  },
};

function resultJson(result: Result) {
  const { test, play, skipped } = result;
  const { name, of, asks, section } = test;
  return {
    name,
    of,
    asks,
    section,
    verdict: verdictOf(result),
    ...(skipped !== undefined && { reason: skipped }),
    ...(result.tries !== undefined && { tries: result.tries }),
    ...(result.isLast && { last: true }),
    ...(play && { play: playJson(play) }),
  };
}

/** Source: Test Anything Protocol, version 14. */
const TAP_REPORTER: Reporter = {
  begin: ({ where, dialect }, count) => `TAP version 14\n1..${count}\n# ${where}, dialect ${dialect}\n`,
  result: (result, number) => {
    const { test, play, skipped } = result;
    const isOk = verdictOf(result) !== 'fail';
    const directive = skipped === undefined ? '' : ` # SKIP ${skipped}`;
    const line = `${isOk ? 'ok' : 'not ok'} ${number} - ${test.name}: ${tapText(test.asks)}${directive}\n`;
    return isOk || !play ? line : `${line}${diagnosis(result, play)}`;
  },
  end: (_, results) => `# ${summary(results)}\n`,
};

const tapText = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('#', '\\#');

/** What follows a failed test: YAML, of which JSON texts are a part. */
function diagnosis({ test: { section }, isLast }: Result, play: Play): string {
  const { outcome, script } = play;
  const entries: Record<string, string> = { section };
  if (isLast) entries.since = 'the peer has not answered any more';
  if (outcome.verdict === 'unreachable') entries.problem = outcome.why;
  if (outcome.verdict === 'fail') {
    const { failure } = outcome;
    const { expected, actual } = difference(failure);
    entries.problem = problemOf(failure);
    entries.line = (script.source[failure.step.line - 1] ?? '').trim();
    if (failure.kind === 'mismatch') entries.field = failure.mismatch.field;
    Object.assign(entries, { expected, actual, packets: storyText(play) });
  }
  const lines = Object.entries(entries).map(([key, value]) => `  ${key}: ${JSON.stringify(value)}\n`);
  return `  ---\n${lines.join('')}  ...\n`;
}
