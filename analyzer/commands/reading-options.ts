import { type Command, InvalidArgumentError, Option } from 'commander';
import { DIALECTS, type DialectName } from '../../dissectors/channel/dialects.js';
import type { DecodeAs } from '../../dissectors/decode-as.js';
import { readDecodeAs } from './decode-as.js';
import type { LiveOptions } from './live-options.js';

/** The options that all reading commands share. */
export interface ReadingOptions extends Partial<LiveOptions> {
  readonly read?: string;
  readonly filter?: string;
  /** Wait for more where captures are still written. */
  readonly follow?: boolean;
  /** With two passes: what does not pass this filter is as if it were not in the capture. */
  readonly readFilter?: string;
  /** What the payload behind some ports and numbers is read as. */
  readonly decodeAs?: readonly DecodeAs[];
  /** Settings by their names in Wireshark. */
  readonly setting?: readonly string[];
  /** Follow conversations, whatever is asked for. */
  readonly converse?: boolean;
  /** Read the capture twice, so that packets know what comes after them. */
  readonly twoPass?: boolean;
  /** Fields and further filters of commands that have any. */
  readonly field?: readonly string[];
  readonly column?: readonly string[];
  /** Tell how the filter is evaluated, instead of reading anything. */
  readonly explain?: boolean;
  readonly count?: number;
  readonly secrets: readonly string[];
  readonly dialect?: DialectName;
  /** Count custom blocks of a pcapng file as packets. */
  readonly countCustomBlocks?: boolean;
  /** False with `--no-track`. */
  readonly track: boolean;
  readonly quiet?: boolean;
  readonly color: 'auto' | 'always' | 'never';
}

/** Reads a whole number of at least 1, for commander. */
export function positive(text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 1) throw new InvalidArgumentError('expected a whole number above 0');
  return number;
}

const collect = (value: string, before: readonly string[]): readonly string[] => [...before, value];

/**
 * Adds the shared options to a command. Source: the command line page, "Flags shared by the reading commands".
 * @param setting the flags of settings: a command whose `-o` is something else has them without
 */
export const withReadingOptions = (command: Command, setting = '-o, --setting <name:value>'): Command =>
  command
    .option('-r, --read <file>', 'the capture to read, as the argument; - for standard input')
    .option('--follow', 'wait for more at the end of a file that is still written, and for new files in a folder')
    .option('-Y, --filter <filter>', 'show only packets that a display filter passes')
    .option('--explain', 'tell how the filter of -Y is understood and evaluated, and read nothing')
    .option('-2, --two-pass', 'read the capture twice, and tell of each packet what answers or repeats it later')
    .option(
      '-R, --read-filter <filter>',
      'with -2: leave out packets that a display filter does not pass, and number the others',
    )
    .addOption(
      new Option(
        '-d, --decode-as <rule>',
        'read the payload behind a number as a protocol: udp.port==5000,dns; repeatable',
      )
        .argParser((text: string, before: readonly DecodeAs[]) => [...before, readDecodeAs(text)])
        .default([]),
    )
    .option(setting, 'set tls.keylog_file, wg.keylog_file, chan.secrets or chan.dialect; repeatable', collect, [])
    .addOption(new Option('-c, --count <n>', 'stop after reading this many packets').argParser(positive))
    .option('-n, --no-names', 'do not resolve names (none are resolved)')
    .option('-l, --line-buffered', 'hold no line back (none is)')
    .option('-q, --quiet', 'print no packets')
    .option('--secrets <file>', 'judge cookies by the secrets in a file; repeatable', collect, [])
    .addOption(
      new Option('--dialect <name>', 'read every channel packet as this dialect').choices(
        DIALECTS.map(({ name }) => name),
      ),
    )
    .option('--count-custom-blocks', 'number the custom blocks of a pcapng file among its packets, as Wireshark does')
    .addOption(new Option('--color <when>', 'colour the output').choices(['auto', 'always', 'never']).default('auto'))
    .option('--no-track', 'do not follow channels');
