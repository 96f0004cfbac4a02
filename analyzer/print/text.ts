import type { Severity } from '../../dissectors/wire/finding.js';
import type { Line } from '../../dissectors/wire/line.js';
import { hexOf } from '../../dissectors/wire/view.js';
import { printable } from '../ui/printable.js';
import type { Packet } from './packet.js';
import { summarize } from './row.js';

/** A mark as well as a colour, so that severity survives a pipe. */
const MARKS: Readonly<Record<Severity | 'none', string>> = { none: ' ', chat: ' ', note: '·', warn: '!', error: '×' };
const COLORS: Readonly<Record<Severity | 'none', string>> = { none: '', chat: '', note: '36', warn: '33', error: '31' };

/** Text in the colour of a severity. */
export const colored = (text: string, severity: Severity | 'none'): string =>
  COLORS[severity] === '' ? text : `\u001b[${COLORS[severity]}m${text}\u001b[0m`;

/** A packet as one line, as tshark prints it: number, time, addresses, protocol, length and what it says. */
export function packetLine(packet: Packet, time: string, color: boolean): string {
  const { source, destination, protocol, info, severity } = summarize(packet);
  const number = `${packet.number}`.padStart(5);
  const addresses = `${printable(source).padStart(12)} → ${printable(destination).padEnd(12)}`;
  const text = `${MARKS[severity]}${number} ${time.padStart(11)} ${addresses} ${protocol} ${packet.wire} ${printable(info)}`;
  return color ? colored(text, severity) : text;
}

/** A tree as text, four blanks a level. */
export function treeText(lines: readonly Line[], depth = 0): string {
  let text = '';
  for (const line of lines) {
    text += `${'    '.repeat(depth)}${printable(line.text)}\n${treeText(line.children, depth + 1)}`;
  }
  return text;
}

/** The bytes of a packet, sixteen a line; where it was put together from several, each part with its name. */
export function hexText({ dissection }: Packet): string {
  const { sources } = dissection;
  return sources
    .map(({ name, view }) => (sources.length > 1 ? `${name} (${view.byteLength} bytes):\n` : '') + hexLines(view))
    .join('\n');
}

function hexLines(view: DataView): string {
  let text = '';
  for (let at = 0; at < view.byteLength; at += 16) {
    const end = Math.min(at + 16, view.byteLength);
    const digits = hexOf(view, at, end, ' ').padEnd(16 * 3 - 1);
    text += `${at.toString(16).padStart(4, '0')}  ${digits}   ${asciiOf(view, at, end)}\n`;
  }
  return text;
}

function asciiOf(view: DataView, start: number, end: number): string {
  let text = '';
  for (let at = start; at < end; at++) {
    const byte = view.getUint8(at);
    text += byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.';
  }
  return text;
}
