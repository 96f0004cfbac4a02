import { existsSync, readFileSync } from 'node:fs';
import { parseSecrets, type Secret } from '../../analyzer/secrets/secrets.js';
import { fixtureConversations } from './frames.js';
import type { Corpus } from './packets.js';

/** The captures in `fixtures/`, and those of another folder, with the secrets beside them. */
export async function fixtureCorpus(more?: string): Promise<Corpus> {
  const folders = ['fixtures', ...(more === undefined ? [] : [more])];
  const conversations = new Map<
    string,
    Awaited<ReturnType<typeof fixtureConversations>> extends ReadonlyMap<string, infer C> ? C : never
  >();
  const secrets = new Map<string, readonly Secret[]>();
  for (const folder of folders) {
    for (const [name, frames] of await fixtureConversations(folder)) {
      conversations.set(name, frames);
      const beside = `${folder}/${name.replace(/\.pcap.*$/, '.secrets')}`;
      if (existsSync(beside)) secrets.set(name, parseSecrets(readFileSync(beside, 'utf8'), beside));
    }
  }
  return { conversations, secretsOf: (name) => secrets.get(name) ?? [] };
}
