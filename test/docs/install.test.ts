import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

const prefix = mkdtempSync(join(tmpdir(), 'handshark-install-'));
afterAll(() => rmSync(prefix, { recursive: true }));

/** Installs the built package as `npm install -g .` does, but elsewhere. It links to this folder, so nothing is fetched. */
beforeAll(() => {
  execFileSync('npm', ['install', '--global', '--prefix', prefix, '--offline', '--no-audit', '--no-fund', '.'], {
    stdio: 'ignore',
  });
}, 60_000);

test('an installation puts the program and its manual page in place', () => {
  const program = join(prefix, 'bin/handshark');
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { readonly version: string };
  expect(execFileSync(program, ['--version'], { encoding: 'utf8' })).toBe(`${version}\n`);
  const page = join(prefix, 'share/man/man1/handshark.1');
  expect(readFileSync(page, 'utf8')).toBe(readFileSync('docs/handshark.1', 'utf8'));
  expect(realpathSync(join(prefix, 'lib/node_modules/handshark'))).toBe(realpathSync('.'));
});

test('one command installs what completes words in bash', () => {
  const script = join(prefix, 'completion');
  const ask = `
    PATH="$1/bin:$PATH"
    handshark completion bash > "$2" && source "$2"
    COMP_WORDS=(handshark exp); COMP_CWORD=1
    _handshark
    printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr } = spawnSync('bash', ['-c', ask, 'bash', prefix, script], { encoding: 'utf8' });
  expect([stdout.trim(), stderr]).toEqual(['export', '']);
});
