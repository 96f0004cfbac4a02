import type { SegmentFacts, Span } from '../track/segment-facts.js';
import type { IntReader, Ints } from './ints.js';

/** Facts of a TCP segment as integers and back; the two functions of a pair do the same in the same order. */
export function writeSegment(facts: SegmentFacts, into: Ints): void {
  into.push(facts.flags);
  into.push(facts.scale);
  into.push(facts.completeness);
  writeSpan(facts.sinceFirst, into);
  writeSpan(facts.sinceBefore, into);
  into.push(facts.isAnalyzed ? 1 : 0);
  if (!facts.isAnalyzed) return;
  into.push(facts.acksFrame);
  writeSpan(facts.ackTime, into);
  into.push(facts.initialTime ? 1 : 0);
  if (facts.initialTime) writeSpan(facts.initialTime, into);
  into.push(facts.inFlight);
  into.push(facts.pushed);
  into.push(facts.duplicates);
  into.push(facts.duplicateOf);
  into.push(facts.timeoutFrame);
  writeSpan(facts.timeout, into);
}

export function readSegment(from: IntReader): SegmentFacts {
  const [flags, scale, completeness] = [from.next(), from.next(), from.next()];
  const [sinceFirst, sinceBefore] = [readSpan(from), readSpan(from)];
  const isAnalyzed = from.next() === 1;
  const always = { flags, scale, completeness, sinceFirst, sinceBefore, isAnalyzed };
  if (!isAnalyzed) return { ...NOTHING, ...always };
  const [acksFrame, ackTime] = [from.next(), readSpan(from)];
  const initialTime = from.next() === 1 ? readSpan(from) : undefined;
  const [inFlight, pushed, duplicates, duplicateOf] = [from.unsigned(), from.unsigned(), from.next(), from.next()];
  const [timeoutFrame, timeout] = [from.next(), readSpan(from)];
  return {
    ...always,
    acksFrame,
    ackTime,
    initialTime,
    inFlight,
    pushed,
    duplicates,
    duplicateOf,
    timeoutFrame,
    timeout,
  };
}

/** Seconds beyond 68 years wrap: they come from nonsense. */
function writeSpan({ seconds, nanos }: Span, into: Ints): void {
  into.push(seconds);
  into.push(nanos);
}

const readSpan = (from: IntReader): Span => ({ seconds: from.next(), nanos: from.next() });

const NO_SPAN: Span = { seconds: 0, nanos: 0 };
const NOTHING = {
  acksFrame: 0,
  ackTime: NO_SPAN,
  initialTime: undefined,
  inFlight: 0,
  pushed: 0,
  duplicates: 0,
  duplicateOf: 0,
  timeoutFrame: 0,
  timeout: NO_SPAN,
};
