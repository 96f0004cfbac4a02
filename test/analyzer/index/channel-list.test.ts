import { expect, test } from 'vitest';
import { examineAll, openReading } from '../../../analyzer/commands/reading.js';
import { buffersOf, channelColumns } from '../../../analyzer/index/channel-columns.js';
import { ChannelList } from '../../../analyzer/index/channel-list.js';
import type { ChannelCounts, ChannelRow } from '../../../analyzer/index/channel-row.js';
import { ChannelSnapshots } from '../../../analyzer/index/channel-snapshots.js';
import { EndAddresses, endOf } from '../../../analyzer/index/end-address.js';
import { channelJson } from '../../../analyzer/print/json-channels.js';
import { Peers } from '../../../analyzer/track/peers.js';
import { ChannelTable } from '../../../analyzer/track/table.js';
import { severityOf } from '../../../dissectors/wire/finding.js';
import { FIXTURES, scanned, secretsBeside } from '../pipeline/pipeline.js';

const READING = { track: true, color: 'never' } as const;

/** The tracker's table of a fixture, and the list that is made of it. */
async function listed(name: string) {
  const reading = await openReading(`fixtures/${name}`, { ...READING, secrets: secretsBeside(name) });
  await examineAll(reading);
  await reading.capture.close();
  const { table } = reading.examiner.tracker;
  const { capture, channels, close } = await scanned(`fixtures/${name}`, reading.secrets);
  const addresses = new EndAddresses(capture.index);
  const list = new ChannelList(channels, {
    quickly: (packet, end) => addresses.of(packet, end) ?? '',
    exactly: (packet, end) => addresses.of(packet, end) ?? endOf(capture.packet(packet), end),
  });
  return { table, list, capture, close };
}

const micros = (seconds: number): number => Math.round(seconds * 1e9) / 1e3;

/** What the command line prints of a channel, from its row. */
function jsonOf(row: ChannelRow): Record<string, unknown> {
  const way = (counts: ChannelCounts) => ({
    packets: counts.packets,
    bytes: counts.bytes,
    data_packets: counts.dataPackets,
    data_bytes: counts.dataBytes,
    duplicates: counts.duplicates,
    lost: counts.lost,
    reordered: counts.reordered,
    resent: counts.resent,
  });
  return {
    number: row.number,
    dialect: row.dialect,
    id: row.id,
    initiator: row.initiator,
    responder: row.responder,
    state: row.state,
    ...(row.mode !== undefined && { mode: row.mode }),
    ...(row.cookie1 !== undefined && { cookie1_status: row.cookie1 }),
    ...(row.cookie2 !== undefined && { cookie2_status: row.cookie2 }),
    first: row.first,
    last: row.last,
    ...(row.rttNewAcknowledge !== undefined && { rtt_new_ack_us: micros(row.rttNewAcknowledge) }),
    ...(row.rttAcknowledgeFinalize !== undefined && { rtt_ack_final_us: micros(row.rttAcknowledgeFinalize) }),
    from_initiator: way(row.fromInitiator),
    from_responder: way(row.fromResponder),
  };
}

test.each(FIXTURES)('the list of channels of %s says what the tracker knows', async (name) => {
  const { table, list, close } = await listed(name);
  const rows = Array.from({ length: list.count }, (_, place) => list.at(place));
  const expected = [...table.channels.values()].map((channel) => {
    const { caps: _, ...json } = JSON.parse(channelJson(channel)) as Record<string, unknown>;
    return json;
  });
  expect(rows.map(jsonOf)).toEqual(expected);
  expect(rows.map(({ number }) => list.placeOf(number))).toEqual(rows.map((_, place) => place));
  expect(list.placeOf(0)).toBe(-1);
  expect(list.placeOf(1_000_000)).toBe(-1);
  await close();
});

test('a channel tells where its peers are, when it was, and what was found in its packets', async () => {
  const { list, capture, close } = await listed('demo.pcapng');
  for (let place = 0; place < list.count; place++) {
    const row = list.at(place);
    // What packets say that touch it.
    const touching = Array.from({ length: capture.index.length }, (_, at) => capture.packet(at + 1)).filter((packet) =>
      packet.facts.channels.some(({ number }) => number === row.number),
    );
    const findings = touching.flatMap(({ dissection, facts }) => [...dissection.findings, ...facts.findings]);
    expect(row.findings).toBe(findings.filter((finding) => severityOf(finding) !== 'chat').length);
    const origin = capture.packet(1);
    const timeOf = (number: number) => {
      const { seconds, nanos } = capture.packet(number);
      return seconds - origin.seconds + (nanos - origin.nanos) / 1e9;
    };
    expect(row.begun).toBeCloseTo(timeOf(row.first), 6);
    expect(row.ended).toBeCloseTo(timeOf(row.last), 6);
  }
  const row = list.at(list.placeOf(7));
  expect([row.initiatorAddress, row.responderAddress, row.reason]).toEqual(['192.0.2.41:4242', '192.0.2.1:4242', 0]);
  await close();
});

test('channels are sorted by any column, and those that are equal by their numbers', async () => {
  const { list, close } = await listed('demo.pcapng');
  const numbers = (places: Uint32Array) => [...places].map((place) => list.at(place).number);
  const all = numbers(list.order('number', false, []));
  expect(all).toEqual(all.toSorted((one, other) => one - other));
  expect(numbers(list.order('number', true, []))).toEqual(all.toReversed());
  const bytes = (number: number) => {
    const { fromInitiator, fromResponder } = list.at(list.placeOf(number));
    return fromInitiator.bytes + fromResponder.bytes;
  };
  expect(numbers(list.order('bytes', true, []))).toEqual(
    all.toSorted((one, other) => bytes(other) - bytes(one) || one - other),
  );
  const rtt = (number: number) => list.at(list.placeOf(number)).rttNewAcknowledge ?? -1;
  expect(numbers(list.order('rtt', false, []))).toEqual(
    all.toSorted((one, other) => rtt(one) - rtt(other) || one - other),
  );
  const initiator = (number: number) => list.at(list.placeOf(number)).initiator;
  expect(numbers(list.order('initiator', false, []))).toEqual(
    all.toSorted((one, other) => initiator(one).localeCompare(initiator(other)) || one - other),
  );
  await close();
});

test('channels are found by all words that a row has, whatever their case', async () => {
  const { list, close } = await listed('demo.pcapng');
  const rows = Array.from({ length: list.count }, (_, place) => list.at(place));
  const wordsOf = ({
    id,
    initiator,
    responder,
    initiatorAddress,
    responderAddress,
    state,
    mode,
    cookie1,
    cookie2,
    dialect,
  }: ChannelRow) =>
    [id, initiator, responder, initiatorAddress, responderAddress, state, mode, cookie1, cookie2, dialect].filter(
      (word) => word !== undefined,
    );
  for (const words of [
    [['CLOSED']],
    [['192.0.2.41']],
    [['tcp'], ['valid']],
    [['ca3e']],
    [['89e8b951'], ['est']],
    [['nothing like it']],
    [['echo-'], ['4242']],
    // Of several ways to say a word one is enough.
    [
      ['nothing like it', 'sctp'],
      ['closed', 'refused'],
    ],
  ]) {
    const expected = rows.filter((row) =>
      words.every((ways) => ways.some((way) => wordsOf(row).some((text) => text.includes(way.toLowerCase())))),
    );
    const found = [...list.order('number', false, words)].map((place) => list.at(place).number);
    expect(found).toEqual(expected.map(({ number }) => number));
  }
  await close();
});

test('columns are told with all their buffers', () => {
  const columns = channelColumns(new ChannelTable(new Peers(1), { halfOpen: 1, channels: 1 }));
  const moved = structuredClone(columns, { transfer: [...buffersOf(columns)] });
  expect(moved).toEqual(channelColumns(new ChannelTable(new Peers(1), { halfOpen: 1, channels: 1 })));
});

test('snapshots take at most a twentieth of the time, and the last is always told', () => {
  let now = 0;
  let told = 0;
  const table = new ChannelTable(new Peers(1), { halfOpen: 1, channels: 1 });
  // Each look at the clock costs 20 ms, so that each snapshot does.
  const clock = () => {
    now += 20;
    return now;
  };
  const snapshots = new ChannelSnapshots(table, () => told++, clock);
  snapshots.changed();
  expect(told).toBe(1);
  for (let time = 0; time < 10; time++) snapshots.changed();
  expect(told).toBe(1);
  now += 600;
  snapshots.changed();
  expect(told).toBe(2);
  snapshots.finish();
  expect(told).toBe(3);
});
