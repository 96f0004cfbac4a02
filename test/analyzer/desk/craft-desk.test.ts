import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { readPacket } from '../../../analyzer/commands/read-packet.js';
import { Desk } from '../../../analyzer/desk/desk.js';
import { NOTHING_REMEMBERED } from '../../../analyzer/desk/state-file.js';
import type { Action } from '../../../analyzer/store/action.js';
import type { WorldOrder } from '../../../analyzer/store/orders.js';
import type { RunNews } from '../../../analyzer/store/state/craft.js';
import { makeFolder } from '../capture/files.js';

const folder = makeFolder();
const sockets: Socket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.close();
  // Recordings go with their desk.
  for (const desk of desks.splice(0)) desk.close();
});
afterAll(() => folder.remove());

/** A port of this machine, and the datagrams that have come to it. */
async function listener(): Promise<{ readonly port: number; readonly came: Uint8Array[] }> {
  const socket = createSocket('udp4');
  sockets.push(socket);
  const came: Uint8Array[] = [];
  socket.on('message', (message) => came.push(Uint8Array.from(message)));
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return { port: socket.address().port, came };
}

/** How long something may take, in milliseconds, before a test gives up. */
const DEADLINE_MS = 50_000;

/** What comes of an order, until it is done. */
function outcome(desk: Desk, order: WorldOrder): Promise<readonly Action[]> {
  const actions: Action[] = [];
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`no end: ${JSON.stringify(actions)}`)), DEADLINE_MS);
    desk.take(order, (action) => {
      actions.push(action);
      const isDone = action.type === 'played' ? action.news.done : action.type === 'told' && action.done;
      if (!isDone) return;
      clearTimeout(late);
      resolve(actions);
    });
  });
}

const desks: Desk[] = [];
function newDesk(): Desk {
  const desk = new Desk({ stateFile: undefined, remembered: NOTHING_REMEMBERED });
  desks.push(desk);
  return desk;
}
const last = (actions: readonly Action[]): Action | undefined => actions.at(-1);
const newsOf = (actions: readonly Action[]): RunNews | undefined => {
  const end = last(actions);
  return end?.type === 'played' ? end.news : undefined;
};

describe('sending', () => {
  const bytes = Uint8Array.of(1, 2, 3);
  const order = { type: 'send', key: 'send', bytes, linkType: 147, count: 1, yes: false } as const;

  test('puts the bytes into datagrams, as often as asked, and tells how many left', async () => {
    const { port, came } = await listener();
    const to = { type: 'udp', host: '127.0.0.1', port } as const;
    const actions = await outcome(newDesk(), { ...order, to, count: 3 });
    expect(actions).toEqual([
      { type: 'told', key: 'send', text: `sending to 127.0.0.1:${port}`, severity: 'chat', done: false },
      {
        type: 'told',
        key: 'send',
        text: `sent 3 packets of 3 bytes each to 127.0.0.1:${port}`,
        severity: 'chat',
        done: true,
      },
    ]);
    await expect.poll(() => came).toEqual([bytes, bytes, bytes]);
  });

  test.each([
    [{ type: 'udp', host: '192.0.2.1', port: 9 }, 2000, 'that may flood a network; add "yes" if it is meant'],
    [{ type: 'interface', name: 'no-such-if0' }, 1, /no-such-if0: /],
    [{ type: 'udp', host: 'nowhere.invalid', port: 9 }, 1, /nowhere\.invalid:9: /],
  ] as const)('tells in a line why it cannot: %j %i', async (to, count, why) => {
    const end = last(await outcome(newDesk(), { ...order, to, count }));
    expect(end).toMatchObject({ type: 'told', severity: 'error', done: true });
    expect(end?.type === 'told' ? end.text.split('\n') : []).toEqual([
      typeof why === 'string' ? `cannot send: ${why}` : expect.stringMatching(why),
    ]);
  });
});

test.each(['a.pcapng', 'a.pcap'])('a frame is saved as a capture: %s', async (name) => {
  const path = folder.path(name);
  const bytes = Uint8Array.from({ length: 60 }, (_, at) => at);
  const order = { type: 'save-frame', path, bytes, linkType: 1 } as const;
  expect(last(await outcome(newDesk(), order))).toMatchObject({
    text: `the packet is saved to ${path}`,
    severity: 'chat',
  });
  expect(await readPacket(path, 1)).toEqual({ bytes, linkType: 1 });
  expect(last(await outcome(newDesk(), order))).toMatchObject({ text: `cannot save: ${path}: file exists` });
});

describe('a script', () => {
  const TALK = `dialect hmac
0.0 > new(c1=0x1a2b)
*   < ack(id=0x1a2b...)
+0.1 < nothing
`;

  test('is played with the built-in peer, and recorded', async () => {
    const desk = newDesk();
    const path = folder.write('talk.hs', `${TALK}`.replace('0x1a2b...', '*').replace('+0.1 < nothing\n', ''));
    const news = newsOf(await outcome(desk, { type: 'play', key: 'play', path }));
    expect(news).toMatchObject({ status: expect.stringMatching(/^PASS .*talk\.hs/), severity: 'chat' });
    expect(
      news?.lines.map((line) => (line.type === 'packet' ? [line.way, line.info.split(' ')[0], line.note] : line)),
    ).toEqual([
      ['sent', 'NEW', 'line 2'],
      ['came', 'ACKNOWLEDGE', 'line 3'],
    ]);
    const recording = news?.recording ?? '';
    expect(await readPacket(recording, 2)).toBeDefined();

    const kept = folder.path('kept.pcapng');
    expect(last(await outcome(desk, { type: 'keep-recording', path: kept }))).toMatchObject({ severity: 'chat' });
    expect(readFileSync(kept)).toEqual(readFileSync(recording));
    expect(last(await outcome(desk, { type: 'keep-recording', path: kept }))).toMatchObject({
      text: `cannot save: ${kept}: file exists`,
    });
    desk.close();
    expect(existsSync(recording)).toBe(false);
  });

  test('tells each packet as it goes or comes, over UDP, and what failed', async () => {
    const { port, came } = await listener();
    const path = folder.write(
      'udp.hs',
      `target udp 127.0.0.1:${port}\ntimeout 0.2\n0.0 > new(c1=0x1a2b)\n* < ack(id=*)\n`,
    );
    const actions = await outcome(newDesk(), { type: 'play', key: 'play', path });
    expect(actions[0]).toMatchObject({
      news: { done: false, lines: [{ way: 'sent', info: expect.stringMatching(/^NEW 1a2b/) }] },
    });
    expect(newsOf(actions)).toMatchObject({
      status: expect.stringMatching(/^FAIL .*udp\.hs:4: nothing came/),
      severity: 'error',
    });
    expect(
      newsOf(actions)
        ?.lines.slice(1)
        .every((line) => line.type === 'text'),
    ).toBe(true);
    expect(came).toHaveLength(1);
  });

  test.each([
    ['there is none', 'none.hs', undefined, /^cannot play: .*none\.hs: no such file or directory$/],
    ['it makes no sense', 'bad.hs', 'dance\n', /^cannot play: .*bad\.hs:1:/],
  ])('is not played, and why is told in a line: %s', async (_, name, text, why) => {
    const path = text === undefined ? folder.path(name) : folder.write(name, text);
    const news = newsOf(await outcome(newDesk(), { type: 'play', key: 'play', path }));
    expect([news?.severity, news?.recording, news?.lines]).toEqual(['error', undefined, []]);
    expect(news?.status).toMatch(why);
    expect(news?.status).not.toContain('\n');
  });

  test('ends when it is told to, and keeps what it recorded by then', async () => {
    const { port } = await listener();
    const path = folder.write('long.hs', `target udp 127.0.0.1:${port}\n0.0 > new(c1=0x1a2b)\n+60 < nothing\n`);
    const desk = newDesk();
    const actions: Action[] = [];
    const cancel = desk.take({ type: 'play', key: 'play', path }, (action) => actions.push(action));
    await expect.poll(() => actions.length, { timeout: DEADLINE_MS }).toBe(1);
    cancel?.();
    await expect.poll(() => actions.length, { timeout: DEADLINE_MS }).toBe(2);
    const news = newsOf(actions);
    expect([news?.status, news?.severity, news?.done]).toEqual([`ended: playing ${path}`, 'note', true]);
    expect(news?.lines).toMatchObject([{ way: 'sent', note: 'line 2' }]);
    expect(await readPacket(news?.recording ?? '', 1)).toBeDefined();
  });
});
