import { explainChannel, summarizeChannel } from '../../dissectors/channel/explain.js';
import type { Line } from '../../dissectors/wire/line.js';
import { printable } from './lexer.js';
import { packetIn } from './match.js';
import type { Failure, Received } from './outcome.js';
import type { Deed, Play, PlayedPacket } from './play.js';
import { bytesText } from './shape.js';

const MS = 1000;

/** Milliseconds as seconds: `0.2015`. */
const secondsText = (ms: number): string => `${Number((ms / MS).toFixed(4))} s`;

/** A play in one line: `PASS handshake.hs (0.21 s)`. */
export function verdictLine({ script, outcome, duration }: Play): string {
  const where = printable(script.file);
  switch (outcome.verdict) {
    case 'pass':
      return `PASS ${where} (${secondsText(duration)})`;
    case 'fail':
      return `FAIL ${where}:${outcome.failure.step.line}: ${problemOf(outcome.failure)}`;
    case 'unreachable':
      return `FAIL ${where}: ${printable(outcome.why)}`;
  }
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
    case 'too early':
    case 'too late':
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
  const lines = [`  ${String(number).padStart(4)} | ${printable(script.source[number - 1] ?? '').trim()}`];
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
export function notesOf({ deeds, sentBy, outcome }: Play): ReadonlyMap<Uint8Array, string> {
  const notes = new Map([...sentBy].map(([bytes, { line }]) => [bytes, `line ${line}`]));
  for (const { packet, step } of deeds) if (packet) notes.set(packet.bytes, step ? `line ${step.line}` : 'ignored');
  if (outcome.verdict === 'fail' && 'packet' in outcome.failure) {
    notes.set(outcome.failure.packet.bytes, `line ${outcome.failure.step.line} fails`);
  }
  return notes;
}

/** All that happened, a line each: packets, and beside them the lines of the script that they belong to. */
export function storyText(play: Play): string {
  const { packets, deeds } = play;
  const notes = notesOf(play);
  const told: (readonly [at: number, text: string])[] = packets.map((packet) => [
    packet.at,
    packetStory(packet, notes),
  ]);
  const quiet = deeds.filter(({ packet, step }) => !packet && step && step.kind !== 'send');
  told.push(...quiet.map((deed) => [deed.at, deedStory(deed)] as const));
  return told
    .toSorted(([one], [other]) => one - other)
    .map(([at, text]) => `  ${secondsText(at).padStart(10)}  ${text}\n`)
    .join('');
}

function packetStory({ way, bytes }: PlayedPacket, notes: ReadonlyMap<Uint8Array, string>): string {
  if (way === 'sent') return `> ${packetText(bytes)}`;
  return `< ${packetText(bytes)}  (${notes.get(bytes) ?? 'not looked at'})`;
}

function deedStory({ step }: Deed): string {
  if (!step) return '';
  const what =
    step.kind === 'nothing' ? 'nothing came' : step.kind === 'command' ? `told to ${step.name}` : 'did not come';
  return `. ${what}  (line ${step.line})`;
}
