import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { confirm } from '../../../analyzer/commands/confirm.js';

const terminal = () => Object.assign(new PassThrough(), { isTTY: true as const });
const never = new AbortController().signal;

test.each([
  ['y\n', true],
  ['Yes\n', true],
  [' y \r\n', true],
  ['n\n', false],
  ['\n', false],
  ['yesterday\n', false],
  ['', false],
])('the answer %j means %s', async (answer, means) => {
  const [stdin, stderr] = [terminal(), terminal()];
  stdin.end(answer);
  expect(await confirm({ stdin, stderr }, 'Send them?', never)).toBe(means);
  expect(String(stderr.read())).toBe('Send them? [y/N] ');
});

test('Ctrl-C means no', async () => {
  const ending = new AbortController();
  const asked = confirm({ stdin: terminal(), stderr: terminal() }, 'Send them?', ending.signal);
  ending.abort();
  expect(await asked).toBe(false);
});

test.each([
  ['input', new PassThrough(), terminal()],
  ['output', terminal(), new PassThrough()],
])('nobody is asked without a terminal for %s', async (_, stdin, stderr) => {
  expect(await confirm({ stdin, stderr }, 'Send them?', never)).toBe(false);
  expect(stderr.read()).toBe(null);
});
