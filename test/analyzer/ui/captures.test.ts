import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Command } from '../../../analyzer/store/keys.js';
import type { AppState } from '../../../analyzer/store/state.js';
import { Captures, type OpenedCapture } from '../../../analyzer/ui/captures.js';
import type { Clock } from '../../../crafter/io/clock.js';
import { FakeCapture } from './fake-capture.js';

const SIZE = { columns: 80, rows: 24 };

/** Captures of which any can be opened by its name; what is due is done by `settle`. */
class Table {
  readonly first = new FakeCapture({ count: 5, title: 'first.pcap' });
  readonly closed: string[] = [];
  readonly stopped: string[] = [];
  readonly captures: Captures;
  frames = 0;
  quits = 0;
  #due: (() => void)[] = [];

  constructor() {
    const after: Clock['after'] = (_, callback) => {
      this.#due.push(callback);
      return () => {
        this.#due = this.#due.filter((one) => one !== callback);
      };
    };
    this.captures = new Captures(
      this.first,
      { size: SIZE },
      {
        clock: { now: () => 0, after },
        world: { take: () => undefined },
        open: (path) => this.open(path),
        simulate: async (words) => ({ ...this.open(words), start: { screen: 'ladder', ladder: [1, 2] } }),
        rewrite: async (path, words, packets) => this.open(`${path} ${words} ${packets.join(',')}`),
        path: 'first.pcap',
        quit: () => {
          this.quits++;
        },
      },
    );
    this.captures.subscribe(() => this.frames++);
  }

  /** One that is called `bad` cannot be opened, and one that is called `slow` does not come. */
  open(path: string): OpenedCapture {
    if (path.startsWith('none')) throw new Error(`${path}: no such thing`);
    const ends = { bad: Promise.reject(new Error(`${path}: no capture`)), slow: new Promise<void>(() => {}) };
    ends.bad.catch(() => {});
    return {
      view: new FakeCapture({ count: 2, final: 5, title: path }),
      opened: path.startsWith('bad') ? ends.bad : path.startsWith('slow') ? ends.slow : Promise.resolve(),
      start: {},
      stop: () => this.stopped.push(path),
      close: () => this.closed.push(path),
    };
  }

  async give(command: Command, argument?: string): Promise<AppState> {
    this.captures.current().dispatch({ type: 'command', command, ...(argument !== undefined && { argument }) });
    return this.settle();
  }

  /** Lets all come that is on its way, and draws. */
  async settle(): Promise<AppState> {
    for (let turn = 0; turn < 5; turn++) {
      await new Promise((done) => setImmediate(done));
      for (const due of this.#due.splice(0)) due();
    }
    return this.captures.snapshot();
  }
}

let table: Table;
beforeEach(() => {
  table = new Table();
});
afterEach(() => table.captures.close());

describe('a capture that is opened over another', () => {
  test('is on the screen until it is closed, and the other one is as it was', async () => {
    await table.give('go-to', '4');
    const over = await table.give('open-capture', 'second.pcap');
    expect([over.capture.title, over.beneath, over.list.selected]).toEqual(['second.pcap', 'first.pcap', 1]);
    expect(over.notice?.text).toBe('second.pcap is open: Ctrl-W goes back to first.pcap');
    const back = await table.give('close-capture');
    expect([back.capture.title, back.beneath, back.list.selected]).toEqual(['first.pcap', undefined, 4]);
    expect([back.notice?.text, table.closed]).toEqual(['back in first.pcap', ['second.pcap']]);
  });

  test('is a simulation, whose ladder is shown before its channels are there', async () => {
    const over = await table.give('simulate', '--mode y');
    expect([over.capture.title, over.beneath]).toEqual(['--mode y', 'first.pcap']);
    expect([over.screen, over.ladder.channels, over.ladder.follow]).toEqual(['ladder', [1, 2], true]);
    const wrong = await table.give('simulate', 'none --such');
    expect([wrong.notice?.text, wrong.capture.title]).toEqual(['none --such: no such thing', '--mode y']);
    expect((await table.give('close-capture')).capture.title).toBe('first.pcap');
  });

  test('is a rewritten one, of which only the marked packets were changed', async () => {
    await table.give('go-to', '3');
    await table.give('mark');
    expect((await table.give('rewrite', '--set ip.ttl=9')).capture.title).toBe('first.pcap --set ip.ttl=9 3');
    // Nobody knows from where this one could be read again.
    const again = await table.give('rewrite', '--ttl 9');
    expect(again.notice?.text).toBe('this capture is in no file yet: save it, and open that');
  });

  test('is left with Backspace when there is no screen to go back to', async () => {
    await table.give('open-capture', 'second.pcap');
    await table.give('show-channels');
    expect((await table.give('back')).capture.title).toBe('second.pcap');
    expect((await table.give('back')).capture.title).toBe('first.pcap');
  });

  test('lets the one below go on, whose frames are drawn again when it comes back', async () => {
    await table.give('open-capture', 'second.pcap');
    const { frames } = table;
    table.first.grow(9);
    await table.settle();
    expect(table.frames).toBe(frames);
    expect((await table.give('close-capture')).capture.count).toBe(9);
    expect(table.frames).toBeGreaterThan(frames);
  });

  test('shares settings, size, history and log with it', async () => {
    await table.give('open-capture', 'second.pcap');
    await table.give('theme', 'light');
    await table.give('theme', 'nonsense');
    table.first.problem = 'first.pcap is cut short';
    table.first.grow(6);
    await table.settle();
    table.captures.current().dispatch({ type: 'resized', size: { columns: 120, rows: 40 } });
    const { settings, size, log } = await table.give('close-capture');
    expect([settings.theme, size.columns]).toEqual(['light', 120]);
    expect(log.map(({ text }) => text).toSorted()).toEqual([
      'first.pcap is cut short',
      expect.stringMatching(/^no theme nonsense/),
    ]);
  });

  test('is stopped by itself', async () => {
    await table.give('open-capture', 'second.pcap');
    await table.give('stop');
    expect(table.stopped).toEqual(['second.pcap']);
  });

  test('is refused in one line if it cannot be read, and so is one too many', async () => {
    expect((await table.give('open-capture', 'bad.pcap')).notice?.text).toBe('bad.pcap: no capture');
    expect((await table.give('open-capture', 'none.pcap')).notice?.text).toBe('none.pcap: no such thing');
    expect(table.closed.splice(0)).toEqual(['bad.pcap']);
    expect((await table.give('open-capture', '-')).notice?.text).toMatch('standard input cannot be opened');
    expect((await table.give('close-capture')).notice?.text).toBe('no other capture is open: q quits');
    for (let count = 0; count < 7; count++) await table.give('open-capture', `${count}.pcap`);
    const full = await table.give('open-capture', '8.pcap');
    expect([full.capture.title, full.notice?.text]).toEqual(['6.pcap', '8 captures are open already: close one first']);
    table.captures.close();
    expect(table.closed).toHaveLength(7);
  });

  test('does not come any more once Esc has been pressed', async () => {
    const store = table.captures.current();
    store.dispatch({ type: 'command', command: 'open-capture', argument: 'second.pcap' });
    store.dispatch({ type: 'command', command: 'escape' });
    expect((await table.settle()).capture.title).toBe('first.pcap');
    expect(table.closed).toEqual(['second.pcap']);
  });
});

describe('a capture that does not come', () => {
  test.each(['escape', 'quit'] as const)('is let go by %s', async (command) => {
    expect((await table.give('open-capture', 'slow.pcap')).task?.text).toBe('opening slow.pcap');
    await table.give(command);
    if (command === 'quit') table.captures.close();
    expect(table.closed).toEqual(['slow.pcap']);
  });

  test('does not take one along that came after it', async () => {
    await table.give('open-capture', 'slow.pcap');
    await table.give('escape');
    await table.give('open-capture', 'second.pcap');
    table.captures.current().dispatch({ type: 'command', command: 'close-capture' });
    expect((await table.settle()).capture.title).toBe('first.pcap');
    await table.give('open-capture', 'third.pcap');
    expect(table.closed).toEqual(['slow.pcap', 'second.pcap']);
  });
});

describe('to quit', () => {
  test('ends the program, whatever is open', async () => {
    await table.give('open-capture', 'second.pcap');
    await table.give('quit');
    expect(table.quits).toBe(1);
  });

  test('asks where captured packets below are in no file', async () => {
    table.first.live = { running: true, source: 'eth0', received: 5, dropped: 0, file: undefined } as never;
    await table.settle();
    await table.give('open-capture', 'second.pcap');
    await table.give('open-capture', 'third.pcap');
    const asked = await table.give('quit');
    expect([asked.capture.title, asked.notice?.text]).toEqual([
      'first.pcap',
      '5 packets are not saved: q again to quit, w to save',
    ]);
    expect(table.quits).toBe(0);
    await table.give('quit');
    expect(table.quits).toBe(1);
  });
});
