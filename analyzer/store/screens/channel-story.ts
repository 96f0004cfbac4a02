import { SEVERITIES, type Severity } from '../../../dissectors/wire/finding.js';
import type { Line } from '../../../dissectors/wire/line.js';
import type { ChannelRow } from '../../index/channel-row.js';
import { type Arrow, arrowWords, type Step } from '../../print/ladder.js';
import type { Detail } from '../capture-view.js';
import { peerLabel } from '../peer-name.js';
import type { Settings } from '../settings.js';

/** A sentence about a channel or a handshake. */
export interface StoryLine {
  readonly severity: Severity;
  readonly text: string;
}

/** What is known of the packets of a channel. */
export interface StoryFacts {
  readonly row: ChannelRow;
  /** The steps of its first packets and of its last. */
  readonly steps: readonly Step[];
  /** Whether these are all there are. */
  readonly isWhole: boolean;
  /** The packet that the handshake got stuck at, if it has been read. */
  readonly stuck?: Detail | undefined;
}

/** Why a channel is in its state, in words: the answer to "why did it not open?". */
export function channelStory(facts: StoryFacts, settings: Settings): readonly StoryLine[] {
  const told: Told = { ...facts, settings, own: ownOf(facts.row, facts.steps) };
  return [agreeing(outcome(told), facts.row), ...troubles(told), ...traffic(told)];
}

/** The outcome with no worse a sign than the row has: signs stand for what was found, here as there and in statistics. */
function agreeing({ severity, text }: StoryLine, { severity: found }: ChannelRow): StoryLine {
  const most = found === 'none' ? 'chat' : found;
  return line(SEVERITIES.indexOf(severity) > SEVERITIES.indexOf(most) ? most : severity, text);
}

interface Own {
  readonly row: ChannelRow;
  /** Its messages. */
  readonly own: readonly Arrow[];
}

interface Told extends StoryFacts, Own {
  readonly settings: Settings;
}

const ownOf = ({ number }: ChannelRow, steps: readonly Step[]): readonly Arrow[] =>
  steps.filter((step): step is Arrow => step.type === 'arrow' && step.channel === number);

const line = (severity: Severity, text: string): StoryLine => ({ severity, text });

const named = ({ own }: Own, message: string): readonly Arrow[] =>
  own.filter(({ messages }) => messages.includes(message));

function outcome(told: Told): StoryLine {
  const { row, settings } = told;
  switch (row.state) {
    case 'new':
    case 'acknowledged':
    case 'timed-out':
      return notOpened(told);
    case 'collided':
      return line(
        'warn',
        `both peers chose the half ${row.id.slice(0, 4)} for attempts to each other: both start again with another`,
      );
    case 'refused':
      return line('error', `${peerLabel(settings, row.responder)} refuses the channel: CLOSE 4 answers a valid proof`);
    case 'early':
      return line('note', 'data travel with the proof (CHANNEL_COOKIE); no packet confirms the proof so far');
    case 'established':
      return opened(told);
    case 'closed':
      return line(row.reason === 0 || row.reason === undefined ? 'chat' : 'warn', closedText(told));
  }
}

/** An open channel; one on which its responder never said a word may be open on one side only. */
function opened(told: Told): StoryLine {
  const { row, settings } = told;
  const text = `open: ${openedText(told)}`;
  // Nothing confirms a proof there. Source: protocol page, section 4 "`channeler`".
  if (row.fromResponder.packets > 0 || row.dialect === 'channeler') return line('chat', text);
  const responder = whereText(peerLabel(settings, row.responder), row.responderAddress);
  return line(
    'warn',
    `${text}; but no packet of ${responder} confirms it: it did not get the proof, dropped it, or was not captured`,
  );
}

/** How far an attempt came, and what was missing to go on. */
function notOpened(told: Told): StoryLine {
  const { row, settings } = told;
  const news = named(told, 'CHANNEL_NEW');
  const answers = named(told, 'CHANNEL_ACKNOWLEDGE');
  const proofs = proofsIn(told);
  const waits = row.state === 'timed-out' ? '' : ' so far';
  const dropped = droppedIn(told);
  if (dropped) return line('error', droppedText(told, dropped));
  const responder = whereText(peerLabel(settings, row.responder), row.responderAddress);
  if (proofs.length > 0)
    return line(
      'warn',
      `${times(told, 'the proof', proofs)}, not confirmed${waits}: ${responder} did not get it, dropped it, or its answer was not captured`,
    );
  if (answers.length > 0 || row.state === 'acknowledged') {
    const right = answers.find(({ fate }) => fate !== 'dropped');
    const answer = right ? ` in packet ${right.packet}` : '';
    return line(
      'warn',
      `${responder} acknowledged${answer}, but no proof (CHANNEL_FINALIZE) followed${waits}: ${peerLabel(settings, row.initiator)} did not get the answer, or gave up`,
    );
  }
  if (news.length === 0) return line('warn', `no message of its handshake is known${waits}`);
  const refusal = told.steps.find(({ type }) => type === 'remark');
  const sent = times(told, 'CHANNEL_NEW', news);
  if (refusal?.type === 'remark')
    return line('error', `${sent}, but packet ${refusal.packet} is an ICMP error: ${responder} cannot be reached`);
  return line('warn', `${sent}, no answer${waits}: nobody at ${responder} answers, or answers were not captured`);
}

const isAttempt = ({ state }: ChannelRow): boolean =>
  state === 'new' || state === 'acknowledged' || state === 'timed-out';

/** What the initiator proves itself with. */
const proofsIn = (told: Own): readonly Arrow[] =>
  [...named(told, 'CHANNEL_FINALIZE'), ...named(told, 'CHANNEL_COOKIE')].filter(
    ({ from }) => from === told.row.initiator,
  );

/** The message that the handshake got stuck at because it was dropped, and no better one came. */
function droppedIn(told: Own): Arrow | undefined {
  const furthest = [proofsIn(told), named(told, 'CHANNEL_ACKNOWLEDGE')].find(({ length }) => length > 0) ?? [];
  return furthest.every(({ fate }) => fate === 'dropped') ? furthest.at(-1) : undefined;
}

/** The packet that the handshake got stuck at, where reading it whole tells more; 0 for none. */
export function stuckAt({ row, steps }: Pick<StoryFacts, 'row' | 'steps'>): number {
  return isAttempt(row) ? (droppedIn({ row, own: ownOf(row, steps) })?.packet ?? 0) : 0;
}

const WRONG = /^\[((?:stale|invalid|echo-bad): .*)\]$/;

/** The verdicts on the wrong cookies of a packet, with their reasons. */
function wrongCookies({ lines }: Detail): readonly string[] {
  const found: string[] = [];
  const look = (line: Line): void => {
    const cookie = /^chan\.cookie(.?)\.status$/.exec(line.path);
    const verdict = WRONG.exec(line.text);
    if (cookie && verdict) found.push(`its cookie${cookie[1] === '' ? '' : ` ${cookie[1]}`} is ${verdict[1]}`);
    for (const child of line.children) look(child);
  };
  for (const line of lines) look(line);
  return found;
}

/** Why a message of the handshake was dropped: what was found about it. */
function droppedText({ stuck }: Told, arrow: Arrow): string {
  const { messages, packet, notes } = arrow;
  const reasons = stuck?.number === packet ? wrongCookies(stuck) : [];
  const found = notes.filter(({ severity }) => severity !== 'chat').map((note) => note.text);
  const why = reasons.length > 0 ? reasons : found;
  return `${messages[0] ?? 'a message'} in packet ${packet} is dropped: ${why.length > 0 ? why.join('; ') : arrowWords(arrow)}`;
}

/** What was sent, how often and over how long. */
function times({ isWhole }: Told, what: string, arrows: readonly Arrow[]): string {
  const [first] = arrows;
  const last = arrows.at(-1);
  if (first === undefined || last === undefined || arrows.length === 1) return `${what} sent once`;
  const seconds = last.seconds - first.seconds + (last.nanos - first.nanos) / 1e9;
  return `${what} sent ${isWhole ? '' : 'at least '}${arrows.length} times in ${secondsText(seconds)}`;
}

const secondsText = (seconds: number): string =>
  Math.abs(seconds) >= 1 ? `${seconds.toFixed(1)} s` : `${(seconds * 1000).toFixed(1)} ms`;

const whereText = (label: string, address: string): string => (address === '' ? label : `${label} (${address})`);

function openedText(told: Told): string {
  const { rttNewAcknowledge, rttAcknowledgeFinalize } = told.row;
  const parts = [
    rttNewAcknowledge === undefined ? '' : `answered after ${secondsText(rttNewAcknowledge)}`,
    rttAcknowledgeFinalize === undefined ? '' : `FINALIZE ${secondsText(rttAcknowledgeFinalize)} later`,
  ].filter((part) => part !== '');
  if (parts.length > 0) return parts.join(', ');
  // Where times go backwards, nothing took any time.
  const isWhole = HANDSHAKE.every((name) => named(told, name).length > 0);
  return isWhole ? 'how long its handshake took cannot be told' : 'its handshake was not seen whole';
}

const HANDSHAKE = ['CHANNEL_NEW', 'CHANNEL_ACKNOWLEDGE', 'CHANNEL_FINALIZE'] as const;

/** The reasons of a CLOSE in words. Source: protocol page, section 6 "CHANNEL_CLOSE". */
const CLOSED_BECAUSE: readonly string[] = [
  'both directions ended',
  'because of loss',
  'because it was idle',
  'because of a protocol error',
  'refused',
];

function closedText(told: Told): string {
  const { row, settings } = told;
  const close = named(told, 'CHANNEL_CLOSE')[0];
  const by = close ? ` by ${peerLabel(settings, close.from)} in packet ${close.packet}` : '';
  const why = row.reason === undefined ? 'the reason was not seen' : (CLOSED_BECAUSE[row.reason] ?? '');
  return `closed${by}: ${why === '' ? `reason ${row.reason}` : why}; ${openedText(told)}`;
}

/** The worst of what was found about its messages, once each. */
function troubles(all: Told): readonly StoryLine[] {
  const { own, row } = all;
  const said = isAttempt(row) ? droppedIn(all) : undefined;
  // What the outcome says already is not said again.
  const told = new Set(said?.notes.map(({ text }) => text));
  const bad = own.flatMap(({ packet, notes }) =>
    notes
      .filter(({ severity }) => severity === 'warn' || severity === 'error')
      .map(({ severity, text }) => ({ severity, packet, text })),
  );
  const lines = bad
    .toSorted((one, other) => Number(other.severity === 'error') - Number(one.severity === 'error'))
    .filter(({ text }) => !told.has(text) && told.add(text))
    .slice(0, MOST_TROUBLES)
    .map(({ severity, packet, text }) => line(severity, `packet ${packet}: ${text}`));
  if (row.cookie2 === 'invalid' && !isAttempt(row) && lines.length === 0)
    return [line('warn', 'its cookie 2 is not what any known secret yields')];
  return lines;
}

/** Troubles that are told in one line of a channel: more do not fit. */
const MOST_TROUBLES = 2;

/** What went which way. */
function traffic({ row, settings }: Told): readonly StoryLine[] {
  const { fromInitiator: out, fromResponder: back } = row;
  if (out.packets + back.packets === 0) return [];
  const way = (label: string, { packets, dataBytes, lost, resent }: ChannelRow['fromInitiator']): string => {
    const extra = [lost > 0 ? `${lost} lost` : '', resent > 0 ? `${resent} resent` : ''].filter((text) => text !== '');
    const more = extra.length > 0 ? ` (${extra.join(', ')})` : '';
    return `${label} sent ${packets} ${packets === 1 ? 'packet' : 'packets'}, ${dataBytes} bytes of data${more}`;
  };
  const texts = [way(peerLabel(settings, row.initiator), out), way(peerLabel(settings, row.responder), back)];
  return [line('chat', texts.join('; '))];
}
