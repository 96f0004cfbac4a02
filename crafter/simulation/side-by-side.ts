import { MODES } from '../../dissectors/channel/capabilities.js';
import { aligned } from './aligned.js';
import { rangesText } from './ranges.js';
import { counted, outcomeText, planText, secondsText } from './report-text.js';
import type { Run } from './simulate.js';

/** Pieces of an order that fit beside the rest. */
const MOST_PIECES = 12;

const HEADS = ['mode', 'received', 'order', 'first', 'last', 'wait', 'resent', 'given up', 'skipped', 'packets'];

/** Runs of several modes over one network, a line each: what came of the channel, and in what order. */
export function sideBySide(runs: readonly Run[]): string {
  const [first] = runs;
  if (!first) return '';
  const rows = runs.map(rowOf);
  const lines = [
    planText(first.plan, runs.length === MODES.length ? 'all' : runs.map(({ plan }) => plan.mode).join(', ')),
    '',
    ...aligned([HEADS, ...rows]),
    '',
    ...aligned(
      [['mode', 'messages in the order received', 'how it ended'], ...runs.map(orderOf)],
      [false, false, false],
    ),
  ];
  return `${lines.join('\n')}\n`;
}

/** The first channel stands for all: they differ by chance only. Counts are of all of them. */
function rowOf({ plan, channels, loads }: Run): readonly string[] {
  const sum = (what: (channel: Run['channels'][number]) => number) =>
    channels.reduce((total, channel) => total + what(channel), 0);
  const received = sum(({ deliveries }) => deliveries.responder.received);
  const sent = sum(({ sentBy }) => sentBy.initiator);
  const times = channels.flatMap(({ deliveries: { responder } }) => responder.firstAt ?? []);
  const ends = channels.flatMap(({ deliveries: { responder } }) => responder.lastAt ?? []);
  const isInOrder = channels.every(({ deliveries }) => deliveries.responder.isInOrder);
  const twice = sum(({ deliveries }) => deliveries.responder.twice);
  return [
    plan.mode,
    `${received}/${sent}${twice > 0 ? `+${twice}` : ''}`,
    isInOrder ? 'as sent' : 'mixed',
    times.length === 0 ? '-' : secondsText(Math.min(...times)),
    ends.length === 0 ? '-' : secondsText(Math.max(...ends)),
    `${Math.max(...channels.map(({ deliveries }) => deliveries.responder.longestWait)).toFixed(0)} ms`,
    `${sum(({ ends: { initiator } }) => initiator.traffic.resent)}`,
    `${sum(({ ends: { initiator } }) => initiator.traffic.givenUp)}`,
    `${sum(({ ends: { responder } }) => responder.counts.lost)}`,
    `${loads.initiator.packets + loads.responder.packets}`,
  ];
}

function orderOf({ plan, channels }: Run): readonly string[] {
  const [channel] = channels;
  const order = channel ? rangesText(channel.deliveries.responder.order, MOST_PIECES) : '';
  const more = channels.length > 1 ? ` (channel 1 of ${counted(channels.length, 'channel')})` : '';
  const ends = channel && [channel.ends.initiator, channel.ends.responder];
  const [one, other] = ends?.map(({ outcome }) => outcomeText(outcome)) ?? [];
  const how = one === other ? `${one}` : `initiator ${one}; responder ${other}`;
  return [plan.mode, `${order === '' ? 'none' : order}${more}`, how];
}
