import { expect, test } from 'vitest';
import type { Handshake } from '../../../analyzer/handshakes/handshake.js';
import { HandshakeTable, type KindRules, MOST_MESSAGES } from '../../../analyzer/handshakes/table.js';

const TCP: KindRules = { kind: 'tcp', seconds: 63 };
const DNS: KindRules = { kind: 'dns', seconds: 5, expire: () => 'the server did not answer within 5 s' };

let packet = 0;
const at = (now: number) => ({ number: ++packet, now, clock: now });

function syn(table: HandshakeTable, now: number, initiator = '10.0.0.1:40000', key = 1): Handshake {
  const when = at(now);
  const row = table.begin(when, { kind: 'tcp', initiator, responder: '10.0.0.2:80', id: '000003e8', key });
  table.message(when, row, 'SYN', true, { isFirst: true });
  return row;
}

const short = ({ number, state, reason, attempts, resent, messages }: Handshake) => ({
  number,
  state,
  reason,
  attempts,
  resent,
  messages: messages.map(({ name, note }) => (note ? `${name} (${note})` : name)),
});

test('a row goes from the first message to its end, with its round trips', () => {
  const table = new HandshakeTable([TCP]);
  const row = syn(table, 1);
  let when = at(1.5);
  table.message(when, row, 'SYN', true, { isFirst: true, isResent: true });
  when = at(2);
  table.message(when, row, 'SYN-ACK', false, { note: 'ack 1001, wanted 1001' });
  table.setState(when, row, 'challenged', 'the SYN-ACK was not acknowledged so far');
  when = at(2.25);
  table.message(when, row, 'ACK', true);
  table.setState(when, row, 'echoed', 'acknowledged');
  when = at(2.5);
  table.message(when, row, 'DATA', false);
  table.setState(when, row, 'established', 'the server sent data');
  expect(short(row)).toEqual({
    number: 1,
    state: 'established',
    reason: 'the server sent data',
    attempts: 2,
    resent: 1,
    messages: ['SYN', 'SYN', 'SYN-ACK (ack 1001, wanted 1001)', 'ACK', 'DATA'],
  });
  expect([row.rttChallenge, row.rttEcho, row.rttAnswer]).toEqual([1, 0.25, undefined]);
  expect([row.begun, row.ended, row.last - row.first]).toEqual([1, 2.5, 4]);
});

test('what is answered by one message is measured from the last of the initiator', () => {
  const table = new HandshakeTable([DNS]);
  const row = table.begin(at(1), { kind: 'dns', initiator: 'a', responder: 'b', id: '1' });
  table.message(at(1), row, 'query', true);
  table.message(at(3), row, 'query', true);
  table.setState(at(3.5), row, 'answered', 'NOERROR');
  expect([row.rttChallenge, row.rttEcho, row.rttAnswer]).toEqual([undefined, undefined, 0.5]);
});

test('rows time out after the time of their kind, counted from their last message', () => {
  const table = new HandshakeTable([TCP, DNS]);
  const row = syn(table, 0);
  const query = table.begin(at(0), { kind: 'dns', initiator: 'a', responder: 'b', id: '1' });
  table.message(at(30), row, 'SYN', true, { isResent: true });
  table.expire(5, 5);
  expect([query.state, query.reason]).toEqual(['timed-out', 'the server did not answer within 5 s']);
  table.expire(92.9, 92.9);
  expect(row.state).toBe('asked');
  table.expire(93, 93);
  expect([row.state, row.reason]).toEqual(['timed-out', 'nothing came after SYN']);
});

test('the memory of a kind goes some time after the end, and the row is found until another takes its key', () => {
  const released: number[] = [];
  const table = new HandshakeTable([{ ...TCP, release: ({ number }) => released.push(number) }]);
  const row = syn(table, 0);
  row.memory = { y: 5 };
  table.setState(at(1), row, 'refused', 'the SYN was answered by a RST');
  table.expire(15.9, 15.9);
  expect(row.memory).toEqual({ y: 5 });
  table.expire(16, 16);
  expect([row.memory, released]).toEqual([undefined, [1]]);
  expect(table.find('tcp', 1)).toBe(row);
  const next = syn(table, 20);
  expect(table.find('tcp', 1)).toBe(next);
  table.drop(row);
  expect(table.find('tcp', 1)).toBe(next);
  table.disown(next, 1);
  expect(table.find('tcp', 1)).toBeUndefined();
});

test('what a row keeps is bounded', () => {
  const table = new HandshakeTable([TCP]);
  const row = syn(table, 0);
  for (let count = 0; count < 1000; count++) {
    table.message(at(1), row, 'SYN', true, { note: 'n'.repeat(1000) });
    table.addEvidence(at(1), row, 'likely', `evidence ${count}`);
    table.detail(row, `name ${count}`, 'v'.repeat(1000));
    table.remember(row, count);
  }
  expect([row.messages.length, row.unlisted]).toEqual([MOST_MESSAGES, 1001 - MOST_MESSAGES]);
  expect([row.evidence.length, Object.keys(row.details ?? {}).length]).toEqual([8, 32]);
  expect([row.messages[1]?.note?.length, String(row.details?.['name 0']).length]).toEqual([255, 255]);
  expect([table.find('tcp', 7), table.find('tcp', 8)]).toEqual([row, undefined]);
});

test('200,000 half-open rows keep as many as the bounds say, the newest, and those that completed in their midst', () => {
  const table = new HandshakeTable([TCP], 1, { halfOpen: 1000, others: 10 });
  let honest: Handshake | undefined;
  for (let count = 0; count < 200_000; count++) {
    const now = count / 20_000;
    syn(table, now, `10.${(count >> 16) & 255}.${(count >> 8) & 255}.${count & 255}:1024`, count);
    table.touched.length = 0;
    if (count !== 100_000) continue;
    honest = syn(table, now, '192.0.2.1:5', -1);
    table.setState(at(now), honest, 'challenged', 'waits');
    table.setState(at(now), honest, 'echoed', 'done');
  }
  expect([table.rows.size, table.forgotten]).toEqual([1001, 199_000]);
  expect(table.find('tcp', -1)).toBe(honest);
  expect([table.find('tcp', 0), table.find('tcp', 198_999)]).toEqual([undefined, undefined]);
  expect(table.find('tcp', 199_000)?.number).toBe(199_002);
  const [responder, ...others] = [...table.responders.list()];
  expect(others).toEqual([]);
  const { begun, halfOpen, mostHalfOpen, mostPerSecond, completed, isExact, sources = 0 } = responder ?? {};
  // Those that were dropped are half-open still: nothing has answered them.
  expect({ begun, halfOpen, mostHalfOpen, mostPerSecond, completed, isExact }).toEqual({
    begun: 200_001,
    halfOpen: 200_000,
    mostHalfOpen: 200_000,
    mostPerSecond: 20_001,
    completed: 1,
    isExact: false,
  });
  expect(Math.abs(sources - 200_001)).toBeLessThan(20_000);
  table.expire(80, 80);
  expect([...table.responders.list()].map(({ halfOpen, timedOut }) => [halfOpen, timedOut])).toEqual([[0, 200_000]]);
});

test('those that completed are dropped too when there are too many, the quietest first', () => {
  const table = new HandshakeTable([TCP], 1, { halfOpen: 5, others: 2 });
  const rows = [1, 2, 3].map((key) => {
    const row = syn(table, key, 'a', key);
    table.setState(at(key), row, 'established', 'data both ways');
    return row;
  });
  expect(rows.map((row) => row.isForgotten)).toEqual([true, false, false]);
  expect([...table.rows.keys()]).toEqual([2, 3]);
});

test('evidence: the surest word holds, and the moment is told since when a responder keeps no state', () => {
  const table = new HandshakeTable([TCP]);
  const row = syn(table, 3);
  table.addEvidence({ number: 9, now: 4, clock: 4 }, row, 'yes', 'two answers');
  table.addEvidence({ number: 10, now: 5, clock: 5 }, row, 'likely', 'no resend');
  expect([row.stateless, row.evidence]).toEqual(['yes', ['two answers', 'no resend']]);
  expect([...table.responders.list()].map((one) => [one.cookiesSince, one.cookiesPacket])).toEqual([[4, 9]]);
});

test('responders beyond those that are kept are counted together', () => {
  const table = new HandshakeTable([TCP]);
  for (let count = 0; count < 5000; count++) {
    table.begin(at(0), { kind: 'tcp', initiator: 'a', responder: `server ${count}`, id: '' });
  }
  const all = [...table.responders.list()];
  expect(all.length).toBe(4097);
  expect(all.find(({ name }) => name === 'others')?.begun).toBe(904);
});
