import { describe, expect, test } from 'vitest';
import { endpointFrom } from '../../../crafter/endpoint.js';
import { playOverUdp } from '../../../crafter/io/udp-play.js';
import { check } from '../../../crafter/script/check.js';
import { parse } from '../../../crafter/script/parser.js';
import type { Play } from '../../../crafter/script/play.js';
import { failureText, storyText, verdictLine } from '../../../crafter/script/report.js';

const signal = new AbortController().signal;

const RESPONDER = `role responder
secret "of the responder"
tolerance 1
* < new() -> c1, cookie1
+0 > ack() -> id, cookie2
* < finalize(id=id, cookie2=valid, caps=tcp)
+0 > chan(sequence=responder_start(cookie2)) window(16)
* < data("over the wire") -> sequence as number
+0 > progress(number + 1) window(16)`;

const INITIATOR = `0.0 > new() -> c1
* < ack(id=c1..., cookie1=valid) -> id, cookie2
+0 > finalize(caps=tcp)
* < window(16)
+0 > data("over the wire")
* < progress() window()`;

const told = (play: Play): string => verdictLine(play) + failureText(play) + storyText(play);

describe.each(['127.0.0.1', '::1'])('over UDP at %s', (host) => {
  test('a script that listens and one that calls play with each other', async () => {
    const listening = check(parse('responder', RESPONDER), { target: { kind: 'listen', host, port: 0 } });
    let called: Promise<Play> | undefined;
    const responder = await playOverUdp(listening, 1, {
      signal,
      onListening: (address) => {
        const target = { kind: 'udp', ...(endpointFrom(address) ?? { host, port: 1 }) } as const;
        called = playOverUdp(check(parse('initiator', INITIATOR), { target }), 2, { signal });
      },
    });
    const initiator = await called;
    expect(responder.outcome, told(responder)).toEqual({ verdict: 'pass' });
    expect(initiator?.outcome, initiator && told(initiator)).toEqual({ verdict: 'pass' });
    expect(responder.packets.map(({ way, bytes }) => [way, bytes.length])).toEqual([
      ['came', 89],
      ['sent', 89],
      ['came', 75],
      ['sent', 55],
      ['came', 67],
      ['sent', 62],
    ]);
  });
});

test('Ctrl-C ends a script that waits', async () => {
  const controller = new AbortController();
  const script = check(parse('a', 'role responder\n* < new()'), {
    target: { kind: 'listen', host: '127.0.0.1', port: 0 },
  });
  const play = await playOverUdp(script, 1, { signal: controller.signal, onListening: () => controller.abort() });
  expect(play.outcome).toEqual({ verdict: 'unreachable', why: 'interrupted' });
});
