import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DIALECTS, type Dialect } from '../../dissectors/channel/dialects.js';
import { type Dissection, dissectAny } from '../../dissectors/dissect.js';
import { liveReassembly } from '../../dissectors/reassembly/reassembly.js';
import { dissectUsual } from '../../dissectors/usual.js';
import { viewOf } from '../../dissectors/wire/view.js';
import { FIXTURES, indexed } from '../analyzer/pipeline/pipeline.js';

interface Frame {
  readonly bytes: Uint8Array;
  readonly wire: number;
  readonly linkType: number;
}

const BEFORE = [0x08, 0x00, 0x45];

/** All that a dissection says, whatever it is made of. */
const said = ({ number, start, sources, layers, findings, channels, quoted, network }: Dissection) => ({
  number,
  start,
  sources,
  layers,
  findings,
  channels,
  quoted,
  network,
});

/** Whether the frame was taken for a usual one; then the walk through its layers must say the same. */
function isUsual({ bytes, wire, linkType }: Frame, dialect?: Dialect): boolean {
  // Frames lie anywhere in a chunk of the capture.
  const view = viewOf(Uint8Array.from([...BEFORE, ...bytes]));
  const at = BEFORE.length;
  const limit = { captured: at + bytes.length, wire: at + wire };
  const usual = dissectUsual(view, at, limit, linkType, 7, dialect);
  const options = dialect ? { dialect } : {};
  const any = dissectAny(view, at, limit, linkType, 7, liveReassembly(dialect), options);
  if (usual) expect(said(usual)).toEqual(said(any));
  return usual !== undefined;
}

async function framesOf(name: string): Promise<readonly Frame[]> {
  const { index, interfaces, bytesAt, close } = await indexed(`fixtures/${name}`);
  const { length } = index;
  const columns = index.columnsOf(1);
  const frames = Array.from({ length }, (_, row): Frame => {
    const bytes = bytesAt(columns.offset[row] ?? 0, columns.captured[row] ?? 0);
    const linkType = interfaces[columns.interfaceId[row] ?? 0]?.linkType ?? -1;
    return { bytes, wire: Math.max(bytes.length, columns.wire[row] ?? 0), linkType };
  });
  await close();
  return frames;
}

test.each(FIXTURES)('usual frames of %s are what the walk through their layers finds', async (name) => {
  for (const frame of await framesOf(name)) {
    for (const dialect of [undefined, ...DIALECTS]) isUsual(frame, dialect);
  }
});

test('nothing that is changed in usual frames tells the two ways apart', async () => {
  const frames = (await framesOf('demo.pcapng')).filter((frame) => isUsual(frame));
  expect(frames.length).toBeGreaterThan(50);
  let [still, changed] = [0, 0];
  const edit = fc.record({
    frame: fc.constantFrom(...frames),
    // Most bytes of the headers, and some of what follows.
    edits: fc.array(fc.tuple(fc.nat(120), fc.nat(255)), { maxLength: 3 }),
    cut: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(80) }),
    padding: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(20) }),
    missing: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(20) }),
    mends: fc.boolean(),
    linkType: fc.oneof(
      { weight: 9, arbitrary: fc.constant(1) },
      { weight: 1, arbitrary: fc.constantFrom(0, 101, 113) },
    ),
    dialect: fc.constantFrom(undefined, undefined, ...DIALECTS),
  });
  fc.assert(
    fc.property(edit, ({ frame, edits, cut, padding, missing, mends, linkType, dialect }) => {
      const length = Math.max(0, frame.bytes.length - cut);
      const bytes = new Uint8Array(length + padding);
      bytes.set(frame.bytes.subarray(0, length));
      for (const [at, value] of edits) if (at < bytes.length) bytes[at] = value;
      if (mends) mend(bytes);
      const usual = isUsual({ bytes, wire: bytes.length + missing, linkType }, dialect);
      if (usual && edits.length + padding + missing > 0) changed++;
      else if (usual) still++;
    }),
    { numRuns: 6000, seed: 4242 },
  );
  // The property says something only if both kinds were among them.
  expect(still).toBeGreaterThan(100);
  expect(changed).toBeGreaterThan(100);
});

/** Makes the checksums of an IPv4 header without options, and of UDP in it, right again. */
function mend(bytes: Uint8Array): void {
  const view = viewOf(bytes);
  if (bytes.length < 42) return;
  view.setUint16(24, 0);
  view.setUint16(24, checksum(view, 14, 34, 0));
  const end = 34 + view.getUint16(38);
  if (end > bytes.length || end < 42) return;
  view.setUint16(40, 0);
  const addresses = [26, 28, 30, 32].reduce((sum, at) => sum + view.getUint16(at), 0);
  view.setUint16(40, checksum(view, 34, end, addresses + 17 + view.getUint16(38)) || 0xffff);
}

function checksum(view: DataView, start: number, end: number, before: number): number {
  let sum = before;
  for (let at = start; at < end; at++) sum += view.getUint8(at) << ((at - start) % 2 === 0 ? 8 : 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}
