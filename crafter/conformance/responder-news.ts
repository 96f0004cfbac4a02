import { ALL, type ConformanceTest, NUMBERED } from './test.js';

/** What these tests cannot see, unless they say otherwise. */
const BLIND = 'what it stores';
const OF = 'responder';
const HANDSHAKE = '4 "Handshake"';
const AMPLIFICATION = '4 "No amplification"';
const ANSWER = `${HANDSHAKE}, step 2`;

/** What a responder makes of CHANNEL_NEW. */
export const responderNews: readonly ConformanceTest[] = [
  {
    name: 'new-answered',
    of: OF,
    asks: 'answers CHANNEL_NEW with a CHANNEL_ACKNOWLEDGE that returns its proof, numbered 0',
    section: ANSWER,
    blind: BLIND,
    dialects: ALL,
    script: ({ newPacket, ackAlone, dialect }) => `
0.0 > ${newPacket()} -> c1
*   < ${dialect === 'channeler' ? '' : 'chan(sequence=0) '}${ackAlone}`,
  },
  {
    name: 'new-repeated',
    of: OF,
    asks: 'gives a repeated CHANNEL_NEW the same answer',
    section: ANSWER,
    blind: BLIND,
    dialects: NUMBERED,
    script: ({ newPacket, keepNew, ack, sameAck }) => `
0.0 > ${newPacket()} -> ${keepNew}
*   < ${ack}
+0.1 > ${newPacket()}
*   < ${sameAck}`,
  },
  {
    name: 'new-too-small',
    of: OF,
    asks: 'does not answer a CHANNEL_NEW that is smaller than its answer',
    section: AMPLIFICATION,
    blind: BLIND,
    dialects: ALL,
    script: ({ newPacket, silence, ackAlone }) => `
0.0 > ${newPacket('', 'padding=0')} -> c1
${silence}
+0  > ${newPacket()}
*   < ${ackAlone}`,
  },
  {
    name: 'new-bundled',
    of: OF,
    asks: 'answers several CHANNEL_NEW of one packet, in no more bytes than that had',
    section: AMPLIFICATION,
    blind: BLIND,
    dialects: NUMBERED,
    script: ({ news, answer, proof }) => `
0.0 > ${news()} ${news()} ${news()}
*   < chan(size=0..${answer(3)}) ack(${proof}) ack(${proof}) ack(${proof})`,
  },
  {
    name: 'new-bundle-too-small',
    of: OF,
    asks: 'answers none of several CHANNEL_NEW when the answers together are larger than their packet',
    section: AMPLIFICATION,
    blind: BLIND,
    dialects: NUMBERED,
    script: ({ news, answer, silence, newPacket, ackAlone }) => `
0.0 > chan(padded_to=${answer(3) - 1}) ${news()} ${news()} ${news()}
${silence}
+0  > ${newPacket()} -> c1
*   < ${ackAlone}`,
  },
  {
    name: 'new-reserved-half',
    of: OF,
    asks: 'does not answer a CHANNEL_NEW with the reserved half f0f0 as c1',
    section: '1 "Terms"',
    blind: BLIND,
    dialects: ALL,
    script: ({ newPacket, silence, ackAlone }) => `
0.0 > ${newPacket('c1=0xf0f0')}
${silence}
+0  > ${newPacket()} -> c1
*   < ${ackAlone}`,
  },
  {
    name: 'new-for-established',
    of: OF,
    asks: 'answers a CHANNEL_NEW for the c1 of an established channel, and never with the id of that channel',
    section: ANSWER,
    blind: BLIND,
    dialects: ALL,
    script: ({ handshake, newPacket, silence }) => `
${handshake()}
${silence}
+0  > ${newPacket('c1=c1')}
*   < ack(id=!id)`,
  },
  {
    name: 'flood',
    of: OF,
    asks: 'takes a new channel while a thousand strangers ask for one',
    section: ANSWER,
    blind: BLIND,
    dialects: ALL,
    script: ({ newPacket, handshake }) => `
ignore chan(recipient=!local) ...
0.0 > ${newPacket('c1=random', 'sender=random')} times 1000
${handshake().replace('0.0 >', '+0.5 >')}`,
  },
  {
    name: 'flood-during-handshake',
    of: OF,
    asks: 'finishes a handshake that was under way when a thousand strangers asked for channels',
    section: ANSWER,
    blind: BLIND,
    dialects: ['hmac'],
    script: ({ newPacket, ack, finalize }) => `
ignore chan(recipient=!local) ...
0.0 > ${newPacket()} -> c1
*   < ${ack}
+0  > ${newPacket('c1=random', 'sender=random')} times 1000
+0.5 > ${finalize()}
*   < ... window()`,
  },
];
