import type { ComparedLine } from '../../store/screens/compare-lines.js';
import { shownLines } from '../../store/screens/difference.js';
import { cut, fitLeft } from '../../text/cells.js';
import { printable } from '../../text/printable.js';
import { headingStrip } from '../heading.js';
import { Region, type Strip, strip } from '../Region.js';
import { LOOKS, type Theme } from '../theme.js';
import type { ScreenProps } from './screen-props.js';

/** Two packets side by side, line by line; what differs stands out. */
export function DifferenceScreen({ state, width, height, theme }: ScreenProps) {
  const { difference } = state;
  const { pair, cursor, onlyDifferences, lines } = difference;
  const shown = shownLines(difference);
  const differing = lines.filter(({ isSame }) => !isSame).length;
  const title =
    pair === undefined
      ? 'Difference'
      : `Packet ${pair[0]} and packet ${pair[1]}: ${differing} of ${lines.length} lines differ${onlyDifferences ? ', only these' : ''}`;
  const heading = headingStrip([{ name: title, current: true }], true, width, theme);
  if (pair === undefined)
    return (
      <Region
        strips={[
          heading,
          strip(cut('  Mark a packet, go to another one, and compare them with =.', width), LOOKS.quiet),
        ]}
        width={width}
        height={height}
        theme={theme}
      />
    );
  const rows = shown
    .slice(cursor.top, cursor.top + height - 1)
    .map((line, row) => lineStrip(line, cursor.top + row === cursor.at, cursor.shift, width, theme));
  return <Region strips={[heading, ...rows]} width={width} height={height} theme={theme} />;
}

function lineStrip(line: ComparedLine, isCurrent: boolean, shift: number, width: number, theme: Theme): Strip {
  const { depth, left, right, isSame } = line;
  // Three cells between the sides: a blank, the sign, a blank.
  const side = Math.max(1, (width - 3) >> 1);
  const cell = (text: string | undefined): string => {
    if (text === undefined) return ' '.repeat(side);
    const whole = `${'  '.repeat(depth)}${printable(text, theme.ascii, side + shift)}`;
    return fitLeft(cut(whole, side, theme.marks.more, shift), side);
  };
  const sign = isSame ? ' ' : left === undefined ? '+' : right === undefined ? '-' : theme.marks.differs;
  const look = isSame ? LOOKS.quiet : LOOKS.different;
  return {
    spans: [
      { text: cell(left), look },
      { text: ` ${sign} `, look },
      { text: cell(right), look },
    ],
    ...(isCurrent && { look: LOOKS.selected }),
  };
}
