import { dropOldest } from '../../../dissectors/wire/drop-oldest.js';

/** Endpoints of monitors that are remembered: each connection has one of its own. */
const MOST_ENDPOINTS = 4096;
/** A rank beyond this is none: clusters have a handful of monitors. */
const MOST_RANK = 63;

/** Who the monitors are, as far as their messages show: their ranks, and which endpoint is whose. Bounded. */
export class Monitors {
  private readonly ranks = new Set<number>();
  private readonly byEndpoint = new Map<string, number>();

  /** A monitor has sent a message. */
  learn(rank: number, endpoint: string): void {
    if (rank > MOST_RANK) return;
    this.ranks.add(rank);
    this.byEndpoint.delete(endpoint);
    this.byEndpoint.set(endpoint, rank);
    dropOldest(this.byEndpoint, MOST_ENDPOINTS);
  }

  /** Whose endpoint it is, if a message of it has shown that. */
  at(endpoint: string): number | undefined {
    return this.byEndpoint.get(endpoint);
  }

  get count(): number {
    return this.ranks.size;
  }

  /** How many are more than half of them. */
  get majority(): number {
    return Math.floor(this.ranks.size / 2) + 1;
  }

  /** All but one, by their names; empty where no other is known. */
  others(rank: number): string {
    const others = [...this.ranks].filter((one) => one !== rank).sort((one, other) => one - other);
    return others.map(nameOf).join(', ');
  }
}

export const nameOf = (rank: number): string => `mon.${rank}`;
