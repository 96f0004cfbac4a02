import { expect, test } from 'vitest';
import { parseSecrets } from '../../../analyzer/secrets/secrets.js';
import { Examiner } from '../../../analyzer/track/examine.js';
import { viewOf } from '../../../dissectors/wire/view.js';
import { BOTH, Kit, wrong } from './watch.js';

const USER0 = 147;

/** Examines bare channel packets, and tells of the rows of handshakes. */
class Rows {
  readonly examiner: Examiner;
  private number = 0;

  constructor(secrets = '', halfOpen?: number) {
    this.examiner = new Examiner({
      secrets: parseSecrets(secrets, 'test'),
      ...(halfOpen && { bounds: { halfOpen, channels: 10 } }),
    });
  }

  see(ms: number, bytes: Uint8Array) {
    const size = bytes.length;
    const nanos = (ms % 1000) * 1e6;
    return this.examiner.examine(viewOf(bytes), 0, size, size, USER0, ++this.number, Math.floor(ms / 1000), nanos)
      .facts;
  }

  get list() {
    return [...this.examiner.handshakes.table.rows.values()];
  }

  get told() {
    return this.list.map(({ number, id, state, cookieStatus, reason }) =>
      [number, id, state, cookieStatus ?? '-', reason].join(' | '),
    );
  }

  get messages() {
    return this.list.map(({ messages }) =>
      messages.map(
        ({ packet, fromInitiator, name, note }) =>
          `${packet} ${fromInitiator ? '>' : '<'} ${name}${note ? ` (${note})` : ''}`,
      ),
    );
  }
}

const chat = new Uint8Array(8);

test('a channel is a row, from its first message until it is confirmed', () => {
  const rows = new Rows(BOTH);
  const kit = new Kit();
  const seen = [kit.new(), kit.acknowledge(), kit.finalize(), kit.window('responder'), kit.data('initiator', 0)].map(
    (bytes, place) => [
      rows.see(20 * place, bytes).handshakes?.map(({ number, state }) => `${number} ${state}`),
      rows.told,
    ],
  );
  expect(seen).toEqual([
    [['1 asked'], ['1 | 1a2b | asked | - | no answer to CHANNEL_NEW so far']],
    [
      ['1 challenged'],
      ['1 | 1a2b3c4d | challenged | valid | the responder answered in packet 2; its cookie was not returned so far'],
    ],
    [
      ['1 echoed'],
      [
        '1 | 1a2b3c4d | echoed | valid | the initiator returned the cookie; nothing shows yet that the responder took it',
      ],
    ],
    [
      ['1 established'],
      ['1 | 1a2b3c4d | established | valid | the initiator returned the cookie, and the responder went on'],
    ],
    [undefined, ['1 | 1a2b3c4d | established | valid | the initiator returned the cookie, and the responder went on']],
  ]);
  const [row] = rows.list;
  const { attempts, resent, rttChallenge, rttEcho, rttAnswer, first, last, channel } = row ?? {};
  expect({ attempts, resent, first, last, channel }).toEqual({
    attempts: 1,
    resent: 0,
    first: 1,
    last: 4,
    channel: 1,
  });
  expect([rttChallenge, rttEcho, rttAnswer].map((time) => Math.round((time ?? 0) * 1000))).toEqual([20, 20, 20]);
});

test('an attempt that nobody answers times out, and says how often it was asked', () => {
  const rows = new Rows();
  const kit = new Kit();
  for (const ms of [0, 1000, 3000]) rows.see(ms, kit.new());
  rows.see(12_700, chat);
  expect(rows.told).toEqual(['1 | 1a2b | timed-out | - | CHANNEL_NEW was sent 3 times, and never answered']);
  expect(rows.list.map(({ attempts, resent }) => [attempts, resent])).toEqual([[3, 2]]);
});

test('a wrong answer is a message that changed nothing, and the reason says so', () => {
  const rows = new Rows(BOTH);
  const kit = new Kit();
  rows.see(0, kit.new());
  rows.see(20, kit.acknowledge({ cookie1: wrong(kit.cookies.cookie1) }));
  expect(rows.told).toEqual([
    '1 | 1a2b | asked | invalid | the answer changed nothing: cookie 1 is not what any known secret of its creator yields',
  ]);
  rows.see(12_700, chat);
  expect(rows.told).toEqual([
    '1 | 1a2b | timed-out | invalid | no answer was right: cookie 1 is not what any known secret of its creator yields',
  ]);
});

test('a forged proof is told beside the right one', () => {
  const rows = new Rows();
  const kit = new Kit();
  rows.see(0, kit.new());
  rows.see(20, kit.acknowledge());
  rows.see(30, kit.finalize({ cookie2: wrong(kit.cookies.cookie2) }));
  expect(rows.told).toEqual([
    '1 | 1a2b3c4d | challenged | echo-bad | the proof changed nothing: cookie 2 differs from that of packet 2',
  ]);
  rows.see(40, kit.finalize());
  rows.see(60, kit.window('responder'));
  expect(rows.messages).toEqual([
    [
      '1 > CHANNEL_NEW',
      '2 < CHANNEL_ACKNOWLEDGE',
      '3 > CHANNEL_FINALIZE (cookie 2 differs from that of packet 2)',
      '4 > CHANNEL_FINALIZE',
      '5 < DATA_WINDOW',
    ],
  ]);
  expect(rows.list.map(({ state, cookieStatus }) => [state, cookieStatus])).toEqual([['established', 'echo-ok']]);
});

test('a channel whose handshake was not captured is a row all the same, and so is a refused one', () => {
  const rows = new Rows();
  const kit = new Kit();
  rows.see(0, kit.data('initiator', 0));
  const other = new Kit({ id: 0x5555_6666 });
  rows.see(10, other.new());
  rows.see(20, other.acknowledge());
  rows.see(30, other.finalize());
  rows.see(40, other.close('responder', 0, 4));
  expect(rows.told).toEqual([
    '1 | 1a2b3c4d | established | - | the handshake was not captured: packets on the channel follow from it',
    '2 | 55556666 | refused | echo-ok | the responder refused the channel: CHANNEL_CLOSE with reason 4',
  ]);
});

test('early data with the cookie is the echo', () => {
  const rows = new Rows();
  const kit = new Kit();
  rows.see(0, kit.new());
  rows.see(20, kit.acknowledge());
  rows.see(30, kit.early('initiator', 0));
  rows.see(50, kit.window('responder'));
  expect(rows.messages).toEqual([
    ['1 > CHANNEL_NEW', '2 < CHANNEL_ACKNOWLEDGE', '3 > CHANNEL_COOKIE', '4 < DATA_WINDOW'],
  ]);
  expect(rows.told).toEqual([
    '1 | 1a2b3c4d | established | echo-ok | the initiator returned the cookie, and the responder went on',
  ]);
});

test('two peers that chose the same half both start again', () => {
  const rows = new Rows();
  const kit = new Kit();
  const other = new Kit({ initiator: kit.responder, responder: kit.initiator });
  rows.see(0, kit.new());
  const { handshakes } = rows.see(1, other.new());
  expect(handshakes?.map(({ number, state }) => `${number} ${state}`).sort()).toEqual(['1 timed-out', '2 timed-out']);
  expect(rows.told.map((text) => text.split(' | ').at(-1))).toEqual(
    new Array(2).fill('both peers chose the same half at once: both start again'),
  );
});

test('a row outlives its channel, which a flood has driven out, and times out', () => {
  const rows = new Rows('', 1);
  rows.see(0, new Kit().new());
  rows.see(1, new Kit({ id: 0x7777_0001 }).new());
  rows.see(13_000, chat);
  expect(rows.list.map(({ id, state, reason }) => [id, state, reason])).toEqual([
    ['1a2b', 'timed-out', 'nothing came after CHANNEL_NEW'],
    ['7777', 'timed-out', 'CHANNEL_NEW was never answered'],
  ]);
});
