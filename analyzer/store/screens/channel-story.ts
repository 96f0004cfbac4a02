import type { Severity } from '../../../dissectors/wire/finding.js';
import { type Arrow, arrowWords, type Step } from '../../print/ladder.js';
import type { ChannelRow } from '../capture-view.js';
import { peerLabel } from '../peer-name.js';
import type { Settings } from '../settings.js';

/** A sentence about a channel. */
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
}

/** Why a channel is in its state, in words: the answer to "why did it not open?". */
export function channelStory(facts: StoryFacts, settings: Settings): readonly StoryLine[] {
  const own = facts.steps.filter((step): step is Arrow => step.type === 'arrow' && step.channel === facts.row.number);
  const told: Told = { ...facts, settings, own };
  return [outcome(told), ...troubles(told), ...traffic(told)];
}

interface Told extends StoryFacts {
  readonly settings: Settings;
  /** Its messages. */
  readonly own: readonly Arrow[];
}

const line = (severity: Severity, text: string): StoryLine => ({ severity, text });

const named = ({ own }: Told, message: string): readonly Arrow[] =>
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
      return line('chat', `open: ${openedText(row)}`);
    case 'closed':
      return line(row.reason === 0 || row.reason === undefined ? 'chat' : 'warn', closedText(told));
  }
}

/** How far an attempt came, and what was missing to go on. */
function notOpened(told: Told): StoryLine {
  const { row, settings } = told;
  const news = named(told, 'CHANNEL_NEW');
  const answers = named(told, 'CHANNEL_ACKNOWLEDGE');
  const proofs = [...named(told, 'CHANNEL_FINALIZE'), ...named(told, 'CHANNEL_COOKIE')];
  const waits = row.state === 'timed-out' ? '' : ' so far';
  const dropped = droppedIn(told);
  if (dropped) return line('error', droppedText(dropped));
  const responder = whereText(peerLabel(settings, row.responder), row.responderAddress);
  if (proofs.length > 0)
    return line(
      'warn',
      `${times(told, 'the proof', proofs)}, not confirmed${waits}: ${responder} did not get it, dropped it, or its answer was not captured`,
    );
  if (answers.length > 0 || row.state === 'acknowledged') {
    const answer = answers[0] ? ` in packet ${answers[0].packet}` : '';
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

/** The last answer or proof that was dropped. */
const droppedIn = (told: Told): Arrow | undefined =>
  ['CHANNEL_ACKNOWLEDGE', 'CHANNEL_FINALIZE', 'CHANNEL_COOKIE']
    .flatMap((name) => named(told, name))
    .findLast(({ fate }) => fate === 'dropped');

/** Why a message of the handshake was dropped: what was found about it. */
function droppedText(arrow: Arrow): string {
  const { messages, packet, notes } = arrow;
  const why = notes.filter(({ severity }) => severity !== 'chat').map((note) => note.text);
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

function openedText({ rttNewAcknowledge, rttAcknowledgeFinalize }: ChannelRow): string {
  const parts = [
    rttNewAcknowledge === undefined ? '' : `answered after ${secondsText(rttNewAcknowledge)}`,
    rttAcknowledgeFinalize === undefined ? '' : `proven ${secondsText(rttAcknowledgeFinalize)} later`,
  ].filter((part) => part !== '');
  return parts.length > 0 ? parts.join(', ') : 'its handshake was not seen whole';
}

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
  return `closed${by}: ${why === '' ? `reason ${row.reason}` : why}; ${openedText(row)}`;
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
