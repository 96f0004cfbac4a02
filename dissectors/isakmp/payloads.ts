import { malformed, type Stop } from '../wire/stop.js';
import { notify, PAYLOAD_ENCRYPTED, PAYLOAD_ENCRYPTED_FRAGMENT, PAYLOAD_NONE, payloadHead } from './layout.js';

/** Payloads read of one message, or of one payload: a certificate chain and its notifications are far fewer. */
export const MOST_PAYLOADS = 256;

const { nextpayload, payloadlength } = payloadHead.fields;

/** Takes a payload `[at, end)`; true ends the walk. */
export type Visit = (type: number, at: number, end: number) => boolean | undefined;

/**
 * Goes through a chain of payloads in `[start, end)`. Encrypted ones end it: what they announce is inside.
 * @param first the number of the first payload, which the header before it tells
 * @returns why the chain cannot be read to its end, if it cannot
 */
export function walkPayloads(
  view: DataView,
  start: number,
  end: number,
  first: number,
  visit: Visit,
): Stop | undefined {
  let at = start;
  let type = first;
  for (let count = 0; type !== PAYLOAD_NONE && count < MOST_PAYLOADS; count++) {
    if (at + payloadHead.size > end)
      return malformed('isakmp.typepayload', at, payloadHead.size, Math.max(0, end - at));
    const length = payloadlength.read(view, at);
    if (length < payloadHead.size) return malformed('isakmp.payloadlength', at, payloadHead.size, length);
    if (at + length > end) return malformed('isakmp.payloadlength', at, length, end - at);
    if (visit(type, at, at + length)) return undefined;
    if (type === PAYLOAD_ENCRYPTED || type === PAYLOAD_ENCRYPTED_FRAGMENT) return undefined;
    type = nextpayload.read(view, at);
    at += length;
  }
  return undefined;
}

/** Where the data of a notification `[at, end)` starts: behind its SPI. */
export const notifyDataAt = (view: DataView, at: number, end: number): number => {
  const body = at + payloadHead.size;
  if (body + notify.size > end) return end;
  return Math.min(end, body + notify.size + notify.fields.spisize.read(view, body));
};

/** The type of a notification `[at, end)` of version 2; −1 where it is cut. */
export const notifyTypeAt = (view: DataView, at: number, end: number): number => {
  const body = at + payloadHead.size;
  return body + notify.size > end ? -1 : notify.fields['notify.msgtype'].read(view, body);
};
