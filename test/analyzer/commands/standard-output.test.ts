import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { makeFolder } from '../capture/files.js';

const folder = makeFolder();
afterAll(() => folder.remove());

/** The built program: `npm test` builds it first. */
const PROGRAM = 'dist/handshark.js';
const SCRIPT = folder.write('new.hs', '0.0 > new()\n');

const run = (words: readonly string[], input: string | Buffer = '') =>
  spawnSync('node', [PROGRAM, ...words], { input });

/** The words after which a capture goes to standard output, and what is told elsewhere. */
test.for([
  ['craft', ['craft', '-w', '-', 'new'], /^$/],
  ['run', ['run', '-w', '-', SCRIPT], /^PASS /],
  ['simulate', ['simulate', '-w', '-'], /^mode tcp/],
  ['check', ['check', 'peer', '--only', 'new-answered', '-w', '-'], /passed, 0 failed/],
] as const)('%s -w - writes a capture to standard output, and nothing else', ([, words, told]) => {
  const { stdout, stderr, status } = run(words);
  expect({ status, told: stderr.toString() }).toEqual({ status: 0, told: expect.stringMatching(told) });
  const decoded = run(['decode', '-T', 'fields', '-e', 'chan.msg.type', '-c', '1', '-'], stdout);
  expect(decoded.stdout.toString()).toBe('CHANNEL_NEW\n');
});

test('peer -w - writes its capture to standard output instead of what the channel brings', () => {
  const talk = `node ${PROGRAM} peer listen 127.0.0.1:0 -w - 2>said >capture & listener=$!
    for i in $(seq 1000); do grep -q listening said && break; sleep 0.05; done
    echo unlikely-words | node ${PROGRAM} peer connect $(sed -n 's/^listening on \\([^ ]*\\).*/\\1/p' said) >/dev/null 2>&1
    wait $listener; cat capture`;
  const here = process.cwd();
  const shell = talk.replaceAll(PROGRAM, join(here, PROGRAM));
  const { stdout } = spawnSync('sh', ['-c', shell], { cwd: dirname(SCRIPT) });
  const decoded = run(
    ['decode', '-Y', 'chan.data contains "unlikely"', '-T', 'fields', '-e', 'chan.msg.type', '-'],
    stdout,
  );
  expect({ status: decoded.status, problem: decoded.stderr.toString() }).toEqual({ status: 0, problem: '' });
  expect(decoded.stdout.toString()).toContain('DATA');
});
