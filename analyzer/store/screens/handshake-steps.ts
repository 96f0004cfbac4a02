import type { HandshakeRow } from '../../index/handshake-row.js';
import { fitLeft } from '../../text/cells.js';
import { printable } from '../../text/printable.js';

/** A line of a comparison: a mark where the two are not the same. */
const SAME = ' ';
const DIFFERENT = '≠';

type Message = HandshakeRow['messages'][number];

/** Two handshakes side by side: their messages, step by step, then what came of them. @param width cells of a line */
export function comparisonLines(one: HandshakeRow, other: HandshakeRow, width: number): readonly string[] {
  const half = Math.max(16, (width - 5) >> 1);
  const line = (left: string, right: string, mark = left === right ? SAME : DIFFERENT): string =>
    `${mark} ${fitLeft(printable(left), half, '…')} │ ${printable(right)}`.trimEnd();
  const facts = FACTS.map(([name, read]) => [name, read(one), read(other)] as const);
  return [
    line(headOf(one), headOf(other), SAME),
    line(`${one.initiator} → ${one.responder}`, `${other.initiator} → ${other.responder}`, SAME),
    '',
    ...paired(one.messages, other.messages).map(([left, right]) =>
      line(stepText(one, left), stepText(other, right), isAlike(left, right) ? SAME : DIFFERENT),
    ),
    '',
    ...facts.flatMap(([name, left, right]) =>
      left === '' && right === ''
        ? []
        : [
            line(
              `${name}: ${left}`,
              `${name}: ${right}`,
              left === right || name.startsWith('round') ? SAME : DIFFERENT,
            ),
          ],
    ),
  ];
}

const headOf = ({ number, kind, id }: HandshakeRow): string => `#${number} ${kind} ${id}`;

const millis = (seconds: number | undefined): string =>
  seconds === undefined ? '' : `${(seconds * 1e3).toFixed(3)} ms`;

const FACTS: readonly (readonly [name: string, read: (row: HandshakeRow) => string])[] = [
  ['state', ({ state }) => state],
  ['reason', ({ reason }) => reason],
  ['cookie', ({ cookieStatus }) => cookieStatus ?? ''],
  ['proof', ({ proofStatus }) => proofStatus ?? ''],
  ['stateless', ({ stateless }) => stateless],
  ['first messages', ({ attempts }) => `${attempts}`],
  ['resent', ({ resent }) => `${resent}`],
  ['round trip to the challenge', ({ rttChallenge }) => millis(rttChallenge)],
  ['round trip to the echo', ({ rttEcho }) => millis(rttEcho)],
  ['round trip to the answer', ({ rttAnswer }) => millis(rttAnswer)],
];

const isAlike = (one: Message | undefined, other: Message | undefined): boolean =>
  one !== undefined &&
  other !== undefined &&
  one.name === other.name &&
  one.fromInitiator === other.fromInitiator &&
  one.isResent === other.isResent &&
  (one.note === undefined) === (other.note === undefined);

/** A step: which way it goes, what it is, and how long after the first. */
function stepText({ begun }: HandshakeRow, message: Message | undefined): string {
  if (message === undefined) return '';
  const { time, fromInitiator, name, note, isResent } = message;
  const words = [name, isResent ? 'again' : '', note ?? ''].filter((word) => word !== '').join(', ');
  return `${fromInitiator ? '→' : '←'} ${millis(time - begun).padStart(12)}  ${words}`;
}

/** The messages of two handshakes, those of one name and direction beside each other: a longest common subsequence. */
function paired(
  one: readonly Message[],
  other: readonly Message[],
): readonly (readonly [Message | undefined, Message | undefined])[] {
  const isSame = (left: number, right: number): boolean =>
    one[left]?.name === other[right]?.name && one[left]?.fromInitiator === other[right]?.fromInitiator;
  const lengths = Array.from({ length: one.length + 1 }, () => new Uint16Array(other.length + 1));
  const lengthAt = (left: number, right: number): number => lengths[left]?.[right] ?? 0;
  for (let left = one.length - 1; left >= 0; left--) {
    for (let right = other.length - 1; right >= 0; right--) {
      const row = lengths[left];
      if (!row) continue;
      row[right] = isSame(left, right)
        ? 1 + lengthAt(left + 1, right + 1)
        : Math.max(lengthAt(left + 1, right), lengthAt(left, right + 1));
    }
  }
  const pairs: (readonly [Message | undefined, Message | undefined])[] = [];
  let [left, right] = [0, 0];
  while (left < one.length || right < other.length) {
    if (left < one.length && right < other.length && isSame(left, right)) pairs.push([one[left++], other[right++]]);
    else if (right >= other.length || (left < one.length && lengthAt(left + 1, right) >= lengthAt(left, right + 1)))
      pairs.push([one[left++], undefined]);
    else pairs.push([undefined, other[right++]]);
  }
  return pairs;
}
