import type { Handshake, HandshakeMessage } from '../handshakes/handshake.js';
import type { Moment } from '../secrets/secrets.js';
import type { Arrow, Ladder, LadderPeer, Step } from './ladder.js';

/** What is drawn of a handshake. */
type Drawn = Pick<
  Handshake,
  'number' | 'kind' | 'initiator' | 'responder' | 'state' | 'reason' | 'messages' | 'unlisted'
>;

/** Messages that are drawn: a diagram of more cannot be read. */
const MOST_STEPS = 20_000;

/**
 * The messages of handshakes as a diagram, in the order of their packets; below the last of each the reason of its outcome.
 * @param began when the first packet of the capture came
 */
export function handshakeLadder(rows: readonly Drawn[], began: Moment): Ladder {
  const peers = new Map<string, LadderPeer>();
  const meet = (id: string) => {
    if (peers.size < MOST_STEPS && !peers.has(id)) peers.set(id, { id, address: '' });
  };
  const drawn = rows.flatMap((row) => row.messages.map((message) => ({ row, message })));
  drawn.sort((one, other) => one.message.packet - other.message.packet);
  const steps = drawn.slice(0, MOST_STEPS).flatMap(({ row, message }): readonly Step[] => {
    const arrow = arrowOf(row, message, began, rows.length > 1);
    meet(arrow.from);
    meet(arrow.to);
    return message === row.messages.at(-1) ? [arrow, outcomeOf(row, arrow)] : [arrow];
  });
  const unlisted = rows.reduce((total, row) => total + row.unlisted, 0);
  return {
    origin: began,
    peers: [...peers.values()],
    steps,
    left: drawn.length - Math.min(drawn.length, MOST_STEPS) + unlisted,
  };
}

/** @param isOneOfMany whether its number stands before each message */
function arrowOf(row: Drawn, message: HandshakeMessage, began: Moment, isOneOfMany: boolean): Arrow {
  const { packet, time, fromInitiator, isResent, name, note, between } = message;
  const { initiator, responder, number } = row;
  const [from, to] = fromInitiator ? [initiator, responder] : [responder, initiator];
  return {
    type: 'arrow',
    packet,
    ...momentAfter(began, time),
    from: between?.from ?? from,
    to: between?.to ?? to,
    channel: undefined,
    messages: [name],
    text: `${isOneOfMany ? `#${number} ` : ''}${name}${note === undefined ? '' : `, ${note}`}`,
    verdicts: [],
    missing: 0,
    fate: isResent ? 'again' : 'taken',
    notes: [],
  };
}

/** How a handshake ended, as words below its last message. */
function outcomeOf({ number, kind, state, reason }: Drawn, { packet, seconds, nanos, from, to }: Arrow): Step {
  const severity = state === 'refused' || state === 'timed-out' ? 'warn' : 'chat';
  const note = { severity, text: `#${number} ${kind} ${state}: ${reason}` } as const;
  return { type: 'remark', packet, seconds, nanos, from, to, note };
}

const NANOS = 1e9;

function momentAfter({ seconds, nanos }: Moment, time: number): Moment {
  const whole = Math.floor(time);
  const fraction = nanos + Math.round((time - whole) * NANOS);
  const carried = Math.floor(fraction / NANOS);
  return { seconds: seconds + whole + carried, nanos: fraction - carried * NANOS };
}
