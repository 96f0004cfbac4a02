import { parseSecrets } from '../secrets/secrets.js';
import { readSecretsText } from './reading.js';
import { UsageError } from './usage-error.js';

/** How packets are written. */
export interface WriteOptions {
  readonly write?: string;
  /** Secrets files that travel in the file: editcap's option. */
  readonly injectSecrets?: readonly string[];
  /** Leave out the secrets that travel in the capture. */
  readonly discardSecrets?: boolean;
}

/** The texts of secrets files that are to travel in a capture. @throws {UsageError | SecretsError | CaptureError} */
export function secretsToInject({ write, injectSecrets = [], discardSecrets }: WriteOptions): readonly string[] {
  const [first] = injectSecrets;
  if (write === undefined && first !== undefined) throw new UsageError(`--inject-secrets: ${first}: goes with -w`);
  if (write === undefined && discardSecrets) throw new UsageError('--discard-secrets: goes with -w');
  if (first !== undefined && write?.toLowerCase().endsWith('.pcap')) {
    throw new UsageError(`--inject-secrets: ${first}: a pcap file has no room for secrets; name the file .pcapng`);
  }
  return injectSecrets.map((file) => {
    const text = readSecretsText(file);
    // What nobody could read again must not travel.
    parseSecrets(text, file);
    return text.endsWith('\n') ? text : `${text}\n`;
  });
}
