import { closeSync, constants, openSync, writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { monotonic } from '../../crafter/io/clock.js';
import { sectionHeader } from '../../dissectors/file/pcapng-writer.js';
import { statsOf } from '../capture/stats-of.js';
import { answerTo, type ExtcapQuestion, takesCaptureFilter } from '../extcap/answers.js';
import { isInterfaceName } from '../extcap/interfaces.js';
import { version } from '../version.js';
import { openToolbar } from './extcap-toolbar.js';
import type { ExtcapOptions, ExtcapWorld } from './extcap-world.js';
import type { Io } from './io.js';
import { UsageError } from './usage-error.js';

/** Answers Wireshark, or captures for it. Source: extcap(4). */
export async function extcapProtocol(options: ExtcapOptions, io: Io): Promise<void> {
  const question = questionOf(options);
  if (!question) return capture(options, io);
  const lines = answerTo(question, version());
  if (!lines) throw new UsageError(noInterface(question.kind === 'interfaces' ? '' : question.of));
  for (const line of lines) io.stdout.write(`${line}\n`);
}

const noInterface = (name: string): string =>
  `--extcap-interface: ${name}: no such interface; --extcap-interfaces lists them`;

function questionOf(options: ExtcapOptions): ExtcapQuestion | undefined {
  if (options.capture) return undefined;
  if (options.extcapInterfaces) return { kind: 'interfaces' };
  const { extcapInterface: of, extcapCaptureFilter: filter } = options;
  if (of === undefined) throw new UsageError('extcap: say install, status or remove; all else is for Wireshark');
  if (options.extcapDlts) return { kind: 'dlts', of };
  if (options.extcapConfig) return { kind: 'config', of };
  if (filter !== undefined) return { kind: 'filter', of, filter };
  throw new UsageError(`--extcap-interface: ${of}: what about it? --extcap-dlts, --extcap-config or --capture`);
}

async function capture(options: ExtcapOptions, io: Io): Promise<void> {
  const { extcapInterface: name, fifo, extcapCaptureFilter: filter = '' } = options;
  if (name === undefined) throw new UsageError('--capture: no interface: --extcap-interface');
  if (!isInterfaceName(name)) throw new UsageError(noInterface(name));
  if (fifo === undefined) throw new UsageError('--capture: nowhere to write to: --fifo');
  if (filter !== '' && !takesCaptureFilter(name)) {
    throw new UsageError(`--extcap-capture-filter: ${filter}: ${name} takes none: use a display filter`);
  }
  const ending = new AbortController();
  const interrupted = io.interrupted();
  const signal = AbortSignal.any([interrupted, ending.signal]);
  const end = () => ending.abort();
  const toolbar = openToolbar(options.extcapControlIn, options.extcapControlOut);
  const world: ExtcapWorld = { io, fifo, signal, end, tell: toolbar.tell, held: toolbar.held };
  try {
    await CAPTURES[name](options, world);
  } catch (error) {
    if (error instanceof Error && isUnread(error)) return;
    if (error instanceof Error) toolbar.fail(error.message);
    await openedOnce(fifo);
    throw error;
  } finally {
    toolbar.close();
  }
}

/** Whether an error says that the reader of the capture has gone: Wireshark has had enough. */
const isUnread = ({ cause }: Error): boolean => cause instanceof Error && 'code' in cause && cause.code === 'EPIPE';

/** How long Wireshark may take to open its end of the pipe, and how often that is tried, in milliseconds. */
const OPENING = { most: 3000, every: 50 };

/**
 * Lets whoever reads the pipe find a capture without packets in it: a capture that fails before it has begun would be waited
 * for for ever.
 */
async function openedOnce(fifo: string): Promise<void> {
  if (!statsOf(fifo)?.isFIFO()) return;
  const end = monotonic() + OPENING.most;
  for (;;) {
    try {
      const fd = openSync(fifo, constants.O_WRONLY | constants.O_NONBLOCK);
      try {
        writeSync(fd, sectionHeader());
      } finally {
        closeSync(fd);
      }
      return;
    } catch (error) {
      const isUnopened = error instanceof Error && 'code' in error && error.code === 'ENXIO';
      if (!isUnopened || monotonic() >= end) return;
      await sleep(OPENING.every);
    }
  }
}

const CAPTURES = {
  hs_peer: async (options: ExtcapOptions, world: ExtcapWorld) =>
    (await import('./extcap-peer.js')).capturePeer(options, world),
  hs_simulate: async (options: ExtcapOptions, world: ExtcapWorld) =>
    (await import('./extcap-peer.js')).captureSimulation(options, world),
  hs_ssh: async (options: ExtcapOptions, world: ExtcapWorld) =>
    (await import('./extcap-copies.js')).captureRemote(options, world),
  hs_replay: async (options: ExtcapOptions, world: ExtcapWorld) =>
    (await import('./extcap-copies.js')).captureReplay(options, world),
};
