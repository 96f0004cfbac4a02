import { describe, expect, test } from 'vitest';
import { Numbers } from '../../../analyzer/track/numbers.js';
import { plus } from '../../../dissectors/channel/sequence.js';
import { BOTH, establish, Kit, Watch } from './watch.js';

interface Given {
  readonly start?: number;
  readonly known?: boolean;
  readonly repeats?: boolean;
  readonly givesUp?: boolean;
}

/** What each number is, in short: `next`, `gap 2`, `reordered 1`, … with numbers at the times given, or 1 ms apart. */
function verdicts(
  taken: readonly (number | readonly [number: number, ms: number])[],
  { start = 0, known = true, repeats = false, givesUp = false }: Given = {},
): readonly string[] {
  const numbers = new Numbers(start, known);
  return taken.map((one, at) => {
    const [number, ms] = typeof one === 'number' ? [one, at] : one;
    const { kind, count, lost } = numbers.take(number, ms / 1000, repeats, false, givesUp);
    const parts = [kind, ...(count > 0 ? [count] : []), ...(lost !== 0 && lost !== count ? [`lost ${lost}`] : [])];
    return parts.join(' ');
  });
}

describe('numbers', () => {
  test('in order are next', () => {
    expect(verdicts([0, 1, 2])).toEqual(['next', 'next', 'next']);
  });

  test('wrap from 65535 to 0', () => {
    expect(verdicts([65534, 65535, 0, 1], { start: 65534 })).toEqual(['next', 'next', 'next', 'next']);
    expect(verdicts([65534, 1, 65535, 0, 65535], { start: 65534 })).toEqual([
      'next',
      'gap 2',
      'reordered 2 lost -1',
      'reordered 1 lost -1',
      'duplicate',
    ]);
  });

  test('that are left out are a gap, also at the start', () => {
    expect(verdicts([2, 5])).toEqual(['gap 2', 'gap 2']);
  });

  test('that fill a gap come late', () => {
    expect(verdicts([0, 3, 2, 1])).toEqual(['next', 'gap 2', 'reordered 1 lost -1', 'reordered 2 lost -1']);
  });

  test('that come after their gap was given up are late, and still lost; each gap has its own opening', () => {
    const taken = [
      [0, 0],
      [2, 10],
      [5, 150],
      [1, 220],
      [4, 300],
      [3, 400],
    ] as const;
    expect(verdicts(taken, { givesUp: true })).toEqual([
      'next',
      'gap 1',
      'gap 2',
      'late 210',
      'reordered 1 lost -1',
      'late 250',
    ]);
    expect(verdicts(taken)).toEqual([
      'next',
      'gap 1',
      'gap 2',
      'reordered 4 lost -1',
      'reordered 1 lost -1',
      'reordered 2 lost -1',
    ]);
  });

  test('that were seen before are duplicates, whether there was a gap or not', () => {
    expect(verdicts([0, 1, 1, 0])).toEqual(['next', 'next', 'duplicate', 'duplicate']);
    expect(verdicts([0, 2, 2, 0, 1, 1])).toEqual([
      'next',
      'gap 1',
      'duplicate',
      'duplicate',
      'reordered 1 lost -1',
      'duplicate',
    ]);
  });

  test('before a start that is known are old', () => {
    expect(verdicts([10, 9, 65500], { start: 10 })).toEqual(['next', 'old', 'old']);
  });

  test('before the first that was seen came late where the start is not known', () => {
    expect(verdicts([10, 8, 9, 7, 8], { start: 10, known: false })).toEqual([
      'next',
      'reordered 2 lost 1',
      'reordered 1 lost -1',
      'reordered 3',
      'duplicate',
    ]);
  });

  test('far before the first that was seen are old, and so are those before what is remembered', () => {
    expect(verdicts([5000, 5000 - 1024, 5000 - 1023], { start: 5000, known: false })).toEqual([
      'next',
      'old',
      'reordered 1023 lost 1022',
    ]);
    const many = Array.from({ length: 1024 }, (_, at) => 100 + at);
    expect(verdicts([...many, 99], { start: 100, known: false }).at(-1)).toBe('old');
  });

  test('are remembered one by one for 1024 numbers, and are old before that', () => {
    const taken = Array.from({ length: 1025 }, (_, at) => at).filter((number) => number !== 0 && number !== 1);
    expect(verdicts([...taken, 0, 1, 2, 1]).slice(-4)).toEqual([
      'old',
      'reordered 1023 lost -1',
      'duplicate',
      'duplicate',
    ]);
  });

  test('1024 or more ahead leave nothing of what was before', () => {
    expect(verdicts([0, 1025, 1, 2, 0])).toEqual(['next', 'gap 1024', 'old', 'reordered 1023 lost -1', 'old']);
    expect(verdicts([0, 30_000, 29_999, 29_000])).toEqual([
      'next',
      'gap 29999',
      'reordered 1 lost -1',
      'reordered 1000 lost -1',
    ]);
  });

  test('32768 away are neither before nor after: old', () => {
    expect(verdicts([0, 32_769, 32_768])).toEqual(['next', 'old', 'gap 32767']);
  });

  test('of a whole round and more are followed', () => {
    const numbers = new Numbers(7, true);
    const kinds = new Set(Array.from({ length: 200_000 }, (_, at) => numbers.take(plus(7, at), at, true).kind));
    expect([...kinds]).toEqual(['next']);
  });
});

describe('where a sender may send again', () => {
  const repeats = true;

  test('a repeat after 100 ms is resent, a sooner one a duplicate of the network', () => {
    expect(
      verdicts(
        [
          [0, 0],
          [1, 20],
          [0, 90],
          [0, 100],
          [1, 110],
          [1, 120],
        ],
        { repeats },
      ),
    ).toEqual(['next', 'next', 'duplicate', 'resent', 'duplicate', 'resent']);
  });

  test('a gap filled after 100 ms was resent, a sooner one came late, each by its own time', () => {
    expect(
      verdicts(
        [
          [0, 0],
          [2, 10],
          [4, 100],
          [1, 110],
          [3, 115],
        ],
        { repeats },
      ),
    ).toEqual(['next', 'gap 1', 'gap 1', 'resent 3 lost -1', 'reordered 1 lost -1']);
  });

  test('many packets in a short time do not make a repeat look old', () => {
    const many = Array.from({ length: 500 }, (_, at) => [at, at / 10] as const);
    expect(verdicts([...many, [0, 51], [400, 52], [0, 130], [499, 130]], { repeats }).slice(-4)).toEqual([
      'duplicate',
      'duplicate',
      'resent',
      'duplicate',
    ]);
  });

  test('a repeat that the receiver had reported missing is resent, however soon', () => {
    const numbers = new Numbers(0, true);
    const take = (number: number, ms: number) => numbers.take(number, ms / 1000, true).kind;
    for (const number of [0, 1, 2, 3, 4]) take(number, number);
    numbers.report(1, 0b011);
    expect(take(1, 10)).toBe('duplicate');
    numbers.report(1, 0b111);
    expect([take(1, 11), take(2, 12), take(0, 13), take(4, 14)]).toEqual([
      'resent',
      'duplicate',
      'duplicate',
      'duplicate',
    ]);
  });

  test('a later gap in a report counts what is beyond it', () => {
    const numbers = new Numbers(0, true);
    const take = (number: number) => numbers.take(number, 0, true).kind;
    for (let number = 0; number < 10; number++) take(number);
    // 1 is expected; 2, 3 and 5 to 7 came, 4 did not.
    numbers.report(1, 0b111011);
    expect([take(8), take(1), take(4)]).toEqual(['duplicate', 'resent', 'resent']);
  });

  test('once a sender has begun to send again, what it sent before that and nobody reported is resent as well', () => {
    const numbers = new Numbers(0, true);
    const take = (number: number, ms: number) => numbers.take(number, ms / 1000, true).kind;
    for (const number of [0, 1, 2, 3]) take(number, 80 + number);
    expect(take(1, 90)).toBe('duplicate');
    numbers.report(0, 0b010);
    expect([take(0, 200), take(1, 201), take(2, 202), take(3, 203)]).toEqual(['resent', 'resent', 'resent', 'resent']);
    for (const number of [4, 5, 6, 7]) take(number, 300 + number);
    expect([take(4, 320), take(5, 321)]).toEqual(['duplicate', 'duplicate']);
    // The timer of 4 runs out when 5 to 7 are not that old.
    numbers.report(4, 0b010);
    for (const number of [8, 9]) take(number, 390);
    expect([take(4, 410), take(8, 411), take(6, 412), take(9, 413)]).toEqual(['resent', 'resent', 'resent', 'resent']);
    // What comes first after that is not part of it, and what was reported is not sent again.
    take(10, 414);
    expect([take(10, 415), take(9, 600)]).toEqual(['duplicate', 'resent']);
  });

  test('a report that is older than the newest, or beyond what was sent, is ignored', () => {
    const numbers = new Numbers(0, true);
    const take = (number: number) => numbers.take(number, 0, true).kind;
    for (let number = 0; number < 10; number++) take(number);
    numbers.report(5, 0);
    numbers.report(1, 0b111);
    numbers.report(11, 0b111);
    expect(take(1)).toBe('duplicate');
  });
});

describe('a direction of a channel', () => {
  const opened = (kit: Kit): Watch => {
    const watch = new Watch(BOTH);
    establish(watch, kit);
    return watch;
  };
  const counts = (watch: Watch) => watch.rows.map(({ out, back }) => [out, back])[0];

  test('starts where cookie 2 says, its two bytes for the responder and two for the initiator', () => {
    const kit = new Kit();
    const watch = opened(kit);
    expect([watch.see(50, kit.data('initiator', 1)), watch.see(51, kit.data('responder', 2))]).toEqual([
      '1a2b3c4d established ! sequence-gap 1',
      '1a2b3c4d established ! sequence-gap 2',
    ]);
  });

  test('counts loss, other order and duplicates in udp mode, where data is not sent again', () => {
    const kit = new Kit({ mode: 'udp' });
    const watch = opened(kit);
    expect([
      watch.see(50, kit.data('initiator', 0)),
      watch.see(51, kit.data('initiator', 3)),
      watch.see(52, kit.data('initiator', 1)),
      watch.see(900, kit.data('initiator', 1)),
    ]).toEqual([
      '1a2b3c4d established',
      '1a2b3c4d established ! sequence-gap 2',
      '1a2b3c4d established ! reordered 2',
      '1a2b3c4d established ! duplicate 0',
    ]);
    expect(counts(watch)).toEqual([
      { packets: 4, bytes: 256, data: 4, dataBytes: 40, dup: 1, lost: 1, reord: 1 },
      { packets: 1, bytes: 55 },
    ]);
  });

  test('counts what is sent again in tcp mode, by the timer or by a report', () => {
    const kit = new Kit();
    const watch = opened(kit);
    expect([
      watch.see(50, kit.data('initiator', 0)),
      watch.see(51, kit.data('initiator', 1)),
      watch.see(52, kit.data('initiator', 3)),
      watch.see(53, kit.data('initiator', 4)),
      watch.see(54, kit.data('initiator', 5)),
      watch.see(70, kit.progress('responder', 2, 0b111)),
      watch.see(71, kit.data('initiator', 2)),
      watch.see(72, kit.data('initiator', 5)),
      watch.see(260, kit.data('initiator', 1)),
    ]).toEqual([
      '1a2b3c4d established',
      '1a2b3c4d established',
      '1a2b3c4d established ! sequence-gap 1',
      '1a2b3c4d established',
      '1a2b3c4d established',
      '1a2b3c4d established',
      '1a2b3c4d established ! resent 0',
      '1a2b3c4d established ! duplicate 0',
      '1a2b3c4d established ! resent -1',
    ]);
    expect(counts(watch)).toEqual([
      { packets: 8, bytes: 512, data: 8, dataBytes: 80, dup: 1, resent: 2 },
      { packets: 2, bytes: 55 + 62 },
    ]);
  });

  test('takes no number from packets of control messages, nor from empty ones', () => {
    const kit = new Kit();
    const watch = opened(kit);
    watch.see(50, kit.data('initiator', 0));
    expect([
      watch.see(51, kit.progress('initiator', 0)),
      watch.see(52, kit.window('initiator')),
      watch.see(53, kit.packet('initiator', [], { sequence: 9 })),
      watch.see(54, kit.data('initiator', 1)),
    ]).toEqual(new Array(4).fill('1a2b3c4d established'));
  });

  test('sees a number that was given up, where the mode skips it', () => {
    for (const [mode, found] of [
      ['z', ' ! resent -1, given-up'],
      ['streaming-2', ' ! resent -1, given-up'],
      ['tcp', ' ! resent -1'],
      ['udp', ' ! duplicate 0'],
    ] as const) {
      const kit = new Kit({ mode });
      const watch = opened(kit);
      watch.see(50, kit.data('initiator', 0));
      expect(watch.see(900, kit.numbered('initiator', 0, kit.dataMessage(0)))).toBe(`1a2b3c4d established${found}`);
    }
  });

  test('counts what comes after its gap was given up as lost, in the modes that give gaps up', () => {
    for (const [mode, found] of [
      ['streaming-1', ' ! after-gap 240'],
      ['x', ' ! after-gap 240'],
      ['udp', ' ! reordered 1'],
    ] as const) {
      const kit = new Kit({ mode });
      const watch = opened(kit);
      watch.see(50, kit.data('initiator', 0));
      watch.see(60, kit.data('initiator', 2));
      expect(watch.see(300, kit.data('initiator', 1))).toBe(`1a2b3c4d established${found}`);
      const [channel] = [...watch.tracker.table.channels.values()];
      expect(channel?.fromInitiator?.lost).toBe(mode === 'udp' ? 0 : 1);
    }
  });

  test('counts DATA of length 0 as a packet of data, and all DATA of a packet', () => {
    const kit = new Kit();
    const watch = opened(kit);
    watch.see(50, kit.numbered('initiator', 0, kit.dataMessage(0)));
    watch.see(51, kit.numbered('initiator', 1, kit.dataMessage(3), kit.dataMessage(200)));
    expect(counts(watch)?.[0]).toEqual({ packets: 2, bytes: 54 + 52 + 5 + 203, data: 2, dataBytes: 203 });
  });

  test('has no numbers in the reference dialect, whatever is written there', () => {
    const kit = new Kit({ dialect: 'channeler' });
    const watch = opened(kit);
    for (const sequence of [0, 0, 7, 3]) watch.see(50, kit.packet('initiator', [kit.dataMessage()], { sequence }));
    expect(counts(watch)).toEqual([{ packets: 4, bytes: 256, data: 4, dataBytes: 40 }, undefined]);
  });
});
