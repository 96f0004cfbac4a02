import { expect, test, vi } from 'vitest';
import { replay } from '../../../analyzer/index/replay.js';
import { columnOf } from '../../../analyzer/print/field-column.js';
import { EITHER, fieldValues } from '../../../analyzer/print/fields.js';
import { knownFields } from '../../../analyzer/print/known-fields.js';
import { Utf8Text } from '../../../analyzer/print/utf8-text.js';
import { FIXTURES, indexed } from '../pipeline/pipeline.js';

const NAMES = [...knownFields().keys(), ...Object.keys(EITHER), 'chan.msg', 'chan.checksum_status', 'udp', 'chan'];
const COLUMNS = NAMES.map((name) => ({ name, column: columnOf(name) }));

test.each(FIXTURES)('columns of %s say what the trees of its packets say', async (fixture) => {
  const capture = await indexed(`fixtures/${fixture}`);
  const text = new Utf8Text();
  for (let number = 1; number <= capture.index.length; number++) {
    const packet = replay(capture, number);
    for (const { name, column } of COLUMNS) {
      const expected = fieldValues(packet, name).map((value) => value.text);
      const found = column.texts(packet);
      if (JSON.stringify(found) !== JSON.stringify(expected)) {
        expect.fail(`packet ${number}: ${name}: ${found} is not ${expected}`);
      }
      text.clear();
      const written = column.write(packet, text) ? expected.join() : '';
      if (text.toString() !== written) expect.fail(`packet ${number}: ${name}: ${text} is not ${written}`);
    }
  }
  await capture.close();
});

test('of most packets the fields of headers are written where they stand', async () => {
  const capture = await indexed('fixtures/handshake-hmac.pcap');
  const text = new Utf8Text();
  const packet = replay(capture, 1);
  for (const name of ['frame.number', 'ip.src', 'udp.srcport', 'eth.type', 'ip.checksum']) {
    expect([name, columnOf(name).write(packet, text)]).toEqual([name, true]);
  }
  expect(columnOf('ip.addr').write(packet, text)).toBe(false);
  await capture.close();
});

test('the ids of channels are read without a tree where no message names one', async () => {
  const capture = await indexed('fixtures/handshake-hmac.pcap');
  const { texts } = columnOf('chan.id');
  const treeless = Array.from({ length: capture.index.length }, (_, row) => {
    const packet = replay(capture, row + 1);
    // A tree is made of the layers; what stands in the header is not.
    const layers = vi.fn(() => packet.dissection.layers);
    const watched = Object.create(packet.dissection, { layers: { get: layers } });
    const found = texts({ ...packet, dissection: watched });
    expect(found).toEqual(fieldValues(packet, 'chan.id').map(({ text }) => text));
    const names = packet.dissection.channels.some(({ messages }) =>
      messages.some(({ code }) => code === 11 || code === 12),
    );
    expect(layers.mock.calls.length > 0).toBe(names);
    return !names;
  });
  expect(treeless).toContain(true);
  expect(treeless).toContain(false);
  await capture.close();
});
