import { distance } from 'fastest-levenshtein';
import { bitsOf, MODES } from '../../dissectors/channel/capabilities.js';
import { CLOSE_REASONS, CODES, type MessageName } from '../../dissectors/channel/messages.js';

/** Words that stand for numbers: modes for their capability bits, reasons of CLOSE, truths. */
export const CONSTANTS: ReadonlyMap<string, number | boolean> = new Map<string, number | boolean>([
  ...MODES.map((mode) => [mode, bitsOf(mode)] as const),
  ...Object.entries(CLOSE_REASONS).map(([number, reason]) => [reason.replaceAll(' ', '-'), Number(number)] as const),
  ['true', true],
  ['false', false],
]);

/** Whatever fits the field. */
export const RANDOM = 'random';
/** In place of a value that is expected: what the protocol asks for. */
export const VALID = 'valid';

/** Whether a word has a meaning of its own, so that no variable may have it for a name. */
export const isWord = (name: string): boolean => CONSTANTS.has(name) || name === RANDOM || name === VALID;

/** The messages by the words for them: `new` and `CHANNEL_NEW` alike. */
export const MESSAGE_WORDS: ReadonlyMap<string, MessageName> = new Map([
  ['ack', 'CHANNEL_ACKNOWLEDGE'],
  ...(Object.keys(CODES) as MessageName[]).flatMap((name): [string, MessageName][] => [
    [wordOf(name), name],
    [name.toLowerCase(), name],
  ]),
]);

/** The word for a message: `new`, `progress`. */
export function wordOf(name: MessageName): string {
  return name === 'CHANNEL_ACKNOWLEDGE' ? 'ack' : name.toLowerCase().replace(/^(channel|data)_/, '');
}

/** The field of a message whose value may stand first, without its name. */
export const FIRST_FIELD: Readonly<Partial<Record<MessageName, string>>> = {
  CHANNEL_CLOSE: 'reason',
  DATA: 'data',
  DATA_PROGRESS: 'next',
  DATA_WINDOW: 'window',
};

/** Of several names the one that is most like what was written, if one is near enough to have been meant. */
export function nearest(written: string, names: Iterable<string>): string | undefined {
  let best: string | undefined;
  let least = Math.max(1, Math.floor(written.length / 3)) + 1;
  for (const name of names) {
    const steps = stepsBetween(written.toLowerCase(), name.toLowerCase());
    if (steps >= least || name === written) continue;
    best = name;
    least = steps;
  }
  return best;
}

/** The end of an error about an unknown name. */
export function suggestion(written: string, names: Iterable<string>): string {
  const meant = nearest(written, names);
  return meant === undefined ? '' : `; did you mean ${meant}?`;
}

/** How many letters must be added, left out or changed to make one word of the other; a swap of two counts as one. */
function stepsBetween(one: string, other: string): number {
  const steps = distance(one, other);
  return steps === 2 && isSwapped(one, other) ? 1 : steps;
}

/** Whether two words are the same but for two neighbours that are swapped. */
function isSwapped(one: string, other: string): boolean {
  let at = 0;
  while (at < one.length && one[at] === other[at]) at++;
  return one.slice(0, at) + (one[at + 1] ?? '') + (one[at] ?? '') + one.slice(at + 2) === other;
}
