import { DECRYPTION_SECRETS, SECTION_HEADER } from '../../dissectors/file/pcapng-blocks.js';
import { decryptionSecrets } from '../../dissectors/file/pcapng-writer.js';
import { type Blocks, joined } from './block-cutter.js';

/**
 * Puts secrets after the header of each section, before all packets. Engines write little-endian sections, on all
 * machines that are still made.
 * @param texts of secrets files
 */
export function withSecrets({ bytes, types, ends }: Blocks, texts: readonly string[]): Blocks {
  if (texts.length === 0 || !types.includes(SECTION_HEADER)) return { bytes, types, ends };
  return joined(
    types.flatMap((type, block) => {
      const piece = [type, bytes.subarray(ends[block - 1] ?? 0, ends[block])] as const;
      const secrets = texts.map((text) => [DECRYPTION_SECRETS, decryptionSecrets(text)] as const);
      return type === SECTION_HEADER ? [piece, ...secrets] : [piece];
    }),
  );
}
