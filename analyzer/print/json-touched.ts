import { modeOf } from '../../dissectors/channel/capabilities.js';
import type { Touched } from '../track/facts.js';
import { type Utf8Text, utf8 } from './utf8-text.js';

const TOUCHED = utf8(',"channel":[{"number":');
const TOUCHED_TOO = utf8('},{"number":');
const ID = utf8(',"id":"');
const STATE = utf8('","state":"');
const MODE = utf8(',"mode":"');

/** Writes the tracked channels that a packet touches, as a member of its object; nothing if there is none. */
export function writeTouched(channels: readonly Touched[], into: Utf8Text): void {
  for (let place = 0; place < channels.length; place++) {
    const { number, c1, c2, state, caps } = channels[place] as Touched;
    into.addBytes(place === 0 ? TOUCHED : TOUCHED_TOO);
    into.addNumber(number);
    into.addBytes(ID);
    into.addHex16(c1);
    if (c2 !== undefined) into.addHex16(c2);
    into.addBytes(STATE);
    into.add(state);
    into.add('"');
    if (caps !== undefined) {
      into.addBytes(MODE);
      into.add(modeOf(caps));
      into.add('"');
    }
  }
  if (channels.length > 0) into.add('}]');
}
