import { expect, test } from 'vitest';
import { PROGRAM } from '../../built-program.js';
import { RunningProgram } from '../../running-program.js';

const run = (files: number) =>
  new RunningProgram(['bash', '-c', `ulimit -n ${files}; exec node ${PROGRAM} decode -c 1 fixtures/demo.pcapng`], '');

test('too few files that may be open end the program with one line; as many as it needs do not', async () => {
  const poor = await run(30).ended();
  expect(poor.err).toBe('handshark: the process may not open more files (EMFILE): raise the limit, ulimit -n\n');
  expect(poor.status).toBe(1);
  const rich = await run(128).ended();
  expect(rich.err).toBe('');
  expect(rich.status).toBe(0);
});
