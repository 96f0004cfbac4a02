import { DIALECTS, type DialectName } from '../../dissectors/channel/dialects.js';
import { UsageError } from './usage-error.js';

/** What `-o` has set. */
export interface Settings {
  readonly secrets: readonly string[];
  readonly dialect?: DialectName;
}

/** Settings of Wireshark that always are as this says here. */
const ALWAYS: Readonly<Record<string, RegExp>> = {
  'ip.check_checksum': /^true$/i,
  'ip.defragment': /^true$/i,
  'ipv6.defragment': /^true$/i,
  'udp.check_checksum': /^true$/i,
  'udplite.check_checksum': /^true$/i,
  'tcp.check_checksum': /^true$/i,
  'tcp.desegment_tcp_streams': /^true$/i,
  'tcp.reassemble_out_of_order': /^true$/i,
  'tcp.relative_sequence_numbers': /^true$/i,
  'sctp.checksum': /^crc-?32c$/i,
  'sctp.reassembly': /^true$/i,
};

/** Settings of Wireshark that name a file of secrets. */
const KEY_FILES: readonly string[] = ['tls.keylog_file', 'wg.keylog_file', 'chan.secrets'];

/** Reads what `-o` says: `tls.keylog_file:x.keys`. @throws {UsageError} for what is no setting here */
export function readSettings(given: readonly string[]): Settings {
  const secrets: string[] = [];
  let dialect: DialectName | undefined;
  for (const text of given) {
    const [, name = '', value = ''] = /^\s*([\w.-]+)\s*:\s*(.*?)\s*$/.exec(text) ?? [];
    if (name === '') throw new UsageError(`-o: ${text}: expected NAME:VALUE`);
    if (KEY_FILES.includes(name)) secrets.push(value);
    else if (name === 'chan.dialect') dialect = dialectOf(text, value);
    else refuseOthers(text, name, value);
  }
  return { secrets, ...(dialect && { dialect }) };
}

function dialectOf(text: string, value: string): DialectName {
  const found = DIALECTS.find(({ name }) => name === value);
  if (!found) throw new UsageError(`-o: ${text}: expected one of ${DIALECTS.map(({ name }) => name).join(', ')}`);
  return found.name;
}

/** @throws {UsageError} unless a setting is what it always is */
function refuseOthers(text: string, name: string, value: string): void {
  const always = ALWAYS[name];
  if (always?.test(value)) return;
  if (always) throw new UsageError(`-o: ${text}: it cannot be set otherwise; tshark can`);
  const known = [...KEY_FILES, 'chan.dialect'].join(', ');
  throw new UsageError(`-o: ${text}: no such setting; there are ${known}; tshark -o has others`);
}
