import { CHANNEL_SECRETS, WIREGUARD_SECRETS } from '../../dissectors/file/pcapng-blocks.js';
import type { Capture } from '../capture/capture.js';
import { parseSecrets, type Secret, SecretsError } from '../secrets/secrets.js';
import type { Examiner } from '../track/examine.js';

const KINDS: readonly number[] = [CHANNEL_SECRETS, WIREGUARD_SECRETS];

/** Takes the secrets that a pipe has brought: from a file they were read before. */
export function learnSecrets(capture: Pick<Capture, 'path' | 'bringsSecrets' | 'log'>, examiner: Examiner): void {
  if (!capture.bringsSecrets) return;
  const { judge } = examiner.tracker;
  const texts = capture.log.events.flatMap((event) =>
    event.type === 'secrets' && KINDS.includes(event.kind) ? [new TextDecoder().decode(event.bytes)] : [],
  );
  if (texts.length <= judge.learned) return;
  const news = embeddedSecrets(texts.slice(judge.learned), capture.path, []);
  examiner.learn(news, texts.length);
}

/** The secrets of the blocks of a capture, which read as one file. */
export function embeddedSecrets(
  texts: readonly string[],
  path: string,
  problems: string[],
  remark?: (text: string) => void,
): readonly Secret[] {
  try {
    return parseSecrets(texts.join('\n'), `${path}: decryption secrets`, remark);
  } catch (error) {
    if (!(error instanceof SecretsError)) throw error;
    problems.push(error.message);
    return [];
  }
}
