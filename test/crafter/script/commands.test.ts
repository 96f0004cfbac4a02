import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { Command, CommanderError } from 'commander';
import { afterAll, describe, expect, test } from 'vitest';
import { checkCommand } from '../../../crafter/commands/check.js';
import { runCommand } from '../../../crafter/commands/run.js';
import { testsOf } from '../../../crafter/conformance/suite.js';
import { FrameTapError } from '../../../crafter/io/frame-tap.js';
import { isOwnInterface } from '../../../crafter/io/own-network.js';

const folder = mkdtempSync(join(tmpdir(), 'handshark-scripts-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A script in a file of its own. */
function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

/** What a command line prints, says and ends with. */
async function handshark(...words: readonly string[]) {
  const program = new Command('handshark').exitOverride().configureOutput({ writeErr: () => {} });
  // All that a suite prints waits until the end.
  const stdout = new PassThrough({ highWaterMark: 1 << 20 });
  const said: string[] = [];
  let status = 0;
  const io = {
    stdout,
    stderr: new PassThrough(),
    complain: (problem: string, worse: 1 | 2) => {
      said.push(problem.replaceAll(folder, '').replaceAll('\\', '/'));
      status = Math.max(status, worse);
    },
    interrupted: () => new AbortController().signal,
  };
  runCommand(program, io, {
    tap: async () => {
      throw new FrameTapError('lo: not here');
    },
    confirm: async () => false,
  });
  checkCommand(program, io);
  await program.parseAsync(['node', 'handshark', ...words]).catch((error) => {
    if (!(error instanceof CommanderError)) throw error;
    said.push(error.message.split('\n')[0] ?? '');
    status = 2;
  });
  const printed: Buffer | null = stdout.read();
  return { printed: (printed?.toString() ?? '').replaceAll(folder, ''), said, status };
}

const GOOD = file('good.hs', '0.0 > new() -> c1\n* < ack(id=c1...)\n');
const BAD = file('bad.hs', '0.0 > new() -> c1\n* < ack(id=c1...) data()\n');
const WRONG = file('wrong.hs', '0.0 > new(c9=1)\n');

/** Layers for an interface. */
const LAYERS = ['eth', 'ip:src=192.0.2.9,dst=192.0.2.1', 'udp:srcport=7,dstport=9'].flatMap((one) => ['--layer', one]);

describe('run', () => {
  test('asks before a flood on an interface', async ({ skip }) => {
    if (isOwnInterface('nosuch0')) skip('whatever happens in a namespace of its own is no flood');
    const flood = file('flood.hs', '0.0 > new() times 600\n');
    const { said, status } = await handshark('run', flood, flood, '-i', 'nosuch0', ...LAYERS);
    const why = 'nosuch0: more than 1000 packets a second may flood a network; say --yes if that is meant';
    expect([said, status]).toEqual([[`run: ${why}`], 2]);
  });

  test.for([
    [['-i', 'lo'], 2, /^run: -i: needs layers of the interface, then ip or ipv6, then udp; such as --layer eth /],
    [LAYERS, 2, /^run: --layer: goes with -i, otherwise the system makes the layers$/],
    [['-i', 'lo', ...LAYERS, '--target', 'peer'], 2, /'-i, --interface <name>' cannot be used with .*--target/],
    [['-i', 'lo', '--layer', 'moon'], 2, /^run: --layer moon: unknown layer "moon"/],
  ] as const)('tells what makes no sense on an interface: %j', async ([words, worst, why]) => {
    const { said, status } = await handshark('run', GOOD, ...words);
    expect([said.length, status]).toEqual([1, worst]);
    expect(said[0]).toMatch(why);
  });

  test('passes with 0', async () => {
    expect(await handshark('run', GOOD)).toEqual({ printed: 'PASS /good.hs (0 s)\n', said: [], status: 0 });
  });

  test('fails with 1, and says which line', async () => {
    const { printed, said, status } = await handshark('run', GOOD, BAD);
    expect(printed.split('\n').slice(0, 5)).toEqual([
      'PASS /good.hs (0 s)',
      'FAIL /bad.hs:2: messages is not what was expected',
      '     2 | * < ack(id=c1...) data()',
      '    field     messages',
      '    expected  CHANNEL_ACKNOWLEDGE, DATA',
    ]);
    expect({ said, status }).toEqual({ said: ['run: /bad.hs:2: messages is not what was expected'], status: 1 });
  });

  test('reads all scripts before it plays one', async () => {
    expect(await handshark('run', GOOD, WRONG)).toEqual({
      printed: '',
      said: ['run: /wrong.hs:1:11: CHANNEL_NEW has no field c9; did you mean c1?'],
      status: 2,
    });
  });

  test.each([
    ['a script that is not there', ['run', join(folder, 'none.hs')], 'run: /none.hs: no such file or directory', 2],
    [
      'an address that makes no sense',
      ['run', GOOD, '--target', 'x'],
      "error: option '--target <where>' argument 'x' is invalid. expected HOST:PORT, such as 127.0.0.1:4242 or [::1]:4242",
      2,
    ],
    [
      'a capture that cannot be written',
      ['run', GOOD, '-w', join(folder, 'no', 'a.pcapng')],
      'run: /no/a.pcapng: no such file or directory',
      1,
    ],
    [
      'a port where nobody listens',
      ['run', GOOD, '--target', '127.0.0.1:1'],
      `run: /good.hs: 127.0.0.1:1: connection refused`,
      1,
    ],
    [
      'a port where nobody listens, IPv6',
      ['run', GOOD, '--target', '[::1]:1'],
      `run: /good.hs: [::1]:1: connection refused`,
      1,
    ],
  ] as const)('says in one line: %s', async (_, words, problem, status) => {
    const result = await handshark(...words);
    expect({ said: result.said, status: result.status }).toEqual({ said: [problem], status });
  });

  test('reports one JSON object a script', async () => {
    const { printed } = await handshark('run', '--json', '--seed', '5', GOOD, BAD);
    const objects = printed
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { verdict: string; seed: number });
    expect(objects.map(({ verdict, seed }) => [verdict, seed])).toEqual([
      ['pass', 5],
      ['fail', 5],
    ]);
  });

  test('records the packets with their secrets', async () => {
    const path = join(folder, 'run.pcapng');
    await handshark('run', GOOD, '-w', path);
    const text = readFileSync(path).toString('latin1');
    expect(text.match(/PEER_SECRET [0-9a-f]{32} [0-9a-f]+\n/g)?.length).toBe(2);
  });
});

const COUNT = testsOf('responder', 'hmac').length + testsOf('initiator', 'hmac').length;

describe('check', () => {
  test('plays the suite against the built-in peer, all green', async () => {
    const { printed, said, status } = await handshark('check', 'peer');
    expect(printed.split('\n').filter((line) => !line.startsWith('ok'))).toEqual([
      `built-in peer, dialect hmac: ${COUNT} tests`,
      `${COUNT} passed, 0 failed`,
      '',
    ]);
    expect({ said, status }).toEqual({ said: [], status: 0 });
  });

  test('plays what is asked for, and reports as asked', async () => {
    expect((await handshark('check', 'peer', '--only', 'new-answered', '--format', 'tap')).printed).toBe(
      'TAP version 14\n1..1\n# built-in peer, dialect hmac\nok 1 - new-answered: answers CHANNEL_NEW with a CHANNEL_ACKNOWLEDGE that returns its proof, numbered 0\n# 1 passed, 0 failed\n',
    );
    const { printed } = await handshark(
      'check',
      'peer',
      '--only',
      'new-answered',
      '--format',
      'json',
      '--dialect',
      'seqno',
    );
    const { subject, dialect, passed, failed, skipped } = JSON.parse(printed) as Record<string, unknown>;
    expect({ subject, dialect, passed, failed, skipped }).toEqual({
      subject: 'built-in peer',
      dialect: 'seqno',
      passed: 1,
      failed: 0,
      skipped: 0,
    });
  });

  test.each([
    ['nobody there', ['check', '127.0.0.1:1'], 'check: 127.0.0.1:1: connection refused', 1],
    ['nobody named', ['check'], 'check: whom? Say HOST:PORT, "peer", or --listen HOST:PORT', 2],
    [
      'a test that is not there',
      ['check', 'peer', '--only', 'flod'],
      'check: --only flod: no such test; did you mean flood?',
      2,
    ],
    ['two at a time', ['check', 'peer', '--listen', '127.0.0.1:0'], 'check: an address and --listen: one at a time', 2],
  ] as const)('says in one line: %s', async (_, words, problem, status) => {
    const result = await handshark(...words);
    expect({ said: result.said, status: result.status }).toEqual({ said: [problem], status });
  });
});
