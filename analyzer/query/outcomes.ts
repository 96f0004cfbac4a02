import { type ChannelColumns, peerText } from '../index/channel-columns.js';
import type { Outcome, Tracked } from '../stats/handshakes.js';
import { STATES } from '../track/channel.js';

/** What became of the channels, as a count of handshakes wants it. */
export function outcomesOf(from: ChannelColumns): Tracked {
  const channels = new Map<number, Outcome>();
  const known = (time: number | undefined) => (time === undefined || Number.isNaN(time) ? undefined : time);
  for (let place = 0; place < from.count; place++) {
    const number = from.number[place] ?? 0;
    channels.set(number, {
      number,
      state: STATES[from.state[place] ?? 0] ?? 'new',
      initiator: { id: peerText(from.initiator, place) },
      responder: { id: peerText(from.responder, place) },
      rttNewAcknowledge: known(from.rttNewAcknowledge[place]),
      rttAcknowledgeFinalize: known(from.rttAcknowledgeFinalize[place]),
    });
  }
  return { channels, forgotten: from.forgotten };
}
