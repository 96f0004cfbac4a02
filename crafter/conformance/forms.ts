import type { Mode } from '../../dissectors/channel/capabilities.js';
import type { DialectName } from '../../dissectors/channel/dialects.js';
import { dialectNamed } from '../../dissectors/channel/dialects.js';
import { leastSize } from '../channel-part.js';

/** Times of a suite, in seconds. */
export interface Pace {
  /** How long nothing must come before it is taken that nothing will. */
  readonly quiet: number;
  /** How long the tested peer uses one secret. */
  readonly secretPeriod: number;
  /** The `c1` that the tested initiator took for an earlier channel, where one is known. */
  readonly earlierC1?: number;
}

/** The words of scripts that differ from dialect to dialect, so that one script can be written for all. */
export interface Forms extends Pace {
  readonly dialect: DialectName;
  /** CHANNEL_NEW, as it goes into a packet; fields are added to it. */
  readonly news: (fields?: string) => string;
  /** A packet of one CHANNEL_NEW; `header` is what `chan(…)` says. */
  readonly newPacket: (fields?: string, header?: string) => string;
  /** The fields of CHANNEL_NEW that a repeat has again, as captures. */
  readonly keepNew: string;
  /** A right CHANNEL_ACKNOWLEDGE, which keeps what its answer needs. */
  readonly ack: string;
  /** The same, without keeping. */
  readonly ackAlone: string;
  /** What CHANNEL_ACKNOWLEDGE must return. */
  readonly proof: string;
  /** What CHANNEL_ACKNOWLEDGE tells of the responder, to expect the same again. */
  readonly sameAck: string;
  /** CHANNEL_FINALIZE of a packet; the mode goes where the dialect has it. */
  readonly finalize: (mode?: string) => string;
  /** The same with a wrong proof. */
  readonly wrongFinalize: string;
  /** The first number of the responder's direction. */
  readonly responderStart: string;
  /** The lines of a handshake that is confirmed, if the dialect confirms. */
  readonly handshake: (mode?: string) => string;
  /** The size of the answer to so many CHANNEL_NEW. */
  readonly answer: (news: number) => number;
  /** The line that expects silence. */
  readonly silence: string;

  /** What keeps of a CHANNEL_NEW that came what its answer needs, and what a repeat has again. */
  readonly keepAsked: string;
  readonly askedAgain: string;
  /** A packet of one CHANNEL_ACKNOWLEDGE. */
  readonly ackPacket: (fields?: string, header?: string) => string;
  /** A right CHANNEL_FINALIZE. */
  readonly proven: string;
  /** The first number of the initiator's direction. */
  readonly initiatorStart: string;
  /** The lines in which the tested initiator opens a channel, and has it confirmed. */
  readonly opened: (opening?: Opened) => string;
}

/** How the tested initiator opens a channel. */
export interface Opened {
  /** Whatever it likes unless said. */
  readonly mode?: Mode;
  /** How many messages of 1,000 bytes it has to send at once. */
  readonly messages?: number;
  /** What CHANNEL_ACKNOWLEDGE says beside what it must. */
  readonly ack?: string;
}

/** The bytes of a message that fills a packet of 1,200 bytes: two of them do not share one. */
export const MESSAGE = 1000;

/** The packets of the reference all have one size. Source: protocol page, section 8. */
const FIXED_SIZE = 1200;

interface Words {
  readonly capsIn: 'new' | 'finalize';
  readonly keepNew: string;
  readonly keepAck: string;
  readonly proof: string;
  readonly sameAck: string;
  readonly wrong: string;
  readonly responderStart: string;
  readonly keepAsked: string;
  readonly provenBy: string;
  readonly initiatorStart: string;
}

const COOKIES: Words = {
  capsIn: 'finalize',
  keepNew: 'c1',
  keepAck: 'id, cookie2',
  proof: 'cookie1=valid',
  sameAck: 'ack(id=id, cookie1=valid, cookie2=cookie2)',
  wrong: 'cookie2=flip(cookie2, 9)',
  responderStart: 'responder_start(cookie2)',
  keepAsked: 'c1, cookie1',
  provenBy: 'cookie2=valid',
  initiatorStart: 'initiator_start(cookie2)',
};

const WORDS: Readonly<Record<DialectName, Words>> = {
  hmac: COOKIES,
  'hmac-newcaps': { ...COOKIES, capsIn: 'new' },
  channeler: COOKIES,
  seqno: {
    capsIn: 'new',
    keepNew: 'c1, s1',
    keepAck: 'id, s2',
    proof: 'ack=valid',
    sameAck: 'ack(id=id, ack=valid, s2=s2)',
    wrong: 'ack=s2 + 2',
    responderStart: 's2 + 1',
    keepAsked: 'c1, s1',
    provenBy: 'ack=valid',
    initiatorStart: 's1 + 1',
  },
};

/** The words of one dialect. */
export function formsOf(name: DialectName, pace: Pace): Forms {
  const words = WORDS[name];
  const dialect = dialectNamed(name);
  const isFixed = name === 'channeler';
  const join = (...fields: readonly string[]) => fields.filter((field) => field !== '').join(', ');
  const news = (fields = '') => `new(${join(words.capsIn === 'new' ? 'caps=tcp' : '', fields)})`;
  const pad = isFixed ? `padded_to=${FIXED_SIZE}` : '';
  const newPacket = (fields = '', header = '') => {
    const around = join(header, header.includes('padding=') ? '' : pad);
    return around === '' ? news(fields) : `chan(${around}) ${news(fields)}`;
  };
  const ackPacket = (fields = '', header = '') => {
    const around = join(header, pad);
    return around === '' ? `ack(${fields})` : `chan(${around}) ack(${fields})`;
  };
  const proven = `finalize(id=id, ${words.provenBy})`;
  const opened = ({ mode, messages = 0, ack = '' }: Opened = {}) => {
    const caps = mode === undefined ? '' : `caps=${mode}`;
    const isInNew = words.capsIn === 'new';
    const proof = `finalize(${join('id=id', ack === '' || name === 'seqno' ? words.provenBy : 'cookie2=cookie2', isInNew ? '' : caps)})`;
    const keep = ack === '' || name === 'seqno' ? 'id' : 'id, cookie2';
    return [
      `0.0 ! open(${mode ?? 'tcp'})`,
      ...Array.from({ length: messages }, () => `+0 ! send(repeat("a", ${MESSAGE}))`),
      `* < new(${isInNew ? caps : ''}) -> ${words.keepAsked}`,
      `+0 > ${ackPacket(ack)} -> ${keep}`,
      `* < ${proof}`,
      ...(dialect.numbered ? ['+0 > window(16)'] : []),
    ].join('\n');
  };
  const finalize = (mode = 'tcp') => `finalize(${words.capsIn === 'finalize' ? `caps=${mode}` : ''})`;
  const ackAlone = `ack(id=c1..., ${words.proof})`;
  const ack = `${ackAlone} -> ${words.keepAck}`;
  // A mode other than the usual one travels where the dialect has it.
  const opening = (mode: string) =>
    words.capsIn === 'new' ? newPacket().replace('caps=tcp', `caps=${mode}`) : newPacket();
  const begin = (mode: string) => [`0.0 > ${opening(mode)} -> c1`, `* < ${ack}`, `+0 > ${finalize(mode)}`];
  return {
    ...pace,
    dialect: name,
    news,
    newPacket,
    keepNew: words.keepNew,
    ack,
    ackAlone,
    proof: words.proof,
    sameAck: words.sameAck,
    finalize,
    wrongFinalize: `finalize(${words.wrong})`,
    responderStart: words.responderStart,
    handshake: (mode = 'tcp') => [...begin(mode), ...(dialect.numbered ? ['* < ... window()'] : [])].join('\n'),
    answer: (count) => leastSize(dialect, count),
    silence: `+${pace.quiet} < nothing`,
    keepAsked: words.keepAsked,
    askedAgain: `new(${words.keepAsked.replaceAll(/\w+/g, '$&=$&')})`,
    ackPacket,
    proven,
    initiatorStart: words.initiatorStart,
    opened,
  };
}
