import { type ConformanceTest, EARLY, NUMBERED } from './test.js';

const OF = 'initiator';
const ACKNOWLEDGE = '4 "Handshake", step 3';
const EARLY_DATA = '4 "Early data"';
const TOLD = 'what the application is told';

/** Bits of a cookie of 16 bytes, one in each byte, and the last of all. */
const BITS = [...Array.from({ length: 16 }, (_, byte) => 8 * byte + (byte % 8)), 127];

/** Passed over where only the handshake matters: what the application of the tested peer sends. */
const TALK = `
ignore chan(id=*) ... data() ...
ignore chan(id=*) close()
ignore chan(id=*) window()`;

/** What an initiator must not take for an answer, and early data of the responder. */
export const initiatorCookies: readonly ConformanceTest[] = [
  {
    name: 'ack-each-byte',
    of: OF,
    asks: 'compares all 16 bytes of cookie1: one wrong bit in any of them is enough',
    section: ACKNOWLEDGE,
    blind: 'how long it takes to compare them',
    dialects: EARLY,
    script: ({ keepAsked, ackPacket, silence, proven }) => `
ignore new()
0.0 ! open(tcp)
*   < new() -> ${keepAsked}
${BITS.map((bit) => `+0  > ${ackPacket(`cookie1=flip(cookie1, ${bit})`)}`).join('\n')}
${silence}
+0  > ${ackPacket()} -> id
*   < ${proven}`,
  },
  {
    name: 'ack-other-numbers',
    of: OF,
    asks: 'takes exactly s1 + 1 for an acknowledgement, and no number near it',
    section: '4 "`seqno`"',
    blind: 'numbers that are not tried',
    dialects: ['seqno'],
    script: ({ keepAsked, ackPacket, silence, proven }) => `
ignore new()
0.0 ! open(tcp)
*   < new() -> ${keepAsked}
${['s1', 's1 + 2', 's1 + 3', 's1 + 4', 's1 - 1', 's1 + 0x8001', '0xffff - s1']
  .map((value) => `+0  > ${ackPacket(`ack=${value}`)}`)
  .join('\n')}
${silence}
+0  > ${ackPacket()} -> id
*   < ${proven}`,
  },
  ...(
    [
      ['half-reserved', 'gives it the reserved half f0f0', 'id=id(c1, 0xf0f0)'],
      ['other-c1', 'is for another c1', 'id=id(c1 + 1, 0x1234)'],
    ] as const
  ).map(
    ([name, what, fields]): ConformanceTest => ({
      name: `ack-${name}`,
      of: OF,
      asks: `drops a CHANNEL_ACKNOWLEDGE that ${what}, and takes the right one after it`,
      section: '4 "What is dropped"',
      blind: TOLD,
      dialects: NUMBERED,
      script: ({ keepAsked, ackPacket, silence, proven, dialect }) => `
ignore new()
0.0 ! open(tcp)
*   < new() -> ${keepAsked}
+0  > ${ackPacket(`${fields}${dialect === 'seqno' ? ', ack=s1 + 1' : ', cookie1=cookie1'}`)}
${silence}
+0  > ${ackPacket()} -> id
*   < ${proven}`,
    }),
  ),
  {
    name: 'finalize-gives-up',
    of: OF,
    asks: 'sends CHANNEL_FINALIZE six times in 6.2 s while nobody confirms, and then no more',
    section: '4 "Timers"',
    blind: TOLD,
    dialects: NUMBERED,
    needs: ['patience'],
    script: ({ keepAsked, ackPacket, proven }) => `
0.0 ! open(tcp)
*   < new() -> ${keepAsked}
+0  > ${ackPacket()} -> id
*   < ${proven}
~0.1..0.35 < ${proven}
~0.3..0.6 < ${proven}
~0.65..1.1 < ${proven}
~1.4..1.9 < ${proven}
~2.9..3.5 < ${proven}
+8  < nothing`,
  },
  {
    name: 'early-held',
    of: OF,
    asks: 'holds data that the responder sends before its CHANNEL_ACKNOWLEDGE, and takes it when that comes',
    section: EARLY_DATA,
    blind: TOLD,
    dialects: EARLY,
    needsResend: true,
    script: ({ keepAsked, ackPacket, proven }) => `${TALK}
0.0 ! open(tcp)
*   < new() -> ${keepAsked}
+0  > chan(id=id(c1, 0x2345), sequence=0x0100) cookie(cookie=cookie1) data("early")
+0.02 > ${ackPacket('id=id(c1, 0x2345), cookie2=0x01000200000000000000000000000000')} -> id, cookie2
*   < ... ${proven.replace('cookie2=valid', 'cookie2=cookie2')} ...
&   < progress(next=0x0101) window()`,
  },
  {
    name: 'early-held-more',
    of: OF,
    asks: 'holds several packets that the responder sends before its CHANNEL_ACKNOWLEDGE',
    section: EARLY_DATA,
    blind: 'more than three such packets',
    dialects: EARLY,
    needsResend: true,
    script: ({ keepAsked, ackPacket }) => `${TALK}
ignore finalize()
0.0 ! open(tcp)
*   < new() -> ${keepAsked}
+0  > chan(id=id(c1, 0x2345), sequence=0x0100) cookie(cookie=cookie1) data("1")
+0  > chan(id=id(c1, 0x2345), sequence=0x0101) cookie(cookie=cookie1) data("2")
+0  > chan(id=id(c1, 0x2345), sequence=0x0102) cookie(cookie=cookie1) data("3")
+0.02 > ${ackPacket('id=id(c1, 0x2345), cookie2=0x01000200000000000000000000000000')}
~0..0.3 <? progress(next=0x0101) window()
~0..0.3 <? progress(next=0x0102) window()
~0..0.3 < progress(next=0x0103) window()`,
  },
  {
    name: 'early-wrong',
    of: OF,
    asks: 'drops data that the responder sends early with a wrong CHANNEL_COOKIE',
    section: EARLY_DATA,
    blind: TOLD,
    dialects: EARLY,
    needsResend: true,
    script: ({ keepAsked, ackPacket, proven }) => `${TALK}
0.0 ! open(tcp)
*   < new() -> ${keepAsked}
+0  > chan(id=id(c1, 0x2345), sequence=0x0100) cookie(cookie=flip(cookie1, 77)) data("early")
+0.02 > ${ackPacket('id=id(c1, 0x2345), cookie2=0x01000200000000000000000000000000')} -> id, cookie2
*   < ${proven.replace('cookie2=valid', 'cookie2=cookie2')}
+0  > window(16)
+0.1 > chan(sequence=0x0101) data("second")
~0..0.2 < progress(next=0x0100, received=1) window()`,
  },
  {
    name: 'numbers-wrap-by-initiator',
    of: OF,
    asks: 'goes on with 0 after 65535, and compares numbers as serial numbers',
    section: '5 "Numbers"',
    blind: 'the numbers of its own direction',
    mode: 'tcp',
    dialects: NUMBERED,
    script: ({ opened, dialect }) => `${TALK}
${opened({ mode: 'tcp', ack: dialect === 'seqno' ? 's2=0xfffc' : 'cookie2=0xfffd0200000000000000000000000000' })}
+0  > chan(sequence=0xfffd) data("1")
*   < progress(next=0xfffe) window()
+0  > chan(sequence=1) data("5")
*   < progress(next=0xfffe, received=4) window()
+0  > chan(sequence=0xfffe) data("2")
~0..0.2 < progress(next=0xffff, received=2) window()
+0  > chan(sequence=0xffff) data("3")
~0..0.2 < progress(next=0, received=1) window()
+0  > chan(sequence=0) data("4")
~0..0.2 < progress(next=2, received=0) window()`,
  },
];
