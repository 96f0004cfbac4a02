import { DECODE_AS_TABLES, type DecodeAs, type DecodeAsTable, dissectorCalled } from '../../dissectors/decode-as.js';
import { UsageError } from './usage-error.js';

/** The largest key of each table. */
const MOST: Readonly<Record<DecodeAsTable, number>> = {
  'udp.port': 0xffff,
  'tcp.port': 0xffff,
  ethertype: 0xffff,
  'ip.proto': 0xff,
};

const RULE = /^\s*([\w.]+)\s*==\s*(\w+)(?:([-:])(\w+))?\s*,\s*([\w.-]+)\s*$/;

/** Reads what `-d` says: `udp.port==5000,dns`, `tcp.port==8000-8010,tls`. @throws {UsageError} for what makes no sense */
export function readDecodeAs(text: string): DecodeAs {
  const [, table = '', first = '', between, second = '', name = ''] = RULE.exec(text) ?? [];
  const refuse = (why: string) => new UsageError(`-d: ${text}: ${why}`);
  if (table === '') throw refuse('expected LAYER==NUMBER,PROTOCOL, such as udp.port==5000,dns');
  const known = DECODE_AS_TABLES.find((one) => one === table);
  if (!known) throw refuse(`nothing can be chosen by ${table}: only by ${DECODE_AS_TABLES.join(', ')}`);
  const dissector = dissectorCalled(name);
  if (!dissector) throw refuse(`no such protocol: ${name}; handshark -G protocols lists them`);
  const from = Number(first);
  const to = between === undefined ? from : between === ':' ? from + Number(second) - 1 : Number(second);
  const fits = Number.isInteger(from) && Number.isInteger(to) && from >= 0 && from <= to && to <= MOST[known];
  if (!fits) throw refuse(`expected numbers from 0 to ${MOST[known]}`);
  return { table: known, from, to, dissector };
}
