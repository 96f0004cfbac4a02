import { statsOf } from '../capture/stats-of.js';
import type { Secret } from '../secrets/secrets.js';
import type { CaptureView } from '../store/capture-view.js';
import type { ReadAgain, SecretsSource } from '../ui/captures.js';
import { secretsFrom } from './reading.js';

/** How often files of secrets are looked at, in milliseconds. */
const LOOK_MS = 1000;

/** The secrets of the files that were named, as the files stand by now: a key log grows while it is used. */
export class UiSecrets implements SecretsSource {
  private readonly files: string[];
  /** By file. */
  private readonly read = new Map<string, { stamp: string; secrets: readonly Secret[] }>();
  private readonly listeners = new Set<(problem: string | undefined) => void>();
  private timer: NodeJS.Timeout | undefined;

  /** @throws {Error} in one line, for the first file that cannot be read */
  constructor(files: readonly string[], remark: (text: string) => void) {
    this.files = [...new Set(files)];
    for (const file of this.files) this.take(file, remark);
  }

  get all(): readonly Secret[] {
    return this.files.flatMap((file) => this.read.get(file)?.secrets ?? []);
  }

  count(): number {
    return this.all.length;
  }

  add(path: string): void {
    this.take(path);
    if (!this.files.includes(path)) this.files.push(path);
  }

  subscribe(listener: (problem: string | undefined) => void): () => void {
    this.listeners.add(listener);
    this.timer ??= setInterval(() => this.look(), LOOK_MS).unref();
    return () => {
      this.listeners.delete(listener);
      if (this.listeners.size > 0) return;
      clearInterval(this.timer);
      this.timer = undefined;
    };
  }

  private take(file: string, remark?: (text: string) => void): void {
    // Looked at first: what is written while it is read is read the next time.
    const stamp = stampOf(file);
    this.read.set(file, { stamp, secrets: secretsFrom([file], remark) });
  }

  private look(): void {
    let isNew = false;
    for (const file of this.files) {
      const known = this.read.get(file);
      const stamp = stampOf(file);
      if (known === undefined || stamp === known.stamp || stamp === '') continue;
      known.stamp = stamp;
      try {
        this.take(file);
        isNew = true;
      } catch (error) {
        for (const tell of this.listeners) tell(error instanceof Error ? error.message : String(error));
      }
    }
    if (isNew) for (const tell of this.listeners) tell(undefined);
  }
}

/** What changes when a file does; empty for what is no file, or not there. */
function stampOf(file: string): string {
  const stats = statsOf(file);
  return stats?.isFile() ? `${stats.mtimeMs} ${stats.size} ${stats.ino}` : '';
}

/**
 * A capture that is read once more, to take the place of what is on the screen.
 * @param least packets that it must have by then
 */
export function readAgainAs(view: CaptureView & { readonly opened: Promise<void> }, least: number): ReadAgain {
  let isClosed = false;
  const whole = new Promise<void>((resolve) => {
    const look = () => {
      if (!isClosed && !view.done && view.count < least) return;
      forget();
      resolve();
    };
    const forget = view.subscribe(look);
    setImmediate(look);
  });
  return {
    view,
    ready: view.opened.then(() => whole),
    close: () => {
      isClosed = true;
      view.close();
    },
  };
}
