import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { openRawPort } from '../../crafter/io/raw-port.js';
import { PROGRAM } from '../built-program.js';
import { namespacesMissing } from './namespaces.js';

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
