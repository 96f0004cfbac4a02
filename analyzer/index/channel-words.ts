import { modeOf } from '../../dissectors/channel/capabilities.js';
import { DIALECTS } from '../../dissectors/channel/dialects.js';
import { STATES } from '../track/channel.js';
import { COOKIE_STATUSES } from '../track/cookies.js';
import { type ChannelColumns, idText, peerText } from './channel-columns.js';

type Matcher = (place: number) => boolean;

/**
 * What tells whether the words of a channel contain all the given ones, whatever their case. Texts are made only of what
 * differs from channel to channel.
 * @param senderOf where a packet came from
 */
export function channelMatcher(
  columns: ChannelColumns,
  words: readonly string[],
  senderOf: (packet: number) => string,
): Matcher {
  const matchers = words.filter((word) => word !== '').map((word) => matcherOf(columns, word.toLowerCase(), senderOf));
  return (place) => matchers.every((matches) => matches(place));
}

function matcherOf(columns: ChannelColumns, word: string, senderOf: (packet: number) => string): Matcher {
  const { state, dialect, mode, cookie1, cookie2, initiator, responder } = columns;
  const has = (names: readonly string[]): readonly boolean[] => names.map((name) => name.includes(word));
  const states = has(STATES);
  const dialects = has(DIALECTS.map(({ name }) => name));
  const modes = has(Array.from({ length: 8 }, (_, bits) => modeOf(bits)));
  const statuses = has(COOKIE_STATUSES);
  const isHex = /^[0-9a-f]+$/.test(word);
  const isAddress = /^[0-9a-f.:[\]]+$/.test(word);
  const sent = new Map<string, boolean>();
  const isFrom = (packet: number): boolean => {
    const text = senderOf(packet);
    const known = sent.get(text);
    if (known !== undefined) return known;
    const found = text.includes(word);
    sent.set(text, found);
    return found;
  };
  return (place) =>
    states[state[place] ?? 0] === true ||
    dialects[dialect[place] ?? 0] === true ||
    modes[mode[place] ?? -1] === true ||
    statuses[cookie1[place] ?? -1] === true ||
    statuses[cookie2[place] ?? -1] === true ||
    (isHex &&
      (idText(columns, place).includes(word) ||
        peerText(initiator, place).includes(word) ||
        peerText(responder, place).includes(word))) ||
    (isAddress && (isFrom(initiator.packet[place] ?? 0) || isFrom(responder.packet[place] ?? 0)));
}
