import { DIALECTS } from '../../dissectors/channel/dialects.js';
import type { MessageKind } from '../../dissectors/channel/messages.js';
import { footer, initiatorFirstHeader, privateHeader } from '../../dissectors/channel/packet.js';
import type { KeyedField } from './field-value.js';

/** The messages of all dialects. */
export const ALL_KINDS: readonly MessageKind[] = DIALECTS.flatMap(({ messages }) => messages);
export const MESSAGE_FIELDS: readonly KeyedField[] = ALL_KINDS.flatMap(({ body }) => body.list);
/** The id of the header is `--channel`: `--id` is that of the messages. */
export const HEADER_FIELDS: readonly KeyedField[] = [initiatorFirstHeader, privateHeader, footer]
  .flatMap(({ list }): readonly KeyedField[] => list)
  .filter(({ key }) => key !== 'id');

/** A field that some message has. */
export const fieldNamed = (key: string): KeyedField => {
  const field = MESSAGE_FIELDS.find((known) => known.key === key);
  if (!field) throw new Error(`no message has a field ${key}`);
  return field;
};
