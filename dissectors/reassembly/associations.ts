import type { Association, AssociationFacts } from '../layer.js';
import { dropOldest } from '../wire/drop-oldest.js';

/** One direction of an association. */
interface Half {
  /** The first transmission sequence number seen; 0 where there has been none. */
  tsn: number;
  hasData: boolean;
  /** The other direction. */
  peer: Half | undefined;
}

/** Directions of associations that are known at once; the one that was quiet longest goes first. */
const MOST = 16_384;

/**
 * Associations of SCTP. A direction is known by its ports and verification tag, for its addresses may change; the two
 * directions of one find each other by their addresses, as in Wireshark. Bounded.
 * Source: RFC 9260, section 8.5 "Verification Tag".
 */
export class Associations {
  private readonly halves = new Map<string, Half>();
  /** Directions that have not found the other one, by where they come from. */
  private readonly alone = new Map<string, Half>();
  /** Directions whose receivers accept packets with a checksum of zero. */
  private readonly zero = new Set<string>();
  private readonly most: number;

  constructor(most = MOST) {
    this.most = most;
  }

  /** How much is known of them: as many entries. */
  get size(): number {
    return this.halves.size + this.alone.size + this.zero.size;
  }

  /** Adds what a packet says of its association; returns what those before it have said. */
  add({ key, from, to, tsn, opening }: Association): AssociationFacts {
    if (opening) this.open(opening.key, opening.acceptsZero);
    if (key === undefined) return UNKNOWN;
    const half = this.halfOf(key);
    if (!half.peer) this.pair(half, from, to);
    if (tsn !== undefined && !half.hasData) {
      half.hasData = true;
      half.tsn = tsn;
    }
    return { tsn: half.tsn, acknowledged: half.peer?.tsn, acceptsZero: this.zero.has(key) };
  }

  private open(key: string, acceptsZero: boolean): void {
    this.zero.delete(key);
    if (!acceptsZero) return;
    this.zero.add(key);
    dropOldest(this.zero, this.most);
  }

  private halfOf(key: string): Half {
    const half = this.halves.get(key) ?? { tsn: 0, hasData: false, peer: undefined };
    // The one that was heard of last comes last.
    this.halves.delete(key);
    this.halves.set(key, half);
    dropOldest(this.halves, this.most);
    return half;
  }

  private pair(half: Half, from: string, to: string): void {
    const other = this.alone.get(to);
    if (!other || other === half) {
      this.alone.set(from, half);
      dropOldest(this.alone, this.most);
      return;
    }
    this.alone.delete(to);
    half.peer = other;
    other.peer = half;
  }
}

const UNKNOWN: AssociationFacts = { tsn: undefined, acknowledged: undefined, acceptsZero: false };
