import { type ConformanceTest, EARLY, NUMBERED } from './test.js';

const OF = 'responder';
const PROOF = '4 "Handshake", step 4';
const DROPPED = '4 "What is dropped"';
const STORED = 'whether anything is stored';

/** Bits of a cookie of 16 bytes, one in each byte, and the last of all. */
const BITS = [...Array.from({ length: 16 }, (_, byte) => 8 * byte + (byte % 8)), 127];

/** A CHANNEL_FINALIZE that must be dropped: what is wrong with its packet. */
const WRONG = [
  ['encrypted', 'has the encrypted bit, though all of it can be read', 'flags.encrypted=true', ''],
  ['checksum', 'has a bad checksum', '', 'fault bad-checksum'],
  ['recipient', 'is for another peer', 'recipient=random', ''],
  ['dialect', 'is of an unknown dialect', '', 'fault protocol:0xdeadbeef'],
  ['cut', "is cut off by the payload's end", '', 'fault cut-message:1'],
] as const;

/** What a responder must not take for a proof. */
export const responderCookies: readonly ConformanceTest[] = [
  {
    name: 'finalize-each-byte',
    of: OF,
    asks: 'compares all 16 bytes of cookie2: one wrong bit in any of them is enough',
    section: PROOF,
    blind: 'how long it takes to compare them',
    dialects: EARLY,
    script: ({ newPacket, ack, finalize, silence }) => `
0.0 > ${newPacket()} -> c1
*   < ${ack}
${BITS.map((bit) => `+0  > finalize(cookie2=flip(cookie2, ${bit}))`).join('\n')}
${silence}
+0  > ${finalize()}
*   < ... window()`,
  },
  {
    name: 'cookie-each-byte',
    of: OF,
    asks: 'compares all 16 bytes of CHANNEL_COOKIE: one wrong bit in any of them is enough',
    section: '4 "Early data"',
    blind: 'how long it takes to compare them',
    dialects: EARLY,
    script: ({ newPacket, ack, finalize, silence }) => `
0.0 > ${newPacket()} -> c1
*   < ${ack}
${BITS.map((bit) => `+0  > cookie(cookie=flip(cookie2, ${bit})) data("early")`).join('\n')}
${silence}
+0  > ${finalize()}
*   < ... window()`,
  },
  {
    name: 'finalize-other-numbers',
    of: OF,
    asks: 'takes exactly s2 + 1 for an acknowledgement, and no number near it',
    section: '4 "`seqno`"',
    blind: 'numbers that are not tried',
    dialects: ['seqno'],
    script: ({ newPacket, ack, finalize, silence }) => `
0.0 > ${newPacket()} -> c1
*   < ${ack}
${['s2', 's2 + 2', 's2 + 3', 's2 + 4', 's2 + 17', 's2 - 1', 's2 + 0x8001', '0', '0xffff - s2']
  .map((value) => `+0  > finalize(ack=${value})`)
  .join('\n')}
${silence}
+0  > ${finalize()}
*   < ... window()`,
  },
  ...WRONG.map(
    ([name, what, header, fault]): ConformanceTest => ({
      name: `finalize-wrong-${name}`,
      of: OF,
      asks: `drops a CHANNEL_FINALIZE that ${what}, and takes the right one after it`,
      section: DROPPED,
      blind: STORED,
      dialects: NUMBERED,
      script: ({ newPacket, ack, finalize, silence }) => `
0.0 > ${newPacket()} -> c1
*   < ${ack}
+0  > ${header === '' ? '' : `chan(${header}) `}${finalize()} ${fault}
${silence}
+0  > ${finalize()}
*   < ... window()`,
    }),
  ),
  {
    name: 'finalize-established-other-address',
    of: OF,
    asks: 'lets a CHANNEL_FINALIZE from another address change nothing about an established channel',
    section: PROOF,
    blind: 'packets that the channel would send by itself',
    dialects: NUMBERED,
    script: ({ handshake, finalize, silence }) => `
${handshake()}
+0.1 > ${finalize()} via 2
${silence}
+0  > data("stolen") via 2 -> sequence as number
${silence}
+0  > chan(sequence=number) data("hello")
*   < progress(next=number + 1) window()`,
  },
  {
    name: 'cookie-other-address',
    of: OF,
    asks: 'drops a CHANNEL_COOKIE from an address that was not given this c2',
    section: PROOF,
    blind: STORED,
    dialects: EARLY,
    script: ({ newPacket, ack, finalize, silence }) => `
0.0 > ${newPacket()} -> c1
*   < ${ack}
+0  > cookie() data("early") via 2
${silence}
+0  > ${finalize()}
*   < ... window()`,
  },
  {
    name: 'cookie-capabilities',
    of: OF,
    asks: 'takes the capabilities of a channel from the CHANNEL_COOKIE that proves it',
    section: '4 "Early data"',
    blind: 'what differs between the modes without resend',
    dialects: ['hmac'],
    script: ({ newPacket, ack, silence }) => `
0.0 > ${newPacket()} -> c1
*   < ${ack}
+0  > cookie(caps=udp) data("early")
~0..0.2 < window()
+0  > data("more")
${silence}`,
  },
  {
    name: 'cookie-repeated',
    of: OF,
    asks: 'settles early data that comes again only once, and reports it again',
    section: '4 "Early data"',
    blind: 'what the application is given',
    dialects: EARLY,
    script: ({ newPacket, ack, dialect }) => {
      const early = `cookie(${dialect === 'hmac' ? 'caps=tcp' : ''}) data("early")`;
      return `
ignore chan(id=*) window()
0.0 > ${newPacket()} -> c1
*   < ${ack}
+0  > ${early} -> sequence as number
*   < progress(next=number + 1) window()
+0.1 > chan(sequence=number) ${early}
~0..0.2 < progress(next=number + 1, received=0) window()`;
    },
  },
  {
    name: 'numbers-wrap',
    of: OF,
    asks: 'goes on with 0 after 65535, and compares numbers as serial numbers',
    section: '5 "Numbers"',
    blind: 'the numbers of its own direction',
    dialects: ['seqno'],
    script: ({ ack }) => `
0.0 > new(caps=tcp, s1=0xfffc) -> c1, s1
*   < ${ack}
+0  > finalize()
*   < ... window()
+0  > chan(sequence=s1 + 1) data("1")
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
