import type { Token } from './lexer.js';
import type { Cursor } from './parse-cursor.js';
import { expressionIn, fieldsIn, placeOf } from './parse-expression.js';
import type { CaptureTree, FaultTree, LineTree, MessageTree, Others, PacketTree, TimeTree } from './tree.js';

/** A line that happens at a time: `+0.2 > new()`, `* < ack() -> id`, `+1 < nothing`, `0 ! open(tcp)`. */
export function lineIn(cursor: Cursor): LineTree {
  const place = placeOf(cursor.peek());
  const time = timeIn(cursor);
  const way = cursor.next();
  const line = actionIn(cursor, way);
  cursor.endLine(line.kind === 'send' ? `${AFTER}, "fault" or the end of the line` : `${AFTER} or the end of the line`);
  return { ...place, time, ...line };
}

const AFTER = 'a message, "via", "times", "->"';

type Action = LineTree extends infer One
  ? One extends LineTree
    ? Omit<One, 'line' | 'column' | 'time'>
    : never
  : never;

function actionIn(cursor: Cursor, way: Token): Action {
  switch (way.kind === 'symbol' ? way.text : '') {
    case '>':
      return { kind: 'send', packet: packetIn(cursor, 'send') };
    case '<?':
      return { kind: 'expect', packet: packetIn(cursor, 'expect'), isOptional: true };
    case '<':
      if (cursor.peek().text === 'nothing') {
        cursor.next();
        return { kind: 'nothing' };
      }
      return { kind: 'expect', packet: packetIn(cursor, 'expect'), isOptional: false };
    case '!':
      return { kind: 'command', command: messageIn(cursor, 'open, send, close or abort') };
    case '?':
      return { kind: 'see', sight: sightIn(cursor) };
    default:
      throw cursor.error(way, WAYS);
  }
}

const WAYS =
  '">" to send, "<" to expect, "<?" for what may come, "!" to tell the built-in peer, or "?" for what it sees';

/** What the application of the built-in peer sees: `receive("hello")`, or `nothing`. */
function sightIn(cursor: Cursor): MessageTree | undefined {
  if (cursor.peek().text !== 'nothing') return messageIn(cursor, 'receive, ended, closed, opened, failed or nothing');
  cursor.next();
  return undefined;
}

function timeIn(cursor: Cursor): TimeTree {
  const place = placeOf(cursor.peek());
  if (cursor.take('*')) return { ...place, kind: 'any' };
  if (cursor.take('&')) return { ...place, kind: 'also' };
  const isSpan = cursor.take('~');
  const isRelative = isSpan || cursor.take('+');
  const low = secondsIn(cursor);
  if (cursor.take('..')) {
    const high = secondsIn(cursor);
    if (high < low) throw cursor.wrong(place, `the time ${low}..${high} ends before it begins`);
    return { ...place, kind: 'span', isRelative, low, high };
  }
  if (isSpan) throw cursor.error(cursor.peek(), '".." and the latest time, as in ~0.2..0.3');
  return { ...place, kind: 'moment', isRelative, seconds: low };
}

function secondsIn(cursor: Cursor): number {
  const token = cursor.next();
  if (token.kind !== 'number') throw cursor.error(token, 'a time such as 0.5, +0.2, ~0.2..0.3 or *');
  return Number(token.text);
}

/** A packet, to the end of its line. */
export function packetIn(cursor: Cursor, purpose: 'send' | 'expect' | 'ignore'): PacketTree {
  const place = placeOf(cursor.peek());
  const isRaw = cursor.peek().text === 'raw';
  if (isRaw) cursor.next();
  const raw = isRaw ? expressionIn(cursor) : undefined;
  const messages = isRaw ? [] : messagesIn(cursor);
  const faults: FaultTree[] = [];
  let captures: readonly CaptureTree[] = [];
  let via: PacketTree['via'];
  let times: PacketTree['times'];
  for (let token = cursor.peek(); ; token = cursor.peek()) {
    const at = placeOf(token);
    if (purpose === 'send' && token.text === 'fault') {
      cursor.next();
      faults.push(...faultsIn(cursor));
    } else if (purpose !== 'ignore' && token.text === 'times') {
      cursor.next();
      times = { ...at, ...timesIn(cursor, purpose) };
    } else if (purpose !== 'ignore' && token.text === 'via') {
      cursor.next();
      via = { ...at, number: cursor.count('the number of a port, from 1') };
    } else if (purpose !== 'ignore' && cursor.take('->')) {
      captures = capturesIn(cursor);
    } else {
      return { ...place, messages, raw, faults, captures, via, times };
    }
  }
}

/** How often something is sent, or comes: `times 3`, `times 2..5`. */
function timesIn(cursor: Cursor, purpose: 'send' | 'expect'): { readonly count: number; readonly most: number } {
  const count = cursor.count('how many times');
  if (purpose === 'send' || !cursor.take('..')) return { count, most: count };
  const place = placeOf(cursor.peek());
  const most = cursor.count('how many times at most');
  if (most < count) throw cursor.wrong(place, `from ${count} to ${most} times is never`);
  return { count, most };
}

/** Words that come after the messages of a packet. */
const AFTER_MESSAGES: ReadonlySet<string> = new Set(['fault', 'via', 'times']);

function messagesIn(cursor: Cursor): readonly (MessageTree | Others)[] {
  const messages: (MessageTree | Others)[] = [];
  for (;;) {
    const token = cursor.peek();
    if (cursor.take('...')) messages.push({ ...placeOf(token), name: '...' });
    else if (token.kind === 'name' && !AFTER_MESSAGES.has(token.text)) messages.push(messageIn(cursor, 'a message'));
    else if (messages.length === 0) throw cursor.error(token, 'a message such as new(), "raw" or "nothing"');
    else return messages;
  }
}

function messageIn(cursor: Cursor, expected: string): MessageTree {
  const name = cursor.name(expected);
  cursor.symbol('(', `"(" after ${name.text}`);
  const fields = fieldsIn(cursor, []);
  cursor.symbol(')', '"," or ")"');
  return { ...placeOf(name), name: name.text, fields };
}

function faultsIn(cursor: Cursor): readonly FaultTree[] {
  const faults: FaultTree[] = [];
  do {
    const name = cursor.name('the name of a fault');
    let text = name.text;
    if (cursor.take(':')) {
      const argument = cursor.next();
      if (argument.kind !== 'number' && argument.kind !== 'hex') throw cursor.error(argument, 'a number for the fault');
      text += `:${argument.kind === 'hex' ? '0x' : ''}${argument.text}`;
    }
    faults.push({ ...placeOf(name), text });
  } while (cursor.take(','));
  return faults;
}

function capturesIn(cursor: Cursor): readonly CaptureTree[] {
  const captures: CaptureTree[] = [];
  do {
    const field = cursor.name('the name of a field to keep');
    let nth = 1;
    if (cursor.take('[')) {
      nth = cursor.count('which message that has the field, from 1');
      cursor.symbol(']');
    }
    const isRenamed = cursor.peek().text === 'as';
    if (isRenamed) cursor.next();
    const as = isRenamed ? cursor.name('the name of a variable').text : field.text;
    captures.push({ ...placeOf(field), field: field.text, nth, as });
  } while (cursor.take(','));
  return captures;
}
