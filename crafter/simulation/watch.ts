import type { Place, Sighting } from '../link/network.js';
import type { Side } from './plan.js';

/** A packet as it was sent, and what became of it if it did not arrive. */
export interface SentPacket {
  readonly at: number;
  readonly from: Place;
  readonly to: Place;
  readonly bytes: Uint8Array;
  comment: string | undefined;
}

/** What one of the two peers put on the network, and what of it was lost. */
export interface Load {
  packets: number;
  bytes: number;
  lost: number;
}

/** What a flood was, and what it made the responder send and keep. */
export interface FloodLoad {
  packets: number;
  bytes: number;
  answers: number;
  answerBytes: number;
}

/** Counts the packets on the network, and keeps them if they are to be recorded. */
export class Watch {
  readonly #sides: ReadonlyMap<Place, Side>;
  readonly #keeps: boolean;
  readonly packets: SentPacket[] = [];
  readonly loads: Readonly<Record<Side, Load>> = {
    initiator: { packets: 0, bytes: 0, lost: 0 },
    responder: { packets: 0, bytes: 0, lost: 0 },
  };
  readonly flood: FloodLoad = { packets: 0, bytes: 0, answers: 0, answerBytes: 0 };

  /** @param keeps whether the packets themselves are wanted */
  constructor(sides: ReadonlyMap<Place, Side>, keeps: boolean) {
    this.#sides = sides;
    this.#keeps = keeps;
  }

  see({ time, from, to, bytes, fate }: Sighting): void {
    if (fate === 'forged') return this.#forged(time, from, to, bytes);
    if (fate === 'sent') return this.#sent(time, from, to, bytes);
    if (fate === 'arrived') return;
    const by = this.#sides.get(from);
    if (by && fate !== 'nobody there') this.loads[by].lost += 1;
    const last = this.packets.at(-1);
    // Packets that are lost are so at once.
    if (last && last.bytes === bytes) last.comment ??= fate;
  }

  #forged(at: number, from: Place, to: Place, bytes: Uint8Array): void {
    this.flood.packets += 1;
    this.flood.bytes += bytes.length;
    if (this.#keeps) this.packets.push({ at, from, to, bytes, comment: 'forged' });
  }

  #sent(at: number, from: Place, to: Place, bytes: Uint8Array): void {
    const by = this.#sides.get(from);
    if (by && this.#sides.has(to)) {
      this.loads[by].packets += 1;
      this.loads[by].bytes += bytes.length;
    } else {
      this.flood.answers += 1;
      this.flood.answerBytes += bytes.length;
    }
    if (this.#keeps) this.packets.push({ at, from, to, bytes, comment: undefined });
  }
}
