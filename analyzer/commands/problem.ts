import { CommanderError } from 'commander';

/** Errors that are the user's, or the input's: told in one line, without a stack. */
const USER_ERRORS: ReadonlySet<string> = new Set(['UsageError', 'FilterError', 'CaptureError', 'SecretsError']);

/** Whether an error is a mistake of the user or of the input, and not of the program. */
export const isUserError = (error: unknown): error is Error => error instanceof Error && USER_ERRORS.has(error.name);

/** What the user can do about an error, a line each. */
export function hintsOf(error: Error): readonly string[] {
  const hints: unknown = 'hints' in error ? error.hints : [];
  return Array.isArray(hints) ? hints.map(String) : [];
}

/** An error in one line. */
export function problemOf(error: Error): string {
  if (!(error instanceof CommanderError)) return error.message;
  // A secret that was mistyped is close to a secret.
  const text = error.message
    .replace(/^error: /, '')
    .replace(/(option '--(?:[a-z]+-)?secret <[a-z]+>') argument '.*' /s, '$1 ');
  return `usage: ${text.split('\n')[0]}`;
}
