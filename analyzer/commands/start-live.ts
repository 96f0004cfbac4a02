import { CaptureError } from '../capture/capture-error.js';
import { NoEngine, startCapture } from '../capture/choose-engine.js';
import {
  type CaptureEngine,
  CaptureRefused,
  type CaptureRequest,
  type EngineCapture,
  type Refusal,
} from '../capture/engine.js';
import { enginesFor } from '../capture/engines.js';
import { interfaceNamed, systemInterfaces } from '../capture/interfaces.js';
import { LiveCapture } from '../capture/live-capture.js';
import { installHints, permissionHints, STILL_WORKS, surroundings } from '../capture/permission-hints.js';
import { openPipe, pipeCapture } from '../capture/pipe-capture.js';
import { isPipe, type LiveOptions, requestFrom } from './live-options.js';
import { UsageError } from './usage-error.js';

/** What to know of a capture that was asked for on the command line. */
export interface StartedLive {
  readonly live: LiveCapture;
  readonly request: CaptureRequest;
}

/**
 * Starts the capture that the options ask for. At the signal it ends; what came before is still given out.
 *
 * @throws {UsageError} for a wrong capture filter
 * @throws {CaptureError} if it cannot be started, with hints at what can be done about that
 */
export async function startLive(
  options: LiveOptions,
  signal?: AbortSignal,
  engines: readonly CaptureEngine[] = enginesFor(options.engine),
): Promise<StartedLive> {
  const request = requestFrom(options, (given) => interfaceNamed(given, systemInterfaces()));
  const [pipe] = request.taps.filter(({ name }) => isPipe(name));
  if (pipe && request.taps.length > 1) throw new UsageError(`-i: ${pipe.name}: a pipe goes alone`);
  if (pipe?.filter !== undefined) throw new UsageError(`-f: ${pipe.filter}: who sends into the pipe filters`);
  const engine = pipe ? await pipeCapture(pipe.name, await openPipe(pipe.name)) : await startEngine(engines, request);
  const live = new LiveCapture(engine, options.autostop);
  const stop = () => live.stop();
  signal?.addEventListener('abort', stop, { once: true });
  if (signal?.aborted) stop();
  return { live, request };
}

/** The names of the interfaces, for people. */
export const namesOf = ({ taps }: CaptureRequest): string => taps.map(({ name }) => name).join(', ');

/**
 * Starts the first of the engines that can do it.
 * @throws {UsageError} for a wrong capture filter
 * @throws {CaptureError} if none can, with hints at what can be done about that
 */
export async function startEngine(engines: readonly CaptureEngine[], request: CaptureRequest): Promise<EngineCapture> {
  try {
    return await startCapture(engines, request);
  } catch (error) {
    if (error instanceof CaptureRefused) throw refused(error.refusal);
    if (error instanceof NoEngine) throw noEngine(error, request);
    throw error;
  }
}

function refused({ kind, where, why }: Refusal): Error {
  if (kind === 'filter') return new UsageError(`bad capture filter: ${where}: ${why}`);
  return new CaptureError('cannot capture', where, why);
}

/** Says why none of the engines can, and what to do. */
function noEngine({ passedOver }: NoEngine, request: CaptureRequest): CaptureError {
  const system = surroundings();
  const isDenied = passedOver.some(({ refusal }) => refusal.kind === 'denied');
  const isMissing = passedOver.every(({ refusal }) => refusal.kind === 'missing');
  const why = passedOver
    .map(({ engine, refusal: { where, why } }) => `${engine}: ${where.startsWith('-') ? `${where}: ` : ''}${why}`)
    .join('; ');
  const hints = isDenied ? permissionHints(system) : isMissing ? installHints(system) : [];
  return new CaptureError('cannot capture', namesOf(request), isMissing ? `nothing to capture with (${why})` : why, {
    hints: hints.length > 0 ? [...hints, STILL_WORKS] : [],
  });
}
