import type { ChannelPacket } from '../../dissectors/channel/dissect.js';
import { dissectChannel } from '../../dissectors/channel/dissect.js';
import { DEFAULT_CHANNEL } from '../../dissectors/channel/packet.js';
import { toHex, viewOf } from '../../dissectors/wire/view.js';
import { aligned } from './aligned.js';
import { outcomeText, runText } from './report-text.js';
import { sideBySide } from './side-by-side.js';
import { PLACES, type Run } from './simulate.js';

/** What of several runs under a flood is worth comparing, a line each. */
export function floodText(runs: readonly Run[]): readonly string[] {
  const heads = ['dialect', 'forged', 'answered', 'kept', 'received', 'honest channel'];
  const rows = runs.map(({ plan, flood, held, channels: [channel] }) => {
    const { responder } = channel?.deliveries ?? {};
    return [
      plan.dialect,
      `${flood.packets}`,
      `${flood.answers}`,
      `${held.pending}`,
      `${responder?.received ?? 0}/${plan.messages}`,
      outcomeText(channel?.ends.initiator.outcome),
    ];
  });
  return aligned([heads, ...rows]);
}

/** Every run as it would be told by itself. */
export const storiesText = (runs: readonly Run[]): readonly string[] =>
  runs
    .map((run) => runText(run, true))
    .join('\n')
    .trimEnd()
    .split('\n');

export const sideBySideText = (runs: readonly Run[]): readonly string[] => sideBySide(runs).trimEnd().split('\n');

/** How many packets the handshakes of several channels took. */
export function bundleText(runs: readonly Run[]): readonly string[] {
  const rows = runs.map((run) => {
    const packets = packetsOf(run).filter(({ id }) => id === DEFAULT_CHANNEL);
    const messages = packets.map(({ messages: all }) => all.length);
    const bytes = packets.reduce((sum, { size = 0 }) => sum + size, 0);
    const established = run.channels.filter(({ ends }) => ends.responder.establishedAt !== undefined).length;
    return [`${run.plan.channels}`, `${established}`, `${packets.length}`, messages.join(' '), `${bytes}`];
  });
  return aligned([['channels', 'established', 'handshake packets', 'messages in them', 'bytes'], ...rows]);
}

/** Where the first numbers of a channel come from. */
export function numbersText(runs: readonly Run[]): readonly string[] {
  return runs.flatMap((run) => {
    const packets = packetsOf(run);
    const cookie = packets.flatMap(({ messages, view }) =>
      messages.flatMap(({ kind, body }) => {
        const field = kind?.name === 'CHANNEL_ACKNOWLEDGE' ? kind.body.fields.cookie2 : undefined;
        const value = field?.read(view, body);
        return value instanceof Uint8Array ? [value] : [];
      }),
    )[0];
    const firstOf = (place: string): string => {
      const data = run.packets
        .filter(({ from }) => from === place)
        .map(({ bytes }) => dissected(bytes))
        .find(({ messages }) => messages.some(({ kind }) => kind?.name === 'DATA'));
      return (data?.sequence ?? 0).toString(16).padStart(4, '0');
    };
    if (!cookie) return [];
    return aligned([
      ['', 'first number', 'in cookie 2'],
      ['responder', firstOf(PLACES.responder), `bytes 0-1: ${toHex(cookie.subarray(0, 2))}`],
      ['initiator', firstOf(PLACES.initiator), `bytes 2-3: ${toHex(cookie.subarray(2, 4))}`],
    ]).concat(`cookie 2: ${toHex(cookie)}`);
  });
}

/** The packets with which the initiator proves itself, and what became of them; then the story. */
export function proofText(runs: readonly Run[]): readonly string[] {
  return runs.flatMap((run) => {
    const proofs = run.packets.flatMap(({ at, from, bytes, comment }) => {
      const names = dissected(bytes).messages.map(({ kind }) => kind?.name.replace('CHANNEL_', '') ?? '?');
      if (from !== PLACES.initiator || names[0] !== 'COOKIE') return [];
      return [[(at / 1000).toFixed(3), names.join(' '), comment ?? 'arrives']];
    });
    return [...aligned([['sent', 'packet of the initiator', ''], ...proofs]), '', ...storiesText([run])];
  });
}

const packetsOf = ({ packets }: Run): readonly ChannelPacket[] => packets.map(({ bytes }) => dissected(bytes));

const dissected = (bytes: Uint8Array): ChannelPacket =>
  dissectChannel(viewOf(bytes), 0, { captured: bytes.length, wire: bytes.length });
