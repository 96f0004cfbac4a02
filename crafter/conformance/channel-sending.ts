import { type ChannelTest, inBothRoles } from './both-roles.js';
import type { ConformanceTest } from './test.js';

const TIMER = '6 "Resend timer"';
const CONGESTION = '6 "Congestion window"';
const WINDOW = '6 "DATA_WINDOW"';
const GIVING_UP = '5 "Giving up"';

/** The four packets of the first flight: what they hold is kept where a test asks for it again. */
const KEPT = (flight: string): string => flight.replace('as first\n', 'as first, data as bytes\n');

/** The same without keeping it. */
const FLIGHT = `
*   < data() ... -> sequence as first
*   < chan(sequence=first + 1) data() ...
*   < chan(sequence=first + 2) data() ...
*   < chan(sequence=first + 3) data() ...`;

/** Numbers that the window allows which holds before the first DATA_WINDOW: nobody takes back what was allowed. */
const ALLOWED_AT_FIRST = Array.from(
  { length: 15 },
  (_, place) => `ignore chan(id=*, sequence=first + ${place + 1}) data() ...`,
).join('\n');
/** Those are reported as they come, so that no timer runs out. */
const FIRST_SIXTEEN = `
*   < data() ... -> sequence as first
*   < chan(sequence=first + 3) data() ...
+0  > progress(next=first + 4) window(12)
*   < chan(sequence=first + 7) data() ...
+0  > progress(next=first + 8) window(8)
*   < chan(sequence=first + 11) data() ...
+0  > progress(next=first + 12) window(4)
*   < chan(sequence=first + 15) data() ...`;

const sending: readonly ChannelTest[] = (['tcp', 'sctp'] as const).flatMap((mode): readonly ChannelTest[] => [
  {
    name: `resend-backs-off-${mode}`,
    asks: `sends what nobody reports again after 200 ms in ${mode}, and doubles that each time: same number, same bytes`,
    section: TIMER,
    mode,
    sends: 1,
    blind: 'timers that follow measured round trips',
    body: () => `
*   < data() ... -> sequence as first, data as bytes
~0.1..0.35 < chan(sequence=first) data(bytes) ...
~0.3..0.6 < chan(sequence=first) data(bytes) ...
~0.65..1.15 < chan(sequence=first) data(bytes) ...
+0  > progress(next=first + 1) window(16)
+2.1 < nothing`,
  },
  {
    name: `fast-resend-${mode}`,
    asks: `sends a packet again at once in ${mode} when three packets sent after it are reported`,
    section: TIMER,
    mode,
    sends: 5,
    settings: 'ignore chan(id=*, sequence=first + 4) data() ...\nignore chan(id=*, sequence=first + 5) data() ...',
    blind: 'how the congestion window is halved then',
    body: () => `${KEPT(FLIGHT)}
+0  > progress(next=first, received=7) window(16)
~0..0.08 < chan(sequence=first) data(bytes) ...`,
  },
  {
    name: `resend-oldest-alone-${mode}`,
    asks: `sends only the oldest packet again in ${mode} when its timer runs out: the congestion window is 1 then`,
    section: CONGESTION,
    mode,
    sends: 8,
    blind: 'how the window grows afterwards',
    body: () => `${KEPT(FLIGHT)}
~0.1..0.35 < chan(sequence=first) data(bytes) ...
+0.15 < nothing`,
  },
  {
    name: `first-window-${mode}`,
    asks: `has four packets under way in ${mode} before the first report, and no more`,
    section: CONGESTION,
    mode,
    sends: 8,
    blind: 'a first window of less than four where the peer has less to send at once',
    body: () => `${FLIGHT}
+0.08 < nothing`,
  },
  {
    name: `window-kept-${mode}`,
    asks: `sends no number in ${mode} that the window of the other peer does not allow`,
    section: WINDOW,
    mode,
    sends: 24,
    settings: ALLOWED_AT_FIRST,
    blind: 'windows of more than a few packets',
    body: () => `${FIRST_SIXTEEN}
+0  > progress(next=first + 16) window(1)
~0..0.2 < chan(sequence=first + 16) data() ...
+0.07 < nothing
+0  > progress(next=first + 17) window(2)
~0..0.2 < chan(sequence=first + 17) data() ...
~0..0.2 < chan(sequence=first + 18) data() ...
+0.07 < nothing`,
  },
  {
    name: `window-shut-${mode}`,
    asks: `probes a shut window in ${mode} with the next number when its timer runs out, and sends on when it opens`,
    section: WINDOW,
    mode,
    sends: 24,
    settings: ALLOWED_AT_FIRST,
    blind: 'how long after it was shut a window is probed, as long as that is no more than 2 s',
    body: () => `${FIRST_SIXTEEN}
+0  > progress(next=first + 16) window(0)
+0.07 < nothing
~0..2.2 < chan(sequence=first + 16) data() ...
+0  > progress(next=first + 16) window(0)
+0.07 < nothing
~0..2.2 < chan(sequence=first + 16) data() ...
+0  > progress(next=first + 16) window(16)
~0..2.2 < chan(sequence=first + 16) data() ...
+0  > progress(next=first + 17) window(16)
~0..0.3 < chan(sequence=first + 17) data() ...`,
  },
]);

/** Passed over: what a sender may have sent beside what a test looks at. */
const passing = (from: number, to: number): string =>
  Array.from(
    { length: to - from + 1 },
    (_, place) => `ignore chan(id=*, sequence=first + ${from + place}) data() ...`,
  ).join('\n');

/** What a sender takes from reports, and how much it sends then: the same in all modes with `resend`. */
const windows: readonly ChannelTest[] = [
  {
    name: 'packet-size',
    asks: 'sends packets of at most 1200 bytes',
    section: '2 "Packet"',
    mode: 'tcp',
    sends: 2,
    settings: passing(1, 15),
    blind: 'peers that were told another size',
    body: () => `
*   < chan(size=52..1200) data() ... -> sequence as first
+0  > progress(next=first + 1) window(16)`,
  },
  {
    name: 'fast-resend-waits',
    asks: 'sends nothing again as long as only two packets sent after it are reported',
    section: TIMER,
    mode: 'tcp',
    sends: 8,
    settings: passing(4, 8),
    blind: 'packets that are not the oldest',
    body: () => `${KEPT(FLIGHT)}
+0  > progress(next=first, received=3) window(16)
+0.05 < nothing
+0  > progress(next=first, received=7) window(16)
~0..0.08 < chan(sequence=first) data(bytes) ...`,
  },
  {
    name: 'fast-resend-slows',
    asks: 'halves its congestion window on a fast resend',
    section: CONGESTION,
    mode: 'tcp',
    sends: 12,
    settings: passing(4, 5),
    blind: 'a window that is a packet or two too wide',
    body: () => `${KEPT(FLIGHT)}
+0  > progress(next=first, received=7) window(16)
~0..0.08 < chan(sequence=first) data(bytes) ...
+0.06 < nothing`,
  },
  {
    name: 'window-grows',
    asks: 'has at most twice as many packets under way after the first ones were reported',
    section: CONGESTION,
    mode: 'tcp',
    sends: 24,
    settings: passing(4, 11),
    blind: 'how the window grows afterwards',
    body: () => `${FLIGHT}
+0  > progress(next=first + 4) window(28)
+0.06 < nothing`,
  },
  {
    name: 'window-alone',
    asks: 'takes no window from a DATA_WINDOW without a DATA_PROGRESS',
    section: WINDOW,
    mode: 'tcp',
    sends: 24,
    settings: ALLOWED_AT_FIRST,
    blind: 'what it makes of one before the first report',
    body: () => `${FIRST_SIXTEEN}
+0  > progress(next=first + 16) window(1)
~0..0.2 < chan(sequence=first + 16) data() ...
+0  > window(16)
+0.07 < nothing`,
  },
  {
    name: 'report-old-window',
    asks: 'ignores a DATA_PROGRESS that is older than the newest, with its DATA_WINDOW',
    section: '6 "DATA_PROGRESS"',
    mode: 'tcp',
    sends: 24,
    settings: ALLOWED_AT_FIRST,
    blind: 'the bits of such a report',
    body: () => `${FIRST_SIXTEEN}
+0  > progress(next=first + 16) window(1)
~0..0.2 < chan(sequence=first + 16) data() ...
+0  > progress(next=first + 12) window(16)
+0.07 < nothing`,
  },
  {
    name: 'close-lets-finish',
    asks: 'sends what it still has after the CLOSE 0 of the other peer, and then its own',
    section: '6 "CHANNEL_CLOSE"',
    mode: 'tcp',
    sends: 8,
    blind: 'more than a few packets',
    body: () => `${FLIGHT}
+0  > close(done)
+0.05 > progress(next=first + 4) window(16)
*   < chan(sequence=first + 4) data() ...
+0  > progress(next=first + 5) window(16)
*   < chan(sequence=first + 5) data() ...`,
  },
];

const gaveUp = (mode: 'tcp' | 'sctp' | 'z' | 'streaming-2', end: string): string => `
*   < data() ... -> sequence as first, data as bytes
~0.1..0.35 < chan(sequence=first) data(bytes) ...
~0.3..0.6 < chan(sequence=first) data(bytes) ...
~0.65..1.15 < chan(sequence=first) data(bytes) ...
~1.4..2.2 < chan(sequence=first) data(bytes) ...
~1..2.6 < chan(sequence=first) data(bytes) ...
~1..2.6 < chan(sequence=first) data(bytes) ...
~0..2.6 <? chan(sequence=first) data(bytes) ...
${end.replace('MODE', mode)}`;

const tests: readonly ChannelTest[] = [
  ...sending,
  ...windows,
  {
    name: 'report-beyond-sent',
    asks: 'ignores a DATA_PROGRESS beyond what it has sent',
    section: '6 "DATA_PROGRESS"',
    mode: 'tcp',
    sends: 1,
    blind: 'bits of a report that are beyond what was sent',
    body: () => `
*   < data() ... -> sequence as first, data as bytes
+0  > progress(next=first + 100) window(16)
~0.05..0.4 < chan(sequence=first) data(bytes) ...`,
  },
  {
    name: 'report-in-numbered',
    asks: 'takes no DATA_PROGRESS from a numbered packet: those carry none',
    section: '5 "Numbers"',
    mode: 'tcp',
    sends: 1,
    blind: 'DATA_WINDOW in such packets',
    settings: 'ignore chan(id=*) data("b") ...',
    body: () => `
*   < data() ... -> sequence as first, data as bytes
+0  > data("b") progress(next=first + 1) window(16)
~0.05..0.4 < chan(sequence=first) data(bytes) ...`,
  },
  ...(['tcp', 'sctp'] as const).map(
    (mode): ChannelTest => ({
      name: `gives-up-${mode}`,
      asks: `gives a packet up in ${mode} after 8 sendings, or 10 s, and closes with reason 1`,
      section: GIVING_UP,
      mode,
      needs: ['patience'],
      sends: 1,
      blind: 'which of the two comes first',
      body: () => gaveUp(mode, '~0..2.6 < close(loss)'),
    }),
  ),
  ...(['z', 'streaming-2'] as const).map(
    (mode): ChannelTest => ({
      name: `gives-up-${mode}`,
      asks: `gives a packet up in ${mode} after 8 sendings, or 10 s, and sends its number with one empty DATA in place of it`,
      section: GIVING_UP,
      mode,
      needs: ['patience'],
      sends: 1,
      blind: 'how often the empty one is repeated',
      body: () =>
        gaveUp(mode, '~0..2.6 < chan(sequence=first) data("")\n+0 > progress(next=first + 1) window(16)\n+3 < nothing'),
    }),
  ),
];

/** What a peer sends again, when, and how much it has under way. */
export const channelSending: readonly ConformanceTest[] = inBothRoles(tests);
