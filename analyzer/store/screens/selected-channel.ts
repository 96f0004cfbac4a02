import type { ChannelRow } from '../../index/channel-row.js';
import type { AppState } from '../state.js';

/** The channel under the cursor. */
export function selectedChannel({ channels: { snapshot, selected } }: AppState): ChannelRow | undefined {
  const place = snapshot?.placeOf(selected) ?? -1;
  return place < 0 ? undefined : snapshot?.at(place);
}
