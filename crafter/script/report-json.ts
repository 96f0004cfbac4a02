import { toHex } from '../../dissectors/wire/view.js';
import type { Play } from './play.js';
import { difference, packetText, problemOf } from './report.js';

/** A play as a value for JSON: times in seconds, bytes in hex. */
export function playJson(play: Play): Readonly<Record<string, unknown>> {
  const { script, outcome, seed, duration, packets } = play;
  return {
    script: script.file,
    verdict: outcome.verdict,
    seed,
    duration: duration / 1000,
    ...(outcome.verdict === 'unreachable' && { reason: outcome.why }),
    ...(outcome.verdict === 'fail' && { failure: failureJson(play, outcome) }),
    packets: packets.map(({ at, way, from, to, bytes }) => ({
      time: at / 1000,
      way,
      from,
      to,
      summary: packetText(bytes),
      hex: toHex(bytes),
    })),
  };
}

function failureJson({ script }: Play, { failure }: Extract<Play['outcome'], { verdict: 'fail' }>) {
  const { line, column } = failure.step;
  return {
    line,
    column,
    text: script.source[line - 1]?.trim() ?? '',
    time: failure.at / 1000,
    kind: failure.kind,
    problem: problemOf(failure),
    ...(failure.kind === 'mismatch' && { field: failure.mismatch.field }),
    ...difference(failure),
    ...('packet' in failure && { packet: toHex(failure.packet.bytes) }),
  };
}
