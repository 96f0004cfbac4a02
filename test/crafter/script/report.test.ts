import { expect, test } from 'vitest';
import { peerId } from '../../../crafter/peer-id.js';
import { check } from '../../../crafter/script/check.js';
import { parse } from '../../../crafter/script/parser.js';
import { failureText, storyText, verdictLine } from '../../../crafter/script/report.js';
import { playJson } from '../../../crafter/script/report-json.js';
import { playVirtually } from '../../../crafter/script/virtual-play.js';
import { cookieKey } from '../../../dissectors/channel/cookie.js';
import { dialectNamed } from '../../../dissectors/channel/dialects.js';
import { toHex } from '../../../dissectors/wire/view.js';

const SCRIPT = `secret 00ff
network delay=10

0.0  > new(c1=0x1a2b) -> c1
*    < ack(id=c1..., cookie1=0x00000000000000000000000000000000)`;

/** What the peer returns, since the script has sent it. */
const COOKIE1 = toHex(
  cookieKey(
    dialectNamed('hmac'),
    Uint8Array.of(0x00, 0xff),
  )({
    initiator: peerId('connector'),
    responder: peerId('listener'),
    c1: 0x1a2b,
  }),
);

const play = (text: string) => playVirtually(check(parse('a.hs', text)), 3);

test('a failed expectation shows its line, the field, expected and actual, and the packet', () => {
  const failed = play(SCRIPT);
  expect(verdictLine(failed)).toBe('FAIL a.hs:5: cookie1 of CHANNEL_ACKNOWLEDGE is not what was expected');
  expect(failureText(failed).split('\n').slice(0, 8)).toEqual([
    '     5 | *    < ack(id=c1..., cookie1=0x00000000000000000000000000000000)',
    '    field     cookie1 of CHANNEL_ACKNOWLEDGE',
    '    expected  00000000000000000000000000000000',
    `    actual    ${COOKIE1}`,
    '    packet    at 0.02 s, 89 bytes, to port 1',
    '      Channel Protocol (hmac), Channel: f0f0f0f0',
    '        [Dialect: hmac]',
    '        Protocol id: 99838caa',
  ]);
  expect(storyText(failed)).toBe(
    ['         0 s  > NEW 1a2b', `      0.02 s  < ACKNOWLEDGE ${idIn(storyText(failed))}  (line 5 fails)`, ''].join(
      '\n',
    ),
  );
});

/** The id in a text; which one it is depends on the peer's chance. */
const idIn = (text: string): string => /1a2b[0-9a-f]{4}/.exec(text)?.[0] ?? '';

test('a report for machines has the same', () => {
  const { failure, packets, ...rest } = playJson(play(SCRIPT)) as {
    readonly failure: Readonly<Record<string, unknown>>;
    readonly packets: readonly unknown[];
  };
  expect(rest).toEqual({ script: 'a.hs', verdict: 'fail', seed: 3, duration: 0.02 });
  expect(packets.length).toBe(2);
  expect({ ...failure, packet: '' }).toEqual({
    line: 5,
    column: 1,
    text: '*    < ack(id=c1..., cookie1=0x00000000000000000000000000000000)',
    time: 0.02,
    kind: 'mismatch',
    problem: 'cookie1 of CHANNEL_ACKNOWLEDGE is not what was expected',
    field: 'cookie1 of CHANNEL_ACKNOWLEDGE',
    expected: '00000000000000000000000000000000',
    actual: COOKIE1,
    packet: '',
  });
});

test('what a script says cannot move the cursor', () => {
  const failed = play('0.0 > raw "\u001b]0;title\u0007"\n+0.1 < raw "\u001b[2J"');
  expect(`${verdictLine(failed)}${failureText(failed)}${storyText(failed)}`).not.toMatch(
    /[\u0000-\u0009\u000b-\u001f]/,
  );
});

test('the same seed makes the same play', () => {
  const text =
    'local random\nnetwork loss=30, delay=5, jitter=20\n0.0 > new() times 20\n+1 <? ack() ...\n+9 <? ack() ...';
  expect(play(text)).toEqual(play(text));
});

test.each([
  ['0.0 ! open(udp)\n+0 ! send(repeat("x", 1200))', 2, 'cannot send: a message holds at most 1145 bytes, not 1200'],
  ['local "x"\nremote "x"\n0.0 ! open(tcp)', 3, 'cannot open: not the id of another peer'],
  ['peer channels=1\n0.0 ! open(tcp)\n+0 ! open(tcp)', 3, 'cannot open: it has no room for one more channel'],
])('what the built-in peer cannot do fails its line, and is told as such', (text, line, problem) => {
  // Whatever follows happens no more, though it is due at the same time.
  const failed = play(`role responder\n${text}\n+0 > raw 0x00\n*  < new()`);
  expect(verdictLine(failed)).toBe(`FAIL a.hs:${line + 1}: the built-in peer ${problem}`);
  expect(failureText(failed)).toContain(`actual    the built-in peer ${problem}`);
  expect(playJson(failed)).toMatchObject({ verdict: 'fail', failure: { line: line + 1, kind: 'refused' } });
  expect(failed.packets.filter(({ way }) => way === 'sent')).toEqual([]);
});
