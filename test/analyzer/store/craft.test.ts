import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readPacket } from '../../../analyzer/commands/read-packet.js';
import { parseSecrets } from '../../../analyzer/secrets/secrets.js';
import type { Action } from '../../../analyzer/store/action.js';
import type { Detail } from '../../../analyzer/store/capture-view.js';
import { runCommand } from '../../../analyzer/store/command.js';
import type { EditLine } from '../../../analyzer/store/craft/lines.js';
import type { Command } from '../../../analyzer/store/keys.js';
import { reduce } from '../../../analyzer/store/reduce.js';
import { runLine } from '../../../analyzer/store/run-prompt.js';
import { askedFrom } from '../../../analyzer/store/screens/craft-delivery.js';
import type { RunLine, RunNews } from '../../../analyzer/store/state/craft.js';
import type { AppState } from '../../../analyzer/store/state.js';
import { parseCraft } from '../../../crafter/commands/craft-arguments.js';
import { baseOf } from '../../../crafter/commands/craft-base.js';
import { craftPacket } from '../../../crafter/commands/craft-packet.js';
import { build } from '../../../crafter/part.js';
import { fromHex, toHex, viewOf } from '../../../dissectors/wire/view.js';
import { detailOf } from '../ui/fake-capture.js';
import { stateOf } from './play.js';

/** The details of a packet of a fixture, as the editor gets them. */
async function fixture(name: string, number: number, hasSecrets = false): Promise<Detail> {
  const packet = await readPacket(`fixtures/${name}.pcap`, number);
  if (packet === undefined) throw new Error(`${name} has no packet ${number}`);
  const secrets = hasSecrets ? parseSecrets(readFileSync(`fixtures/${name}.secrets`, 'utf8'), name) : [];
  const sources = [{ name: 'Frame', view: viewOf(packet.bytes) }];
  return { ...detailOf(1), sources, linkType: packet.linkType, secrets };
}

/** A packet in the editor. */
const opened = (detail: Detail): AppState =>
  give(reduce(stateOf(3), { type: 'shown', detail: { ...detail, number: 1 } }), 'edit');

/** Gives a command, with what it is about. */
const give = (state: AppState, command: Command, argument?: string): AppState =>
  reduce(state, { type: 'command', command, ...(argument !== undefined && { argument }) });

const lineOf = (state: AppState, label: string, nth = 0): number => {
  const places = state.craft.lines.flatMap((line, at) => (line.label === label ? [at] : []));
  const at = places.at(nth);
  if (at === undefined) throw new Error(`no line ${label}`);
  return at;
};

/** Puts the cursor on a line. */
const at = (state: AppState, label: string, nth = 0): AppState => ({
  ...state,
  craft: { ...state.craft, cursor: { ...state.craft.cursor, at: lineOf(state, label, nth) } },
});

const line = (state: AppState, label: string, nth = 0): Pick<EditLine, 'text' | 'from'> => {
  const { text, from } = state.craft.lines[lineOf(state, label, nth)] ?? { text: '', from: 'kept' };
  return { text, from };
};

const hex = (state: AppState): string => toHex(state.craft.made?.bytes ?? new Uint8Array(0));

/** What the command line makes of a packet of a fixture. */
async function crafted(name: string, number: number, ...words: readonly string[]): Promise<string> {
  const packet = await readPacket(`fixtures/${name}.pcap`, number);
  return toHex(build(craftPacket(parseCraft(words), packet && baseOf(packet, name)).frame));
}

describe('a captured packet in the editor', () => {
  test.each([
    ['handshake-hmac', [1, 2, 3, 5]],
    ['handshake-hmac-newcaps', [1, 2, 3, 5]],
    ['handshake-seqno', [1, 2, 3, 5]],
    ['handshake-channeler', [1, 2, 3]],
    ['ipv6', [1, 2, 3]],
    ['cooked', [1, 2]],
    ['cooked-2', [1, 2]],
    ['sctp', [5]],
    ['raw-ip', [1]],
    ['loopback-null', [1]],
    ['reserved-bits', [1, 2]],
    ['cookie-mismatch', [2]],
  ])('is that of the command line: %s %j', async (name, numbers) => {
    for (const number of numbers) {
      const state = opened(await fixture(name, number));
      expect([number, state.craft.draft?.form, hex(state)]).toEqual([number, 'packet', await crafted(name, number)]);
    }
  });

  test.each([
    ['handshake-hmac', 1],
    ['handshake-hmac', 2],
    ['handshake-hmac', 3],
    ['handshake-hmac-newcaps', 2],
    ['handshake-channeler', 2],
    ['cookie-mismatch', 1],
  ])('is the same, bit by bit, with cookies made of its secrets: %s %i', async (name, number) => {
    const detail = await fixture(name, number, true);
    const state = opened(detail);
    expect(hex(state)).toBe(toHex(new Uint8Array(detail.sources[0]?.view.buffer as ArrayBuffer)));
    const cookies = state.craft.lines.filter(({ label }) => label.startsWith('Cookie'));
    expect(cookies.map(({ from }) => from)).toEqual(cookies.map(() => 'derived'));
    expect(cookies.length).toBeGreaterThan(0);
  });

  test('keeps what was captured, and tells what follows from it', async () => {
    const state = opened(await fixture('handshake-hmac', 1));
    expect(state.screen).toBe('craft');
    expect(state.craft.lines[state.craft.cursor.at]?.label).toBe('Channel packet');
    expect(line(state, "Initiator's half", -1)).toEqual({ text: '1a2b', from: 'kept' });
    expect(line(state, 'Padding')).toEqual({ text: '18 bytes', from: 'kept' });
    expect(line(state, 'Checksum', -1)).toEqual({ text: 'e60de044', from: 'derived' });
    expect(line(state, 'Length')).toEqual({ text: '97', from: 'derived' });
    expect(line(state, 'Encrypted')).toEqual({ text: '0', from: 'part' });
    expect(line(state, "Initiator's secret").text).toBe('(not known)');
  });

  test('takes values, derives what follows, and takes them back', async () => {
    const before = opened(await fixture('handshake-hmac', 1));
    const changed = give(at(before, "Initiator's half", -1), 'set-value', 'beef');
    expect(hex(changed)).toBe(await crafted('handshake-hmac', 1, '--c1', 'beef'));
    expect(line(changed, "Initiator's half", -1)).toEqual({ text: 'beef', from: 'typed' });
    const lied = give(at(changed, 'Checksum', -1), 'set-value', '01020304');
    expect(line(lied, 'Checksum', -1)).toEqual({ text: '01020304', from: 'typed' });
    expect(lied.craft.made?.verdict.findings.map(({ text }) => text)).toEqual([
      expect.stringMatching(/^channel checksum should be/),
    ]);
    const restored = give(give(at(lied, 'Checksum', -1), 'restore'), 'restore');
    expect(restored.notice?.text).toBe('nothing was typed here');
    expect(hex(restored)).toBe(hex(changed));
    expect(hex(give(at(restored, "Initiator's half", -1), 'restore'))).toBe(hex(before));
    expect(hex(give(give(lied, 'undo'), 'undo'))).toBe(hex(before));
  });

  test('derives cookies anew from secrets, known or typed', async () => {
    const known = opened(await fixture('handshake-hmac', 1, true));
    const moved = give(at(known, "Initiator's half", -1), 'set-value', 'ffff');
    expect(line(moved, 'Cookie 1')).toEqual({ text: '14cf00bb84f2a2f9ee6f5896bfbe122a', from: 'derived' });

    const captured = opened(await fixture('handshake-hmac', 1));
    expect(line(captured, 'Cookie 1').from).toBe('kept');
    const secret = line(known, "Initiator's secret").text;
    const made = give(at(captured, "Initiator's secret"), 'set-value', secret);
    expect(line(made, 'Cookie 1')).toEqual({ text: line(captured, 'Cookie 1').text, from: 'derived' });
    const text = give(at(captured, "Initiator's secret"), 'set-value', '"s\\"t"');
    expect(hex(text)).toBe(
      await crafted('handshake-hmac', 1, '--secret', '"s\\"t"', '--cookie1', line(text, 'Cookie 1').text),
    );
    expect(line(text, "Initiator's secret").text).toBe('732274');
  });

  test('keeps a wrong cookie as it was captured', async () => {
    const detail = await fixture('cookie-mismatch', 2, true);
    const wrong = opened(detail).craft.lines.filter(({ label }) => label.startsWith('Cookie'));
    expect(wrong.map(({ from }) => from)).toContain('kept');
  });

  test('adds, doubles, moves and takes out messages and layers', async () => {
    const before = opened(await fixture('handshake-hmac', 1));
    const closed = give(before, 'add-message', 'close');
    const titles = (state: AppState) =>
      state.craft.lines.filter(({ isHeading }) => isHeading).map(({ label, text }) => `${label} ${text}`.trim());
    expect(titles(closed).slice(-2)).toEqual(['Message 1 CHANNEL_NEW', 'Message 2 CHANNEL_CLOSE']);
    expect(closed.craft.lines[closed.craft.cursor.at]?.text).toBe('CHANNEL_CLOSE');
    expect(hex(closed)).toBe(await crafted('handshake-hmac', 1, 'close'));
    const first = give(closed, 'move-up');
    expect(titles(first).slice(-2)).toEqual(['Message 1 CHANNEL_CLOSE', 'Message 2 CHANNEL_NEW']);
    expect(give(first, 'move-up').notice?.text).toBe('it cannot go there');
    expect(titles(give(first, 'double')).slice(-3)).toHaveLength(3);
    expect(hex(give(give(first, 'move-down'), 'delete'))).toBe(hex(before));
    const bare = give(give(give(at(before, 'Ethernet'), 'delete'), 'delete'), 'delete');
    expect(titles(bare)).toEqual(['Channel packet dialect hmac', 'Message 1 CHANNEL_NEW']);
    expect(bare.craft.made?.linkType).toBe(147);
    const half = give(bare, 'add-layer', 'udp');
    expect(half.craft.made).toMatchObject({
      linkType: undefined,
      problem: 'udp: no capture starts with it; put ip or eth around it',
    });
    expect(give(half, 'add-layer', 'ip').craft.made?.linkType).toBe(101);
  });

  test('is damaged by faults with names, as on the command line', async () => {
    const before = opened(await fixture('handshake-hmac', 1));
    const damaged = give(give(before, 'add-fault', 'bad-checksum'), 'add-fault', 'frame cut:3');
    expect(hex(damaged)).toBe(await crafted('handshake-hmac', 1, '--fault', 'bad-checksum', '--frame-fault', 'cut:3'));
    expect(damaged.craft.lines.slice(-2).map(({ label, text }) => `${label}: ${text}`)).toEqual([
      'Fault: bad-checksum',
      'Fault of the frame: cut:3',
    ]);
    const refused = give(before, 'add-fault', 'wrong-cookie:7');
    expect([refused.notice?.text, refused.prompt?.text]).toEqual(['no cookie 8 in the packet', 'wrong-cookie:7']);
    expect(hex(give(at(damaged, 'Fault'), 'delete'))).toBe(
      await crafted('handshake-hmac', 1, '--frame-fault', 'cut:3'),
    );
    expect(give(before, 'add-fault', 'trailing:4000000000').notice?.text).toBe('at most 65536 bytes can be added');
  });

  test('changes its dialect, as far as that has its messages', async () => {
    const before = opened(await fixture('handshake-hmac', 1));
    const other = give(before, 'dialect', 'seqno');
    expect([line(other, 'Channel packet').text, line(other, 'Protocol id').text]).toEqual([
      'dialect seqno',
      '42bc47c6',
    ]);
    expect(line(other, "Initiator's half", -1).text).toBe('1a2b');
    expect(give(other, 'add-message', 'cookie').notice?.text).toBe('the dialect seqno has no CHANNEL_COOKIE');
    expect(give(before, 'dialect', 'klingon').notice?.severity).toBe('error');
  });

  test.each([
    ['Padding', '70000', '"70000" is no number of bytes up to 65536'],
    ['Padding', '65500', 'the frame would have 65613 bytes; at most 65536 can be made'],
    ['Sequence number', '65536', '65536 does not fit in 16 bits'],
    ['Flags', 'many', '"many" is not a number, such as 7 or 0x1f'],
    ['Cookie 1', 'abc', '"abc" is not an even number of hex digits'],
    ['Cookie 1', 'ab', '1 bytes where the field has 16'],
  ])('tells in a line what is wrong with %s %s', async (label, text, problem) => {
    const before = opened(await fixture('handshake-hmac', 1));
    const after = give(at(before, label), 'set-value', text);
    expect([after.notice?.text, after.notice?.severity]).toEqual([problem, 'error']);
    expect([hex(after), after.prompt?.text]).toEqual([hex(before), text]);
  });

  test('gives way to bytes, any of which can be changed, and back to fields', async () => {
    const before = opened(await fixture('handshake-hmac', 1));
    const bytes = give(at(before, 'Sender'), 'edit-bytes');
    expect([bytes.craft.draft?.form, bytes.craft.byte, hex(bytes)]).toEqual(['bytes', 46, hex(before)]);
    const over = give(bytes, 'set-value', 'de ad');
    expect(hex(over)).toBe(`${hex(before).slice(0, 92)}dead${hex(before).slice(96)}`);
    expect(over.craft.byte).toBe(48);
    const back = give(over, 'edit-bytes');
    expect(line(back, 'Sender').text).toBe('dead06c97f0e00af1a1fc3328fa763a9');
    const longer = give(give(over, 'first'), 'insert-bytes', '"hi"');
    expect(hex(longer).slice(0, 8)).toBe('68690200');
    expect(hex(give(give(give(longer, 'first'), 'delete'), 'delete'))).toBe(hex(over));
    expect(give(over, 'set-value', 'xy').notice?.text).toBe(
      '"xy" is neither hex digits, two a byte, nor text in quotes',
    );
    expect(give(over, 'add-message', 'new').notice?.text).toBe(
      'only bytes are edited here: b tries to read fields in them',
    );
  });
});

describe('bytes that are no channel packet', () => {
  test.each([
    ['mixed-traffic', 1],
    ['encrypted', 8],
    ['empty', 0],
  ])('are edited as bytes: %s %i', async (name, number) => {
    const plain = { ...detailOf(1), sources: [{ name: '', view: viewOf(fromHex('')) }] };
    const detail = number === 0 ? plain : await fixture(name, number);
    const state = opened(detail);
    expect(state.craft.draft?.form).toBe('bytes');
    for (const command of [
      'down',
      'shift-right',
      'last',
      'first',
      'delete',
      'restore',
      'edit-bytes',
      'undo',
    ] as const) {
      expect(give(state, command).craft.draft?.form).toBe('bytes');
    }
    expect(hex(give(state, 'insert-bytes', '00ff'))).toBe(`00ff${hex(state)}`);
  });
});

test.each(['new', 'ack', 'finalize', 'cookie', 'close', 'data', 'progress', 'window'])(
  ':craft %s starts from nothing, as the command line does',
  (word) => {
    const state = runLine(stateOf(0), `craft ${word}`, runCommand);
    expect([state.screen, hex(state)]).toEqual(['craft', toHex(build(craftPacket(parseCraft([word])).frame))]);
    expect(state.craft.lines.filter(({ from }) => from === 'typed')).toEqual([]);
  },
);

test('a message that nobody knows is told, and nothing is edited', () => {
  expect(runLine(stateOf(0), 'craft klingon', runCommand).notice?.text).toBe('"klingon" is no message');
  expect(give(stateOf(0), 'edit').notice?.text).toBe('there is no packet to edit');
  expect(give(give(stateOf(0), 'show-craft'), 'send', 'a:1').notice?.text).toMatch(/^nothing is edited/);
});

test('keys that are for a script say so where there is none', () => {
  const state = runLine(stateOf(0), 'craft new', runCommand);
  expect(give(state, 'edit').notice?.text).toMatch(/^this packet is edited already/);
  expect(give(state, 'open-recording').notice?.text).toBe('no script was played: r plays one');
});

test.each([
  ['127.0.0.1:4242', { to: { type: 'udp', host: '127.0.0.1', port: 4242 }, count: 1, yes: false }],
  ['udp [::1]:7 20', { to: { type: 'udp', host: '::1', port: 7 }, count: 20, yes: false }],
  [' eth0  5000 yes ', { to: { type: 'interface', name: 'eth0' }, count: 5000, yes: true }],
  ['', 'where to? HOST:PORT, or the name of an interface'],
  ['127.0.0.1', '127.0.0.1: expected HOST:PORT, such as 127.0.0.1:4242 or [::1]:4242'],
  ['host:99999', 'host:99999: expected HOST:PORT, such as 127.0.0.1:4242 or [::1]:4242'],
  ['lo 0', '"0" is not how often: 1 to 1000000'],
  ['lo many', '"many" is not how often: 1 to 1000000'],
  ['lo 7 please', '"please": only "yes" can follow'],
])('where to send is read from %j', (typed, expected) => {
  expect(askedFrom(typed)).toEqual(expected);
});

describe('what is crafted', () => {
  test('is ordered to be sent, and again', async () => {
    const state = opened(await fixture('handshake-hmac', 1));
    const { payload, bytes } = state.craft.made ?? {};
    const sent = give(state, 'send', '127.0.0.1:4242');
    const order = { type: 'send', key: 'send', count: 1, yes: false };
    const udp = { ...order, to: { type: 'udp', host: '127.0.0.1', port: 4242 }, bytes: payload, linkType: 147 };
    expect(sent.orders).toEqual([...state.orders, udp]);
    expect(give(sent, 'send-again').orders.slice(-2)).toEqual([udp, udp]);
    expect(give(sent, 'send').prompt?.text).toBe('127.0.0.1:4242');
    expect(give(state, 'send', 'lo').orders.at(-1)).toEqual({
      ...order,
      to: { type: 'interface', name: 'lo' },
      bytes,
      linkType: 1,
    });
    expect(give(runLine(stateOf(0), 'craft new', runCommand), 'send', 'lo').notice?.text).toMatch(
      /^a packet without layers is no/,
    );
  });

  test.each([
    ['send', '127.0.0.1', 'Send to (HOST:PORT or interface): '],
    ['send', 'lo many', 'Send to (HOST:PORT or interface): '],
  ] as const)('%s %j is refused, and left to be mended', (command, typed, label) => {
    const { notice, prompt, orders } = give(runLine(stateOf(0), 'craft new', runCommand), command, typed);
    expect([notice?.severity, prompt?.label, prompt?.text, prompt?.command, orders]).toEqual([
      'error',
      label,
      typed,
      command,
      [],
    ]);
  });

  test.each([
    ['a.pcapng', 'save-frame'],
    ['a.pcap', 'save-frame'],
    ['a', 'save-frame'],
    ['a.hex', 'save-bytes'],
    ['a.bin', 'save-bytes'],
  ])('is ordered to be saved to %s', async (path, type) => {
    const state = give(opened(await fixture('handshake-hmac', 1)), 'save', path);
    expect(state.orders.at(-1)).toMatchObject({ type, path });
  });

  test('is copied in hex', async () => {
    const state = give(opened(await fixture('handshake-hmac', 1)), 'copy');
    expect(state.orders.at(-1)).toEqual({ type: 'copy', text: hex(state) });
  });
});

describe('the mouse', () => {
  const click = (state: AppState, x: number, y: number): AppState =>
    reduce(state, { type: 'mouse', kind: 'press', x, y });
  const current = (state: AppState) => state.craft.lines[state.craft.cursor.at]?.label;

  test('puts the cursor on fields, and on those of a byte', async () => {
    const state = opened(await fixture('handshake-hmac', 1));
    expect(current(click(state, 10, 5))).toBe('Sender');
    // The sixth byte of the first row that is shown: of the Ethernet address.
    expect(current(click(state, 6 + 5 * 3, 14))).toBe('Destination');
    expect(click(state, 20, 13).craft.cursor).toEqual(state.craft.cursor);
    const bytes = give(state, 'edit-bytes');
    expect(click(bytes, 6 + 5 * 3, 4).craft.byte).toBe(0x15);
  });
});

test('values with names are offered', async () => {
  const state = opened(await fixture('handshake-hmac', 3));
  const asked = give(at(state, 'Capabilities'), 'set-value');
  const typed = reduce(give(asked, 'clear'), { type: 'typed', text: 't' });
  expect(typed.prompt?.completion?.items.map(({ text }) => text)).toEqual(['tcp']);
  expect(line(give(at(state, 'Capabilities'), 'set-value', 'udp'), 'Capabilities').text).toBe('0x0000 (udp)');
});

describe('a script', () => {
  const news = (more: Partial<RunNews>): Action => ({
    type: 'played',
    news: {
      restart: false,
      lines: [],
      status: 'resumed',
      severity: 'chat',
      done: false,
      recording: undefined,
      ...more,
    },
  });
  const packet = (way: 'sent' | 'came'): RunLine => ({
    type: 'packet',
    at: 1500,
    way,
    info: 'NEW',
    severity: 'none',
    bytes: build(craftPacket(parseCraft(['new', '--c1', '1a2b'])).packet),
    note: '',
  });
  const started = runLine(stateOf(3), 'run talk.hs', runCommand);

  test('is ordered, can be ended, and tells how it goes', () => {
    expect([started.screen, started.craft.view, started.task]).toEqual([
      'craft',
      'run',
      { key: 'play', text: 'playing talk.hs' },
    ]);
    expect(started.orders.at(-1)).toEqual({ type: 'play', key: 'play', path: 'talk.hs' });
    expect(give(started, 'escape').orders.at(-1)).toEqual({ type: 'cancel', key: 'play' });
    const grown = reduce(reduce(started, news({ lines: [packet('sent')] })), news({ lines: [packet('came')] }));
    expect(grown.craft.run).toMatchObject({ lines: [packet('sent'), packet('came')], cursor: { at: 1 }, done: false });
    const ended = reduce(grown, news({ restart: true, lines: [packet('sent')], done: true, status: 'PASS' }));
    expect([ended.craft.run?.lines.length, ended.task, ended.notice?.text]).toEqual([1, undefined, 'PASS']);
    expect(reduce(ended, news({ lines: [packet('sent')] }))).toBe(ended);
  });

  test('keeps no more lines than it may', () => {
    const many = Array.from({ length: 10_005 }, () => packet('sent'));
    const { run } = reduce(started, news({ lines: many })).craft;
    expect([run?.lines.length, run?.left]).toEqual([10_000, 5]);
  });

  test('gives its packets to the editor, and its recording to be opened', () => {
    const state = reduce(started, news({ lines: [packet('came')], done: true, recording: '/tmp/r.pcapng' }));
    const edited = give(state, 'edit');
    expect([edited.craft.view, edited.craft.draft?.origin.title]).toEqual(['packet', 'what came at 1.5000']);
    expect(line(edited, "Initiator's half", -1).text).toBe('1a2b');
    expect(give(edited, 'next-view').craft.view).toBe('run');
    const order = { type: 'open-capture', key: 'open', path: '/tmp/r.pcapng' };
    expect(give(state, 'open-recording').orders.at(-1)).toEqual(order);
    expect(give(state, 'save', 'x.pcapng').orders.at(-1)).toEqual({ type: 'keep-recording', path: 'x.pcapng' });
    expect(give(started, 'open-recording').notice?.text).toBe('nothing was recorded');
  });
});
