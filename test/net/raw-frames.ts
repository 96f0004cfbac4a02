import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { openRawPort } from '../../crafter/io/raw-port.js';
import { namespacesMissing } from './namespaces.js';

/** The built program; `npm test` builds it first. */
export const PROGRAM = resolve(process.env.HANDSHARK_PROGRAM ?? 'dist/handshark.js');

/** Why raw frames cannot be sent in a namespace; undefined if they can. */
export async function rawFramesMissing(): Promise<string | undefined> {
  const missing = namespacesMissing();
  if (missing) return missing;
  const child = pathToFileURL(join(dirname(PROGRAM), 'raw-child.js'));
  const port = await openRawPort('lo', 1, child).catch((error: Error) => error);
  if (port instanceof Error) return `raw frames cannot be sent here: ${port.message}`;
  await port.close();
  return undefined;
}
