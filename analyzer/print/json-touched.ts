import { modeOf } from '../../dissectors/channel/capabilities.js';
import { STATES, type State } from '../track/channel.js';
import type { Touched } from '../track/facts.js';
import { type Utf8Text, type Words, wordsOf } from './utf8-text.js';

const TOUCHED = wordsOf(',"channel":[{"number":');
const TOUCHED_TOO = wordsOf('},{"number":');
const ID = wordsOf(',"id":"');

/** What follows the id: a state, with each set of capabilities, and the same without any. */
interface StateEnds {
  readonly plain: Words;
  readonly modes: readonly Words[];
}

const ALL_CAPS = [0, 1, 2, 3, 4, 5, 6, 7];

const ENDS: ReadonlyMap<State, StateEnds> = new Map(
  STATES.map((state) => {
    const modes = ALL_CAPS.map((caps) => wordsOf(`","state":"${state}","mode":"${modeOf(caps)}"`));
    return [state, { plain: wordsOf(`","state":"${state}"`), modes }];
  }),
);

/** Writes the tracked channels that a packet touches, as a member of its object; nothing if there is none. */
export function writeTouched(channels: readonly Touched[], into: Utf8Text): void {
  for (let place = 0; place < channels.length; place++) {
    const { number, c1, c2, state, caps } = channels[place] as Touched;
    into.addWords(place === 0 ? TOUCHED : TOUCHED_TOO);
    into.addNumber(number);
    into.addWords(ID);
    into.addHex16(c1);
    if (c2 !== undefined) into.addHex16(c2);
    const { plain, modes } = ENDS.get(state) as StateEnds;
    into.addWords(caps === undefined ? plain : (modes[caps & 7] as Words));
  }
  if (channels.length > 0) into.add('}]');
}
