import { expect, test } from 'vitest';
import { running } from './running.js';

test.each([[['decode']], [['stats']], [['peer', 'listen']], [['craft']]])(
  'help tells of %j what --help does',
  async (words) => {
    const help = await running(['help', ...words]);
    expect(help).toEqual(await running([...words, '--help']));
    expect(help.stdout).toContain(`handshark ${words.join(' ')}`);
  },
);

test('-v is the version, and -l changes nothing', async () => {
  expect(await running(['-v'])).toEqual(await running(['--version']));
  expect(await running(['decode', '-l', 'fixtures/vlan.pcap'])).toEqual(
    await running(['decode', 'fixtures/vlan.pcap']),
  );
});

test('help alone tells of all commands', async () => {
  expect(await running(['help'])).toEqual(await running(['--help']));
});

test.each([
  [['help', 'decodd'], 'help: no such command: decodd; did you mean decode?'],
  [['help', 'nonsense'], 'help: no such command: nonsense'],
  [['stat', 'hierarchy', 'x.pcap'], 'no such command: stat; did you mean stats?'],
  [['x.pcap', 'tcp'], 'no such file: tcp: a display filter goes with -Y'],
])('%j is refused with what may have been meant', async (words, problem) => {
  expect(await running(words)).toEqual({ stdout: '', complaints: [problem], status: 2 });
});

test.each([
  [['peer']],
  [['peer', 'listen']],
  [['peer', 'connect']],
  [['run']],
  [['check']],
  [['simulate']],
  [['inject']],
  [['decode']],
  [['channels']],
  [['handshakes']],
])('the help of %j ends with examples of it', async (words) => {
  const { stdout } = await running([...words, '--help']);
  const examples = stdout.slice(stdout.indexOf('\nExamples:\n')).split('\n').slice(2, -1);
  expect(examples.filter((line) => line.includes(`handshark ${words.join(' ')} `))).not.toEqual([]);
  // An option that can be repeated says so, and not that it begins with none.
  expect(stdout).not.toMatch(/default: (\[\]|\{\})/);
});
