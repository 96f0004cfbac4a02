import { expect, test } from 'vitest';
import { openReading, packetsOf } from '../../../analyzer/commands/reading.js';
import { SEGMENT_FIELDS } from '../../../analyzer/print/tell-segment.js';
import { indexed } from '../pipeline/pipeline.js';
import { fieldValues } from '../print/tree-values.js';

const FIELDS = ['udp.stream', 'udp.payload', 'tcp.stream', 'tcp.payload', ...Object.keys(SEGMENT_FIELDS)];

/** The values of these fields in each packet, as it comes by. */
async function streamed(path: string) {
  const reading = await openReading(path, { secrets: [], track: true, color: 'never', field: FIELDS });
  const rows: (readonly string[])[] = [];
  for await (const next of packetsOf(reading)) {
    for (let packet = next(); packet; packet = next()) {
      const here = packet;
      rows.push(
        FIELDS.map((name) =>
          fieldValues(here, name)
            .map(({ text }) => text)
            .join(),
        ),
      );
    }
  }
  await reading.capture.close();
  return rows;
}

test.each(['demo.pcapng', 'tcp-disorder.pcap', 'tcp-stream-ipv6.pcap', 'ipv4-fragments.pcap', 'icmp-unreachable.pcap'])(
  'a packet that is shown again has the same place in its conversation: %s',
  async (name) => {
    const path = `fixtures/${name}`;
    const rows = await streamed(path);
    const capture = await indexed(path);
    // Backwards, as somebody may scroll.
    for (let number = rows.length; number > 0; number--) {
      const packet = capture.packet(number);
      const again = FIELDS.map((field) =>
        fieldValues(packet, field)
          .map(({ text }) => text)
          .join(),
      );
      expect([number, again]).toEqual([number, rows[number - 1]]);
    }
    await capture.close();
    expect(rows.some((row) => row.some((value) => value !== ''))).toBe(true);
  },
);

test('nobody pays for conversations who does not ask for them', async () => {
  for (const [field, asks] of [
    ['ip.src', false],
    ['udp.stream', true],
    ['tcp.analysis.flags', true],
  ] as const) {
    const reading = await openReading('fixtures/demo.pcapng', {
      secrets: [],
      track: true,
      color: 'never',
      field: [field],
    });
    let found = false;
    for await (const next of packetsOf(reading)) {
      for (let packet = next(); packet; packet = next()) found ||= packet.facts.conversations !== undefined;
    }
    await reading.capture.close();
    expect([field, found]).toEqual([field, asks]);
  }
});
