import { getSystemErrorMap } from 'node:util';

/** What the system says about an error, in its words: "address already in use". */
export function systemReason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { errno, code } = error as NodeJS.ErrnoException;
  // Names that cannot be resolved have numbers that are no errors of the system.
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return code === 'ENOTFOUND' ? 'no such host' : 'no answer from DNS';
  return (errno === undefined ? undefined : getSystemErrorMap().get(errno)?.[1]) ?? error.message;
}

/** The system's words for one of its codes, such as ECONNREFUSED. */
export function codeReason(code: string): string {
  for (const [name, words] of getSystemErrorMap().values()) if (name === code) return words;
  return code;
}

/** Whether an error is the system's refusal, not a bug. Node's own codes for bugs begin with ERR. */
export const isRefusal = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && 'code' in error && /^E(?!RR_)/.test(String(error.code));
