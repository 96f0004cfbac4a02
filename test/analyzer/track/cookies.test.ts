import { describe, expect, test } from 'vitest';
import { parseSecrets } from '../../../analyzer/secrets/secrets.js';
import { CookieJudge, MOST_WORK, reasonOf } from '../../../analyzer/track/cookies.js';
import { cookieKey } from '../../../dissectors/channel/cookie.js';
import { type DialectName, dialectNamed } from '../../../dissectors/channel/dialects.js';
import { fromHex, toHex } from '../../../dissectors/wire/view.js';
import { ALICE, BOB, BOTH, establish, Kit, Watch, wrong } from './watch.js';

const ID = toHex(ALICE);
const input = { initiator: ALICE, responder: BOB, c1: 0x1a2b };
const cookieOf = (secret: string, dialect: DialectName = 'hmac') =>
  cookieKey(dialectNamed(dialect), fromHex(secret))(input);

/** What secrets say of a cookie of alice's, made with the secret `aa`, at second 100. */
function judged(secrets: string, dialect: DialectName = 'hmac') {
  const judge = new CookieJudge(parseSecrets(secrets, 'f'));
  const moment = { seconds: 100, nanos: 0 };
  return judge.judge(dialectNamed(dialect), ID, input, cookieOf('aa', dialect), moment);
}

describe('by its secrets a cookie is', () => {
  const mine = (rest: string): string => `PEER_SECRET ${ID} ${rest}`;
  const theirs = `PEER_SECRET ${toHex(BOB)} aa`;

  test.each([
    ['valid', mine('aa'), { status: 'valid', secret: 0, tried: 1 }],
    ['valid by the second of two', `${mine('bb')}\n${mine('aa')}`, { status: 'valid', secret: 1, tried: 2 }],
    ['valid within its time', mine('aa 100 101'), { status: 'valid', secret: 0, tried: 1 }],
    ['valid with an open end', mine('aa 100 -'), { status: 'valid', secret: 0, tried: 1 }],
    ['stale after its time', mine('aa 0 100'), { status: 'stale', secret: 0, tried: 1 }],
    ['stale before its time', mine('aa 101 -'), { status: 'stale', secret: 0, tried: 1 }],
    ['valid before it is stale', `${mine('aa 0 1')}\n${mine('aa')}`, { status: 'valid', secret: 1, tried: 2 }],
    [
      'valid by anybody before it is stale',
      `${mine('aa 0 1')}\nPEER_SECRET * aa`,
      { status: 'valid', secret: 1, tried: 1 },
    ],
    ['stale rather than invalid', `${mine('bb')}\n${mine('aa 0 1')}`, { status: 'stale', secret: 1, tried: 2 }],
    ['invalid', mine('bb'), { status: 'invalid', secret: -1, tried: 1 }],
    [
      'invalid by one, though anybody may have another',
      `${mine('bb')}\nPEER_SECRET * cc`,
      { status: 'invalid', secret: -1, tried: 1 },
    ],
    ['valid by anybody', 'PEER_SECRET * aa', { status: 'valid', secret: 0, tried: 0 }],
    ['stale by anybody', 'PEER_SECRET * aa 0 1', { status: 'stale', secret: 0, tried: 0 }],
    ['never invalid by anybody', 'PEER_SECRET * bb', undefined],
    ['not judged by the secret of another peer', theirs, undefined],
    ['not judged without secrets', '', undefined],
  ])('%s', (_what, secrets, expected) => {
    // No secret speaks of the packet that a cookie returns.
    const verdict = expected && { ...expected, packet: 0 };
    expect(judged(secrets)).toEqual(verdict);
    expect(judged(secrets, 'channeler')).toEqual(verdict);
  });

  test('not judged invalid by more secrets than a packet may have tried', () => {
    const many = Array.from({ length: MOST_WORK + 1 }, (_, place) => mine(place.toString(16).padStart(8, '0')));
    const judge = new CookieJudge(parseSecrets([...many, mine('aa')].join('\n'), 'f'));
    const moment = { seconds: 100, nanos: 0 };
    const verdict = (secret: string) => judge.judge(dialectNamed('hmac'), ID, input, cookieOf(secret), moment);
    expect(verdict('aa')).toBeUndefined();
    // The bound is one of a packet: nothing more is tried for its other cookies.
    expect(verdict('00000000')).toBeUndefined();
    expect(judge.unfinished).toBe(2);
    judge.beginPacket();
    expect(verdict('00000000')).toMatchObject({ status: 'valid', secret: 0 });
  });

  test('judged by secrets that are learnt later', () => {
    const judge = new CookieJudge([]);
    expect(judge.knows(ID)).toBe(false);
    judge.learn(parseSecrets(mine('aa'), 'f'), 1);
    expect([judge.knows(ID), judge.countOf(ID), judge.learned]).toEqual([true, 1, 1]);
  });
});

test('every status has its reason', () => {
  const secrets = parseSecrets('PEER_SECRET * 0102030405\nPEER_SECRET * ""', 'f');
  const reason = (status: Parameters<typeof reasonOf>[0]['status'], secret: number, packet = 0, tried = 0) =>
    reasonOf({ status, secret, packet, tried }, secrets);
  expect([
    reason('valid', 0),
    reason('stale', 1),
    reason('invalid', -1, 0, 1),
    reason('invalid', -1, 0, 3),
    reason('echo-ok', -1, 7),
    reason('echo-bad', -1, 7),
    reason('unknown', -1),
  ]).toEqual([
    'valid: secret #74f81fe1 (f:1) yields it',
    'stale: the empty secret (f:2) yields it, but not at this time',
    'invalid: the one known secret of its creator yields it',
    'invalid: none of 3 known secrets of its creator yields it',
    'echo-ok: no secret known, but equal to that of packet 7',
    'echo-bad: no secret known, and differs from that of packet 7',
    'unknown: no secret known, and nothing to compare with',
  ]);
});

describe('in a conversation', () => {
  const kit = new Kit();
  const play = (secrets: string, given = kit): readonly string[] => {
    const watch = new Watch(secrets);
    return [given.new(), given.acknowledge(), given.finalize()].map(
      (bytes, at) => watch.see(at, bytes).split('= ')[1] ?? '',
    );
  };

  test.each([
    ['both secrets', BOTH, ['valid', 'valid valid', 'valid']],
    ['no secret', '', ['unknown', 'echo-ok unknown', 'echo-ok']],
    ["the initiator's secret", BOTH.split('\n')[1] ?? '', ['valid', 'valid unknown', 'echo-ok']],
    ["the responder's secret", BOTH.split('\n')[2] ?? '', ['unknown', 'echo-ok valid', 'valid']],
    ["anybody's secret that is not theirs", 'PEER_SECRET * 00', ['unknown', 'echo-ok unknown', 'echo-ok']],
    [
      "anybody's secret that is one of theirs",
      `PEER_SECRET * ${'0b'.repeat(32)}`,
      ['unknown', 'echo-ok valid', 'valid'],
    ],
    ['a wrong secret', `PEER_SECRET ${toHex(BOB)} 00`, ['unknown', 'echo-ok invalid', 'invalid']],
  ])('with %s', (_what, secrets, expected) => {
    expect(play(secrets)).toEqual(expected);
  });

  test('with both secrets in the reference dialect', () => {
    expect(play(BOTH, new Kit({ dialect: 'channeler' }))).toEqual(['valid', 'valid valid', 'valid']);
  });

  test('a cookie 1 may be that of any of the last two NEW, where the secret was replaced between', () => {
    const older = new Kit({ initiatorSecret: new Uint8Array(32) });
    const watch = new Watch();
    watch.see(0, older.new());
    watch.see(200, kit.new());
    expect(watch.see(210, older.acknowledge())).toBe('1a2b3c4d acknowledged = echo-ok unknown');
    expect(watch.see(211, kit.acknowledge())).toBe('1a2b3c4d acknowledged ! acknowledge-repeated 3 = echo-ok unknown');
  });

  test('a cookie 2 may be that of any answer, and its numbers start from the one that came back', () => {
    const newer = new Kit({ responderSecret: new Uint8Array(32) });
    const watch = new Watch();
    watch.see(0, kit.new());
    watch.see(10, kit.acknowledge());
    watch.see(210, newer.acknowledge());
    expect(watch.see(211, newer.finalize())).toBe('1a2b3c4d established = echo-ok');
    expect(watch.see(212, newer.data('initiator', 0))).toBe('1a2b3c4d established');
  });

  test('is stale when its secret was replaced before FINALIZE came, and then the channel is not established', () => {
    const secrets = `PEER_SECRET ${toHex(BOB)} ${'0b'.repeat(32)} - 2026-01-02T03:04:06Z`;
    const watch = new Watch(secrets);
    expect([watch.see(0, kit.new()), watch.see(20, kit.acknowledge()), watch.see(1000, kit.finalize())]).toEqual([
      '1a2b new = unknown',
      '1a2b3c4d acknowledged = echo-ok valid',
      '1a2b3c4d acknowledged ! cookie-stale 2 = stale',
    ]);
    expect(watch.rows.map(({ cookies }) => cookies)).toEqual(['echo-ok valid']);
  });

  test('a forgery does not take back what was accepted', () => {
    const watch = new Watch(BOTH);
    establish(watch, kit);
    watch.see(50, kit.finalize({ cookie2: wrong(kit.cookies.cookie2) }));
    watch.see(51, kit.acknowledge({ cookie1: wrong(kit.cookies.cookie1) }));
    expect(watch.rows.map(({ cookies }) => cookies)).toEqual(['valid valid']);
  });

  test('a forgery does not look better than an accepted cookie that could not be judged', () => {
    const watch = new Watch();
    watch.see(0, kit.acknowledge());
    watch.see(1, kit.new());
    expect(watch.see(2, kit.acknowledge({ cookie1: wrong(kit.cookies.cookie1) }))).toContain('= echo-bad unknown');
    expect(watch.rows.map(({ cookies }) => cookies)).toEqual(['unknown unknown']);
  });

  test('an accepted cookie replaces the status of forgeries before it', () => {
    const watch = new Watch();
    watch.see(0, kit.new());
    watch.see(1, kit.acknowledge({ cookie1: wrong(kit.cookies.cookie1) }));
    expect(watch.rows.map(({ cookies }) => cookies)).toEqual(['echo-bad -']);
    watch.see(20, kit.acknowledge());
    expect(watch.rows.map(({ cookies }) => cookies)).toEqual(['echo-ok unknown']);
  });
});
