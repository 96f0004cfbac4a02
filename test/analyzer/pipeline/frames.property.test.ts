import fc from 'fast-check';
import { expect, test } from 'vitest';
import { replay } from '../../../analyzer/index/replay.js';
import type { Packet } from '../../../analyzer/print/packet.js';
import { packetTree } from '../../../analyzer/print/tree.js';
import { Examiner } from '../../../analyzer/track/examine.js';
import { DIALECTS } from '../../../dissectors/channel/dialects.js';
import type { Line } from '../../../dissectors/wire/line.js';
import { viewOf } from '../../../dissectors/wire/view.js';
import { FIXTURES, indexed, printed } from './pipeline.js';

/** Every link type that the registry knows, a bare one, and one that nobody knows. */
const LINK_TYPES = [0, 1, 12, 14, 101, 108, 113, 228, 229, 276, 147, 162, 9999, -1];

/** The starts of headers, so that chance gets beyond the first layer. */
const STARTS = [
  '',
  '0200000000020200000000010800',
  '02000000000202000000000186dd',
  '0200000000020200000000018100000108004500003000010000',
  '45000028000100004006000001020304',
  '450000280001200000110000c0000201c0000202',
  '4500002800010000408400007f0000017f000001',
  '450000380001000040010000c0000201c0000202',
  '6000000000402c40',
  '600000000040003a',
  '0000000045000040',
  '02000000450000400000000040110000',
  '0800000000000001000100060000000000000000',
  ...DIALECTS.map(({ protocolId }) => protocolId.toString(16).padStart(8, '0')),
];

const frame = fc
  .tuple(fc.constantFrom(...STARTS), fc.uint8Array({ maxLength: 200 }), fc.nat(100))
  .map(([start, rest, cut]) => ({ bytes: Uint8Array.from([...Buffer.from(start, 'hex'), ...rest]), cut }));

function expectInside(lines: readonly Line[], sizes: readonly number[]): void {
  for (const { source, start, end, children, path } of lines) {
    const size = sizes[source] ?? -1;
    if (!(0 <= start && start <= end && end <= size)) expect.fail(`${path}: [${start}, ${end}) of ${size}`);
    expectInside(children, sizes);
  }
}

/** Every line of the tree, and every finding, lights bytes that are there. */
function expectPlaces(packet: Packet): void {
  const { sources, layers, findings } = packet.dissection;
  const sizes = sources.map(({ view }) => view.byteLength);
  expectInside(packetTree(packet), sizes);
  for (const { source, at, end, limit, name } of layers) {
    const size = sizes[source] ?? -1;
    if (!(0 <= at && at <= end && limit.captured <= size)) expect.fail(`${name}: [${at}, ${end}) of ${size}`);
  }
  for (const { source, start, end, code } of [...findings, ...packet.facts.findings]) {
    const size = sizes[source] ?? -1;
    if (!(0 <= start && start <= end && end <= size)) expect.fail(`${code}: [${start}, ${end}) of ${size}`);
  }
}

test.each(LINK_TYPES)('no frames of link type %i make anything throw, or point outside of themselves', (linkType) => {
  const frames = fc.array(frame, { minLength: 1, maxLength: 6 });
  const property = fc.property(frames, fc.constantFrom(undefined, ...DIALECTS), (all, dialect) => {
    const examiner = new Examiner({ dialect });
    for (const [row, { bytes, cut }] of all.entries()) {
      const length = bytes.length;
      const examined = examiner.examine(viewOf(bytes), 0, length, length + cut, linkType, row + 1, row, 0);
      const packet: Packet = {
        ...examined,
        number: row + 1,
        seconds: row,
        nanos: 0,
        captured: length,
        wire: length + cut,
        on: undefined,
        comments: [],
        timeline: undefined,
        links: undefined,
        secrets: [],
      };
      expect(JSON.parse(printed(packet).json)).toBeTypeOf('object');
      expectPlaces(packet);
    }
  });
  fc.assert(property, { numRuns: 400, seed: linkType + 1000 });
});

test.each(FIXTURES)('the lines of %s light bytes that are there', async (name) => {
  const capture = await indexed(`fixtures/${name}`);
  for (let number = 1; number <= capture.index.length; number++) expectPlaces(replay(capture, number));
  await capture.close();
});
