import type { BlockWriter } from '../capture/live-spool.js';
import { LiveSpool, SPOOL_INTERVAL_MS } from '../capture/live-spool.js';
import { PcapConversion } from '../capture/pcap-conversion.js';
import { RingWriter } from '../capture/ring-writer.js';
import type { ScanTask } from '../index/scan-message.js';
import { IndexedCapture, type Scripts } from '../session/indexed-capture.js';
import type { LiveState } from '../store/capture-view.js';
import type { LiveOptions } from './live-options.js';
import { LiveSession } from './live-session.js';
import { namesOf, startLive } from './start-live.js';
import { UsageError } from './usage-error.js';

/**
 * Captures what the options ask for, into a file that grows and that is scanned as it does.
 *
 * @throws {CaptureError | UsageError} if it cannot be captured, or not be written
 */
export async function openLive(
  options: LiveOptions & { readonly write?: string },
  given: Omit<ScanTask, 'path'>,
  scripts: Scripts,
): Promise<LiveSession> {
  const { write: path } = options;
  if (options.autostop.files !== undefined) throw new UsageError('-a: files: goes with capture -b');
  if (path === '-') throw new UsageError('-w: standard output: is where the screen is');
  const { live, request } = await startLive(options);
  const names = namesOf(request);
  const file = path === undefined ? undefined : writerTo(path);
  try {
    await file?.open();
  } catch (error) {
    await live.close();
    throw error;
  }
  const begin = async () => LiveSpool.open((await startLive(options)).live);
  const show = (spool: LiveSpool, state: () => LiveState) =>
    new IndexedCapture(
      { ...given, path: spool.path, title: names, interval: SPOOL_INTERVAL_MS, isPrivate: true },
      scripts,
      state,
    );
  return new LiveSession(await LiveSpool.open(live, file), {
    names,
    file: path,
    begin,
    show,
    close: () => file?.close(),
  });
}

interface FileWriter extends BlockWriter {
  open(): Promise<void>;
  close(): Promise<void>;
}

/** Writes pcapng, or pcap if the name says so. */
function writerTo(path: string): FileWriter {
  const writer = new RingWriter(path);
  if (!path.toLowerCase().endsWith('.pcap')) return writer;
  const conversion = new PcapConversion(path);
  return {
    open: () => writer.open(),
    write: (blocks) => writer.write(conversion.convert(blocks)),
    close: () => writer.close(),
  };
}
