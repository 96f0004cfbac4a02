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

/** What does what options of tshark do that there are none of here. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  '-X': 'no scripts are run here; handshark export lua makes a dissector for Wireshark',
  '-K': 'Kerberos is decrypted by tshark -K',
  '-C': 'there are no profiles, but a configuration file',
  '-H': 'no names are resolved here; tshark -H does it',
  '-N': 'no names are resolved here; tshark -N does it',
  '-W': 'names that are in a capture are written along by decode -w',
  '-F': 'the format follows from the name behind -w, or is named by handshark capture -F',
  '-b': 'handshark capture -b writes rings',
  '-M': 'what is kept in memory is bounded here',
  '--export-objects': 'tshark --export-objects does it',
  '--export-tls-session-keys': 'tshark --export-tls-session-keys does it',
  '--enable-protocol': 'handshark decode -d tells what a port carries',
  '--disable-protocol': 'handshark decode -d tells what a port carries',
  '--enable-heuristic': 'all heuristics are always tried here',
  '--elastic-mapping-filter': 'handshark -G fields lists names and types',
};

function elsewhere({ code, message }: CommanderError): string {
  if (code !== 'commander.unknownOption') return '';
  const [, option = ''] = /'(-[^'=]*)/.exec(message) ?? [];
  const hint = ELSEWHERE[option] ?? ELSEWHERE[option.slice(0, 2)];
  return hint === undefined || (option.startsWith('--') && ELSEWHERE[option] === undefined) ? '' : `: ${hint}`;
}

/** An error in one line. */
export function problemOf(error: Error): string {
  if (!(error instanceof CommanderError)) return error.message;
  // A secret that was mistyped is close to a secret.
  const text = error.message
    .replace(/^error: /, '')
    .replace(/(option '--(?:[a-z]+-)?secret <[a-z]+>') argument '.*' /s, '$1 ');
  return `usage: ${text.split('\n')[0]}${elsewhere(error)}`;
}
