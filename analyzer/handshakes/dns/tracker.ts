import { dnsHeader } from '../../../dissectors/dns/layout.js';
import { rcodeOf } from '../../../dissectors/dns/message.js';
import { BAD_COOKIE, REFUSED } from '../../../dissectors/dns/numbers.js';
import type { Layer } from '../../../dissectors/layer.js';
import type { FindingCode } from '../../../dissectors/wire/finding.js';
import { hex16 } from '../../../dissectors/wire/view.js';
import { endsAround } from '../ends.js';
import { type Handshake, isPending, type ReturnedStatus } from '../handshake.js';
import { hostOf } from '../responders.js';
import type { KindTracker, Step } from '../step.js';
import { compare, type Jar, Jars } from './jars.js';
import { judgeServerCookie } from './judge.js';
import {
  type Cookies,
  clientAddress,
  cookiesOf,
  type DnsMessage,
  messageOf,
  pairOf,
  questionBytes,
  questionText,
  textBytes,
} from './message.js';
import { answerReason, challengeReason, cookieNote, expiryReason, IGNORES, rcodeText, WAIT_SECONDS } from './words.js';

/** A query that comes so soon after a BADCOOKIE was on its way before it, unless it asks the same; in seconds. */
const CROSSING_SECONDS = 0.1;
const SECRET_WORD = 'DNS_COOKIE_SECRET';

/** What a row with cookies keeps while it goes on. */
interface Memory {
  /** The client cookie that the answer has to return. */
  readonly client: string;
  /** By what its answer is found. */
  key: number;
  /** By what the query that follows a BADCOOKIE is found. */
  question: string | undefined;
}

/** What the server cookie of a message is worth. */
interface Worth {
  readonly status: ReturnedStatus;
  readonly age: number | undefined;
}

/** Follows queries to their answers, and the cookies of both. A query without cookies costs one row and one look-up. */
export class DnsHandshakes implements KindTracker {
  readonly kind = 'dns';
  readonly layers = ['dns', 'mdns', 'llmnr'];
  readonly seconds = WAIT_SECONDS;
  private readonly jars = new Jars();

  expire(row: Handshake): string {
    return row.details?.ignores === undefined ? expiryReason(row) : row.reason;
  }

  take(step: Step, layer: Layer, place: number): void {
    const message = messageOf(step, layer, place);
    if (!message) return;
    if (message.isResponse) this.answer(step, message, place);
    else this.query(step, message, place);
  }

  takeQuoted(step: Step, layer: Layer, place: number): void {
    const message = messageOf(step, layer, place);
    const row = message && !message.isResponse ? step.table.find('dns', message.key) : undefined;
    if (!row || !isPending(row)) return;
    step.table.message(step, row, 'ICMP error', false);
    step.table.setState(step, row, 'refused', 'an ICMP error says that the query did not get through');
  }

  private query(step: Step, message: DnsMessage, place: number): void {
    const { table } = step;
    const cookies = cookiesOf(message);
    const known = table.find('dns', message.key);
    const isResent = known !== undefined && (known.state === 'asked' || known.state === 'timed-out');
    const again = isResent || !cookies ? undefined : this.challenged(step, message, cookies);
    const row = isResent ? known : (again ?? this.begin(step, message, place));
    if (!row) return;
    if (known?.state === 'timed-out' && isResent) table.setState(step, row, 'asked', 'no answer so far');
    const worth = cookies && cookies.server !== '' ? this.judge(step, message, row, cookies) : undefined;
    const words = [
      again || isResent ? '' : questionText(message),
      cookies ? cookieNote(worth?.status, worth?.age) : '',
    ];
    const note = words.filter((word) => word !== '').join(', ');
    const isFirst = !worth || !(again || isResent);
    table.message(step, row, 'query', true, { isFirst, isResent, ...(note !== '' && { note }) });
    if (!cookies) return;
    row.memory ??= { client: cookies.client, key: message.key, question: undefined } satisfies Memory;
    if (worth) {
      row.cookieStatus = worth.status;
      noteWorth(step, message, cookies, worth);
      table.setState(step, row, 'echoed', 'the client returned a server cookie');
    }
    this.heed(step, message, row, cookies, again !== undefined);
  }

  /** The row of a query that a BADCOOKIE answered, and that is asked again; it is found by the new query from now on. */
  private challenged({ table }: Step, message: DnsMessage, { client }: Cookies): Handshake | undefined {
    const question = questionKey(message, client);
    const row = table.find('dns', question);
    const memory = row && memoryOf(row);
    if (!row || !memory || row.state !== 'challenged') return undefined;
    table.disown(row, question);
    table.disown(row, memory.key);
    memory.key = message.key;
    memory.question = undefined;
    table.remember(row, message.key);
    return row;
  }

  private begin(step: Step, { key, id, isResponse }: DnsMessage, place: number): Handshake | undefined {
    const ends = endsAround(step.dissection, place);
    if (!ends) return undefined;
    const [initiator, responder] = isResponse ? [ends.to, ends.from] : [ends.from, ends.to];
    return step.table.begin(step, { kind: 'dns', initiator, responder, id: `0x${hex16(id)}`, key });
  }

  /** Whether the client heeds the last BADCOOKIE that it was sent. */
  private heed(step: Step, message: DnsMessage, row: Handshake, cookies: Cookies, isSame: boolean): void {
    const jar = this.jars.find(pairOf(message), cookies.client);
    if (!jar || jar.refusedIn === 0) return;
    if (cookies.server === jar.given.at(-1)) {
      jar.refusedIn = 0;
      return;
    }
    if (!isSame && step.now - jar.refusedAt < CROSSING_SECONDS) return;
    step.note('dns-badcookie-ignored', spotOf(message, cookies), [jar.refusedIn]);
    step.table.detail(row, 'ignores', `BADCOOKIE of packet ${jar.refusedIn}`);
    step.table.setState(step, row, row.state, IGNORES);
  }

  /** What the server cookie of a message is worth, by secrets, else by what the server gave before. */
  private judge(step: Step, message: DnsMessage, row: Handshake, { client, server }: Cookies): Worth {
    const secrets =
      step.secrets.of(SECRET_WORD).length === 0 ? [] : step.secrets.for(SECRET_WORD, hostOf(row.responder));
    const bytes = secrets.map((secret) => secret.bytes);
    const { seconds } = step;
    const judged = judgeServerCookie(bytes, textBytes(client), textBytes(server), clientAddress(message), seconds);
    if (judged.status !== 'unknown' || message.isResponse) return judged;
    const { age } = judged;
    switch (compare(this.jars.find(pairOf(message), client), server)) {
      case 'newest':
      case 'older':
        return { status: 'echo-ok', age };
      case 'other':
        return { status: 'echo-bad', age };
      case 'unknown':
        return { status: 'unknown', age };
    }
  }

  private answer(step: Step, message: DnsMessage, place: number): void {
    const { table } = step;
    const known = table.find('dns', message.key);
    // What was asked of a group is not followed, and its answers may come to one host alone.
    if (!known && message.layer.name !== 'dns') return;
    const row = known ?? this.begin(step, message, place);
    if (!row) return;
    if (!known) step.note('dns-query-unseen', message.layer);
    const code = rcodeOf(message.view, message.at, message.captured);
    const cookies = cookiesOf(message);
    const worth = cookies && cookies.server !== '' ? this.judge(step, message, row, cookies) : undefined;
    const isLate = known !== undefined && !isPending(known) && known.state !== 'timed-out';
    const note = worth ? { note: cookieNote(worth.status, worth.age) } : {};
    const name = code === BAD_COOKIE ? 'BADCOOKIE' : rcodeText(code);
    table.message(step, row, name, false, { isResent: isLate, ...note });
    const jar = cookies && this.learn(step, message, row, cookies, worth);
    if (isLate) return;
    if (code === BAD_COOKIE) this.challenge(step, message, row, jar, cookies);
    else if (code === REFUSED) table.setState(step, row, 'refused', 'the server refused to answer (REFUSED)');
    else table.setState(step, row, 'answered', answerReason(code, isTruncated(message)));
  }

  /** Takes the cookies of an answer: the client's must be the one that was sent. */
  private learn(step: Step, message: DnsMessage, row: Handshake, cookies: Cookies, worth: Worth | undefined) {
    const memory = memoryOf(row);
    if (memory && memory.client !== cookies.client) {
      step.note('dns-cookie-changed', spotOf(message, cookies));
      return undefined;
    }
    if (cookies.server === '') return undefined;
    if (worth?.status === 'valid') {
      const text = 'the server cookie follows from its secret: nothing needs to be kept for it';
      step.table.addEvidence(step, row, 'yes', text);
    } else if (worth?.age !== undefined) {
      step.table.addEvidence(step, row, 'likely', 'the server cookie is of the form that needs nothing but a secret');
    }
    if (worth?.status === 'invalid') step.note('dns-cookie-invalid', spotOf(message, cookies));
    return this.jars.give(pairOf(message), cookies.client, cookies.server);
  }

  private challenge(step: Step, message: DnsMessage, row: Handshake, jar: Jar | undefined, cookies?: Cookies): void {
    const reason = row.details?.ignores === undefined ? challengeReason(row.cookieStatus) : IGNORES;
    step.table.setState(step, row, 'challenged', reason);
    if (jar) {
      jar.refusedIn = step.number;
      jar.refusedAt = step.now;
    }
    const memory = memoryOf(row);
    if (!memory || !cookies) return;
    memory.question = questionKey(message, cookies.client);
    step.table.remember(row, memory.question);
  }
}

/** Only this tracker sets the memory of its rows. */
const memoryOf = ({ memory }: Handshake): Memory | undefined => memory as Memory | undefined;

const questionKey = (message: DnsMessage, client: string): string =>
  `${pairOf(message)}${client}${questionBytes(message)}`;

const isTruncated = ({ view, at }: DnsMessage): boolean => dnsHeader.fields['flags.truncated'].read(view, at);

const spotOf = ({ layer: { source } }: DnsMessage, { at, end }: Cookies) => ({ source, at, end });

const CODES: Readonly<Partial<Record<ReturnedStatus, FindingCode>>> = {
  invalid: 'dns-cookie-invalid',
  stale: 'dns-cookie-stale',
  'echo-bad': 'dns-cookie-other',
};

function noteWorth(step: Step, message: DnsMessage, cookies: Cookies, { status, age }: Worth): void {
  const code = CODES[status];
  if (code) step.note(code, spotOf(message, cookies), age === undefined ? [] : [age]);
}
