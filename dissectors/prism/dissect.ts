import { headerDissector } from '../header.js';
import { malformed, type Stop } from '../wire/stop.js';
import { LINK_TYPE_WLAN } from '../wlan/link-types.js';
import { avsHeader, prismHeader } from './layout.js';

/** The message that is sent for a captured frame. */
const FRAME_CODES: readonly number[] = [0x41, 0x44];

/** Where a header ends that says how long it is. */
function endOf(what: string, at: number, size: number, least: number, wire: number): number | Stop {
  if (size < least) return malformed(what, at, least, size);
  return at + size > wire ? malformed(what, at, size, wire - at) : at + size;
}

const toWlan = () => ({ table: 'link', key: LINK_TYPE_WLAN }) as const;

/** The header of Prism cards, in front of frames of IEEE 802.11. */
export const prism = headerDissector({
  name: 'prism',
  title: 'Prism header',
  short: 'Prism',
  layout: prismHeader,
  isMine: (view, at) => FRAME_CODES.includes(prismHeader.fields.msgcode.read(view, at)),
  tail: {
    fields: [],
    end: (view, at, _start, { wire }) =>
      endOf('prism.msglen', at, prismHeader.fields.msglen.read(view, at), prismHeader.size, wire),
  },
  next: toWlan,
});

/** The AVS header, in front of frames of IEEE 802.11. */
export const avs = headerDissector({
  name: 'wlancap',
  title: 'AVS header',
  short: 'AVS',
  layout: avsHeader,
  tail: {
    fields: [],
    end: (view, at, _start, { wire }) =>
      endOf('wlancap.length', at, avsHeader.fields.length.read(view, at), avsHeader.size, wire),
  },
  next: toWlan,
});
