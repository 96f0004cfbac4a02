import { type ConformanceTest, EARLY, NUMBERED } from './test.js';

/** What these tests cannot see, unless they say otherwise. */
const BLIND = 'what the application is given';
const OF = 'responder';
const EARLY_DATA = '4 "Early data"';
const DROPPED = '4 "What is dropped"';

/** What a responder makes of CHANNEL_COOKIE, and of packets without a proof. */
export const responderEarly: readonly ConformanceTest[] = [
  {
    name: 'cookie-confirmed',
    of: OF,
    asks: 'takes CHANNEL_COOKIE with data in the place of CHANNEL_FINALIZE, and confirms it',
    section: EARLY_DATA,
    blind: BLIND,
    dialects: EARLY,
    script: ({ newPacket, ack, dialect }) => `
0.0 > ${newPacket()} -> c1
*   < ${ack}
+0  > cookie(${dialect === 'hmac' ? 'caps=tcp' : ''}) data("early") -> sequence as number
*   <? window()
*   < progress(next=number + 1) window()`,
  },
  {
    name: 'cookie-wrong',
    of: OF,
    asks: 'drops a packet that begins with a wrong CHANNEL_COOKIE',
    section: EARLY_DATA,
    blind: BLIND,
    dialects: EARLY,
    script: ({ newPacket, ack, finalize, silence }) => `
0.0 > ${newPacket()} -> c1
*   < ${ack}
+0  > cookie(cookie=flip(cookie2, 17)) data("early")
${silence}
+0  > ${finalize()}
*   < ... window()`,
  },
  {
    name: 'cookie-not-first',
    of: OF,
    asks: 'takes CHANNEL_COOKIE only as the first message of a packet',
    section: DROPPED,
    blind: BLIND,
    dialects: EARLY,
    script: ({ newPacket, ack, finalize, silence }) => `
0.0 > ${newPacket()} -> c1
*   < ${ack}
+0  > data("early") cookie()
${silence}
+0  > ${finalize()}
*   < ... window()`,
  },
  {
    name: 'cookie-misplaced',
    of: OF,
    asks: 'takes no CHANNEL_COOKIE on the default channel',
    section: DROPPED,
    blind: BLIND,
    dialects: EARLY,
    script: ({ newPacket, ack, finalize, silence }) => `
0.0 > ${newPacket()} -> c1
*   < ${ack}
+0  > chan(id=0xf0f0f0f0) cookie() data("early")
${silence}
+0  > ${finalize()}
*   < ... window()`,
  },
  {
    name: 'cookie-on-established',
    of: OF,
    asks: 'confirms again when a right CHANNEL_COOKIE comes on an established channel',
    section: EARLY_DATA,
    blind: BLIND,
    dialects: EARLY,
    script: ({ handshake }) => `
${handshake()}
+0.1 > cookie() data("hello") -> sequence as number
*   <? window()
*   < progress(next=number + 1) window()`,
  },
  {
    name: 'cookie-alone',
    of: OF,
    asks: 'counts a packet with nothing but CHANNEL_COOKIE: it takes a number',
    section: '5 "Numbers"',
    blind: BLIND,
    dialects: EARLY,
    script: ({ newPacket, ack, dialect }) => `
ignore chan(id=*) window()
0.0 > ${newPacket()} -> c1
*   < ${ack}
+0  > cookie(${dialect === 'hmac' ? 'caps=tcp' : ''}) -> sequence as number
~0..0.15 <? progress(next=number + 1) window()
+0.2 > chan(sequence=number + 1) data("second")
~0..0.2 < progress(next=number + 2, received=0) window()`,
  },
  {
    name: 'cookie-caps-again',
    of: OF,
    asks: 'keeps the capabilities of a channel when a later CHANNEL_COOKIE names others',
    section: '4 "Handshake", step 4',
    blind: BLIND,
    dialects: ['hmac'],
    script: ({ handshake }) => `
${handshake('tcp')}
+0.1 > cookie(caps=udp) data("one") -> sequence as number
*   <? window()
*   < progress(next=number + 1) window()
+0.1 > data("two")
*   < progress(next=number + 2) window()`,
  },
  {
    name: 'cookie-wrong-on-established',
    of: OF,
    asks: 'drops a packet with a wrong CHANNEL_COOKIE on an established channel too',
    section: EARLY_DATA,
    blind: BLIND,
    dialects: EARLY,
    script: ({ handshake, silence }) => `
${handshake()}
+0.1 > cookie(cookie=flip(cookie2, 17)) data("forged") -> sequence as number
${silence}
+0  > chan(sequence=number) data("hello")
*   < progress(next=number + 1) window()`,
  },
  ...['data("stray")', 'close(done)', 'close(loss)', 'window(16)'].map(
    (message): ConformanceTest => ({
      name: `unknown-channel-${message.replace(/\W.*$/, '')}${message.includes('loss') ? '-loss' : ''}`,
      of: OF,
      asks: `drops ${message} on a channel that it does not know, without a trace`,
      section: DROPPED,
      blind: BLIND,
      dialects: NUMBERED,
      script: ({ silence, handshake }) => `
0.0 > chan(id=0x1a2b3c4d) ${message}
${silence}
${handshake().replace('0.0', '+0')}`,
    }),
  ),
];
