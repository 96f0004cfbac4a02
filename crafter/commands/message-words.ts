import { CODES, type MessageName } from '../../dissectors/channel/messages.js';

/** The words for messages, short and long. */
export const MESSAGE_WORDS: ReadonlyMap<string, MessageName> = new Map([
  ['ack', 'CHANNEL_ACKNOWLEDGE'],
  ...(Object.keys(CODES) as MessageName[]).flatMap((name): [string, MessageName][] => [
    [name.toLowerCase(), name],
    [name.toLowerCase().replace(/^(channel|data)_/, ''), name],
  ]),
]);

/** The message that a word stands for, in large or small letters. */
export const messageNamed = (word: string): MessageName | undefined => MESSAGE_WORDS.get(word.trim().toLowerCase());

/** One short word for each message. */
export const SHORT_WORDS: readonly string[] = [
  ...new Set([...MESSAGE_WORDS.keys()].filter((word) => !word.includes('_') && word !== 'ack')),
];
