import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { endpointFrom } from '../../../crafter/endpoint.js';
import { playOverUdp } from '../../../crafter/io/udp-play.js';
import { check } from '../../../crafter/script/check.js';
import { parse } from '../../../crafter/script/parser.js';
import type { Play } from '../../../crafter/script/play.js';
import { failureText, storyText, verdictLine } from '../../../crafter/script/report.js';
import { ScriptError } from '../../../crafter/script/script-error.js';

const signal = new AbortController().signal;
const host = '127.0.0.1';
const told = (play: Play): string => verdictLine(play) + failureText(play) + storyText(play);

/** Plays two scripts with each other over UDP. */
async function playBoth(answers: string, asks: string): Promise<readonly Play[]> {
  const listening = check(parse('answers', `role responder\n${answers}`), {
    target: { kind: 'listen', host, port: 0 },
  });
  let called: Promise<Play> | undefined;
  const one = await playOverUdp(listening, 1, {
    signal,
    onListening: (address) => {
      const target = { kind: 'udp', ...(endpointFrom(address) ?? { host, port: 1 }) } as const;
      called = playOverUdp(check(parse('asks', `tolerance 1\n${asks}`), { target }), 2, { signal });
    },
  });
  const other = await called;
  return other ? [one, other] : [one];
}

const COOKIE = '0x1111111111111111';
const SERVER = `* < dns.query(qry.name="example.org") -> id, opt.cookie.client as client
+0 > dns.badcookie(id=id, opt.cookie.client=client, opt.cookie.server=${COOKIE})
* < dns.query(opt.cookie.server=${COOKIE}) -> id as second
+0 > dns.answer(id=second, a=0xc0000201)`;

test('the script of the page asks a name server that insists on its cookie', async () => {
  const page = readFileSync('docs/scripts.md', 'utf8');
  const [, script = ''] = /```text\n(# Does this name server.*?)```/s.exec(page) ?? [];
  for (const play of await playBoth(SERVER, script)) expect(play.outcome, told(play)).toEqual({ verdict: 'pass' });
});

test('messages are told by their type, and by every field that is named', async () => {
  const responder = `* < wg.initiation(mac2=0x${'00'.repeat(16)}) -> sender
+0 > wg.cookie(receiver=sender, nonce=0x${'05'.repeat(24)})`;
  const [, asks] = await playBoth(responder, '0.0 > wg.initiation(sender=7)\n* < wg.response(receiver=7)');
  expect(asks && failureText(asks)).toContain('type of wg.response');
  const [, right] = await playBoth(responder, '0.0 > wg.initiation(sender=7)\n* < wg.cookie(receiver=7)');
  expect(right?.outcome, right && told(right)).toEqual({ verdict: 'pass' });
  const [, wrong] = await playBoth(responder, '0.0 > wg.initiation(sender=7)\n* < wg(type=3, receiver=8)');
  expect(wrong && failureText(wrong)).toContain('receiver of wg');
});

test('what is no such message fails, with its bytes', async () => {
  const [answers] = await playBoth('* < stun.binding()', '0.0 > raw 0x00010203');
  expect(answers && failureText(answers)).toContain('a message stun.binding');
});

test('faults damage them, texts and numbers fit their fields', async () => {
  const both = await playBoth('* < raw 0x0113000021', '0.0 > stun.challenge(att.nonce="one", length=0) fault cut:31');
  for (const play of both) expect(play.outcome, told(play)).toEqual({ verdict: 'pass' });
});

test.each([
  ['0.0 > wg.hello()', '1:7: "wg.hello" is no message'],
  ['0.0 > wg.initiation(sendr=7)', 'wg.initiation has no field sendr; did you mean sender?'],
  ['0.0 > wg.initiation() new()', 'wg.initiation(…) stands alone: a datagram holds one of them'],
  ['0.0 > wg.initiation(counter=7)', 'wg.initiation(…): a message of this type has no field counter'],
  ['* < wg.initiation() -> cookie9', 'wg.initiation has no field cookie9'],
  ['0.0 > wg.initiation(sender=4294967296)', 'sender holds at most 4294967295, found 4294967296'],
])('%s is refused', (script, problem) => {
  expect(() => check(parse('a', script))).toThrow(ScriptError);
  expect(() => check(parse('a', script))).toThrow(problem);
});
