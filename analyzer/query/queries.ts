import { filterRuns } from '../filter/columns.js';
import { readFilter } from '../filter/compile.js';
import { FilterError } from '../filter/filter-error.js';
import type { Matches } from '../index/matches.js';
import { NumberList, type NumberNews, sharedNumbers } from '../index/number-list.js';
import type { PacketIndex } from '../index/packet-index.js';
import type { ScannedCapture } from '../index/scanned-capture.js';
import { printable } from '../text/printable.js';
import { touching } from './channel-rows.js';
import { ColumnMatch } from './column-match.js';
import type {
  Cancel,
  DataNews,
  DataPiece,
  FindNews,
  MatchNews,
  SaveNews,
  SaveTask,
  Search,
  StatisticsKind,
  StatisticsNews,
  Wanted,
} from './news.js';
import { asksForEnds, type QueryClient } from './query-client.js';

/** Questions about a capture, answered here where columns suffice, and by a worker where packets must be read. */
export class Queries {
  private readonly capture: ScannedCapture;
  private readonly client: QueryClient;
  /** Those that are answered here, and go on as the capture grows. */
  private readonly here = new Set<ColumnMatch>();

  /** Ask anew what depends on the ends of channels and handshakes. */
  private readonly endings = new Set<() => void>();

  constructor(capture: ScannedCapture, client: QueryClient) {
    this.capture = capture;
    this.client = client;
  }

  /** Asks again what was asked about the ends of channels and handshakes: there are others now. */
  ended(): void {
    for (const again of this.endings) again();
  }

  /** The capture has grown. */
  grown(): void {
    for (const match of this.here) match.go();
  }

  match(wanted: Wanted, listener: (news: MatchNews) => void): Cancel {
    const text = wanted.type === 'filter' ? wanted.text : wanted.type === 'search' ? wanted.filter : '';
    if (!asksForEnds(text)) return this.matchOnce(wanted, listener);
    let end = this.matchOnce(wanted, listener);
    const again = () => {
      end();
      end = this.matchOnce(wanted, listener);
    };
    this.endings.add(again);
    return () => {
      this.endings.delete(again);
      end();
    };
  }

  private matchOnce(wanted: Wanted, listener: (news: MatchNews) => void): Cancel {
    const { capture } = this;
    if (wanted.type === 'channels') return this.byColumns(touching(wanted.numbers), listener, () => () => {});
    if (wanted.type === 'search') return this.byPackets(wanted, new NumberList(), capture.index.first - 1, listener);
    let rows: ReturnType<typeof filterRuns>;
    try {
      rows = filterRuns(readFilter(wanted.text).checked, capture);
    } catch (error) {
      if (!(error instanceof FilterError)) throw error;
      listener({ ...NO_MATCHES, problem: printable(error.problem) });
      return () => {};
    }
    return this.byColumns(rows, listener, (found, looked) =>
      this.byPackets({ filter: wanted.text }, found, looked, listener),
    );
  }

  find(
    search: Search,
    from: number,
    backwards: boolean,
    within: Matches | undefined,
    listener: (news: FindNews) => void,
  ): Cancel {
    const numbers = this.numbersOf(within);
    return this.client.ask(
      { type: 'find', search, from, backwards, within: numbers },
      (answer) => {
        if (answer.type === 'find') listener({ ...answer, problem: safe(answer.problem) });
      },
      (problem) => listener({ number: 0, looked: 0, done: true, problem: printable(problem) }),
    );
  }

  statistics(
    kind: Exclude<StatisticsKind, 'properties'>,
    filter: string,
    listener: (news: StatisticsNews) => void,
  ): Cancel {
    return this.client.ask(
      { type: 'statistics', kind, filter },
      (answer) => {
        if (answer.type === 'statistics') listener({ ...answer, problem: safe(answer.problem) });
      },
      (problem) => listener({ sheets: [], filters: [], looked: 0, done: true, problem: printable(problem) }),
    );
  }

  /** @param initiator the id of the peer that initiated it, as far as is known */
  data(channel: number, initiator: string, listener: (news: DataNews) => void): Cancel {
    const pieces: DataPiece[] = [];
    let bytes = 0;
    return this.client.ask(
      { type: 'data', channel, initiator },
      (answer) => {
        if (answer.type !== 'data') return;
        for (const piece of answer.pieces) {
          pieces.push(piece);
          bytes += piece.bytes.length;
        }
        const { left, done } = answer;
        listener({ pieces, bytes, left, done, problem: safe(answer.problem) });
      },
      (problem) => listener({ pieces, bytes, left: 0, done: true, problem: printable(problem) }),
    );
  }

  /** @param inputs what the packets are read from */
  save(
    { path, matches, numbers, withHandshakes }: SaveTask,
    inputs: readonly string[],
    listener: (news: SaveNews) => void,
  ): Cancel {
    const chosen = bothOf(matches, numbers);
    return this.client.ask(
      { type: 'save', path, inputs, numbers: this.numbersOf(chosen), withHandshakes },
      (answer) => {
        if (answer.type === 'save') listener({ ...answer, problem: safe(answer.problem) });
      },
      (problem) => listener({ written: 0, done: true, problem: printable(problem) }),
    );
  }

  close(): void {
    for (const match of this.here) match.cancel();
    this.here.clear();
    this.client.close();
  }

  private byColumns(
    rows: ReturnType<typeof filterRuns>,
    listener: (news: MatchNews) => void,
    otherwise: (found: NumberList, looked: number) => Cancel,
  ): Cancel {
    let end: Cancel = () => {
      match.cancel();
      this.here.delete(match);
    };
    const match = new ColumnMatch(this.capture.index, rows, listener, (found, looked) => {
      this.here.delete(match);
      end = otherwise(found, looked);
    });
    this.here.add(match);
    match.go();
    return () => end();
  }

  /** @param matches those found so far: the worker goes on where they end */
  private byPackets(
    { filter, search }: { readonly filter: string; readonly search?: Search },
    matches: NumberList,
    lookedAt: number,
    listener: (news: MatchNews) => void,
  ): Cancel {
    return this.client.ask(
      { type: 'match', filter, ...(search && { search }), found: matches.everything(), looked: lookedAt },
      (answer) => {
        if (answer.type !== 'match') return;
        matches.apply(answer.news);
        matches.forgetBefore(this.capture.index.first);
        const { looked, done } = answer;
        listener({ matches, looked, done, problem: safe(answer.problem) });
      },
      (problem) => listener({ matches, looked: 0, done: true, problem: printable(problem) }),
    );
  }

  /** Numbers for the worker; none where they are all packets there are. */
  private numbersOf(matches: Matches | undefined): NumberNews | undefined {
    return matches === undefined || isEvery(matches, this.capture.index) ? undefined : sharedNumbers(matches);
  }
}

const NO_MATCHES: MatchNews = { matches: new NumberList(), looked: 0, done: true, problem: undefined };

const safe = (problem: string | undefined): string | undefined =>
  problem === undefined ? undefined : printable(problem);

function isEvery(matches: Matches, { first, length }: PacketIndex): boolean {
  const { count } = matches;
  return count >= length - first + 1 && matches.at(0) === first && matches.at(count - 1) === length;
}

/** Of some packets those that have these numbers. */
function bothOf(matches: Matches | undefined, numbers: readonly number[] | undefined): Matches | undefined {
  if (numbers === undefined) return matches;
  const list = new NumberList();
  for (const number of [...new Set(numbers)].sort((one, other) => one - other)) {
    const place = matches?.placeOf(number) ?? 0;
    if (!matches || matches.at(place) === number) list.add(number);
  }
  return list;
}
