import type { Mode } from '../../dissectors/channel/capabilities.js';
import { type ConformanceTest, NUMBERED } from './test.js';

/** What these tests cannot see, unless they say otherwise. */
const BLIND = 'what the application is told';
const OF = 'responder';
const CLOSE = '6 "CHANNEL_CLOSE"';

const WITHOUT_RESEND: readonly Mode[] = ['udp', 'x', 'streaming-1', 'y'];

const answered: readonly ConformanceTest[] = WITHOUT_RESEND.map((mode) => ({
  name: `close-answered-${mode}`,
  of: OF,
  asks: `answers CLOSE 0 and its repeat with a DATA_PROGRESS past it in ${mode}, and closes its own direction`,
  section: CLOSE,
  blind: BLIND,
  dialects: NUMBERED,
  script: ({ handshake, silence }) => `
${handshake(mode)}
+0  > close(done) -> sequence as number
*   < progress(next=number + 1) window()
*   < close(done) -> sequence as theirs
+0  > progress(next=theirs + 1) window(16)
${silence}
+0  > chan(sequence=number) close(done)
*   < progress(next=number + 1) window()`,
}));

/** How a responder ends a channel, and how it takes the end. */
export const responderClosing: readonly ConformanceTest[] = [
  {
    name: 'close-answered',
    of: OF,
    asks: 'acknowledges CLOSE 0 and closes its own direction',
    section: CLOSE,
    blind: BLIND,
    dialects: NUMBERED,
    script: ({ handshake }) => `
${handshake()}
+0  > close(done) -> sequence as number
*   < progress(next=number + 1) window()
*   < close(done)`,
  },
  {
    name: 'close-repeated',
    of: OF,
    asks: 'answers for a closed channel: a repeated CLOSE 0 with a DATA_PROGRESS past it',
    section: CLOSE,
    blind: BLIND,
    dialects: NUMBERED,
    script: ({ handshake, silence }) => `
${handshake()}
+0  > close(done) -> sequence as number
*   < progress(next=number + 1) window()
*   < close(done) -> sequence as theirs
+0  > progress(next=theirs + 1) window(16)
${silence}
+0  > chan(sequence=number) close(done)
*   < progress(next=number + 1) window()`,
  },
  {
    name: 'close-at-once',
    of: OF,
    asks: 'ends a channel at once on CLOSE 1, and answers it and its repeat with a DATA_PROGRESS past it',
    section: CLOSE,
    blind: BLIND,
    dialects: NUMBERED,
    script: ({ handshake, silence }) => `
${handshake()}
+0  > close(loss) -> sequence as number
*   < progress(next=number + 1) window()
${silence}
+0  > chan(sequence=number) close(loss)
*   < progress(next=number + 1) window()`,
  },
  ...answered,
  ...WITHOUT_RESEND.map(
    (mode): ConformanceTest => ({
      name: `close-at-once-${mode}`,
      of: OF,
      asks: `ends a channel at once on CLOSE 1 in ${mode}, and answers it with a DATA_PROGRESS past it`,
      section: CLOSE,
      blind: BLIND,
      dialects: NUMBERED,
      script: ({ handshake }) => `
${handshake(mode)}
+0  > close(loss) -> sequence as number
*   < progress(next=number + 1) window()`,
    }),
  ),
  {
    name: 'close-number',
    of: OF,
    asks: 'gives its CLOSE the number after that of its last packet',
    section: CLOSE,
    blind: BLIND,
    dialects: NUMBERED,
    needs: ['echo'],
    script: ({ handshake }) => `
ignore chan(id=*) progress() window()
ignore chan(id=*) window()
${handshake()}
+0  > data("hello")
*   < data("hello") -> sequence as theirs
+0  > progress(next=theirs + 1) window(16)
+0.1 > close(done)
*   < chan(sequence=theirs + 1) close(done)`,
  },
  {
    name: 'close-resent',
    of: OF,
    asks: 'repeats its CLOSE 0 after 0.2 and 0.6 s in a mode without resend, until it is answered',
    section: CLOSE,
    blind: BLIND,
    dialects: NUMBERED,
    script: ({ handshake }) => `
${handshake('x')}
+0  > close(done) -> sequence as number
*   < progress(next=number + 1) window()
*   < close(done) -> sequence as theirs
~0.1..0.35 < chan(sequence=theirs) close(done)
~0.3..0.55 < chan(sequence=theirs) close(done)
+0  > progress(next=theirs + 1) window(16)
+1.1 < nothing`,
  },
  {
    name: 'close-for-loss',
    of: OF,
    asks: 'closes with reason 1 on a gap that stays open in y, repeats that CLOSE, and tells it again to a CLOSE 0',
    section: CLOSE,
    blind: BLIND,
    dialects: NUMBERED,
    script: ({ handshake }) => `
${handshake('y')}
+0  > data("one") -> sequence as number
+0  > chan(sequence=number + 2) close(done)
~0.1..0.6 < close(loss) -> sequence as theirs
~0.1..0.35 < chan(sequence=theirs) close(loss)
+0  > chan(sequence=number + 2) close(done)
*   < chan(sequence=theirs) close(loss)
+0  > progress(next=theirs + 1) window(16)
+1.1 < nothing`,
  },
  {
    name: 'refusal',
    of: OF,
    asks: 'refuses a channel with CLOSE 4, numbered with its start, every time it is asked, and repeats that by itself never',
    section: '4 "Refusal"',
    blind: BLIND,
    dialects: NUMBERED,
    needs: ['refusal'],
    script: ({ newPacket, ack, finalize, responderStart }) => `
0.0 > ${newPacket()} -> c1
*   < ${ack}
+0  > ${finalize()}
*   < chan(sequence=${responderStart}) close(refused)
+0.1 > ${finalize()}
*   < chan(sequence=${responderStart}) close(refused)
+0.7 < nothing`,
  },
];
