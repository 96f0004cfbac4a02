import { CLOSE_REASONS } from '../../dissectors/channel/messages.js';
import { PERFECT } from '../link/conditions.js';
import type { ChannelRecord, Outcome } from './channel-record.js';
import { dropText } from './drops.js';
import { type Plan, SIDES, type Side } from './plan.js';
import { rangesText, rangeText } from './ranges.js';
import type { Run } from './simulate.js';
import type { Event, Happening } from './story.js';

/** Happenings that are told unless all are wanted: a screen of them. */
const MOST_TOLD = 40;
/** Channels that are told one by one, and pieces of an order that are told. */
const MOST_CHANNELS = 8;
/** Ranges of a list of packets that are told: more do not fit a line. */
const MOST_PIECES = 24;

/** A run as text: what was simulated, what happened, what came of it. */
export function runText(run: Run, isVerbose: boolean): string {
  const { happenings, untold } = run;
  const told = isVerbose ? happenings : happenings.slice(0, MOST_TOLD);
  const rest = happenings.length - told.length + untold;
  const more =
    rest > 0 ? [`          … and ${counted(rest, 'more happening')}${isVerbose ? '' : ': -v tells all'}`] : [];
  const lines = [
    planText(run.plan),
    '',
    ...told.map((happening) => happeningText(happening, run.plan.channels)),
    ...more,
    '',
    ...channelsText(run),
    ...networkText(run),
  ];
  return `${lines.join('\n')}\n`;
}

export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** What was simulated, in a line. */
export function planText(plan: Plan, mode: string = plan.mode): string {
  const { dialect, seed, channels, messages, answers, bytes, isEarly, flood, spurious } = plan;
  const said = [
    `${channels === 1 ? '' : `${channels} channels, `}${counted(messages, 'message')} of ${bytes} bytes`,
    ...(answers > 0 ? [`${counted(answers, 'answer')}`] : []),
    ...(isEarly ? ['early data'] : []),
    ...(spurious > 0 ? [counted(spurious, 'forged ACKNOWLEDGE')] : []),
    ...(flood > 0 ? [`${flood} forged NEW`] : []),
  ];
  return `mode ${mode}, dialect ${dialect}, seed ${seed}: ${said.join(', ')}; ${networkConditions(plan)}`;
}

function networkConditions({ conditions, drops }: Plan): string {
  const { delay, loss, reorder, duplicate } = { ...PERFECT, ...conditions };
  const percent = (part: number) => `${Math.round(part * 10_000) / 100}%`;
  const said = [
    ...(delay > 0 ? [`delay ${delay} ms`] : []),
    ...(loss > 0 ? [`loss ${percent(loss)}`] : []),
    ...(reorder > 0 ? [`reordered ${percent(reorder)}`] : []),
    ...(duplicate > 0 ? [`duplicated ${percent(duplicate)}`] : []),
    ...(drops.length > 0 ? [`dropped: ${drops.map(dropText).join(', ')}`] : []),
  ];
  return said.length === 0 ? 'a perfect network' : said.join(', ');
}

/** Milliseconds as seconds. */
export const secondsText = (ms: number): string => (ms / 1000).toFixed(3);

function happeningText({ at, side, channel, event }: Happening, channels: number): string {
  const which = channels === 1 ? '' : `channel ${channel}: `;
  return `${secondsText(at).padStart(9)}  ${side.padEnd(9)}  ${which}${eventText(event, at)}`;
}

const hex = (id: number): string => id.toString(16).padStart(8, '0');
const reasonText = (reason: number): string => CLOSE_REASONS[reason] ?? `reason ${reason}`;

function eventText(event: Event, at: number): string {
  switch (event.type) {
    case 'opens':
      return 'opens a channel';
    case 'established':
      return `channel ${hex(event.id)} is established`;
    case 'confirmed':
      return 'knows that the responder knows the channel';
    case 'received':
      return `receives ${rangeText(event.numbers)}${event.until > at ? `, until ${secondsText(event.until)}` : ''}`;
    case 'skipped':
      return `skips ${counted(event.packets, 'lost packet')}`;
    case 'resent':
      return `sends packet ${event.packet} again`;
    case 'given up':
      return `gives packet ${event.packet} up`;
    case 'fast resend':
      return `takes packet ${event.packet} for lost: later ones were reported`;
    case 'timer ran out':
      return `hears nothing of packet ${event.packet} in time`;
    case 'probe':
      return `probes a window that is shut with packet ${event.packet}`;
    case 'dropped':
      return `drops a packet: ${event.why}`;
    case 'early data':
      return `sends ${event.bytes} bytes with its acknowledgement`;
    case 'gap stayed open':
      return 'waits no longer for what is missing';
    case 'collided':
      return 'starts again: the other peer has the same half of an id';
    case 'refused':
      return 'refuses the channel';
    case 'closes':
      return 'closes';
    case 'ended':
      return 'has all that the other one sent';
    case 'closed':
      return `channel is over: ${outcomeText(event)}`;
    case 'failed':
      return `handshake failed: ${event.why}`;
  }
}

/** How a channel ended at one end: `done`, `loss, by us`. */
export function outcomeText(outcome: Outcome | undefined): string {
  if (!outcome) return 'not over';
  if ('why' in outcome) return outcome.why;
  const whose = outcome.reason === 0 ? '' : outcome.by === 'us' ? ', by itself' : ', told by the other';
  return `${reasonText(outcome.reason)}${whose}`;
}

function channelsText({ channels, plan }: Run): readonly string[] {
  const lines = channels.slice(0, MOST_CHANNELS).flatMap((channel) => channelText(channel, plan));
  const rest = channels.slice(MOST_CHANNELS);
  if (rest.length === 0) return lines;
  const received = rest.reduce((sum, { deliveries }) => sum + deliveries.responder.received, 0);
  const sent = rest.reduce((sum, { sentBy }) => sum + sentBy.initiator, 0);
  return [...lines, `${counted(rest.length, 'more channel')}: responder received ${received} of ${sent}`];
}

function channelText(record: ChannelRecord, plan: Plan): readonly string[] {
  const { number, id, ends } = record;
  const name = `channel${plan.channels === 1 ? '' : ` ${number}`}${id === undefined ? '' : ` ${hex(id)}`}`;
  const directions = plan.answers > 0 ? SIDES : SIDES.slice(0, 1);
  const endText = (side: Side): string => {
    const { endedAt, outcome } = ends[side];
    return endedAt === undefined
      ? `${side} has no channel`
      : `${side} ${outcomeText(outcome)} (${secondsText(endedAt)})`;
  };
  return [
    `${name}`,
    ...directions.flatMap((from) => directionText(record, from)),
    `  ended:     ${SIDES.map(endText).join('; ')}`,
  ];
}

/** What came of one direction, in three lines. */
function directionText({ sentBy, deliveries, ends }: ChannelRecord, from: Side): readonly string[] {
  const to: Side = from === 'initiator' ? 'responder' : 'initiator';
  const delivery = deliveries[to];
  const { received, twice, torn, bytes, firstAt, lastAt, longestWait, isInOrder, order } = delivery;
  const missing = delivery.missing(sentBy[from]);
  const times =
    firstAt === undefined
      ? ''
      : ` (${bytes} bytes), first ${secondsText(firstAt)}, last ${secondsText(lastAt ?? firstAt)}, longest wait ${longestWait.toFixed(0)} ms`;
  const { resent, givenUp } = ends[from].traffic;
  const { lost, late, duplicates, dropped } = ends[to].counts;
  const facts: readonly (readonly [number, string])[] = [
    [resent, 'resent'],
    [givenUp, 'given up'],
    [lost, 'skipped'],
    [late, 'too late'],
    [duplicates, 'twice'],
    [dropped, 'dropped'],
  ];
  const packets = facts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
  return [
    `  ${to} received ${received} of ${counted(sentBy[from], 'message')}${times}`,
    `  order:     ${order.length === 0 ? 'none' : rangesText(order, MOST_PIECES)}${isInOrder ? '' : ', not as sent'}${twice > 0 ? `, ${twice} twice` : ''}`,
    ...(missing.length > 0 ? [`  missing:   ${rangesText(missing, MOST_PIECES)}`] : []),
    ...(torn > 0 ? [`  torn:      ${torn} bytes of messages of which the rest is missing`] : []),
    ...(packets.length > 0 ? [`  packets:   ${packets.join(', ')}`] : []),
  ];
}

function networkText({ loads, flood, held, plan }: Run): readonly string[] {
  const load = (side: Side): string => {
    const { packets, bytes, lost } = loads[side];
    return `${counted(packets, 'packet')} (${bytes} bytes) from the ${side}${lost > 0 ? `, ${lost} lost` : ''}`;
  };
  const lines = [`network: ${SIDES.map(load).join('; ')}`];
  if (plan.flood === 0) return lines;
  const state = held.pending === 0 ? 'nothing' : `${held.pending} of them`;
  return [
    ...lines,
    `flood: ${flood.packets} forged NEW (${flood.bytes} bytes), ${flood.answers} answered (${flood.answerBytes} bytes); the responder kept ${state}`,
  ];
}
