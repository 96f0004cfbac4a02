import { readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { afterAll, expect, test } from 'vitest';
import { NumberList } from '../../../analyzer/index/number-list.js';
import type { ScannedCapture } from '../../../analyzer/index/scanned-capture.js';
import { makeFolder } from '../capture/files.js';
import { linesOf, running } from '../commands/running.js';
import { FIXTURES, indexed, streamed } from '../pipeline/pipeline.js';
import { answered, matching } from './asking.js';

const folder = makeFolder();
afterAll(() => folder.remove());

async function save(capture: ScannedCapture, input: string, name: string, filter?: string, withHandshakes = false) {
  let numbers: NumberList | undefined;
  if (filter !== undefined) {
    numbers = new NumberList();
    for (const number of await matching(capture, filter)) numbers.add(number);
  }
  const path = name === '' ? input : folder.path(name);
  return answered(capture, { type: 'save', path, inputs: [input], numbers: numbers?.everything(), withHandshakes });
}

/** All that can be printed of the packets of a capture, and what it says of its interfaces. */
const printed = async (path: string) => linesOf(await running(['decode', '-T', 'json', path]));

/** Captures with packets, as they are: damaged ones are saved as far as they go. */
const WHOLE = FIXTURES.filter((name) => !/^(empty|cut-header)/.test(name));

test.each(WHOLE)('%s is saved as the command line would', async (name) => {
  const input = `fixtures/${name}`;
  const capture = await indexed(input);
  const answer = await save(capture, input, 'all.pcapng');
  expect([answer.problem, answer.written]).toEqual([undefined, capture.index.length]);
  await running(['decode', '-w', folder.path('expected.pcapng'), input]);
  expect(await printed(folder.path('all.pcapng'))).toEqual(await printed(folder.path('expected.pcapng')));
  await capture.close();
});

test('what a filter passes is saved, with names, secrets and comments', async () => {
  const input = 'fixtures/demo.pcapng';
  const capture = await indexed(input);
  await save(capture, input, 'some.pcapng', 'udp.port == 4242');
  await running(['decode', '-Y', 'udp.port == 4242', '-w', folder.path('expected.pcapng'), input]);
  expect(readFileSync(folder.path('some.pcapng'))).toEqual(readFileSync(folder.path('expected.pcapng')));
  await capture.close();
});

test('with handshakes the channels that are touched are saved from their start', async () => {
  const input = 'fixtures/demo.pcapng';
  const { secrets } = await streamed(input, [], new Set());
  const capture = await indexed(input, secrets);
  const filter = 'chan.msg.type == DATA and channel.number in {7, 12}';
  const { written } = await save(capture, input, 'shaken.pcapng', filter, true);
  await running(['decode', '-Y', filter, '--with-handshake', '-w', folder.path('expected.pcapng'), input]);
  const expected = await printed(folder.path('expected.pcapng'));
  expect(await printed(folder.path('shaken.pcapng'))).toEqual(expected);
  expect(written).toBe(expected.length);
  expect(written).toBeGreaterThan((await matching(capture, filter)).length);
  await capture.close();
});

test.each([
  ['after packet 40', 40],
  ['before its first packet', 0],
])('when the file became shorter %s, what it still has is saved, and the rest told', async (_, left) => {
  const input = folder.path('shrinks.pcap');
  const bytes = readFileSync('fixtures/modes.pcap');
  writeFileSync(input, bytes);
  const capture = await indexed(input);
  const { length } = capture.index;
  let end = 24;
  for (let packet = 0; packet < left; packet++) end += 16 + bytes.readUInt32LE(end + 8);
  // In the middle of the next packet.
  truncateSync(input, end + 20);
  writeFileSync(folder.path('shrunk.pcapng'), 'old');
  const { problem, written } = await save(capture, input, 'shrunk.pcapng');
  const gone = `${length - left} packets are no longer in the file that they are read from; ${left} were saved`;
  expect([written, problem]).toEqual([left, `cannot save all: ${folder.path('shrunk.pcapng')}: ${gone}`]);
  if (left === 0) expect(readFileSync(folder.path('shrunk.pcapng'), 'utf8')).toBe('old');
  else
    expect(await printed(folder.path('shrunk.pcapng'))).toEqual((await printed('fixtures/modes.pcap')).slice(0, left));
  await capture.close();
});

test('a pcap file is written where its name says so', async () => {
  const input = 'fixtures/handshake-hmac.pcap';
  const capture = await indexed(input);
  expect((await save(capture, input, 'plain.pcap')).problem).toBeUndefined();
  expect(await printed(folder.path('plain.pcap'))).toEqual(await printed(input));
  expect(readFileSync(folder.path('plain.pcap')).readUInt32LE(0)).toBe(0xa1b2c3d4);
  await capture.close();
});

test('the capture that is open is never written over, and what cannot be written is told in one line', async () => {
  const input = folder.write('open.pcap', readFileSync('fixtures/handshake-hmac.pcap'));
  const capture = await indexed(input);
  const before = statSync(input);
  expect((await save(capture, input, '')).problem).toBe(`cannot write: ${input}: the packets are read from it`);
  expect(statSync(input).size).toBe(before.size);
  const nowhere = await save(capture, input, 'no/such/folder.pcapng');
  expect(nowhere.problem).toBe(`cannot write: ${folder.path('no/such/folder.pcapng')}: no such file`);
  const nothing = await answered(capture, {
    type: 'save',
    path: '-',
    inputs: [input],
    numbers: undefined,
    withHandshakes: false,
  });
  expect(nothing.problem).toBe('cannot write: -: name a file');
  await capture.close();
});
