import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { afterEach, expect, test } from 'vitest';
import { has } from '../analyzer/capture/files.js';
import { handshark, PROGRAM } from '../built-program.js';
import { makeNetwork, type Network, namespacesMissing } from './namespaces.js';

const missing = namespacesMissing() ?? (has('dumpcap') ? undefined : 'dumpcap is not installed');

let network: Network | undefined;
const client = new Client({ name: 'test', version: '1' });
afterEach(async () => {
  await client.close();
  await network?.remove();
  network = undefined;
});

const ADDRESS = '127.0.0.1:4242';
const foldersOf = () => readdirSync(tmpdir()).filter((name) => name.startsWith('handshark-mcp-'));

test('an agent sends to the one address that it may, and sees live traffic of it', { timeout: 120_000 }, async ({
  skip,
}) => {
  if (missing) skip(missing);
  network = makeNetwork(1);
  const [namespace] = network.namespaces;
  if (!namespace) throw new Error('no namespace');
  const before = foldersOf();
  const peer = namespace.start([...handshark('peer', 'listen', ADDRESS, '--keep')]);
  await peer.said(/listening/);
  const [command = '', ...inside] = namespace.inside;
  const live = ['-i', 'lo', '-f', 'udp port 4242', '--engine', 'dumpcap', '-B', '16', '--allow-send', ADDRESS];
  await client.connect(
    new StdioClientTransport({
      command,
      args: [...inside, process.execPath, PROGRAM, 'mcp', ...live],
      stderr: 'ignore',
    }),
  );
  const ask = async (name: string, given: Readonly<Record<string, unknown>> = {}): Promise<string> => {
    const { content } = await client.callTool({ name, arguments: given });
    return (content as readonly { readonly text: string }[]).map(({ text }) => text).join('\n');
  };
  expect(await ask('captures')).toContain('capture "lo", still growing');
  const { tools } = await client.listTools();
  expect(tools.find(({ name }) => name === 'send')?.annotations).toMatchObject({
    readOnlyHint: false,
    openWorldHint: true,
  });

  const told = await ask('send', {
    words: ['new', '--from', 'alice', '--to', 'listener', '--c1', '1a2b'],
    wait_ms: 1000,
  });
  expect(told.split('\n')[0]).toBe(`sent 1 to ${ADDRESS}`);
  expect(told).toMatch(/\nafter [\d.]+ ms: 99838caa[0-9a-f]+/);
  expect(await ask('send', { hex: ['0'] })).toContain('send: 0: not an even number of hex digits');
  expect(await ask('send', {})).toBe('send: give words, or hex');

  // What dumpcap has seen is in the file a moment later.
  let seen = '';
  for (let tries = 0; tries < 200 && !seen.includes('ACKNOWLEDGE'); tries++)
    seen = await ask('find_packets', { filter: 'chan' });
  expect(seen).toMatch(/ NEW 1a2b.*\n.* ACKNOWLEDGE 1a2b/);

  await client.close();
  for (let tries = 0; tries < 500 && foldersOf().some((name) => !before.includes(name)); tries++) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  expect(foldersOf().filter((name) => !before.includes(name))).toEqual([]);
});
