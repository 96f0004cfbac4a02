import { Writable } from 'node:stream';
import { buildProgram } from '../analyzer/program.js';
import { NO_IO } from './manual.js';

/** What a command line prints, played in this process. @throws {Error} with what it complains about, if it does */
export async function printed(words: readonly string[]): Promise<string> {
  const pieces: Buffer[] = [];
  const stdout = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      pieces.push(Buffer.from(chunk));
      done();
    },
  });
  const complain = (problem: string): never => {
    throw new Error(`${words.join(' ')}: ${problem}`);
  };
  await buildProgram({ ...NO_IO, stdout, complain }).parseAsync([...words], { from: 'user' });
  return Buffer.concat(pieces).toString();
}
