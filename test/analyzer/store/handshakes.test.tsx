import { expect, test } from 'vitest';
import { HandshakeTracker } from '../../../analyzer/handshakes/tracker.js';
import { handshakeColumns, MOST_SHOWN } from '../../../analyzer/index/handshake-columns.js';
import { HandshakeList } from '../../../analyzer/index/handshake-list.js';
import type { Action } from '../../../analyzer/store/action.js';
import type { WorldOrder } from '../../../analyzer/store/orders.js';
import { Opened } from '../ui/opened.js';

/** Three handshakes: one that went well, one that was refused after a resend, and one that waits. */
function tracked(): HandshakeTracker {
  const tracker = new HandshakeTracker({ kinds: [] });
  const { table } = tracker;
  const at = (number: number) => ({ number, now: number / 10, clock: number / 10 });
  const tcp = { kind: 'tcp', responder: '10.0.0.9:80', id: '0001' } as const;
  const good = table.begin(at(1), { ...tcp, initiator: '10.0.0.1:1000' });
  table.message(at(1), good, 'SYN', true, { isFirst: true });
  table.message(at(2), good, 'SYN-ACK', false);
  table.setState(at(2), good, 'challenged', 'waits');
  table.message(at(3), good, 'ACK', true);
  table.setState(at(3), good, 'established', 'the connection is in use');
  const bad = table.begin(at(4), { ...tcp, initiator: '10.0.0.2:1000' });
  table.message(at(4), bad, 'SYN', true, { isFirst: true });
  table.message(at(5), bad, 'SYN', true, { isFirst: true, isResent: true });
  table.message(at(6), bad, 'RST', false, { note: 'ack 2' });
  table.setState(at(6), bad, 'refused', 'the SYN was answered by a RST');
  table.addEvidence(at(6), bad, 'no', 'it answered at once');
  bad.cookieStatus = 'echo-bad';
  const open = table.begin(at(7), { kind: 'wireguard', initiator: 'a', responder: 'b', id: '77' });
  table.detail(open, 'peer', 'Bob');
  table.message(at(7), open, 'initiation', true);
  return tracker;
}

/** What another thread is told. */
const listOf = (tracker: HandshakeTracker) => new HandshakeList(structuredClone(handshakeColumns(tracker)));

function opened() {
  const told: WorldOrder[] = [];
  const world = {
    take: (order: WorldOrder) => {
      told.push(order);
      return undefined;
    },
  };
  return { told, opened: new Opened({ handshakes: listOf(tracked()), world }).play('show-handshakes') };
}

const typed = (command: 'find-handshakes', argument: string): Action => ({ type: 'command', command, argument });

const listed = ({ state: { handshakes: list } }: Opened) =>
  [...list.order].map((place) => list.snapshot?.at(place).number);

test('what another thread is told of a handshake is what its tracker knows', () => {
  const tracker = tracked();
  const list = listOf(tracker);
  expect([list.count, list.forgotten, list.placeOf(2), list.placeOf(9)]).toEqual([3, 0, 1, -1]);
  for (const [place, row] of [...tracker.table.rows.values()].entries()) {
    const shown = list.at(place);
    // JSON has no undefined.
    expect(shown).toEqual(JSON.parse(JSON.stringify({ ...shown, ...pick(row, Object.keys(shown)) })));
  }
});

const pick = (row: object, keys: readonly string[]): object =>
  Object.fromEntries(Object.entries(row).filter(([key]) => keys.includes(key)));

test('of more handshakes than are shown, the oldest half-open ones stay away', () => {
  const tracker = new HandshakeTracker({ kinds: [], bounds: { halfOpen: MOST_SHOWN + 10, others: 10 } });
  const when = { number: 1, now: 0, clock: 0 };
  for (let count = 0; count < MOST_SHOWN + 5; count++) {
    const row = tracker.table.begin(when, { kind: 'tcp', initiator: 'a', responder: 'b', id: `${count}` });
    if (count === 0) tracker.table.setState(when, row, 'established', 'done');
  }
  const list = listOf(tracker);
  expect([list.count, list.forgotten]).toEqual([MOST_SHOWN, 5]);
  expect([list.at(0).number, list.at(1).number]).toEqual([1, 7]);
});

test('the list is sorted by its columns, and narrowed by words', () => {
  const { opened: program } = opened();
  expect(listed(program)).toEqual([1, 2, 3]);
  expect(listed(program.play('reverse'))).toEqual([3, 2, 1]);
  expect(listed(program.play('reverse', 'next-column', 'next-column'))).toEqual([3, 1, 2]);
  expect(program.state.notice?.text).toBe('sorted by state');
  expect(listed(program.play(typed('find-handshakes', 'TCP 10.0.0.2')))).toEqual([2]);
  expect(listed(program.play(typed('find-handshakes', 'paxos')))).toEqual([]);
  expect(program.rows()[3]).toContain('No handshake has these words.');
});

test('the display filter leaves the handshakes that have packets which pass, but not one that was made of this list', () => {
  const { opened: program } = opened();
  // Every third packet passes: none of the third handshake.
  const sifted = program.play({ type: 'command', command: 'filter', argument: 'ip' });
  expect(listed(sifted)).toEqual([1, 2]);
  expect(sifted.rows().join('\n')).toContain('2 of 3 handshakes, by number, filtered');
  expect(listed(sifted.play('reverse'))).toEqual([2, 1]);
  expect(listed(sifted.play({ type: 'command', command: 'filter', argument: '' }))).toEqual([3, 2, 1]);
  const made = sifted.play('packets', 'show-handshakes');
  expect(made.state.filter.on).toBe(true);
  expect(listed(made)).toEqual([3, 2, 1]);
});

test('below the list stands why the handshake under the cursor ended as it did', () => {
  const { opened: program } = opened();
  const rows = program.play('down').rows();
  expect(rows[2]).toMatch(/No\.\S? +Kind +Initiator +Responder +State/);
  expect(rows[4]).toMatch(/2 tcp +10\.0\.0\.2:1000 +10\.0\.0\.9:80 +refused +echo-bad/);
  const story = rows.slice(rows.findIndex((row) => row.includes('Handshake 2: tcp 0001, refused')) + 1);
  expect(story.slice(0, 4).map((row) => row.trim())).toEqual([
    '! refused: the SYN was answered by a RST',
    '! the returned cookie is echo-bad; the responder keeps no state: no',
    '• evidence: it answered at once',
    '· → SYN (4) → SYN (5) ← RST (6); asked 2 times; 1 retransmitted',
  ]);
});

test('Enter draws the messages of a handshake, and goes back; Esc too', () => {
  const { opened: program } = opened();
  const rows = program.play('down', 'open').rows();
  expect(rows[2]).toContain('Ladder of handshakes');
  expect(rows.filter((row) => /SYN|RST/.test(row)).map((row) => row.replaceAll(/\s+/g, ' ').trim())).toEqual([
    '4 0.400000 │ SYN │',
    '5 0.500000 │ SYN, again │',
    '6 0.600000 │ RST, ack 2 │',
    '6 0.600000 │ ! #2 tcp refused: the SYN was answered by a RST │',
  ]);
  expect(program.play('escape').state.handshakes.view).toBe('list');
  expect(program.play('open', 'open').state.handshakes.view).toBe('list');
});

test('two handshakes are compared step by step', () => {
  const { opened: program } = opened();
  program.play('compare-handshakes');
  expect(program.state.notice?.text).toBe('select another handshake with Space first');
  const rows = program.play('choose', 'compare-handshakes').rows();
  expect(rows[2]).toContain('Two handshakes, step by step');
  const steps = rows.slice(6, 12).map((row) => row.replaceAll(/\s+/g, ' ').trim());
  expect(steps).toEqual([
    '→ 0.000 ms SYN │ → 0.000 ms SYN',
    '≠ ← 100.000 ms SYN-ACK │',
    '≠ → 200.000 ms ACK │',
    '≠ │ → 100.000 ms SYN, again',
    '≠ │ ← 200.000 ms RST, ack 2',
    '',
  ]);
  expect(rows[12]?.replaceAll(/\s+/g, ' ')).toMatch(/^≠ state: established │ state: refused/);
});

test('its packets are shown by a display filter, and its row is copied', () => {
  const { opened: program, told } = opened();
  program.play('choose', 'choose', 'packets');
  expect([program.state.screen, program.state.filter.text]).toEqual([
    'packets',
    'handshake.number == 1 || handshake.number == 2',
  ]);
  program.play('show-handshakes', 'copy');
  expect(told.find(({ type }) => type === 'copy')).toEqual({
    type: 'copy',
    text: '3 wireguard a b 77 asked no answer so far',
  });
});

test('without handshakes the screen says so, and commands do no harm', () => {
  const program = new Opened().play('show-handshakes');
  expect(program.rows()[3]).toContain('The capture has no handshakes.');
  for (const command of ['open', 'choose', 'packets', 'copy', 'down', 'compare-handshakes'] as const)
    program.play(command);
  expect([program.state.screen, program.state.handshakes.view]).toEqual(['handshakes', 'list']);
});

test.each([
  [160, 50],
  [80, 24],
  [40, 10],
  [20, 5],
])('fits %i by %i', (columns, rows) => {
  const program = new Opened({ handshakes: listOf(tracked()), columns, rows });
  for (const command of ['show-handshakes', 'open', 'escape', 'choose', 'compare-handshakes'] as const) {
    const drawn = program.play(command).rows();
    expect(drawn.length).toBeLessThanOrEqual(rows);
    expect(Math.max(...drawn.map((row) => [...row].length))).toBeLessThanOrEqual(columns);
  }
});
