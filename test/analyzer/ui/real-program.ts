import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { handshark } from '../../built-program.js';
import { PtySession } from './pty.js';

/** The built program in terminals, with a home of its own that holds no settings and no history. */
export class RealProgram {
  /** A folder for what the program keeps and for files of the test. */
  readonly home = mkdtempSync(join(tmpdir(), 'handshark-real-'));
  readonly #sessions: PtySession[] = [];

  /** Starts it, with a screen or without. */
  start(columns: number, rows: number, ...given: readonly string[]): PtySession {
    const own = ['XDG_STATE_HOME', 'XDG_CONFIG_HOME', 'TMPDIR'].map((name) => `${name}=${this.home}`);
    const session = new PtySession('env', [...own, ...handshark(...given)], columns, rows);
    this.#sessions.push(session);
    return session;
  }

  /** Starts it, and waits until its screen is there. */
  async open(columns: number, rows: number, ...given: readonly string[]): Promise<PtySession> {
    const session = this.start(columns, rows, ...given);
    await session.untilShown('Filter:');
    return session;
  }

  /** Ends what still runs. */
  end(): void {
    for (const session of this.#sessions.splice(0)) if (session.exit === undefined) session.kill('SIGKILL');
  }

  remove(): void {
    this.end();
    rmSync(this.home, { recursive: true });
  }
}

/** Quits, and tells with which status the program ended. */
export async function quit(session: PtySession): Promise<number | undefined> {
  // Where q only closes a view, too.
  session.send('\x03');
  await session.untilExit();
  return session.exit?.exitCode;
}
