import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { compileFilter } from '../../../analyzer/filter/compile.js';
import { filterOfLine, quotedLiteral } from '../../../analyzer/filter/field-filter.js';
import { packetTree } from '../../../analyzer/print/tree.js';
import type { Line } from '../../../dissectors/wire/line.js';
import { eachPacket } from './reading.js';

const CAPTURES = readdirSync('fixtures').filter((name) => /\.pcap(ng)?(\.gz|\.zst)?$/.test(name));
/** Packets of each capture that are looked at: filters are compiled for each of their lines. */
const MOST_PACKETS = 12;

const linesOf = (line: Line): readonly Line[] => [line, ...line.children.flatMap(linesOf)];

test.each(CAPTURES)('what a line of %s says passes the packet that says it', async (name) => {
  const wrong: string[] = [];
  let packets = 0;
  const look = (packet: Parameters<Parameters<typeof eachPacket>[1]>[0]) => {
    if (++packets > MOST_PACKETS) return;
    for (const line of packetTree(packet).flatMap(linesOf)) {
      const filter = filterOfLine(line);
      if (filter !== undefined && !compileFilter(filter)(packet)) wrong.push(`${packet.number}: ${filter}`);
    }
  };
  await eachPacket(`fixtures/${name}`, look).catch((error: unknown) => wrong.push(String(error)));
  expect(wrong.slice(0, 5)).toEqual([]);
});

test('text is written so that nothing in it is taken for more', () => {
  expect(quotedLiteral('a"b\\\n\u00fc')).toBe('"a\\"b\\\\\\x0a\\xc3\\xbc"');
});
