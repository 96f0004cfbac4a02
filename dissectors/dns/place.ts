import { type Layer, NOT_MINE, type StreamApplication } from '../layer.js';
import type { Limit } from '../wire/stop.js';
import { dnsHeader, lengthPrefix } from './layout.js';
import { countOf } from './message.js';

/** Where the message of a layer starts: in a stream its length comes first. */
export const messageStart = ({ at, facts }: Layer): number => (facts?.type === 'pdu' ? at + lengthPrefix.size : at);

/** The least bytes of a question, and of a record: an empty name, and what follows it. */
const LEAST_QUESTION = 5;
const LEAST_RECORD = 11;

/** Operations whose requests have nothing but a header and what follows it in another form. Source: RFC 8490, section 5.4. */
const STATEFUL = 6;

/**
 * Whether the entries that a header announces have room in its message, and a request asks for anything: what else came to
 * the port is not DNS.
 */
export function isPlausible(view: DataView, at: number, { wire }: Limit): boolean {
  const questions = countOf(view, at, 0);
  const records = countOf(view, at, 1) + countOf(view, at, 2) + countOf(view, at, 3);
  const { 'flags.response': response, 'flags.opcode': opcode } = dnsHeader.fields;
  if (questions + records === 0 && !response.read(view, at) && opcode.read(view, at) !== STATEFUL) return false;
  return at + dnsHeader.size + questions * LEAST_QUESTION + records * LEAST_RECORD <= wire;
}

/** Messages in a stream, each behind its length. Source: RFC 1035, section 4.2.2; RFC 7766. */
export const IN_STREAM: StreamApplication = {
  length: (view, at, { captured }) => {
    const start = at + lengthPrefix.size;
    if (start + dnsHeader.size > captured) return -(lengthPrefix.size + dnsHeader.size);
    const size = lengthPrefix.fields.length.read(view, at);
    if (size < dnsHeader.size) return NOT_MINE;
    return isPlausible(view, start, { captured, wire: start + size }) ? lengthPrefix.size + size : NOT_MINE;
  },
};
