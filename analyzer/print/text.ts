import type { Severity } from '../../dissectors/wire/finding.js';
import type { Line } from '../../dissectors/wire/line.js';
import { printable } from '../text/printable.js';
import { AddressColumn } from './address-column.js';
import type { Packet } from './packet.js';
import { protocolOf, severityOfPacket, writeInfo } from './row.js';
import { Clock, fractionDigits } from './time.js';
import type { TimeFormat, TimeUnits } from './time-format.js';
import { type Utf8Text, utf8 } from './utf8-text.js';

/** A mark as well as a colour, so that severity survives a pipe. */
const MARKS: Readonly<Record<Severity | 'none', string>> = { none: ' ', chat: ' ', note: '·', warn: '!', error: '×' };
const COLORS: Readonly<Record<Severity | 'none', string>> = { none: '', chat: '', note: '36', warn: '33', error: '31' };

/** Text in the colour of a severity. */
export const colored = (text: string, severity: Severity | 'none'): string =>
  COLORS[severity] === '' ? text : `\u001b[${COLORS[severity]}m${text}\u001b[0m`;

const MARK_BYTES: Readonly<Record<Severity | 'none', Uint8Array>> = {
  none: utf8(MARKS.none),
  chat: utf8(MARKS.chat),
  note: utf8(MARKS.note),
  warn: utf8(MARKS.warn),
  error: utf8(MARKS.error),
};

const BLANK = 0x20;

/** Writes packets as one line each, as tshark prints them: number, time, addresses, protocol, length and what it says. */
export class PacketLines {
  private readonly clock: Clock;
  private readonly color: boolean;
  private readonly addresses = new AddressColumn();

  constructor(format: TimeFormat, color: boolean, units?: TimeUnits) {
    this.clock = new Clock(format, units);
    this.color = color;
  }

  /** Writes the next packet, without a line end. */
  write(packet: Packet, into: Utf8Text): void {
    const severity = severityOfPacket(packet);
    const color = this.color ? COLORS[severity] : '';
    if (color !== '') into.add(`\u001b[${color}m`);
    if (MARKS[severity] === ' ') into.addByte(BLANK);
    else into.addBytes(MARK_BYTES[severity]);
    const numberAt = into.length;
    into.addNumber(packet.number);
    into.padFrom(numberAt, 5);
    into.addByte(BLANK);
    const timeAt = into.length;
    this.clock.write(packet.seconds, packet.nanos, fractionDigits(packet.on?.resolution), into, packet.timeline);
    into.padFrom(timeAt, 11);
    into.addByte(BLANK);
    this.addresses.write(packet, into);
    into.addByte(BLANK);
    into.add(protocolOf(packet));
    into.addByte(BLANK);
    into.addNumber(packet.wire);
    into.addByte(BLANK);
    writeInfo(packet, into);
    if (color !== '') into.add('\u001b[0m');
  }
}

/** A tree as text, four blanks a level. */
export function treeText(lines: readonly Line[], depth = 0): string {
  let text = '';
  for (const line of lines) {
    text += `${'    '.repeat(depth)}${printable(line.text)}\n${treeText(line.children, depth + 1)}`;
  }
  return text;
}
