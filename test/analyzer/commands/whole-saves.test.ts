import { mkdirSync, readdirSync, readFileSync, watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { handshark } from '../../built-program.js';
import { RunningProgram } from '../../running-program.js';
import { makeFolder } from '../capture/files.js';
import { running } from './running.js';

const folder = makeFolder();
afterAll(() => folder.remove());

/** Waits until a folder holds a file whose name passes. */
function until(path: string, passes: (name: string) => boolean): Promise<void> {
  return new Promise((resolve) => {
    const watching = watch(path, () => look());
    const look = () => {
      if (!readdirSync(path).some(passes)) return;
      watching.close();
      resolve();
    };
    look();
  });
}

test.each(['an older file', 'nothing'])('who is killed while writing leaves %s as it was', async (there) => {
  const path = folder.path(`killed-${there.length}`);
  mkdirSync(path);
  const file = join(path, 'out.pcapng');
  if (there !== 'nothing') writeFileSync(file, 'old');
  const program = new RunningProgram(handshark('decode', '-', '-w', file, '-q'));
  try {
    program.child.stdin.write(readFileSync('fixtures/modes.pcap'));
    await until(path, (name) => name.includes('out.pcapng') && name !== 'out.pcapng');
  } finally {
    await program.stop('SIGKILL');
  }
  if (there === 'nothing') expect(readdirSync(path)).not.toContain('out.pcapng');
  else expect(readFileSync(file, 'utf8')).toBe('old');
});

test('a reader that has had enough of what is printed leaves the file to be written to its end', async () => {
  const bytes = readFileSync('fixtures/modes.pcap');
  // Much more than a pipe holds.
  const input = folder.write(
    'many.pcap',
    Buffer.concat([bytes, ...Array.from({ length: 40 }, () => bytes.subarray(24))]),
  );
  const path = folder.path('many.pcapng');
  const program = new RunningProgram(handshark('decode', '-V', '-w', path, input));
  program.child.stdout.once('data', () => program.child.stdout.destroy());
  const { status } = await program.ended();
  const written = await running(['decode', '-e', 'frame.number', path]);
  expect([status, written.stdout.trim().split('\n').length]).toEqual([0, 41 * 127]);
});

test('what cannot be written to its end leaves the older file as it was, and nothing else', async () => {
  const path = folder.write('mixed.pcap', 'old');
  const before = readdirSync(folder.path(''));
  const { status, complaints } = await running(['decode', '-q', '-w', path, 'fixtures/two-interfaces.pcapng']);
  expect([status, complaints]).toEqual([1, [expect.stringContaining('a pcap file has one link type')]]);
  expect(readFileSync(path, 'utf8')).toBe('old');
  expect(readdirSync(folder.path(''))).toEqual(before);
});
