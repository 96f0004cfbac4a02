import { expect, test } from 'vitest';
import { limitReached } from '../../../analyzer/commands/limit-reached.js';
import { PROGRAM } from '../../built-program.js';
import { RunningProgram } from '../../running-program.js';

test('the program runs where few files may be open', async () => {
  const command = `ulimit -n 30; exec node ${PROGRAM} decode -c 1 fixtures/demo.pcapng`;
  const run = await new RunningProgram(['bash', '-c', command], '').ended();
  expect(run.err).toBe('');
  expect(run.status).toBe(0);
});

test('limits of the system are told in a line, other mistakes are not taken for one', () => {
  const error = Object.assign(new Error('open x'), { code: 'EMFILE' });
  expect(limitReached(error)).toBe('the process may not open more files (EMFILE): raise the limit, ulimit -n');
  expect(limitReached(Object.assign(new Error('x'), { code: 'ENOENT' }))).toBeUndefined();
  expect(limitReached(new Error('x'))).toBeUndefined();
});
