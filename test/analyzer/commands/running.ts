import { Writable } from 'node:stream';
import { CommanderError } from 'commander';
import { configure } from '../../../analyzer/commands/configuration.js';
import type { Io } from '../../../analyzer/commands/io.js';
import { isUserError, problemOf } from '../../../analyzer/commands/problem.js';
import { buildProgram } from '../../../analyzer/program.js';

/** What the program has printed and said, and the exit status it has earned. */
export interface Outcome {
  readonly stdout: string;
  readonly complaints: readonly string[];
  readonly status: number;
}

/** A world that keeps what a command prints and says. */
export function pretendedIo(env: Io['env'] = {}, interrupted = new AbortController().signal) {
  const pieces: Buffer[] = [];
  const complaints: string[] = [];
  let status = 0;
  const stdout = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      // A writer may use its bytes again once they are taken.
      pieces.push(Buffer.from(chunk));
      done();
    },
  });
  const io: Io = {
    stdout,
    stderr: new Writable({ write: (_chunk, _encoding, done) => done() }),
    isTerminal: false,
    columns: undefined,
    env,
    complain: (problem, worse) => {
      complaints.push(problem);
      status = Math.max(status, worse);
    },
    remark: (text) => {
      complaints.push(text);
    },
    earn: (worse) => {
      status = Math.max(status, worse);
    },
    progress: () => {},
    onRotate: () => {},
    interrupted: () => interrupted,
  };
  return { io, outcome: (): Outcome => ({ stdout: Buffer.concat(pieces).toString(), complaints, status }) };
}

/** Runs the program in this process, with these words after its name. */
export async function running(words: readonly string[], env: Io['env'] = {}): Promise<Outcome> {
  const { io, outcome } = pretendedIo(env);
  try {
    const program = buildProgram(io);
    configure(program, env);
    await program.parseAsync([...words], { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode !== 0) io.complain(problemOf(error), 2);
    } else if (isUserError(error)) {
      io.complain(error.message, error.name === 'UsageError' || error.name === 'FilterError' ? 2 : 1);
    } else {
      throw error;
    }
  }
  return outcome();
}

/** The lines that it has printed. */
export const linesOf = ({ stdout }: Outcome): readonly string[] => stdout.split('\n').slice(0, -1);
