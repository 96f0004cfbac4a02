import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IBufferCell } from '@xterm/headless';
import { PtySession } from '../test/analyzer/ui/pty.js';
import type { Cell } from './cell-text.js';
import { screenSvg } from './screen-svg.js';

/** A picture of the program: what is typed to get there. */
export interface Screen {
  readonly name: string;
  readonly title: string;
  /** In turn: what is typed, and what is on the screen once that is done. */
  readonly steps: readonly (readonly [typed: string, shown: string])[];
}

const SIZE = { columns: 100, rows: 27 };

/** What the README shows, all of it `npm start` with some keys. */
export const SCREENS: readonly Screen[] = [
  {
    name: 'packets',
    title: 'Packets: the list, the details and the bytes of a packet with a forged cookie',
    steps: [
      [':101\r', 'Packet 101'],
      ['\t', 'Enter open'],
      ['\x1b[F', 'Findings (1)'],
    ],
  },
  {
    name: 'handshakes',
    title: 'Handshakes of every protocol, and why the one under the cursor ended as it did',
    steps: [
      ['0', 'handshakes, by number'],
      ['jjjjjjjjjjj', 'timed-out'],
    ],
  },
  {
    name: 'channels',
    title: 'Channels: who opened what to whom, and what became of it',
    steps: [
      ['1', '18 channels, by number'],
      ['jjjjjjj', 'CHANNEL_NEW sent 6 times'],
    ],
  },
  {
    name: 'ladder',
    title: 'The ladder of a channel: an arrow a message, with verdicts and resends',
    steps: [
      ['1', '18 channels, by number'],
      ['jjjjjj', 'Channel 7:'],
      ['\r', 'Ladder of channel 7'],
      ['jj', 'c2✓ valid)'],
    ],
  },
  {
    name: 'craft',
    title: 'The packet editor: the fields of a packet, the bytes they come to, and what is wrong with those',
    steps: [
      [':7\r', 'Packet 7'],
      ['e', 'Edit packet 7'],
      [']]]', 'Message 1: CHANNEL_FINALIZE'],
      ['jjjj', 'Capabilities'],
    ],
  },
  {
    name: 'statistics',
    title: 'Statistics: how long peers take to answer',
    steps: [
      ['4', 'Outcomes'],
      ['\t', 'Round trips NEW to ACKNOWLEDGE'],
    ],
  },
];

/** Runs the program to a screen, and draws it. */
export async function shoot({ title, steps }: Screen): Promise<string> {
  const home = mkdtempSync(join(tmpdir(), 'handshark-screens-'));
  const own = [`XDG_STATE_HOME=${home}`, `XDG_CONFIG_HOME=${home}`];
  const session = new PtySession('env', [...own, process.execPath, 'dist/start.js'], SIZE.columns, SIZE.rows);
  try {
    await session.untilShown('packet 1 of 233');
    for (const [typed, shown] of steps) {
      session.send(typed);
      await session.untilShown(shown);
    }
    await session.untilQuiet();
    return screenSvg(cellsOf(session), title);
  } finally {
    session.kill('SIGKILL');
    rmSync(home, { recursive: true });
  }
}

/** All rows of the screen. */
const cellsOf = (session: PtySession): readonly (readonly Cell[])[] =>
  Array.from({ length: SIZE.rows }, (_, y) =>
    Array.from({ length: SIZE.columns }, (_, x) => session.cell(x, y)).map(cellOf),
  );

const EMPTY: Cell = {
  text: ' ',
  width: 1,
  foreground: undefined,
  background: undefined,
  bold: false,
  dim: false,
  underline: false,
  inverse: false,
};

function cellOf(cell: IBufferCell | undefined): Cell {
  if (cell === undefined) return EMPTY;
  const width = cell.getWidth();
  return {
    text: width === 0 ? '' : cell.getChars() || ' ',
    width,
    foreground: cell.isFgPalette() ? cell.getFgColor() : undefined,
    background: cell.isBgPalette() ? cell.getBgColor() : undefined,
    bold: cell.isBold() !== 0,
    dim: cell.isDim() !== 0,
    underline: cell.isUnderline() !== 0,
    inverse: cell.isInverse() !== 0,
  };
}
