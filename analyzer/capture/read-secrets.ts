import { close, open, stat } from 'node:fs';
import { promisify } from 'node:util';
import { DETECT_SIZE, detect } from '../../dissectors/file/detect.js';
import { SecretsReader } from '../../dissectors/file/secrets-reader.js';
import { viewOf } from '../../dissectors/wire/view.js';
import { type ByteSource, Preceded, readFully } from './byte-source.js';
import { systemError } from './capture-error.js';
import { decompress } from './decompress.js';
import { FileSource } from './file-source.js';

const openAsync = promisify(open);
const closeAsync = promisify(close);
const statAsync = promisify(stat);

const CHUNK = 1024 * 1024;

/**
 * The channel secrets that travel in a pcapng file, a text per block; none from other files, pipes or standard input.
 * They hold for all packets, wherever they stand: so this looks through the whole file, block by block, first.
 *
 * @throws {CaptureError} if the file cannot be opened or read
 */
export const readSecrets = async (path: string, signal?: AbortSignal): Promise<readonly string[]> =>
  (await readAllSecrets(path, signal)).channels;

/** The secrets that travel in a file, a text a block: those of channels, and key logs of other protocols. */
export interface SecretsInside {
  readonly channels: readonly string[];
  readonly keyLogs: readonly string[];
}

const NO_SECRETS: SecretsInside = { channels: [], keyLogs: [] };

/** The same with the key logs of other protocols. @throws {CaptureError} if the file cannot be opened or read */
export async function readAllSecrets(path: string, signal?: AbortSignal): Promise<SecretsInside> {
  if (path === '-') return NO_SECRETS;
  try {
    // A pipe is not even opened: closing it again would end its writer.
    if (!(await statAsync(path)).isFile()) return NO_SECRETS;
    const fd = await openAsync(path, 'r');
    const source = new FileSource(fd, signal ? { signal } : {});
    try {
      return await secretsOf(source);
    } finally {
      await source.close();
      await closeAsync(fd);
    }
  } catch (error) {
    throw systemError('cannot read', path, error);
  }
}

async function secretsOf(file: ByteSource): Promise<SecretsInside> {
  const head = new Uint8Array(DETECT_SIZE);
  const { kind, source } = await peek(file, head);
  if (kind === 'pcapng') return skim(source);
  if (kind !== 'gzip' && kind !== 'zstd') return NO_SECRETS;
  const inflated = await peek(decompress(kind, source), head.slice());
  const found = inflated.kind === 'pcapng' ? await skim(inflated.source) : NO_SECRETS;
  await inflated.source.close();
  return found;
}

async function peek(source: ByteSource, into: Uint8Array) {
  const head = into.subarray(0, await readFully(source, into));
  return { kind: detect(viewOf(head), 0, head.length), source: new Preceded(head, source) };
}

async function skim(source: ByteSource): Promise<SecretsInside> {
  const reader = new SecretsReader();
  const found = { channels: reader.secrets, keyLogs: reader.keyLogs };
  let bytes = new Uint8Array(CHUNK);
  let end = 0;
  /** Bytes that lie between the end of what was read and the next block. */
  let skipped = 0;
  for (;;) {
    const count = await source.read(bytes.subarray(end));
    if (count === 0) return found;
    if (count <= skipped) {
      skipped -= count;
      continue;
    }
    end += count;
    const { next, need } = reader.read(viewOf(bytes), skipped, end);
    if (need === 0) return found;
    const from = Math.min(next, end);
    skipped = next - from;
    const room = need > bytes.length ? new Uint8Array(Math.max(need, 2 * bytes.length)) : bytes;
    room.set(bytes.subarray(from, end));
    bytes = room;
    end -= from;
  }
}
