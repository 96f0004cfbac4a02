import { expect, test } from 'vitest';
import { Bounded } from '../../../analyzer/stats/bounded.js';
import { Conversations } from '../../../analyzer/stats/conversations.js';
import { Endpoints } from '../../../analyzer/stats/endpoints.js';
import { Expert } from '../../../analyzer/stats/expert.js';
import { Handshakes, percentile } from '../../../analyzer/stats/handshakes.js';
import { Hierarchy } from '../../../analyzer/stats/hierarchy.js';
import { IoCounts } from '../../../analyzer/stats/io.js';
import { sheetJson, sheetsCsv, sheetText } from '../../../analyzer/stats/sheet-text.js';
import { toHex } from '../../../dissectors/wire/view.js';
import { alice, bob, carol, type Scene } from '../../../fixtures/scene.js';
import { Talk } from '../../../fixtures/talk.js';
import { udp4, udp6 } from '../../../fixtures/ways.js';
import { packetsOf } from '../scene-packets.js';
import { rowsOf } from './count.js';

/** Two handshakes with one responder, the NEW of the second one lost once, and some data. */
function twoTalks(scene: Scene): void {
  const first = new Talk(scene, { initiator: alice, responder: bob, id: 0x1a2b3c4d, way: udp4 });
  first.establish(20);
  first.say('initiator', 'hello');
  const second = new Talk(scene, { initiator: carol, responder: bob, id: 0x00010002, way: udp6 });
  second.open();
  scene.wait(200);
  second.establish(40);
}

const only = <T>(list: readonly T[]): T => {
  expect(list).toHaveLength(1);
  return list[0] as T;
};

test('the hierarchy counts a frame once a layer, and goes down to the messages', () => {
  const hierarchy = new Hierarchy();
  const { packets } = packetsOf(twoTalks);
  for (const packet of packets) hierarchy.take(packet);
  const rows = only(hierarchy.sheets().map(rowsOf));
  expect(rows.map(({ path, frames }) => `${path} ${frames}`)).toEqual([
    'eth 10',
    'eth:ip 5',
    'eth:ip:udp 5',
    'eth:ip:udp:chan 5',
    'eth:ip:udp:chan:hmac 5',
    'eth:ip:udp:chan:hmac:CHANNEL_NEW 1',
    'eth:ip:udp:chan:hmac:CHANNEL_ACKNOWLEDGE 1',
    'eth:ip:udp:chan:hmac:CHANNEL_FINALIZE 1',
    'eth:ip:udp:chan:hmac:DATA_WINDOW 1',
    'eth:ip:udp:chan:hmac:DATA 1',
    'eth:ipv6 5',
    'eth:ipv6:udp 5',
    'eth:ipv6:udp:chan 5',
    'eth:ipv6:udp:chan:hmac 5',
    'eth:ipv6:udp:chan:hmac:CHANNEL_NEW 2',
    'eth:ipv6:udp:chan:hmac:CHANNEL_ACKNOWLEDGE 1',
    'eth:ipv6:udp:chan:hmac:CHANNEL_FINALIZE 1',
    'eth:ipv6:udp:chan:hmac:DATA_WINDOW 1',
  ]);
  expect(rows[0]?.bytes).toBe(packets.reduce((sum, { wire }) => sum + wire, 0));
});

test('a hierarchy of too many chains says how often it left one out', () => {
  const hierarchy = new Hierarchy(4);
  for (const packet of packetsOf(twoTalks).packets) hierarchy.take(packet);
  const sheet = only(hierarchy.sheets());
  expect(rowsOf(sheet).map(({ path }) => path)).toEqual(['eth', 'eth:ip', 'eth:ip:udp', 'eth:ip:udp:chan']);
  // Five dialects of the first talk, and five times IPv6.
  expect(sheet.notes).toEqual(['more than 4 chains of layers: 10 times one was left out']);
});

test('conversations name first who sent first, and count both ways', () => {
  const conversations = new Conversations(['chan', 'channel']);
  for (const packet of packetsOf(twoTalks).packets) conversations.take(packet);
  const [peers = [], channels = []] = conversations.sheets().map(rowsOf);
  expect(peers.map((row) => [row.address_a, row.address_b, row.packets_a_to_b, row.packets_b_to_a])).toEqual([
    [toHex(carol.id), toHex(bob.id), 3, 2],
    [toHex(alice.id), toHex(bob.id), 3, 2],
  ]);
  expect(channels.map((row) => `${row.port_a} ${row.packets}`)).toEqual([
    'f0f0f0f0 4',
    'f0f0f0f0 3',
    '1a2b3c4d 2',
    '00010002 1',
  ]);
});

test('starts count from the first packet of the capture, counted or not', () => {
  const conversations = new Conversations(['ipv6']);
  for (const packet of packetsOf(twoTalks).packets) {
    conversations.begin(packet);
    if (packet.dissection.network?.version === 6) conversations.take(packet);
  }
  const { start, duration, packets } = only(only(conversations.sheets().map(rowsOf)));
  expect(packets).toBe(5);
  expect(Math.round(Number(start) * 100)).toBe(4);
  expect(Math.round(Number(duration) * 100)).toBe(28);
});

test('endpoints that find no room are counted together', () => {
  const endpoints = new Endpoints(['ip', 'ipv6'], 1);
  for (const packet of packetsOf(twoTalks).packets) endpoints.take(packet);
  const [four] = endpoints.sheets();
  expect(four?.rows.map(([, address, , packets]) => [address, packets])).toEqual([
    ['192.0.2.1', 5],
    ['(others)', 5],
  ]);
  expect(four?.notes).toEqual(['more than 1 endpoints: what the others sent and received is counted together']);
});

test('a bounded table keeps what it has, and one value for the rest', () => {
  const table = new Bounded(() => ({ count: 0 }), 2);
  for (const key of ['a', 'b', 'c', 'd', 'a']) table.at(key).count++;
  expect([...table.known]).toEqual([
    ['a', { count: 2 }],
    ['b', { count: 1 }],
  ]);
  expect(table.others).toEqual({ count: 2 });
});

test('intervals without packets are told, and the last ends with the capture', () => {
  const counts = new IoCounts(
    [
      { filter: '', passes: () => true },
      { filter: 'ipv6', passes: ({ dissection }) => dissection.network?.version === 6 },
    ],
    0.1,
  );
  for (const packet of packetsOf(twoTalks).packets) counts.take(packet);
  const rows = only(counts.sheets().map(rowsOf));
  expect(rows.map((row) => `${row.start} ${row.frames} ${row['ipv6 frames']}`)).toEqual([
    '0 6 1',
    '0.1 0 0',
    '0.2 3 3',
    '0.3 1 1',
  ]);
  expect(Number(rows[3]?.end)).toBeGreaterThan(0.3);
  expect(Number(rows[3]?.end)).toBeLessThan(0.4);
});

test('a time before the one before counts where that did', () => {
  const counts = new IoCounts([{ filter: '', passes: () => true }], 1);
  const [packet] = packetsOf(twoTalks).packets;
  for (const seconds of [100, 102, 99, 103]) if (packet) counts.take({ ...packet, seconds });
  expect(only(counts.sheets().map(rowsOf)).map(({ start, frames }) => [start, frames])).toEqual([
    [0, 1],
    [1, 0],
    [2, 2],
    [3, 1],
  ]);
});

test('too many intervals leave out the empty ones, then the last', () => {
  const counts = new IoCounts([{ filter: '', passes: () => true }], 0.001, 2);
  const [packet] = packetsOf(twoTalks).packets;
  for (const seconds of [0, 1000, 1_000_000]) if (packet) counts.take({ ...packet, seconds, nanos: 0 });
  const sheet = only(counts.sheets());
  expect(rowsOf(sheet).map(({ start }) => start)).toEqual([0, 1000]);
  expect(sheet.notes).toEqual([
    'more than 2 intervals: 1 packets in others are left out',
    'intervals without packets are left out',
  ]);
});

test('handshakes tell outcomes, retries and round trips, of all and of each peer', () => {
  const handshakes = new Handshakes();
  const { packets, examiner } = packetsOf(twoTalks, [alice, bob, carol]);
  for (const packet of packets) handshakes.take(packet);
  const rows = only(handshakes.sheets(examiner.tracker.table).map(rowsOf));
  expect(rows.map((row) => [row.peer, row.role, row.channels, row.established, row.messages, row.repeats])).toEqual([
    ['(all)', undefined, 2, 2, 7, 1],
    [toHex(bob.id), 'responder', 2, 2, 2, 0],
    [toHex(alice.id), 'initiator', 1, 1, 2, 0],
    [toHex(carol.id), 'initiator', 1, 1, 3, 1],
  ]);
  expect(rows[0]?.rtt_new_ack_count).toBe(2);
  expect(Math.floor(Number(rows[2]?.rtt_new_ack_p50_us) / 1000)).toBe(20);
  expect(rows[0]?.rtt_new_ack_p50_us).toBe(rows[2]?.rtt_new_ack_p50_us);
  expect(rows[0]?.rtt_new_ack_p99_us).toBe(rows[3]?.rtt_new_ack_p50_us);
});

test('a channel of which no packet was taken does not count', () => {
  const handshakes = new Handshakes();
  const { packets, examiner } = packetsOf(twoTalks);
  for (const packet of packets) if (packet.dissection.network?.version === 4) handshakes.take(packet);
  expect(only(handshakes.sheets(examiner.tracker.table).map(rowsOf))[0]?.channels).toBe(1);
});

test.each<readonly [readonly number[], number, number | undefined]>([
  [[1, 2, 3, 4], 50, 2],
  [[1, 2, 3, 4], 90, 4],
  [[7], 99, 7],
  [[], 50, undefined],
])('of %j, %i in a hundred are at most %s', (values, percent, expected) => {
  expect(percentile(values, percent)).toBe(expected);
});

test('findings are counted by code, the worst first', () => {
  const expert = new Expert();
  const { packets } = packetsOf((scene) => {
    twoTalks(scene);
    const talk = new Talk(scene, { initiator: alice, responder: bob, id: 0x00030004, way: udp4 });
    const bytes = talk.numbered('initiator', talk.data('x'));
    talk.faulty('initiator', bytes, [(whole) => whole.with(-1, (whole.at(-1) ?? 0) ^ 1)]);
  });
  for (const packet of packets) expert.take(packet);
  const rows = only(expert.sheets().map(rowsOf));
  expect(rows.map(({ severity, code, count, first }) => [severity, code, count, first])).toEqual([
    ['warn', 'checksum-bad', 1, 11],
    ['note', 'new-repeated', 1, 7],
  ]);
});

test('a table prints as text, as CSV and as JSON', () => {
  const sheet = {
    title: 'Things',
    columns: [
      { key: 'name', head: 'Name' },
      { key: 'port', head: 'Port', inTitle: true as const },
      { key: 'time', head: 'Time', show: 'seconds' as const },
    ],
    rows: [
      ['a "quoted", name', 1, 0.5],
      ['\u001b[2J', undefined, 12],
    ],
    notes: ['one was left out'],
  };
  expect(sheetText(sheet)).toBe(
    'Things\nName                   Time\na "quoted", name   0.500000\n\\x1b[2J           12.000000\n\n! one was left out\n',
  );
  expect(sheetsCsv([sheet])).toBe('name,port,time\n"a ""quoted"", name",1,0.5\n\\x1b[2J,,12\n');
  expect(sheetJson(sheet)).toBe(
    '{"name":"a \\"quoted\\", name","port":1,"time":0.5}\n{"name":"\\u001b[2J","time":12}\n',
  );
});
