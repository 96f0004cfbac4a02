import { mkdirSync } from 'node:fs';
import { afterAll, expect, test } from 'vitest';
import { makeFolder } from '../capture/files.js';
import { running } from './running.js';

const folder = makeFolder();
afterAll(() => folder.remove());
mkdirSync(folder.path('config/handshark'), { recursive: true });
const env = { XDG_CONFIG_HOME: folder.path('config') };
const VLAN = 'fixtures/vlan.pcap';

/** What a command prints with a configuration, and what it prints without one when these words are given. */
async function expectSame(config: unknown, words: readonly string[], plain: readonly string[]): Promise<void> {
  folder.write('config/handshark/config.json', JSON.stringify(config));
  const found = await running(words, env);
  expect(found.complaints).toEqual([]);
  expect(found).toEqual(await running(plain));
}

test.each([
  [['stats', 'hierarchy', VLAN]],
  [
    ['stats', 'endpoints', VLAN],
    ['stats', 'endpoints', '--by', 'udp', VLAN],
  ],
  [
    ['stats', 'io', VLAN],
    ['stats', 'io', '--interval', '10', '--column', 'udp', VLAN],
  ],
  [['stats', 'handshakes', VLAN]],
  [['stats', 'expert', VLAN]],
])('configured defaults count only where they go: %j', (words, plain = words) =>
  expectSame({ stats: { interval: 10, by: ['udp'], column: ['udp'], track: false } }, words, plain),
);

test.each([
  [{ format: 'json' }, ['-e', 'ip.src'], ['-e', 'ip.src']],
  [{ format: 'csv' }, ['-e', 'ip.src'], ['-e', 'ip.src', '-T', 'csv']],
  [{ field: ['ip.src'] }, ['-T', 'json'], ['-T', 'json']],
  [{ field: ['ip.src'] }, [], ['-e', 'ip.src']],
  [{ 'with-handshake': true, 'discard-secrets': true, 'inject-secrets': ['x'] }, [], []],
])('what is configured does not stand against the command line: %j and %j', (config, words, plain) =>
  expectSame({ decode: config }, ['decode', VLAN, ...words], ['decode', VLAN, ...plain]),
);

test('what the command line says still has to fit', async () => {
  expect((await running(['stats', 'hierarchy', '--interval', '3', VLAN])).complaints).toEqual([
    '--interval: 3: goes with io',
  ]);
});
