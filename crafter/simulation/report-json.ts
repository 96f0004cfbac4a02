import { CLOSE_REASONS } from '../../dissectors/channel/messages.js';
import { toHex } from '../../dissectors/wire/view.js';
import { PERFECT } from '../link/conditions.js';
import type { ChannelRecord, Outcome } from './channel-record.js';
import { dropText } from './drops.js';
import { type Plan, SIDES, type Side } from './plan.js';
import type { Range } from './ranges.js';
import { PEER_IDS, type Run } from './simulate.js';
import type { Happening } from './story.js';

/** A run as one object of JSON. Times are in milliseconds of virtual time, sizes in bytes. */
export function runJson({ plan, channels, happenings, untold, loads, flood, held, duration }: Run): object {
  return {
    seed: plan.seed,
    dialect: plan.dialect,
    mode: plan.mode,
    peers: { initiator: toHex(PEER_IDS.initiator), responder: toHex(PEER_IDS.responder) },
    network: networkJson(plan),
    channels: channels.map((channel) => channelJson(channel, plan)),
    happenings: happenings.map(happeningJson),
    ...(untold > 0 && { happenings_untold: untold }),
    traffic: loads,
    ...(plan.flood > 0 && {
      flood: {
        packets: flood.packets,
        bytes: flood.bytes,
        answers: flood.answers,
        answer_bytes: flood.answerBytes,
        pending: held.pending,
        peers: held.peers,
      },
    }),
    duration: Math.round(duration * 1000) / 1000,
  };
}

function networkJson({ conditions, drops }: Plan): object {
  const { delay, loss, reorder, duplicate } = { ...PERFECT, ...conditions };
  return { delay, loss, reorder, duplicate, drop: drops.map(dropText) };
}

const pairsOf = (ranges: readonly Range[]): readonly (readonly number[])[] =>
  ranges.map(({ first, last }) => [first, last]);

const hex = (id: number): string => id.toString(16).padStart(8, '0');

function channelJson(record: ChannelRecord, plan: Plan): object {
  const { number, id } = record;
  return {
    number,
    ...(id !== undefined && { id: hex(id) }),
    mode: plan.mode,
    ...Object.fromEntries(SIDES.map((side) => [side, endJson(record, side)])),
  };
}

function endJson({ ends, deliveries, sentBy }: ChannelRecord, side: Side): object {
  const { establishedAt, confirmedAt, endedAt, outcome, traffic, counts } = ends[side];
  const delivery = deliveries[side];
  const { received, twice, torn, bytes, firstAt, lastAt, longestWait, isInOrder, order } = delivery;
  return {
    ...(establishedAt !== undefined && { established: establishedAt }),
    ...(confirmedAt !== undefined && { confirmed: confirmedAt }),
    ...(endedAt !== undefined && { ended: endedAt, ...outcomeJson(outcome) }),
    sent_messages: sentBy[side],
    received: {
      messages: received,
      bytes,
      order: pairsOf(order),
      in_order: isInOrder,
      missing: pairsOf(delivery.missing(sentBy[side === 'initiator' ? 'responder' : 'initiator'])),
      twice,
      torn,
      ...(firstAt !== undefined && { first: firstAt, last: lastAt, longest_wait: longestWait }),
    },
    packets: {
      sent: traffic.sent,
      resent: traffic.resent,
      given_up: traffic.givenUp,
      received: traffic.received,
      skipped: counts.lost,
      late: counts.late,
      duplicates: counts.duplicates,
      dropped: counts.dropped,
    },
  };
}

function outcomeJson(outcome: Outcome | undefined): object {
  if (!outcome) return {};
  if ('why' in outcome) return { failed: outcome.why };
  return { reason: CLOSE_REASONS[outcome.reason] ?? outcome.reason, by: outcome.by };
}

function happeningJson({ at, side, channel, event }: Happening): object {
  const { type, ...more } = event;
  const place = { time: Math.round(at * 1000) / 1000, side, channel, event: type };
  if (event.type === 'received') {
    return { ...place, first: event.numbers.first, last: event.numbers.last, until: event.until };
  }
  if (event.type === 'established') return { ...place, id: hex(event.id) };
  if (event.type === 'closed') return { ...place, ...outcomeJson(event) };
  return { ...place, ...more };
}
