import type { Reassembly, Streamed } from '../../dissectors/dissect.js';
import type { Source } from '../../dissectors/layer.js';
import type { Finding } from '../../dissectors/wire/finding.js';

/** What earlier packets contributed to one layer of a packet, in the order in which its layers asked. */
export type Contribution =
  | { readonly type: 'fragment'; readonly source?: Source; readonly findings: readonly Finding[] }
  | ({ readonly type: 'segment' } & Streamed);

/**
 * A reassembly that keeps what it answered: facts of a packet that depend on the packets before it. Places in the
 * frame are kept from its start.
 */
export function recording(live: Reassembly, kept: Contribution[]): Reassembly {
  return {
    fragment: (piece, view, at, limit, fragment) => {
      const answer = live.fragment(piece, view, at, limit, fragment);
      kept.push({ type: 'fragment', ...answer, findings: shifted(answer.findings, at - piece.at) });
      return answer;
    },
    segment: (piece, view, at, limit, segment) => {
      const answer = live.segment(piece, view, at, limit, segment);
      const shift = at - piece.at;
      const packets = answer.packets.map((packet) =>
        'source' in packet ? packet : { at: packet.at - shift, limit: limitFrom(packet.limit, shift) },
      );
      kept.push({ type: 'segment', ...answer, packets, findings: shifted(answer.findings, shift) });
      return answer;
    },
  };
}

const limitFrom = ({ captured, wire }: { captured: number; wire: number }, shift: number) => ({
  captured: captured - shift,
  wire: wire - shift,
});

const shifted = (findings: readonly Finding[], shift: number): readonly Finding[] =>
  shift === 0 ? findings : findings.map((one) => ({ ...one, start: one.start - shift, end: one.end - shift }));

/** A reassembly that answers as it once did, for a packet that is shown out of order. Its frame starts at offset 0. */
export function replaying(kept: readonly Contribution[]): Reassembly {
  let place = 0;
  const next = (): Contribution | undefined => kept[place++];
  return {
    fragment: () => {
      const answer = next();
      return answer?.type === 'fragment' ? answer : { findings: [] };
    },
    segment: () => {
      const answer = next();
      return answer?.type === 'segment' ? answer : NOTHING;
    },
  };
}

const NOTHING: Streamed = {
  facts: { number: 0, sequence: 0, acknowledgement: 0 },
  findings: [],
  packets: [],
  channel: false,
};
