import { DISSECTORS } from '../../dissectors/registry.js';
import type { Field, Kind } from '../../dissectors/wire/field.js';
import { knownFields } from '../print/known-fields.js';
import type { Io } from './io.js';
import { UsageError } from './usage-error.js';

/** Wireshark's names of types. */
const TYPES: Readonly<Record<Exclude<Kind, 'uint' | 'id'>, string>> = {
  uint64: 'FT_UINT64',
  bool: 'FT_BOOLEAN',
  bytes: 'FT_BYTES',
  ether: 'FT_ETHER',
  ipv4: 'FT_IPv4',
  ipv6: 'FT_IPv6',
  string: 'FT_STRING',
};

/** Prints what `-G` asks for, in the columns of tshark. @throws {UsageError} for a report that there is none of */
export function report(name: string, io: Io): void {
  switch (name) {
    case 'fields':
      io.stdout.write([...protocolLines(), ...fieldLines()].join(''));
      return;
    case 'protocols':
      io.stdout.write(DISSECTORS.map(({ name: own, title }) => `${title}\t${own}\t${own}\n`).join(''));
      return;
    default:
      throw new UsageError(`-G: ${name}: tshark -G ${name} does it; here are fields and protocols`);
  }
}

const protocolLines = (): readonly string[] => DISSECTORS.map(({ name, title }) => `P\t${title}\t${name}\n`);

function fieldLines(): readonly string[] {
  return [...knownFields()].map(([path, field]) => {
    const mask = `0x${(field.mask >>> 0).toString(16)}`;
    return `F\t${field.label}\t${path}\t${typeOf(field)}\t${path.split('.', 1)[0]}\t${baseOf(field)}\t${mask}\t\n`;
  });
}

function typeOf({ kind, size }: Field): string {
  if (kind !== 'uint' && kind !== 'id') return TYPES[kind];
  return `FT_UINT${typeof size === 'number' && size > 0 ? 8 * size : 32}`;
}

/** How numbers are shown; of a truth value, how many bits stand around its own. */
function baseOf({ kind, base, size }: Field): string {
  if (kind === 'bool') return typeof size === 'number' && size > 0 ? `${8 * size}` : '';
  if (kind !== 'uint' && kind !== 'id' && kind !== 'uint64') return '';
  return base === 'hex' || kind === 'id' ? 'BASE_HEX' : 'BASE_DEC';
}
