import { I1, I2, NOTIFY, notificationName, packetName, R1, R2 } from '../../../dissectors/hip/layout.js';
import { type HipPacket, type Puzzle, readHip } from '../../../dissectors/hip/read.js';
import type { Layer } from '../../../dissectors/layer.js';
import { endsAround } from '../ends.js';
import type { Handshake, ReturnedStatus } from '../handshake.js';
import type { KindTracker, Step } from '../step.js';

const KIND = 'hip';
/** How long a packet may stay without answer. Source: RFC 7401, section 4.4.3, which leaves it to policy. */
const ANSWER_SECONDS = 30;
/** Puzzles of one responder that are compared with: R1 packets are made ahead, and come in turns. */
const MOST_PUZZLES = 4;
/** Notifications below this are errors. Source: RFC 7401, section 5.2.19. */
const FIRST_STATUS = 16_384;
const STATELESS =
  'the R1 is made ahead of time and signed: a responder keeps nothing before the I2 brings the solution';

interface AskedPuzzle extends Puzzle {
  readonly asked: number;
}

/** What a base exchange keeps while it goes on. */
interface HipMemory {
  readonly puzzles: AskedPuzzle[];
  /** The security parameter indices that each side wants. */
  initiatorSpi: number;
  responderSpi: number;
  isUsedByInitiator: boolean;
  isUsedByResponder: boolean;
}

function memoryOf(row: Handshake): HipMemory {
  row.memory ??= {
    puzzles: [],
    initiatorSpi: 0,
    responderSpi: 0,
    isUsedByInitiator: false,
    isUsedByResponder: false,
  };
  return row.memory as HipMemory;
}

/** Those of an initiator that does not know whom it asks are zero in its I1. */
const ANYBODY = '0'.repeat(32);
const keyOf = (initiator: string, responder: string): string => `${initiator}${responder}`;
const spiKey = (spi: number): string => `spi ${spi}`;

/** Follows the base exchange of host identities, by the tags of both, on whatever addresses. */
export class HipTracker implements KindTracker {
  readonly kind = KIND;
  readonly layers = ['hip', 'esp'];
  readonly seconds = ANSWER_SECONDS;

  readonly expire = (row: Handshake): string => silentReason(row);

  take(step: Step, layer: Layer, place: number): void {
    const view = step.dissection.sources[layer.source]?.view;
    if (!view || layer.stop) return;
    if (layer.name === 'esp') return takeData(step, layer, view);
    const packet = readHip(view, layer);
    if (!packet) return;
    if (packet.type === I1) takeAsk(step, packet, place);
    else if (packet.type === R1) takePuzzle(step, packet, place);
    else if (packet.type === I2) takeSolution(step, layer, packet, place);
    else if (packet.type === R2) takeAnswer(step, packet, place);
    else if (packet.type === NOTIFY) takeNotification(step, packet);
  }
}

/** The row of a packet, or a new one; who asks is told. */
function rowFor(step: Step, initiator: string, responder: string, fromInitiator: boolean, place: number) {
  const { table } = step;
  const known = table.find(KIND, keyOf(initiator, responder)) ?? table.find(KIND, keyOf(initiator, ANYBODY));
  if (known) return known;
  const ends = endsAround(step.dissection, place);
  if (!ends) return undefined;
  const [one, other] = fromInitiator ? [ends.from, ends.to] : [ends.to, ends.from];
  const key = keyOf(initiator, responder);
  return table.begin(step, { kind: KIND, initiator: one, responder: other, id: initiator.slice(-8), key });
}

const isOver = ({ state }: Handshake): boolean => state === 'answered' || state === 'established';

function takeAsk(step: Step, { sender, receiver }: HipPacket, place: number): void {
  const { table } = step;
  const known = table.find(KIND, keyOf(sender, receiver));
  // A client that asks again after the answer begins a new handshake.
  if (known && isOver(known)) table.disown(known, keyOf(sender, receiver));
  const row = rowFor(step, sender, receiver, true, place);
  if (!row) return;
  const isResent = row.attempts > 0;
  table.message(step, row, 'I1', true, { isFirst: true, isResent });
  if (row.state === 'asked') table.explain(row, silentReason(row));
}

function takePuzzle(step: Step, packet: HipPacket, place: number): void {
  const { table } = step;
  const { sender, receiver, puzzle } = packet;
  const row = rowFor(step, receiver, sender, false, place);
  if (!row) return;
  table.remember(row, keyOf(receiver, sender));
  const { puzzles } = memoryOf(row);
  if (puzzle) {
    if (puzzles.length >= MOST_PUZZLES) puzzles.shift();
    puzzles.push({ ...puzzle, asked: step.now });
    table.detail(row, 'difficulty', puzzle.difficulty);
  }
  table.detail(row, 'version', packet.version);
  const note = puzzle && `a puzzle of ${puzzle.difficulty} bits`;
  table.message(step, row, 'R1', false, { isResent: row.state === 'challenged', ...(note && { note }) });
  table.addEvidence(step, row, 'likely', STATELESS);
  if (row.state !== 'asked' && row.state !== 'timed-out') return;
  const bits = puzzle ? ` of ${puzzle.difficulty} bits` : '';
  table.setState(step, row, 'challenged', `the responder set a puzzle${bits}; no I2 so far`);
}

function takeSolution(step: Step, layer: Layer, packet: HipPacket, place: number): void {
  const { table } = step;
  const { sender, receiver, solution, isSolved, spi } = packet;
  const row = rowFor(step, sender, receiver, true, place);
  if (!row) return;
  if (solution) judge(step, layer, row, solution, isSolved);
  const memory = memoryOf(row);
  if (spi !== undefined) {
    memory.initiatorSpi = spi;
    table.remember(row, spiKey(spi));
  }
  const solved = isSolved === undefined ? undefined : isSolved ? 'puzzle solved' : 'puzzle not solved';
  table.message(step, row, 'I2', true, { isResent: row.state === 'echoed', ...(solved && { note: solved }) });
  if (!isOver(row)) table.setState(step, row, 'echoed', echoedReason(row));
}

/** Judges what came back by the last puzzles, and the solution by its hash. */
function judge(step: Step, layer: Layer, row: Handshake, solution: Puzzle, isSolved: boolean | undefined): void {
  row.proofStatus = isSolved === undefined ? 'unknown' : isSolved ? 'valid' : 'invalid';
  if (isSolved === false) step.note('hip-solution-wrong', layer);
  const { puzzles } = memoryOf(row);
  const asked = puzzles.findLast(
    ({ random, opaque, difficulty }) =>
      random === solution.random && opaque === solution.opaque && difficulty === solution.difficulty,
  );
  row.cookieStatus = statusOf(puzzles.length > 0, asked, step.now);
  if (row.cookieStatus === 'echo-bad') step.note('hip-puzzle-other', layer);
  if (row.cookieStatus === 'stale' && asked) {
    step.note('hip-puzzle-stale', layer, [Math.round(step.now - asked.asked - asked.seconds)]);
  }
}

function statusOf(wasAsked: boolean, asked: AskedPuzzle | undefined, now: number): ReturnedStatus {
  if (!wasAsked) return 'unknown';
  if (!asked) return 'echo-bad';
  return now > asked.asked + asked.seconds ? 'stale' : 'echo-ok';
}

function takeAnswer(step: Step, { sender, receiver, spi }: HipPacket, place: number): void {
  const { table } = step;
  const row = rowFor(step, receiver, sender, false, place);
  if (!row) return;
  if (spi !== undefined) {
    memoryOf(row).responderSpi = spi;
    table.remember(row, spiKey(spi));
  }
  table.message(step, row, 'R2', false, { isResent: isOver(row) });
  if (!isOver(row)) table.setState(step, row, 'answered', 'the responder accepted; no data both ways so far');
}

function takeNotification(step: Step, { sender, receiver, notification }: HipPacket): void {
  const { table } = step;
  const row = table.find(KIND, keyOf(receiver, sender)) ?? table.find(KIND, keyOf(sender, receiver));
  if (!row) return;
  const fromInitiator = table.find(KIND, keyOf(sender, receiver)) === row;
  const name = notification === undefined ? undefined : notificationName(notification);
  table.message(step, row, packetName(NOTIFY), fromInitiator, name === undefined ? {} : { note: name });
  if (fromInitiator || isOver(row) || notification === undefined || notification >= FIRST_STATUS) return;
  table.setState(step, row, 'refused', `the responder refused: ${name}`);
}

/** A packet of ESP by one of the indices that were agreed on. */
function takeData(step: Step, layer: Layer, view: DataView): void {
  if (layer.at + 4 > layer.limit.captured) return;
  const spi = view.getUint32(layer.at);
  const row = step.table.find(KIND, spiKey(spi));
  if (row?.state !== 'answered') return;
  const memory = memoryOf(row);
  const toResponder = spi === memory.responderSpi;
  if (toResponder ? memory.isUsedByInitiator : memory.isUsedByResponder) return;
  if (toResponder) memory.isUsedByInitiator = true;
  else memory.isUsedByResponder = true;
  step.table.message(step, row, 'ESP', toResponder);
  if (memory.isUsedByInitiator && memory.isUsedByResponder) {
    step.table.setState(step, row, 'established', 'data went both ways');
  }
}

const echoedReason = (row: Handshake): string => {
  if (row.proofStatus === 'invalid') return 'the solution does not solve the puzzle: the responder drops it';
  if (row.cookieStatus === 'echo-bad') return 'the puzzle is none that the responder set: it drops the I2';
  if (row.cookieStatus === 'stale') return 'the puzzle had run out; no R2 so far';
  return 'the puzzle came back solved; no R2 so far';
};

/** Why nothing came of what was sent last. */
function silentReason(row: Handshake): string {
  switch (row.state) {
    case 'asked':
      return 'no answer to the I1: lost on the way, or no responder has this identity there';
    case 'challenged':
      return 'the puzzle was never solved: no I2';
    default:
      return row.proofStatus === 'valid' && row.cookieStatus === 'echo-ok'
        ? 'the I2 was right as far as can be seen, but not answered: lost, or its signature or key was refused'
        : echoedReason(row).replace('; no R2 so far', ', and no R2 came');
  }
}
