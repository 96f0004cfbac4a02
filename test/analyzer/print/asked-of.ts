import type { Packet } from '../../../analyzer/print/packet.js';

/** Fields that may be told of any packet. */
const ANYWHERE: ReadonlySet<string> = new Set(['frame', '_ws', 'channel', 'handshake', 'expert', 'data']);
/** Of the fields of other protocols, so many are asked a packet: all of them within as many packets. */
const OTHERS = 96;

/**
 * Which fields to ask a packet for: all of its layers', and those of other protocols in turn. Asking every packet for all
 * that a thousand layouts know takes most of a test's time, to hear that they are not there.
 */
export function askedOf({ dissection, number }: Packet): (name: string, place: number) => boolean {
  const heads = new Set(dissection.layers.map(({ name }) => name));
  return (name, place) => {
    const dot = name.indexOf('.');
    const head = dot < 0 ? name : name.slice(0, dot);
    return heads.has(head) || ANYWHERE.has(head) || (place + number) % OTHERS === 0;
  };
}
