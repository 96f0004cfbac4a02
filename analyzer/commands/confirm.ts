import { createInterface } from 'node:readline';
import type { ReadStream, WriteStream } from 'node:tty';

/** Where a question is asked: only where somebody sees it and can answer. */
export interface Asking {
  readonly stdin: NodeJS.ReadableStream & Partial<Pick<ReadStream, 'isTTY'>>;
  readonly stderr: NodeJS.WritableStream & Partial<Pick<WriteStream, 'isTTY'>>;
}

/** Asks for a yes. Anything else is a no: another answer, the end of the input, Ctrl-C, and that there is no terminal. */
export async function confirm({ stdin, stderr }: Asking, question: string, signal: AbortSignal): Promise<boolean> {
  if (!stdin.isTTY || !stderr.isTTY || signal.aborted) return false;
  const lines = createInterface({ input: stdin, terminal: false });
  try {
    stderr.write(`${question} [y/N] `);
    const answer = await new Promise<string>((resolve) => {
      lines.once('line', resolve);
      lines.once('close', () => resolve(''));
      signal.addEventListener('abort', () => resolve(''), { once: true });
    });
    return /^\s*y(es)?\s*$/i.test(answer);
  } finally {
    lines.close();
  }
}
