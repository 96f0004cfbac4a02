import { BARE_LINK_TYPE } from '../../../crafter/commands/craft-layers.js';
import { endpointExpected, remoteEndpointFrom } from '../../../crafter/endpoint.js';
import { toHex } from '../../../dissectors/wire/view.js';
import { ordered } from '../answer.js';
import type { Made } from '../craft/make.js';
import type { SendTarget } from '../orders.js';
import type { AppState } from '../state.js';
import { type Asked, again } from './craft-attempt.js';
import { sayIn } from './craft-draft.js';

/** Sends, saves or copies what is crafted. */
export function deliver(
  state: AppState,
  command: 'send' | 'send-again' | 'save' | 'copy',
  argument?: string,
): AppState {
  const { made, target } = state.craft;
  if (made === undefined) return sayIn(state, 'nothing is edited: press e on a packet, or give :craft new');
  switch (command) {
    case 'send': {
      const asked: Asked = { command, label: 'Send to (HOST:PORT or interface): ', text: argument ?? target };
      return argument === undefined ? again(state, asked) : mendable(send(state, made, argument), asked);
    }
    case 'send-again':
      return target === '' ? deliver(state, 'send') : send(state, made, target);
    case 'save': {
      const asked: Asked = { command, label: 'Save to .pcapng, .pcap, .hex or .bin: ', text: argument ?? '' };
      return argument === undefined ? again(state, asked) : mendable(save(state, made, argument.trim()), asked);
    }
    case 'copy':
      return copy(state, made);
  }
}

/** What is wrong with what was typed is told, and the line is left to be mended. */
const mendable = (state: AppState, asked: Asked): AppState =>
  state.notice?.severity === 'error' ? again(state, asked) : state;

function send(state: AppState, made: Made, typed: string): AppState {
  const asked = askedFrom(typed);
  if (typeof asked === 'string') return sayIn(state, asked, 'error');
  const { to, count, yes } = asked;
  const next = { ...state, craft: { ...state.craft, target: typed.trim() } };
  if (to.type === 'udp') {
    if (made.payload === undefined)
      return sayIn(state, 'no UDP payload and no channel packet in it to be sent', 'error');
    const order = { to, bytes: made.payload, linkType: BARE_LINK_TYPE, count, yes };
    return ordered(next, { type: 'send', key: 'send', ...order });
  }
  const { linkType } = made;
  if (linkType === undefined || linkType === BARE_LINK_TYPE) {
    return sayIn(
      state,
      made.problem ?? 'a packet without layers is no frame: L puts udp, ip and eth around it',
      'error',
    );
  }
  return ordered(next, { type: 'send', key: 'send', to, bytes: made.bytes, linkType, count, yes });
}

/** Packets that one command sends at most. */
const MOST_COPIES = 1_000_000;

/** Where to send, how often, and whether a flood is meant; or in words what is wrong. */
export function askedFrom(
  typed: string,
): { readonly to: SendTarget; readonly count: number; readonly yes: boolean } | string {
  const [first, ...others] = typed.trim().split(/\s+/);
  const words = first === 'udp' && others.length > 0 ? others : [first ?? '', ...others];
  const [where = '', count = '1', ...rest] = words;
  if (where === '') return 'where to? HOST:PORT, or the name of an interface';
  if (!/^\d+$/.test(count) || Number(count) < 1 || Number(count) > MOST_COPIES) {
    return `"${count}" is not how often: 1 to ${MOST_COPIES}`;
  }
  if (rest.some((word) => word !== 'yes') || rest.length > 1) return `"${rest.join(' ')}": only "yes" can follow`;
  const to = targetFrom(where, first === 'udp');
  return typeof to === 'string' ? to : { to, count: Number(count), yes: rest.length > 0 };
}

function targetFrom(where: string, isUdp: boolean): SendTarget | string {
  const endpoint = remoteEndpointFrom(where);
  if (endpoint) return { type: 'udp', ...endpoint };
  if (isUdp || where.includes(':') || /^[\d.]+$/.test(where)) return `${where}: ${endpointExpected(where)}`;
  return { type: 'interface', name: where };
}

function save(state: AppState, made: Made, path: string): AppState {
  if (path === '') return state;
  const name = path.toLowerCase();
  if (/\.(hex|txt)$/.test(name)) {
    return ordered(state, { type: 'save-bytes', path, bytes: new TextEncoder().encode(`${toHex(made.bytes)}\n`) });
  }
  if (/\.(bin|raw)$/.test(name)) return ordered(state, { type: 'save-bytes', path, bytes: made.bytes });
  const { linkType, roles, bytes, problem } = made;
  if (linkType === undefined) return sayIn(state, problem ?? 'no capture starts with this layer', 'error');
  return ordered(state, { type: 'save-frame', path, bytes, linkType, ...(roles && { roles }) });
}

/** Terminals that take more are rare. */
const MOST_COPIED = 25_000;

function copy(state: AppState, { bytes }: Made): AppState {
  const kept = bytes.subarray(0, MOST_COPIED);
  const text = kept.length < bytes.length ? `copied the first ${kept.length} bytes` : `copied ${kept.length} bytes`;
  return sayIn(ordered(state, { type: 'copy', text: toHex(kept) }), text, 'chat');
}
