import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { manualPage } from '../../docs/manual.js';

const missing = spawnSync('groff', ['--version']).status === 0 ? undefined : 'groff is not installed';
if (missing) console.log(`manual page not typeset: ${missing}`);

test.skipIf(missing)('the manual page is typeset without a warning', () => {
  const { stdout, stderr } = spawnSync('groff', ['-ww', '-K', 'utf8', '-T', 'utf8', '-man'], {
    input: manualPage(),
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  // Bold and underlined letters are struck twice.
  const plain = stdout.replaceAll(/.[\b]/gu, '');
  expect(plain).toContain('--inject-secrets');
  expect(plain).toContain('handshark peer listen');
});

test('every line is text or a request of man(7)', () => {
  const requests = manualPage()
    .split('\n')
    .filter((line) => line.startsWith('.') || line.startsWith("'"))
    .map((line) => line.split(' ')[0]);
  expect([...new Set(requests)].sort()).toEqual(
    ['.\\"', '.B', '.BR', '.I', '.PP', '.RE', '.RS', '.SH', '.SS', '.TH', '.TP', '.br', '.fi', '.nf'].sort(),
  );
});
