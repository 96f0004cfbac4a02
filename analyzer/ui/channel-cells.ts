import type { ChannelRow } from '../index/channel-row.js';
import { peerLabel } from '../store/peer-name.js';
import type { ChannelColumn } from '../store/screens/channel-columns.js';
import type { Settings } from '../store/settings.js';
import { cellsOf } from '../text/cells.js';
import type { CookieStatus } from '../track/cookies.js';
import { cookieText } from './cookie-signs.js';
import type { Look, Theme } from './theme.js';

/** What the list of channels says of one in a column. */
export function channelCell(row: ChannelRow, column: ChannelColumn, settings: Settings, theme: Theme): string {
  const { fromInitiator: out, fromResponder: back } = row;
  const { width } = column;
  switch (column.field) {
    case 'number':
      return `${row.number}`;
    case 'begun':
      return secondsText(row.begun, width);
    case 'initiator':
      return peerText(row.initiator, row.initiatorAddress, width, settings);
    case 'responder':
      return peerText(row.responder, row.responderAddress, width, settings);
    case 'id':
    case 'dialect':
      return row[column.field];
    case 'state':
      return stateText(row);
    case 'mode':
      return row.mode ?? '';
    case 'cookie1':
    case 'cookie2':
      return verdictText(row[column.field], width, theme);
    case 'rtt':
      return millisText(row.rttNewAcknowledge);
    case 'rtt2':
      return millisText(row.rttAcknowledgeFinalize);
    case 'packets-out':
      return countText(out.packets, width);
    case 'packets-back':
      return countText(back.packets, width);
    case 'bytes-out':
      return countText(out.bytes, width);
    case 'bytes-back':
      return countText(back.bytes, width);
    case 'lost':
      return zeroAsBlank(out.lost + back.lost, width);
    case 'resent':
      return zeroAsBlank(out.resent + back.resent, width);
    case 'findings':
      return row.findings === 0 ? '' : `${theme.marks.severity[row.severity]}${countText(row.findings, width - 1)}`;
  }
}

/** The state in one word, with the reason of a close. */
export function stateText({ state, reason }: ChannelRow): string {
  if (state !== 'closed' || reason === undefined || reason === 0) return state;
  return `closed ${CLOSED[reason] ?? reason}`;
}

/** The reasons of a CLOSE in a word. Source: protocol page, section 6 "CHANNEL_CLOSE". */
const CLOSED: readonly string[] = ['done', 'loss', 'idle', 'error', 'refused'];

/** What a state looks like, beside its word. */
export function stateLook({ state, reason = 0 }: ChannelRow): Look {
  switch (state) {
    case 'established':
      return { colour: 'green' };
    case 'timed-out':
    case 'refused':
      return { colour: 'red' };
    case 'collided':
      return { colour: 'yellow' };
    case 'closed':
      return reason === 0 ? {} : { colour: 'yellow' };
    case 'new':
    case 'acknowledged':
    case 'early':
      return { colour: 'cyan' };
  }
}

/** A peer by its name, and where it was seen where there is room to say so. */
function peerText(id: string, address: string, width: number, settings: Settings): string {
  const label = peerLabel(settings, id);
  const both = `${label} ${address}`;
  return address !== '' && (width >= WITH_ADDRESS || cellsOf(both) <= width) ? both : label;
}

const WITH_ADDRESS = 22;

/** A sign, and the word where there is room for it. */
const verdictText = (status: CookieStatus | undefined, width: number, theme: Theme): string =>
  status === undefined ? '' : cookieText(status, theme, width > 2);

/** Seconds with as many digits as fit, three after the point at most. */
function secondsText(seconds: number, width: number): string {
  for (let digits = 3; digits > 0; digits--) {
    const text = seconds.toFixed(digits);
    if (text.length <= width) return text;
  }
  return seconds.toFixed(0);
}

const millisText = (seconds: number | undefined): string =>
  seconds === undefined ? '' : secondsText(seconds * 1000, 8);

const zeroAsBlank = (count: number, width: number): string => (count === 0 ? '' : countText(count, width));

/** A count, in thousands, millions, … where it is too long. */
function countText(count: number, width: number): string {
  let text = `${count}`;
  for (let power = 1; text.length > width && power < UNITS.length; power++) {
    text = `${Math.floor(count / 1000 ** power)}${UNITS[power]}`;
  }
  return text;
}

const UNITS = ['', 'k', 'M', 'G', 'T', 'P'] as const;
