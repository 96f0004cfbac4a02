import type { Mode } from '../../dissectors/channel/capabilities.js';
import type { DialectName } from '../../dissectors/channel/dialects.js';
import { type Forms, MESSAGE } from './forms.js';
import { type ConformanceTest, type Need, NUMBERED } from './test.js';

/** What a peer must do on a channel, whoever opened it. */
export interface ChannelTest {
  readonly name: string;
  readonly asks: string;
  readonly section: string;
  readonly mode: Mode;
  readonly needs?: readonly Need[];
  /** What only initiators need. */
  readonly initiatorNeeds?: readonly Need[];
  readonly dialects?: readonly DialectName[];
  readonly blind: string;
  /**
   * How many messages of 1,000 bytes the tested peer is to send at once. An initiator has them; a responder sends back
   * as many. They are what the test is about, so nothing else is told of.
   */
  readonly sends?: number;
  /** Further settings of the script. */
  readonly settings?: string;
  /** The lines after those that open the channel. */
  readonly body: (forms: Forms) => string;
}

/** Passed over in an initiator: what its application has to say. */
const TALK = `
ignore chan(id=*) ... data() ...
ignore chan(id=*) close(done)`;
/** Passed over in an initiator that sends back what it receives: what it said first, which is known by then. */
const FIRST_WORDS = 'ignore chan(id=*) ... data(talk) ...';
/** Passed over where nothing depends on them. */
const REPORTS = 'ignore chan(id=*) progress() window()\nignore chan(id=*) window()';
/** Passed over where one packet matters: what is under way behind it. */
const OTHERS = Array.from(
  { length: 15 },
  (_, place) => `ignore chan(id=*, sequence=first + ${place + 1}) ... data() ...`,
).join('\n');
const CONFIRMATIONS = 'ignore chan(id=*) window()';

/** The same tests for responders and for initiators. */
export const inBothRoles = (tests: readonly ChannelTest[]): readonly ConformanceTest[] =>
  tests.flatMap((test) => [forResponder(test), forInitiator(test)]);

const RESEND: readonly Mode[] = ['tcp', 'sctp', 'z', 'streaming-2'];

function common({ asks, section, dialects = NUMBERED, blind, needs = [] }: ChannelTest) {
  return { asks, section, dialects, blind, ...(needs.length > 0 && { needs }) };
}

function forResponder(test: ChannelTest): ConformanceTest {
  const { name, mode, sends = 0, settings = '', needs = [], body } = test;
  const isWatched = sends > 0 || needs.includes('echo');
  return {
    ...common({ ...test, needs: sends > 0 ? [...needs, 'echo'] : needs }),
    name,
    of: 'responder',
    script: (forms) => `
${settings}
${isWatched ? REPORTS : CONFIRMATIONS}
${forms.handshake(mode)}
${bursts(sends)}
${body(forms)}`,
  };
}

/** Packets at once that the window allows which holds before the first DATA_WINDOW, with some to spare. */
const BURST = 12;

/** Lines that send what a peer is to send back. */
function bursts(count: number): string {
  const lines: string[] = [];
  for (let sent = 0; sent < count; sent += BURST) {
    lines.push(`+${sent === 0 ? 0 : 0.04} > data(repeat("a", ${MESSAGE})) times ${Math.min(BURST, count - sent)}`);
  }
  return lines.join('\n');
}

function forInitiator(test: ChannelTest): ConformanceTest {
  const { name, mode, sends = 0, settings = '', body } = test;
  const needs = [...(test.needs ?? []), ...(test.initiatorNeeds ?? [])];
  const isEcho = needs.includes('echo') && sends === 0;
  return {
    ...common({ ...test, needs: sends > 1 ? [...needs, 'much data'] : needs }),
    name: `${name}-by-initiator`,
    of: 'initiator',
    mode,
    script: (forms) => `
${settings}
${sends > 0 ? `${REPORTS}\nignore chan(id=*) close(done)${sends === 1 ? `\n${OTHERS}` : ''}` : isEcho ? `${REPORTS}\n${FIRST_WORDS}` : `${CONFIRMATIONS}${TALK}`}
${isEcho ? talked(forms, mode) : forms.opened({ mode, messages: sends })}
${body(forms)}`,
  };
}

/** Lines in which an initiator opens a channel and says something, which is acknowledged where the mode does that. */
function talked({ opened }: Forms, mode: Mode): string {
  const [open = '', ...rest] = opened({ mode }).split('\n');
  const isReported = RESEND.includes(mode);
  const acknowledged = isReported ? '+0 > progress(next=said + 1) window(16)' : '';
  return `${[open, '+0 ! send("hello")', ...rest].join('\n')}
*   < ... data() ... -> ${isReported ? 'sequence as said, ' : ''}data as talk
${acknowledged}`;
}
