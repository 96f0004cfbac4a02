/** Limits that the system sets to a process, by the codes of its errors. */
const LIMITS: Readonly<Record<string, string>> = {
  EMFILE: 'the process may not open more files (EMFILE): raise the limit, ulimit -n',
  ENFILE: 'the system has no room for more open files (ENFILE)',
  EAGAIN: 'the system lets the process start nothing more (EAGAIN): raise the limit, ulimit -u',
  ENOMEM: 'the system has no more memory (ENOMEM)',
};

/** What to tell of an error that is a limit of the system, in one line; undefined for others. */
export function limitReached(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? LIMITS[code] : undefined;
}
