import type { Severity } from '../../dissectors/wire/finding.js';
import type { CookieStatus } from '../track/cookies.js';

/** Something worth telling of a message. */
export interface LadderNote {
  /** That the message was sent before; and how often, where that is known. */
  readonly resend?: number;
  readonly severity: Severity;
  readonly text: string;
}

/** What is known of a cookie. */
export interface CookieVerdict {
  /** The name of its field: `cookie1`, `cookie2` or `cookie`. */
  readonly key: string;
  readonly status: CookieStatus;
}

/** A message on its way from one peer to another; those of one packet on an established channel share an arrow. */
export interface Arrow {
  readonly type: 'arrow';
  /** The packet, from 1. */
  readonly packet: number;
  readonly seconds: number;
  readonly nanos: number;
  /** Peer ids, 32 hex digits. */
  readonly from: string;
  readonly to: string;
  /** The number of its channel, where it is known. */
  readonly channel: number | undefined;
  /** The names of its messages, such as `CHANNEL_NEW`; empty for one that the dialect lacks. */
  readonly messages: readonly string[];
  /** What it says. */
  readonly text: string;
  /** What is known of its cookies. */
  readonly verdicts: readonly CookieVerdict[];
  /** Numbers before it that had not been seen when it came. */
  readonly missing: number;
  /** Sent before; or dropped by who receives it. */
  readonly fate: 'taken' | 'again' | 'dropped';
  readonly notes: readonly LadderNote[];
}

/** Packets of two peers that are not drawn, between two arrows. */
export interface Hidden {
  readonly type: 'hidden';
  readonly from: string;
  readonly to: string;
  readonly packets: number;
  readonly resent: number;
  readonly duplicates: number;
  readonly reordered: number;
  /** Numbers that had not been seen when later ones were. */
  readonly missing: number;
}

/** Something that is no message of either peer. */
export interface Remark {
  readonly type: 'remark';
  readonly packet: number;
  readonly seconds: number;
  readonly nanos: number;
  /** The peers of the packet that it is about. */
  readonly from: string;
  readonly to: string;
  readonly note: LadderNote;
}

export type Step = Arrow | Hidden | Remark;

/** A peer as the head of its column. */
export interface LadderPeer {
  readonly id: string;
  /** Where it was first seen. */
  readonly address: string;
}

/** A sequence diagram, before it is drawn. */
export interface Ladder {
  /** The time of the first packet of the capture, from which times count. */
  readonly origin: { readonly seconds: number; readonly nanos: number };
  /** In the order of appearance. */
  readonly peers: readonly LadderPeer[];
  readonly steps: readonly Step[];
  /** Messages left out because there were too many. */
  readonly left: number;
}

/** What a message says, and in words what is known of its cookies. */
export function arrowWords({ text, verdicts }: Pick<Arrow, 'text' | 'verdicts'>): string {
  const words = verdicts.map(({ key, status }) => `${key} ${status}`);
  return words.length === 0 ? text : `${text} (${words.join(', ')})`;
}

/** How a peer is called in a diagram: by the beginning of its id; other ends by their addresses. */
export const peerName = (id: string): string => (PEER_ID.test(id) ? `${id.slice(0, 8)}…` : id);

const PEER_ID = /^[0-9a-f]{32}$/;

/** What stands for packets that are not drawn. */
export function hiddenText({ packets, resent, duplicates, reordered, missing }: Hidden): string {
  const counts = [
    [resent, 'resent'],
    [missing, 'not seen in time'],
    [reordered, 'late'],
    [duplicates, 'duplicate'],
  ] as const;
  const told = counts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
  return `${packets === 1 ? '1 packet' : `${packets} packets`} of data or reports${told.length > 0 ? ` (${told.join(', ')})` : ''}`;
}

/** Two peers, whoever of them sends. */
export const pairKey = ({ from, to }: { readonly from: string; readonly to: string }): string =>
  from < to ? `${from} ${to}` : `${to} ${from}`;

/** The steps with neighbouring counts of packets not drawn made one. */
export function merged(steps: readonly Step[]): readonly Step[] {
  const joined: Step[] = [];
  for (const step of steps) {
    const last = joined.at(-1);
    if (step.type === 'hidden' && last?.type === 'hidden') joined[joined.length - 1] = sum(last, step);
    else joined.push(step);
  }
  return joined;
}

/** The counts of both together. */
export const sum = (one: Hidden, other: Hidden): Hidden => ({
  ...one,
  packets: one.packets + other.packets,
  resent: one.resent + other.resent,
  duplicates: one.duplicates + other.duplicates,
  reordered: one.reordered + other.reordered,
  missing: one.missing + other.missing,
});

/** A diagram a pair of peers that talk, in the order in which they begin. */
export function pairLadders({ origin, peers, steps }: Ladder): readonly Ladder[] {
  const pairs = new Map<string, Step[]>();
  for (const step of steps) {
    const key = pairKey(step);
    const known = pairs.get(key);
    if (known) known.push(step);
    else pairs.set(key, [step]);
  }
  return [...pairs].map(([key, own]) => {
    const ids = key.split(' ');
    // Who begins stands on the left.
    const first = own.find(({ type }) => type === 'arrow')?.from;
    const two = peers.filter(({ id }) => ids.includes(id));
    return { origin, peers: two[1]?.id === first ? two.toReversed() : two, steps: own, left: 0 };
  });
}
