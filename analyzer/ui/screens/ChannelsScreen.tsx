import type { ChannelRow } from '../../store/capture-view.js';
import { channelRows } from '../../store/screens/channels.js';
import { cut, fitLeft, fitRight } from '../cells.js';
import { Region, strip } from '../Region.js';
import { LOOKS, SEVERITY_LOOKS } from '../theme.js';
import type { ScreenProps } from './screen-props.js';

/** The channels of the capture, one a row. */
export function ChannelsScreen({ state, width, height, theme }: ScreenProps) {
  const { snapshot, order, cursor, selected } = state.channels;
  const head = strip(cut(`  ${HEADS}`, width, theme.marks.more, 0), LOOKS.columns);
  const rows = [...order.subarray(cursor.top, cursor.top + channelRows(state))].map((place) => {
    const row = snapshot?.at(place);
    if (row === undefined) return strip('');
    const look = { ...SEVERITY_LOOKS[row.severity], ...(row.number === selected && LOOKS.selected) };
    return strip(
      cut(`${theme.marks.severity[row.severity]} ${textOf(row)}`, width, theme.marks.more, cursor.shift),
      look,
    );
  });
  return <Region strips={[head, ...rows]} width={width} height={height} theme={theme} />;
}

const HEADS = '  No. Id       Initiator  Responder  State        Mode';

const textOf = ({ number, id, initiator, responder, state, mode }: ChannelRow): string =>
  [
    fitRight(`${number}`, 5),
    fitLeft(id, 8),
    fitLeft(initiator.slice(0, 8), 10),
    fitLeft(responder.slice(0, 8), 10),
    fitLeft(state, 12),
    mode ?? '',
  ].join(' ');
