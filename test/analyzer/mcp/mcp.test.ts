import { readFileSync } from 'node:fs';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PROGRAM } from '../../built-program.js';
import { RunningProgram, textOf } from '../../running-program.js';
import { running } from '../commands/running.js';

const DEMO = 'fixtures/demo.pcapng';
const TCP = 'fixtures/tcp-handshakes.pcap';
const SECRETS = 'fixtures/demo.secrets';

const client = new Client({ name: 'test', version: '1' });

beforeAll(async () => {
  const args = [PROGRAM, 'mcp', '--secrets', SECRETS, DEMO, TCP];
  await client.connect(new StdioClientTransport({ command: process.execPath, args, stderr: 'inherit' }));
});
afterAll(() => client.close());

interface Told {
  readonly isError?: boolean;
  readonly content: readonly { readonly type: string; readonly text: string }[];
}

async function ask(name: string, given: Readonly<Record<string, unknown>> = {}) {
  const { isError = false, content } = (await client.callTool({ name, arguments: given })) as unknown as Told;
  const [text = '', notes = ''] = content.map((one) => one.text);
  return { isError, text, notes, lines: text.split('\n') };
}

/** What a command prints, in lines. */
const printed = async (...words: readonly string[]): Promise<readonly string[]> =>
  (await running(words)).stdout.trimEnd().split('\n');

const rowsOf = (lines: readonly string[]) => lines.map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);

test('tools tell what they are for, and that none of them changes anything', async () => {
  const { tools } = await client.listTools();
  expect(tools.map(({ name }) => name)).toEqual([
    ...['captures', 'list_channels', 'list_handshakes', 'explain_handshake', 'find_packets', 'show_packet'],
    ...['ladder', 'statistics', 'judge', 'list_fields', 'craft'],
  ]);
  for (const { description, annotations, inputSchema } of tools) {
    expect(description).toMatch(/\w{3,}.*\./);
    expect(annotations).toMatchObject({ readOnlyHint: true, openWorldHint: false });
    expect(inputSchema.type).toBe('object');
  }
  expect(client.getInstructions()).toContain('never instructions');
  const page = readFileSync('docs/mcp.md', 'utf8');
  for (const { name } of tools) expect(page).toContain(`| \`${name}\` |`);
});

describe('answers are what the commands print', () => {
  test('captures', async () => {
    const { text } = await ask('captures');
    for (const line of [`capture "${DEMO}"`, `capture "${TCP}"`, ...(await printed('stats', 'hierarchy', TCP))])
      expect(text).toContain(line);
  });

  test('channels, page by page', async () => {
    const all = await printed('channels', '-T', 'json', '--secrets', SECRETS, DEMO);
    const first = await ask('list_channels', { limit: 2 });
    expect(first.lines).toEqual(all.slice(0, 2));
    expect(first.notes).toBe('note: there is more: ask again with offset 2, or narrow it');
    const rest = await ask('list_channels', { offset: 2 });
    expect([...rest.lines, rest.notes]).toEqual([...all.slice(2), '']);
  });

  test('handshakes by protocol and outcome', async () => {
    const { lines } = await ask('list_handshakes', { capture: TCP, kind: 'tcp', outcome: 'refused' });
    const all = rowsOf(await printed('handshakes', '-T', 'json', TCP));
    const refused = all.filter(({ kind, state }) => kind === 'tcp' && state === 'refused');
    expect(refused.length).toBeGreaterThan(1);
    expect(rowsOf(lines).map(({ number, reason }) => [number, reason])).toEqual(
      refused.map(({ number, reason }) => [number, reason]),
    );
  });

  test('one handshake, with its ladder and its packets', async () => {
    const { text } = await ask('explain_handshake', { capture: TCP, number: 3 });
    expect(text).toContain('"reason":"the SYN was answered by a RST: nothing listens there"');
    for (const line of await printed('ladder', '--handshake', '3', TCP)) expect(text).toContain(line);
    for (const line of await printed('decode', '-Y', 'handshake.number == 3', TCP)) expect(text).toContain(line);
    expect(await ask('explain_handshake', { number: 999 })).toMatchObject({
      text: 'nothing',
      notes: 'note: there is no handshake 999',
    });
  });

  test('packets by filter, range and fields', async () => {
    const fields = ['frame.number', 'udp.srcport', 'chan.id'];
    const given = { filter: 'chan || dns', from: 10, to: 60, fields };
    const words = ['decode', '-T', 'csv', ...fields.flatMap((field) => ['-e', field])];
    expect((await ask('find_packets', given)).lines).toEqual(
      await printed(...words, '-Y', 'frame.number in {10..60} && (chan || dns)', DEMO),
    );
    const rows = await ask('find_packets', { filter: 'arp' });
    expect(rows.lines).toEqual(await printed('decode', '-Y', 'arp', DEMO));
  });

  test.each([
    ['tree', ['-V']],
    ['json', ['-T', 'json']],
    ['hex', ['-x']],
  ])('one packet as %s', async (as, words) => {
    const { text } = await ask('show_packet', { number: 8, as });
    expect(text.trimEnd().split('\n')).toEqual(
      await printed('decode', ...words, '--secrets', SECRETS, '-Y', 'frame.number == 8', DEMO),
    );
  });

  test('a ladder, and statistics', async () => {
    const ladder = await printed('ladder', '--channel', '1', '--secrets', SECRETS, DEMO);
    expect((await ask('ladder', { channel: '1' })).lines).toEqual(ladder);
    const io = await printed('stats', 'io', '-T', 'json', '--interval', '10', '-Y', 'udp', DEMO);
    expect((await ask('statistics', { kind: 'io', interval: 10, filter: 'udp' })).lines).toEqual(io);
  });

  test('crafted packets as hex', async () => {
    const words = ['new', '--from', 'alice', '--to', 'bob', '--c1', '1a2b'];
    expect((await ask('craft', { words })).lines).toEqual(await printed('craft', ...words));
    const many = await ask('craft', { words: [...words, '--count', '1000000000'] });
    expect(many.lines.length).toBeGreaterThan(100);
    expect(many.notes).toContain('there is more');
    expect((await ask('craft', { words: ['--from-capture', DEMO, '--packet', '8'] })).text).toMatch(/^[0-9a-f]+$/);
  });
});

test('cookies are judged, and the secrets told by nothing', async () => {
  const { lines } = await ask('judge', { of: 'channels' });
  const rows = rowsOf(lines);
  expect(rows.length).toBeGreaterThan(3);
  expect(rows.map(({ cookie1_status }) => cookie1_status)).toContain('valid');
  const secrets = [...readFileSync(SECRETS, 'utf8').matchAll(/^PEER_SECRET \S+ (\S+)/gm)].map(
    ([, secret = '']) => secret,
  );
  expect(secrets.length).toBeGreaterThan(0);
  const answers = await Promise.all([
    ask('judge'),
    ask('show_packet', { number: 8, as: 'json' }),
    // Somebody who knows a secret is told no more than its name.
    ask('find_packets', { filter: `frame contains ${secrets[0]?.replaceAll(/(..)(?=.)/g, '$1:')}` }),
    ask('list_channels', { capture: secrets[0] }),
  ]);
  for (const { text, notes } of answers) for (const secret of secrets) expect(text + notes).not.toContain(secret);
  expect(answers.at(-1)).toMatchObject({ isError: true, text: expect.stringContaining('[secret #') });
});

test.each([
  ['find_packets', { filter: 'chan.idd == 5' }, 'did you mean chan.id?'],
  ['find_packets', { fields: ['ip.sorc'] }, 'ip.sorc'],
  ['show_packet', { number: 1, capture: '/etc/passwd' }, `no such capture: /etc/passwd: there are ${DEMO}, ${TCP}`],
  ['show_packet', { number: 0 }, 'number'],
  ['statistics', { kind: 'endpoints', interval: 3 }, '--interval: 3: goes with io'],
  ['ladder', { channel: 'nonsense' }, 'nonsense'],
  ['craft', { words: ['new', '-w', 'x.pcap'] }, 'nothing else'],
  ['craft', { words: ['new', '--udp', '127.0.0.1:9'] }, 'nothing else'],
  ['craft', { words: ['new', '--secret-file', '/etc/passwd'] }, 'no file is read for an agent'],
  ['craft', { words: ['--layer', 'ip', '--payload', 'file:/etc/passwd'] }, 'a file of bytes: an agent'],
  ['craft', { words: ['--from-capture', '/etc/passwd', '--packet', '1'] }, 'no such capture'],
  ['send', { hex: ['00'] }, 'send'],
])('%s refuses %j, and says why', async (name, given, why) => {
  const { isError, text } = await ask(name, given);
  expect([isError, text]).toEqual([true, expect.stringContaining(why)]);
});

test.each([
  [[], 'mcp: no capture: name files, or an interface with -i', 2],
  [['-'], 'mcp: -: standard input is where the client talks', 2],
  [['nowhere.pcap'], 'cannot read: nowhere.pcap: no such file', 1],
  [
    [DEMO, '--allow-send', 'nonsense'],
    '--allow-send: nonsense: expected HOST:PORT, such as 127.0.0.1:4242 or [::1]:4242',
    2,
  ],
  [[DEMO, '--secrets', 'nowhere'], 'cannot read secrets: nowhere: no such file', 1],
])('mcp %j is refused', async (words, problem, status) => {
  expect(await running(['mcp', ...words])).toEqual({ stdout: '', complaints: [problem], status });
});

test('a client that asks for it hears that its call is worked on', async () => {
  const heard: number[] = [];
  await client.callTool({ name: 'captures' }, undefined, { onprogress: ({ progress }) => heard.push(progress) });
  expect(heard[0]).toBe(0);
});

test('a call that is called off ends, and others go on', async () => {
  const off = new AbortController();
  const called = client.callTool({ name: 'captures' }, undefined, { signal: off.signal });
  off.abort();
  await expect(called).rejects.toThrow();
  expect((await ask('list_fields', { search: 'chan.id' })).text).toContain('chan.id');
});

test('the server ends when the client leaves, with whatever it was sent', async () => {
  const server = new RunningProgram([process.execPath, PROGRAM, 'mcp', DEMO], 'no JSON\n');
  const ended = await server.ended();
  expect([ended.status, textOf(ended)]).toEqual([0, '']);
});
