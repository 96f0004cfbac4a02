/** The screens of the program. */
export type ScreenName =
  | 'handshakes'
  | 'channels'
  | 'packets'
  | 'ladder'
  | 'difference'
  | 'data'
  | 'statistics'
  | 'craft'
  | 'log';

/** The screens that have a key of their own, in the order of their tabs. The others are reached from these. */
const TABS: readonly (readonly [name: ScreenName, title: string])[] = [
  ['handshakes', 'Handshakes'],
  ['channels', 'Channels'],
  ['packets', 'Packets'],
  ['ladder', 'Ladder'],
  ['statistics', 'Statistics'],
  ['craft', 'Craft'],
  ['log', 'Log'],
];

/** Where each tab stands in its row: cells from `from` up to `to`. */
export function tabSpans(): readonly {
  readonly name: ScreenName;
  readonly label: string;
  readonly from: number;
  readonly to: number;
}[] {
  let from = 1;
  return TABS.map(([name, title], place) => {
    const label = ` ${place} ${title} `;
    const span = { name, label, from, to: from + label.length };
    from = span.to;
    return span;
  });
}
