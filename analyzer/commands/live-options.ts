import { type Command, InvalidArgumentError, Option } from 'commander';
import { type CaptureRequest, ENGINE_NAMES, type EngineName, type Tap } from '../capture/engine.js';
import type { Autostop } from '../capture/live-capture.js';
import { statsOf } from '../capture/stats-of.js';
import { UsageError } from './usage-error.js';

/** A value with its place on the command line: an option holds for the interface before it, or else for all. */
interface Placed<T> {
  readonly place: number;
  readonly value: T;
}
type List<T> = readonly Placed<T>[];

/** The options of commands that capture. */
export interface LiveOptions {
  readonly interface: List<string>;
  readonly captureFilter: List<string>;
  readonly snapshotLength: List<number>;
  readonly bufferSize: List<number>;
  readonly linktype: List<string>;
  /** False with `-p`. */
  readonly promiscuousMode: boolean;
  readonly monitorMode?: boolean;
  readonly timeStampType?: string;
  readonly engine: EngineName | 'auto';
  readonly autostop: AutostopOptions;
  readonly listInterfaces?: boolean;
  readonly listDataLinkTypes?: boolean;
}

/** The conditions of `-a`. */
export interface AutostopOptions extends Autostop {
  /** Of a ring buffer. */
  readonly files?: number;
}

/** A kilobyte of dumpcap's. */
export const KILOBYTE = 1000;

/** Adds the options for capturing, which are those of tshark and dumpcap. Source: the command line page. */
export function withLiveOptions(command: Command): Command {
  let places = 0;
  const placed =
    <T>(read: (text: string) => T) =>
    (text: string, before: List<T>): List<T> => [...before, { place: places++, value: read(text) }];
  const text = placed((value) => value);
  const option = (flags: string, about: string, parser: (text: string, before: never) => unknown) =>
    new Option(flags, about).argParser(parser as (text: string, before: unknown) => unknown).default([]);
  return command
    .addOption(
      option('-i, --interface <iface>', 'capture on this interface: its name, or its number in -D; repeatable', text),
    )
    .addOption(
      option(
        '-f, --capture-filter <pcap-filter>',
        'capture only what this filter of libpcap passes; after an -i, on that interface',
        text,
      ),
    )
    .addOption(
      option('-s, --snapshot-length <bytes>', 'keep this many bytes of a packet; 0 for all', placed(snapLength)),
    )
    .option('-p, --no-promiscuous-mode', 'leave the interface as it is: capture what is meant for it')
    .option('-I, --monitor-mode', 'capture in monitor mode, of a wireless interface')
    .addOption(
      option(
        '-B, --buffer-size <mib>',
        'the buffer of the system for packets that wait; 256 unless given, of cap 128',
        placed(mib),
      ),
    )
    .addOption(option('-y, --linktype <type>', 'the link type to capture, one of those that -L lists', text))
    .option('--time-stamp-type <type>', 'where times come from, as libpcap names it: host, adapter, …')
    .addOption(
      new Option('--engine <engine>', 'what captures; auto takes the first that is there and may')
        .choices(['auto', ...ENGINE_NAMES])
        .default('auto'),
    )
    .addOption(
      new Option('-a, --autostop <condition>', 'end after duration:SECONDS, packets:N or filesize:KB; repeatable')
        .argParser(autostop)
        .default({}),
    )
    .option('-D, --list-interfaces', 'list the interfaces, with the numbers that -i takes, and end')
    .option('-L, --list-data-link-types', 'list the link types of the interfaces, and end');
}

function snapLength(text: string): number {
  const length = Number(text);
  if (!/^\d+$/.test(text) || length > 0x7fff_ffff) throw new InvalidArgumentError('expected a number of bytes');
  return length;
}

function mib(text: string): number {
  const size = Number(text);
  if (!/^\d+$/.test(text) || size < 1 || size > 2047) throw new InvalidArgumentError('expected MiB, from 1 to 2047');
  return size;
}

/** The longest time that can be waited for, in seconds: the clock for waiting has 31 bits of milliseconds. */
const LONGEST_WAIT = 2_147_483;

/** A positive time. */
export function seconds(kind: string, text: string, fraction: boolean): number {
  const value = amount(kind, text, fraction);
  if (value <= LONGEST_WAIT) return value;
  throw new InvalidArgumentError(`expected at most ${LONGEST_WAIT} seconds`);
}

/** A positive number; with a fraction, if it is of seconds. */
export function amount(kind: string, text: string, fraction: boolean): number {
  const value = Number(text);
  const form = fraction ? /^\d*\.?\d+$/ : /^\d+$/;
  if (form.test(text) && value > 0 && value <= Number.MAX_SAFE_INTEGER / KILOBYTE) return value;
  throw new InvalidArgumentError(
    `expected ${kind}: and ${fraction ? 'a number of seconds' : 'a whole number'} above 0`,
  );
}

function autostop(text: string, before: AutostopOptions): AutostopOptions {
  const [kind = '', value = ''] = split(text);
  switch (kind) {
    case 'duration':
      return { ...before, duration: seconds(kind, value, true) };
    case 'packets':
      return { ...before, packets: amount(kind, value, false) };
    case 'filesize':
      return { ...before, bytes: amount(kind, value, false) * KILOBYTE };
    case 'files':
      return { ...before, files: amount(kind, value, false) };
    default:
      throw new InvalidArgumentError('expected duration:SECONDS, packets:N, filesize:KB or files:N');
  }
}

/** What stands before and after the first colon. */
export function split(text: string): readonly [string, string] {
  const colon = text.indexOf(':');
  return colon < 0 ? [text, ''] : [text.slice(0, colon), text.slice(colon + 1)];
}

/** Whether live traffic is asked for. */
export const isLive = <T extends Partial<LiveOptions>>(options: T): options is T & LiveOptions =>
  (options.interface?.length ?? 0) > 0;

/**
 * The pipe that `-i` names, as Wireshark has it: `-`, or the path of a named pipe; if it is to be read as a file is, to
 * its end.
 */
export function pipeNamed({ interface: given, captureFilter, autostop }: LiveOptions): string | undefined {
  const [only] = given;
  if (captureFilter.length > 0 || Object.keys(autostop).length > 0) return undefined;
  return given.length === 1 && only && isPipe(only.value) ? only.value : undefined;
}

/** Refuses options without an interface that would be thought to have worked. @throws {UsageError} */
export function refuseLiveOptions({ captureFilter = [], autostop = {} }: Partial<LiveOptions>): void {
  const [filter] = captureFilter;
  if (filter) throw new UsageError(`-f: ${filter.value}: goes with -i; what a file has is filtered by -Y`);
  if (Object.keys(autostop).length > 0) throw new UsageError(`-a: ${Object.keys(autostop)[0]}: goes with -i`);
}

/** Whether standard input is the pipe that `-i` names. */
export const isFromStandardInput = ({ interface: given = [] }: Partial<LiveOptions>): boolean =>
  given.some(({ value }) => value === '-');

export const isPipe = (name: string): boolean =>
  name === '-' || name.includes('/') || (statsOf(name)?.isFIFO() ?? false);

/** What is to be captured, with the options before the first interface for all and those after one for that one. */
export function requestFrom(options: LiveOptions, nameOf: (given: string) => string): CaptureRequest {
  const { interface: given, promiscuousMode, monitorMode, timeStampType } = options;
  const taps = given.map(({ place, value }, index): Tap => {
    const end = given[index + 1]?.place ?? Number.POSITIVE_INFINITY;
    const first = given[0]?.place ?? 0;
    const of = <T>(list: List<T>): T | undefined =>
      (list.findLast((one) => one.place > place && one.place < end) ?? list.findLast((one) => one.place < first))
        ?.value;
    const [filter, snapshot, bufferSize, linkType] = [
      of(options.captureFilter),
      of(options.snapshotLength),
      of(options.bufferSize),
      of(options.linktype),
    ];
    return {
      name: nameOf(value),
      ...(filter !== undefined && filter.trim() !== '' && { filter }),
      ...(snapshot !== undefined && snapshot > 0 && { snapLength: snapshot }),
      ...(bufferSize !== undefined && { bufferSize }),
      ...(linkType !== undefined && { linkType }),
    };
  });
  return {
    taps,
    promiscuous: promiscuousMode,
    monitor: monitorMode ?? false,
    ...(timeStampType !== undefined && { timeStampType }),
  };
}
