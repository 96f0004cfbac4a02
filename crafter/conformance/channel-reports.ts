import { type ChannelTest, inBothRoles } from './both-roles.js';
import type { ConformanceTest } from './test.js';

const PROGRESS = '6 "DATA_PROGRESS"';
const WINDOW = '6 "DATA_WINDOW"';
const NUMBERS = '5 "Numbers"';
const DROPPED = '4 "What is dropped"';
const DELIVERY = 'what the application is given';

const tests: readonly ChannelTest[] = [
  {
    name: 'report-in-time',
    asks: 'reports DATA within a fifth of a second; the protocol gives it 20 ms',
    section: PROGRESS,
    mode: 'tcp',
    blind: 'a delay between 20 ms and 0.2 s, which a network may make as well',
    body: () => `
+0  > data("hello") -> sequence as number
~0..0.2 < progress(next=number + 1, received=0) window()
~0..0.2 <? progress(next=number + 1, received=0) window()
+0.1 > data("again")
~0..0.2 < progress(next=number + 2, received=0) window()`,
  },
  {
    name: 'report-bits',
    asks: 'names in its report every number that came beyond a gap, the least significant bit first',
    section: PROGRESS,
    mode: 'tcp',
    blind: 'bits beyond the window that holds before the first DATA_WINDOW',
    body: () =>
      `
+0  > data("1") -> sequence as number
*   < progress(next=number + 1) window()
+0  > chan(sequence=number + 2) data("3")
~0..0.2 < progress(next=number + 1, received=0b1) window()
+0  > chan(sequence=number + 4) data("5")
~0..0.2 < progress(next=number + 1, received=0b101) window()
+0  > chan(sequence=number + 11) data("12")
~0..0.2 < progress(next=number + 1, received=0b1000000101) window()
+0  > chan(sequence=number + 3) data("4")
~0..0.2 < progress(next=number + 1, received=0b1000000111) window()
+0  > chan(sequence=number + 1) data("2")
~0..0.2 < progress(next=number + 5, received=0b100000) window()`.replaceAll(/0b([01]+)/g, (_, bits: string) =>
        String(Number.parseInt(bits, 2)),
      ),
  },
  {
    name: 'report-bits-far',
    asks: 'names in the 32 bits of its report no number that lies beyond them',
    section: PROGRESS,
    mode: 'tcp',
    blind: 'whether the window allows such a number',
    body: () => `
+0  > data("1") -> sequence as number
*   < progress(next=number + 1) window()
+0.1 > chan(sequence=number + 40) data("41")
~0..0.2 < progress(next=number + 1, received=0) window()`,
  },
  {
    name: 'report-counts-packets',
    asks: 'counts packets: one that holds two DATA takes one number, and one that holds none takes none',
    section: NUMBERS,
    mode: 'sctp',
    blind: DELIVERY,
    body: () => `
+0  > data("one") data("two") -> sequence as number
*   < progress(next=number + 1) window()
+0  > window(16)
+0.05 > data("three")
*   < progress(next=number + 2) window()`,
  },
  {
    name: 'report-not-reported',
    asks: 'does not report reports: a DATA_PROGRESS with its DATA_WINDOW is not answered',
    section: PROGRESS,
    mode: 'tcp',
    blind: 'answers that come later than the silence lasts',
    body: ({ silence }) => `
+0  > data("hello") -> sequence as number
*   < progress(next=number + 1) window() -> sequence as theirs
+0.1 > progress(next=theirs) window(16)
${silence}`,
  },
  {
    name: 'report-old-number',
    asks: 'takes a number before the start for an old one: reports it at once, and nothing new',
    section: '4 "Starting sequence numbers"',
    mode: 'tcp',
    blind: DELIVERY,
    body: () => `
+0  > data("hello") -> sequence as number
*   < progress(next=number + 1) window()
+0.1 > chan(sequence=number - 1) data("old")
~0..0.2 < progress(next=number + 1, received=0) window()`,
  },
  {
    name: 'report-repeated-beyond-gap',
    asks: 'reports at once what comes twice beyond a gap',
    section: PROGRESS,
    mode: 'tcp',
    blind: DELIVERY,
    body: () => `
+0  > data("1") -> sequence as number
*   < progress(next=number + 1) window()
+0  > chan(sequence=number + 2) data("3")
~0..0.2 < progress(next=number + 1, received=1) window()
~0..0.1 <? progress(next=number + 1, received=1) window() times 3
+0.2 > chan(sequence=number + 2) data("3")
~0..0.2 < progress(next=number + 1, received=1) window()`,
  },
  {
    name: 'report-beyond-window',
    asks: 'answers a number beyond its window at once, and does not take it',
    section: WINDOW,
    mode: 'tcp',
    blind: 'where between 16 and 32,767 the window really ends',
    body: () => `
+0  > data("hello") -> sequence as number
*   < progress(next=number + 1) window()
+0.1 > chan(sequence=number + 0x7fff) data("beyond")
~0..0.2 < progress(next=number + 1, received=0) window()`,
  },
  {
    name: 'window-not-taken-back',
    asks: 'never takes back what its window allowed',
    section: WINDOW,
    mode: 'tcp',
    blind: 'windows that shrink only when the application is slow',
    body: () => `
+0  > data("1") -> sequence as number
*   < progress(next=number + 1) window() -> window as first
+0.1 > data("2")
*   < progress(next=number + 2) window(window=first - 1..0xffff) -> window as second
+0.1 > chan(sequence=number + 3) data("4")
*   < progress(next=number + 2) window(window=second..0xffff)`,
  },
  {
    name: 'data-long',
    asks: 'reads lengths of two and three bytes, with one more for each continuation, and finds what stands behind them',
    section: '2 "Varints"',
    mode: 'tcp',
    blind: 'the bytes themselves',
    body: () => `
+0  > data(repeat("c", 128)) data(repeat("d", 300)) close(loss) -> sequence as number
*   < progress(next=number + 1) window()
+0.1 > chan(sequence=number + 1) data("behind the end")
*   < progress(next=number + 1) window()`,
  },
  {
    name: 'data-large',
    asks: 'takes a packet as large as a datagram holds',
    section: '2 "Packet"',
    mode: 'tcp',
    blind: 'sizes between those that are tried',
    body: () => `
+0  > data(repeat("x", 1500)) -> sequence as number
*   < progress(next=number + 1) window()
+0  > data(repeat("x", 16000))
*   < progress(next=number + 2) window()
+0  > data(repeat("x", 17000))
*   < progress(next=number + 3) window()`,
  },
  ...(['udp', 'x', 'streaming-1', 'y'] as const).map(
    (mode): ChannelTest => ({
      name: `unreported-${mode}`,
      asks: `sends no DATA_PROGRESS for DATA in ${mode}`,
      section: PROGRESS,
      mode,
      blind: 'reports that come later than the silence lasts',
      body: ({ silence }) => `
+0  > data("sent by the test")
${silence}`,
    }),
  ),
  ...(
    [
      [
        'encrypted',
        'that has the encrypted bit, though all of it can be read',
        'chan(flags.encrypted=true) data("x")',
        '',
      ],
      ['recipient', 'that is for another peer', 'chan(recipient=random) data("x")', ''],
      ['dialect', 'of an unknown dialect', 'data("x")', 'fault protocol:0xdeadbeef'],
      ['cut', 'that is cut short', 'data("xxxxxxxxxxxxxxxxxxxx")', 'fault cut:6'],
      ['length', 'whose length is beyond the payload', 'data("x")', 'fault data-length:200'],
    ] as const
  ).map(
    ([name, what, packet, fault]): ChannelTest => ({
      name: `data-${name === 'length' ? 'cut-off' : name === 'cut' ? 'truncated' : `wrong-${name}`}`,
      asks: `drops DATA ${what}`,
      section: DROPPED,
      mode: 'tcp',
      blind: 'a drop that is not one, as long as the number is not taken',
      body: ({ silence }) => `
+0  > data("first") -> sequence as number
*   < progress(next=number + 1) window()
+0  > ${packet} ${fault}
${silence}
+0  > chan(sequence=number + 1) data("hello")
*   < progress(next=number + 2) window()`,
    }),
  ),
  {
    name: 'data-odd',
    asks: 'takes DATA with reserved flags, the spin bit and noise for its padding',
    section: DROPPED,
    mode: 'tcp',
    blind: DELIVERY,
    body: () => `
+0  > data("one") fault reserved-flags -> sequence as number
*   < progress(next=number + 1) window()
+0  > data("two") fault spin
*   < progress(next=number + 2) window()
+0  > chan(padding=30) data("three") fault noisy-padding
*   < progress(next=number + 3) window()`,
  },
];

/** What a peer reports on an established channel, and what it drops there. */
export const channelReports: readonly ConformanceTest[] = inBothRoles(tests);
