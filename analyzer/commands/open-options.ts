import { type Command, InvalidArgumentError, Option } from 'commander';

/** Packets of live traffic and pipes that are kept unless told otherwise. */
export const KEPT = 2_000_000;

const UNITS: Readonly<Record<string, number>> = { '': 1, k: 1_000, m: 1_000_000 };
/** As many can be numbered. */
const MOST_KEPT = 1_000_000_000;

/** The options of the UI besides those of all reading commands. */
export const withOpenOptions = (command: Command): Command =>
  command
    .option('--ascii', 'draw with ASCII only')
    .option('-w, --write <file>', 'write all packets that -i captures to this file too')
    .addOption(
      new Option(
        '--keep <packets>',
        'keep about this many of the newest packets (200K, 2M), and forget older ones; 2M unless given, of files all',
      ).argParser(kept),
    );

/** A number of packets, in thousands or millions if it says so. */
function kept(text: string): number {
  const [, digits = '', unit = ''] = /^(\d+)([km]?)$/i.exec(text) ?? [];
  const count = Number(digits) * (UNITS[unit.toLowerCase()] ?? 1);
  if (digits !== '' && count >= 1 && count <= MOST_KEPT) return count;
  throw new InvalidArgumentError('expected a number of packets, such as 200000, 200K or 2M');
}
