import { randomBytes } from 'node:crypto';
import { fstatSync, openSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isatty, ReadStream } from 'node:tty';
import { statsOf } from '../capture/stats-of.js';
import { Desk } from '../desk/desk.js';
import { readStateFile, stateFilePath } from '../desk/state-file.js';
import { compileFilter } from '../filter/compile.js';
import type { ScanTask } from '../index/scan-message.js';
import type { Secret } from '../secrets/secrets.js';
import { IndexedCapture, type Scripts } from '../session/indexed-capture.js';
import type { OpenedCapture } from '../ui/captures.js';
import { capturesNamed } from './captures-named.js';
import type { Io } from './io.js';
import { isFromStandardInput, isLive, pipeNamed } from './live-options.js';
import type { LiveSession } from './live-session.js';
import { KEPT } from './open-options.js';
import { isColored } from './reading.js';
import type { ReadingOptions } from './reading-options.js';
import { readSettings } from './settings.js';
import { readAgainAs, UiSecrets } from './ui-secrets.js';
import { uiSettings } from './ui-settings.js';
import { UsageError } from './usage-error.js';

interface OpenOptions extends Omit<ReadingOptions, 'count' | 'quiet'> {
  readonly ascii?: boolean;
  readonly keep?: number;
  readonly write?: string;
}

/**
 * Opens the terminal UI on a capture. Its code is loaded only here: other commands must not pay for it.
 * Source: the command line page.
 */
export async function open(files: readonly string[], options: OpenOptions, io: Io): Promise<void> {
  const stateFile = stateFilePath(io.env);
  const desk = new Desk({ stateFile, remembered: readStateFile(stateFile) });
  try {
    await show(files, options, io, desk, stateFile);
  } finally {
    desk.close();
  }
}

async function show(
  files: readonly string[],
  options: OpenOptions,
  io: Io,
  desk: Desk,
  stateFile: string | undefined,
): Promise<void> {
  const captures = await capturesNamed(files, options);
  const { areSeveral, paths, title } = captures;
  const path = areSeveral ? title : (paths[0] ?? '-');
  refuseOffScreen(options);
  const set = readSettings(options.setting ?? []);
  const known = new UiSecrets([...options.secrets, ...set.secrets], io.remark);
  const secrets = known.all;
  const { settings, start } = uiSettings(io.env);
  const { remembered } = desk;
  const { track, dialect = set.dialect, countCustomBlocks: countBlocks = false } = options;
  // What cannot be understood or opened is told before the screen is taken.
  if (options.filter !== undefined) compileFilter(options.filter);
  const isCaptured = isLive(options) && (pipeNamed(options) === undefined || options.write !== undefined);
  if (!isCaptured && options.write !== undefined) {
    throw new UsageError(`-w: ${options.write}: goes with -i; the key w saves what a file or a pipe has`);
  }
  const isInputTaken = paths.includes('-') && (!isCaptured || isFromStandardInput(options));
  const follow = (options.follow ?? false) || isCaptured;
  const seed = randomBytes(4).readInt32LE();
  const given = { rests: true, secrets, track, seed, follow, countBlocks, ...(dialect && { dialect }) };
  const { keep = KEPT } = options;
  const expanded = ['chan', 'channel', 'expert'];
  const live = isCaptured
    ? await (await import('./open-live.js')).openLive(options, { ...given, keep }, SCRIPTS)
    : undefined;
  // The bytes of a file are its owner's; those of a pipe are in a private file.
  const isPrivate = live === undefined && (areSeveral || (!isFile(path) && !isRedirected(path)));
  const mayEnd = areSeveral && !follow && paths.every(isFile);
  const kept = {
    ...(isPrivate && { isPrivate }),
    // Files have an end: all of their packets are kept.
    ...((options.keep !== undefined || (isPrivate && !mayEnd)) && { keep }),
    ...(areSeveral && { captures, title }),
  };
  // The worker scans while the code of the screens is loaded.
  const capture = live?.capture ?? new IndexedCapture({ path, ...given, ...kept }, SCRIPTS);
  desk.growing = live ?? { stop: () => capture.stop() };
  let keys: ReadStream | undefined;
  // What a script has recorded is read as any other capture, and with the secrets that are known.
  const opening = (other: string): OpenedCapture => {
    const openIt = () => openOther(other, { secrets: known.all, track, seed }, keep);
    const view = openIt();
    const reread = () => (isFile(other) ? readAgainAs(openIt(), Number.POSITIVE_INFINITY) : learnFrom(view, known.all));
    const ends = { stop: () => view.stop(), close: () => view.close() };
    return {
      view,
      reread,
      opened: view.opened,
      ...(isFile(other) && { path: other }),
      start: { expanded, screen: start },
      ...ends,
    };
  };
  try {
    const { runUi } = await import('../ui/run.js');
    // What is still written may wait long for its first bytes: what is wrong with it then shows on the screen.
    const opened = areSeveral || isFile(path) ? (follow ? soon(capture.opened) : capture.opened) : Promise.resolve();
    if (isInputTaken || !isatty(0)) {
      await opened;
      keys = keyboard();
    }
    await runUi(capture, {
      opened,
      ...(options.ascii !== undefined && { ascii: options.ascii }),
      color: isColored(options.color, true, io.env.NO_COLOR),
      stdin: keys ?? process.stdin,
      stdout: process.stdout,
      start: {
        expanded,
        follow,
        screen: start,
        settings: { ...settings, aliases: new Map([...Object.entries(remembered.aliases), ...settings.aliases]) },
        history: remembered.history,
        ...(options.filter !== undefined && { filter: options.filter }),
      },
      world: desk,
      secrets: known,
      // What comes by a pipe or an interface is there once.
      reread: () => {
        if (live !== undefined || (isPrivate && !mayEnd) || isRedirected(path))
          return learnFrom(live?.capture ?? capture, known.all);
        const again = new IndexedCapture({ path, ...given, ...kept, secrets: known.all }, SCRIPTS);
        return readAgainAs(again, follow ? capture.count : Number.POSITIVE_INFINITY);
      },
      ...(live && { rescue: (saved: () => number) => rescueTo(stateFile, live, saved, io) }),
      open: opening,
      simulate: async (words) => {
        const { openSimulation } = await import('./open-simulation.js');
        const newFile = () => desk.newRecording('simulation');
        const capture = (path: string) => openOther(path, { secrets, track, seed }, keep, true);
        const opened = await openSimulation(words, newFile, capture);
        return { ...opened, start: { ...opened.start, expanded } };
      },
      ...(live === undefined && isFile(path) && { path }),
      rewrite: async (from, words, packets) => {
        const { rewriteInto } = await import('./open-rewrite.js');
        const output = desk.newRecording('rewritten');
        await rewriteInto(output, from, words, packets, io);
        return opening(output);
      },
    });
    // The user quit, but could not be asked about packets that never came to the screen.
    if (live?.isBroken) await rescueTo(stateFile, live, () => 0, io);
  } finally {
    // Unlike standard input, it would be waited for.
    keys?.destroy();
    if (live === undefined) capture.close();
    else await live.close();
  }
  const why = await live?.ended;
  if (why !== undefined) io.complain(`capture stopped: ${live?.names}: ${why}`, 1);
}

/** @throws {UsageError} for what only commands that print know */
function refuseOffScreen({ readFilter, decodeAs = [] }: OpenOptions): void {
  if (readFilter !== undefined)
    throw new UsageError(`-R: ${readFilter}: not on the screen; handshark decode -2 -R prints it`);
  if (decodeAs.length > 0) throw new UsageError('-d: not on the screen; handshark decode -d prints it');
}

/** Has packets judged by these secrets from now on. */
function learnFrom(capture: IndexedCapture, secrets: readonly Secret[]): undefined {
  capture.learn(secrets);
  return undefined;
}

/** Keeps packets that were captured and are in no file, and tells where. */
async function rescueTo(stateFile: string | undefined, live: LiveSession, saved: () => number, io: Io): Promise<void> {
  const { rescue } = await import('./rescue.js');
  const folder = dirname(stateFile ?? join(tmpdir(), 'handshark', 'state'));
  const outcome = await rescue(live, saved, folder);
  if (outcome !== undefined) io.remark(outcome);
}

/** The workers of captures, beside this file once it is built. */
const SCRIPTS: Scripts = {
  scan: new URL('./scan-worker.js', import.meta.url),
  query: new URL('./query-worker.js', import.meta.url),
};

/** Opens another capture file, whatever is open already. */
function openOther(
  path: string,
  given: Pick<ScanTask, 'secrets' | 'track' | 'seed'>,
  keep: number,
  follow = false,
): IndexedCapture {
  const kept = isFile(path) ? {} : { keep, isPrivate: true };
  return new IndexedCapture({ path, rests: true, follow, ...given, ...kept }, SCRIPTS);
}

/** How long a file that is still written may take to open before its screen is shown, in milliseconds. */
const SOON_MS = 300;

const soon = (opened: Promise<void>): Promise<void> => Promise.race([opened, delay(SOON_MS)]);

/** Whether a path can be opened twice; one that leads nowhere is told of by opening it. */
const isFile = (path: string): boolean => path !== '-' && !statsOf(path)?.isFIFO();

/** Whether it is standard input, and that is a file. */
const isRedirected = (path: string): boolean => path === '-' && fstatSync(0).isFile();

/** The terminal's keyboard, when standard input is a capture, or something else that nobody types. */
function keyboard(): ReadStream {
  try {
    return new ReadStream(openSync('/dev/tty', 'r'));
  } catch {
    throw new UsageError('no keyboard: /dev/tty: standard input is none, and there is no terminal to type on');
  }
}
