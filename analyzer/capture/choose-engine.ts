import {
  type CaptureEngine,
  CaptureRefused,
  type CaptureRequest,
  type EngineCapture,
  type EngineName,
  type Refusal,
} from './engine.js';

/** Why an engine was passed over. */
export interface PassedOver {
  readonly engine: EngineName;
  readonly refusal: Refusal;
}

/** No engine can do what was asked for. */
export class NoEngine extends Error {
  override readonly name = 'NoEngine';
  readonly passedOver: readonly PassedOver[];

  constructor(passedOver: readonly PassedOver[]) {
    super(passedOver.map(({ engine, refusal }) => `${engine}: ${refusal.why}`).join('; '));
    this.passedOver = passedOver;
  }
}

/**
 * Starts the first engine that is there, may capture, and can do what is asked for.
 * @throws {CaptureRefused} for what no engine can do: a wrong filter, an interface that is not there
 * @throws {NoEngine} if none is left
 */
export async function startCapture(engines: readonly CaptureEngine[], request: CaptureRequest): Promise<EngineCapture> {
  const passedOver: PassedOver[] = [];
  for (const engine of engines) {
    const refusal = await engine.check(request);
    if (!refusal) return engine.start(request);
    if (refusal.kind === 'filter' || refusal.kind === 'failed') throw new CaptureRefused(refusal);
    passedOver.push({ engine: engine.name, refusal });
  }
  throw new NoEngine(passedOver);
}
