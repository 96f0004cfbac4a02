import { CODES } from '../../dissectors/channel/messages.js';
import { ENVELOPE, initiatorFirstHeader, PAYLOAD } from '../../dissectors/channel/packet.js';
import { viewOf } from '../../dissectors/wire/view.js';
import type { Effect } from '../peer/effects.js';

/** A packet with a DATA_PROGRESS and its DATA_WINDOW, and nothing else. */
const REPORT_SIZE = ENVELOPE + 7 + 3;
const { id } = initiatorFirstHeader.fields;

/** The channel, as its packets write it, that a packet reports on; undefined if it does anything else. */
function reportOn(bytes: Uint8Array): number | undefined {
  if (bytes.length !== REPORT_SIZE || bytes[PAYLOAD] !== CODES.DATA_PROGRESS) return undefined;
  return id.read(viewOf(bytes), 0);
}

/** How many reports of one channel leave together at most: one may get lost. */
const KEPT = 3;

/**
 * The effects without the reports that later ones of the same channel make superfluous: each says all that those before
 * it say. Many packets that came together are so answered by a few reports.
 *
 * @param superseded told of the channel of each that is left out
 */
export function withoutSuperseded(effects: readonly Effect[], superseded: (id: number) => void): readonly Effect[] {
  let to = '';
  let channel: number | undefined;
  let later = 0;
  let kept: Effect[] | undefined;
  for (let at = effects.length - 1; at >= 0; at--) {
    const effect = effects[at];
    if (!effect) continue;
    const on = effect.type === 'send' ? reportOn(effect.bytes) : undefined;
    const isSame = on !== undefined && effect.type === 'send' && effect.to === to && on === channel;
    if (isSame && later >= KEPT) {
      kept ??= effects.slice(at + 1).reverse();
      superseded(on);
      continue;
    }
    kept?.push(effect);
    if (on === undefined || effect.type !== 'send') continue;
    later = isSame ? later + 1 : 1;
    to = effect.to;
    channel = on;
  }
  return kept?.reverse() ?? effects;
}
