import type { Severity } from '../../dissectors/wire/finding.js';
import { elapsed } from '../text/elapsed.js';
import { printable } from '../text/printable.js';
import {
  type Arrow,
  arrowWords,
  hiddenText,
  type Ladder,
  type LadderNote,
  merged,
  pairLadders,
  peerName,
  type Step,
} from './ladder.js';
import { colored } from './text.js';
import { Clock } from './time.js';
import type { TimeFormat } from './time-format.js';

export interface LadderLook {
  /** Cells of a line. */
  readonly width: number;
  readonly ascii: boolean;
  readonly color: boolean;
  readonly time: TimeFormat;
}

/** What arrows and columns are drawn with. */
interface Marks {
  readonly lane: string;
  readonly line: string;
  /** Of a message that was sent before. */
  readonly dashed: string;
  readonly right: string;
  readonly left: string;
  /** The end of an arrow that its recipient drops. */
  readonly dropped: string;
  /** Where an arrow begins. */
  readonly startRight: string;
  readonly startLeft: string;
  readonly hidden: string;
  readonly more: string;
}

const UNICODE: Marks = {
  lane: '│',
  line: '─',
  dashed: '╌',
  right: '▶',
  left: '◀',
  dropped: '╳',
  startRight: '├',
  startLeft: '┤',
  hidden: '⋮',
  more: '…',
};

const ASCII: Marks = {
  lane: '|',
  line: '-',
  dashed: '.',
  right: '>',
  left: '<',
  dropped: 'X',
  startRight: '+',
  startLeft: '+',
  hidden: ':',
  more: '~',
};

/** Columns nearer than this cannot be told apart. */
const NARROWEST = 12;
/** Microseconds: the last three digits of nine are left out. */
const DIGITS = -3;
const SEVERITY_MARKS = { chat: ' ', note: '·', warn: '!', error: '×' } as const;
const ASCII_MARKS = { chat: ' ', note: '.', warn: '!', error: 'x' } as const;

/**
 * A diagram as text that fits a width: a column a peer, two lines a message. Where there are more peers than columns fit,
 * each two that talk get a diagram of their own.
 */
export function ladderText(ladder: Ladder, look: LadderLook): string {
  if (ladder.steps.length === 0) return 'no handshakes\n';
  const gutter = gutterOf(ladder, look.time);
  const room = look.width - 1 - gutter;
  const fits = ladder.peers.length <= 2 || (ladder.peers.length - 1) * NARROWEST <= room;
  const parts = fits ? [ladder] : pairLadders(ladder);
  const text = parts.map((part) => new Drawing(part, look, gutter).text()).join('\n');
  return ladder.left === 0 ? text : `${text}\n! ${ladder.left} messages left out: there are too many\n`;
}

/** A clock whose times count from the first packet of the capture. */
function clockFrom({ seconds, nanos }: Ladder['origin'], format: TimeFormat): Clock {
  const clock = new Clock(format);
  clock.show(seconds, nanos);
  return clock;
}

const timeText = (clock: Clock, { seconds, nanos }: { seconds: number; nanos: number }): string =>
  clock.show(seconds, nanos).slice(0, DIGITS);

/** Cells of the gutter: the number of a packet and its time. */
function gutterOf({ origin, steps }: Ladder, format: TimeFormat): number {
  const clock = clockFrom(origin, format);
  let widest = 11;
  for (const step of steps) if (step.type !== 'hidden') widest = Math.max(widest, timeText(clock, step).length);
  return NUMBER + 1 + widest + 2;
}

const NUMBER = 6;
/** Between two columns, however narrow the terminal: an arrow and its ends. */
const LEAST_ROOM = 4;

class Drawing {
  private readonly ladder: Ladder;
  private readonly look: LadderLook;
  private readonly marks: Marks;
  private readonly gutter: number;
  private readonly clock: Clock;
  /** The cell of each peer's column. */
  private readonly lanes: ReadonlyMap<string, number>;
  private last: { readonly seconds: number; readonly nanos: number } | undefined;
  private readonly lines: string[] = [];

  constructor(ladder: Ladder, look: LadderLook, gutter: number) {
    this.ladder = ladder;
    this.look = look;
    this.marks = look.ascii ? ASCII : UNICODE;
    this.gutter = gutter;
    this.clock = clockFrom(ladder.origin, look.time);
    const room = Math.max(LEAST_ROOM, look.width - 2 - gutter);
    const step = room / Math.max(1, ladder.peers.length - 1);
    this.lanes = new Map(ladder.peers.map(({ id }, place) => [id, gutter + Math.floor(place * step)]));
  }

  text(): string {
    this.head();
    for (const step of merged(this.ladder.steps)) this.draw(step);
    return `${this.lines.map((line) => line.trimEnd()).join('\n')}\n`;
  }

  /** The names above the columns: the first from its column on, the last up to it, others around it. */
  private head(): void {
    const { peers } = this.ladder;
    const rows = [
      peers.map(({ id }) => this.own(printable(peerName(id)))),
      peers.map(({ address }) => printable(address)),
    ];
    const cells =
      peers.length > 1 ? Math.floor((this.look.width - 2 - this.gutter) / (peers.length - 1)) : this.look.width;
    for (const row of rows) {
      let line = '';
      for (const [place, name] of row.entries()) {
        const lane = this.lanes.get(peers[place]?.id ?? '') ?? 0;
        const text = this.cut(name, peers.length === 2 ? Math.floor(cells / 2) - 1 : cells - 1);
        const end = place === peers.length - 1 && place > 0;
        const start = place === 0 ? lane : end ? lane - text.length + 1 : lane - Math.floor(text.length / 2);
        line = line.slice(0, Math.max(0, start)).padEnd(Math.max(0, start)) + text;
      }
      this.lines.push(line);
    }
  }

  /** Our own words, without what ASCII lacks. */
  private own(text: string): string {
    return this.look.ascii ? text.replaceAll('…', this.marks.more).replaceAll('→', '->') : text;
  }

  private cut(text: string, cells: number): string {
    return text.length <= cells ? text : text.slice(0, Math.max(0, cells - 1)) + this.marks.more;
  }

  private draw(step: Step): void {
    if (step.type === 'hidden') {
      this.words('', '', `${this.marks.hidden} ${hiddenText(step)}`, this.gutter + 2);
      return;
    }
    const { packet, seconds, nanos } = step;
    const number = `${packet}`;
    const time = timeText(this.clock, step);
    const { last } = this;
    const delta = last ? `+${elapsed(last.seconds, last.nanos, seconds, nanos).slice(0, DIGITS)}` : '';
    this.last = { seconds, nanos };
    if (step.type === 'arrow') this.drawArrow(step, number, time, delta.replace('+-', '-'));
    else this.words(number, time, this.noteText(step.note), this.gutter + 2, step.note.severity);
  }

  private drawArrow(arrow: Arrow, number: string, time: string, delta: string): void {
    const { channel, notes, fate } = arrow;
    const [from, to] = [this.lanes.get(arrow.from) ?? this.gutter, this.lanes.get(arrow.to) ?? this.gutter];
    const [start, end] = [Math.min(from, to), Math.max(from, to)];
    const tag = channel === undefined ? '' : `#${channel} `;
    const suffix = fate === 'taken' ? '' : `, ${fate}`;
    const worst = notes.find(({ severity }) => severity === 'error' || severity === 'warn')?.severity ?? 'none';
    this.words(number, time, this.own(tag + arrowWords(arrow) + suffix), start + 2, worst);
    this.line('', delta, this.arrowText(arrow, start, end, from < to), start, worst);
    for (const note of notes) this.words('', '', this.noteText(note), start + 2, note.severity);
  }

  private noteText({ severity, text }: LadderNote): string {
    return `${(this.look.ascii ? ASCII_MARKS : SEVERITY_MARKS)[severity]} ${this.own(text)}`;
  }

  private arrowText({ fate }: Arrow, start: number, end: number, toRight: boolean): string {
    const { line, dashed, right, left, dropped, startRight, startLeft, lane } = this.marks;
    // A packet to oneself goes nowhere.
    if (start === end) return `${startRight}${line}${dropped}`;
    const body = (fate === 'again' ? dashed : line).repeat(end - start - 2);
    const isDropped = fate === 'dropped';
    return toRight
      ? `${startRight}${body}${isDropped ? dropped : right}${lane}`
      : `${lane}${isDropped ? dropped : left}${body}${startLeft}`;
  }

  /** Words from a cell on; where they are too long, further left, and then on more lines. */
  private words(number: string, time: string, text: string, at: number, severity: Severity | 'none' = 'none'): void {
    const most = this.look.width - 2;
    const start = Math.max(this.gutter + 2, Math.min(at, most - text.length));
    for (const [place, part] of wrapped(printable(text, this.look.ascii), most - start).entries()) {
      this.line(place === 0 ? number : '', place === 0 ? time : '', part, start, severity);
    }
  }

  /** A line: the gutter, the columns, and over them a text from a cell on. */
  private line(number: string, time: string, text: string, at: number, severity: Severity | 'none'): void {
    const gutter = `${number.padStart(NUMBER)} ${time.padStart(this.gutter - NUMBER - 3)}`;
    const cells = gutter.padEnd(this.look.width - 1).split('');
    for (const lane of this.lanes.values()) cells[lane] = this.marks.lane;
    const before = cells.slice(0, at).join('');
    this.lines.push(
      before + (this.look.color ? colored(text, severity) : text) + cells.slice(at + text.length).join(''),
    );
  }
}

/** A text in lines of at most so many cells, broken at blanks where there are any. */
function wrapped(text: string, cells: number): readonly string[] {
  const lines: string[] = [];
  let rest = text;
  while (rest.length > cells) {
    const blank = rest.lastIndexOf(' ', cells);
    const end = blank > cells / 2 ? blank : cells;
    lines.push(rest.slice(0, end));
    rest = `  ${rest.slice(end).trimStart()}`;
  }
  return [...lines, rest];
}
