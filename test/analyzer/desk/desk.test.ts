import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { afterAll, expect, test } from 'vitest';
import { Desk } from '../../../analyzer/desk/desk.js';
import { NOTHING_REMEMBERED, readStateFile, stateFilePath } from '../../../analyzer/desk/state-file.js';
import type { Action } from '../../../analyzer/store/action.js';
import type { WorldOrder } from '../../../analyzer/store/orders.js';
import { makeFolder } from '../capture/files.js';

const folder = makeFolder();
afterAll(() => folder.remove());

/** What comes of an order. */
function give(order: WorldOrder, stateFile?: string): readonly Action[] {
  const actions: Action[] = [];
  new Desk({ stateFile, remembered: NOTHING_REMEMBERED }).take(order, (action) => actions.push(action));
  return actions;
}

test('bytes go to a new file, and never over one that is there', () => {
  const path = folder.path('data.bin');
  const order = { type: 'save-bytes', path, bytes: Uint8Array.of(1, 2, 3) } as const;
  expect(give(order)).toMatchObject([{ text: `3 bytes saved to ${path}`, severity: 'chat', done: true }]);
  expect([...readFileSync(path)]).toEqual([1, 2, 3]);
  expect(give({ ...order, bytes: Uint8Array.of(9) })).toMatchObject([
    { text: `cannot save: ${path}: file exists`, severity: 'error' },
  ]);
  expect([...readFileSync(path)]).toEqual([1, 2, 3]);
  const nowhere = folder.path('no/where');
  expect(give({ ...order, path: nowhere })).toMatchObject([
    { text: `cannot save: ${nowhere}: there is no such folder` },
  ]);
});

test('what is typed and how peers are called is there again the next time, for its owner only', () => {
  const path = folder.path('state/handshark/state.json');
  const desk = new Desk({ stateFile: path, remembered: NOTHING_REMEMBERED });
  desk.take({ type: 'remember', what: 'filter', lines: ['udp', 'chan'] }, () => {});
  desk.take({ type: 'alias', aliases: { ['ab'.repeat(16)]: 'alice' } }, () => {});
  expect(readStateFile(path)).toEqual({
    history: { filter: ['udp', 'chan'], search: [], command: [], target: [] },
    aliases: { ['ab'.repeat(16)]: 'alice' },
  });
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test.each(['', 'nothing', '[]', '{"history":{"filter":[1,{}]},"aliases":{"x":"y"}}'])(
  'of %s nothing is taken',
  (text) => {
    folder.write('broken.json', text);
    expect(readStateFile(folder.path('broken.json'))).toEqual(NOTHING_REMEMBERED);
  },
);

test('a state that cannot be written is told once, and stops nothing', () => {
  const order = { type: 'remember', what: 'filter', lines: ['udp'] } as const;
  folder.write('file', '');
  expect(give(order, folder.path('file/state.json'))).toMatchObject([{ severity: 'warn' }]);
});

test.each([
  [{ XDG_STATE_HOME: '/s', HOME: '/h' }, '/s/handshark/state.json'],
  [{ XDG_STATE_HOME: 's', HOME: '/h' }, '/h/.local/state/handshark/state.json'],
  [{}, undefined],
])('%j leads to %s', (env, path) => {
  expect(stateFilePath(env)).toBe(path);
});

test('files are offered by the start of their path: folders with a slash, hidden ones where they are asked for', async () => {
  mkdirSync(folder.path('offered/ab'), { recursive: true });
  for (const name of ['b.pcap', 'a.pcap', '.hidden', 'a\x1b[2J']) folder.write(`offered/${name}`, '');
  const at = (typed: string) => `${folder.path('offered')}/${typed}`;
  const offered = async (typed: string): Promise<readonly Action[]> =>
    new Promise((done) => {
      new Desk({ stateFile: undefined, remembered: NOTHING_REMEMBERED }).take(
        { type: 'files', key: 'files', typed },
        (action) => done([action]),
      );
    });
  expect(await offered(at('a'))).toEqual([{ type: 'files', typed: at('a'), paths: [at('a.pcap'), at('ab/')] }]);
  expect(await offered(at(''))).toMatchObject([{ paths: [at('a.pcap'), at('ab/'), at('b.pcap')] }]);
  expect(await offered(at('.'))).toMatchObject([{ paths: [at('.hidden')] }]);
  expect(await offered(at('no/where'))).toMatchObject([{ paths: [] }]);
});
