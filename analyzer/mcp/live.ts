import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Io } from '../commands/io.js';
import type { LiveOptions } from '../commands/live-options.js';
import { capture } from '../commands/run-capture.js';
import type { NamedCapture } from './captures.js';

/** How much live traffic is kept, in bytes: then the capture ends, and what there is can still be asked about. */
const MOST_KEPT = 512 * 1024 * 1024;

/** Live traffic on its way into a file, which is whole at any time. */
export interface LiveFile {
  readonly capture: NamedCapture;
  /** Ends the capture, and takes the file away. */
  readonly close: () => Promise<void>;
}

/**
 * Captures into a private file of the system's folder for such, until it is closed.
 * @throws what the capture ends with before it has begun
 */
export async function captureLive(options: LiveOptions, io: Io): Promise<LiveFile> {
  const folder = mkdtempSync(join(tmpdir(), 'handshark-mcp-'));
  const path = join(folder, 'live.pcapng');
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const ending = new AbortController();
  let began: () => void = () => {};
  const begun = new Promise<void>((resolve) => {
    began = resolve;
  });
  const world: Io = {
    ...io,
    remark: (text) => {
      if (text.startsWith('capturing on ')) began();
      io.remark(text);
    },
    interrupted: () => AbortSignal.any([io.interrupted(), ending.signal]),
  };
  const bytes = Math.min(MOST_KEPT, options.autostop.bytes ?? MOST_KEPT);
  const limits = { ...options, autostop: { ...options.autostop, bytes } };
  const asked = { ...limits, write: path, quiet: true, injectSecrets: [] };
  const print = { field: [], fieldOption: [], time: 'r', color: 'never', track: true, secrets: [] } as const;
  const running = capture({ ...asked, ...print }, world);
  try {
    await Promise.race([begun, running]);
  } catch (error) {
    remove();
    throw error;
  }
  // How it ends is told by what asked for it; until then it goes on beside everything else.
  running.catch((error: unknown) => io.complain(error instanceof Error ? error.message : String(error), 1));
  const name = options.interface.map(({ value }) => value).join(', ');
  return {
    capture: { name, path, isLive: true },
    close: async () => {
      ending.abort();
      await running.catch(() => {});
      remove();
    },
  };
}
