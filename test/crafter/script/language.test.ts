import { describe, expect, test } from 'vitest';
import { check, type Defines } from '../../../crafter/script/check.js';
import { Lexer } from '../../../crafter/script/lexer.js';
import { cursorOf } from '../../../crafter/script/parse-cursor.js';
import { expressionIn } from '../../../crafter/script/parse-expression.js';
import { type FindIncluded, parse } from '../../../crafter/script/parser.js';
import type { Play } from '../../../crafter/script/play.js';
import { failureText, storyText, verdictLine } from '../../../crafter/script/report.js';
import { ScriptError } from '../../../crafter/script/script-error.js';
import { playVirtually } from '../../../crafter/script/virtual-play.js';

const expressionOf = (text: string) => expressionIn(cursorOf(new Lexer('--define', text)));
const definesOf = (given: Readonly<Record<string, string>>): Defines =>
  new Map(Object.entries(given).map(([name, text]) => [name, expressionOf(text)]));

const played = (text: string, given: Readonly<Record<string, string>> = {}, find?: FindIncluded): Play =>
  playVirtually(check(parse('a.hs', text, find), {}, definesOf(given)), 5);

/** How a play ended, in one line, without its time. */
const verdict = (play: Play): string => verdictLine(play).replace(/ \([\d.]+ s\)$/, '');

function errorOf(text: string, find?: FindIncluded): string {
  try {
    check(parse('a.hs', text, find));
  } catch (error) {
    if (error instanceof ScriptError) return error.message;
    throw error;
  }
  return 'no error';
}

const OPENED = `
0.0 > new() -> c1
*   < ack(id=c1...) -> id, cookie2
+0  > finalize(caps=MODE)
*   < window()
`;
const opened = (mode: string): string => OPENED.replace('MODE', mode);

describe('what the application sees', () => {
  test('is asserted as bytes of a stream, however they were cut', () => {
    const text = `${opened('tcp')}
*   ? opened(tcp)
+0  > data("hel")
+0  > data("lo, wor")
*   ? receive("hello, ")
*   ? receive("wor")
+0.1 ? nothing
+0  > close(done)
*   ? ended()`;
    const play = played(text);
    expect(verdict(play), failureText(play) + storyText(play)).toBe('PASS a.hs');
  });

  test('is asserted as whole messages where the mode is not ordered, in the order of their delivery', () => {
    const text = `${opened('z')}
+0  > data("one") -> sequence as first
+0  > chan(sequence=first + 2) data("three")
+0  > chan(sequence=first + 1) data("two")
*   ? receive("one")
*   ? receive("three")
*   ? receive("tw"...)`;
    expect(verdict(played(text))).toBe('PASS a.hs');
    expect(verdict(played(text.replace('"three")\n*', '"two")\n*')))).toBe(
      'FAIL a.hs:11: the application saw something else',
    );
  });

  test('tells what was seen in place of what was expected', () => {
    const play = played(
      `${opened('y')}\n+0 > data("a") -> sequence as n\n+0 > chan(sequence=n + 2) data("c")\n* ? closed(done)`,
    );
    expect(failureText(play)).toBe(
      [
        '     9 | * ? closed(done)',
        '    expected  that the channel closed as the line says',
        '    actual    the channel closed: loss',
        '',
      ].join('\n'),
    );
  });

  test('comes at its time', () => {
    const gap = `${opened('y')}\n+0 > data("a") -> sequence as n\n+0 > chan(sequence=n + 2) data("c")`;
    expect(verdict(played(`${gap}\n~0.19..0.21 ? closed(loss)`))).toBe('PASS a.hs');
    expect(verdict(played(`${gap}\n~0..0.1 ? closed(loss)`))).toBe('FAIL a.hs:9: the application saw something else');
    expect(verdict(played(`${gap}\n~0.3..0.4 ? closed(loss)`))).toBe('FAIL a.hs:9: the application saw it too early');
    expect(verdict(played(`${gap}\n+0.1 ? nothing\n+0.2 ? nothing`))).toBe(
      'FAIL a.hs:9: the application saw something else',
    );
  });

  test('is not told of other peers', () => {
    expect(errorOf('target udp 127.0.0.1:1\n0.0 > new() -> c1\n* ? closed(loss)')).toBe(
      'a.hs:3:1: only the application of the built-in peer can be watched: what another sees is its own',
    );
    expect(errorOf('0.0 > new()\n* ? recieve("a")')).toBe(
      'a.hs:2:5: no application can see "recieve"; did you mean receive?',
    );
  });
});

describe('a peer that sends back what it receives', () => {
  test('keeps messages as they are, cuts those that fit no packet, and ends after all of it', () => {
    const text = `peer echo=true
ignore chan(id=*) progress() window()
${opened('z')}
+0  > data("small") data(repeat("x", 3000)) -> sequence as n
*   < ... data("small") ... -> sequence as first
*   < data(repeat("x", 1145)) times 2
*   < ... data(repeat("x", 710)) ...
+0  > progress(next=first + 4) window(16)
+0  > chan(sequence=n + 1) close(done)
*   < close(done)`;
    const play = played(text);
    expect(verdict(play), failureText(play) + storyText(play)).toBe('PASS a.hs');
  });
});

describe('lines in either order', () => {
  const text = (first: string, second: string) => `peer echo=true\n${opened('tcp')}
+0  > data("hello") -> sequence as n
*   < ${first}
&   < ${second}
+0  > progress(next=m + 1) window(16)
+0.5 < nothing`;
  const [report, echo] = ['progress(next=n + 1) window()', 'data("hello") -> sequence as m'];

  test('come in the one order as in the other', () => {
    expect(verdict(played(text(report, echo)))).toBe('PASS a.hs');
    expect(verdict(played(text(echo, report)))).toBe('PASS a.hs');
  });

  test('must all come', () => {
    expect(verdict(played(text(report, echo).replace('peer echo=true', '')))).toBe('FAIL a.hs:10: nothing came');
  });

  test('follow a line that expects something, in the same block', () => {
    expect(errorOf('0.0 > new()\n& < ack()')).toContain('"&" needs a line before that expects a packet');
    expect(errorOf('0.0 > new()\n* < ack()\n& > new()')).toContain('"&" is for packets that are expected');
    expect(errorOf('0.0 > new()\n* <? ack()\n& < ack()')).toContain('"&" needs a line before');
  });
});

describe('repeats', () => {
  const asked = (line: string) => `role responder\n0.0 ! open(tcp)\n${line}`;

  test('are counted', () => {
    expect(verdict(played(asked('* < new() times 4\n+1 < nothing')))).toBe('PASS a.hs');
    expect(verdict(played(asked('* < new() times 3\n+1 < nothing')))).toBe(
      'FAIL a.hs:4: a packet came where nothing was expected',
    );
    expect(verdict(played(asked('* < new() times 7\n')))).toBe('FAIL a.hs:3: nothing came');
  });

  test('may come up to a number of times, or not at all', () => {
    expect(verdict(played(`timeout 4\n${asked('~0..1 < new() times 1..9\n* < new() times 2\n+5 < nothing')}`))).toBe(
      'PASS a.hs',
    );
    expect(verdict(played(asked('* < new()\n* <? window() times 3\n* < new()')))).toBe('PASS a.hs');
    expect(errorOf('0.0 > new()\n* < ack() times 3..2')).toContain('from 3 to 2 times is never');
    expect(errorOf('0.0 > new()\n* < ack() times 2000')).toContain('expected a number of times from 1 to 1000');
  });
});

describe('values', () => {
  const data = (value: string, given = {}): string => {
    const [first] = played(`let id = 0x11112222\n0.0 > window(${value})`, given).packets;
    return String((((first?.bytes.at(-6) ?? 0) << 8) | (first?.bytes.at(-5) ?? 0)).toString(16));
  };

  test.each([
    ['0xf0f0 & 0x0ff0', 'f0'],
    ['1 << 4 | 3', '13'],
    ['0xff ^ 0x0f', 'f0'],
    ['~0', 'ffff'],
    ['~(1 << 15)', '7fff'],
    ['0x1234 >> 4 + 4', '12'],
    ['(1 + 2) << 1', '6'],
    ['1 | 6 & 3', '3'],
  ])('has the bits of %s', (value, wanted) => expect(data(value)).toBe(wanted));

  test('are given from outside, in place of those that the script sets', () => {
    expect(data('n + 1', { n: '7' })).toBe('8');
    const [first] = played('let n = 1\nlet id = 0x11112222\n0.0 > window(n)', { n: '0x0909' }).packets;
    expect(first?.bytes.at(-5)).toBe(9);
  });

  test('that nothing asks for are told', () => {
    const script = check(parse('a.hs', '0.0 > new()'), {}, definesOf({ other: '1' }));
    expect(script.unused).toEqual(['other']);
  });

  test('do not nest without end', () => {
    expect(errorOf(`let a = ${'('.repeat(2000)}1${')'.repeat(2000)}\n0.0 > window(a)`)).toContain(
      'values nest deeper than 32',
    );
    expect(errorOf(`let a = ${'1&'.repeat(2000)}1\n0.0 > window(a)`)).toContain('more than 100 operations');
  });
});

describe('conditions', () => {
  const text = `let mode = tcp
0.0 > new() -> c1
*   < ack(id=c1...) -> id, cookie2
+0  > finalize(caps=mode)
*   < window()
+0  > data("x") -> sequence as n
if mode & 1 == 1 and not mode == 0
*   < progress(next=n + 1) window()
else if mode == udp
+0.3 < nothing
else
+0.4 < nothing
end
+0.1 < nothing`;

  test.each([
    ['tcp', 'line 8'],
    ['udp', 'line 10'],
    ['x', 'line 12'],
  ])('choose the lines for %s', (mode, line) => {
    const play = played(text, { mode });
    expect(verdict(play), failureText(play)).toBe('PASS a.hs');
    expect(storyText(play)).toContain(line);
  });

  test('compare bytes and numbers', () => {
    const happens = (condition: string): boolean =>
      played(
        `let n = 5\nlet b = random(4)\nlet id = 0x11112222\n0.0 > window(n) chan()`.replace(' chan()', '') +
          `\nif ${condition}\n+0 > raw b\nend`,
      ).packets.length === 2;
    expect(happens('n >= 5')).toBe(true);
    expect(happens('n < 5 or n > 5')).toBe(false);
    expect(happens('"abc" < "abd"')).toBe(true);
    expect(happens('b == b')).toBe(true);
    expect(happens('b != 0x00000000')).toBe(true);
    expect(happens('n == 0x05')).toBe(true);
  });

  test('need an end', () => {
    expect(errorOf('if 1 == 1\n0.0 > new()')).toContain('a.hs:1:1: this "if" has no "end"');
    expect(errorOf('0.0 > new()\nend')).toContain('a.hs:2:1: expected a line; no "if" is open, found "end"');
    expect(errorOf('if n\n0.0 > new()\nend')).toContain('expected one of == != < <= > >=');
  });
});

describe('included files', () => {
  const files: Readonly<Record<string, string>> = {
    'settings.hs': 'dialect seqno\nlet id = 0x11112222',
    'bad.hs': '\n\n+0 > nonsense()',
    'fails.hs': '\n+0.1 < window()',
    'self.hs': 'include "self.hs"',
  };
  const find: FindIncluded = (name) => ({ file: name, text: files[name] ?? '' });

  test('are read where they are named', () => {
    const play = played('include "settings.hs"\n0.0 > window(1)', {}, find);
    expect(play.script.dialect.name).toBe('seqno');
    expect(verdict(play)).toBe('PASS a.hs');
  });

  test('have errors and failures at their own lines', () => {
    expect(errorOf('0.0 > new()\ninclude "bad.hs"', find)).toContain('bad.hs:3:6: "nonsense" is no message');
    const play = played('let id = 0x11112222\n0.0 > window(1)\ninclude "fails.hs"\n+0 > window(2)', {}, find);
    expect(verdict(play)).toBe('FAIL fails.hs:2: nothing came');
    expect(failureText(play)).toContain('     2 | +0.1 < window()');
    expect(errorOf('include "fails.hs"\n0.0 > nothing()', find)).toContain('a.hs:2:7: "nothing" is no message');
  });

  test('do not include themselves', () => {
    expect(errorOf('include "self.hs"', find)).toContain('is one file too many; does it include itself?');
    expect(errorOf('include "self.hs"')).toContain('nothing can be included here');
  });
});

describe('packets', () => {
  test('are lost on the way, by their numbers', () => {
    const play = played('role responder\ndrop packet 1..2, 4\n0.0 ! open(tcp)\n~0.5..0.7 < new()\n~2..3 < new()');
    expect(verdict(play), storyText(play)).toBe('PASS a.hs');
    expect(play.packets.map(({ isLost }) => isLost)).toEqual([true, true, false, true, false]);
    expect(storyText(play)).toContain('(lost)');
  });

  test('are passed over by a variable that a line keeps later', () => {
    const text = `role responder
ignore new(c1=first)
0.0 ! open(tcp)
*   < new() -> c1 as first
+2  < nothing`;
    expect(verdict(played(text))).toBe('PASS a.hs');
  });

  test('that were sent again are told with the line that each was taken by', () => {
    const play = played('role responder\n0.0 ! open(tcp)\n* < new()\n+0.2 < new()\n+0.4 < new()');
    const told = [...storyText(play).matchAll(/< .*\((.*)\)/g)].map(([, note]) => note);
    expect(told).toEqual(['line 3', 'line 4', 'line 5']);
  });
});
