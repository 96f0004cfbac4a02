import type { ChannelRow } from '../../index/channel-row.js';
import { peerLabel } from '../peer-name.js';
import type { AppState } from '../state.js';

/** The channels that are drawn, as far as they are still known. */
export function ladderChannels({ ladder, channels }: AppState): readonly ChannelRow[] {
  const { snapshot } = channels;
  if (snapshot === undefined) return [];
  return ladder.channels.flatMap((number) => {
    const place = snapshot.placeOf(number);
    return place < 0 ? [] : [snapshot.at(place)];
  });
}

/** A peer as the head of its column. */
export interface Lane {
  readonly id: string;
  readonly label: string;
  readonly address: string;
}

/** The columns: a peer each, in the order of appearance. */
export function ladderLanes(state: AppState): readonly Lane[] {
  const lanes = new Map<string, Lane>();
  for (const { initiator, responder, initiatorAddress, responderAddress } of ladderChannels(state)) {
    for (const [id, address] of [
      [initiator, initiatorAddress],
      [responder, responderAddress],
    ] as const) {
      if (!lanes.has(id)) lanes.set(id, { id, label: peerLabel(state.settings, id), address });
    }
  }
  return [...lanes.values()];
}
