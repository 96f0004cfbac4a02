import type { ChannelRow, ChannelSnapshot } from '../../../analyzer/index/channel-row.js';
import { HandshakeList } from '../../../analyzer/index/handshake-list.js';
import type { HandshakeSnapshot } from '../../../analyzer/index/handshake-row.js';
import type { Matches } from '../../../analyzer/index/matches.js';
import type { Step } from '../../../analyzer/print/ladder.js';
import type {
  Cancel,
  DataNews,
  FindNews,
  MatchNews,
  SaveNews,
  SaveTask,
  Search,
  StatisticsKind,
  StatisticsNews,
  Wanted,
} from '../../../analyzer/query/news.js';
import type { Bytes, CaptureView, Detail, LiveState, Row } from '../../../analyzer/store/capture-view.js';
import { u16 } from '../../../dissectors/wire/field.js';
import { heading, type Line } from '../../../dissectors/wire/line.js';
import { viewOf } from '../../../dissectors/wire/view.js';
import { CHANNELS, channelOf, fakeSnapshot, fakeSteps } from './fake-channels.js';

export interface FakeOptions {
  readonly count?: number;
  readonly title?: string;
  /** The packets there will be; the capture is done when it has grown to it. */
  readonly final?: number;
  readonly problem?: string;
  readonly channels?: readonly ChannelRow[];
  readonly handshakes?: HandshakeSnapshot;
  /** Text that stands in the information and the details of every packet. */
  readonly text?: string;
}

const NO_LIST = new HandshakeList();

/** A capture made of thin air. Counts what it was asked for, since nobody may ask for much. */
export class FakeCapture implements CaptureView {
  readonly title: string;
  count: number;
  problem: string | undefined;
  asked = { rows: 0, details: 0, steps: 0 };
  first = 1;
  remarks: string[] = [];
  live: LiveState | undefined;
  /** What has been saved. */
  readonly saves: SaveTask[] = [];
  readonly #snapshot: ChannelSnapshot;
  readonly #handshakes: HandshakeSnapshot;
  readonly #final: number;
  readonly #text: string;
  readonly #listeners = new Set<() => void>();

  constructor({
    count = 3,
    title = 'fake.pcap',
    final = count,
    problem,
    text = '',
    channels = CHANNELS,
    handshakes = NO_LIST,
  }: FakeOptions = {}) {
    this.#snapshot = fakeSnapshot(channels);
    this.#handshakes = handshakes;
    this.title = title;
    this.count = count;
    this.problem = problem;
    this.#final = final;
    this.#text = text;
  }

  get done(): boolean {
    return this.count >= this.#final;
  }

  get progress(): number {
    return this.#final === 0 ? 1 : this.count / this.#final;
  }

  row(number: number, fields: readonly string[] = []): Row {
    if (number < 1 || number > this.count) throw new RangeError(`no row ${number}`);
    this.asked.rows++;
    return {
      number,
      time: (number / 1000).toFixed(6),
      source: `10.0.0.${number % 250}`,
      destination: '192.168.100.200',
      protocol: PROTOCOLS[number % PROTOCOLS.length] ?? '',
      length: 60 + (number % 1400),
      info: `Packet number ${number}${this.#text}`,
      severity: SEVERITY[number % SEVERITY.length] ?? 'none',
      seconds: 1_700_000_000,
      nanos: number * 1_000_000,
      fields: fields.map((field) => `${field} ${number}`),
      rule: -1,
    };
  }

  detail(number: number): Detail {
    if (number < 1 || number > this.count) throw new RangeError(`no detail ${number}`);
    this.asked.details++;
    return detailOf(number, this.#text);
  }

  /** Grows, and says so. */
  grow(count: number): void {
    this.count = count;
    for (const listener of this.#listeners) listener();
  }

  steps(number: number): readonly Step[] {
    this.asked.steps++;
    return fakeSteps(number);
  }

  touched(number: number, list: 'channels' | 'handshakes'): readonly number[] {
    if (list === 'channels') return [channelOf(number)];
    const rows = Array.from({ length: this.#handshakes.count }, (_, place) => this.#handshakes.at(place));
    return rows.filter(({ first, last }) => first <= number && number <= last).map((row) => row.number);
  }

  handshakes(): HandshakeSnapshot {
    return this.#handshakes;
  }

  channels(): ChannelSnapshot {
    return this.#snapshot;
  }

  /** Every third packet passes any filter; a channel has the packets whose numbers say so. */
  match(wanted: Wanted, listener: (news: MatchNews) => void): Cancel {
    const tell = () => {
      const all = Array.from({ length: this.count }, (_, place) => place + 1);
      const numbers = all.filter((number) => {
        if (wanted.type === 'channels') return wanted.numbers.includes(channelOf(number));
        if (wanted.type === 'search' && !this.#finds(number, wanted.search)) return false;
        return (wanted.type === 'search' && wanted.filter === '') || number % 3 === 0;
      });
      listener({ matches: matchesOf(numbers), looked: this.count, done: true, problem: undefined });
    };
    tell();
    return this.subscribe(tell);
  }

  /** Whether the information of a packet, its details, or its bytes hold the words. */
  #finds(number: number, { in: place, what }: Search): boolean {
    if (place === 'list') return this.row(number).info.includes(what);
    const { lines, sources } = detailOf(number, this.#text);
    if (place === 'tree') return JSON.stringify(lines.map(textsOf)).includes(what);
    return place === 'filter' || sources.some(({ view }) => hexOf(view).includes(what));
  }

  find(
    search: Search,
    from: number,
    backwards: boolean,
    within: Matches | undefined,
    listener: (news: FindNews) => void,
  ): Cancel {
    const numbers = within
      ? Array.from({ length: within.count }, (_, place) => within.at(place))
      : Array.from({ length: this.count }, (_, place) => place + 1);
    const ahead = numbers.filter((number) => (backwards ? number <= from : number >= from));
    const found = (backwards ? ahead.reverse() : ahead).find((number) => this.#finds(number, search));
    listener({ number: found ?? 0, looked: ahead.length, done: true, problem: undefined });
    return () => {};
  }

  statistics(kind: StatisticsKind, filter: string, listener: (news: StatisticsNews) => void): Cancel {
    const columns = [
      { key: 'what', head: 'What' },
      { key: 'packets', head: 'Packets' },
    ];
    const rows = Array.from({ length: 40 }, (_, row) => [`${kind} ${row}${filter}`, (row * 37) % 100]);
    const filters = [rows.map((_, row) => `frame.number == ${row + 1}`)];
    const sheets = [{ title: kind, columns, rows, notes: [] }];
    listener({ sheets, filters, looked: this.count, done: true, problem: undefined });
    return () => {};
  }

  data(channel: number, listener: (news: DataNews) => void): Cancel {
    const pieces = Array.from({ length: 20 }, (_, place) => ({
      packet: channel + place * CHANNELS.length,
      fromInitiator: place % 2 === 0,
      bytes: new TextEncoder().encode(`line ${place} of channel ${channel}\n`),
    }));
    const bytes = pieces.reduce((sum, piece) => sum + piece.bytes.length, 0);
    listener({ pieces, bytes, left: 0, done: true, problem: undefined });
    return () => {};
  }

  save(task: SaveTask, listener: (news: SaveNews) => void): Cancel {
    this.saves.push(task);
    listener({ written: task.matches?.count ?? this.count, done: true, problem: undefined });
    return () => {};
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    this.#listeners.clear();
  }
}

const textsOf = ({ text, children }: Line): readonly unknown[] => [text, ...children.map(textsOf)];
const hexOf = (view: DataView): string => Buffer.from(view.buffer, view.byteOffset, view.byteLength).toString('hex');

const PROTOCOLS = ['UDP', 'CHAN', 'CHAN-HMAC', 'TCP'];
const SEVERITY: readonly Row['severity'][] = ['none', 'none', 'chat', 'none', 'note', 'none', 'warn', 'none', 'error'];

const leaf = (path: string, text: string, start: number, end: number, source = 0): Line => ({
  path,
  text,
  source,
  start,
  end,
  children: [],
});

/** A word and a flag in it cover the same bytes. */
const FLAGS = u16('Flags', 'hex');
const DONT_FRAGMENT: Line = { ...leaf('ip.flags.df', "Don't fragment: 1", 20, 22), field: FLAGS };

/** 62 bytes of a frame, and, in every third packet, 300 that were put together. */
export function detailOf(number: number, text = ''): Detail {
  const frame = Uint8Array.from({ length: 62 }, (_, at) => (at * 7 + number) & 0xff);
  const whole = Uint8Array.from({ length: 300 }, (_, at) => (at + 0x20) & 0x7f);
  const reassembled = number % 3 === 0;
  const source = reassembled ? 1 : 0;
  const base = reassembled ? 0 : 42;
  const sources: Bytes[] = [{ name: `Frame (62 bytes)`, view: viewOf(frame) }];
  if (reassembled) sources.push({ name: 'Reassembled IPv4 (300 bytes)', view: viewOf(whole) });
  const lines: readonly Line[] = [
    heading('frame', `Frame ${number}: 62 bytes on wire, 62 captured`, 0, 0, 62, [
      leaf('frame.number', `[Number: ${number}]`, 0, 0),
    ]),
    heading('eth', 'Ethernet, 02:00:00:00:00:01 to 02:00:00:00:00:02', 0, 0, 14, [
      leaf('eth.dst', 'Destination: 02:00:00:00:00:02', 0, 6),
      leaf('eth.src', 'Source: 02:00:00:00:00:01', 6, 12),
      leaf('eth.type', 'Type: 0x0800 (IPv4)', 12, 14),
    ]),
    heading('ip', `IPv4, 10.0.0.${number % 250} to 192.168.100.200`, 0, 14, 34, [
      leaf('ip.version', 'Version: 4', 14, 15),
      { ...leaf('ip.flags', 'Flags: 0x4000', 20, 22), field: FLAGS, children: [DONT_FRAGMENT] },
      leaf('ip.ttl', 'Time to live: 64', 22, 23),
      leaf('ip.src', `Source: 10.0.0.${number % 250}`, 26, 30),
      leaf('ip.dst', 'Destination: 192.168.100.200', 30, 34),
    ]),
    heading('udp', 'UDP, 4242 to 4242', 0, 34, 42, [leaf('udp.srcport', 'Source port: 4242', 34, 36)]),
    heading('chan', `Channel packet${text}`, source, base, base + 20, [
      leaf('chan.sender', `Sender: 0123456789abcdef${text}`, base, base + 16, source),
      heading('', 'Message: CHANNEL_NEW', source, base + 16, base + 20, [
        leaf('chan.new.c1', 'Initiator half: 1a2b', base + 16, base + 18, source),
      ]),
    ]),
  ];
  return {
    number,
    lines,
    sources,
    channels: [channelOf(number)],
    linkType: 1,
    moment: { seconds: 1_700_000_000, nanos: number * 1_000_000 },
    secrets: [],
  };
}

/** Some numbers, as what a question came to. */
export const matchesOf = (numbers: readonly number[]): Matches => ({
  count: numbers.length,
  at: (place) => numbers[place] ?? 0,
  placeOf: (number) => {
    const place = numbers.findIndex((one) => one >= number);
    return place < 0 ? numbers.length : place;
  },
});
