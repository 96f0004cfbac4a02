import type { Settings } from './settings.js';

/** Hex digits of an id that stand for a peer without a name. */
const DIGITS = 8;

/** How the lists call a peer: by the name the user gave it, else by the start of its id. */
export const peerLabel = ({ aliases }: Settings, id: string): string => aliases.get(id) ?? id.slice(0, DIGITS);

/** The longest name that can be given. */
const MOST_NAME = 64;

/** The settings with another name for a peer; an empty one takes the name away. */
export function withAlias(settings: Settings, id: string, name: string): Settings {
  const aliases = new Map(settings.aliases);
  const wanted = name.trim().slice(0, MOST_NAME);
  if (wanted === '') aliases.delete(id);
  else aliases.set(id, wanted);
  return { ...settings, aliases };
}
