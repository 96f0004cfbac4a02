import { modeOf } from '../../dissectors/channel/capabilities.js';
import { DIALECTS } from '../../dissectors/channel/dialects.js';
import { STATES } from '../track/channel.js';
import { COOKIE_STATUSES } from '../track/cookies.js';
import { type ChannelColumns, endOfPeer, idText, peerText } from './channel-columns.js';
import type { End } from './end-address.js';

type Matcher = (place: number) => boolean;

/**
 * What tells whether the words of a channel contain all the given ones, whatever their case; of each list one is enough.
 * Texts are made only of what differs from channel to channel.
 * @param endOf where a packet came from or went to
 */
export function channelMatcher(
  columns: ChannelColumns,
  words: readonly (readonly string[])[],
  endOf: (packet: number, end: End) => string,
): Matcher {
  const matchers = words.map((any) => any.map((word) => matcherOf(columns, word.toLowerCase(), endOf)));
  return (place) => matchers.every((any) => any.some((matches) => matches(place)));
}

function matcherOf(columns: ChannelColumns, word: string, endOf: (packet: number, end: End) => string): Matcher {
  const { state, dialect, mode, cookie1, cookie2, initiator, responder } = columns;
  const has = (names: readonly string[]): readonly boolean[] => names.map((name) => name.includes(word));
  const states = has(STATES);
  const dialects = has(DIALECTS.map(({ name }) => name));
  const modes = has(Array.from({ length: 8 }, (_, bits) => modeOf(bits)));
  const statuses = has(COOKIE_STATUSES);
  const isHex = /^[0-9a-f]+$/.test(word);
  const isAddress = /^[0-9a-f.:[\]]+$/.test(word);
  const sent = new Map<string, boolean>();
  const isAt = ([packet, end]: readonly [packet: number, end: End]): boolean => {
    const text = endOf(packet, end);
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
    (isAddress && (isAt(endOfPeer(initiator, responder, place)) || isAt(endOfPeer(responder, initiator, place))));
}
