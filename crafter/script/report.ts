import { explainChannel, summarizeChannel } from '../../dissectors/channel/explain.js';
import type { Line } from '../../dissectors/wire/line.js';
import { printable } from './lexer.js';
import { packetIn } from './match.js';
import type { Failure, Received } from './outcome.js';
import type { Deed, Play, PlayedPacket } from './play.js';
import type { Script, Step } from './script.js';
import { bytesText } from './shape.js';
import { SIGHT_TEXTS } from './sight.js';
import { lineText, sourceLine } from './sources.js';

const MS = 1000;

/** Milliseconds as seconds: `0.2015`. */
const secondsText = (ms: number): string => `${Number((ms / MS).toFixed(4))} s`;

/** A play in one line: `PASS handshake.hs (0.21 s)`. */
export function verdictLine(play: Play): string {
  const { script, outcome, duration } = play;
  const where = printable(script.file);
  switch (outcome.verdict) {
    case 'pass':
      return `PASS ${where} (${secondsText(duration)})`;
    case 'fail':
      return `FAIL ${whereText(play, outcome.failure.step.line)}: ${problemOf(outcome.failure)}`;
    case 'unreachable':
      return `FAIL ${where}: ${printable(outcome.why)}`;
  }
}

/** The file and the number of a line: `common.hs:7`. */
function whereText({ script }: Play, number: number): string {
  const { file, line } = sourceLine(script.parts, number);
  return `${printable(file)}:${line}`;
}

/** What is wrong, in a few words. */
export function problemOf(failure: Failure): string {
  switch (failure.kind) {
    case 'mismatch':
      return `${failure.mismatch.field} is not what was expected`;
    case 'unexpected':
      return 'a packet came where nothing was expected';
    case 'too early':
    case 'too late':
      return `the packet came ${failure.kind}`;
    case 'nothing came':
      return 'nothing came';
    case 'seen otherwise':
      return 'the application saw something else';
    case 'seen too early':
      return 'the application saw it too early';
    case 'seen too late':
      return 'the application saw it too late';
    case 'no value':
    case 'refused':
      return printable(failure.problem);
  }
}

/** What a failed line expected and what there was, in the words of the failure. */
export function difference(failure: Failure): { readonly expected: string; readonly actual: string } {
  switch (failure.kind) {
    case 'mismatch':
      return failure.mismatch;
    case 'unexpected':
      return {
        expected: `nothing until ${secondsText(failure.until)}`,
        actual: `a packet at ${secondsText(failure.at)}`,
      };
    case 'seen otherwise':
      return failure;
    case 'too early':
    case 'too late':
    case 'seen too early':
    case 'seen too late':
      return {
        expected: `from ${secondsText(failure.low)} to ${secondsText(failure.high)}`,
        actual: secondsText(failure.at),
      };
    case 'nothing came':
      return { expected: `a packet until ${secondsText(failure.high)}`, actual: 'none' };
    case 'no value':
      return { expected: 'a value', actual: 'none' };
    case 'refused':
      return { expected: 'something the peer can do', actual: failure.problem };
  }
}

/** Why a script failed: its line, the field, expected and actual, and the packet. No text for one that passed. */
export function failureText({ script, outcome }: Play): string {
  if (outcome.verdict !== 'fail') return '';
  const { failure } = outcome;
  const { expected, actual } = difference(failure);
  const number = failure.step.line;
  const lines = [
    `  ${String(sourceLine(script.parts, number).line).padStart(4)} | ${printable(script.source[number - 1] ?? '').trim()}`,
  ];
  if (failure.kind === 'mismatch') lines.push(`    field     ${failure.mismatch.field}`);
  lines.push(`    expected  ${printable(expected)}`, `    actual    ${printable(actual)}`);
  if ('packet' in failure) lines.push(...packetLines(failure.packet, failure.at));
  return `${lines.join('\n')}\n`;
}

/** The packet of a failure, dissected. */
function packetLines({ bytes, via }: Received, at: number): readonly string[] {
  const packet = packetIn(bytes);
  const head = `    packet    at ${secondsText(at)}, ${bytes.length} bytes, to port ${via}`;
  if (!packet) return [head, `      ${bytesText(bytes)}`];
  return [head, ...treeLines(explainChannel(packet, 0), '      ')];
}

const treeLines = ({ text, children }: Line, indent: string): readonly string[] => [
  `${indent}${printable(text)}`,
  ...children.flatMap((child) => treeLines(child, `${indent}  `)),
];

/** A packet in one line, as the list shows it. */
export function packetText(bytes: Uint8Array): string {
  const packet = packetIn(bytes);
  return packet ? printable(summarizeChannel(packet)) : bytesText(bytes);
}

/** What became of the packets: the line of the script that sent or took each, or failed by it. */
export function notesOf({ script, deeds, sentBy, outcome }: Play): ReadonlyMap<Uint8Array, string> {
  const textOf = ({ line }: Step): string => lineText(script.parts, line);
  const notes = new Map([...sentBy].map(([bytes, step]) => [bytes, textOf(step)]));
  for (const { packet, step } of deeds) if (packet) notes.set(packet.bytes, step ? textOf(step) : 'ignored');
  if (outcome.verdict === 'fail' && 'packet' in outcome.failure) {
    notes.set(outcome.failure.packet.bytes, `${textOf(outcome.failure.step)} fails`);
  }
  return notes;
}

/** All that happened, a line each: packets, and beside them the lines of the script that they belong to. */
export function storyText(play: Play): string {
  const { packets, deeds, script } = play;
  const notes = notesOf(play);
  const told: (readonly [at: number, text: string])[] = packets.map((packet) => [
    packet.at,
    packetStory(packet, notes),
  ]);
  const quiet = deeds.filter(({ packet, step }) => !packet && step && step.kind !== 'send');
  told.push(...quiet.map((deed) => [deed.at, deedStory(deed, script)] as const));
  return told
    .toSorted(([one], [other]) => one - other)
    .map(([at, text]) => `  ${secondsText(at).padStart(10)}  ${text}\n`)
    .join('');
}

function packetStory({ way, bytes, isLost }: PlayedPacket, notes: ReadonlyMap<Uint8Array, string>): string {
  const lost = isLost ? '  (lost)' : '';
  if (way === 'sent' || isLost) return `${way === 'sent' ? '>' : '<'} ${packetText(bytes)}${lost}`;
  return `< ${packetText(bytes)}  (${notes.get(bytes) ?? 'not looked at'})`;
}

function deedStory({ step }: Deed, { parts }: Script): string {
  if (!step) return '';
  const what =
    step.kind === 'nothing'
      ? 'nothing came'
      : step.kind === 'command'
        ? `told to ${step.name}`
        : step.kind === 'see'
          ? seenText(step)
          : 'did not come';
  return `. ${what}  (${lineText(parts, step.line)})`;
}

const seenText = ({ sight }: Extract<Step, { kind: 'see' }>): string =>
  sight ? `the application saw it: ${SIGHT_TEXTS[sight.name]}` : 'the application saw nothing';
