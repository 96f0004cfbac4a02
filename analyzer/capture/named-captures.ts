import { setMaxListeners } from 'node:events';
import { type Capture, type CaptureOptions, openCapture } from './capture.js';
import { GrowingFiles } from './growing-files.js';
import { readAllSecrets, type SecretsInside } from './read-secrets.js';
import { SeveralCaptures } from './several-captures.js';

/** The captures that a user has named to be read as one. */
export interface NamedCaptures {
  /** Files and pipes, and `-` for standard input. */
  readonly paths: readonly string[];
  /** Whether packets tell which file they are from: not where a single one was named. */
  readonly areSeveral: boolean;
  /** Folders in which more may appear. */
  readonly folders: readonly string[];
  /** What to call them. */
  readonly title: string;
}

/** A single capture. */
export const oneCapture = (path: string): NamedCaptures => ({
  paths: [path],
  areSeveral: false,
  folders: [],
  title: path === '-' ? 'standard input' : path,
});

/**
 * Opens captures that are read as one.
 * @throws {CaptureError} if there is none that can be read
 */
export async function openNamed(named: NamedCaptures, options: CaptureOptions = {}): Promise<Capture> {
  const { paths, areSeveral, folders, title } = named;
  const [only] = paths;
  if (!areSeveral && only !== undefined) return openCapture(only, options);
  // Every one of them listens to it.
  if (options.signal) setMaxListeners(0, options.signal);
  const growing = options.follow ? new GrowingFiles(folders, paths, options.interval) : undefined;
  return SeveralCaptures.open({ paths, title, ...(growing && { growing }) }, options);
}

/** Whether the secrets in captures come with their packets: a pipe, or what is still written, cannot be read before. */
export const bringsSecrets = ({ paths, areSeveral }: NamedCaptures, follow: boolean): boolean =>
  paths.includes('-') || (areSeveral && follow);

/** The secrets that travel in one of several captures. */
export interface SecretsOf extends SecretsInside {
  readonly path: string;
}

/**
 * The secrets that travel in captures, as far as they can be read before their packets; what several have, the first has.
 * @throws {CaptureError} if a single one cannot be opened or read; several are read as far as they can be
 */
export async function secretsInside(
  named: NamedCaptures,
  follow: boolean,
  signal?: AbortSignal,
): Promise<readonly SecretsOf[]> {
  const found: SecretsOf[] = [];
  if (bringsSecrets(named, follow)) return found;
  const known = new Set<string>();
  const isNew = (text: string): boolean => !known.has(text) && known.add(text).size > 0;
  for (const path of named.paths) {
    try {
      const { channels, keyLogs } = await readAllSecrets(path, signal);
      // The files of a ring all have the same.
      found.push({ path, channels: channels.filter(isNew), keyLogs: keyLogs.filter(isNew) });
    } catch (error) {
      if (!named.areSeveral) throw error;
      // The error is raised again where its packets are read.
    }
  }
  return found;
}
