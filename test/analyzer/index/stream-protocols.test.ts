import { expect, test } from 'vitest';
import { openReading, packetsOf } from '../../../analyzer/commands/reading.js';
import { summarize } from '../../../analyzer/print/row.js';
import { packetTree } from '../../../analyzer/print/tree.js';
import type { Line } from '../../../dissectors/wire/line.js';
import { indexed } from '../pipeline/pipeline.js';

/** What protocols name that follow streams and flows. */
const OF_LAYER = /^(?:tls|dtls)$/;

const textOf = ({ text, start, end, source, children }: Line): readonly string[] => [
  `${source}:${start}-${end} ${text}`,
  ...children.flatMap(textOf),
];

test.each(['tls.pcap', 'tls-scattered.pcap', 'dtls.pcap', 'dtls13.pcap'])(
  'a packet that is shown again has the same messages: %s',
  async (name) => {
    const path = `fixtures/${name}`;
    const reading = await openReading(path, { secrets: [], track: true, color: 'never' });
    const seen: (readonly unknown[])[] = [];
    for await (const next of packetsOf(reading)) {
      for (let packet = next(); packet; packet = next()) {
        const trees = packetTree(packet).filter(({ path }) => OF_LAYER.test(path));
        const { protocol, info } = summarize(packet);
        seen.push([packet.number, protocol, info, trees.flatMap(textOf)]);
      }
    }
    await reading.capture.close();
    const capture = await indexed(path);
    // Backwards, as somebody may scroll.
    for (let number = seen.length; number > 0; number--) {
      const packet = capture.packet(number);
      const trees = packetTree(packet).filter(({ path }) => OF_LAYER.test(path));
      const { protocol, info } = summarize(packet);
      expect([number, protocol, info, trees.flatMap(textOf)]).toEqual(seen[number - 1]);
    }
    await capture.close();
    expect(seen.some(([, , , lines]) => (lines as readonly string[]).length > 20)).toBe(true);
  },
);
