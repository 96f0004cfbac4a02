import { Readable } from 'node:stream';
import { InvalidArgumentError } from 'commander';
import { part, whole } from '../../crafter/commands/option-values.js';
import { listen } from '../../crafter/commands/peer.js';
import { secretIn } from '../../crafter/commands/secret-file.js';
import { simulateOrder } from '../../crafter/commands/simulate.js';
import { codeReason } from '../../crafter/io/system-reason.js';
import { USUAL } from '../../crafter/simulation/plan.js';
import { fromHex } from '../../dissectors/wire/view.js';
import { type ExtcapOptions, type ExtcapWorld, nowhere, optionValue } from './extcap-world.js';
import type { Io } from './io.js';
import { UsageError } from './usage-error.js';

/** A peer that others open channels to: all packets, and the secrets that judge its cookies, until Wireshark ends it. */
export async function capturePeer(options: ExtcapOptions, { io, fifo, signal, tell, end }: ExtcapWorld): Promise<void> {
  const { listen: address, peerId, secretFile, dialect, echo = false } = options;
  const secret = secretFile === undefined || secretFile === '' ? undefined : secretOf(secretFile);
  const said = {
    tell,
    complain: (problem: string, status: 1 | 2) => {
      if (!signal.aborted && !tellsUnread(problem)) io.complain(problem, status);
      end();
    },
    // That nobody came is no fault of a capture.
    earn: () => {},
  };
  const world = { ...said, stdin: Readable.from([]), stdout: nowhere(), signal, onExit: () => {} };
  const network = { loss: 0, reorder: 0, duplicate: 0, delay: 0 };
  const peer = { peerId, dialect, echo, keep: true, write: fifo, ...(secret && { secret }), ...network };
  await listen(address, peer, world);
}

function secretOf(file: string): Uint8Array {
  let text: string;
  try {
    text = secretIn(file);
  } catch (error) {
    if (error instanceof RangeError || error instanceof InvalidArgumentError)
      throw new UsageError(`--secret-file: ${error.message}`);
    throw error;
  }
  if (!/^([0-9a-f]{2})+$/i.test(text))
    throw new UsageError(`--secret-file: ${file}: expected an even number of hex digits`);
  return fromHex(text);
}

/** Whether a problem is that nobody reads the capture any more: Wireshark has had enough. */
const tellsUnread = (problem: string): boolean => problem.endsWith(`: ${codeReason('EPIPE')}`);

/** Two peers on a simulated network, with their secrets. */
export async function captureSimulation(options: ExtcapOptions, { io, fifo }: ExtcapWorld): Promise<void> {
  const { mode, dialect } = options;
  const numbers = {
    loss: optionValue('--loss', options.loss, part),
    channels: optionValue('--channels', options.channels, whole(1, MOST_CHANNELS)),
    messages: optionValue('--messages', options.messages, whole(0, MOST_MESSAGES)),
    seed: optionValue('--seed', options.seed, whole(0, 0xffff_ffff)),
  };
  const plan = { mode, dialect, ...numbers, interval: USUAL.interval, delay: SIMULATED_DELAY_MS };
  const rest = { reorder: 0, duplicate: 0, drop: [], answers: 0, flood: 0, spurious: 0, T: 'text' } as const;
  const complain: Io['complain'] = (problem, status) => {
    if (!tellsUnread(problem)) io.complain(problem, status);
  };
  const quiet: Io = { ...io, stdout: nowhere(), complain };
  simulateOrder(undefined, { ...plan, ...rest, write: fifo, secretsInFile: true }, [], quiet);
}

/** Channels of a simulation: all of it is played before Wireshark gets the first packet. */
const MOST_CHANNELS = 1000;
/** Messages on each of them, for the same reason. */
const MOST_MESSAGES = 10_000;

/** Of every packet, in milliseconds: that of `simulate`. */
const SIMULATED_DELAY_MS = 20;
