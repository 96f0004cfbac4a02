import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Writable } from 'node:stream';
import { Command, CommanderError } from 'commander';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Io } from '../../../analyzer/commands/io.js';
import { proxyCommand } from '../../../analyzer/commands/proxy.js';
import { channelPacket, message } from '../../../crafter/channel-part.js';
import { build } from '../../../crafter/part.js';
import { peerId } from '../../../crafter/peer-id.js';
import { dialectNamed } from '../../../dissectors/channel/dialects.js';
import { dissectChannel } from '../../../dissectors/channel/dissect.js';
import { summarizeChannel } from '../../../dissectors/channel/explain.js';
import { viewOf } from '../../../dissectors/wire/view.js';

const HMAC = dialectNamed('hmac');
const folder = mkdtempSync(join(tmpdir(), 'proxy-'));
afterAll(() => rmSync(folder, { recursive: true }));

const dataPacket = (sequence: number, text: string): Uint8Array =>
  build(
    channelPacket(HMAC, { sender: peerId('connector'), recipient: peerId('listener'), id: 0x1a2b3c4d, sequence }, [
      message(HMAC, 'DATA', { data: new TextEncoder().encode(text) }),
    ]),
  );

function summary(bytes: Uint8Array): string {
  const packet = dissectChannel(viewOf(bytes), 0, { captured: bytes.length, wire: bytes.length });
  return `${summarizeChannel(packet)}${packet.checksumStatus === 'bad' ? ' bad checksum' : ''}`;
}

/** A socket on loopback, with what comes there. */
class End {
  readonly socket: Socket = createSocket('udp4');
  readonly came: string[] = [];
  from = 0;
  #onCame = (): void => {};

  async open(): Promise<number> {
    this.socket.on('message', (bytes, { port }) => {
      this.came.push(summary(new Uint8Array(bytes)));
      this.from = port;
      this.#onCame();
    });
    this.socket.bind(0, '127.0.0.1');
    await once(this.socket, 'listening');
    return this.socket.address().port;
  }

  /** Waits until so many packets are here. */
  async has(count: number): Promise<readonly string[]> {
    while (this.came.length < count) {
      await new Promise<void>((done) => {
        this.#onCame = done;
      });
    }
    return this.came;
  }
}

let server: End;
let client: End;
let target: number;

beforeEach(async () => {
  [server, client] = [new End(), new End()];
  target = await server.open();
  await client.open();
});

afterEach(() => {
  server.socket.close();
  client.socket.close();
});

/** Runs the proxy with some words; calls back with its port, and gives what was printed and said in the end. */
async function proxied(words: readonly string[], talk: (port: number) => Promise<void>) {
  const pieces: Buffer[] = [];
  const stdout = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      // A writer may use its bytes again once they are taken.
      pieces.push(Buffer.from(chunk));
      done();
    },
  });
  const said: string[] = [];
  const interrupt = new AbortController();
  let status = 0;
  let listening = (_port: number): void => {};
  const port = new Promise<number>((done) => {
    listening = done;
  });
  const io: Io = {
    stdout,
    stderr: new PassThrough(),
    isTerminal: false,
    columns: undefined,
    env: {},
    complain: (problem, worse) => {
      said.push(problem);
      status = Math.max(status, worse);
    },
    remark: (text) => {
      const [, own] = /^relaying between 127\.0\.0\.1:(\d+)/.exec(text) ?? [];
      if (own !== undefined) listening(Number(own));
      else said.push(text.replaceAll(/127\.0\.0\.1:\d+/g, 'PLACE'));
    },
    earn: () => {},
    progress: () => {},
    onRotate: () => {},
    interrupted: () => interrupt.signal,
  };
  const program = new Command('handshark').exitOverride().configureOutput({ writeErr: () => {} });
  proxyCommand(program, io);
  const over = program.parseAsync(['node', 'handshark', 'proxy', '127.0.0.1:0', `127.0.0.1:${target}`, ...words]);
  await talk(await port);
  interrupt.abort();
  await over;
  return { printed: Buffer.concat(pieces).toString(), said, status };
}

/** Sends packets one after the other, as the client. */
async function send(port: number, ...packets: readonly Uint8Array[]): Promise<void> {
  for (const packet of packets) {
    await new Promise<void>((done) => client.socket.send(packet, port, '127.0.0.1', () => done()));
  }
}

const [ONE, TWO, THREE] = [dataPacket(1, 'one'), dataPacket(2, 'two'), dataPacket(3, 'three')];

describe('the proxy', () => {
  test('relays both ways, and shows and counts what passes', async () => {
    const { printed, said, status } = await proxied([], async (port) => {
      await send(port, ONE);
      expect(await server.has(1)).toEqual(['1a2b3c4d seq 1 DATA 3']);
      server.socket.send(TWO, server.from, '127.0.0.1');
      expect(await client.has(1)).toEqual(['1a2b3c4d seq 2 DATA 3']);
      expect(client.from).toBe(port);
    });
    expect(printed.match(/DATA 3/g), printed).toHaveLength(2);
    expect({ said, status }).toEqual({ said: expect.any(Array), status: 0 });
  });

  test('drops, changes and duplicates by filter, as often as it is told, and records what it did', async () => {
    const file = join(folder, 'rules.pcapng');
    const words = [
      '-q',
      '-w',
      file,
      '--drop',
      'chan.sequence == 1',
      '--times',
      '1',
      '--duplicate',
      'chan.sequence == 2',
    ];
    const { said } = await proxied(
      [...words, '--set', 'chan.sequence=9', '--where', 'chan.sequence == 3'],
      async (port) => {
        await send(port, ONE, TWO, THREE, ONE);
        expect(await server.has(4)).toEqual(
          [2, 2, 9, 1].map((number) => `1a2b3c4d seq ${number} DATA ${number === 9 ? 5 : 3}`),
        );
      },
    );
    expect(said.filter((line) => line.startsWith('--'))).toEqual([
      '--drop chan.sequence == 1: 1 packet',
      '--duplicate chan.sequence == 2: 1 packet',
      '--set chan.sequence=9: 1 packet',
    ]);
    const capture = readFileSync(file, 'latin1');
    for (const comment of ['proxy: dropped', 'proxy: sent 2 times', 'proxy: set chan.sequence=9']) {
      expect(capture).toContain(comment);
    }
  });

  test('lets packets overtake others', async () => {
    await proxied(['-q', '--reorder', 'chan.sequence == 1'], async (port) => {
      await send(port, ONE, TWO);
      expect(await server.has(2)).toEqual(['1a2b3c4d seq 2 DATA 3', '1a2b3c4d seq 1 DATA 3']);
    });
  });

  test('sends what it holds when it ends', async () => {
    await proxied(['-q', '--delay', 'chan.sequence == 1', '--by', '60000'], async (port) => {
      await send(port, ONE, TWO);
      expect(await server.has(1)).toEqual(['1a2b3c4d seq 2 DATA 3']);
    });
    expect(await server.has(2)).toEqual(['1a2b3c4d seq 2 DATA 3', '1a2b3c4d seq 1 DATA 3']);
  });
});

test.each([
  [['127.0.0.1:0', 'nowhere', '--times', '3'], /it belongs to a rule before it/],
  [['127.0.0.1:0', '127.0.0.1:1', '--drop', 'chan.sequence =='], /filter/i],
  [
    ['127.0.0.1:0', '127.0.0.1:1', '--set', 'chan.sequenze=1'],
    /there is no field chan.sequenze; did you mean chan.sequence\?/,
  ],
  [['127.0.0.1:0', '127.0.0.1:1', '--drop', 'chan', '--by', '5'], /--by: goes with --delay/],
  [['nonsense', '127.0.0.1:1'], /bad address: nonsense/],
])('what makes no sense is refused: %j', async (words, problem) => {
  const io = { interrupted: () => new AbortController().signal, remark: () => {} } as unknown as Io;
  const program = new Command('handshark').exitOverride().configureOutput({ writeErr: () => {} });
  proxyCommand(program, io);
  const error = await program.parseAsync(['node', 'handshark', 'proxy', ...words]).catch((caught: unknown) => caught);
  expect(error instanceof CommanderError || error instanceof Error ? error.message : '').toMatch(problem);
});
