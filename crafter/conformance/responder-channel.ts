import { type ConformanceTest, NUMBERED } from './test.js';

/** What these tests cannot see, unless they say otherwise. */
const BLIND = 'what the application is given';
const OF = 'responder';
const PROGRESS = '6 "DATA_PROGRESS"';

/** What a responder does on an established channel. */
export const responderChannel: readonly ConformanceTest[] = [
  {
    name: 'data-acknowledged',
    of: OF,
    asks: 'reports DATA with DATA_PROGRESS, and a DATA_WINDOW beside it, in a mode with resend',
    section: PROGRESS,
    blind: BLIND,
    dialects: NUMBERED,
    script: ({ handshake }) => `
${handshake()}
+0  > data("hello") -> sequence as number
*   < progress(next=number + 1, received=0) window()`,
  },
  {
    name: 'data-empty',
    of: OF,
    asks: 'takes a DATA of length 0',
    section: '5 "Giving up"',
    blind: BLIND,
    dialects: NUMBERED,
    script: ({ handshake }) => `
${handshake()}
+0  > data("") -> sequence as number
*   < progress(next=number + 1) window()`,
  },
  {
    name: 'data-before-unknown',
    of: OF,
    asks: 'takes DATA that stands before a message of an unknown type',
    section: '3 "Messages, by dialect"',
    blind: BLIND,
    dialects: NUMBERED,
    script: ({ handshake }) => `
${handshake()}
+0  > data("hello") unknown(99, 0x00) -> sequence as number
*   < progress(next=number + 1) window()`,
  },
  {
    name: 'data-gap',
    of: OF,
    asks: 'reports a packet beyond a gap at once, and the gap when it is filled',
    section: PROGRESS,
    blind: BLIND,
    dialects: NUMBERED,
    script: ({ handshake }) => `
${handshake()}
+0  > data("one") -> sequence as number
*   < progress(next=number + 1) window()
+0  > chan(sequence=number + 2) data("three")
*   < progress(next=number + 1, received=1) window()
+0  > chan(sequence=number + 1) data("two")
*   < progress(next=number + 3, received=0) window()`,
  },
  {
    name: 'data-repeated',
    of: OF,
    asks: 'reports a duplicate at once, and settles it only once',
    section: PROGRESS,
    blind: BLIND,
    dialects: NUMBERED,
    script: ({ handshake }) => `
${handshake()}
+0  > data("hello") -> sequence as number
*   < progress(next=number + 1) window()
+0.1 > chan(sequence=number) data("hello")
*   < progress(next=number + 1) window()`,
  },
  {
    name: 'data-udp',
    of: OF,
    asks: 'sends no DATA_PROGRESS in a mode without resend',
    section: PROGRESS,
    blind: BLIND,
    dialects: NUMBERED,
    script: ({ handshake, silence }) => `
${handshake('udp')}
+0  > data("hello")
${silence}`,
  },
  {
    name: 'data-other-address',
    of: OF,
    asks: 'accepts the packets of a channel from the address of its proof only',
    section: '4 "Handshake", step 4',
    blind: BLIND,
    dialects: NUMBERED,
    script: ({ handshake, silence }) => `
${handshake()}
+0  > data("stolen") via 2 -> sequence as number
${silence}
+0  > chan(sequence=number) data("hello")
*   < progress(next=number + 1) window()`,
  },
  {
    name: 'data-other-sender',
    of: OF,
    asks: 'keys a channel by the id of the other peer, too',
    section: '4 "Key"',
    blind: BLIND,
    dialects: NUMBERED,
    script: ({ handshake, silence }) => `
${handshake()}
+0  > chan(sender=random) data("stolen") -> sequence as number
${silence}
+0  > chan(sequence=number) data("hello")
*   < progress(next=number + 1) window()`,
  },
  {
    name: 'data-bad-checksum',
    of: OF,
    asks: 'drops DATA with a bad checksum',
    section: '4 "What is dropped"',
    blind: BLIND,
    dialects: NUMBERED,
    script: ({ handshake, silence }) => `
${handshake()}
+0  > data("damaged") fault bad-checksum -> sequence as number
${silence}
+0  > chan(sequence=number) data("hello")
*   < progress(next=number + 1) window()`,
  },
];
