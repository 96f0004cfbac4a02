import { type ChannelTest, inBothRoles } from './both-roles.js';
import type { ConformanceTest } from './test.js';

const GAPS = '5 "Gaps"';
const CLOSE = '6 "CHANNEL_CLOSE"';
const IN_TIME = 'a gap timeout that is a little shorter or longer than 200 ms';

const closing: readonly ChannelTest[] = (['x', 'y'] as const).flatMap((mode): readonly ChannelTest[] => [
  {
    name: `gap-closes-${mode}`,
    asks: `closes with reason 1 in ${mode} when a gap has been open for the gap timeout, and not before`,
    section: GAPS,
    mode,
    blind: IN_TIME,
    body: () => `
+0  > data("one") -> sequence as number
+0  > chan(sequence=number + 2) data("three")
~0.12..0.5 < close(loss)`,
  },
  {
    name: `gap-filled-${mode}`,
    asks: `goes on in ${mode} when the missing packet comes before the gap timeout`,
    section: GAPS,
    mode,
    blind: 'what is delivered then',
    body: () => `
+0  > data("one") -> sequence as number
+0  > chan(sequence=number + 2) data("three")
+0.08 > chan(sequence=number + 1) data("two")
+0.5 < nothing`,
  },
  {
    name: `gap-wide-${mode}`,
    asks: `closes at once in ${mode} on a number that is 1024 or more ahead`,
    section: GAPS,
    mode,
    blind: 'where exactly the span ends',
    body: () => `
+0  > data("one") -> sequence as number
+0.05 > chan(sequence=number + 1100) data("far")
~0..0.12 < close(loss)`,
  },
  {
    name: `gap-narrow-${mode}`,
    asks: `waits in ${mode} for the gap timeout when a number is 1000 ahead`,
    section: GAPS,
    mode,
    blind: 'where exactly the span ends',
    body: () => `
+0  > data("one") -> sequence as number
+0.05 > chan(sequence=number + 1000) data("far")
~0.12..0.5 < close(loss)`,
  },
  {
    name: `gap-tail-${mode}`,
    asks: `takes a CLOSE beyond a gap for the end of a lost tail in ${mode}: it closes with reason 1, and does not answer the CLOSE`,
    section: GAPS,
    mode,
    blind: IN_TIME,
    body: () => `
+0  > data("one") -> sequence as number
+0  > chan(sequence=number + 3) close(done)
~0.12..0.5 < close(loss)`,
  },
  {
    name: `close-told-again-${mode}`,
    asks: `tells its CLOSE 1 again in ${mode} to a numbered packet without a CLOSE`,
    section: CLOSE,
    mode,
    blind: 'whether what is sent then is delivered',
    body: ({ silence }) => `
+0  > data("one") -> sequence as number
+0  > chan(sequence=number + 2) data("three")
~0.12..0.5 < close(loss) -> sequence as theirs
+0  > progress(next=theirs + 1) window(16)
${silence}
+0  > chan(sequence=number + 3) data("four")
~0..0.2 < chan(sequence=theirs) close(loss)`,
  },
]);

const tests: readonly ChannelTest[] = [
  ...closing,
  {
    name: 'gap-skipped-streaming-1',
    asks: 'counts a gap that stays open as lost in streaming-1: a CLOSE 0 beyond it takes effect after the gap timeout',
    section: GAPS,
    mode: 'streaming-1',
    blind: IN_TIME,
    body: () => `
+0  > data("one") -> sequence as number
+0  > chan(sequence=number + 2) data("three")
+0  > chan(sequence=number + 3) close(done)
~0.12..0.5 < progress(next=number + 4) window()`,
  },
  ...(['tcp', 'streaming-2', 'z', 'sctp'] as const).map(
    (mode): ChannelTest => ({
      name: `gap-waited-for-${mode}`,
      asks: `waits for the missing packet in ${mode}, however long it takes: the receiver has no gap timeout`,
      section: '5 "Giving up"',
      mode,
      blind: 'a timeout of more than a second',
      body: () => `
+0  > data("one") -> sequence as number
*   < progress(next=number + 1) window()
+0  > chan(sequence=number + 2) data("three")
*   < progress(next=number + 1, received=1) window()
~0..0.2 <? progress(next=number + 1, received=1) window() times 5
+0.8 < nothing
+0  > chan(sequence=number + 1) data("two")
*   < progress(next=number + 3, received=0) window()`,
    }),
  ),
  ...(['tcp', 'z'] as const).map(
    (mode): ChannelTest => ({
      name: `close-behind-gap-${mode}`,
      asks: `lets no CLOSE 0 jump a gap in ${mode}: it takes effect when every number before it is settled`,
      section: CLOSE,
      mode,
      blind: 'what the application is told',
      body: () => `
+0  > data("one") -> sequence as number
*   < progress(next=number + 1) window()
+0  > chan(sequence=number + 2) close(done)
*   < progress(next=number + 1, received=1) window()
~0..0.2 <? progress(next=number + 1, received=1) window() times 5
+0.3 < nothing
+0  > chan(sequence=number + 1) data("two")
*   < progress(next=number + 3) window()`,
    }),
  ),
  {
    name: 'close-reason-jumps-gap',
    asks: 'takes a CLOSE of another reason than 0 on arrival, gap or no gap, and answers it with a DATA_PROGRESS past it',
    section: CLOSE,
    mode: 'tcp',
    blind: 'whether data behind the gap is discarded',
    body: () => `
+0  > data("one") -> sequence as number
*   < progress(next=number + 1) window()
+0  > chan(sequence=number + 4) close(loss)
~0..0.2 < progress(next=number + 5) window()`,
  },
  {
    name: 'close-reason-old',
    asks: 'takes no CLOSE whose number is an old one',
    section: CLOSE,
    mode: 'tcp',
    blind: 'how it counts such a packet',
    body: ({ quiet }) => `
+0  > data("one") -> sequence as number
*   < progress(next=number + 1) window()
+0.1 > chan(sequence=number - 1) close(loss)
~0..${quiet} <? progress(next=number + 1) window() times 3
+0  > chan(sequence=number + 1) data("two")
*   < progress(next=number + 2) window()`,
  },
  {
    name: 'close-encrypted',
    asks: 'drops a CLOSE that has the encrypted bit, though all of it can be read',
    section: '4 "What is dropped"',
    mode: 'tcp',
    blind: 'other faults of packets with a CLOSE',
    body: ({ silence }) => `
+0  > data("one") -> sequence as number
*   < progress(next=number + 1) window()
+0  > chan(flags.encrypted=true) close(loss)
${silence}
+0  > chan(sequence=number + 1) data("two")
*   < progress(next=number + 2) window()`,
  },
  {
    name: 'close-flood',
    asks: 'answers a repeated CLOSE at most every 20 ms',
    section: CLOSE,
    mode: 'tcp',
    blind: 'what it does with floods of other packets',
    body: () => `
+0  > close(loss) -> sequence as number
~0..0.2 < progress(next=number + 1) window()
+0.1 > chan(sequence=number) close(loss) times 20
~0..0.2 < progress(next=number + 1) window()
~0..0.3 <? progress(next=number + 1) window() times 8
+0.3 < nothing`,
  },
  {
    name: 'close-answers-data',
    asks: 'reports on a closed channel what is sent again, where the mode has resend',
    section: CLOSE,
    mode: 'tcp',
    blind: 'whether it stops after 15 s',
    body: () => `
+0  > data("one") -> sequence as number
*   < progress(next=number + 1) window()
+0  > close(loss)
~0..0.2 < progress(next=number + 2) window()
+0.1 > chan(sequence=number) data("one")
~0..0.2 < progress(next=number + 2) window()`,
  },
  {
    name: 'nothing-after-close',
    settings: 'ignore chan(id=*) close(done)',
    asks: 'drops numbers after the CLOSE 0 of the other peer',
    section: CLOSE,
    mode: 'tcp',
    blind: 'what the application is given',
    body: ({ quiet }) => `
+0  > close(done) -> sequence as number
~0..0.2 < progress(next=number + 1) window()
~0..0.1 <? progress(next=number + 1) window() times 2
+${quiet} > chan(sequence=number + 1) data("more")
~0..0.2 <? progress(next=number + 1, received=0) window() times 3
+0.2 < nothing`,
  },
  {
    name: 'idle',
    asks: 'closes a channel on which nothing arrived for 60 s with reason 2, and not before',
    section: '4 "Timers"',
    mode: 'tcp',
    needs: ['patience'],
    initiatorNeeds: ['echo'],
    blind: 'keeping a quiet channel with DATA_WINDOW',
    settings: 'ignore chan(id=*) progress() window()',
    body: () => `
+0  > data("")
~59..62 < close(idle)`,
  },
  {
    name: 'idle-udp',
    asks: 'closes a channel in udp on which nothing arrived and nothing was sent for 60 s with reason 2',
    section: '4 "Timers"',
    mode: 'udp',
    needs: ['patience'],
    initiatorNeeds: ['echo'],
    blind: 'a channel on which it sends unasked',
    body: () => `
+0  > data("")
~59..62 < close(idle)`,
  },
  {
    name: 'idle-kept',
    asks: 'keeps a channel on which a DATA_WINDOW arrives within 60 s',
    section: '4 "Timers"',
    mode: 'tcp',
    needs: ['patience'],
    initiatorNeeds: ['echo'],
    blind: 'other packets that keep a channel',
    settings: 'ignore chan(id=*) progress() window()',
    body: () => `
+0  > data("")
+40 > window(16)
+30 < nothing`,
  },
  {
    name: 'close-silent',
    asks: 'answers for a closed channel for 15 s, and then no more',
    section: CLOSE,
    mode: 'tcp',
    needs: ['patience'],
    blind: 'where exactly the time ends',
    body: ({ silence }) => `
+0  > close(loss) -> sequence as number
~0..0.2 < progress(next=number + 1) window()
+12 > chan(sequence=number) close(loss)
~0..0.2 < progress(next=number + 1) window()
+6  > chan(sequence=number) close(loss)
${silence}`,
  },
  {
    name: 'close-given-up',
    asks: 'repeats a CLOSE 1 that nobody answers at 0.2, 0.6, 1.4, 3.0 and 6.2 s, and then no more',
    section: CLOSE,
    mode: 'y',
    needs: ['patience'],
    blind: 'the reason that it tells its application',
    body: () => `
+0  > data("one") -> sequence as number
+0  > chan(sequence=number + 2) data("three")
~0.12..0.5 < close(loss) -> sequence as theirs
~0.1..0.35 < chan(sequence=theirs) close(loss)
~0.3..0.55 < chan(sequence=theirs) close(loss)
~0.7..1.0 < chan(sequence=theirs) close(loss)
~1.4..1.9 < chan(sequence=theirs) close(loss)
~3.0..3.5 < chan(sequence=theirs) close(loss)
+8 < nothing`,
  },
];

/** What a peer does about gaps, and how channels end. */
export const channelGaps: readonly ConformanceTest[] = inBothRoles(tests);
