import type { Layer, Network } from '../../../dissectors/layer.js';
import { tcpHeader } from '../../../dissectors/tcp/layout.js';
import { bytesText } from '../../../dissectors/wire/finding.js';
import { hex32 } from '../../../dissectors/wire/view.js';
import { endsAround, networkAround } from '../ends.js';
import type { Handshake, When } from '../handshake.js';
import { RecentFlows } from '../recent-flows.js';
import type { KindTracker, Step } from '../step.js';
import { Extensions } from './extensions.js';
import { memoryOf, newMemory, type TcpMemory } from './memory.js';
import { ACK, ECN, NONE, RST, Segment, SYN } from './segment.js';
import { SynCookies } from './syn-cookies.js';
import { resetReason, timeoutReason, UNACKNOWLEDGED, usedText, withCookie, wrongText } from './words.js';

/** How long a SYN, or its answer, waits: six tries, each twice as late as the one before. Source: the handshake page, part 1. */
const WAITS = 63;
/** Numbers so far ahead are behind. */
const MOST_AHEAD = 2 ** 30;

/**
 * Follows the handshakes of TCP. A segment of a connection that is open costs one look-up.
 * Sources: RFC 9293, section 3.5; RFC 7413; RFC 8684; the handshake page, part 2.1.
 */
export class TcpHandshakes implements KindTracker {
  readonly kind = 'tcp';
  readonly layers = ['tcp'];
  readonly seconds = WAITS;
  private readonly flows: RecentFlows;
  private readonly cookies = new SynCookies();
  private readonly extensions = new Extensions();
  private readonly segment = new Segment();

  /** @param seed any number; strangers must not know it */
  constructor(seed = 0) {
    this.flows = new RecentFlows(seed);
  }

  readonly expire = (row: Handshake): string => timeoutReason(row, WAITS);

  take(step: Step, layer: Layer, place: number): void {
    const { segment } = this;
    const { dissection, table } = step;
    const view = dissection.sources[layer.source]?.view;
    const network = networkAround(dissection, place);
    if (!view || !network || !segment.read(view, layer)) return;
    this.cookies.expire(table, step.clock);
    const { flags, source, target } = segment;
    const opens = (flags & (SYN | RST)) === SYN;
    const flow = opens ? this.flows.number(network, source, target) : this.flows.find(network, source, target);
    if (flow < 0) return;
    const own = 2 * flow + (this.flows.isForward ? 1 : 0);
    if (!opens) return this.takeOther(step, layer, own);
    segment.readOptions(layer);
    if (flags & ACK) this.takeAnswer(step, layer, place, own);
    else this.takeSyn(step, layer, place, network, own);
  }

  /** A SYN that an ICMP message quotes, of which 8 bytes are enough: it did not get through. */
  takeQuoted(step: Step, layer: Layer, place: number): void {
    const { dissection, table } = step;
    const view = dissection.sources[layer.source]?.view;
    const network = networkAround(dissection, place);
    const { at, limit } = layer;
    const { srcport, dstport, seq_raw } = tcpHeader.fields;
    if (!view || !network || at + seq_raw.offset + 4 > limit.captured) return;
    const flow = this.flows.find(network, srcport.read(view, at), dstport.read(view, at));
    if (flow < 0) return;
    const row = table.find('tcp', 2 * flow + (this.flows.isForward ? 1 : 0));
    if (row?.state !== 'asked' || memoryOf(row)?.x !== seq_raw.read(view, at)) return;
    table.message(step, row, 'ICMP', false);
    table.setState(step, row, 'refused', 'an ICMP error says that the SYN did not get through');
  }

  private takeSyn(step: Step, layer: Layer, place: number, network: Network, own: number): void {
    const { segment } = this;
    const { table } = step;
    const { sequence, length } = segment;
    const known = table.find('tcp', own);
    const memory = known && memoryOf(known);
    if (known && memory?.x === sequence && (known.state === 'asked' || known.state === 'challenged')) {
      memory.answers = 0;
      memory.asked = step.clock;
      table.message(step, known, 'SYN', true, { isFirst: true, isResent: true });
      return;
    }
    const crossing = table.find('tcp', own ^ 1);
    const other = crossing && memoryOf(crossing);
    if (crossing?.state === 'asked' && other && other.y === undefined) {
      const isResent = other.otherSyn === sequence;
      other.otherSyn = sequence;
      table.message(step, crossing, 'SYN', false, { note: 'simultaneous open', isResent });
      table.setState(step, crossing, 'asked', 'both sides have sent a SYN');
      return;
    }
    const earlier =
      known && memory?.y !== undefined && memory.x !== undefined
        ? { row: known, x: memory.x, y: memory.y, when: memory.answered }
        : memory?.earlier;
    const row = this.begin(step, place, own, sequence, earlier);
    if (!row) return;
    const fresh = memoryOf(row);
    if (!fresh) return;
    fresh.data = length;
    const { timestamp, scale, hasSack, flags } = segment;
    fresh.offer = { hasTimestamps: timestamp !== NONE, scale, hasSack, wantsEcn: (flags & ECN) === ECN };
    const note = this.extensions.takeSyn(step, layer, row, fresh, segment, network);
    table.message(step, row, 'SYN', true, { isFirst: true, ...(note !== '' && { note }) });
  }

  private begin(
    step: Step,
    place: number,
    own: number,
    x: number | undefined,
    earlier: TcpMemory['earlier'],
    isBack = false,
  ) {
    const { dissection, table } = step;
    const ends = endsAround(dissection, place);
    if (!ends) return undefined;
    const [initiator, responder] = isBack ? [ends.to, ends.from] : [ends.from, ends.to];
    const id = x === undefined ? '' : hex32(x);
    const row = table.begin(step, { kind: 'tcp', initiator, responder, id, key: isBack ? own ^ 1 : own });
    row.memory = newMemory(x, whenOf(step), earlier);
    return row;
  }

  private takeAnswer(step: Step, layer: Layer, place: number, own: number): void {
    const { table } = step;
    const { segment } = this;
    const crossing = table.find('tcp', own);
    // Both sides answer where both have sent a SYN.
    if (crossing && memoryOf(crossing)?.otherSyn !== undefined) return this.cross(step, crossing, true);
    let row = table.find('tcp', own ^ 1);
    let memory = row && memoryOf(row);
    if (row && memory?.otherSyn !== undefined) return this.cross(step, row, false);
    // What came long after the handshake says nothing of it any more.
    if (row && !memory && (row.state === 'echoed' || row.state === 'established')) return;
    if (!row || !memory || row.state === 'refused' || row.state === 'timed-out') {
      row = this.begin(step, place, own, undefined, undefined, true);
      memory = row && memoryOf(row);
      if (!row || !memory) return;
      row.id = hex32((segment.acknowledgement - 1) >>> 0);
      step.note('syn-unseen', layer);
    }
    this.answer(step, layer, row, memory);
  }

  private answer(step: Step, layer: Layer, row: Handshake, memory: TcpMemory): void {
    const { table } = step;
    const { segment, cookies } = this;
    const { sequence: y, acknowledgement } = segment;
    const before = memory.y;
    const since = step.clock - memory.answered.clock;
    const isResent = before === y;
    const wanted = memory.x === undefined ? undefined : (memory.x + 1) >>> 0;
    const taken = wanted === undefined ? 0 : (acknowledgement - wanted) >>> 0;
    const isWrong = wanted !== undefined && taken !== 0 && taken > memory.data;
    memory.answers++;
    const note = isWrong ? wrongText(acknowledgement, wanted) : this.extensions.takeAnswer(row, memory, segment, taken);
    table.message(step, row, 'SYN-ACK', false, { isResent, ...(note !== '' && { note }) });
    if (isWrong) {
      memory.spurious = acknowledgement;
      step.note('spurious-acknowledgement', layer, [acknowledgement, wanted]);
      if (row.state === 'asked') {
        table.setState(step, row, 'asked', `the SYN-ACK acknowledges ${acknowledgement} where ${wanted} was wanted`);
      }
      return;
    }
    const isStill = row.state === 'asked' || row.state === 'challenged';
    if (isResent && memory.answers > 1 && isStill) cookies.repeat(table, step, row, since);
    if (before !== undefined && !isResent) cookies.judgeOther(table, step, row, before, since, y);
    memory.y = y;
    memory.answered = whenOf(step);
    memory.sent = (y + 1) >>> 0;
    memory.isFast = taken > 0;
    if (memory.earlier && memory.x !== undefined) {
      cookies.judgeEarlier(table, step, row, memory.earlier, memory.x, y);
    }
    cookies.answer(table, step, row, memory, segment, !isResent);
    if (!isStill) return;
    table.setState(step, row, 'challenged', withCookie(row, UNACKNOWLEDGED));
  }

  /** A SYN-ACK of a simultaneous open. Source: RFC 9293, section 3.5, figure 7. */
  private cross(step: Step, row: Handshake, fromInitiator: boolean): void {
    const { table } = step;
    const memory = memoryOf(row);
    if (!memory) return;
    const bit = fromInitiator ? 1 : 2;
    const start = fromInitiator ? memory.otherSyn : memory.x;
    const wanted = ((start ?? 0) + 1) >>> 0;
    const { acknowledgement } = this.segment;
    const isRight = acknowledgement === wanted;
    table.message(step, row, 'SYN-ACK', fromInitiator, {
      isResent: (memory.crossed & bit) !== 0,
      ...(!isRight && { note: wrongText(acknowledgement, wanted) }),
    });
    if (!isRight) return;
    memory.crossed |= bit;
    if (memory.crossed === 3) {
      row.cookieStatus ??= 'echo-ok';
      table.setState(step, row, 'established', 'both sides have opened the connection at the same time');
    } else if (row.state === 'asked') {
      table.setState(step, row, 'challenged', 'one side of a simultaneous open was acknowledged');
    }
  }

  /** A segment that is neither SYN nor SYN-ACK. */
  private takeOther(step: Step, layer: Layer, own: number): void {
    const { table } = step;
    const asker = table.find('tcp', own);
    const answerer = table.find('tcp', own ^ 1);
    const row = newer(asker, answerer);
    if (!row || row.state === 'established' || row.state === 'refused' || row.state === 'timed-out') return;
    const fromInitiator = row === asker;
    const { flags } = this.segment;
    if (flags & RST) return this.takeReset(step, row, fromInitiator);
    if ((flags & ACK) === 0) return;
    if (fromInitiator) return this.takeEcho(step, layer, row);
    if (row.state === 'echoed') this.use(step, row);
    else if (row.state === 'challenged') this.takeData(step, row);
    else this.takeChallenge(step, row);
  }

  /** A segment of the responder before the third message was seen. */
  private takeData(step: Step, row: Handshake): void {
    const { table } = step;
    const memory = memoryOf(row);
    const { sequence, length } = this.segment;
    if (memory?.y === undefined || length === 0) return;
    const end = (sequence + length) >>> 0;
    if ((end - memory.sent) >>> 0 < MOST_AHEAD) memory.sent = end;
    if (memory.isFast) return;
    if (row.cookieStatus === 'echo-bad') row.cookieStatus = undefined;
    table.message(step, row, 'data', false, { note: bytesText(length) });
    table.setState(step, row, 'established', 'the connection is in use; the ACK of the SYN-ACK was not captured');
  }

  /** An acknowledgement of the initiator: the third message, or one that shows that it was sent. */
  private takeEcho(step: Step, layer: Layer, row: Handshake): void {
    const { table } = step;
    const { segment } = this;
    const memory = memoryOf(row);
    if (row.state === 'echoed' || memory?.y === undefined) return;
    const wanted = (memory.y + 1) >>> 0;
    const ahead = (segment.acknowledgement - wanted) >>> 0;
    if (ahead > (memory.sent - wanted) >>> 0) {
      table.message(step, row, 'ACK', true, { note: wrongText(segment.acknowledgement, wanted) });
      step.note('spurious-acknowledgement', layer, [segment.acknowledgement, wanted]);
      row.cookieStatus ??= 'echo-bad';
      table.setState(
        step,
        row,
        row.state,
        `the ACK acknowledges ${segment.acknowledgement} where ${wanted} was wanted`,
      );
      return;
    }
    segment.readOptions(layer);
    const notes = [
      ahead > 0 ? `acknowledges ${bytesText(ahead)} of the responder` : '',
      segment.length > 0 ? bytesText(segment.length) : '',
      this.extensions.takeEcho(row, memory, segment),
    ];
    const note = notes.filter((text) => text !== '').join(', ');
    table.message(step, row, 'ACK', true, { ...(note !== '' && { note }) });
    if (row.cookieStatus === undefined || row.cookieStatus === 'echo-bad') row.cookieStatus = 'echo-ok';
    if (row.proofStatus === 'invalid' && memory.joining) step.note('mptcp-hmac-invalid', layer);
    const reason = 'the three messages are complete; nothing was seen after them';
    table.setState(step, row, 'echoed', withCookie(row, reason));
    if (ahead > 0) table.setState(step, row, 'established', withCookie(row, usedText(memory)));
  }

  /** The responder goes on: the connection is in use. */
  private use(step: Step, row: Handshake): void {
    const { table } = step;
    const { length } = this.segment;
    const note = length > 0 ? { note: bytesText(length) } : {};
    table.message(step, row, length > 0 ? 'data' : 'ACK', false, note);
    table.setState(step, row, 'established', withCookie(row, usedText(memoryOf(row))));
  }

  /** A segment of the responder that answers a SYN without being a SYN-ACK. Source: RFC 9293, section 3.10.7.4. */
  private takeChallenge(step: Step, row: Handshake): void {
    const { table } = step;
    const memory = memoryOf(row);
    if (!memory || memory.x === undefined || row.messages.some(({ name }) => name === 'challenge ACK')) return;
    if (this.segment.acknowledgement === (memory.x + 1) >>> 0) return;
    table.message(step, row, 'challenge ACK', false, { note: `ack ${this.segment.acknowledgement}` });
    table.setState(
      step,
      row,
      'asked',
      'a challenge ACK answered the SYN: the responder has a connection between these ports',
    );
  }

  private takeReset(step: Step, row: Handshake, fromInitiator: boolean): void {
    const { table } = step;
    const { state } = row;
    const memory = memoryOf(row);
    const { acknowledgement, flags } = this.segment;
    const wanted = memory?.x === undefined ? undefined : (memory.x + 1) >>> 0;
    const isAnswer = wanted !== undefined && (flags & ACK) !== 0;
    const beyond = isAnswer ? (acknowledgement - wanted) >>> 0 : 0;
    const isWrong = state === 'asked' && !fromInitiator && beyond > (memory?.data ?? 0);
    const note = isWrong && wanted !== undefined ? { note: wrongText(acknowledgement, wanted) } : {};
    table.message(step, row, 'RST', fromInitiator, note);
    // RFC 9293, section 3.5.2: what acknowledges nothing of this attempt is reset, and the attempt goes on.
    const isSpurious = fromInitiator && state === 'asked' && memory?.spurious === this.segment.sequence;
    if (isWrong || isSpurious) return;
    table.setState(step, row, 'refused', resetReason(state, fromInitiator, row));
  }
}

/** When a step is, to be kept: a step is good until the next. */
const whenOf = ({ number, now, clock }: Step): When => ({ number, now, clock });

const newer = (one: Handshake | undefined, other: Handshake | undefined): Handshake | undefined =>
  one && other ? (one.number > other.number ? one : other) : (one ?? other);
