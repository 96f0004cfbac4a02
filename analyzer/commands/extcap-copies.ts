import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { whole } from '../../crafter/commands/option-values.js';
import { type Pace, Pacer } from '../../crafter/io/pacing.js';
import { type Capture, openCapture } from '../capture/capture.js';
import { CaptureError, systemError } from '../capture/capture-error.js';
import { PacketFile } from '../capture/packet-file.js';
import { PipeSource } from '../capture/pipe-source.js';
import { readSecrets } from '../capture/read-secrets.js';
import { quoted } from '../extcap/folder.js';
import { type ExtcapOptions, type ExtcapWorld, optionValue } from './extcap-world.js';
import { secretsToInject } from './secrets-to-inject.js';
import { UsageError } from './usage-error.js';

/** A capture once more, at its own pace or another, with the secrets that are in it. */
export async function captureReplay(options: ExtcapOptions, world: ExtcapWorld): Promise<void> {
  const { file = '' } = options;
  if (file === '') throw new UsageError('hs_replay: no capture: --file');
  const pacer = new Pacer(paceOf(options.speed), world.signal);
  const secrets = [...(await readSecrets(file, world.signal)), ...namedSecrets(options)];
  const capture = await openCapture(file, { signal: world.signal });
  world.tell(`replaying ${file}`);
  await copy(capture, secrets, world, pacer);
}

function paceOf(speed: string): Pace {
  if (speed === 'top') return { by: 'nothing' };
  const times = Number(speed);
  if (/^(\d+\.?\d*|\.\d+)$/.test(speed) && times > 0) return { by: 'capture', speed: times };
  throw new UsageError(`--speed: ${speed}: expected a number above 0, or top`);
}

const namedSecrets = ({ secrets = '' }: ExtcapOptions): readonly string[] =>
  secrets === '' ? [] : secretsToInject({ write: 'capture.pcapng', injectSecrets: [secrets] });

/** What another machine captures, over ssh. */
export async function captureRemote(options: ExtcapOptions, world: ExtcapWorld): Promise<void> {
  const words = sshWords(options);
  const secrets = namedSecrets(options);
  const { remoteHost = '' } = options;
  const child = spawn('ssh', words, { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'close');
  // An error is seen where the promise is awaited.
  ended.catch(() => {});
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = `${said}${text}`.slice(-MOST_SAID);
  });
  world.signal.addEventListener('abort', () => child.kill(), { once: true });
  const failed = async (): Promise<CaptureError | undefined> => {
    try {
      const [status] = (await ended) as [number | null];
      if (status === 0 || world.signal.aborted) return undefined;
      const [last = 'it said nothing'] = said.trim().split('\n').slice(-1);
      return new CaptureError('cannot capture', remoteHost, `ssh ended with ${status ?? 'a signal'}: ${last}`);
    } catch (error) {
      return systemError('cannot run', 'ssh', error);
    }
  };
  try {
    const capture = await openCapture('-', { source: new PipeSource(child.stdout, world.signal) }).catch(
      async (error) => {
        // What ssh says tells more than that nothing came.
        throw (await failed()) ?? error;
      },
    );
    world.tell(`capturing on ${remoteHost}`);
    await copy(capture, secrets, world, undefined);
  } finally {
    if (world.signal.aborted || child.exitCode !== null) child.kill();
  }
  const failure = await failed();
  if (failure) throw failure;
}

/** What is kept of what ssh says, in characters. */
const MOST_SAID = 4096;
const SSH_PORT = 22;

/**
 * The words of the ssh that captures. The connection itself is not captured unless a filter says what is.
 * @throws {UsageError} for what cannot be meant
 */
export function sshWords(options: ExtcapOptions): readonly string[] {
  const {
    remoteHost = '',
    remotePort = '',
    remoteInterface = '',
    remoteCommand = '',
    extcapCaptureFilter = '',
  } = options;
  if (remoteHost === '') throw new UsageError('hs_ssh: no machine: --remote-host');
  if (/^-|\s/.test(remoteHost)) throw new UsageError(`--remote-host: ${remoteHost}: expected host or user@host`);
  if (remoteCommand !== '' && remoteInterface + extcapCaptureFilter !== '') {
    throw new UsageError(
      `--remote-command: ${remoteCommand}: says itself what is captured; no interface or filter goes with it`,
    );
  }
  const number = remotePort === '' ? SSH_PORT : optionValue('--remote-port', remotePort, whole(1, 0xffff));
  const filter = extcapCaptureFilter === '' ? `not tcp port ${number}` : extcapCaptureFilter;
  const on = remoteInterface === '' ? [] : ['-i', quoted(remoteInterface)];
  const command = remoteCommand === '' ? ['tcpdump', '-U', '-w', '-', ...on, quoted(filter)].join(' ') : remoteCommand;
  const port = remotePort === '' ? [] : ['-p', `${number}`];
  // There is no terminal to ask for a password on.
  return ['-o', 'BatchMode=yes', ...port, '--', remoteHost, command];
}

/** Writes the packets of a capture on, each as soon as it is due. */
async function copy(
  capture: Capture,
  secrets: readonly string[],
  { io, fifo, signal, held, tell }: ExtcapWorld,
  pacer: Pacer | undefined,
): Promise<void> {
  const file = await PacketFile.open(fifo, capture, secrets, { grows: true });
  try {
    for await (const { view, records, first } of capture.batches()) {
      file.takeEvents();
      for (let row = 0; row < records.count && !signal.aborted; row++) {
        const [seconds = 0, nanos = 0] = [records.seconds[row], records.nanos[row]];
        const due = pacer?.next(records.timeless.has(row) ? undefined : seconds * 1e3 + nanos / 1e6);
        const wait = due === undefined ? undefined : pacer?.until(due, () => {});
        if (wait) {
          await file.flush();
          await wait;
        }
        for (let hold = held(); hold && !signal.aborted; hold = held()) {
          await file.flush();
          tell(`held before packet ${first + row}`);
          await Promise.race([hold, once(signal, 'abort')]);
        }
        if (signal.aborted) break;
        const from = capture.interfaces[records.interfaceId[row] ?? 0];
        if (!from) continue;
        const bytes = new Uint8Array(view.buffer, view.byteOffset + (records.at[row] ?? 0), records.captured[row]);
        const comments = capture.log.comments.get(first + row) ?? [];
        const waits = file.frame({ from, seconds, nanos, bytes, wire: records.wire[row] ?? bytes.length, comments });
        if (waits) await waits;
      }
      if (signal.aborted) break;
      await file.flush();
    }
    await file.close();
  } catch (error) {
    await file.abandon();
    throw error;
  } finally {
    await capture.close();
  }
  if (!signal.aborted) for (const { line } of capture.faults) io.complain(line, 1);
}
