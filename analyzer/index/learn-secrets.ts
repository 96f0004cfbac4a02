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

/** Takes secrets that were named while the capture is read, but for those that are known already. */
export function learnMore(examiner: Examiner, secrets: readonly Secret[]): void {
  const { judge } = examiner.tracker;
  const known = new Set(judge.secrets.map((secret) => JSON.stringify(secret)));
  examiner.learn(
    secrets.filter((secret) => !known.has(JSON.stringify(secret))),
    judge.learned,
  );
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
