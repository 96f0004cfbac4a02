import { expect, test } from 'vitest';
import { ChannelList } from '../../../analyzer/index/channel-list.js';
import type { ScannedCapture } from '../../../analyzer/index/scanned-capture.js';
import type { DataPiece } from '../../../analyzer/query/news.js';
import { CODES } from '../../../dissectors/channel/messages.js';
import { readVarint } from '../../../dissectors/wire/field.js';
import { hexOf } from '../../../dissectors/wire/view.js';
import { FIXTURES, scanned, secretsBeside, streamed } from '../pipeline/pipeline.js';
import { answered } from './asking.js';

const NOWHERE = { exactly: () => '', quickly: () => '' };

/** The pieces of data of a channel, each as its packet, its direction and its bytes in hex. */
async function dataOf(capture: ScannedCapture, channel: number, initiator: string): Promise<readonly string[]> {
  const pieces: DataPiece[] = [];
  await answered(capture, { type: 'data', channel, initiator }, undefined, (told) => {
    if (told.type === 'data') pieces.push(...told.pieces);
  });
  return pieces.map(
    ({ packet, fromInitiator, bytes }) => `${packet} ${fromInitiator} ${Buffer.from(bytes).toString('hex')}`,
  );
}

/** The same, gathered packet by packet: of each number of a direction the first packet counts. */
function expectedData(capture: ScannedCapture, number: number, initiator: string): readonly string[] {
  const seen = new Set<string>();
  const found: string[] = [];
  for (let at = 1; at <= capture.index.length; at++) {
    const { dissection, facts } = capture.packet(at);
    const touched = facts.channels.find((channel) => channel.number === number);
    if (touched?.c2 === undefined) continue;
    for (const packet of dissection.channels) {
      const { view, dialect, sequence } = packet;
      if (packet.id !== ((touched.c1 << 16) | touched.c2) >>> 0 || packet.messages.length === 0) continue;
      const place = packet.at + dialect.header.fields.sender.offset;
      const sender = hexOf(view, place, place + 16);
      const wrong = facts.verdicts.some(({ status }) => ['invalid', 'stale', 'echo-bad'].includes(status));
      if (packet.messages[0]?.code === CODES.CHANNEL_COOKIE && wrong) continue;
      if (facts.findings.some(({ code }) => code === 'number-old')) continue;
      const key = `${sender} ${sequence}`;
      const data = packet.messages.filter(({ code, kind }) => code === CODES.DATA && kind);
      if (dialect.numbered && data.length > 0 && seen.has(key)) continue;
      if (data.length > 0) seen.add(key);
      for (const { body, end } of data) {
        const length = readVarint(view, body);
        // Lengths of fixtures take one byte or two.
        const start = body + (length < 128 ? 1 : 2);
        const bytes = hexOf(view, start, Math.max(start, Math.min(start + length, end)));
        if (bytes !== '') found.push(`${at} ${sender === initiator} ${bytes}`);
      }
    }
  }
  return found;
}

test.each(FIXTURES)('what channels of %s carried is told once, in the order of the capture', async (name) => {
  const { secrets } = await streamed(`fixtures/${name}`, secretsBeside(name), new Set());
  const { capture, channels, close } = await scanned(`fixtures/${name}`, secrets);
  const list = new ChannelList(channels, NOWHERE);
  for (let place = 0; place < list.count; place++) {
    const { number, initiator } = list.at(place);
    expect([number, await dataOf(capture, number, initiator)]).toEqual([
      number,
      expectedData(capture, number, initiator),
    ]);
  }
  await close();
});

test('who sends data first is taken for the initiator where that is not known', async () => {
  const { secrets } = await streamed('fixtures/demo.pcapng', [], new Set());
  const { capture, close } = await scanned('fixtures/demo.pcapng', secrets);
  const known = await dataOf(capture, 7, '89e8b9518d92279489bbdee26f3dc646');
  expect(known.length).toBeGreaterThan(3);
  expect(await dataOf(capture, 7, '')).toEqual(known);
  await close();
});
