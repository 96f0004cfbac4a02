import { describe, expect, test } from 'vitest';
import { channelPacket, message } from '../../../crafter/channel-part.js';
import { build } from '../../../crafter/part.js';
import { peerId } from '../../../crafter/peer-id.js';
import { check } from '../../../crafter/script/check.js';
import { parse } from '../../../crafter/script/parser.js';
import { step } from '../../../crafter/script/run.js';
import { newRun, type RunEffect, type RunEvent } from '../../../crafter/script/run-state.js';
import { dialectNamed } from '../../../dissectors/channel/dialects.js';
import { dissectChannel } from '../../../dissectors/channel/dissect.js';
import { summarizeChannel } from '../../../dissectors/channel/explain.js';
import { viewOf } from '../../../dissectors/wire/view.js';

const HMAC = dialectNamed('hmac');
const US = peerId('connector');
const THEM = peerId('listener');
const ID = 0x1a2b3c4d;

/** A packet of the other peer on the channel. */
const theirs = (window: number, sender = THEM): Uint8Array =>
  build(channelPacket(HMAC, { sender, recipient: US, id: ID }, [message(HMAC, 'DATA_WINDOW', { window })]));

const came = (bytes: Uint8Array, via = 1): RunEvent => ({ type: 'packet', bytes, via });

const summary = (bytes: Uint8Array): string =>
  summarizeChannel(dissectChannel(viewOf(bytes), 0, { captured: bytes.length, wire: bytes.length }));

/** An effect in a few words. */
function told(effect: RunEffect): string {
  switch (effect.type) {
    case 'send':
      return `send ${summary(effect.bytes)}${effect.via > 1 ? ` via ${effect.via}` : ''}`;
    case 'wait':
      return `wait ${effect.until}`;
    case 'command':
      return `${effect.name} ${JSON.stringify(effect.given)}`;
    case 'passed':
      return `line ${effect.step.line} at ${effect.at}`;
    case 'ignored':
      return `ignored ${summary(effect.packet.bytes)}`;
    case 'done': {
      const { outcome } = effect;
      if (outcome.verdict !== 'fail') return outcome.verdict;
      const { failure } = outcome;
      return failure.kind === 'mismatch' ? `${failure.mismatch.field}: ${failure.mismatch.actual}` : failure.kind;
    }
  }
}

/** Plays events, with their times in milliseconds, to a script: a whole conversation, on a clock made of numbers. */
function play(
  text: string,
  ...events: readonly (readonly [at: number, event: RunEvent | 'tick'])[]
): readonly string[] {
  let run = newRun(check(parse('a', `let id = 0x1a2b3c4d\n${text}`)), 1);
  const effects: string[] = [];
  for (const [at, event] of [[0, { type: 'start' }] as const, ...events]) {
    const [next, asked] = step(run, event === 'tick' ? { type: 'tick' } : event, at);
    run = next;
    effects.push(...asked.map(told));
  }
  return effects;
}

describe('a run', () => {
  test('sends a packet at its time, not before', () => {
    expect(play('0.5 > data("x")', [200, 'tick'], [500, 'tick'])).toEqual([
      'wait 500',
      'wait 500',
      'send 1a2b3c4d seq 0 DATA 1',
      'line 2 at 500',
      'pass',
    ]);
  });

  test('counts relative times from when the line before happened', () => {
    const text = '* < window()\n+0.2 > close()';
    expect(play(text, [700, came(theirs(1))], [900, 'tick'])).toEqual([
      'wait 2000',
      'line 2 at 700',
      'wait 900',
      'send 1a2b3c4d seq 0 CLOSE done',
      'line 3 at 900',
      'pass',
    ]);
  });

  test('sends many packets in bursts, and counts on from the last of them', () => {
    const text = '0.0 > data("x") times 150\n+5 > window(1)';
    const effects = play(text, [700, 'tick'], [900, 'tick'], [5800, 'tick'], [5900, 'tick']);
    const bursts = effects.join('\n').split(/wait \d+/);
    expect(bursts.map((burst) => [...burst.matchAll(/send/g)].length)).toEqual([64, 64, 22, 0, 1]);
    expect(effects.filter((effect) => !effect.startsWith('send'))).toEqual([
      'wait 0',
      'wait 700',
      'line 2 at 900',
      'wait 5900',
      'wait 5900',
      'line 3 at 5900',
      'pass',
    ]);
  });

  test('numbers what it sends on a channel, but not what is given a number out of turn', () => {
    const text = '0.0 > chan(sequence=7) data("a")\n+0 > data("b")\n+0 > data("c")\n+0 > window(1)';
    expect(play(text).filter((effect) => effect.startsWith('send'))).toEqual([
      'send 1a2b3c4d seq 7 DATA 1',
      'send 1a2b3c4d seq 0 DATA 1',
      'send 1a2b3c4d seq 1 DATA 1',
      'send 1a2b3c4d seq 2 WINDOW 1',
    ]);
  });

  test('keeps packets that come while it waits to send', () => {
    const text = '0.5 > data("x")\n* < window(9)';
    expect(play(text, [100, came(theirs(9))], [500, 'tick'])).toEqual([
      'wait 500',
      'wait 500',
      'send 1a2b3c4d seq 0 DATA 1',
      'line 2 at 500',
      'line 3 at 100',
      'pass',
    ]);
  });

  test.each([
    ['nothing in time', '* < window()', [[2000, 'tick'] as const], 'nothing came'],
    ['another value', '* < window(5)', [[10, came(theirs(6))] as const], 'window of DATA_WINDOW: 6'],
    ['another message', '* < data()', [[10, came(theirs(6))] as const], 'messages: DATA_WINDOW'],
    [
      'another sender',
      '* < window()',
      [[10, came(theirs(6, peerId('mallory')))] as const],
      `sender: ${hex('mallory')}`,
    ],
    ['another port', '* < window()', [[10, came(theirs(6), 2)] as const], 'port: port 2'],
    ['no packet at all', '* < window()', [[10, came(Uint8Array.of(1, 2, 3))] as const], 'packet: 010203'],
    ['a packet too early', '0.5 < window()', [[449, came(theirs(6))] as const], 'too early'],
    ['a packet too late', '0.5 < window()', [[551, came(theirs(6))] as const], 'too late'],
    ['a packet before its span', '0.2..0.3 < window()', [[199, came(theirs(6))] as const], 'too early'],
    ['something instead of nothing', '+0.5 < nothing\n+0 > window(1)', [[500, came(theirs(6))] as const], 'unexpected'],
  ])('fails on %s', (_, text, events, problem) => {
    expect(play(text, ...events).at(-1)).toBe(problem);
  });

  test.each([
    ['a packet within the tolerance', '0.5 < window()', [[450, came(theirs(6))] as const]],
    ['a packet within its span', '0.2..0.3 < window()', [[300, came(theirs(6))] as const]],
    [
      'a packet after the time of nothing',
      '+0.5 < nothing\n+0 > window(1)',
      [[500, 'tick'] as const, [501, came(theirs(6))] as const],
    ],
    ['a range', '* < window(1..6)', [[1, came(theirs(6))] as const]],
    ['anything else', '* < window(!5)', [[1, came(theirs(6))] as const]],
    ['bits of the header', '* < chan(flags.spin=false, sequence=0) window()', [[1, came(theirs(6))] as const]],
    ['what may come', '* <? data()\n* < window(6)', [[1, came(theirs(6))] as const]],
    [
      'what may come and does not',
      '* <? data()\n* < window(6)',
      [[2000, 'tick'] as const, [3000, came(theirs(6))] as const],
    ],
    [
      'what is ignored',
      'ignore window(1)\n* < window(6)',
      [[1, came(theirs(1))] as const, [2, came(theirs(6))] as const],
    ],
    [
      'repeats',
      'ignore repeats\n* < window(1)\n+1 < nothing',
      [[1, came(theirs(1))] as const, [2, came(theirs(1))] as const, [1001, 'tick'] as const],
    ],
    ['raw bytes', '* < raw 0x010203', [[1, came(Uint8Array.of(1, 2, 3))] as const]],
  ])('passes on %s', (_, text, events) => {
    expect(play(text, ...events).at(-1)).toBe('pass');
  });

  test('learns who the other peer is from the first packet', () => {
    const text = 'remote *\n* < window()\n+0 > window(1)\n* < chan(sender=remote) window()';
    const bob = peerId('bob');
    expect(play(text, [1, came(theirs(1, bob))], [2, came(theirs(2, bob))]).at(-1)).toBe('pass');
    expect(play(text, [1, came(theirs(1, bob))], [2, came(theirs(2))]).at(-1)).toBe(
      `sender of the packet: ${hex('listener')}`,
    );
  });

  test('does nothing any more once it is over', () => {
    expect(play('* < window()', [10, came(theirs(1))], [20, came(theirs(2))], [30, 'tick'])).toEqual([
      'wait 2000',
      'line 2 at 10',
      'pass',
    ]);
  });

  test('ends when nobody is there', () => {
    expect(play('* < window()', [10, { type: 'unreachable', why: 'connection refused' }])).toEqual([
      'wait 2000',
      'unreachable',
    ]);
  });

  test('changes no run that it was given', () => {
    const script = check(parse('a', 'let id = 7\n0.0 > data("x") times 3\n* < window()'));
    const before = newRun(script, 5);
    const once = step(before, { type: 'start' }, 0);
    expect(step(before, { type: 'start' }, 0)).toEqual(once);
    expect(before).toEqual(newRun(script, 5));
  });
});

function hex(name: string): string {
  return Buffer.from(peerId(name)).toString('hex');
}
