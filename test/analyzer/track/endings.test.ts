import { describe, expect, test } from 'vitest';
import { ALICE, BOB, BOTH, establish, Kit, Watch } from './watch.js';

const hmac = new Kit();

const opened = (kit = hmac): Watch => {
  const watch = new Watch(BOTH);
  establish(watch, kit);
  return watch;
};

describe('CLOSE', () => {
  test('0 ends its direction, and both end the channel', () => {
    const watch = opened();
    expect([
      watch.see(100, hmac.close('initiator', 0)),
      watch.see(110, hmac.data('responder', 0)),
      watch.see(120, hmac.close('responder', 1)),
    ]).toEqual(['1a2b3c4d established', '1a2b3c4d established', '1a2b3c4d closed']);
  });

  test('0 twice from one side ends nothing more', () => {
    const watch = opened(new Kit({ mode: 'udp' }));
    const kit = new Kit({ mode: 'udp' });
    expect([
      watch.see(100, kit.close('initiator', 0)),
      watch.see(300, kit.close('initiator', 0)),
      watch.see(320, kit.close('responder', 0)),
      watch.see(500, kit.close('initiator', 0)),
    ]).toEqual([
      '1a2b3c4d established',
      '1a2b3c4d established ! resent -1',
      '1a2b3c4d closed',
      '1a2b3c4d closed ! resent -1',
    ]);
  });

  test.each([
    [1, 'close-loss'],
    [2, 'close-idle'],
    [3, 'close-error 3'],
    [4, 'close-error 4'],
    [77, 'close-error 77'],
  ])('%i ends the channel on arrival', (reason, finding) => {
    const watch = opened();
    expect(watch.see(100, hmac.close('initiator', 5, reason))).toBe(`1a2b3c4d closed ! sequence-gap 5, ${finding}`);
  });

  test('with an old number has no effect', () => {
    const watch = opened();
    watch.see(50, hmac.data('initiator', 0));
    expect([
      watch.see(100, hmac.close('initiator', -1, 1)),
      watch.see(101, hmac.close('initiator', 0, 1)),
      watch.see(102, hmac.close('initiator', 0, 0)),
    ]).toEqual([
      expect.stringMatching(/^1a2b3c4d established ! number-old \d+ \d+$/),
      '1a2b3c4d established ! duplicate 0',
      '1a2b3c4d established ! duplicate 0',
    ]);
    watch.see(103, hmac.close('responder', 0));
    expect(watch.rows.map(({ state }) => state)).toEqual(['established']);
  });

  test('that comes late still counts', () => {
    const watch = opened();
    watch.see(50, hmac.data('initiator', 1));
    expect(watch.see(51, hmac.close('initiator', 0, 2))).toBe('1a2b3c4d closed ! reordered 1, close-idle');
  });

  test('is followed by nothing new in its direction', () => {
    const watch = opened();
    watch.see(50, hmac.data('initiator', 0));
    watch.see(60, hmac.close('initiator', 1));
    expect([
      watch.see(200, hmac.data('initiator', 0)),
      watch.see(210, hmac.data('initiator', 2)),
      watch.see(220, hmac.data('responder', 0)),
    ]).toEqual(['1a2b3c4d established ! resent -1', '1a2b3c4d established ! after-close 6', '1a2b3c4d established']);
  });

  test('with another reason may follow one with 0, and ends the channel', () => {
    const watch = opened();
    watch.see(60, hmac.close('initiator', 0));
    expect([watch.see(260, hmac.close('initiator', 1, 1)), watch.see(460, hmac.close('initiator', 1, 1))]).toEqual([
      '1a2b3c4d closed ! close-loss',
      '1a2b3c4d closed ! resent -1, close-loss',
    ]);
    expect(watch.see(470, hmac.data('initiator', 2))).toBe('1a2b3c4d closed ! after-close 6');
  });

  test('is told again at once when the other peer still speaks, and else doubled by the network', () => {
    const watch = opened();
    watch.see(60, hmac.close('initiator', 0, 1));
    expect(watch.see(61, hmac.close('initiator', 0, 1))).toBe('1a2b3c4d closed ! duplicate 0, close-loss');
    watch.see(62, hmac.close('responder', 0, 0));
    expect(watch.see(63, hmac.close('initiator', 0, 1))).toBe('1a2b3c4d closed ! resent -1, close-loss');
  });

  test('led by COOKIE ends the channel that it proves', () => {
    const watch = new Watch(BOTH);
    watch.see(0, hmac.new());
    watch.see(20, hmac.acknowledge());
    const both = [hmac.cookieMessage('initiator'), hmac.message('CHANNEL_CLOSE', { reason: 3 })];
    expect(watch.see(21, hmac.numbered('initiator', 0, ...both))).toBe('1a2b3c4d closed ! close-error 3 = valid');
  });
});

describe('a refusal', () => {
  test('is CLOSE 4 as the answer to a proof, and again to its repeat', () => {
    const watch = new Watch(BOTH);
    watch.see(0, hmac.new());
    watch.see(20, hmac.acknowledge());
    watch.see(21, hmac.finalize());
    expect([
      watch.see(41, hmac.close('responder', 0, 4)),
      watch.see(221, hmac.finalize()),
      watch.see(241, hmac.close('responder', 0, 4)),
    ]).toEqual([
      '1a2b3c4d refused ! refused',
      '1a2b3c4d refused ! finalize-repeated 3 = valid',
      '1a2b3c4d refused ! resent -1, refused',
    ]);
  });

  test('answers early data as well, also where the responder sent some of its own', () => {
    const watch = new Watch(BOTH);
    watch.see(0, hmac.new());
    watch.see(19, hmac.early('responder', 0));
    watch.see(20, hmac.acknowledge());
    watch.see(21, hmac.early('initiator', 0));
    expect(watch.see(41, hmac.close('responder', 1, 4))).toBe('1a2b3c4d refused ! refused');
  });

  test('cannot come from the initiator, nor after the confirmation', () => {
    const early = new Watch(BOTH);
    early.see(0, hmac.new());
    early.see(20, hmac.acknowledge());
    early.see(21, hmac.finalize());
    expect(early.see(22, hmac.close('initiator', 0, 4))).toBe('1a2b3c4d closed ! close-error 4');
    expect(opened().see(100, hmac.close('responder', 0, 4))).toBe('1a2b3c4d closed ! close-error 4');
  });

  test('by itself tells who is the responder', () => {
    const watch = new Watch();
    expect(watch.see(0, hmac.close('responder', 0, 4))).toBe('1a2b3c4d refused ! handshake-unseen, refused');
    expect(watch.rows.map(({ by }) => by)).toEqual(['alice']);
  });
});

describe('an attempt', () => {
  test('fails 12.6 s after its first NEW, by the clock of the capture', () => {
    const watch = new Watch();
    for (const ms of [0, 200, 600, 1400, 3000, 6200]) watch.see(ms, hmac.new());
    watch.wait(12_599);
    expect(watch.rows.map(({ state }) => state)).toEqual(['new']);
    watch.wait(12_600);
    expect(watch.rows.map(({ state, span }) => [state, span])).toEqual([['timed-out', '1-6']]);
  });

  test('fails 12.6 s after its ACKNOWLEDGE without a FINALIZE', () => {
    const watch = new Watch();
    watch.see(0, hmac.new());
    watch.see(6000, hmac.acknowledge());
    watch.wait(18_599);
    expect(watch.rows.map(({ state }) => state)).toEqual(['acknowledged']);
    watch.wait(18_600);
    expect(watch.rows.map(({ state }) => state)).toEqual(['timed-out']);
  });

  test('fails when its FINALIZE is repeated and never confirmed', () => {
    for (const dialect of ['hmac', 'seqno'] as const) {
      const kit = new Kit({ dialect });
      const watch = new Watch();
      watch.see(0, kit.new());
      watch.see(20, kit.acknowledge());
      for (const ms of [21, 221, 621, 1421]) watch.see(ms, kit.finalize());
      watch.wait(13_000);
      expect(watch.rows.map(({ state }) => state)).toEqual(['timed-out']);
    }
  });

  test('does not fail where the capture may only miss the confirmation, or there is none', () => {
    for (const dialect of ['hmac', 'channeler'] as const) {
      const kit = new Kit({ dialect });
      const watch = new Watch();
      watch.see(0, kit.new());
      watch.see(20, kit.acknowledge());
      for (const ms of dialect === 'hmac' ? [21] : [21, 221, 621]) watch.see(ms, kit.finalize());
      watch.wait(60_000);
      expect(watch.rows.map(({ state }) => state)).toEqual(['established']);
    }
  });

  test('fails when its early data is repeated and never confirmed, or never proven', () => {
    const unconfirmed = new Watch();
    unconfirmed.see(0, hmac.new());
    unconfirmed.see(20, hmac.acknowledge());
    for (const ms of [21, 221, 621]) unconfirmed.see(ms, hmac.early('initiator', 0));
    unconfirmed.wait(13_000);
    const unproven = new Watch();
    unproven.see(0, hmac.new());
    unproven.see(20, hmac.early('responder', 0));
    unproven.wait(13_000);
    expect([unconfirmed, unproven].map(({ rows }) => rows.map(({ state }) => state))).toEqual([
      ['timed-out'],
      ['timed-out'],
    ]);
  });

  test('that failed is not answered any more, but goes on if its initiator does', () => {
    const watch = new Watch(BOTH);
    watch.see(0, hmac.new());
    expect([
      watch.see(13_000, hmac.acknowledge()),
      watch.see(13_001, hmac.finalize()),
      watch.see(13_002, hmac.window('responder')),
    ]).toEqual(['1a2b3c4d timed-out = valid valid', '1a2b3c4d established = valid', '1a2b3c4d established']);
    watch.wait(40_000);
    expect(watch.rows.map(({ state }) => state)).toEqual(['established']);
  });

  test('is a new one when its half comes back after a failure', () => {
    const watch = new Watch(BOTH);
    watch.see(0, hmac.new());
    expect(watch.see(13_000, hmac.new())).toBe('1a2b new = valid');
    expect(watch.see(13_020, hmac.acknowledge())).toBe('1a2b3c4d acknowledged = valid valid');
    expect(watch.rows.map(({ id, state, span, rtt }) => [id, state, span, rtt])).toEqual([
      ['1a2b', 'timed-out', '1-1', undefined],
      ['1a2b3c4d', 'acknowledged', '2-3', '20000 -'],
    ]);
  });

  test('is a new one when its half comes back after the end of a channel, with the same id or another', () => {
    for (const id of [0x1a2b3c4d, 0x1a2b0007]) {
      const again = new Kit({ id });
      const watch = opened();
      watch.see(100, hmac.close('initiator', 0, 3));
      establish(watch, again, 300_000);
      watch.see(300_100, again.data('initiator', 0));
      expect(watch.rows.map(({ state, span, rtt, out }) => [state, span, rtt, out?.packets])).toEqual([
        ['closed', '1-5', '20000 1000', 1],
        ['established', '6-10', '20000 1000', 1],
      ]);
    }
  });

  test('is told from a late copy by its proof when its half comes back at once', () => {
    const again = new Kit({ id: 0x1a2b0007 });
    const watch = opened();
    watch.see(100, hmac.close('initiator', 0, 3));
    expect([
      watch.see(1000, hmac.new()),
      watch.see(1020, again.acknowledge()),
      watch.see(1021, again.finalize()),
    ]).toEqual([
      '1a2b3c4d closed ! new-repeated 1 = valid',
      '1a2b3c4d closed ! acknowledge-other-half 2 = valid valid',
      '1a2b0007 established = valid',
    ]);
    expect(watch.rows.map(({ id, state, rtt }) => [id, state, rtt])).toEqual([
      ['1a2b3c4d', 'closed', '20000 1000'],
      ['1a2b0007', 'established', '20000 1000'],
    ]);
  });

  test('is not made by a NEW that comes late, but by one that comes too late for that', () => {
    const watch = opened();
    expect(watch.see(900, hmac.new())).toBe('1a2b3c4d established ! new-repeated 1 = valid');
    expect(watch.rows.map(({ rtt }) => rtt)).toEqual(['20000 1000']);
    expect(watch.see(15_899, hmac.new())).toBe('1a2b3c4d established ! new-repeated 5 2 = valid');
    expect(watch.see(30_899, hmac.new())).toBe('1a2b new = valid');
  });

  test('with early data is not confirmed by reports of the initiator itself', () => {
    const watch = new Watch();
    watch.see(0, hmac.new());
    watch.see(20, hmac.acknowledge());
    watch.see(21, hmac.early('initiator', 0));
    expect(watch.see(22, hmac.progress('initiator', 0))).toBe('1a2b3c4d early');
    for (const ms of [221, 621]) watch.see(ms, hmac.early('initiator', 0));
    watch.wait(13_000);
    expect(watch.rows.map(({ state }) => state)).toEqual(['timed-out']);
  });
});

describe('the clock of a capture', () => {
  test('may be set back: attempts still fail when their time is over', () => {
    const watch = new Watch();
    watch.wait(1_000_000);
    watch.see(1_000_000, hmac.new());
    watch.wait(0);
    watch.see(0, new Kit({ id: 0x20000001 }).new());
    watch.wait(12_599);
    expect(watch.rows.map(({ state }) => state)).toEqual(['new', 'new']);
    watch.wait(12_600);
    expect(watch.rows.map(({ state }) => state)).toEqual(['timed-out', 'timed-out']);
  });

  test('may jump ahead and back: an answer after that still counts', () => {
    const watch = new Watch(BOTH);
    watch.see(0, hmac.new());
    watch.wait(3_600_000);
    expect(watch.see(20, hmac.acknowledge())).toBe('1a2b3c4d timed-out = valid valid');
    expect(watch.see(21, hmac.finalize())).toBe('1a2b3c4d established = valid');
    expect(watch.rows.map(({ rtt }) => rtt)).toEqual(['20000 1000']);
  });

  test('may go back a little: a round trip that would be negative is none', () => {
    const watch = new Watch();
    watch.see(100, hmac.new());
    watch.see(99.9, hmac.acknowledge());
    watch.see(99.95, hmac.finalize());
    expect(watch.rows.map(({ rtt, state }) => [rtt, state])).toEqual([['- 50', 'established']]);
  });

  test('measures to the microsecond, however long the capture', () => {
    const watch = new Watch();
    watch.wait(0);
    establish(watch, hmac, 40 * 86_400_000);
    expect(watch.rows.map(({ rtt }) => rtt)).toEqual(['20000 1000']);
  });
});

test('crossed handshakes of two peers are two channels', () => {
  const ours = new Kit({ id: 0x11110001 });
  const theirs = new Kit({ initiator: BOB, responder: ALICE, id: 0x22220002 });
  const watch = new Watch(BOTH);
  watch.see(0, ours.new());
  watch.see(1, theirs.new());
  watch.see(20, theirs.acknowledge());
  watch.see(21, ours.acknowledge());
  watch.see(22, ours.finalize());
  watch.see(41, theirs.finalize());
  watch.see(42, ours.data('initiator', 0));
  watch.see(43, theirs.data('initiator', 0));
  expect(watch.rows.map(({ id, by, state, rtt, out }) => [id, by, state, rtt, out?.packets])).toEqual([
    ['11110001', 'alice', 'established', '21000 1000', 1],
    ['22220002', 'bob', 'established', '19000 21000', 1],
  ]);
});
