import { readAllSecrets } from '../capture/read-secrets.js';
import { secretsFrom } from '../commands/reading.js';
import { UsageError } from '../commands/usage-error.js';
import { embeddedSecrets } from '../index/learn-secrets.js';
import type { Secret } from '../secrets/secrets.js';
import { Redactor } from './redact.js';

/** A capture that an agent may ask about. */
export interface NamedCapture {
  /** What it is called: the path as it was given, or the interface. */
  readonly name: string;
  readonly path: string;
  /** Whether it grows. */
  readonly isLive: boolean;
}

const NONE = { channels: [], keyLogs: [] };

/** The captures that a server was started with, and what it was told about them. No other file is ever opened. */
export class Captures {
  readonly all: readonly NamedCapture[];
  /** Words that every command gets: the secrets, the dialect. */
  readonly shared: readonly string[];
  readonly #secretFiles: readonly string[];

  constructor(all: readonly NamedCapture[], secretFiles: readonly string[], dialect: string | undefined) {
    this.all = all;
    this.#secretFiles = secretFiles;
    this.shared = [
      ...secretFiles.flatMap((file) => ['--secrets', file]),
      ...(dialect === undefined ? [] : ['--dialect', dialect]),
    ];
  }

  /** The capture of a name; the first without one. @throws {UsageError} if there is none of that name */
  named(name: string | undefined): NamedCapture {
    const found = name === undefined ? this.all[0] : this.all.find((one) => one.name === name);
    if (found) return found;
    throw new UsageError(`no such capture: ${name}: there are ${this.all.map((one) => one.name).join(', ')}`);
  }

  /**
   * What keeps secrets out of an answer: those that were named, and those inside the captures, which are gone through
   * meanwhile.
   * @throws {SecretsError | CaptureError} at once, if secrets that were named cannot be read
   */
  redactor(): Promise<Redactor> {
    return this.#withInside(secretsFrom(this.#secretFiles));
  }

  async #withInside(named: readonly Secret[]): Promise<Redactor> {
    const inside = await Promise.all(
      this.all.map(async ({ path }) => {
        // What cannot be read holds no secrets either, and is told by whatever asks for it.
        const { channels, keyLogs } = await readAllSecrets(path).catch(() => NONE);
        return embeddedSecrets([...channels, ...keyLogs], path, []);
      }),
    );
    return new Redactor([...named, ...inside.flat()]);
  }
}
