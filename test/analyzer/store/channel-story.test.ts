import { describe, expect, test } from 'vitest';
import type { ChannelRow } from '../../../analyzer/index/channel-row.js';
import type { Arrow, Step } from '../../../analyzer/print/ladder.js';
import { withAlias } from '../../../analyzer/store/peer-name.js';
import { channelStory, stuckAt } from '../../../analyzer/store/screens/channel-story.js';
import { STANDARD_SETTINGS } from '../../../analyzer/store/settings.js';
import { heading, type Line } from '../../../dissectors/wire/line.js';
import { detailOf } from '../ui/fake-capture.js';
import { CHANNELS } from '../ui/fake-channels.js';

const ALICE = 'a1'.repeat(16);
const BOB = 'b0'.repeat(16);
const settings = withAlias(withAlias(STANDARD_SETTINGS, ALICE, 'alice'), BOB, 'bob');
const NOTHING = { packets: 0, bytes: 0, dataPackets: 0, dataBytes: 0, duplicates: 0, lost: 0, reordered: 0, resent: 0 };

const row = (more: Partial<ChannelRow>): ChannelRow => ({
  ...(CHANNELS[0] as ChannelRow),
  fromInitiator: NOTHING,
  fromResponder: NOTHING,
  // Something was found about its packets: outcomes are told with no worse a sign than that.
  severity: 'error',
  ...more,
});

const message = (name: string, packet: number, millis: number, more: Partial<Arrow> = {}): Arrow => ({
  type: 'arrow',
  packet,
  seconds: 100 + Math.floor(millis / 1000),
  nanos: (millis % 1000) * 1_000_000,
  from: ALICE,
  to: BOB,
  channel: 1,
  messages: [name],
  text: name,
  missing: 0,
  verdicts: [],
  fate: 'taken',
  notes: [],
  ...more,
});

const NEW = message('CHANNEL_NEW', 1, 0);
const ACKNOWLEDGE = message('CHANNEL_ACKNOWLEDGE', 2, 20, { from: BOB, to: ALICE });
const FINALIZE = message('CHANNEL_FINALIZE', 3, 21);
const stale = { severity: 'warn', text: 'cookie 2 was made with a secret outside its time' } as const;

const tell = (of: Partial<ChannelRow>, steps: readonly Step[], isWhole = true) =>
  channelStory({ row: row(of), steps, isWhole }, settings).map(({ severity, text }) => `${severity}: ${text}`);

describe('the story of a channel', () => {
  test.each<[string, Partial<ChannelRow>, readonly Step[], readonly string[]]>([
    [
      'that nobody answers',
      { state: 'timed-out' },
      [NEW, ...[200, 600, 1400, 3000, 6200].map((at) => message('CHANNEL_NEW', at, at, { fate: 'again' }))],
      [
        'warn: CHANNEL_NEW sent 6 times in 6.2 s, no answer: nobody at bob (10.0.0.2:4242) answers, or answers were not captured',
      ],
    ],
    [
      'that nobody has answered yet',
      { state: 'new', responderAddress: '' },
      [NEW],
      ['warn: CHANNEL_NEW sent once, no answer so far: nobody at bob answers, or answers were not captured'],
    ],
    [
      'whose responder cannot be reached',
      { state: 'timed-out' },
      [
        NEW,
        {
          type: 'remark',
          packet: 2,
          seconds: 100,
          nanos: 0,
          from: ALICE,
          to: BOB,
          note: { severity: 'warn', text: 'ICMP error' },
        },
      ],
      ['error: CHANNEL_NEW sent once, but packet 2 is an ICMP error: bob (10.0.0.2:4242) cannot be reached'],
    ],
    [
      'whose answer has a wrong cookie',
      { state: 'timed-out' },
      [
        NEW,
        {
          ...ACKNOWLEDGE,
          fate: 'dropped',
          notes: [{ severity: 'warn', text: 'cookie 1 differs from that of packet 1' }],
        },
      ],
      ['error: CHANNEL_ACKNOWLEDGE in packet 2 is dropped: cookie 1 differs from that of packet 1'],
    ],
    [
      'whose first answer was wrong, but not its second',
      { state: 'acknowledged' },
      [
        NEW,
        {
          ...ACKNOWLEDGE,
          fate: 'dropped',
          notes: [{ severity: 'warn', text: 'cookie 1 differs from that of packet 1' }],
        },
        { ...ACKNOWLEDGE, packet: 3 },
      ],
      [
        'warn: bob (10.0.0.2:4242) acknowledged in packet 3, but no proof (CHANNEL_FINALIZE) followed so far: alice did not get the answer, or gave up',
        'warn: packet 2: cookie 1 differs from that of packet 1',
      ],
    ],
    [
      'that is never proven',
      { state: 'timed-out' },
      [NEW, ACKNOWLEDGE],
      [
        'warn: bob (10.0.0.2:4242) acknowledged in packet 2, but no proof (CHANNEL_FINALIZE) followed: alice did not get the answer, or gave up',
      ],
    ],
    [
      'whose proof is stale',
      { state: 'acknowledged' },
      [NEW, ACKNOWLEDGE, { ...FINALIZE, fate: 'dropped', notes: [stale] }],
      ['error: CHANNEL_FINALIZE in packet 3 is dropped: cookie 2 was made with a secret outside its time'],
    ],
    [
      'whose proof is not confirmed',
      { state: 'timed-out' },
      [NEW, ACKNOWLEDGE, FINALIZE, message('CHANNEL_FINALIZE', 4, 221, { fate: 'again' })],
      [
        'warn: the proof sent 2 times in 200.0 ms, not confirmed: bob (10.0.0.2:4242) did not get it, dropped it, or its answer was not captured',
      ],
    ],
    [
      'that is refused',
      { state: 'refused', reason: 4 },
      [NEW, ACKNOWLEDGE, FINALIZE],
      ['error: bob refuses the channel: CLOSE 4 answers a valid proof'],
    ],
    [
      'that collided',
      { state: 'collided', id: '7777' },
      [NEW],
      ['warn: both peers chose the half 7777 for attempts to each other: both start again with another'],
    ],
    [
      'that is open',
      {
        state: 'established',
        fromResponder: { ...NOTHING, packets: 1 },
        rttNewAcknowledge: 0.0204,
        rttAcknowledgeFinalize: 1.5,
      },
      [NEW, ACKNOWLEDGE, FINALIZE],
      [
        'chat: open: answered after 20.4 ms, FINALIZE 1.5 s later',
        'chat: alice sent 0 packets, 0 bytes of data; bob sent 1 packet, 0 bytes of data',
      ],
    ],
    [
      'that nobody confirms',
      { state: 'established', rttNewAcknowledge: 0.0204, rttAcknowledgeFinalize: undefined },
      [NEW, ACKNOWLEDGE, FINALIZE],
      [
        'warn: open: answered after 20.4 ms; but no packet of bob (10.0.0.2:4242) confirms it: it did not get the proof, dropped it, or was not captured',
      ],
    ],
    [
      'that nobody confirms, in a dialect where nobody does',
      { state: 'established', dialect: 'channeler', rttNewAcknowledge: 0.0204, rttAcknowledgeFinalize: undefined },
      [NEW, ACKNOWLEDGE, FINALIZE],
      ['chat: open: answered after 20.4 ms'],
    ],
    [
      'that was closed because of loss',
      {
        state: 'closed',
        reason: 1,
        rttNewAcknowledge: undefined,
        rttAcknowledgeFinalize: undefined,
        fromInitiator: { ...NOTHING, packets: 1, dataBytes: 40 },
        fromResponder: { ...NOTHING, packets: 7, dataBytes: 9, lost: 3, resent: 1 },
      },
      [message('CHANNEL_CLOSE', 9, 500, { from: BOB, to: ALICE })],
      [
        'warn: closed by bob in packet 9: because of loss; its handshake was not seen whole',
        'chat: alice sent 1 packet, 40 bytes of data; bob sent 7 packets, 9 bytes of data (3 lost, 1 resent)',
      ],
    ],
    [
      'whose handshake was seen whole, at times that go backwards',
      { state: 'closed', reason: 0, rttNewAcknowledge: undefined, rttAcknowledgeFinalize: undefined },
      [NEW, ACKNOWLEDGE, FINALIZE],
      ['chat: closed: both directions ended; how long its handshake took cannot be told'],
    ],
    [
      'that ended with a reason nobody knows',
      { state: 'closed', reason: 99, rttNewAcknowledge: undefined, rttAcknowledgeFinalize: undefined },
      [],
      ['warn: closed: reason 99; its handshake was not seen whole'],
    ],
  ])('of a channel %s', (_, of, steps, expected) => {
    expect(tell(of, steps)).toEqual(expected);
  });

  test('gives the reason of a verdict, where the packet it got stuck at is known whole', () => {
    const steps = [NEW, ACKNOWLEDGE, { ...FINALIZE, fate: 'dropped', notes: [stale] } as const];
    const of = row({ state: 'acknowledged' });
    expect(stuckAt({ row: of, steps })).toBe(3);
    expect(stuckAt({ row: row({ state: 'established' }), steps })).toBe(0);
    const line = (path: string, text: string, children: readonly Line[] = []) => heading(path, text, 0, 0, 0, children);
    const verdict = line('chan.cookie2.status', '[stale: secret 01 (a:3) yields it, but not at this time]');
    const lines = [line('chan', 'Channel', [line('chan.cookie1.status', '[valid: secret 01 yields it]'), verdict])];
    const tellOf = (number: number) =>
      channelStory({ row: of, steps, isWhole: true, stuck: { ...detailOf(number), lines } }, settings)[0];
    expect(tellOf(3)?.text).toBe(
      'CHANNEL_FINALIZE in packet 3 is dropped: its cookie 2 is stale: secret 01 (a:3) yields it, but not at this time',
    );
    expect(tellOf(4)?.text).toBe(`CHANNEL_FINALIZE in packet 3 is dropped: ${stale.text}`);
  });

  test('counts no more than it knows', () => {
    const [text] = tell({ state: 'timed-out' }, [NEW, message('CHANNEL_NEW', 2, 200)], false);
    expect(text).toContain('sent at least 2 times in 200.0 ms');
  });

  test('tells what is wrong once, the worst first, and not of other channels', () => {
    const note = (severity: 'warn' | 'error', text: string) => [{ severity, text }];
    const steps = [
      message('DATA', 5, 1, { notes: note('warn', 'late') }),
      message('DATA', 6, 2, { notes: note('warn', 'late') }),
      message('DATA', 7, 3, { notes: note('error', 'broken') }),
      message('DATA', 8, 4, { notes: note('error', 'elsewhere'), channel: 2 }),
    ];
    expect(tell({ state: 'established' }, steps).slice(1)).toEqual(['error: packet 7: broken', 'warn: packet 5: late']);
  });
});
