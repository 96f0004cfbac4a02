import { describe, expect, test } from 'vitest';
import { DEFAULT_CHANNEL } from '../../../dissectors/channel/packet.js';
import { ALICE, BOB, BOTH, establish, Kit, Watch, wrong } from './watch.js';

const hmac = new Kit();

describe('a handshake', () => {
  test('goes from new to acknowledged to established, and its round trips are measured', () => {
    const watch = new Watch(BOTH);
    expect([
      watch.see(0, hmac.new()),
      watch.see(20.5, hmac.acknowledge()),
      watch.see(20.8, hmac.finalize()),
      watch.see(41, hmac.window('responder')),
      watch.see(42, hmac.data('initiator', 0)),
    ]).toEqual([
      '1a2b new = valid',
      '1a2b3c4d acknowledged = valid valid',
      '1a2b3c4d established = valid',
      '1a2b3c4d established',
      '1a2b3c4d established',
    ]);
    expect(watch.rows).toEqual([
      {
        id: '1a2b3c4d',
        by: 'alice',
        state: 'established',
        mode: 'tcp',
        cookies: 'valid valid',
        span: '1-5',
        rtt: '20500 300',
        out: { packets: 1, bytes: 64, data: 1, dataBytes: 10 },
        back: { packets: 1, bytes: 55 },
      },
    ]);
  });

  test.each(['hmac-newcaps', 'seqno', 'channeler'] as const)('is followed in %s as well', (dialect) => {
    const kit = new Kit({ dialect });
    const watch = new Watch(BOTH);
    establish(watch, kit);
    watch.see(50, kit.data('initiator', 0));
    const numbered = dialect !== 'channeler';
    expect(watch.rows).toEqual([
      {
        id: '1a2b3c4d',
        by: 'alice',
        state: 'established',
        mode: 'tcp',
        ...(dialect !== 'seqno' && { cookies: 'valid valid' }),
        span: numbered ? '1-5' : '1-4',
        rtt: '20000 1000',
        out: { packets: 1, bytes: 64, data: 1, dataBytes: 10 },
        ...(numbered && { back: { packets: 1, bytes: 55 } }),
      },
    ]);
  });

  test('knows its capabilities where the dialect tells them', () => {
    const modes = (['hmac', 'hmac-newcaps', 'seqno', 'channeler'] as const).map((dialect) => {
      const kit = new Kit({ dialect, mode: 'y' });
      const watch = new Watch();
      return [kit.new(), kit.acknowledge(), kit.finalize()].map((bytes, at) => watch.fold(at, bytes).channels[0]?.caps);
    });
    expect(modes).toEqual([
      [undefined, undefined, 6],
      [6, 6, 6],
      [6, 6, 6],
      [undefined, undefined, 6],
    ]);
  });

  test('measures from the newest NEW before the first accepted ACKNOWLEDGE to the first FINALIZE', () => {
    const watch = new Watch(BOTH);
    expect([
      watch.see(0, hmac.new()),
      watch.see(200, hmac.new()),
      watch.see(210, hmac.acknowledge({ cookie1: wrong(hmac.cookies.cookie1) })),
      watch.see(230, hmac.acknowledge()),
      watch.see(235, hmac.new()),
      watch.see(240, hmac.acknowledge()),
      watch.see(250, hmac.finalize()),
      watch.see(450, hmac.finalize()),
    ]).toEqual([
      '1a2b new = valid',
      '1a2b new ! new-repeated 1 = valid',
      '1a2b new ! cookie-invalid 1 = invalid valid',
      '1a2b3c4d acknowledged = valid valid',
      '1a2b3c4d acknowledged ! new-repeated 2 2 = valid',
      '1a2b3c4d acknowledged ! acknowledge-repeated 4 = valid valid',
      '1a2b3c4d established = valid',
      '1a2b3c4d established ! finalize-repeated 7 = valid',
    ]);
    expect(watch.rows.map(({ rtt, span }) => [rtt, span])).toEqual([['30000 20000', '1-8']]);
  });

  test('is one of several in a packet, each followed by itself', () => {
    const other = new Kit({ id: 0x20000001 });
    const watch = new Watch(BOTH);
    const all = (messages: Parameters<Kit['packet']>[1], from: 'initiator' | 'responder' = 'initiator') =>
      hmac.packet(from, messages, { id: DEFAULT_CHANNEL });
    expect([
      watch.see(0, all([hmac.newMessage(), other.newMessage()])),
      watch.see(20, all([hmac.acknowledgeMessage(), other.acknowledgeMessage()], 'responder')),
      watch.see(21, all([hmac.finalizeMessage({ cookie2: wrong(hmac.cookies.cookie2) }), other.finalizeMessage()])),
    ]).toEqual([
      '1a2b new, 2000 new = valid valid',
      '1a2b3c4d acknowledged, 20000001 acknowledged = valid valid valid valid',
      '1a2b3c4d acknowledged, 20000001 established ! cookie-invalid 2 = invalid valid',
    ]);
  });

  test('is of its dialect: the same ids in another are another channel', () => {
    const watch = new Watch();
    watch.see(0, hmac.new());
    expect(watch.see(10, new Kit({ dialect: 'hmac-newcaps' }).acknowledge())).toBe(
      '1a2b3c4d acknowledged ! new-unseen = unknown unknown',
    );
    expect(watch.rows.map(({ state }) => state)).toEqual(['new', 'acknowledged']);
  });
});

describe('an ACKNOWLEDGE', () => {
  test('with a wrong cookie 1 changes nothing', () => {
    const watch = new Watch();
    watch.see(0, hmac.new());
    const before = watch.rows;
    expect(watch.see(5, hmac.acknowledge({ id: 0x1a2b6666, cookie1: wrong(hmac.cookies.cookie1) }))).toBe(
      '1a2b new ! cookie-echo-bad 1 1 = echo-bad unknown',
    );
    expect(watch.rows).toEqual([{ ...before[0], cookies: 'echo-bad -' }]);
    expect(watch.see(20, hmac.acknowledge())).toBe('1a2b3c4d acknowledged = echo-ok unknown');
    expect(watch.rows).toEqual([
      { ...before[0], id: '1a2b3c4d', state: 'acknowledged', cookies: 'echo-ok unknown', span: '1-3', rtt: '20000 -' },
    ]);
  });

  test('of the reference may be repeated with other halves; FINALIZE says which counts', () => {
    const kits = [0x3c4d, 0x9e21, 0x0777].map((c2) => new Kit({ dialect: 'channeler', id: 0x1a2b0000 + c2 }));
    const [one, two, three] = kits as [Kit, Kit, Kit];
    const watch = new Watch(BOTH);
    expect([
      watch.see(0, one.new()),
      watch.see(200, one.new()),
      watch.see(210, one.acknowledge()),
      watch.see(211, two.acknowledge()),
      watch.see(212, three.acknowledge()),
      watch.see(213, two.finalize()),
      watch.see(214, two.data('initiator', 0)),
      watch.see(215, three.acknowledge()),
    ]).toEqual([
      '1a2b new = valid',
      '1a2b new ! new-repeated 1 = valid',
      '1a2b3c4d acknowledged = valid valid',
      '1a2b3c4d acknowledged ! acknowledge-other-half 3 = valid valid',
      '1a2b3c4d acknowledged ! acknowledge-other-half 4 = valid valid',
      '1a2b9e21 established = valid',
      '1a2b9e21 established',
      '1a2b9e21 established ! acknowledge-repeated 5 = valid valid',
    ]);
    expect(watch.rows.map(({ id, rtt }) => [id, rtt])).toEqual([['1a2b9e21', '10000 2000']]);
  });

  test('of the reference with a wrong cookie 1 cancels the attempt, as long as there is one', () => {
    const kit = new Kit({ dialect: 'channeler' });
    const watch = new Watch(BOTH);
    const bad = { cookie1: Uint8Array.of(1, 2, 3, 4) };
    watch.see(0, kit.new());
    expect(watch.see(10, kit.acknowledge(bad))).toBe('1a2b new ! cookie-invalid 1, attempt-cancelled = invalid valid');
    watch.see(20, kit.acknowledge());
    watch.see(21, kit.finalize());
    expect(watch.see(22, kit.acknowledge(bad))).toBe('1a2b3c4d established ! cookie-invalid 1 = invalid valid');
  });

  test('cannot take the id of a channel that the other peer initiated', () => {
    const theirs = new Kit({ initiator: BOB, responder: ALICE });
    const watch = new Watch(BOTH);
    establish(watch, theirs);
    const before = watch.rows;
    expect(watch.see(100, hmac.acknowledge())).toBe('1a2b3c4d established = valid valid');
    expect(watch.see(101, hmac.finalize())).toBe('1a2b3c4d established = valid');
    expect(watch.rows).toEqual(before);
  });
});

describe('a FINALIZE', () => {
  test('with a wrong cookie 2 changes nothing', () => {
    const watch = new Watch();
    watch.see(0, hmac.new());
    watch.see(20, hmac.acknowledge());
    expect(watch.see(21, hmac.finalize({ cookie2: wrong(hmac.cookies.cookie2) }))).toBe(
      '1a2b3c4d acknowledged ! cookie-echo-bad 2 2 = echo-bad',
    );
    expect(watch.see(221, hmac.finalize())).toBe('1a2b3c4d established = echo-ok');
    expect(watch.rows.map(({ cookies, rtt, span }) => [cookies, rtt, span])).toEqual([
      ['echo-ok echo-ok', '20000 201000', '1-4'],
    ]);
  });

  test('decides on the capabilities; a repeat changes nothing', () => {
    const watch = new Watch(BOTH);
    establish(watch, hmac);
    const [before] = watch.rows;
    expect(watch.see(100, hmac.finalize({ caps: 0 }))).toBe('1a2b3c4d established ! finalize-repeated 3 = valid');
    expect(watch.rows).toEqual([{ ...before, span: '1-5' }]);
  });

  test('for a closed channel changes nothing', () => {
    const watch = new Watch(BOTH);
    establish(watch, hmac);
    watch.see(100, hmac.close('initiator', 0));
    watch.see(120, hmac.close('responder', 0));
    expect(watch.see(20_000, hmac.finalize())).toBe('1a2b3c4d closed ! finalize-repeated 3 = valid');
    expect(watch.rows.map(({ state }) => state)).toEqual(['closed']);
  });

  test('for another half than that of an established channel makes another channel', () => {
    const other = new Kit({ id: 0x1a2b0002 });
    const watch = new Watch(BOTH);
    establish(watch, hmac);
    expect([
      watch.see(100, other.acknowledge()),
      watch.see(101, other.finalize()),
      watch.see(102, hmac.data('initiator', 0)),
      watch.see(103, other.data('initiator', 0)),
    ]).toEqual([
      '1a2b3c4d established ! acknowledge-other-half 2 = valid valid',
      '1a2b0002 established = valid',
      '1a2b3c4d established',
      '1a2b0002 established',
    ]);
    expect(watch.rows.map(({ id, span, out }) => [id, span, out?.packets])).toEqual([
      ['1a2b3c4d', '1-7', 1],
      ['1a2b0002', '5-8', 1],
    ]);
  });

  test('that nobody can judge does not take over an attempt that was given another half', () => {
    const forged = new Kit({ id: 0x1a2b6666, responderSecret: new Uint8Array(32) });
    const watch = new Watch();
    watch.see(0, hmac.new());
    watch.see(20, hmac.acknowledge());
    expect(watch.see(21, forged.finalize())).toBe('1a2b6666 established ! acknowledge-unseen = unknown');
    expect(watch.see(22, hmac.finalize())).toBe('1a2b3c4d established = echo-ok');
  });
});

describe('seqno', () => {
  const kit = new Kit({ dialect: 'seqno' });

  test('drops an acknowledgement that is not the start plus one', () => {
    const watch = new Watch();
    expect([
      watch.see(0, kit.new()),
      watch.see(10, kit.acknowledge({ ack: 0xfff0 })),
      watch.see(20, kit.acknowledge()),
      watch.see(21, kit.finalize({ ack: 0x1002 })),
      watch.see(22, kit.finalize()),
    ]).toEqual([
      '1a2b new',
      '1a2b new ! ack-number-wrong 65520 65521',
      '1a2b3c4d acknowledged',
      '1a2b3c4d acknowledged ! ack-number-wrong 4098 4097',
      '1a2b3c4d established',
    ]);
    expect(watch.rows.map(({ rtt, span }) => [rtt, span])).toEqual([['20000 2000', '1-5']]);
  });

  test('numbers the first data packet with the start plus one', () => {
    const watch = new Watch();
    establish(watch, kit);
    expect([
      watch.see(50, kit.data('initiator', 0)),
      watch.see(51, kit.data('initiator', -1)),
      watch.see(52, kit.data('responder', 1)),
    ]).toEqual([
      '1a2b3c4d established',
      '1a2b3c4d established ! number-old 65520 65522',
      '1a2b3c4d established ! sequence-gap 1',
    ]);
  });

  test('tells a new attempt from a repeat by its start', () => {
    const again = new Kit({ dialect: 'seqno', s1: 7 });
    const watch = new Watch();
    watch.see(0, kit.new());
    expect(watch.see(100, again.new())).toBe('1a2b new');
    expect(watch.see(120, again.acknowledge())).toBe('1a2b3c4d acknowledged');
    expect(watch.rows.map(({ id, state }) => [id, state])).toEqual([
      ['1a2b', 'new'],
      ['1a2b3c4d', 'acknowledged'],
    ]);
  });
});

describe('what was not captured', () => {
  test('NEW', () => {
    const watch = new Watch(BOTH);
    expect(watch.see(0, hmac.acknowledge())).toBe('1a2b3c4d acknowledged ! new-unseen = valid valid');
    expect(watch.see(1, hmac.finalize())).toBe('1a2b3c4d established = valid');
    expect(watch.rows.map(({ rtt }) => rtt)).toEqual(['- 1000']);
  });

  test('ACKNOWLEDGE', () => {
    const watch = new Watch(BOTH);
    watch.see(0, hmac.new());
    expect(watch.see(30, hmac.finalize())).toBe('1a2b3c4d established ! acknowledge-unseen = valid');
    expect(watch.see(35, hmac.acknowledge())).toBe('1a2b3c4d established = valid valid');
    expect(watch.rows.map(({ rtt }) => rtt)).toEqual([undefined]);
  });

  test('NEW and ACKNOWLEDGE: a FINALIZE by itself', () => {
    const watch = new Watch();
    expect(watch.see(0, hmac.finalize())).toBe('1a2b3c4d established ! new-unseen, acknowledge-unseen = unknown');
    // It proves nothing that a second one has the same cookie.
    expect(watch.see(1, hmac.finalize())).toBe('1a2b3c4d established ! finalize-repeated 1 = unknown');
    expect(watch.see(2, hmac.data('initiator', 1))).toBe('1a2b3c4d established ! sequence-gap 1');
  });

  test('FINALIZE', () => {
    const watch = new Watch(BOTH);
    watch.see(0, hmac.new());
    watch.see(20, hmac.acknowledge());
    expect(watch.see(41, hmac.window('responder'))).toBe('1a2b3c4d established ! finalize-unseen');
  });

  test('ACKNOWLEDGE and FINALIZE: a packet of either peer says that both came', () => {
    for (const from of ['initiator', 'responder'] as const) {
      const watch = new Watch(BOTH);
      watch.see(0, hmac.new());
      expect(watch.see(41, hmac.data(from, 0))).toBe('1a2b3c4d established ! acknowledge-unseen, finalize-unseen');
      expect(watch.rows.map(({ id, by }) => [id, by])).toEqual([['1a2b3c4d', 'alice']]);
    }
  });

  test('the whole handshake: who speaks first is taken for the initiator, until a message tells', () => {
    const watch = new Watch(BOTH);
    expect(watch.see(0, hmac.data('responder', 0))).toBe('1a2b3c4d established ! handshake-unseen');
    watch.see(1, hmac.data('initiator', 0));
    expect(watch.rows).toEqual([
      {
        id: '1a2b3c4d',
        by: 'bob',
        state: 'established',
        span: '1-2',
        out: { packets: 1, bytes: 64, data: 1, dataBytes: 10 },
        back: { packets: 1, bytes: 64, data: 1, dataBytes: 10 },
      },
    ]);
    expect(watch.see(2, hmac.data('responder', 1))).toBe('1a2b3c4d established');
    expect(watch.see(3, hmac.finalize())).toBe('1a2b3c4d established ! finalize-repeated 0 = valid');
    expect(watch.rows.map(({ by, out, back }) => [by, out?.packets, back?.packets])).toEqual([['alice', 1, 2]]);
  });

  test('the whole handshake: an ACKNOWLEDGE tells the roles as well', () => {
    const watch = new Watch(BOTH);
    watch.see(0, hmac.data('responder', 0));
    watch.see(1, hmac.acknowledge());
    expect(watch.rows.map(({ by, back }) => [by, back?.packets])).toEqual([['alice', 1]]);
  });

  test('what the snap length cut off: ids are enough to follow', () => {
    const watch = new Watch(BOTH);
    // Six bytes of the payload were kept: the type and an id.
    expect([hmac.new(), hmac.acknowledge(), hmac.finalize()].map((bytes, at) => watch.see(20 * at, bytes, 54))).toEqual(
      ['1a2b new', '1a2b3c4d acknowledged', '1a2b3c4d established'],
    );
    expect(watch.see(50, hmac.data('initiator', 3), 51)).toBe('1a2b3c4d established');
    expect(watch.see(51, hmac.data('initiator', 5), 51)).toBe('1a2b3c4d established ! sequence-gap 1');
    expect(watch.rows).toEqual([
      {
        id: '1a2b3c4d',
        by: 'alice',
        state: 'established',
        span: '1-5',
        rtt: '20000 20000',
        out: { packets: 2, bytes: 128, data: 2, dataBytes: 20, lost: 1 },
      },
    ]);
  });
});

describe('early data', () => {
  test('of the initiator takes the place of FINALIZE, until it is confirmed', () => {
    const watch = new Watch(BOTH);
    expect([
      watch.see(0, hmac.new()),
      watch.see(20, hmac.acknowledge()),
      watch.see(21, hmac.early('initiator', 0)),
      watch.see(22, hmac.early('initiator', 1)),
      watch.see(221, hmac.early('initiator', 0)),
      watch.see(240, hmac.window('responder')),
      watch.see(241, hmac.data('initiator', 2)),
    ]).toEqual([
      '1a2b new = valid',
      '1a2b3c4d acknowledged = valid valid',
      '1a2b3c4d early = valid',
      '1a2b3c4d early = valid',
      '1a2b3c4d early ! resent -1 = valid',
      '1a2b3c4d established',
      '1a2b3c4d established',
    ]);
    expect(watch.rows).toEqual([
      {
        id: '1a2b3c4d',
        by: 'alice',
        state: 'established',
        mode: 'tcp',
        cookies: 'valid valid',
        span: '1-7',
        rtt: '20000 -',
        out: { packets: 4, bytes: 3 * 83 + 64, data: 4, dataBytes: 40, resent: 1 },
        back: { packets: 1, bytes: 55 },
      },
    ]);
  });

  test('of the responder may come before its ACKNOWLEDGE, and its capabilities do not count', () => {
    const watch = new Watch(BOTH);
    expect([
      watch.see(0, hmac.new()),
      watch.see(20, hmac.early('responder', 0, { caps: 5 })),
      watch.see(21, hmac.acknowledge()),
      watch.see(22, hmac.finalize()),
      watch.see(42, hmac.window('responder')),
    ]).toEqual([
      '1a2b new = valid',
      '1a2b3c4d early = valid',
      '1a2b3c4d early = valid valid',
      '1a2b3c4d established = valid',
      '1a2b3c4d established',
    ]);
    expect(watch.rows.map(({ mode, rtt, by }) => [mode, rtt, by])).toEqual([['tcp', '21000 1000', 'alice']]);
  });

  test('is compared with the cookie that it must return', () => {
    const watch = new Watch();
    watch.see(0, hmac.new());
    expect([
      watch.see(19, hmac.early('responder', 0, { cookie: wrong(hmac.cookies.cookie1) })),
      watch.see(20, hmac.early('responder', 0)),
      watch.see(21, hmac.acknowledge()),
      watch.see(22, hmac.early('initiator', 0, { cookie: wrong(hmac.cookies.cookie2) })),
      watch.see(23, hmac.early('initiator', 0)),
    ]).toEqual([
      // Without an answer that names the id it is of no attempt yet.
      '1a2b new ! cookie-echo-bad 1 1 = echo-bad',
      '1a2b3c4d early = echo-ok',
      '1a2b3c4d early = echo-ok unknown',
      '1a2b3c4d early ! cookie-echo-bad 2 4 = echo-bad',
      '1a2b3c4d early = echo-ok',
    ]);
  });

  test('with a wrong cookie is dropped with its packet, on a known channel and on an unknown one', () => {
    const watch = new Watch(BOTH);
    const bad = hmac.early('initiator', 0, { cookie: wrong(hmac.cookies.cookie2) });
    expect(watch.see(0, bad)).toBe('- ! cookie-invalid 2 = invalid');
    expect(watch.rows).toEqual([]);
    establish(watch, hmac, 10);
    const before = watch.rows;
    expect(watch.see(100, bad)).toBe('1a2b3c4d established ! cookie-invalid 2 = invalid');
    expect(watch.rows).toEqual(before);
  });

  test('tells the roles of a channel whose handshake was not seen, if a secret yields its cookie', () => {
    for (const from of ['initiator', 'responder'] as const) {
      const watch = new Watch(BOTH);
      const first = watch.see(0, hmac.early(from, 1));
      const unseen = from === 'initiator' ? ', acknowledge-unseen, sequence-gap 1' : '';
      expect(first).toBe(`1a2b3c4d early ! new-unseen${unseen} = valid`);
      expect(watch.rows.map(({ by, cookies }) => [by, cookies])).toEqual([
        ['alice', from === 'initiator' ? '- valid' : 'valid -'],
      ]);
    }
  });

  test('cannot tell the roles without a secret', () => {
    const watch = new Watch();
    expect(watch.see(0, hmac.early('initiator', 0))).toBe('1a2b3c4d early ! handshake-unseen = unknown');
    expect(watch.rows.map(({ by, mode }) => [by, mode])).toEqual([['alice', 'tcp']]);
  });

  test('corrects a guess of the roles', () => {
    const watch = new Watch(BOTH);
    watch.see(0, hmac.data('responder', 0));
    watch.see(1, hmac.early('responder', 1));
    expect(watch.rows.map(({ by, back }) => [by, back?.packets])).toEqual([['alice', 2]]);
  });
});

describe('collisions', () => {
  const ours = new Kit({ id: 0x77771001 });
  const theirs = new Kit({ initiator: BOB, responder: ALICE, id: 0x77772002 });

  test('two NEW with the same half collide, in every dialect', () => {
    for (const dialect of ['hmac', 'hmac-newcaps', 'seqno', 'channeler'] as const) {
      const watch = new Watch();
      const sides = [ours, theirs].map(
        ({ initiator, responder, id }) => new Kit({ dialect, initiator, responder, id }),
      );
      const [one, two] = sides as [Kit, Kit];
      watch.fold(0, one.new());
      expect(watch.fold(4, two.new()).findings.map(({ code }) => code)).toEqual(['collision']);
      expect(watch.rows.map(({ by, state }) => [by, state])).toEqual([
        ['alice', 'collided'],
        ['bob', 'collided'],
      ]);
    }
  });

  test('an attempt that was acknowledged does not collide, the other does', () => {
    const watch = new Watch(BOTH);
    expect([
      watch.see(0, ours.new()),
      watch.see(20, ours.acknowledge()),
      watch.see(21, theirs.new()),
      watch.see(22, ours.finalize()),
    ]).toEqual([
      '7777 new = valid',
      '77771001 acknowledged = valid valid',
      '7777 new = valid',
      '77771001 established, 7777 collided ! collision 2 = valid',
    ]);
  });

  test('early data of the initiator collides as FINALIZE does', () => {
    const watch = new Watch(BOTH);
    watch.see(0, ours.new());
    watch.see(20, ours.acknowledge());
    watch.see(21, theirs.new());
    expect(watch.see(22, ours.early('initiator', 0))).toBe('77771001 early, 7777 collided ! collision 2 = valid');
  });

  test('an attempt that goes on although it collided is followed on', () => {
    const watch = new Watch(BOTH);
    watch.see(0, ours.new());
    watch.see(4, theirs.new());
    // The NEW of ours never got there; theirs was answered when it was repeated.
    expect([
      watch.see(204, theirs.new()),
      watch.see(224, theirs.acknowledge()),
      watch.see(225, theirs.finalize()),
    ]).toEqual([
      '7777 collided ! new-repeated 2 = valid',
      '77772002 acknowledged = valid valid',
      '77772002 established = valid',
    ]);
  });

  test('the same half between other peers does not collide', () => {
    const watch = new Watch();
    watch.see(0, ours.new());
    const carol = new Uint8Array(16).fill(0xca);
    expect(watch.see(1, new Kit({ initiator: carol, responder: ALICE, id: 0x77773003 }).new())).toBe(
      '7777 new = unknown',
    );
  });
});
