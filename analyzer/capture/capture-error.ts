const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EISDIR: 'it is a directory',
  ENOTDIR: 'a part of the path is no directory',
  ENOSPC: 'no space left on the device',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'the file would be too large',
  EROFS: 'the file system is read-only',
  EMFILE: 'too many open files',
  ENXIO: 'no such device',
  ELOOP: 'too many symbolic links',
  ENAMETOOLONG: 'the name is too long',
  EIO: 'input/output error',
  EPIPE: 'nobody reads it any more',
};

/** What the user is told when a capture cannot be read or written: one line, `WHAT: WHERE: WHY`. */
export class CaptureError extends Error {
  override readonly name = 'CaptureError';
  /** As given on the command line; `-` is told as standard input or output. */
  readonly where: string;
  readonly why: string;
  /** What the user can do about it, a line each. */
  readonly hints: readonly string[];

  constructor(what: string, where: string, why: string, options: ErrorOptions & { hints?: readonly string[] } = {}) {
    super(oneLine(`${what}: ${where}: ${why}`), options);
    this.hints = (options.hints ?? []).map(oneLine);
    this.where = where;
    this.why = why;
  }
}

/** The error for something that the system refused. */
export const systemError = (what: string, where: string, cause: unknown): CaptureError =>
  cause instanceof CaptureError ? cause : new CaptureError(what, where, reasonOf(cause), { cause });

/** What the system's error means, in words. */
export function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : '';
  return REASONS[code] ?? cause.message;
}

/** File names may hold anything, and must not write lines or escape sequences of their own. */
const oneLine = (text: string): string => text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]/gu, '·');
