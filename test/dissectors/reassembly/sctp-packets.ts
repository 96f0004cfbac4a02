import { expect } from 'vitest';
import { readFacts, writeFacts } from '../../../analyzer/index/facts-pool.js';
import { IntReader, Ints } from '../../../analyzer/index/ints.js';
import { type Contribution, recording, replaying } from '../../../analyzer/track/contributions.js';
import { NO_FACTS } from '../../../analyzer/track/facts.js';
import { type Dissection, dissect } from '../../../dissectors/dissect.js';
import type { Piece } from '../../../dissectors/layer.js';
import { liveReassembly } from '../../../dissectors/reassembly/reassembly.js';
import { crc32c } from '../../../dissectors/wire/checksum.js';
import { fromHex, slice, viewOf } from '../../../dissectors/wire/view.js';

const LINK_TYPE_IPV4 = 228;
export const word = (value: number, digits = 8): string => value.toString(16).padStart(digits, '0');

/** A packet of SCTP in IPv4; its checksum is right, or else zero. */
export function packet(from: 'a' | 'b', tag: number, chunks: string, checksum: 'right' | 'zero' = 'right'): DataView {
  const ends = from === 'a' ? ['c0000201', 'c0000202', '11111092'] : ['c0000202', 'c0000201', '10921111'];
  const head = `45000000 0000 0000 40 84 0000 ${ends[0]} ${ends[1]}`;
  const view = viewOf(fromHex(`${head} ${ends[2]} ${word(tag)} 00000000 ${chunks}`.replaceAll(' ', '')));
  if (checksum === 'right') view.setUint32(28, crc32c(view, 20, view.byteLength), true);
  return view;
}

/** A DATA chunk that holds a whole message. */
export const data = (tsn: number): string => `0003 0014 ${word(tsn)} 0001 0000 00000000 01020304`;

/** Dissects packets in order, and each again as the index does: from what earlier ones contributed, in no order. */
export function play(views: readonly DataView[]): readonly Dissection[] {
  const live = liveReassembly();
  const whole = ({ byteLength }: DataView) => ({ captured: byteLength, wire: byteLength });
  const bytesOf = ({ packet, at, length }: Piece) => slice(views[packet - 1] as DataView, at, at + length);
  const pool = new Ints();
  const seen = views.map((view, place) => {
    const kept: Contribution[] = [];
    const first = dissect(view, 0, whole(view), LINK_TYPE_IPV4, place + 1, recording(live, kept));
    const at = pool.length;
    writeFacts(NO_FACTS, kept, pool);
    return { first, at };
  });
  return seen
    .toReversed()
    .map(({ first, at }, back) => {
      const place = seen.length - 1 - back;
      const view = views[place] as DataView;
      const { contributions } = readFacts(new IntReader(pool.bytes, at), bytesOf);
      const again = dissect(view, 0, whole(view), LINK_TYPE_IPV4, place + 1, replaying(contributions));
      expect(again.layers).toEqual(first.layers);
      expect(again.findings).toEqual(first.findings);
      expect(again.channels).toEqual(first.channels);
      return first;
    })
    .toReversed();
}
