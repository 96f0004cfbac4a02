import { DIALECTS } from '../../dissectors/channel/dialects.js';
import { footer, privateHeader } from '../../dissectors/channel/packet.js';
import { MESSAGE_CODES } from '../index/known-columns.js';

/** The bits, as in the `messages` column, of the types whose messages have a field in one dialect or another. */
export function bitsOfMessages(path: string): number {
  let bits = 0;
  for (const { messages } of DIALECTS) {
    for (const { code, body } of messages) {
      if (body.list.some((field) => field.path === path)) bits |= 1 << MESSAGE_CODES.indexOf(code);
    }
  }
  return bits;
}

/** Whether a field stands in messages only, so that packets without them do not have it. */
export const isOfMessages = (path: string): boolean =>
  bitsOfMessages(path) !== 0 &&
  ![privateHeader, footer, ...DIALECTS.map(({ header }) => header)].some(({ list }) =>
    list.some((field) => field.path === path),
  );
