import { ALL, type ConformanceTest } from './test.js';

const OF = 'responder';
const DROPPED = '4 "What is dropped"';
const PACKET = '2 "Packet"';

/** A CHANNEL_NEW that must not be answered: how it differs from a right one. */
interface Wrong {
  readonly name: string;
  readonly what: string;
  readonly section?: string;
  /** What `chan(…)` says of it, what stands before its message, and what is done to it afterwards. */
  readonly header?: string;
  readonly before?: string;
  readonly after?: string;
}

const WRONG: readonly Wrong[] = [
  { name: 'checksum', what: 'has a bad checksum', after: 'fault bad-checksum' },
  { name: 'cut', what: 'is cut short', section: PACKET, after: 'fault cut:10' },
  { name: 'size-below', what: 'has a packet size below 52', section: PACKET, after: 'fault size:51' },
  { name: 'size-above', what: 'has a packet size above its bytes', section: PACKET, after: 'fault size:9000' },
  { name: 'payload-above', what: 'has more payload than room', section: PACKET, after: 'fault payload-size:9000' },
  { name: 'dialect', what: 'is of an unknown dialect', after: 'fault protocol:0xdeadbeef' },
  { name: 'recipient', what: 'is for another peer', header: 'recipient=random' },
  { name: 'own-sender', what: 'has the responder itself for its sender', header: 'sender=remote' },
  { name: 'encrypted', what: 'has the encrypted bit, though all of it can be read', header: 'flags.encrypted=true' },
  { name: 'message-cut', what: "is cut off by the payload's end", after: 'fault cut-message:1' },
  { name: 'data-cut', what: 'comes with a DATA longer than the payload', after: 'fault data-length:200' },
  {
    name: 'varint-long',
    what: 'comes with a varint of six bytes',
    section: '2 "Varints"',
    after: 'fault oversized-varint',
  },
  {
    name: 'varint-cut',
    what: 'comes with a varint that is cut off',
    section: '2 "Varints"',
    after: 'fault cut-varint',
  },
  { name: 'half-reserved', what: 'is on a channel with just one half f0f0', header: 'id=0x1a2bf0f0' },
  { name: 'misplaced', what: 'is not on the default channel', header: 'id=0x1a2b3c4d' },
  {
    name: 'behind-unknown',
    what: 'stands behind a message of an unknown type',
    section: '3 "Messages, by dialect"',
    before: 'unknown(99, 0x00)',
  },
];

const dropped: readonly ConformanceTest[] = WRONG.map(({ name, what, section = DROPPED, header, before, after }) => ({
  name: `drops-${name}`,
  of: OF,
  asks: `does not answer a CHANNEL_NEW that ${what}`,
  section,
  blind: 'whether the packet left anything behind; the same fault in other packets',
  dialects: ALL,
  script: ({ newPacket, news, silence, ackAlone, dialect }) => {
    const packet = before
      ? `chan(padded_to=${dialect === 'channeler' ? 1200 : 200}) ${before} ${news()}`
      : newPacket('', header);
    return `
0.0 > ${packet} ${after ?? ''}
${silence}
+0  > ${newPacket()} -> c1
*   < ${ackAlone}`;
  },
}));

/** A CHANNEL_NEW that must be answered: how it differs from a plain one, and does not matter. */
interface Odd extends Wrong {
  /** Without what other dialects lack. */
  readonly behind?: string;
}

const ODD: readonly Odd[] = [
  { name: 'flags', what: 'has reserved flags', section: DROPPED, after: 'fault reserved-flags' },
  { name: 'spin', what: 'has the spin bit', section: DROPPED, after: 'fault spin' },
  { name: 'trailing', what: 'has bytes after its end', section: DROPPED, after: 'fault trailing:7' },
  { name: 'padding', what: 'is padded with noise', section: PACKET, after: 'fault noisy-padding' },
  { name: 'number', what: 'has a sequence number', section: '4 "Starting sequence numbers"', header: 'sequence=4711' },
  {
    name: 'unknown',
    what: 'stands before a message of an unknown type',
    section: '3 "Messages, by dialect"',
    behind: 'unknown(99, 0x01)',
  },
  {
    name: 'data',
    what: 'stands beside DATA, which does not count there',
    section: DROPPED,
    behind: 'data("misplaced")',
  },
];

const ignored: readonly ConformanceTest[] = ODD.map(({ name, what, section = DROPPED, header, behind, after }) => ({
  name: `ignores-${name}`,
  of: OF,
  asks: `answers a CHANNEL_NEW that ${what}`,
  section,
  blind: 'the same oddity in other packets',
  dialects: ALL,
  script: ({ newPacket, ackAlone }) => `
0.0 > ${newPacket('', header)} ${behind ?? ''} ${after ?? ''} -> c1
*   < ${ackAlone}`,
}));

/** What a responder must drop without an answer, and what it must not mind. */
export const responderDrops: readonly ConformanceTest[] = [...dropped, ...ignored];
