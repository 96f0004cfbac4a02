import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Writable } from 'node:stream';
import { afterAll, describe, expect, test } from 'vitest';
import { PATIENCE_MS, StandardOutput } from '../../analyzer/standard-output.js';
import { handshark } from '../built-program.js';
import { HandClock } from '../crafter/io/hand-clock.js';
import { RunningProgram } from '../running-program.js';
import { makeFolder } from './capture/files.js';

/** A pipe whose reader takes what it is told to, one write at a time. */
class Pipe extends Writable {
  readonly taken: string[] = [];
  #waiting: (() => void)[] = [];

  constructor() {
    super({ highWaterMark: 4 });
  }

  override _write(bytes: Buffer, _: BufferEncoding, done: () => void): void {
    this.#waiting.push(() => {
      this.taken.push(String(bytes));
      done();
    });
  }

  /** Takes all that has come. */
  async read(): Promise<void> {
    while (this.#waiting.length > 0) {
      this.#waiting.shift()?.();
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}

function opened() {
  const pipe = new Pipe();
  const clock = new HandClock();
  return { pipe, clock, output: new StandardOutput(pipe, clock) };
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('standard output', () => {
  test('passes on what is written, in order, and says when there is room', async () => {
    const { pipe, output } = opened();
    expect(output.write('first')).toBe(false);
    output.write('second');
    output.write('third');
    const drained = once(output, 'drain');
    await pipe.read();
    await drained;
    expect([pipe.taken.join(' '), output.isBusy, output.isGivenUp]).toEqual(['first second third', false, false]);
  });

  test('waits for its reader as long as nobody wants an end', async () => {
    const { pipe, clock, output } = opened();
    output.write('first');
    clock.goTo(1e9);
    expect(output.isGivenUp).toBe(false);
    await pipe.read();
    expect(pipe.taken).toEqual(['first']);
  });

  test('gives up who takes nothing once the user wants an end: all writes fail, those that follow too', async () => {
    const { clock, output } = opened();
    const failures: string[] = [];
    const note = (error?: Error | null) => failures.push(error && 'code' in error ? String(error.code) : 'taken');
    output.write('first', note);
    output.write('second', note);
    output.hurry();
    clock.goTo(PATIENCE_MS - 1);
    expect(output.isGivenUp).toBe(false);
    clock.goTo(PATIENCE_MS);
    await settle();
    output.write('third', note);
    await settle();
    expect(failures).toEqual(['EPIPE', 'EPIPE', 'ERR_STREAM_DESTROYED']);
    expect([output.isGivenUp, output.isBusy, clock.waiting]).toEqual([true, false, 0]);
  });

  test('stays with a reader that is slow', async () => {
    const { pipe, clock, output } = opened();
    output.hurry();
    for (let round = 1; round <= 5; round++) {
      output.write(`${round}`);
      clock.goTo(round * (PATIENCE_MS - 1));
      await pipe.read();
    }
    clock.goTo(100 * PATIENCE_MS);
    expect([pipe.taken.join(''), output.isGivenUp, clock.waiting]).toEqual(['12345', false, 0]);
  });

  test('passes on why its target cannot be written', async () => {
    const full = Object.assign(new Error('full'), { code: 'ENOSPC' });
    const target = new Writable({ write: (_bytes, _encoding, done) => done(full) });
    target.on('error', () => {});
    const error = await new Promise((resolve) => new StandardOutput(target).write('x', resolve));
    expect(error).toBe(full);
  });
});

describe('a signal ends, with a standard output that nobody reads,', () => {
  const folder = makeFolder();
  afterAll(() => folder.remove());

  /** Waits until a program has filled its pipe, and sends the signal. */
  async function ends(
    words: readonly string[],
    signal: NodeJS.Signals,
    fill: () => Promise<unknown>,
  ): Promise<unknown> {
    const [program = '', ...rest] = handshark(...words);
    const child = spawn(program, rest, { stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.pause();
    try {
      const ended = once(child, 'exit');
      const [, address] =
        words[0] === 'peer' ? (/on (\S+) as/.exec(String(await once(child.stderr, 'data'))) ?? []) : [];
      child.stderr.resume();
      const other = address === undefined ? undefined : new RunningProgram(handshark('peer', 'connect', address), MUCH);
      await fill();
      await new Promise((resolve) => {
        const look = () => (child.stdout.readableLength > 0 ? resolve(undefined) : setTimeout(look, 5));
        look();
      });
      child.kill(signal);
      const [status] = await ended;
      await other?.stop('SIGKILL');
      return status;
    } finally {
      child.kill('SIGKILL');
      child.stdout.destroy();
    }
  }

  const MUCH = Buffer.alloc(8 * 1024 * 1024, 'x');
  const large = folder.path('large.pcap');
  const bytes = readFileSync('fixtures/modes.pcap');
  const records = Array.from({ length: 200 }, () => bytes.subarray(24));

  test.each<[string, readonly string[], NodeJS.Signals, number]>([
    ['a listener', ['peer', 'listen', '-k', '127.0.0.1:0'], 'SIGTERM', 1],
    ['a listener', ['peer', 'listen', '-k', '127.0.0.1:0'], 'SIGINT', 1],
    ['who prints', ['decode', '-V', large], 'SIGTERM', 0],
    ['who prints', ['decode', '-T', 'json', large], 'SIGHUP', 0],
    ['who writes a capture there', ['decode', '-w', '-', large], 'SIGINT', 1],
  ])('%s: %j, by %s', async (_, words, signal, status) => {
    folder.write('large.pcap', Buffer.concat([bytes.subarray(0, 24), ...records]));
    expect(await ends(words, signal, settle)).toBe(status);
  });
});
