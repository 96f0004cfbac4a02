import { askProgram } from './ask-program.js';
import type { CaptureRequest, LinkType, Refusal, Tap } from './engine.js';
import { type FoundProgram, unusable } from './find-program.js';
import { linkTypesIn, refusalIn } from './libpcap-words.js';

/** Looks at the interfaces of a request one after the other, until one is refused. */
export async function checkTaps(
  program: FoundProgram | undefined,
  request: CaptureRequest,
  checkTap: (program: string, tap: Tap, request: CaptureRequest) => Promise<Refusal | undefined>,
): Promise<Refusal | undefined> {
  if (!program?.mayRun) return unusable(program, request.taps[0]?.name ?? '');
  for (const tap of request.taps) {
    const refusal = await checkTap(program.path, tap, request);
    if (refusal) return refusal;
  }
  return undefined;
}

/** Asks for the link types of an interface; dumpcap and tcpdump take the same words, and answer alike. */
export async function askLinkTypes(
  program: FoundProgram | undefined,
  name: string,
): Promise<readonly LinkType[] | Refusal> {
  if (!program?.mayRun) return unusable(program, name);
  const { out, said } = await askProgram(program.path, ['-L', '-i', name]);
  const types = linkTypesIn(`${out}\n${said}`);
  return types.length > 0 ? types : refusalIn(said, name);
}
