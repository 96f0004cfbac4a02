import { compileFilter } from '../filter/compile.js';
import type { Packet } from '../print/packet.js';
import { Conversations } from '../stats/conversations.js';
import { END_HEADS, Endpoints } from '../stats/endpoints.js';
import { Expert } from '../stats/expert.js';
import { FLOW_LAYERS, type FlowLayer } from '../stats/flow-layers.js';
import { Hierarchy } from '../stats/hierarchy.js';
import { IoCounts } from '../stats/io.js';
import type { Sheet } from '../stats/sheet.js';
import { conversationsText, endpointsText, expertText, hierarchyText, ioText } from '../stats/tshark-text.js';
import { columnOf } from './run-stats.js';
import { UsageError } from './usage-error.js';

/** Something that is counted while packets are read, and printed after them: what `-z` asks for. */
export interface Tap {
  /** Told of every packet, before `take`: times count from the first. */
  readonly begin?: (packet: Packet) => void;
  /** Told of the packets that pass its filter. */
  readonly take: (packet: Packet) => void;
  readonly print: () => string;
}

/** What else than tshark does what a tap of its does. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  follow: 'handshark decode -x --channel shows what a channel carries',
  flow: 'handshark ladder draws who sent what to whom',
  'h225_ras,rtd': 'handshark stats handshakes has response times',
  hosts: 'no names are resolved here',
  dests: 'handshark stats endpoints counts by address',
  ptype: 'handshark stats hierarchy counts by protocol',
  plen: 'handshark stats io --column "MAX(frame.len)" measures lengths',
  dns: 'handshark stats handshakes counts queries and their outcomes',
  credentials: 'no credentials are gathered here',
};

/** Reads what `-z` says. @throws {UsageError | FilterError} for what is not counted here, or makes no sense */
export function readTap(text: string): Tap {
  const [kind = '', ...more] = text.split(',');
  switch (kind) {
    case 'io':
      return ioTap(text, more);
    case 'conv':
      return flowTap(text, more, conversationsTap);
    case 'endpoints':
    case 'host':
      return flowTap(text, more, endpointsTap);
    case 'expert': {
      const expert = new Expert();
      const [severity, ...rest] = more;
      const filter = SEVERITIES.includes(severity ?? '') ? rest.join(',') : more.join(',');
      return tap(expert, filter, expertText);
    }
    default:
      throw notHere(text, kind);
  }
}

const SEVERITIES: readonly string[] = ['error', 'warn', 'note', 'chat', 'comment'];

function notHere(text: string, kind: string): UsageError {
  const here = 'here are io,phs, io,stat, conv, endpoints and expert';
  return new UsageError(`-z: ${text}: ${ELSEWHERE[kind] ?? `tshark -z ${kind} does it`}; ${here}`);
}

/** A tap of one table, with a filter of its own. */
function tap(
  fold: { readonly take: (packet: Packet) => void; readonly sheets: () => readonly Sheet[] },
  filter: string,
  show: (sheet: Sheet) => string,
): Tap {
  const passes = filter === '' ? undefined : compileFilter(filter);
  return {
    take: (packet) => {
      if (!passes || passes(packet)) fold.take(packet);
    },
    print: () => fold.sheets().map(show).join(''),
  };
}

function ioTap(text: string, [kind, ...more]: readonly string[]): Tap {
  if (kind === 'phs') {
    const filter = more.join(',');
    return tap(new Hierarchy(), filter, (sheet) => hierarchyText(sheet, filter));
  }
  if (kind !== 'stat') throw notHere(text, 'io');
  const [interval = '', ...columns] = more;
  const seconds = Number(interval);
  if (!/^\d+(\.\d{1,6})?$/.test(interval) || (seconds > 0 && seconds < 1e-6))
    throw new UsageError(`-z: ${text}: expected seconds behind io,stat, such as io,stat,0.5; 0 for the whole capture`);
  const written = columns.length === 0 ? [''] : columns;
  const counts = new IoCounts(written.map(columnOf), seconds);
  const decimals = interval.split('.')[1]?.length ?? 0;
  return {
    begin: (packet) => counts.begin(packet),
    take: (packet) => counts.take(packet),
    print: () =>
      counts
        .sheets()
        .map((sheet) => ioText(sheet, written, seconds, decimals))
        .join(''),
  };
}

function flowTap(
  text: string,
  [layer = '', ...filter]: readonly string[],
  make: (layer: FlowLayer, filter: string) => Tap,
): Tap {
  const known = FLOW_LAYERS.find((one) => one === layer);
  if (!known) throw new UsageError(`-z: ${text}: expected one of ${FLOW_LAYERS.join(', ')}; tshark has others`);
  return make(known, filter.join(','));
}

function conversationsTap(layer: FlowLayer, filter: string): Tap {
  const conversations = new Conversations([layer]);
  const made = tap(conversations, filter, (sheet) => conversationsText(sheet, END_HEADS[layer][0], filter));
  return { ...made, begin: (packet) => conversations.begin(packet) };
}

const endpointsTap = (layer: FlowLayer, filter: string): Tap =>
  tap(new Endpoints([layer]), filter, (sheet) => endpointsText(sheet, END_HEADS[layer][0], filter));
