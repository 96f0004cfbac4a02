import { open } from 'node:fs/promises';
import { isatty } from 'node:tty';
import { DETECT_SIZE, detect } from '../../dissectors/file/detect.js';
import { viewOf } from '../../dissectors/wire/view.js';
import { type ByteSource, Preceded, readFully } from './byte-source.js';
import { CaptureError, systemError } from './capture-error.js';
import type { EngineCapture } from './engine.js';
import { MergedCapture } from './merged-capture.js';
import { PipeSource } from './pipe-source.js';

/** Opens the pipe that Wireshark's `-i` names: `-`, or a path. @throws {CaptureError} if there is none */
export async function openPipe(name: string): Promise<ByteSource> {
  if (name === '-') {
    if (isatty(0)) throw new CaptureError('cannot capture', 'standard input', 'it is a terminal: send a capture to it');
    return new PipeSource(process.stdin);
  }
  try {
    const file = await open(name, 'r');
    const stats = await file.stat();
    if (stats.isFIFO() || stats.isSocket()) return new PipeSource(file.createReadStream());
    await file.close();
  } catch (error) {
    throw systemError('cannot capture', name, error);
  }
  throw new CaptureError('cannot capture', name, 'it is no pipe');
}

const TIME_STAMPS = 'as the pipe has them';

/**
 * A pipe as a capture that runs: somebody else captures, and sends a pcap or pcapng stream.
 * @param name as it was given: `-`, or a path
 * @throws {CaptureRefused} if no capture comes out of it
 */
export async function pipeCapture(name: string, pipe: ByteSource): Promise<EngineCapture> {
  const head = new Uint8Array(DETECT_SIZE);
  const kind = detect(viewOf(head), 0, await readFully(pipe, head));
  const source = new Preceded(head, pipe);
  let end: () => void = () => {};
  const ended = new Promise<undefined>((resolve) => {
    end = () => resolve(undefined);
  });
  const stop = () => {
    void source.close();
    end();
  };
  if (kind === 'pcapng') {
    const bytes: ByteSource = {
      progress: undefined,
      problem: undefined,
      read: async (into) => {
        const count = await source.read(into);
        if (count === 0) end();
        return count;
      },
      close: () => source.close(),
    };
    return { engine: 'pipe', timeStamps: TIME_STAMPS, lag: 0, isTimed: false, bytes, counts: () => ({}), stop, ended };
  }
  return MergedCapture.open('pipe', TIME_STAMPS, [
    {
      tap: { name },
      source,
      counts: () => ({}),
      stop,
      ended: Promise.resolve(),
      refusal: () => ({ kind: 'failed', where: name, why: 'no capture comes out of this pipe' }),
      failure: () => undefined,
    },
  ]);
}
