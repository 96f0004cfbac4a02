import { randomBytes } from 'node:crypto';
import { type DialectName, dialectNamed } from '../../dissectors/channel/dialects.js';
import type { Capture } from '../capture/capture.js';
import { compileFilter } from '../filter/compile.js';
import { sharedSecretOf } from '../index/shared-secret.js';
import { Examiner } from '../track/examine.js';
import type { Io } from './io.js';
import { Output } from './output.js';
import { type PrintOptions, printerOf } from './printers.js';
import { asksForConversations, packetsOf, secretsFrom } from './reading.js';

/** How the packets of a capture that runs are printed. */
export interface LivePrintOptions extends PrintOptions {
  /** Only packets that this display filter passes are printed. */
  readonly filter?: string;
  readonly secrets: readonly string[];
  readonly dialect?: DialectName;
  readonly track: boolean;
}

/**
 * What prints the packets of a capture that runs, as they come. It is all made before anything is captured.
 * @throws {UsageError | FilterError | SecretsError} for what cannot be understood
 */
export async function openPrinting(options: LivePrintOptions, io: Io): Promise<(capture: Capture) => Promise<void>> {
  const { write: _, quiet: __, ...shown } = options;
  const printer = printerOf(shown, io);
  const passes = options.filter === undefined ? () => true : compileFilter(options.filter);
  const secrets = secretsFrom(options.secrets, io.remark);
  const dialect = options.dialect && dialectNamed(options.dialect);
  const converse = asksForConversations(options);
  const seed = randomBytes(4).readInt32LE();
  const examiner = new Examiner({
    secrets,
    dialect,
    track: options.track,
    converse,
    seed,
    sharedSecret: sharedSecretOf,
  });
  const output = new Output(io.stdout);
  if (printer?.head !== undefined) output.write(printer.head);
  return async (capture) => {
    const reading = { capture, examiner, secrets, inside: [], problems: [], isLive: true };
    for await (const next of packetsOf(reading)) {
      for (let packet = next(); packet; packet = next()) {
        if (!printer || !passes(packet)) continue;
        printer.print(packet, output.text);
        const waits = output.written();
        if (waits) await waits;
      }
      await output.flush();
    }
  };
}
