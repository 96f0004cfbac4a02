import { type ConformanceTest, NUMBERED } from './test.js';

/** What these tests cannot see, unless they say otherwise. */
const BLIND = 'whether anything is stored';
const OF = 'responder';
const PROOF = '4 "Handshake", step 4';
const CLOSED = '4 "Closed channels"';
const AMPLIFICATION = '4 "No amplification"';

/** What a responder makes of CHANNEL_FINALIZE. */
export const responderProof: readonly ConformanceTest[] = [
  {
    name: 'finalize-confirmed',
    of: OF,
    asks: 'confirms a right CHANNEL_FINALIZE with a DATA_WINDOW on the channel',
    section: PROOF,
    blind: BLIND,
    dialects: NUMBERED,
    script: ({ handshake }) => handshake(),
  },
  {
    name: 'finalize-start',
    of: OF,
    asks: 'shows the first number of its direction in the confirmation, and again in the next, which takes none',
    section: '4 "Starting sequence numbers"',
    blind: BLIND,
    dialects: NUMBERED,
    script: ({ newPacket, ack, finalize, responderStart }) => `
0.0 > ${newPacket()} -> c1
*   < ${ack}
+0  > ${finalize()}
*   < chan(sequence=${responderStart}) ... window()
+0.1 > ${finalize()}
*   < chan(sequence=${responderStart}) ... window()`,
  },
  {
    name: 'report-number',
    of: OF,
    asks: 'shows its next number in a report, which takes none',
    section: '5 "Numbers"',
    blind: 'reports after it has sent something',
    dialects: NUMBERED,
    script: ({ handshake, responderStart }) => `
${handshake()}
+0  > data("") -> sequence as number
*   < chan(sequence=${responderStart}) progress(next=number + 1) window()
+0.1 > data("")
*   < chan(sequence=${responderStart}) progress(next=number + 2) window()`,
  },
  {
    name: 'finalize-repeated',
    of: OF,
    asks: 'confirms a repeated CHANNEL_FINALIZE again',
    section: PROOF,
    blind: BLIND,
    dialects: NUMBERED,
    script: ({ handshake, finalize }) => `
${handshake()}
+0.1 > ${finalize()}
*   < ... window()`,
  },
  {
    name: 'finalize-twice-in-packet',
    of: OF,
    asks: 'confirms a CHANNEL_FINALIZE that stands twice in a packet once',
    section: PROOF,
    blind: BLIND,
    dialects: NUMBERED,
    script: ({ newPacket, ack, finalize, silence }) => `
0.0 > ${newPacket()} -> c1
*   < ${ack}
+0  > ${finalize()} ${finalize()}
*   < ... window()
${silence}`,
  },
  {
    name: 'finalize-wrong-proof',
    of: OF,
    asks: 'drops a CHANNEL_FINALIZE with a wrong proof, and takes the right one after it',
    section: PROOF,
    blind: BLIND,
    dialects: NUMBERED,
    script: ({ newPacket, ack, finalize, wrongFinalize, silence }) => `
0.0 > ${newPacket()} -> c1
*   < ${ack}
+0  > ${wrongFinalize}
${silence}
+0  > ${finalize()}
*   < ... window()`,
  },
  {
    name: 'finalize-wrong-proof-unseen',
    of: OF,
    asks: 'says nothing to a CHANNEL_FINALIZE with a wrong cookie, and goes on answering its sender',
    section: PROOF,
    blind: BLIND,
    dialects: ['channeler'],
    script: ({ newPacket, ack, ackAlone, wrongFinalize, silence }) => `
0.0 > ${newPacket()} -> c1
*   < ${ack}
+0  > ${wrongFinalize}
${silence}
+0  > ${newPacket()}
*   < ${ackAlone}`,
  },
  {
    name: 'finalize-other-c2',
    of: OF,
    asks: 'drops a CHANNEL_FINALIZE whose proof is for another c2',
    section: PROOF,
    blind: BLIND,
    dialects: NUMBERED,
    script: ({ newPacket, ack, finalize, silence }) => `
0.0 > ${newPacket()} -> c1
*   < ${ack}
+0  > ${finalize().replace('(', '(id=id(c1(id), c2(id) + 1), ').replace(', )', ')')}
${silence}
+0  > ${finalize()}
*   < ... window()`,
  },
  {
    name: 'finalize-other-c1',
    of: OF,
    asks: 'drops a CHANNEL_FINALIZE whose proof is for another c1',
    section: PROOF,
    blind: BLIND,
    dialects: NUMBERED,
    script: ({ newPacket, ack, finalize, silence }) => `
0.0 > ${newPacket()} -> c1
*   < ${ack}
+0  > ${finalize().replace('(', '(id=id(c1(id) + 1, c2(id)), ').replace(', )', ')')}
${silence}
+0  > ${finalize()}
*   < ... window()`,
  },
  {
    name: 'finalize-other-sender',
    of: OF,
    asks: 'drops a CHANNEL_FINALIZE that another peer sends',
    section: PROOF,
    blind: BLIND,
    dialects: NUMBERED,
    script: ({ newPacket, ack, finalize, silence }) => `
0.0 > ${newPacket()} -> c1
*   < ${ack}
+0  > chan(sender=random) ${finalize()}
${silence}
+0  > ${finalize()}
*   < ... window()`,
  },
  {
    name: 'finalize-other-address',
    of: OF,
    asks: 'drops a CHANNEL_FINALIZE from an address that was not given this c2',
    section: PROOF,
    blind: BLIND,
    dialects: NUMBERED,
    script: ({ newPacket, ack, finalize, silence }) => `
0.0 > ${newPacket()} -> c1
*   < ${ack}
+0  > ${finalize()} via 2
${silence}
+0  > ${finalize()}
*   < ... window()`,
  },
  {
    name: 'finalize-made-up',
    of: OF,
    asks: 'drops a CHANNEL_FINALIZE for a channel that nobody asked for',
    section: PROOF,
    blind: BLIND,
    dialects: NUMBERED,
    script: ({ dialect, silence, handshake }) => `
0.0 > finalize(id=random, ${dialect === 'seqno' ? 'ack' : 'cookie2'}=random)
${silence}
${handshake().replace('0.0', '+0')}`,
  },
  {
    name: 'finalize-misplaced',
    of: OF,
    asks: 'drops a CHANNEL_FINALIZE that is not on the default channel',
    section: '4 "What is dropped"',
    blind: BLIND,
    dialects: NUMBERED,
    script: ({ newPacket, ack, finalize, silence }) => `
0.0 > ${newPacket()} -> c1
*   < ${ack}
+0  > chan(id=id) ${finalize()}
${silence}
+0  > ${finalize()}
*   < ... window()`,
  },
  {
    name: 'finalize-reserved-caps',
    of: OF,
    asks: 'takes a CHANNEL_FINALIZE with reserved capability bits',
    section: '4 "What is dropped"',
    blind: BLIND,
    dialects: ['hmac'],
    script: ({ newPacket, ack, finalize }) => `
0.0 > ${newPacket()} -> c1
*   < ${ack}
+0  > ${finalize()} fault reserved-caps
*   < ... window()`,
  },
  {
    name: 'finalize-caps-again',
    of: OF,
    asks: 'keeps the capabilities of a channel when a later CHANNEL_FINALIZE names others',
    section: PROOF,
    blind: BLIND,
    dialects: ['hmac'],
    script: ({ handshake, finalize }) => `
${handshake('tcp')}
+0  > ${finalize('udp')}
*   < ... window()
+0  > data("hello") -> sequence as number
*   < progress(next=number + 1) window()`,
  },
  {
    name: 'finalize-bundle-too-small',
    of: OF,
    asks: 'confirms no more of several CHANNEL_FINALIZE than their packet has bytes for',
    section: AMPLIFICATION,
    blind: BLIND,
    dialects: NUMBERED,
    script: ({ news, dialect, proof, silence }) => {
      const start = dialect === 'seqno' ? 's2' : 'cookie2';
      const given = (which: string) => (dialect === 'seqno' ? `ack=s2${which} + 1` : `cookie2=cookie2${which}`);
      return `
0.0 > ${news()} ${news()}
*   < ack(${proof}) ack(${proof}) -> id as one, id[2] as two, ${start} as ${start}one, ${start}[2] as ${start}two
+0  > chan(padding=0) finalize(id=one, ${given('one')}) finalize(id=two, ${given('two')})
*   < chan(id=*) ... window()
${silence}`;
    },
  },
  {
    name: 'finalize-bundled',
    of: OF,
    asks: 'confirms each of several CHANNEL_FINALIZE of one packet on its channel',
    section: PROOF,
    blind: BLIND,
    dialects: NUMBERED,
    script: ({ news, dialect, proof }) => {
      const start = dialect === 'seqno' ? 's2' : 'cookie2';
      const given = (which: string) => (dialect === 'seqno' ? `ack=s2${which} + 1` : `cookie2=cookie2${which}`);
      return `
0.0 > ${news()} ${news()}
*   < ack(${proof}) ack(${proof}) -> id as one, id[2] as two, ${start} as ${start}one, ${start}[2] as ${start}two
+0  > chan(padded_to=300) finalize(id=one, ${given('one')}) finalize(id=two, ${given('two')})
*   < chan(id=one) ... window()
&   < chan(id=two) ... window()`;
    },
  },
  {
    name: 'finalize-beside-news',
    of: OF,
    asks: 'takes a CHANNEL_FINALIZE that stands beside CHANNEL_NEW whose answers do not fit, and answers none of those',
    section: AMPLIFICATION,
    blind: BLIND,
    dialects: NUMBERED,
    script: ({ newPacket, news, ack, finalize, silence }) => `
0.0 > ${newPacket()} -> c1
*   < ${ack}
+0  > chan(padding=0) ${finalize()} ${news('c1=c1 + 1')} ${news('c1=c1 + 2')} ${news('c1=c1 + 3')} ${news('c1=c1 + 4')}
*   < ... window()
${silence}`,
  },
  {
    name: 'finalize-after-close',
    of: OF,
    asks: 'drops a CHANNEL_FINALIZE for a channel that was closed',
    section: CLOSED,
    blind: BLIND,
    dialects: NUMBERED,
    script: ({ handshake, finalize, silence }) => `
${handshake()}
+0  > close(protocol-error) -> sequence as number
~0..0.15 <? progress(next=number + 1) window()
${silence}
+0  > ${finalize()}
${silence}
+0  > data("replayed")
~0..0.15 <? close()
~0..0.15 <? progress(next=number + 1) window()
${silence}`,
  },
  {
    name: 'new-after-close',
    of: OF,
    asks: 'does not give the id of a closed channel again',
    section: CLOSED,
    blind: BLIND,
    dialects: NUMBERED,
    script: ({ handshake, newPacket, silence }) => `
${handshake()}
+0  > close(protocol-error) -> sequence as number
~0..0.15 <? progress(next=number + 1) window()
${silence}
+0  > ${newPacket('c1=c1')}
*   < ack(id=!id)`,
  },
  {
    name: 'finalize-long-after-close',
    of: OF,
    asks: 'drops a CHANNEL_FINALIZE for a channel that was closed as long as its secret is accepted',
    section: CLOSED,
    blind: BLIND,
    dialects: NUMBERED,
    needs: ['patience'],
    script: ({ handshake, finalize, silence }) => `
${handshake()}
+0  > close(protocol-error) -> sequence as number
~0..0.15 <? progress(next=number + 1) window()
+30 > ${finalize()}
${silence}`,
  },
  {
    name: 'secret-replaced-once',
    of: OF,
    asks: 'takes a proof that was made with the secret before',
    section: '4 "Secrets"',
    blind: BLIND,
    dialects: ['hmac'],
    needs: ['patience'],
    script: ({ newPacket, ack, finalize, secretPeriod }) => `
1.0 > ${newPacket()} -> c1
*   < ${ack}
+${secretPeriod - 0.5} > ${finalize()}
*   < ... window()`,
  },
  {
    name: 'secret-replaced-twice',
    of: OF,
    asks: 'drops a proof that was made with a secret whose time is over',
    section: '4 "Secrets"',
    blind: BLIND,
    dialects: ['hmac'],
    needs: ['patience'],
    script: ({ newPacket, ack, finalize, secretPeriod, silence }) => `
0.0 > ${newPacket()} -> c1
*   < ${ack}
+${2 * secretPeriod + 1} > ${finalize()}
${silence}`,
  },
];
