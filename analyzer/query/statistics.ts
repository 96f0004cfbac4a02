import type { PacketIndex } from '../index/packet-index.js';
import { rowOf } from '../index/packet-index.js';
import type { Packet } from '../print/packet.js';
import type { Sheet } from '../stats/sheet.js';
import type { Answering } from './answering.js';
import type { Ground } from './finding.js';
import type { Answer } from './messages.js';
import { type PacketTest, Sifter } from './sifter.js';
import type { Tally } from './tallies.js';

/** Rows of a table that are told: more cannot be read, and would hold up whoever draws them. */
const MOST_ROWS = 10_000;

/** Counts the packets that pass a filter, and goes on as the capture grows. */
export class Statistics implements Answering {
  private readonly ground: Ground;
  private readonly test: PacketTest;
  private readonly newTally: (index: PacketIndex) => Tally;
  private tally: Tally;
  private sifter: Sifter;
  private more = true;

  constructor(ground: Ground, test: PacketTest, newTally: (index: PacketIndex) => Tally) {
    this.ground = ground;
    this.test = test;
    this.newTally = newTally;
    this.tally = newTally(ground.index);
    this.sifter = this.sift();
  }

  work(isTimeUp: () => boolean): boolean {
    if (this.tally.isOutgrown?.(this.ground.index)) {
      this.tally = this.newTally(this.ground.index);
      this.sifter = this.sift();
    }
    this.more = this.sifter.work(isTimeUp, (number, packet) => this.take(number, packet));
    return this.more;
  }

  answer(): Answer {
    const reached = this.ground.index.momentOf(this.sifter.looked);
    if (reached) this.tally.reach?.(reached);
    const { sheets, filters } = this.tally.result();
    return {
      type: 'statistics',
      sheets: sheets.map(shortened),
      filters: filters.map((list) => list.slice(0, MOST_ROWS)),
      looked: this.sifter.looked,
      done: !this.more,
      problem: undefined,
    };
  }

  private sift(): Sifter {
    return new Sifter(this.ground.index, this.ground.packet, this.test);
  }

  private take(number: number, packet: Packet | undefined): void {
    const { tally, ground } = this;
    const segment = ground.index.segmentOf(number);
    if (segment && tally.takeRow?.(segment, rowOf(number))) return;
    tally.take(packet ?? ground.packet(number));
  }
}

function shortened(sheet: Sheet): Sheet {
  const { rows, notes } = sheet;
  if (rows.length <= MOST_ROWS) return sheet;
  return {
    ...sheet,
    rows: rows.slice(0, MOST_ROWS),
    notes: [...notes, `the first ${MOST_ROWS} rows of ${rows.length}`],
  };
}
