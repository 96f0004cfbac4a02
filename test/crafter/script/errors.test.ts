import fc from 'fast-check';
import { expect, test } from 'vitest';
import { check } from '../../../crafter/script/check.js';
import { parse } from '../../../crafter/script/parser.js';
import { ScriptError } from '../../../crafter/script/script-error.js';

/** What is wrong with a script, without the name of its file. */
function problemOf(text: string): string {
  try {
    check(parse('a', text));
    return 'nothing';
  } catch (error) {
    if (error instanceof ScriptError) return error.message.replace(/^a:/, '');
    throw error;
  }
}

test.each([
  // The language: what is read.
  [
    'soon > new()',
    '1:1: expected a time such as +0.2, "if", "include", or one of dialect, role, local, remote, secret, remote_secret, target, listen, tolerance, timeout, seed, peer, network, let, ignore, drop, found "soon"',
  ],
  [
    '0.0 new()',
    '1:5: expected ">" to send, "<" to expect, "<?" for what may come, "!" to tell the built-in peer, or "?" for what it sees, found "new"',
  ],
  ['+ > new()', '1:3: expected a time such as 0.5, +0.2, ~0.2..0.3 or *, found ">"'],
  ['~0.2 < new()', '1:6: expected ".." and the latest time, as in ~0.2..0.3, found "<"'],
  ['0.3..0.2 < ack()', '1:1: the time 0.3..0.2 ends before it begins'],
  ['0.0 >', '1:6: expected a message such as new(), "raw" or "nothing", found the end of the script'],
  ['0.0 > new', '1:10: expected "(" after new, found the end of the script'],
  [
    '0.0 > new(\n+0.2 < ack()',
    '2:1: expected a value such as 7, 0x1a2b, "text", a variable or a call, found "+"; the "(" of line 1 is still open',
  ],
  [
    '0.0 > new() ack(',
    '1:17: expected a value such as 7, 0x1a2b, "text", a variable or a call, found the end of the script',
  ],
  ['0.0 > new(c1=0x)', '1:14: expected hex digits after 0x, found "0x"'],
  ['0.0 > new(c1=1.5)', '1:14: expected a whole number, found "1.5"'],
  ['0.0 > data("hello)', '1:12: this text does not end: expected "'],
  ['0.0 > data("\\q")', '1:13: "\\q" is no escape, expected one of \\" \\\\ \\n \\r \\t'],
  ['0.0 > new() ; new()', '1:13: ";" has no place in a script'],
  [
    '0.0 > new() -> c1 c2',
    '1:19: expected a message, "via", "times", "->", "fault" or the end of the line, found "c2"',
  ],
  ['0.0 > new() fault cut:x', '1:23: expected a number for the fault, found "x"'],
  ['0.0 > new()\ndialect hmac', '2:1: "dialect" must stand before the first line with a time'],
  // Settings.
  ['dialect hmca', '1:9: expected one of hmac, hmac-newcaps, seqno, channeler, found "hmca"; did you mean hmac?'],
  ['dialect', '1:8: expected a value for dialect, found the end of the script'],
  ['role both', '1:6: expected one of initiator, responder, found "both"'],
  ['seed 1\nseed 2', '2:1: seed was set in line 1 already'],
  ['secret 123', '1:8: expected a secret in hex, or "text", found "123"'],
  ['target udp nowhere', '1:12: expected HOST:PORT, such as 127.0.0.1:4242 or [::1]:4242, found "nowhere"'],
  [
    'target udp 127.0.0.1:99999',
    '1:12: expected HOST:PORT, such as 127.0.0.1:4242 or [::1]:4242, found "127.0.0.1:99999"',
  ],
  ['target udp 127.0.0.1:0', '1:12: nothing can be reached at port 0, found "127.0.0.1:0"'],
  ['listen 300.1.1.1:1', '1:8: expected HOST:PORT, such as 127.0.0.1:4242 or [::1]:4242, found "300.1.1.1:1"'],
  ['target tcp', '1:8: expected "peer" or "udp HOST:PORT"'],
  ['timeout soon', '1:9: expected seconds such as 0.05, found "soon"'],
  ['peer idel=5', '1:6: peer has no setting idel; did you mean idle?'],
  ['network loss=101', '1:9: loss takes percent, up to 100, found 101'],
  ['peer accept=1', '1:6: accept takes true or false'],
  ['peer packet_size=127', '1:6: packet_size takes bytes, from 128 to 65507, found 127'],
  ['peer packet_size=65508', '1:6: packet_size takes bytes, from 128 to 65507, found 65508'],
  ['let tcp = 7', '1:1: "tcp" has a meaning of its own and cannot name a variable'],
  ['let secret = 7', '1:1: secret is a setting and cannot be a variable too'],
  ['let a-b = 7', '1:1: a variable is named with letters, digits and "_": say as a_b'],
  // Names.
  ['0.0 > nwe()', '1:7: "nwe" is no message; did you mean new?'],
  [
    '0.0 > hello()',
    '1:7: "hello" is no message, expected one of ack, new, finalize, cookie, close, data, progress, window, unknown, chan',
  ],
  ['0.0 > new(c2=1)', '1:11: CHANNEL_NEW has no field c2; did you mean c1?'],
  ['dialect seqno\n0.0 > cookie()', '2:7: the dialect seqno has no CHANNEL_COOKIE; unknown(…) stands for any type'],
  ['0.0 > new(1)', '1:11: expected NAME=VALUE with a field of CHANNEL_NEW: c1, cookie1'],
  ['0.0 > new(c1=1, c1=2)', '1:17: c1 is given twice'],
  ['0.0 > new() chan()', '1:13: chan(…) must stand before the messages'],
  ['0.0 > new() ...', '1:13: "..." stands for messages that may come: it cannot be sent'],
  ['0.0 > unknown()', '1:7: unknown(…) needs the number of its type'],
  ['0.0 > new() fault flop', `1:19: unknown fault "flop", expected one of ${faultNames()}`],
  ['0.0 > new() fault cut', '1:19: fault "cut" needs a number, as in cut:7'],
  ['0.0 > new() fault flip:99999', '1:7: this fault does not fit the packet: no bit 99999 in 89 bytes'],
  ['0.0 > new() -> cookie2', '1:16: nothing in this packet has a field cookie2; did you mean cookie1?'],
  ['0.0 > new() -> c1[2]', '1:16: no 2 messages have a field c1'],
  ['0.0 > new() via 0', '1:13: expected a port from 1 to 16'],
  ['0.0 > new() times 0', '1:13: expected a number of times from 1 to 100000'],
  ['0.0 ! jump()', '1:7: the built-in peer cannot be told to "jump", expected one of open, send, close, abort'],
  // Values.
  ['0.0 > new(c1=65536)', '1:14: c1 holds at most 65535, found 65536'],
  ['0.0 > new(c1=0x12345)', '1:14: c1 holds at most 65535, found 74565'],
  ['0.0 > new(c1="a")', '1:14: c1 takes a number, found a text'],
  ['0.0 > new(cookie1=7)', '1:19: cookie1 takes 16 bytes, the number 7 is a number'],
  ['0.0 > new(cookie1=0x00ff)', '1:19: cookie1 takes 16 bytes, 0x00ff has 2'],
  ['0.0 > new(cookie1=0x00f)', '1:19: cookie1 takes bytes, found an odd number of hex digits'],
  ['0.0 > new(c1=c3)', '1:14: nothing is called c3 here'],
  ['let count = 1\n0.0 > new(c1=conut)', '2:14: nothing is called conut here; did you mean count?'],
  ['let s1 = 1\n0.0 > new(c1=s1-1)', '2:14: nothing is called s1-1 here; to subtract, write s1 - 1'],
  ['0.0 > new(c1=peer)', '1:14: peer is a function: write peer(…)'],
  ['0.0 > new(c1=c2(1, 2))', '1:14: c2(id) takes these, found 2'],
  ['0.0 > new(c1=half(1))', '1:14: no function is called half'],
  ['0.0 > new(c1=*)', '1:11: c1 must have one value where it is sent'],
  ['0.0 > finalize()', '1:7: finalize() needs id: give it, or keep one: -> id'],
  ['0.0 > finalize(id=7)', '1:7: finalize() needs cookie2: give it, or keep one: -> cookie2'],
  ['0.0 > data("x")', '1:7: on which channel? Say chan(id=…), or keep the id of one: -> id'],
  ['0.0 > chan(id=7) data(repeat("x", 65535))', '1:7: 65591 bytes do not fit a datagram, which holds 65507'],
  ['let a = random', '1:9: "random" needs a field; for bytes, write random(16)'],
  ['0.0 > new() -> c1', '1:16: c1 is kept here and never used'],
  ['let unused = 1\n0.0 > new()', '1:1: unused is kept here and never used'],
  ['* < ack(cookie1=1..2)', '1:17: cookie1 is no number: it has no range'],
  ['* < ack(cookie1=0x00...) window(16...)', '1:33: "..." is for ids and for bytes'],
  ['* < window(valid)', '1:12: "valid" says nothing about window here'],
  ['target udp 127.0.0.1:1\n* < ack(cookie2=valid)', '2:17: who can say whether cookie2 is valid? Set remote_secret'],
  // Times.
  ['', '1:1: nothing happens in this script: expected a line such as 0.0 > new()'],
  ['* > new()', '1:1: "*" is for packets that are expected; when? Write +0 for at once'],
  ['* < nothing', '1:1: "*" is for packets that are expected; how long? Write +0.5'],
  ['0.1..0.2 > new()', '1:1: expected one time such as +0.1, found a span: only what is expected may come within one'],
  ['0.5 > new()\n0.4 > new()', '2:1: expected a time from 0.5 on, found 0.4: lines happen in order'],
  [
    'remote *\n0.0 > new()',
    '2:1: to whom? This script must first expect a packet, from which it learns who the other peer is',
  ],
])('refuses %j', (text, problem) => {
  expect(problemOf(text)).toBe(problem);
});

/** As the message lists them. */
function faultNames(): string {
  return /expected one of (.*)$/.exec(problemOf('0.0 > new() fault x'))?.[1] ?? '';
}

test('a calls-in-calls script ends with an error, not with the stack', () => {
  expect(problemOf(`0.0 > new(c1=${'c1('.repeat(5000)}1${')'.repeat(5000)})`)).toMatch(/calls nest deeper than 32$/);
});

test.each([
  ['a sum', `1${'+1'.repeat(30_000)}`],
  [
    'sums in calls in sums',
    Array.from({ length: 32 }).reduce((inside: string) => `c1(${inside}${'+1'.repeat(500)})`, '1'),
  ],
])('%s of many values is worked out without using up the stack', (_, text) => {
  expect(() => check(parse('long.hs', `let a = ${text}\n0.0 > new(c1=a)`))).not.toThrow();
});

const words = [
  ...[
    '0.0',
    '+0.2',
    '*',
    '~0.1..0.2',
    '>',
    '<',
    '<?',
    '!',
    '(',
    ')',
    '[',
    ']',
    '=',
    ',',
    '->',
    '...',
    '..',
    '$',
    '+',
    '-',
  ],
  ...['new', 'ack', 'data', 'chan', 'c1', 'id', 'cookie1', 'valid', 'random', 'tcp', 'let', 'ignore', 'peer', 'target'],
  ...[
    '7',
    '0xff',
    '"x"',
    '"',
    '\\',
    '#',
    '\n',
    ' ',
    'fault',
    'cut',
    ':',
    'via',
    'times',
    'raw',
    'nothing',
    'as',
    'é',
    '\u0000',
  ],
];

test('whatever is written, a script is read or refused in one line', () => {
  const text = fc.array(fc.constantFrom(...words), { maxLength: 30 }).map((all) => all.join(' '));
  fc.assert(
    fc.property(fc.oneof(text, fc.string({ unit: 'binary', maxLength: 60 })), (script) => {
      expect(problemOf(script)).not.toMatch(/[\n\r\u0000-\u001f]/);
    }),
    { numRuns: 2000 },
  );
});
