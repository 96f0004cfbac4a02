import { ALL, type ConformanceTest, EARLY, NUMBERED } from './test.js';

/** What these tests cannot see, unless they say otherwise. */
const BLIND = 'what the application is told';
const OF = 'initiator';
const TIMERS = '4 "Timers"';
const ACKNOWLEDGE = '4 "Handshake", step 3';
const CONFIRMED = '4 "Confirmed"';
const DROPPED = '4 "What is dropped"';

/** Passed over where only the handshake matters: what the application of the tested peer sends. */
const TALK = `
ignore chan(id=*) ... data() ...
ignore chan(id=*) close()
ignore chan(id=*) ... window()`;

/** A CHANNEL_ACKNOWLEDGE that must change nothing. */
interface Wrong {
  readonly name: string;
  readonly what: string;
  readonly header?: string;
  readonly after?: string;
  readonly dialects?: ConformanceTest['dialects'];
}

const WRONG: readonly Wrong[] = [
  {
    name: 'cookie',
    what: 'returns a wrong cookie',
    after: 'fault wrong-cookie',
    dialects: ['hmac', 'hmac-newcaps', 'channeler'],
  },
  { name: 'checksum', what: 'has a bad checksum', after: 'fault bad-checksum' },
  { name: 'cut', what: 'is cut off', after: 'fault cut-message:1' },
  { name: 'dialect', what: 'is of an unknown dialect', after: 'fault protocol:0xdeadbeef' },
  { name: 'encrypted', what: 'has the encrypted bit, though all of it can be read', header: 'flags.encrypted=true' },
  { name: 'recipient', what: 'is for another peer', header: 'recipient=random' },
  { name: 'sender', what: 'comes from another peer', header: 'sender=random' },
  { name: 'misplaced', what: 'is not on the default channel', header: 'id=0x1a2b3c4d' },
];

const wrongAcks: readonly ConformanceTest[] = WRONG.map(({ name, what, header, after, dialects = ALL }) => ({
  name: `ack-wrong-${name}`,
  of: OF,
  asks: `drops a CHANNEL_ACKNOWLEDGE that ${what}, and takes the right one after it`,
  section: name === 'cookie' ? ACKNOWLEDGE : DROPPED,
  blind: BLIND,
  dialects,
  script: ({ keepAsked, ackPacket, silence, proven }) => `
ignore new()
0.0 ! open(tcp)
*   < new() -> ${keepAsked}
+0  > ${ackPacket('', header)} ${after ?? ''}
${silence}
+0  > ${ackPacket()} -> id
*   < ${proven}`,
}));

/** What an initiator does. */
export const initiatorTests: readonly ConformanceTest[] = [
  {
    name: 'opens',
    of: OF,
    asks: 'sends CHANNEL_NEW, padded, and answers its CHANNEL_ACKNOWLEDGE with CHANNEL_FINALIZE',
    section: ACKNOWLEDGE,
    blind: BLIND,
    dialects: ALL,
    script: ({ opened, answer, dialect }) => {
      // The reference pads everything to one size, and leaves numbers as they were.
      if (dialect === 'channeler') return opened();
      return opened()
        .replace('< new(', `< chan(size=${answer(1)}..1500, sequence=0) new(`)
        .replace('< finalize(', '< chan(size=55..1500, sequence=0) finalize(');
    },
  },
  {
    name: 'new-retried',
    of: OF,
    asks: 'sends CHANNEL_NEW again after 0.2, 0.6 and 1.4 s',
    section: TIMERS,
    blind: BLIND,
    dialects: NUMBERED,
    script: ({ keepAsked, askedAgain }) => `
0.0 ! open(tcp)
*   < new() -> ${keepAsked}
~0.1..0.35 < ${askedAgain}
~0.3..0.55 < ${askedAgain}
~0.65..1.0 < ${askedAgain}`,
  },
  {
    name: 'gives-up',
    of: OF,
    asks: 'sends CHANNEL_NEW six times in 6.2 s, and then no more',
    section: TIMERS,
    blind: BLIND,
    dialects: NUMBERED,
    needs: ['patience'],
    script: ({ keepAsked, askedAgain }) => `
0.0 ! open(tcp)
*   < new() -> ${keepAsked}
${[0.2, 0.6, 1.4, 3.0, 6.2].map((at) => `${(at - 0.1).toFixed(1)}..${(at + 0.2).toFixed(1)} < ${askedAgain}`).join('\n')}
+8  < nothing`,
  },
  {
    name: 'new-c1',
    of: OF,
    asks: 'takes another c1 for another channel: c1 is random',
    section: '4 "Key"',
    blind: 'a c1 that is another each time and can be foretold',
    dialects: ALL,
    script: ({ earlierC1 }) => `
0.0 ! open(tcp)
*   < new(${earlierC1 === undefined ? '' : `c1=!${earlierC1}`})`,
  },
  {
    name: 'ack-late',
    of: OF,
    asks: 'takes a CHANNEL_ACKNOWLEDGE until 12.6 s after its first CHANNEL_NEW',
    section: TIMERS,
    blind: 'the last three seconds',
    dialects: NUMBERED,
    needs: ['patience'],
    script: ({ keepAsked, ackPacket, proven }) => `
ignore new()
0.0 ! open(tcp)
*   < new() -> ${keepAsked}
+9.5 > ${ackPacket()} -> id
*   < ${proven}`,
  },
  ...wrongAcks,
  {
    name: 'ack-second',
    of: OF,
    asks: 'takes the first right CHANNEL_ACKNOWLEDGE, and no later one',
    section: ACKNOWLEDGE,
    blind: BLIND,
    dialects: NUMBERED,
    script: ({ keepAsked, ackPacket, proven }) => `
0.0 ! open(tcp)
*   < new() -> ${keepAsked}
+0  > ${ackPacket()} -> id
*   < ${proven}
+0  > ${ackPacket('id=id(c1, c2(id) + 1)')}
~0.1..0.35 < ${proven}`,
  },
  {
    name: 'finalize-retried',
    of: OF,
    asks: 'repeats CHANNEL_FINALIZE until the channel is confirmed, and not after that',
    section: CONFIRMED,
    blind: BLIND,
    dialects: NUMBERED,
    script: ({ keepAsked, ackPacket, proven }) => `${TALK}
0.0 ! open(tcp)
*   < new() -> ${keepAsked}
+0  > ${ackPacket()} -> id
*   < ${proven}
~0.1..0.35 < ${proven}
~0.3..0.55 < ${proven}
+0  > window(16)
+1  < nothing`,
  },
  {
    name: 'cookie-confirms-nothing',
    of: OF,
    asks: 'does not take a packet that begins with CHANNEL_COOKIE for a confirmation',
    section: CONFIRMED,
    blind: BLIND,
    dialects: EARLY,
    script: ({ keepAsked, ackPacket, proven }) => `${TALK}
0.0 ! open(tcp)
*   < new() -> ${keepAsked}
+0  > ${ackPacket()} -> id
*   < ${proven}
+0  > cookie(cookie=cookie1) data("early")
~0.1..0.35 < ${proven}`,
  },
  {
    name: 'quiet-before-confirmation',
    of: OF,
    asks: 'sends nothing numbered before the confirmation, and then begins with its first number',
    section: CONFIRMED,
    blind: BLIND,
    dialects: NUMBERED,
    script: ({ keepAsked, ackPacket, proven, initiatorStart, dialect }) => `
ignore chan(id=*) window()
0.0 ! open(tcp)
+0  ! send("hello")
*   < new() -> ${keepAsked}
+0  > ${ackPacket()} -> id${dialect === 'seqno' ? '' : ', cookie2'}
*   < ${proven}
+0.1 < nothing
+0  > window(16)
*   < chan(sequence=${initiatorStart}) data() ...`,
  },
  {
    name: 'collision',
    of: OF,
    asks: 'starts again at once with a new c1 when the other peer asks for a channel with its c1, and does not answer',
    section: '4 "Collisions"',
    blind: BLIND,
    dialects: NUMBERED,
    script: ({ keepAsked, newPacket, ackPacket, proven }) => `
0.0 ! open(tcp)
*   < new() -> c1
+0  > ${newPacket('c1=c1')}
~0..0.15 < new(c1=!c1) -> ${keepAsked}
+0  > ${ackPacket()} -> id
*   < ${proven}`,
  },
  {
    name: 'collision-after-ack',
    of: OF,
    asks: 'does not start again when the other peer asks for a channel with its c1 after its CHANNEL_ACKNOWLEDGE',
    section: '4 "Collisions"',
    blind: BLIND,
    dialects: NUMBERED,
    script: ({ keepAsked, newPacket, ackPacket, proven }) => `
ignore ack()
0.0 ! open(tcp)
*   < new() -> ${keepAsked}
+0  > ${ackPacket()} -> id
*   < ${proven}
+0  > ${newPacket('c1=c1')}
~0.1..0.35 < ${proven}`,
  },
  {
    name: 'collisions-end',
    of: OF,
    asks: 'starts again for a collision eight times at most',
    section: '4 "Collisions"',
    blind: 'what becomes of the attempt then',
    dialects: NUMBERED,
    script: ({ newPacket }) => `
0.0 ! open(tcp)
*   < new() -> c1
${Array.from({ length: 8 }, () => `+0  > ${newPacket('c1=c1')}\n~0..0.15 < new(c1=!c1) -> c1`).join('\n')}
+0  > ${newPacket('c1=c1')}
+0.1 < nothing`,
  },
  {
    name: 'confirmed-by-data',
    of: OF,
    asks: 'takes any packet of the responder on the channel for a confirmation that does not begin with CHANNEL_COOKIE',
    section: CONFIRMED,
    blind: BLIND,
    dialects: NUMBERED,
    script: ({ keepAsked, ackPacket, proven }) => `${TALK}
ignore chan(id=*) progress() window()
0.0 ! open(tcp)
*   < new() -> ${keepAsked}
+0  > ${ackPacket()} -> id
*   < ${proven}
+0  > data("sent by the test")
+1  < nothing`,
  },
  {
    name: 'confirmation-other-address',
    of: OF,
    asks: 'takes no confirmation from another address than that of the CHANNEL_ACKNOWLEDGE',
    section: '4 "Handshake", step 4',
    blind: BLIND,
    dialects: NUMBERED,
    script: ({ keepAsked, ackPacket, proven }) => `
0.0 ! open(tcp)
*   < new() -> ${keepAsked}
+0  > ${ackPacket()} -> id
*   < ${proven}
+0  > window(16) via 2
~0.1..0.35 < ${proven}`,
  },
  {
    name: 'refusal-heard',
    of: OF,
    asks: 'stops when the responder refuses with CLOSE 4',
    section: '4 "Refusal"',
    blind: BLIND,
    dialects: NUMBERED,
    script: ({ keepAsked, ackPacket, proven }) => `
0.0 ! open(tcp)
*   < new() -> ${keepAsked}
+0  > ${ackPacket()} -> id
*   < ${proven}
+0  > close(refused) -> sequence as number
~0..0.15 <? progress(next=number + 1) window()
+0.7 < nothing`,
  },
  {
    name: 'data-resent',
    of: OF,
    asks: 'sends DATA that nobody acknowledges again, with its number and its bytes',
    section: '6 "Resend timer"',
    blind: BLIND,
    dialects: NUMBERED,
    needsResend: true,
    script: ({ opened }) => `
ignore chan(id=*) window()
ignore chan(id=*) close()
${Array.from({ length: 15 }, (_, place) => `ignore chan(id=*, sequence=number + ${place + 1}) ... data() ...`).join('\n')}
${opened().replace('open(tcp)', 'open(tcp)\n+0 ! send("hello")')}
*   < data() ... -> sequence as number, data as bytes
~0.05..2.2 < chan(sequence=number) data(bytes) ...`,
  },
  {
    name: 'data-acknowledged-by-initiator',
    of: OF,
    asks: 'reports DATA of the responder with DATA_PROGRESS and DATA_WINDOW',
    section: '6 "DATA_PROGRESS"',
    blind: BLIND,
    dialects: NUMBERED,
    needsResend: true,
    script: ({ opened }) => `
ignore chan(id=*) ... data() ...
ignore chan(id=*) close()
${opened()}
+0  > data("sent by the test") -> sequence as number
*   < progress(next=number + 1) window()
~0..0.1 <? data("sent by the test"...) ...`,
  },
  {
    name: 'close-answered-by-initiator',
    of: OF,
    asks: 'answers CLOSE 0 with a DATA_PROGRESS past it',
    section: '6 "CHANNEL_CLOSE"',
    blind: BLIND,
    dialects: NUMBERED,
    script: ({ opened }) => `
ignore chan(id=*) ... data() ...
ignore chan(id=*) close()
${opened()}
+0  > close(done) -> sequence as number
*   < progress(next=number + 1) window()`,
  },
];
