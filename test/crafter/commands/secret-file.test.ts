import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { afterAll, expect, test } from 'vitest';
import { secretIn, withSecretFiles } from '../../../crafter/commands/secret-file.js';
import { running } from '../../analyzer/commands/running.js';

const folder = mkdtempSync(join(tmpdir(), 'handshark-secret-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

test('a file has its secret in the first line', () => {
  expect(secretIn(file('plain', '  00ff\nmore\n'))).toBe('00ff');
  expect(() => secretIn(file('empty', '\n00ff\n'))).toThrow(/has no secret in its first line$/);
  expect(() => secretIn(join(folder, 'nothing'))).toThrow(/cannot read .*nothing: no such file or directory$/);
  expect(() => secretIn(file('long', 'x'.repeat(200_000)))).toThrow(/is longer than 131072 bytes$/);
});

/** What a command with two secrets is given, by words and by the environment. */
async function given(words: readonly string[], secret?: string): Promise<readonly unknown[]> {
  const before = process.env.HANDSHARK_TEST_SECRET;
  if (secret !== undefined) process.env.HANDSHARK_TEST_SECRET = secret;
  try {
    let found: readonly unknown[] = [];
    const command = new Command()
      .addOption(new Option('--secret <hex>').argParser((text) => text.toUpperCase()))
      .option('--initiator-secret <hex>')
      .action((options: { secret?: string; initiatorSecret?: string }) => {
        found = [options.secret, options.initiatorSecret];
      });
    await withSecretFiles(command, 'HANDSHARK_TEST_SECRET').parseAsync([...words], { from: 'user' });
    return found;
  } finally {
    if (before === undefined) delete process.env.HANDSHARK_TEST_SECRET;
  }
}

test('each secret comes from a word, a file or the environment', async () => {
  const path = file('secret', 'abcd\n');
  expect(await given(['--secret', 'ff'])).toEqual(['FF', undefined]);
  expect(await given(['--secret-file', path, '--initiator-secret-file', path])).toEqual(['ABCD', 'abcd']);
  expect(await given([], 'aa')).toEqual(['AA', undefined]);
  expect(await given(['--secret-file', path], 'aa')).toEqual(['ABCD', undefined]);
});

test('packets are crafted with the secret in a file as with the secret itself', async () => {
  const words = ['craft', 'new', '--from', 'alice', '--to', 'bob', '--c1', '1a2b'];
  const path = file('hex', '00112233445566778899aabbccddeeff\n');
  const plain = await running([...words, '--secret', '00112233445566778899aabbccddeeff']);
  const other = await running([...words, '--secret-file', path]);
  expect(plain.complaints).toEqual([]);
  expect(other).toEqual(plain);
});

test('a mistyped secret is not repeated', async () => {
  const mistyped = 'c0ffee-not-hex';
  for (const words of [
    ['peer', 'listen', '127.0.0.1:0', '--secret', mistyped],
    ['run', 'script.hs', '--secret', mistyped],
    ['craft', 'NEW', '--secret', mistyped],
    ['rewrite', 'fixtures/wrap.pcap', join(folder, 'out.pcap'), '--secret', mistyped],
    ['inject', 'fixtures/wrap.pcap', '--udp', '127.0.0.1:9', '--secret', mistyped],
    ['peer', 'listen', '127.0.0.1:0', '--secret-file', file('mistyped', mistyped)],
  ]) {
    const { complaints, stdout } = await running(words);
    expect(complaints.length).toBe(1);
    expect(complaints.join() + stdout).not.toContain(mistyped);
  }
});
