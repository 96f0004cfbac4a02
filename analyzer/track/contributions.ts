import type { Reassembly } from '../../dissectors/dissect.js';
import type { AssociationFacts, FlowFacts } from '../../dissectors/layer.js';
import { type QuicTold, UNKNOWN } from '../../dissectors/quic/told.js';
import type { Defragmented, Streamed } from '../../dissectors/reassembly/answers.js';

/** What earlier packets contributed to one layer of a packet, in the order in which its layers asked. */
export type Contribution =
  | ({ readonly type: 'fragment' } & Defragmented)
  | ({ readonly type: 'segment' } & Streamed)
  | { readonly type: 'association'; readonly facts: AssociationFacts }
  | { readonly type: 'expected'; readonly application: number; readonly place: number }
  | ({ readonly type: 'datagram' } & FlowFacts)
  | { readonly type: 'quic'; readonly told: QuicTold };

/** A reassembly that keeps what it answered: facts of a packet that depend on the packets before it. */
export function recording(live: Reassembly, kept: Contribution[]): Reassembly {
  return {
    fragment: (pieces, view, at, limit, fragment) => {
      const answer = live.fragment(pieces, view, at, limit, fragment);
      kept.push({ type: 'fragment', ...answer });
      return answer;
    },
    segment: (pieces, view, at, limit, segment) => {
      const answer = live.segment(pieces, view, at, limit, segment);
      const { facts, remarks, packets } = answer;
      kept.push({ type: 'segment', facts, remarks, packets });
      return answer;
    },
    message: (pieces, view, at, limit, piece) => {
      const answer = live.message(pieces, view, at, limit, piece);
      kept.push({ type: 'fragment', ...answer });
      return answer;
    },
    datagram: (pieces, view, at, limit, keys, application) => {
      const answer = live.datagram(pieces, view, at, limit, keys, application);
      kept.push({ type: 'datagram', ...answer });
      return answer;
    },
    expecting: (view, at, limit, keys, layer) => {
      const application = live.expecting(view, at, limit, keys, layer);
      // That nothing is expected is not kept: it is so for nearly all datagrams.
      if (application >= 0) kept.push({ type: 'expected', application, place: layer });
      return application;
    },
    associate: (association) => {
      const answer = live.associate(association);
      kept.push({ type: 'association', facts: answer });
      return answer;
    },
    expectingStream: (keys, layer) => {
      const application = live.expectingStream(keys, layer);
      if (application >= 0) kept.push({ type: 'expected', application, place: layer });
      return application;
    },
    announce: (keys, announced) => live.announce(keys, announced),
    connect: (keys, view, packets, isAnswer) => {
      const answer = live.connect(keys, view, packets, isAnswer);
      kept.push({ type: 'quic', told: answer.told });
      return answer;
    },
  };
}

/** A reassembly that answers as it once did, for packets that are shown out of order, or in another thread. */
export class Replaying implements Reassembly {
  private kept: readonly Contribution[] = [];
  private place = 0;

  /** Goes on to a packet of which this was kept. */
  begin(kept: readonly Contribution[]): this {
    this.kept = kept;
    this.place = 0;
    return this;
  }

  private next(): Contribution | undefined {
    return this.kept[this.place++];
  }

  /** Of layers of which nothing was expected nothing was kept: what comes next may be about one further in. */
  private expected(layer: number): number {
    const answer = this.kept[this.place];
    if (answer?.type !== 'expected' || answer.place !== layer) return -1;
    this.place++;
    return answer.application;
  }

  fragment(): Defragmented {
    const answer = this.next();
    return answer?.type === 'fragment' ? answer : { remarks: [] };
  }

  segment(): Streamed {
    const answer = this.next();
    return answer?.type === 'segment' ? answer : NOTHING;
  }

  message(): Defragmented {
    return this.fragment();
  }

  datagram(): FlowFacts {
    const answer = this.next();
    return answer?.type === 'datagram' ? answer : NO_FLOW;
  }

  expecting(...[, , , , layer]: Parameters<Reassembly['expecting']>): number {
    return this.expected(layer);
  }

  associate(): AssociationFacts {
    const answer = this.next();
    return answer?.type === 'association' ? answer.facts : UNASSOCIATED;
  }

  expectingStream(...[, layer]: Parameters<Reassembly['expectingStream']>): number {
    return this.expected(layer);
  }

  announce(): void {}

  connect(): { readonly told: QuicTold } {
    const answer = this.next();
    return { told: answer?.type === 'quic' ? answer.told : UNKNOWN };
  }
}

/** A reassembly that answers as it once did, for one packet. */
export const replaying = (kept: readonly Contribution[]): Reassembly => new Replaying().begin(kept);

const NOTHING: Streamed = { facts: { number: 0, sequence: 0, acknowledgement: 0 }, remarks: [], packets: [] };
const NO_FLOW: FlowFacts = { flow: 0, numbers: [], wholes: [] };
const UNASSOCIATED: AssociationFacts = { tsn: undefined, acknowledged: undefined, acceptsZero: false };
