import { expect, test } from 'vitest';
import { compileFilter } from '../../../analyzer/filter/compile.js';
import { HandshakeTable } from '../../../analyzer/handshakes/table.js';
import { responderFilters, responderSheet } from '../../../analyzer/stats/responders.js';
import { sheetJson, sheetsCsv, sheetText } from '../../../analyzer/stats/sheet-text.js';

/** 300 attempts from different hosts in half a second, every hundredth of which completes; and one of another kind. */
function flood(): HandshakeTable {
  const table = new HandshakeTable([{ kind: 'tcp', seconds: 63 }]);
  for (let count = 0; count < 300; count++) {
    const when = { number: count + 1, now: count / 600, clock: count / 600 };
    const initiator = `10.0.${count >> 8}.${count & 255}:1024`;
    const row = table.begin(when, { kind: 'tcp', initiator, responder: '10.9.9.9:80', id: '' });
    if (count % 100 === 99) table.setState(when, row, 'echoed', 'acknowledged');
    if (count === 150) table.addEvidence(when, row, 'yes', 'two answers');
  }
  const when = { number: 301, now: 1, clock: 1 };
  const row = table.begin(when, { kind: 'channel', initiator: 'a', responder: 'b', id: '' });
  table.setState(when, row, 'refused', 'no');
  return table;
}

test('a flood shows in the counts of its responder: half-open, a second, sources, share completed, since when cookies', () => {
  const sheet = responderSheet(flood().responders.list());
  expect(sheetText(sheet).split('\n')).toEqual(
    [
      'Handshakes by responder',
      'Kind     Responder    Begun  Half-open  at most  Per s  Sources         Completed  %  Refused  Timed out  Cookies since  in packet',
      'channel  b                1          0        1      1        1                 0  0        1          0                          ',
      'tcp      10.9.9.9:80    300        297      298    300      307  about          3  1        0          0       0.250000        151',
      '',
    ].map((line) => line.trimEnd()),
  );
  expect(sheetJson(sheet).split('\n')[0]).toBe(
    '{"kind":"channel","responder":"b","begun":1,"half_open":0,"most_half_open":1,"most_per_second":1,"sources":1,"completed":0,"completed_percent":0,"refused":1,"timed_out":0}',
  );
});

test('tables of different columns have a head each as CSV', () => {
  const sheet = (key: string) => ({ title: '', columns: [{ key, head: '' }], rows: [[1]], notes: [] });
  expect(sheetsCsv([sheet('a'), sheet('b'), sheet('a')])).toBe('a\n1\n1\n\nb\n1\n');
});

test('the messages of the handshakes with a responder pass its filter', () => {
  const table = new HandshakeTable();
  const when = { number: 1, now: 0, clock: 0 };
  const peer = 'ab'.repeat(16);
  for (const [kind, responder] of [
    ['channel', peer],
    ['tcp', '10.9.9.9:80'],
    ['tcp', '[2001:db8::1]:80'],
    ['pppoe', '02:00:00:00:00:01'],
  ] as const)
    table.begin(when, { kind, initiator: 'a', responder, id: '' });
  const filters = responderFilters(responderSheet(table.responders.list()));
  expect(filters).toEqual([
    `handshake.kind == "channel" && chan.peer == ${peer}`,
    'handshake.kind == "tcp" && ip.addr == 10.9.9.9',
    'handshake.kind == "tcp" && ipv6.addr == 2001:db8::1',
    'handshake.kind == "pppoe"',
  ]);
  for (const filter of filters) expect(() => compileFilter(filter)).not.toThrow();
});
